"""Tables: what stands behind each chart, on the page and as CSV. Plain Python."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any, Generic, TypeVar

from interviews.rounding import written

Cell = str | int | float | date | None
T = TypeVar("T")
# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Areas and steps of frameworks are tens, and each is wanted.
MOST_ORDERED = 100


class Made(Sequence[Sequence[Cell]], Generic[T]):
    """Rows that are each made when they are looked at: a page shows the last of a thousand."""

    def __init__(self, things: Sequence[T], row: Callable[[T], Sequence[Cell]]) -> None:
        self.things, self.row = things, row

    def __len__(self) -> int:
        return len(self.things)

    def __getitem__(self, at: Any) -> Any:
        return (
            [self.row(one) for one in self.things[at]] if isinstance(at, slice) else self.row(self.things[at])
        )


@dataclass(frozen=True)
class Table:
    """Columns with their names, and rows; numbers stay numbers until they are shown.

    Rows are in time, the oldest first, unless they are `ordered` as the thing they tell of is.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    ordered: bool = False

    def newest(self, most: int = 24) -> list[Sequence[Cell]]:
        """Return the last rows, the newest first: what a page shows of a long table."""
        return list(self.rows[-most:][::-1])

    def on_page(self) -> list[Sequence[Cell]]:
        """Return the rows a page shows: in their own order, or the newest of many."""
        return list(self.rows[:MOST_ORDERED]) if self.ordered else self.newest()

    @property
    def cut(self) -> str:
        """Say in a sentence what part of the rows a page shows; nothing when it is all of them."""
        shown_rows = len(self.on_page())
        if shown_rows == len(self.rows):
            return ""
        return f"The {'first' if self.ordered else 'last'} {shown_rows} of {len(self.rows)} rows."

    def body(self) -> str:
        """Return the rows a page shows as the body of a table in HTML, everything in it escaped."""
        return as_body(self.on_page())

    def csv(self) -> str:
        """Return the table as CSV that a spreadsheet reads as words and numbers, never as a formula."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([safe(column) for column in self.columns])
        writer.writerows([[safe(cell) for cell in row] for row in self.rows])
        return out.getvalue()


def as_body(rows: Sequence[Sequence[Cell]], digits: int = 1) -> str:
    """Return rows as the body of a table in HTML, everything in it escaped."""
    return "".join(
        [
            f"""<tr>{
                "".join(
                    [
                        f'<td class="num">{shown(cell, digits)}</td>'
                        if is_number(cell)
                        else f"<td>{escape(shown(cell))}</td>"
                        for cell in row
                    ]
                )
            }</tr>"""
            for row in rows
        ]
    )


def is_number(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))


def safe(cell: Cell) -> str | int | float:
    """Return a cell for CSV: numbers as they are, days in ISO form, words kept from being a formula."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return round(cell, 2)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    text = cell.replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) or text.startswith(FORMULA) else text


def shown(cell: Cell, digits: int = 1) -> str:
    """Return a cell as a page writes it."""
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return written(cell, digits)
    if isinstance(cell, int):
        return str(cell).replace("-", "−")
    if isinstance(cell, date):
        return f"{cell.day} {cell:%b %Y}"
    return cell
