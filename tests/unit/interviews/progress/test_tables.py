"""CSV that a spreadsheet reads as words and numbers, never as a formula."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.progress import charts, coverage
from interviews.progress.tables import Table
from tests.unit.interviews.progress.made import attempt, attempts, reading


def parsed(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.csv(), newline="")))


@pytest.mark.parametrize("bad", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =HYPERLINK(1)", "\n=1"])
def test_words_that_look_like_a_formula_are_words(bad):
    assert parsed(Table("x", [bad], [[bad]])) == [[f"'{bad}"], [f"'{bad}"]]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_words_come_back_as_they_were_and_no_cell_begins_a_formula(words):
    (row,) = parsed(Table("x", ["a"] * len(words), [words]))[1:] or [[""]]
    for cell, word in zip(row, words, strict=True):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert cell.removeprefix("'") == word.replace("\x00", "").removeprefix("'")


def test_numbers_and_days_stay_what_they_are():
    at = datetime(2026, 11, 3, 18, 30, tzinfo=UTC)
    row = parsed(Table("x", ["n"] * 6, [[-2.456, 3, None, True, date(2026, 11, 3), at]]))[1]
    assert row == ["-2.46", "3", "", "yes", "2026-11-03", "2026-11-03T18:30+00:00"]


@settings(max_examples=40, deadline=None)
@given(attempts)
def test_the_list_of_attempts_comes_back_from_csv(given_attempts):
    lines = parsed(charts.everything(given_attempts))
    assert len(lines) == len(given_attempts) + 1
    assert {len(line) for line in lines} == {30}


def test_a_case_with_a_formula_for_a_name_does_no_harm():
    table = charts.scores([attempt(0, reading(), title='=cmd|"/C calc"!A0')], "engine").table
    assert parsed(table)[1][1] == '\'=cmd|"/C calc"!A0'


def test_what_is_not_in_time_keeps_its_order_on_a_page_and_all_its_rows():
    rows = [[f"Step {number}", number] for number in range(30)]
    ordered = Table("minutes", ["Step", "Minutes"], rows, ordered=True)
    assert ordered.on_page() == rows
    assert ordered.cut == ""
    in_time = Table("scores", ["Day", "Score"], rows)
    assert in_time.on_page() == rows[:5:-1]
    assert in_time.cut == "The last 24 of 30 rows."


def test_steps_areas_and_levels_stand_in_their_own_order():
    found = [
        attempt(day, reading("self", scope=1.0, data=4.0), reading(scope=1.0, data=3.0)) for day in range(3)
    ]
    library = {f"Area {number:02}": 2 for number in range(30)}
    areas = coverage.areas(found, library).table
    assert areas.on_page()[0][:2] == ["Payments", 1]
    assert len(areas.on_page()) == 31
    assert [row[1] for row in charts.minutes(found).table.on_page()] == ["Clarify", "Data"]
    assert [row[0] for row in charts.calibration(found).table.on_page()] == [1.0, 4.0]
