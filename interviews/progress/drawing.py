"""Charts as SVG, drawn on the server: numbers in, marked-up text out. Plain Python.

Colours come from the page's tokens through classes; nothing a person wrote stands in a picture without being
escaped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from html import escape

from interviews.progress.tables import shown
from interviews.progress.trend import Trend
from interviews.rounding import written


@dataclass(frozen=True)
class Frame:
    """The size of a picture, the part of it that is drawn in, and the values at its bottom and top."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    lowest: float
    highest: float

    def y(self, value: float) -> float:
        share = (min(max(value, self.lowest), self.highest) - self.lowest) / (self.highest - self.lowest)
        return self.bottom - share * (self.bottom - self.top)

    def heights(self, values: Iterable[float | None]) -> list[str]:
        """Return where values stand in a picture, written; a missing one stands at the bottom."""
        bottom, lowest, highest = self.bottom, self.lowest, self.highest
        scale = (bottom - self.top) / (highest - lowest)
        return [f"{bottom - (min(max(v or 0, lowest), highest) - lowest) * scale:.1f}" for v in values]


WIDE = Frame(880, 240, 40, 866, 12, 212, 0, 100)
# For phones, one unit a pixel: the wide one would have its numbers in five pixels there.
NARROW = Frame(340, 220, 34, 328, 12, 192, 0, 100)
SMALL = Frame(220, 76, 20, 214, 6, 66, 0, 4)


def places(days: Sequence[date], frame: Frame) -> list[float]:
    """Return where each day stands across a frame; several attempts of one day stand side by side."""
    if not days:
        return []
    if len(days) == 1:
        return [(frame.left + frame.right) / 2]
    span = (days[-1] - days[0]).days
    if not span:
        step = (frame.right - frame.left) / (len(days) - 1)
        return [frame.left + step * place for place in range(len(days))]
    found = [frame.left + (frame.right - frame.left) * (day - days[0]).days / span for day in days]
    for place in range(1, len(found)):
        if days[place] == days[place - 1]:
            found[place] = min(found[place - 1] + 4, frame.right)
    return found


