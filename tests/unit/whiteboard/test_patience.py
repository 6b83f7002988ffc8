from uuid import uuid4

import pytest

from whiteboard import patience
from whiteboard.patience import Patience


def test_patience_ends_with_many_refusals_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(patience.time, "monotonic", lambda: now)
    board, ours = uuid4(), Patience()
    for _ in range(299):
        ours.lose(board, "ana")
    assert not ours.has_ended(board, "ana")
    for _ in range(3):
        ours.lose(board, "ana")
    assert ours.has_ended(board, "ana")
    assert not ours.has_ended(board, "ben")
    assert not ours.has_ended(uuid4(), "ana")
    now += 1
    assert not ours.has_ended(board, "ana")


def test_only_those_who_still_owe_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(patience.time, "monotonic", lambda: now)
    monkeypatch.setattr(patience, "MOST_KNOWN", 5)
    ours = Patience()
    for name in "abcde":
        ours.lose(uuid4(), name)
    now += 60
    ours.lose(uuid4(), "f")
    assert len(ours._paid_until) == 1
