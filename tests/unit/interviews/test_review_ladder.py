"""One, three, seven, fourteen days: where each grade leads."""

import pytest

from interviews.practice import ladder


@pytest.mark.parametrize(
    ("rung", "grade", "reached"),
    [
        (0, "good", (1, 3)), (1, "good", (2, 7)), (2, "good", (3, 14)), (3, "good", (4, None)),
        (0, "hard", (0, 1)), (2, "hard", (2, 7)), (3, "hard", (3, 14)),
        (0, "again", (0, 1)), (3, "again", (0, 1)),
        (0, "easy", (2, 7)), (2, "easy", (4, None)), (3, "easy", (4, None)),
    ],
)  # fmt: skip
def test_a_grade_leads_to_a_rung_and_a_wait(rung, grade, reached):
    assert ladder.after(rung, grade) == reached


def test_another_word_is_no_grade():
    with pytest.raises(ValueError, match="unknown grade"):
        ladder.after(0, "perfect")


def test_waits_have_words():
    assert [ladder.words(days) for days in (1, 3, None)] == ["tomorrow", "in 3 days", "learned"]
