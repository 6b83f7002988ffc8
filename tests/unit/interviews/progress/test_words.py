"""What pictures and sentences of progress say: in words that hold, at any size and over any time."""

import itertools
import re
from datetime import date, timedelta

import pytest

from interviews.practice import cards
from interviews.progress import charts, crosstab, drawing, filters
from interviews.progress.crosstab import Question
from interviews.progress.filters import Filters
from interviews.progress.next_case import Option, Target, suggest
from interviews.progress.values import EIGHT
from interviews.views.home import flat_words, last_card
from tests.unit.interviews.progress.made import attempt, reading


def totals(days, value=50.0):
    return [attempt(day, reading(total=value, scope=2.0)) for day in days]


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([0.0] * 8, "No area is above 0.0 of 4 yet."),
        ([0.0, 0.4, 0.9], "No area is above 0.9 of 4 yet."),
        ([2.0] * 8, "All areas are close together, at 2.0 of 4."),
        ([2.0, 2.1, 2.2], "All areas are close together, at 2.0 to 2.2 of 4."),
        ([1.0, 2.0, 3.4], ""),
        ([3.0], ""),
        ([], ""),
    ],
)
def test_nothing_is_called_strong_where_all_is_low_or_alike(levels, said):
    assert flat_words(levels).startswith(said)
    assert bool(flat_words(levels)) == bool(said)


def test_a_gap_that_rounds_to_nothing_has_no_sign():
    gaps = [20.0, 20.0, 0.2, -0.4, -0.4]
    both = [attempt(day, reading("self", 50 + gap), reading(total=50.0)) for day, gap in enumerate(gaps)]
    assert charts.leaning(both, "engine").endswith("on average; in the last three you were level.")


def test_dots_of_months_are_called_months_everywhere():
    many = totals(range(0, 700, 7))
    scores, levels, helped = (
        charts.scores(many, "engine"),
        charts.dimensions(many, "engine"),
        charts.helped(many),
    )
    assert "average of a month" in scores.tag
    assert levels.tag.endswith("figure: average of the last three months")
    assert helped.tag == "dots: the average of a month · line: average of three"
    assert "50 on Aug 2026" in scores.figures[0].svg
    assert ">Aug 2026</text>" in scores.figures[0].svg
    assert "<title>Aug 2026: 50 (45–55), 5 attempts</title>" in scores.figures[0].svg


def test_days_of_two_years_are_told_apart_under_the_axis():
    svg = charts.scores(totals((0, 200, 400)), "engine").figures[0].svg
    assert ">Aug 2026</text>" in svg
    assert ">Sep 2027</text>" in svg
    assert ">3 Aug</text>" in charts.scores(totals((0, 20, 40)), "engine").figures[0].svg


def test_three_attempts_promise_no_line_that_is_not_there():
    chart = charts.scores(totals(range(3)), "engine")
    assert "polyline" not in chart.figures[0].svg
    assert "line" not in chart.tag
    assert "band: range" in chart.tag
    four = charts.scores(totals(range(4)), "engine")
    assert "polyline" in four.figures[0].svg
    assert "line: average of three" in four.tag


def test_the_picture_for_phones_has_the_same_dots_and_its_numbers_do_not_run_together():
    figure = charts.scores(totals(range(0, 120, 5)), "engine").figures[0]
    assert figure.narrow.count("<circle") == figure.svg.count("<circle") == 24
    assert 'viewBox="0 0 340 220"' in figure.narrow
    assert ">40</text>" in figure.narrow