def svg(frame: Frame, label: str, parts: Sequence[str], more: str = "") -> str:
    return (
        f'<svg class="chart{more}" viewBox="0 0 {frame.width} {frame.height}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def rules(frame: Frame, values: Sequence[float]) -> list[str]:
    """Return the lines across and their numbers."""
    parts = []
    for value in values:
        y = frame.y(value)
        parts.append(
            f'<line class="rule" x1="{frame.left - 6}" x2="{frame.width}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        parts.append(f'<text x="{frame.left - 10}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    return parts


def series(trend: Trend, frame: Frame, radius: float, titles: Sequence[str]) -> list[str]:
    """Return band, line and dots of a trend; a dot with its range where there is no band."""
    days, values, lows, highs, _ = zip(*trend.points, strict=True)
    xs = [f"{x:.1f}" for x in places(days, frame)]
    lower, upper = frame.heights(lows), frame.heights(highs)
    parts = []
    if trend.has_band:
        around = [*zip(xs, upper, strict=True), *reversed([*zip(xs, lower, strict=True)])]
        parts.append(f'<polygon class="band" points="{" ".join([f"{x},{y}" for x, y in around])}"/>')
    else:
        parts += [
            f'<line class="whisker" x1="{x}" x2="{x}" y1="{lower[place]}" y2="{upper[place]}"/>'
            for place, x in enumerate(xs)
            if lows[place] is not None and highs[place] is not None
        ]
    if len(trend.line) > 1:
        ys = frame.heights([value for _, value in trend.line])
        line = " ".join([f"{xs[place]},{y}" for (place, _), y in zip(trend.line, ys, strict=True)])
        parts.append(f'<polyline class="trend" points="{line}"/>')
    dots = [
        f'<circle class="dot" cx="{x}" cy="{y}" r="{radius}"><title>{escape(title)}</title></circle>'
        for x, y, title in zip(xs, frame.heights(values), titles, strict=True)
    ]
    dots[-1] = dots[-1].replace('class="dot"', 'class="dot dot--last"', 1)
    return parts + dots


def day_words(day: date) -> str:
    return f"{day.day} {day:%b}"


@lru_cache(maxsize=512)  # a page says the same days a dozen times
def when_words(day: date, unit: str = "attempt") -> str:
    """Return what a point stands for: its day, or the span that begins on it."""
    if unit == "month":
        return f"{day:%b %Y}"
    if unit == "quarter":
        return f"{(day.month + 2) // 3}/4 {day.year}"
    return str(day.year) if unit == "year" else day_words(day)


def under_axis(trend: Trend) -> list[str]:
    """Return what stands under each point; with the year where days of several years would look the same."""
    first, last = trend.points[0].day, trend.points[-1].day
    if trend.unit in ("attempt", "day", "week") and (last - first).days > 330:
        return [f"{point.day:%b %Y}" for point in trend.points]
    return [when_words(point.day, trend.unit) for point in trend.points]


def wide(trend: Trend, label: str, titles: Sequence[str], size: Frame = WIDE) -> str:
    """Return the chart of totals: 0 to 100, or closer where they lie close, with days under it."""
    values = [
        value for point in trend.points for value in (point.value, point.low, point.high) if value is not None
    ]
    lowest = max(0, int(min(values) // 10) * 10 - 10)
    highest = min(100, int(-(-max(values) // 10)) * 10 + 10)
    frame = Frame(**{**size.__dict__, "lowest": lowest, "highest": highest})
    step = 10 if highest - lowest <= 60 else 20
    parts = rules(frame, range(lowest, highest + 1, step))
    is_wide = size is WIDE
    parts += series(trend, frame, (4.5 if is_wide else 3.5) if len(trend.points) <= 24 else 3, titles)
    xs, when = places([point.day for point in trend.points], frame), under_axis(trend)
    said = -1000.0
    # The last one ends where its point is; the one before it stands in the middle of its own.
    before_last = 64 if len(when[-1]) < 7 else 90
    for place, (x, point) in enumerate(zip(xs, trend.points, strict=True)):
        is_last = place == len(xs) - 1
        if (x - said >= 64 and xs[-1] - x >= before_last) or is_last:
            anchor = "end" if is_last and len(xs) > 1 else "middle"
            parts.append(
                f'<text x="{x:.1f}" y="{frame.bottom + 20:g}" text-anchor="{anchor}">{when[place]}</text>'
            )
            if len(trend.points) <= 24:
                above = point.value if trend.has_band else max(point.value, point.high or 0)
                y = frame.y(above) - (11 if above == point.value else 6)
                parts.append(
                    f'<text class="value" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">'
                    f"{written(point.value)}</text>"
                )
            said = x
    return svg(frame, label, parts, "" if is_wide else " chart--narrow")


def small(trend: Trend, label: str, titles: Sequence[str], highest: float = 4) -> str:
    """Return one of several small charts side by side, from 0 to `highest`."""
    frame = Frame(**{**SMALL.__dict__, "highest": highest})
    parts = rules(frame, (0, highest / 2, highest))
    parts += series(trend, frame, 2.75 if len(trend.points) <= 24 else 1.75, titles)
    return svg(frame, label, parts, " chart--small")


def bar(share: float, mark: float | None = None) -> str:
    """Return a bar of a share of the whole, with a mark where something else would have ended; no words."""
    parts = ['<rect class="bar__rest" width="1000" height="12" y="3" rx="2"/>']
    parts.append(
        f'<rect class="bar__full" width="{1000 * min(max(share, 0), 1):.0f}" height="12" y="3" rx="2"/>'
    )
    if mark is not None:
        parts.append(
            f'<rect class="bar__mark" x="{1000 * min(max(mark, 0), 1) - 4:.0f}" width="8" height="18"/>'
        )
    return (
        '<svg class="bar" viewBox="0 0 1000 18" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def signed_bar(share: float) -> str:
    """Return a bar to the right of the middle for more than nothing, to the left for less; no words."""
    width = 500 * min(abs(share), 1)
    x = 500 if share >= 0 else 500 - width
    return (
        '<svg class="bar" viewBox="0 0 1000 18" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar__rest" width="1000" height="12" y="3" rx="2"/>'
        f'<rect class="bar__full" x="{x:.0f}" width="{width:.0f}" height="12" y="3"/>'
        '<rect class="bar__mark" x="498" width="4" height="18"/></svg>'
    )


def calibration(points: Sequence[tuple[float, float, int]], label: str, enough: int) -> str:
    """Return own level across, automatic level up, the diagonal where both are the same."""
    frame = Frame(310, 260, 44, 298, 12, 222, 0, 4)

    def x(value: float) -> float:
        return frame.left + (frame.right - frame.left) * value / 4

    parts = rules(frame, range(5))
    parts += [f'<text x="{x(value):.1f}" y="238" text-anchor="middle">{value}</text>' for value in range(5)]
    parts.append(f'<text x="{x(2):.1f}" y="255" text-anchor="middle">your own level</text>')
    up = f'x="{-frame.y(2):.1f}" y="10" transform="rotate(-90)" text-anchor="middle"'
    parts.append(f"<text {up}>automatic level</text>")
    ends = f'x1="{x(0):.1f}" y1="{frame.y(0):.1f}" x2="{x(4):.1f}" y2="{frame.y(4):.1f}"'
    parts.append(f'<line class="diagonal" {ends}/>')
    sure = [(own, auto) for own, auto, n in points if n >= enough]
    if len(sure) > 1:
        line = " ".join(f"{x(own):.1f},{frame.y(auto):.1f}" for own, auto in sure)
        parts.append(f'<polyline class="trend" points="{line}"/>')
    for own, auto, n in points:
        few = "" if n >= enough else " dot--few"
        title = f"You {shown(float(own))}, automatic {shown(float(auto))}, {n} times"
        parts.append(
            f'<circle class="dot dot--last{few}" cx="{x(own):.1f}" cy="{frame.y(auto):.1f}" r="4.5">'
            f"<title>{title}</title></circle>"
        )
    return svg(frame, label, parts, " chart--square")


def calendar(days: dict[date, int], first: date, last: date, label: str) -> str:
    """Return a square for each day in columns of weeks, filled where there was an attempt."""
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    parts, month, said = [], 0, -9
    first_number, last_number = monday.toordinal(), last.toordinal()
    done = {day.toordinal(): f"><title>{day_words(day)}: {n}</title></rect>" for day, n in days.items() if n}
    for week in range(weeks):
        day = monday + timedelta(days=7 * week)
        if day.month != month and weeks - week > 2:
            month = day.month
            # A month of which a week or two are shown would run into the name of the next.
            goes_on = (day + timedelta(days=14)).month == month
            if week - said > 2 and (week or goes_on):
                parts.append(f'<text x="{14 * week}" y="10">{day:%b}</text>')
                said = week
        for number in range(first_number + 7 * week, min(first_number + 7 * week + 7, last_number + 1)):
            place = f'x="{14 * week}" y="{16 + 14 * ((number - first_number) % 7)}"'
            on, inside = (' class="is-on"', done[number]) if number in done else ("", "/>")
            parts.append(f'<rect{on} {place} width="11" height="11" rx="2"{inside}')
    return (
        f'<svg class="chart calendar-chart" viewBox="0 0 {14 * weeks} 114" width="{14 * weeks}" height="114" '
        f'role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def strip(levels: Sequence[tuple[str, str, float | None]]) -> str:
    """Return eight columns of fixed order, as components/bars.html draws them; (dimension, name, level)."""
    words = ", ".join(
        f"{name} not assessed" if level is None else f"{name} {written(level, 1)} of 4"
        for _, name, level in levels
    )
    columns = "".join(f'<i class="dim-{slug} n-{round((level or 0) * 25)}"></i>' for slug, _, level in levels)
    return f'<span class="dimension-strip" role="img" aria-label="{escape(words)}">{columns}</span>'
