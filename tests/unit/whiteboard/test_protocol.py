import pytest
from hypothesis import given
from hypothesis import strategies as st

from whiteboard import protocol
from whiteboard.protocol import BadMessageError, Kind, Message, Sync


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (0, b"\x00"),
        (127, b"\x7f"),
        (128, b"\x80\x01"),
        (300, b"\xac\x02"),
        (2**53 - 1, b"\xff\xff\xff\xff\xff\xff\xff\x0f"),
    ],
)
def test_numbers_are_written_in_groups_of_seven_bits(value: int, data: bytes) -> None:
    assert protocol.write_varint(value) == data
    assert protocol.read_varint(data, 0) == (value, len(data))


@pytest.mark.parametrize(
    "data", [b"", b"\x80", b"\x80\x00", b"\xff" * 12, b"\xff\xff\xff\xff\xff\xff\xff\x1f"]
)
def test_numbers_cut_off_padded_or_too_large_are_refused(data: bytes) -> None:
    with pytest.raises(BadMessageError):
        protocol.read_varint(data, 0)


def test_text_is_counted_in_bytes() -> None:
    assert protocol.write_string("é😀") == b"\x06" + "é😀".encode()
    assert protocol.read_string(b"\x06" + "é😀".encode(), 0) == ("é😀", 7)
    with pytest.raises(BadMessageError):
        protocol.read_string(b"\x02\xff\xfe", 0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (protocol.step_1(b"\x00"), Message(Kind.SYNC, b"\x00", Sync.STEP_1)),
        (protocol.step_2(b"abc"), Message(Kind.SYNC, b"abc", Sync.STEP_2)),
        (protocol.update(b"abc"), Message(Kind.SYNC, b"abc", Sync.UPDATE)),
        (protocol.awareness(b"x"), Message(Kind.AWARENESS, b"x")),
        (b"\x03", Message(Kind.QUERY_AWARENESS, b"")),
        (b"\x63\x01\x02", None),
    ],
)
def test_messages_read_as_they_were_written(data: bytes, message: Message | None) -> None:
    assert protocol.decode(data) == message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\x00\x03\x00",
        b"\x00\x02\x05abc",
        b"\x00\x02\x02abc",
        b"\x03\x00",
        b"\x00\x00\xff\xff\xff\xff\x0f",
        b"\x00\x02\x81\x80\x10" + b"a" * 262145,
        b"\x01\x81\x80\x01" + b"a" * 16385,
    ],
    ids=[
        "empty",
        "no step",
        "unknown step",
        "cut off",
        "too long",
        "question with a tail",
        "size of gigabytes",
        "large update",
        "large awareness",
    ],
)
def test_a_message_that_is_not_what_it_says_is_refused(data: bytes) -> None:
    with pytest.raises(BadMessageError):
        protocol.decode(data)


def test_only_updates_and_step_2_write() -> None:
    assert Message(Kind.SYNC, b"", Sync.UPDATE).writes
    assert Message(Kind.SYNC, b"", Sync.STEP_2).writes
    assert not Message(Kind.SYNC, b"", Sync.STEP_1).writes
    assert not Message(Kind.AWARENESS, b"").writes


@given(st.dictionaries(st.integers(0, 2**53 - 1), st.integers(0, 2**31)))
def test_state_vectors_read_as_they_were_written(clocks: dict[int, int]) -> None:
    assert protocol.read_state_vector(protocol.write_state_vector(clocks)) == clocks


def test_a_state_vector_that_announces_a_billion_clients_is_refused_by_its_size() -> None:
    with pytest.raises(BadMessageError, match="announced"):
        protocol.read_state_vector(b"\x80\x94\xeb\xdc\x03\x01\x01")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (protocol.decode, protocol.read_state_vector):
        try:
            read(data)
        except BadMessageError:
            continue
