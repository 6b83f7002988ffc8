"""The next case by weakness and balance, with its reason; and a plan that holds no more than time allows."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.progress import plan as plans
from interviews.progress.next_case import Option, Target, suggest
from interviews.progress.values import EIGHT
from tests.unit.interviews.progress.made import BEGIN, attempt, reading

TODAY = BEGIN.date() + timedelta(days=60)


def option(
    slug: str, kind: str = "classic", difficulty: int = 2, opened: bool = False, area: str = "", **shares
):
    return Option(slug, slug.title(), "One line.", kind, area or slug, difficulty, 45, shares, opened)


FRAUD = option("fraud", data=0.4, serving=0.2)
DRIFT = option("drift", monitoring=0.35)
CHAT = option("chat", "genai", evaluation=0.3, monitoring=0.1)
EASY = option("easy", difficulty=1)
LIBRARY = [FRAUD, DRIFT, CHAT, EASY]
WEAK = reading(scope=3.0, data=2.5, monitoring=1.3)


def test_at_first_it_is_an_easy_case_and_no_weakness_is_made_up():
    found = suggest(LIBRARY, [], Target(), TODAY)
    assert found.case == EASY
    assert found.sentence == "You have not tried any case yet, and this is one to begin with."


def test_the_weakest_dimension_of_the_last_three_attempts_decides():
    before = [attempt(0, reading(monitoring=4.0, data=0.5))]
    found = suggest(LIBRARY, before + [attempt(day, WEAK, case="easy") for day in (1, 2, 3)], Target(), TODAY)
    assert found.case == DRIFT
    assert (found.dimension, round(found.average, 1)) == ("monitoring", 1.3)
    assert found.sentence == (
        "Your weakest area is Monitoring: 1.3 of 4 over your last three attempts. "
        "A third of what this case asks for is about it."
    )


def test_a_case_that_was_done_or_opened_comes_after_those_that_were_not():
    opened = [FRAUD, option("drift", opened=True, monitoring=0.35), CHAT]
    assert suggest(opened, [attempt(0, WEAK)], Target(), TODAY).case == CHAT
    done = [attempt(0, WEAK, case="drift"), attempt(1, WEAK, case="chat", kind="genai")]
    assert suggest(LIBRARY, done, Target(), TODAY).case.slug in ("fraud", "easy")


def test_when_all_are_done_it_is_the_one_longest_ago_and_says_so():
    done = [attempt(day, reading(scope=2.0), case=case.slug) for day, case in enumerate(LIBRARY[::-1])]
    found = suggest(LIBRARY, done, Target(), TODAY)
    assert found.case == EASY
    assert "You have done every case; this one is the longest ago" in found.because


def test_kinds_are_kept_in_balance_when_nothing_else_decides():
    alike = [option(f"c{n}", scope=0.2) for n in range(4)] + [option("g", "genai", scope=0.2)]
    found = suggest(alike, [attempt(day, reading(scope=1.0), case="c0") for day in range(5)], Target(), TODAY)
    assert found.case.kind == "genai"
    assert "your first Gen AI case" in found.because


def test_the_level_a_person_wants_decides_how_hard_it_is():
    alike = [option("plain", difficulty=2), option("hard", difficulty=3)]
    known = [attempt(0, reading(scope=2.0), case="x")]
    assert suggest(alike, known, Target("staff"), TODAY).case.slug == "hard"
    assert suggest(alike, known, Target("senior"), TODAY).case.slug == "plain"


def test_the_reason_names_level_and_kind_where_they_decided_and_only_there():
    alike = [option("plain", difficulty=2, scope=0.3), option("hard", difficulty=3, scope=0.2)]
    known = [attempt(0, reading(scope=2.0), case="x", area="x")]
    by_level = suggest([*alike, option("harder", difficulty=3)], known, Target("staff"), TODAY)
    assert by_level.case.slug == "plain"
    assert "level you want" not in by_level.because
    by_level = suggest(
        [option("plain", difficulty=1, scope=0.3), option("hard", difficulty=3, scope=0.25)],
        known,
        Target("staff"),
        TODAY,
    )
    assert by_level.case.slug == "hard"
    assert by_level.because.endswith("It fits the level you want, staff, better than others do.")
    kinds = [option("a", scope=0.3), option("g", "genai", scope=0.25), option("h", "genai", scope=0.2)]
    past = [attempt(day, reading(scope=2.0), case=f"x{day}", area="x") for day in range(5)]
    past[0] = past[0]._replace(kind="genai")
    by_kind = suggest(kinds, past, Target(), TODAY)
    assert by_kind.case.slug == "g"
    assert "Gen AI cases are a larger part of the library than of what you have practised." in by_kind.because
    assert "level you want" not in by_kind.because
    even = [past[1], past[0], past[0]._replace(case="y")]  # two in three, as the library has them
    assert suggest(kinds, even, Target(), TODAY).case.slug == "a"
    assert "larger part" not in suggest(kinds, even, Target(), TODAY).because


def test_the_day_of_the_interview_is_part_of_the_reason():
    target = Target(interview_on=TODAY + timedelta(days=9))
    assert suggest(LIBRARY, [attempt(0, WEAK)], target, TODAY).because.endswith(
        "Your interview is in 9 days."
    )


def test_without_cases_there_is_nothing_to_suggest():
    assert suggest([], [attempt(0, WEAK)], Target(), TODAY) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 200), st.integers(1, 14), st.booleans())
def test_a_plan_holds_no_more_than_the_person_says_they_can_do(days, per_week, knows):
    target = Target(interview_on=TODAY + timedelta(days=days), per_week=per_week)
    found = plans.plan(LIBRARY, [attempt(0, WEAK)] if knows else [], target, TODAY)
    assert found.total == int(per_week * days / 7 + 1e-9)
    assert all(len(week.interviews) <= per_week for week in found.weeks)
    assert all(TODAY <= week.first <= week.last < target.interview_on for week in found.weeks)
    firsts = [week.first for week in found.weeks]
    assert firsts == sorted(set(firsts))
    assert all(one.case in LIBRARY for week in found.weeks for one in week.interviews)


def test_a_plan_begins_with_the_weakest_and_says_what_it_cannot_hold():
    levels = dict(zip(EIGHT, (3.0, 2.9, 2.0, 2.5, 2.8, 2.7, 1.9, 1.0), strict=True))
    target = Target(interview_on=TODAY + timedelta(days=21), per_week=2)
    found = plans.plan(LIBRARY, [attempt(0, reading(**levels))], target, TODAY)
    focus = [one.dimension for week in found.weeks for one in week.interviews]
    assert focus[0] == "monitoring"
    assert focus.count("monitoring") == 3
    assert set(focus) == {"monitoring", "serving", "data"}
    assert found.words == (
        "Your interview is in 3 weeks. At 2 a week that is 6 interviews before it. "
        "That is two for your 3 weakest areas, not for all eight."
    )


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (TODAY - timedelta(days=1), "has passed"),
        (TODAY, "Your interview is today."),
        (TODAY + timedelta(days=1), "no room for one more"),
    ],
)
def test_a_day_that_is_near_or_gone_is_said_in_words(day: date, says: str):
    found = plans.plan(LIBRARY, [], Target(interview_on=day), TODAY)
    assert says in found.words
    assert found.total == 0


def test_without_a_day_there_is_no_plan():
    assert plans.plan(LIBRARY, [], Target(), TODAY) is None
