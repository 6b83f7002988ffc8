import pytest

from casestudies.source import MAX_BYTES, SourceError, parse, read


def refusal(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        parse(text, "x.yaml")
    return caught.value


def test_every_value_knows_its_line():
    source = parse("a: 1\nb:\n  - c: text\n  - d: more\n", "x.yaml")
    assert source.value == {"a": 1, "b": [{"c": "text"}, {"d": "more"}]}
    assert [source.line(where) for where in [("a",), ("b",), ("b", 0, "c"), ("b", 1, "d")]] == [1, 2, 3, 4]


def test_a_place_that_is_not_there_has_the_line_of_what_is_around_it():
    assert parse("a: 1\nb:\n  c: 2\n", "x.yaml").line(("b", "missing", 3)) == 2


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1), ("-3", -3), ("1_000", 1000), ("2.5", 2.5), ("2.0", 2), ("1e6", 1_000_000), (".5", 0.5),
        ("true", True), ("null", None), ("~", None), ("'1'", "1"), ("!!str 1", "1"),
        # What YAML would guess, and no author of prose means:
        ("no", "no"), ("on", "on"), ("12:30", "12:30"), ("2024-01-01", "2024-01-01"), ("0x10", "0x10"),
        (".nan", ".nan"), (".inf", ".inf"), ("e5", "e5"), ("1.2.3", "1.2.3"), ("9" * 40, "9" * 40),
    ],
)  # fmt: skip
def test_bare_words_are_read_as_people_mean_them(written, value):
    read_value = parse(f"key: {written}", "x.yaml").value["key"]
    assert read_value == value
    assert type(read_value) is type(value)


def test_a_bomb_of_aliases_is_refused_where_the_first_one_stands():
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    error = refusal(bomb)
    assert (error.line, "alias" in error.says) == (2, True)


def test_an_alias_to_itself_is_refused():
    assert "alias" in refusal("a: &a [*a]").says


@pytest.mark.parametrize("text", ["[" * 5000 + "]" * 5000, "- " * 500 + "x", "{a: " * 300 + "x" + "}" * 300])
def test_deep_nesting_is_refused(text):
    assert "nested deeper" in refusal(text).says


def test_too_many_values_are_refused():
    assert "more than 20000 values" in refusal("- x\n" * 20_100).says


def test_a_key_given_twice_is_refused_with_both_lines():
    error = refusal("a: 1\nb: 2\na: 3\n")
    assert (error.line, error.says) == (3, "`a` is given twice, first in line 1. Keep one.")


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system [ls]", "!!binary aGk=", "!thing x", "!!set {a}"]
)
def test_tags_are_refused(tag):
    assert "is a tag" in refusal(f"ok: 1\nkey: {tag}").says


@pytest.mark.parametrize("escape", [r"\0", r"\ud800", r"\x1b[31m", r"\x7f"])
def test_characters_that_cannot_be_stored_or_printed_are_refused(escape):
    error = refusal(f'ok: 1\nkey: "a{escape}b"')
    assert error.line == 2
    assert "cannot be printed" in error.says or "not YAML" in error.says


def test_a_raw_control_character_is_refused_with_its_line():
    assert refusal("a: 1\nb: x\x00y\n").line == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("# only a comment\n", "empty"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("a: [1, 2\n", "not YAML"),
        ("a: 'open\n", "not YAML"),
        ("a: b: c\n", "not YAML"),
        ("? [a, b]\n: c\n", "plain word"),
        ("\t- a", "not YAML"),
    ],
)
def test_what_is_not_one_plain_document_is_refused_in_a_sentence(text, says):
    assert says in refusal(text).says


def test_bytes_that_are_not_utf_8_are_refused_with_their_line(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(SourceError) as caught:
        read(file, "x.yaml")
    assert (caught.value.line, "UTF-8" in caught.value.says) == (2, True)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read(file, "x.yaml").value == {"a": 1}


def test_a_giant_file_is_refused_without_reading_all_of_it(tmp_path):
    file = tmp_path / "x.yaml"
    with file.open("wb") as opened:
        opened.truncate(MAX_BYTES * 1000)
    with pytest.raises(SourceError, match="larger than"):
        read(file, "x.yaml")


def test_a_directory_named_like_a_file_is_refused(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        read(tmp_path, "x.yaml")