@pytest.mark.parametrize("days", [range(0, 120, 5), range(0, 700, 7), range(0, 400, 30), range(0, 60)])
def test_what_stands_under_the_axis_does_not_run_together(days):
    figure = charts.scores(totals(days), "engine").figures[0]
    for svg, y in ((figure.svg, 232), (figure.narrow, 212)):
        found = re.findall(rf'<text x="([\d.]+)" y="{y}" text-anchor="(\w+)">([^<]+)<', svg)
        assert len(found) > 2
        spans = []
        for at, anchor, words in found:  # a letter of twelve pixels is at most seven wide
            left = float(at) - 7 * len(words) * (1 if anchor == "end" else 0.5)
            spans.append((left, left + 7 * len(words)))
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_names_of_months_over_the_calendar_keep_their_distance():
    for first in (date(2026, 7, 27), date(2026, 8, 30), date(2026, 8, 10), date(2025, 12, 31)):
        svg = drawing.calendar({}, first, first + timedelta(weeks=17), "days")
        places = [int(x) for x in re.findall(r'<text x="(\d+)"', svg)]
        assert len(places) >= 3
        assert all(after - before >= 3 * 14 for before, after in itertools.pairwise(places))


def test_both_axes_of_the_calibration_say_what_they_are():
    svg = drawing.calibration([(2.0, 2.0, 3)], "words", 3)
    assert ">your own level</text>" in svg
    assert ">automatic level</text>" in svg


def test_interviewers_are_told_by_name_and_never_by_number():
    offered = filters.choices([attempt(0, partners=(("71", "Ana"), ("72", "Ben")))])
    _, problems = crosstab.read({"partner": "99"}, offered)
    assert problems == ["There is no interviewer “99”, so it is left out. There is: Ana, Ben."]
    crowd = filters.choices([attempt(0, partners=tuple((str(n), f"P{n:03}") for n in range(200)))])
    _, problems = crosstab.read({"partner": "999"}, crowd)
    assert problems[0].endswith("P029 and 170 more.")


@pytest.mark.parametrize("metric", ["hints", "minutes", "over", "own", "peer"])
def test_a_filter_that_would_change_nothing_is_refused(metric):
    assert Question(metric, "kind", Filters({"source": "self"})).refusal.endswith("under Who scored.")
    assert not Question(metric, "kind", Filters()).refusal
    assert not Question("score", "kind", Filters({"source": "self"})).refusal


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((0, 0), "No step goes over its budget; Data has the most left, 35.0 min."),
        ((590, 2110), "Every step keeps to its budget within half a minute."),
        ((600, 1800), "No step goes over its budget; Data has the most left, 5.0 min."),
        ((900, 2100), "Clarify takes 5.0 min more than its budget."),
    ],
)
def test_minutes_are_not_called_kept_where_hardly_any_were_spent(steps, said):
    flat = ["Clarify", "scope", 600, steps[0], "Data", "data", 2100, steps[1]]
    assert charts.minutes([attempt(0, flat_steps=flat)]).words.startswith(said)


def test_the_figure_of_a_single_dot_stands_above_its_range():
    svg = charts.scores(totals((0, 9)), "engine").figures[0].svg
    value = float(re.search(r'class="value" x="[\d.]+" y="([\d.]+)"', svg)[1])
    ends = [float(y) for y in re.findall(r'class="whisker".*?y2="([\d.]+)"', svg)]
    assert value < min(ends)


def test_of_equally_weak_areas_every_page_names_the_same():
    levels = dict.fromkeys(EIGHT, 0.0) | {"scope": 2.2}
    one = attempt(0, reading(total=8.0, **levels))
    said = last_card([one])
    assert said["weakest"] == ("framing", "Framing", 0.0)
    assert said["strongest"] == ("scope", "Scope", 2.2)
    options = [Option("a", "A", "", "classic", "Area", 1, 45, {"framing": 0.5})]
    assert suggest(options, [one], Target(), date(2026, 11, 22)).dimension == said["weakest"][0]
    criteria = [
        {"code": f"C{n}", "dimension": slug, "level": 0, "weight": 1, "next_level": "x"}
        for n, slug in enumerate(("data", "model", "framing", "data"))
    ]
    report = {
        "dimensions": [
            {"slug": slug, "level": levels[slug]} for slug in ("model", "data", "scope", "framing")
        ],
        "criteria": criteria,
    }
    body = {"criteria": [{"code": one["code"], "source": "text"} for one in criteria]}
    assert [one["dimension"] for one in cards.missed(report, body)] == ["data", "framing", "data", "model"]
