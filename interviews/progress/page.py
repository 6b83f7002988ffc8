"""What the progress page and Today are made of: rows read once, and everything else worked out from them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Sum

from casestudies.models import CaseStudy, Criterion, Expectation
from interviews.models import Aim, Reveal
from interviews.progress import charts, coverage, rows
from interviews.progress.charts import Chart
from interviews.progress.filters import DAYS, Filters
from interviews.progress.next_case import Option, Target
from interviews.progress.rows import History
from interviews.progress.tables import Table
from interviews.progress.values import SOURCES, Attempt

if TYPE_CHECKING:
    from accounts.models import User

# Whose history is shown, labelled, to somebody who has none; nobody signs in as this person.
SAMPLE = "sample-history"
FILTERS = ("period", "source", "seen")
OF_CASE = ("slug", "title", "one_line", "kind", "area", "difficulty", "minutes")
LATELY = 5
MISSED = 6
MOST_DRAWN = 4


@dataclass(frozen=True)
class Missed:
    """A criterion that was absent in some of the last attempts."""

    name: str
    dimension: str
    dimension_name: str
    times: int


def sample_attempts(zone: tzinfo) -> History:
    """Return the sample history; empty where it was not made."""
    person = get_user_model().objects.filter(username=SAMPLE).first()
    return rows.attempts_of(person, zone) if person is not None else History()


def target_of(user: "User") -> tuple[Aim, Target]:
    """Return what a person practises for, as a row to edit and as a value."""
    aim = Aim.objects.filter(user=user).first() or Aim(user=user)
    return aim, Target(aim.level, aim.interview_on, aim.per_week)


def options_for(user: "User") -> list[Option]:
    """Return the library's cases with what part of each is about which dimension; two queries."""
    opened = Exists(Reveal.objects.filter(user=user, case=OuterRef("pk")))
    cases = CaseStudy.objects.published().annotate(opened=opened).values_list("pk", *OF_CASE, "opened")
    weights: dict[int, dict[str, float]] = defaultdict(dict)
    asked = Expectation.objects.filter(case__status="published").order_by()
    for case, dimension, weight in asked.values_list("case", "criterion__dimension").annotate(Sum("weight")):
        weights[case][dimension] = weight
    found = []
    for pk, slug, title, one_line, kind, area, difficulty, minutes, is_opened in cases:
        whole = sum(weights[pk].values()) or 1
        shares = {dimension: weight / whole for dimension, weight in weights[pk].items()}
        found.append(Option(slug, title, one_line, kind, area, difficulty, minutes, shares, is_opened))
    return found


def missed_lately(user: "User") -> tuple[int, list[Missed]]:
    """Return how many attempts were looked at, and the criteria that were absent most often in them."""
    looked_at, times = rows.missed_lately(user, LATELY)
    most = dict(sorted(times.items(), key=lambda pair: (-pair[1], pair[0]))[:MISSED])
    known = {one.code: one for one in Criterion.objects.filter(code__in=most)}
    found = [
        Missed(known[code].name, known[code].dimension, known[code].get_dimension_display(), n)
        for code, n in most.items()
        if code in known
    ]
    return looked_at, found


def sources_of(attempts: Sequence[Attempt]) -> dict[str, str]:
    """Return who has scored anything, in their fixed order."""
    there = {reading.source for attempt in attempts for reading in attempt.readings}
    return {source: label for source, label in SOURCES.items() if source in there}


def drawn(
    every: History, attempts: Sequence[Attempt], wanted: Filters, library: Mapping[str, int], now: datetime
) -> dict[str, Chart]:
    """Return every chart that the attempts wanted of a history have something for, by its name.

    What was drawn stays with the history, so that who looks again waits for nothing; a period lets go of
    attempts day by day, the oldest first, so the number of those left says which they are.
    """
    asked = (*sorted(wanted.values.items()), len(attempts), *sorted(library.items()), now.date())
    if asked not in every.drawn:
        makers = makers_of(attempts, wanted, library, now)
        found = {name: make() for name, make in makers.items()}
        if len(every.drawn) >= MOST_DRAWN:
            every.drawn.clear()
        every.drawn[asked] = {name: chart for name, chart in found.items() if chart is not None}
    charts_of: dict[str, Chart] = every.drawn[asked]
    return charts_of


def makers_of(
    attempts: Sequence[Attempt], wanted: Filters, library: Mapping[str, int], now: datetime
) -> dict[str, Callable[[], Chart | None]]:
    source = wanted.get("source") or "engine"
    days = DAYS.get(wanted.get("period"))
    return {
        "scores": lambda: charts.scores(attempts, source),
        "dimensions": lambda: charts.dimensions(attempts, source),
        "minutes": lambda: charts.minutes(attempts),
        "help": lambda: charts.helped(attempts) if attempts else None,
        "compared": lambda: charts.compared(attempts),
        "calibration": lambda: charts.calibration(attempts),
        "areas": lambda: coverage.areas(attempts, dict(library)),
        "calendar": lambda: coverage.calendar(attempts, now.date(), days),
    }


CHARTS = (*makers_of([], Filters(), {}, datetime.min), "attempts")


def table_of(
    name: str, attempts: Sequence[Attempt], wanted: Filters, library: Mapping[str, int], now: datetime
) -> Table:
    """Return the table behind one chart; KeyError for a name there is none of."""
    if name == "attempts":
        return charts.everything(attempts)
    chart = makers_of(attempts, wanted, library, now)[name]()
    return chart.table if chart is not None else Table(name, ["Nothing yet"], [])


def areas_of(options: Sequence[Option]) -> dict[str, int]:
    return dict(Counter(option.area for option in options))
