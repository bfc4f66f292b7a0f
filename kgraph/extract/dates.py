"""Dates in a sentence, resolved against the document's date: "last week", "Rabu (15/6)" → ISO 8601.

Precision is kept: a month stays a month, "since 2014" is the open interval `2014/..`. Weekdays are the latest such day
up to the document's date; weeks run from Monday to Sunday (ISO 8601).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["DateMention", "find"]

Senses = Mapping[str, tuple[tuple[str, str], ...]]
YEAR = re.compile(r"(1[89]\d\d|20\d\d)\Z")
DAY = re.compile(r"([0-3]?\d)(st|nd|rd|th)?\Z")
SLASHED = re.compile(r"([0-3]?\d)[/.]([01]?\d)(?:[/.](\d{4}|\d{2}))?\Z")
DAYS = {"minute": 0, "hour": 0, "day": 1, "night": 1, "week": 7, "fortnight": 14}
ISO = re.compile(r"\d{4}-\d\d-\d\d\Z")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression: tokens from `first` to `last` (excluded), and its ISO 8601 value.

    `ahead` is the value for what is yet to come: "on Friday" is the next one then.
    """

    first: int
    last: int
    value: str
    ahead: str | None = None


def find(tokens: Sequence[str], day: date | None, senses: Senses) -> list[DateMention]:
    """Return the date expressions among lower-case tokens, left to right.

    Without a document date, only what is absolute is resolved.
    """
    reader = _Reader(tokens, day, senses)
    out: list[DateMention] = []
    i = 0
    while i < len(tokens):
        found = reader.interval(i) if reader.opens(i) else None
        if found is None:
            i += 1
            continue
        value, end = found
        out.append(DateMention(i, end, value, reader.ahead(i, value)))
        i = end
    return out


