"""Dates and intervals as texts give them: ISO 8601 with its precision kept, written as EDTF."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from kgraph.errors import GraphError

__all__ = ["Interval", "day_range", "parse"]

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Interval:
    """From the first possible day to the last possible day, both included; None where it is open."""

    first: date | None
    last: date | None

    def overlaps(self, other: "Interval") -> bool:
        """Return whether some day lies in both."""
        return (self.first or date.min) <= (other.last or date.max) and (other.first or date.min) <= (
            self.last or date.max
        )

    def contains(self, day: date) -> bool:
        """Return whether the day lies in it."""
        return (self.first or date.min) <= day <= (self.last or date.max)


def parse(when: str) -> Interval:
    """Return the days that `2014`, `2014-03`, `2014-03-18`, `A/B`, `A/..` or `../B` span."""
    start, slash, end = when.partition("/")
    if not slash:
        return Interval(*day_range(start))
    first = None if start in {"", ".."} else day_range(start)[0]
    last = None if end in {"", ".."} else day_range(end)[1]
    if first and last and first > last:
        raise GraphError(f"{when!r} ends before it begins.")
    return Interval(first, last)


def day_range(text: str) -> tuple[date, date]:
    """Return the first and the last day of a year, month or day; raise GraphError if it is none of them."""
    match = _DATE.fullmatch(text)
    parts = [int(part) for part in match.groups() if part is not None] if match else [0]
    try:
        match parts:
            case [year]:
                return date(year, 1, 1), date(year, 12, 31)
            case [year, month]:
                return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
            case _:
                return date(*parts), date(*parts)
    except (ValueError, calendar.IllegalMonthError):
        raise GraphError(f"{text!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD.") from None
