"""Readings side by side, the lesson of a gap, and the three points of a debrief."""

import pytest

from interviews.peer import debrief
from interviews.peer.comparing import (
    AUTOMATIC,
    PERSON,
    SELF,
    Levels,
    beside,
    lesson,
    reading_of,
    shares_of,
)

ANCHORS = ["Absent.", "Named.", "Named here.", "Explained.", "Weighed."]
DIMENSION_OF = {"C01": "scope", "C02": "scope", "C09": "data", "P01": "communication"}
NEXT = ["name it.", "name it for this case.", "explain it.", "weigh it."]


def body(**weights):
    return {
        "dimensions": {  # as a stored object comes back: not in the order of the rubric
            "communication": {"name": "Communication", "weight": 0},
            "data": {"name": "Data", "weight": 10},
            "scope": {"name": "Scope", "weight": 30},
        },
        "criteria": [
            {"code": code, "name": f"Does {code}", "dimension": dimension, "weight": weights.get(code, 1),
             "anchors": ANCHORS, "next": NEXT, "guide": "page"}
            for code, dimension in DIMENSION_OF.items()
        ],
    }  # fmt: skip


def reading(kind, name, **levels):
    def mean(codes):
        known = [levels[code] for code in codes if levels.get(code) is not None]
        return sum(known) / len(known) if known else None

    dimensions = {"scope": ("C01", "C02"), "data": ("C09",), "communication": ("P01",)}
    report = {
        "dimensions": [{"slug": slug, "level": mean(codes)} for slug, codes in dimensions.items()],
        "criteria": [
            {"code": code, "level": level, "rationale": f"{name} on {code}"} for code, level in levels.items()
        ],
    }
    return reading_of(kind, name, 50.0, report)


def test_rows_keep_the_order_of_the_rubric_and_parts_add_up():
    rows = beside([reading(SELF, "You", C01=3), reading(PERSON, "Ivo", C01=1)], body())
    assert [row.slug for row in rows] == ["scope", "data", "communication"]
    assert sum(shares_of(body()).values()) == pytest.approx(1)
    assert shares_of(body(C01=3))["C01"] == pytest.approx(3 / 4 * 30 / 50)
    assert rows[0].gap_words == "+2.0"
    assert rows[1].gap_words == "–"
    assert rows[0].criteria[0].cells[1][1:] == (1, "Ivo on C01")


@pytest.mark.parametrize(
    ("own", "people", "automatic", "words"),
    [
        (3.0, (("Ivo", 1.5),), 2.0, "1.5 levels higher than Ivo"),
        (1.0, (("Ivo", 3.0),), 2.0, "2.0 levels lower than Ivo"),
        (2.0, (("Ivo", 1.0), ("Ida", 3.0)), 2.0, "Ida heard more than Ivo did"),
        (3.0, (("Ivo", 3.0),), 1.0, "Ivo heard more than your notes and board show"),
        (2.0, (("Ivo", 2.0),), 3.5, "Your notes and board say more than Ivo heard"),
        (3.5, (("Ivo", 3.0),), 3.0, "You agree, and it is strong"),
        (1.5, (("Ivo", 1.0),), 1.0, "You agree: level 1.0 of 4"),
        (None, (("Ivo", 3.0),), 3.0, "Ivo gave it a level and you did not"),
        (3.0, (), 1.0, "2.0 levels higher than the program"),
        (3.0, (), None, "Only you gave it a level"),
        (None, (), None, "it did not come up"),
        (None, (), 0.0, "The program found nothing of it, and you gave it no level"),
        (0.0, (("Ivo", 0.0),), 0.0, "You agree: it did not come up"),
    ],
)
def test_the_lesson_of_a_gap_is_a_sentence(own, people, automatic, words):
    said = lesson(Levels(own, people, automatic))
    assert words in said
    assert said.endswith(".")


def test_a_reading_says_of_how_much_its_total_speaks():
    few, all_of_it = reading(SELF, "You", C01=4, C02=None), reading(PERSON, "Ivo", C01=1, C02=3)
    assert [(one.given, one.is_partial) for one in (few, all_of_it)] == [(1, True), (2, False)]


def test_at_most_three_points_each_of_another_criterion():
    mine = reading(SELF, "You", C01=4, C02=3, C09=1, P01=2)
    ivo = reading(PERSON, "Ivo", C01=1, C02=3, C09=0, P01=2)
    auto = reading(AUTOMATIC, "Automatic", C01=2, C02=3, C09=1)
    points = debrief.points(beside([mine, ivo, auto], body()))
    assert [(point.kind, point.criterion.code) for point in points] == [
        ("keep", "C02"), ("stop", "C01"), ("start", "C09"),
    ]  # fmt: skip
    keep, stop, start = points
    assert "Explained." in keep.words
    assert "you gave yourself 4, Ivo 1. Level 2 needs: name it for this case." in stop.words
    assert "Level 1 needs: name it." in start.words


def test_a_heavier_gap_comes_before_a_wider_one():
    mine = reading(SELF, "You", C01=3, C02=3, C09=4)
    ivo = reading(PERSON, "Ivo", C01=1, C02=3, C09=1)
    stop = next(one for one in debrief.points(beside([mine, ivo], body(C01=9))) if one.kind == "stop")
    assert stop.criterion.code == "C01"


def test_who_sells_themselves_short_hears_that():
    mine, ivo = reading(SELF, "You", C01=1), reading(PERSON, "Ivo", C01=4)
    stop = next(one for one in debrief.points(beside([mine, ivo], body())) if one.kind == "stop")
    assert "Stop selling “Does C01” short" in stop.words


def test_without_own_levels_and_without_an_interviewer_there_is_still_something_to_say():
    rows = beside([reading(AUTOMATIC, "Automatic", C01=3, C09=0)], body())
    assert [point.kind for point in debrief.points(rows)] == ["keep", "start"]
    assert debrief.points(beside([], body())) == []


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_the_script_takes_ten_minutes_whatever_there_is_to_say(count):
    mine = reading(SELF, "You", C01=4, C02=3, C09=1)
    ivo = reading(PERSON, "Ivo", C01=1, C02=3, C09=0)
    lines = debrief.script(debrief.points(beside([mine, ivo], body()))[:count], "Cleo")
    assert [line.minute for line in lines] == sorted({line.minute for line in lines})
    assert lines[-1].minute == debrief.MINUTES - 1
    assert lines[0].who == lines[-1].who == "Cleo"
    assert sum(line.point is not None for line in lines) == count