class _Reader:
    """Reads one expression at a place; every method returns (value, end) or None."""

    def __init__(self, tokens: Sequence[str], day: date | None, senses: Senses) -> None:
        self.tokens, self.day, self.senses = tokens, day, senses
        self._known: dict[int, list[tuple[str, str, int]]] = {}

    def sense(self, i: int, *sorts: str) -> tuple[str, int] | None:
        """Return the value of the longest entry of one of the sorts at a place, and where it ends."""
        if not 0 <= i < len(self.tokens):
            return None
        return next(((value, end) for sort, value, end in self._senses_at(i) if sort in sorts), None)

    def _senses_at(self, i: int) -> list[tuple[str, str, int]]:
        if i not in self._known:
            self._known[i] = [
                (sort, value, i + width)
                for width in range(min(5, len(self.tokens) - i), 0, -1)
                for sort, value in self.senses.get(" ".join(self.tokens[i : i + width]), ())
            ]
        return self._known[i]

    def opens(self, i: int) -> bool:
        """Tell whether anything at a place can begin a date: a number, or words of the table."""
        return any(c.isdigit() for c in self.tokens[i]) or bool(self._senses_at(i))

    def interval(self, i: int) -> tuple[str, int] | None:
        """Read an interval that a word opens (since, from, between, until), else a point in time."""
        for sort in ("since", "from", "between", "until"):
            opened = self.sense(i, sort)
            if opened is None:
                continue
            begin = self.point(self._skip(opened[1]))
            if begin is None:
                continue
            value, end = begin
            if sort == "until":
                return None if "/" in value else (f"../{value}", end)
            link = self.sense(end, "range", "until", "between-and")
            finish = self.point(link[1]) if link else None
            if finish is not None:
                return f"{value.split('/')[0]}/{finish[0].split('/')[-1]}", finish[1]
            if sort == "since":
                return f"{value.split('/')[0]}/..", end
        return self.point(i)

    def ahead(self, i: int, value: str) -> str | None:
        """Return the coming weekday where a bare weekday stands at a place, with its interval if it opens one."""
        opened = self.sense(i, "since", "from")
        bare = self.sense(self._skip(opened[1] if opened else i), "weekday")
        if bare is None or self.day is None or self.sense(i, "direction"):
            return None
        days = (int(bare[0]) - self.day.isoweekday()) % 7 or 7
        coming = (self.day + timedelta(days=days)).isoformat()
        begin, _, _ = value.partition("/")
        return coming if len(begin) == 10 and begin <= self.day.isoformat() else None

    def _skip(self, i: int) -> int:
        """Pass over "the", "around", "early": words that leave a date as precise as what follows."""
        while i < len(self.tokens):
            part = self.sense(i, "part", "at")
            if part is None and self.tokens[i] != "the":
                return i
            i = part[1] if part else i + 1
        return i

    def point(self, i: int) -> tuple[str, int] | None:
        for read in (self._numeric, self._weekday, self._calendar, self._relative, self._year):
            found = read(i)
            if found is not None:
                return found
        return None

    def _numeric(self, i: int) -> tuple[str, int] | None:
        if i >= len(self.tokens):
            return None
        if ISO.match(self.tokens[i]):
            return self.tokens[i], i + 1
        slashed = SLASHED.match(self.tokens[i])
        end = i + 1
        if slashed is None:  # some tokenizers split "15/6" at the stroke
            slashed = SLASHED.match("".join(self.tokens[i : i + 5])) or SLASHED.match("".join(self.tokens[i : i + 3]))
            end = i + (5 if slashed and slashed[3] else 3)
        if slashed and "/" in "".join(self.tokens[i:end]):
            value = self._slashed(slashed)
            if value:
                return value, end
        return None

    def _slashed(self, match: re.Match[str]) -> str | None:
        d, m, y = int(match[1]), int(match[2]), match[3]
        if y:
            return _iso(int(y) if len(y) == 4 else 2000 + int(y), m, d)
        return self._recent(m, d) if 1 <= m <= 12 and d else None

    def _recent(self, month: int, day: int | None) -> str | None:
        """Give a date without a year the year that brings it nearest, the past preferred."""
        if self.day is None:
            return None
        year = self.day.year
        if (month, day or 1) > (self.day.month, self.day.day) and month - self.day.month > 1:
            year -= 1
        return _iso(year, month, day)

    def _weekday(self, i: int) -> tuple[str, int] | None:
        direction = self.sense(i, "direction")
        wanted = self.sense(direction[1] if direction else i, "weekday")
        if wanted is None:
            return None
        end = wanted[1]
        k = end  # "Rabu (15/6)", "Rabu, 15 Juni 2022", "Wednesday, June 15"
        while k < len(self.tokens) and self.tokens[k] in ("(", ","):
            k += 1
        exact = self._numeric(k) or self._calendar(k)
        if exact is not None and exact[0].count("-") == 2:
            stop = exact[1]
            return exact[0], stop + 1 if stop < len(self.tokens) and self.tokens[stop] == ")" else stop
        if self.day is None:
            return None
        after = None if direction else self.sense(end, "direction")
        if after is not None:
            end = after[1]
        back = (self.day.isoweekday() - int(wanted[0])) % 7
        if (direction or after or ("",))[0] == "1":
            return (self.day + timedelta(days=(7 - back) or 7)).isoformat(), end
        return (self.day - timedelta(days=back)).isoformat(), end

    def _calendar(self, i: int) -> tuple[str, int] | None:
        if i >= len(self.tokens):
            return None
        direction = self.sense(i, "direction")
        j = direction[1] if direction else i
        day = self._day(j)
        month = self.sense(j + 1, "month") if day else None
        if day and month:
            return self._dated(int(month[0]), day, month[1])
        holiday = self.sense(j, "holiday")
        if holiday and re.match(r"\d\d-\d\d\Z", holiday[0]):
            m, d = map(int, holiday[0].split("-"))
            return self._dated(m, d, holiday[1])
        month = self.sense(j, "month")
        if month is None or (direction is None and self._is_word(j)):
            return None
        end = month[1]
        day = self._day(end)
        if day and not (end + 1 < len(self.tokens) and self.sense(end + 1, "month")):
            found = self._dated(int(month[0]), day, end + 1)
            if found:
                return found
        year, end = self._trailing_year(end)
        if year:
            return f"{year:04}-{int(month[0]):02}", end
        value = self._recent(int(month[0]), None)
        after = self.sense(end, "direction")
        return (value, after[1] if after else end) if value else None

    def _day(self, i: int) -> int | None:
        day = DAY.match(self.tokens[i]) if i < len(self.tokens) else None
        return int(day[1]) if day and 1 <= int(day[1]) <= 31 else None

    def _dated(self, month: int, day: int, end: int) -> tuple[str, int] | None:
        year, end = self._trailing_year(end)
        value = _iso(year, month, day) if year else self._recent(month, day)
        return (value, end) if value else None

    def _is_word(self, i: int) -> bool:
        """Tell whether "may" or "march" is no month here: nothing of a date stands beside it."""
        if self.tokens[i] not in ("may", "march", "mar", "mei"):
            return False
        after = self.tokens[i + 1] if i + 1 < len(self.tokens) else ""
        return not (DAY.match(after) or YEAR.match(after) or (i and self.sense(i - 1, "at", "since", "until", "part")))

    def _trailing_year(self, i: int) -> tuple[int | None, int]:
        j = i + 1 if i < len(self.tokens) and self.tokens[i] == "," else i
        if j < len(self.tokens) and YEAR.match(self.tokens[j]):
            return int(self.tokens[j]), j + 1
        return None, i

    def _relative(self, i: int) -> tuple[str, int] | None:
        if self.day is None:
            return None
        named = self.sense(i, "relative-day")
        if named is not None:
            return self._in_days(named[0]), named[1]
        for first, second in (("direction", "unit"), ("unit", "direction")):
            a = self.sense(i, first)
            b = self.sense(a[1], second) if a else None
            if a and b:
                unit, step = (b[0], a[0]) if first == "direction" else (a[0], b[0])
                return _unit(self.day, unit, int(step)), b[1]
        count = self._count(i)
        unit_found = self.sense(count[1], "unit") if count else None
        if count and unit_found:
            ago = self.sense(unit_found[1], "direction-after", "direction")
            if ago and ago[0] in ("-1", "1") and self.tokens[unit_found[1]] not in ("after", "before", "on"):
                return _ago(self.day, unit_found[0], count[0] * int(ago[0])), ago[1]
        return None

    def _in_days(self, offset: str) -> str:
        assert self.day is not None
        days = float(offset)
        if days != int(days):
            return self.day.isoformat()
        return (self.day + timedelta(days=int(days))).isoformat()

    def _count(self, i: int) -> tuple[int, int] | None:
        if i < len(self.tokens) and self.tokens[i].isdecimal() and len(self.tokens[i]) < 4:
            return int(self.tokens[i]), i + 1
        word = self.sense(i, "number")
        return (int(word[0]), word[1]) if word and word[0].isdecimal() else None

    def _year(self, i: int) -> tuple[str, int] | None:
        decade = self.sense(i, "decade")
        if decade is not None:
            return f"{decade[0]}/{int(decade[0]) + 9}", decade[1]
        if i < len(self.tokens) and YEAR.match(self.tokens[i]):
            before = self.tokens[i - 1] if i else ""
            after = self.tokens[i + 1] if i + 1 < len(self.tokens) else ""
            if after in ("troops", "soldiers", "people", "%", "km", "miles", "-") or before in (
                "$",
                "rp",
                "us$",
            ):
                return None
            return self.tokens[i], i + 1
        return None


def _iso(year: int, month: int, day: int | None) -> str | None:
    try:
        moment = date(year, month, day or 1)
    except ValueError:
        return None
    return moment.isoformat() if day else f"{year:04}-{month:02}"


def _unit(day: date, unit: str, steps: int) -> str:
    if unit in ("day", "night", "morning", "afternoon", "evening", "hour"):
        return (day + timedelta(days=steps)).isoformat()
    if unit in ("week", "weekend"):
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=steps)
        start = monday + timedelta(days=5) if unit == "weekend" else monday
        return f"{start.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
    if unit == "month":
        months = day.year * 12 + day.month - 1 + steps
        return f"{months // 12:04}-{months % 12 + 1:02}"
    if unit == "decade":
        start_year = day.year // 10 * 10 + 10 * steps
        return f"{start_year}/{start_year + 9}"
    return f"{day.year + steps:04}"


def _ago(day: date, unit: str, steps: int) -> str:
    """Return the day, month or year that lies `steps` units from `day`, as precise as the unit."""
    if unit in DAYS:
        return (day + timedelta(days=steps * DAYS[unit])).isoformat()
    if unit == "month":
        return _unit(day, "month", steps)
    return f"{day.year + steps * (10 if unit == 'decade' else 1):04}"
