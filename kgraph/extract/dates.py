"""Dates in a sentence, resolved against the document's date: "last week", "Rabu (15/6)" → ISO 8601.

Precision is kept: a month stays a month, "since 2014" is the open interval `2014/..`. Weekdays are the latest such day
up to the document's date; weeks run from Monday to Sunday (ISO 8601); seasons are those of the northern hemisphere.
"That night" and "two years later" count from the date that was last named.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kgraph.language import Senses

__all__ = ["DateMention", "find"]

YEAR = re.compile(r"(1[5-9]\d\d|20\d\d)\Z")
DAY = re.compile(r"([0-3]?\d)(st|nd|rd|th)?\Z")
RANGE = re.compile(r"([0-3]?\d)[-–—]([0-3]?\d)\Z")
YEARS = re.compile(r"(1[5-9]\d\d|20\d\d)[-–—/](\d\d|\d{4})\Z")
DASHES = ("-", "–", "—", "/")
SLASHED = re.compile(r"(?:([0-3]?\d)[-–—])?([0-3]?\d)[/.]([01]?\d)(?:[/.](\d{4}|\d{2}))?\Z")
DASHED = re.compile(r"([0-3]?\d)-([01]?\d)-(\d{4})\Z")
DAYS = {"minute": 0, "hour": 0, "day": 1, "night": 1, "week": 7, "fortnight": 14}
FRESH = timedelta(days=45)  # a day of a month that lies back less than that is not meant a year ahead
MONTHS_IN = {"month": 1, "quarter": 3, "half-year": 6}
YEARS_IN = {"decade": 10, "century": 100}
OPENING = ("at", "since", "until", "from", "deadline")  # what may stand before "the autumn"
ISO = re.compile(r"\d{4}-\d\d-\d\d\Z")


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression: tokens from `first` to `last` (excluded), and its ISO 8601 value.

    `ahead` is the value for what is yet to come: "on Friday" is the next one then, "from 2030" begins with 2030.
    """

    first: int
    last: int
    value: str
    ahead: str | None = None


def find(
    tokens: Sequence[str], day: date | None, senses: Senses, before: Callable[[], str | None] = lambda: None
) -> list[DateMention]:
    """Return the date expressions among tokens, left to right.

    Case tells only a day from a week, where a language has one word for both ("Minggu", "minggu"). Without a document
    date, only what is absolute is resolved. `before` gives the date that was last named before these tokens; it is
    asked only where something counts from it.
    """
    reader = _Reader(tokens, day, senses, before)
    out: list[DateMention] = []
    i = 0
    while i < len(tokens):
        if not reader.opens(i):
            i += 1
            continue
        reader.coming = None
        found = reader.interval(i)
        if found is None:
            i = reader.past(i)
            continue
        value, end = found
        out.append(DateMention(i, end, value, reader.ahead(i, value)))
        reader.before = lambda value=value: value  # type: ignore[misc]
        reader.named = True
        i = end
    return out


class _Reader:
    """Reads one expression at a place; every method returns (value, end) or None."""

    def __init__(
        self, tokens: Sequence[str], day: date | None, senses: Senses, before: Callable[[], str | None]
    ) -> None:
        self.tokens = [_bare(token.lower(), senses) for token in tokens]
        self.capitals = {i for i, token in enumerate(tokens) if token[:1].isupper()}
        self.day, self.senses, self.before = day, senses, before
        self.named = False  # whether these tokens have named a date already
        self.closed = False  # whether what was read last says where it ends: "1998-99"
        self.coming: str | None = None  # the first such date after the document's, where the text gives no year
        self._known: dict[int, list[tuple[str, str, int]]] = {}

    def sense(self, i: int, *sorts: str) -> tuple[str, int] | None:
        """Return the value of the longest entry of one of the sorts at a place, and where it ends."""
        if 0 <= i < len(self.tokens):
            for sort, value, end in self._senses_at(i):
                if sort in sorts:
                    return value, end
        return None

    def _senses_at(self, i: int) -> list[tuple[str, str, int]]:
        if i not in self._known:
            self._known[i] = [
                (sort, value, i + width)
                for width in self.senses.widths.get(self.tokens[i], ())
                if i + width <= len(self.tokens)
                for sort, value in self.senses.get(" ".join(self.tokens[i : i + width]), ())
            ]
        return self._known[i]

    def opens(self, i: int) -> bool:
        """Tell whether anything at a place can begin a date: a number, or words of the table."""
        word = self.tokens[i]
        if word in self.senses.widths and self._senses_at(i):
            return True
        return not word.isalpha() and any(c.isdigit() for c in word)

    def past(self, i: int) -> int:
        """Return the place after what cannot be resolved, so that no part of it is: "several years ago"."""
        vague = self.sense(i, "vague", "anchored")
        if vague:
            return vague[1]
        unlike = self.sense(i, "first-since")  # "for the first time since 1998"
        if unlike:
            then = self.point(self._skip(unlike[1]))
            return then[1] if then else unlike[1]
        many = self.sense(i, "vague-number")
        unit = self.sense(many[1], "unit") if many else None
        return unit[1] if unit else i + 1

    def interval(self, i: int) -> tuple[str, int] | None:
        """Read an interval that a word opens (since, from, between, until), else a point in time."""
        for sort in ("since", "from", "between", "until", "deadline"):
            opened = self.sense(i, sort)
            if opened is None:
                continue
            self.coming, self.closed = None, False
            begin = self.point(opened[1]) or self.point(self._skip(opened[1])) or self._this(opened[1])
            if begin is None or (sort == "deadline" and self._of_day(opened[1])):
                continue
            value, end = begin
            if self.closed:
                return begin
            yearless = self.coming is not None
            if sort in ("until", "deadline"):
                return f"../{value.split('/')[-1]}", end
            link = self.sense(end, "range", "until", "between-and")
            finish = self.point(link[1]) if link else None
            if finish is not None:
                first, last = value.split("/")[0], finish[0].split("/")[-1]
                if last < first and len(last) == len(first) == len("2022-06-16"):  # "from Monday to Friday"
                    first = (date.fromisoformat(first) - timedelta(weeks=1)).isoformat()
                if yearless and self.tokens[finish[1] - 1] == last[:4]:  # "from May to July 2003"
                    first = last[:4] + first[4:]
                return f"{first}/{last}", finish[1]
            if sort == "since":
                return f"{value.split('/')[0]}/..", end
        then = self.sense(i, "since-then")
        named = self.before() if then else None
        if then and named and named[:4].isdecimal():
            return f"{named.split('/')[0]}/..", then[1]
        return self.point(i)

    def _this(self, i: int) -> tuple[str, int] | None:
        """Read "the start of the year", "awal tahun": the unit in which the document was written."""
        part = self.sense(i + (self.tokens[i : i + 1] == ["the"]), "part")
        unit = self.sense(part[1] + (self.tokens[part[1] : part[1] + 1] == ["the"]), "unit") if part else None
        return (_unit(self.day, unit[0], 0), unit[1]) if unit and self.day is not None else None

    def ahead(self, i: int, value: str) -> str | None:
        """Return what a date at a place is for what is yet to come, None if that is no other date."""
        begin, _, end = value.partition("/")
        if self.sense(i, "since") and not self.sense(i, "from"):
            return None
        if self.coming is not None and self.day is not None and begin <= self.day.isoformat():
            return self.coming
        opened = end == ".." and self.sense(i, "from") is not None
        return begin if opened and self.day is not None and begin > self.day.isoformat() else None

    def _of_day(self, i: int) -> bool:
        """Tell whether a part of a day stands at a place, and its day after it: "before dawn on Friday"."""
        part = self.sense(i, "part", "daypart")
        return part is not None and self.sense(part[1], "at") is not None and self.tokens[part[1] - 1] != "of"

    def _skip(self, i: int) -> int:
        """Pass over "the", "around", "early": words that leave a date as precise as what follows."""
        while i < len(self.tokens):
            part = self.sense(i, "part", "at")
            if part is None and self.tokens[i] not in ("the", "-"):
                return i
            i = part[1] if part else i + 1
        return i

    def point(self, i: int) -> tuple[str, int] | None:
        for read in (self._numeric, self._weekday, self._calendar, self._season, self._relative, self._year):
            found = read(i)
            if found is not None:
                return found
        return None

    def _numeric(self, i: int) -> tuple[str, int] | None:
        if i >= len(self.tokens) or self.sense(i, "vague"):
            return None
        for width in (5, 1):
            if ISO.match("".join(self.tokens[i : i + width])):
                return "".join(self.tokens[i : i + width]), min(i + width, len(self.tokens))
        for width in (5, 3, 1):  # some tokenizers split "15/6" at the stroke
            joined = "".join(self.tokens[i : i + width])
            dashed, slashed = DASHED.match(joined), SLASHED.match(joined)
            value = None
            if dashed:
                value = _iso(int(dashed[3]), int(dashed[2]), int(dashed[1]))
            elif slashed and "/" in joined:
                value = self._slashed(slashed)
            if value:
                return value, min(i + width, len(self.tokens))
        return None

    def _slashed(self, match: re.Match[str]) -> str | None:
        month, year = int(match[3]), match[4]
        days = [int(day) for day in match.groups()[:2] if day]
        if not (1 <= month <= 12 and all(days)):
            return None
        known = (int(year) if len(year) == 4 else 2000 + int(year)) if year else None
        values = [_iso(known, month, day) if known else self._recent(month, day) for day in days]
        return None if None in values else "/".join(value for value in values if value)

    def _recent(self, month: int, day: int | None) -> str | None:
        """Give a date without a year the year that brings it nearest, the past preferred."""
        if self.day is None:
            return None
        year = self.day.year
        coming = _iso(year + ((month, day or 31) < (self.day.month, self.day.day)), month, day)
        if (month, day or 1) > (self.day.month, self.day.day) and month - self.day.month > 1:
            year -= 1
        value = _iso(year, month, day)
        fresh = value is not None and day is not None and timedelta(0) <= self.day - date.fromisoformat(value) < FRESH
        self.coming = None if fresh else coming
        return value

    def _toward(self, step: str, month: int, day: int | None) -> str | None:
        """Give a date without a year the one that "last", "this" or "next" says."""
        if self.day is None:
            return None
        there, here = (month, day or 0), (self.day.month, self.day.day if day else 0)
        year = self.day.year
        if step == "1":
            year += there <= here
        elif step == "-1":
            year -= there > here if day else there >= here
        return _iso(year, month, day)

    def _weekday(self, i: int) -> tuple[str, int] | None:
        direction = self.sense(i, "direction")
        wanted = self.sense(direction[1] if direction else i, "weekday")
        if wanted is None:
            return None
        end = wanted[1]
        exact = self._exact(end)
        if exact is not None or self.day is None:
            return exact
        if end - 1 not in self.capitals and self.sense(end - 1, "unit"):
            return None
        back = (self.day.isoweekday() - int(wanted[0])) % 7
        week = self._week(end)  # "Friday last week"
        if week is not None:
            return (
                self.day
                - timedelta(days=back % 7 if back < self.day.isoweekday() else back - 7)
                + timedelta(weeks=week[0])
            ).isoformat(), week[1]
        after = None if direction else self.sense(end, "direction")
        if after is not None:
            end = after[1]
        step = (direction or after or ("",))[0]
        coming = (self.day + timedelta(days=(7 - back))).isoformat()
        if step == "1":
            return coming, end
        if step != "-1":
            self.coming = coming
        elif back == 0:
            back = 7
        return (self.day - timedelta(days=back)).isoformat(), end

    def _exact(self, i: int) -> tuple[str, int] | None:
        """Read the date that explains a day: "Rabu malam (15/6)", "Wednesday, June 15", "kemarin (15/6)"."""
        k = self._daypart(i)
        while k < len(self.tokens) and self.tokens[k] in ("(", ","):
            k += 1
        exact = self._numeric(k) or self._calendar(k)
        if exact is None or len(exact[0].split("/")[0]) != len("2022-06-16"):
            return None
        stop = exact[1]
        return exact[0], stop + 1 if stop < len(self.tokens) and self.tokens[stop] == ")" else stop

    def _daypart(self, i: int) -> int:
        part = self.sense(i, "daypart")
        return part[1] if part else i

    def _week(self, i: int) -> tuple[int, int] | None:
        """Read "last week" after a weekday: how many weeks from now, and where it ends."""
        for first, second in (("direction", "unit"), ("unit", "direction")):
            a = self.sense(i, first)
            b = self.sense(a[1], second) if a else None
            if a and b and "week" in (a[0], b[0]):
                return int(a[0] if first == "direction" else b[0]), b[1]
        return None

    def _calendar(self, i: int) -> tuple[str, int] | None:
        if i >= len(self.tokens):
            return None
        direction = self.sense(i, "direction")
        j = direction[1] if direction else i
        for days, next_ in self._days(j):
            of = self.sense(next_, "at")
            month = self.sense(next_, "month") or (self.sense(of[1], "month") if of else None)
            if month:
                return self._dated(int(month[0]), days, month[1])
        holiday = self.sense(j, "holiday")
        if holiday and re.match(r"\d\d-\d\d\Z", holiday[0]):
            m, d = map(int, holiday[0].split("-"))
            return self._dated(m, [d], holiday[1], direction[0] if direction else None)
        month = self.sense(j, "month")
        if month is None or (direction is None and self._is_word(j)):
            return None
        end = month[1]
        for days, beyond in self._days(end):
            counted = len(days) > 1 and self.sense(end + 1, "between-and") and self.tokens[beyond - 1].isdecimal()
            if not (self.sense(beyond, "month") or counted):  # "on June 12 and 13 men"
                found = self._dated(int(month[0]), days, beyond)
                if found:
                    return found
        year, end = self._trailing_year(end)
        if year:
            return f"{year:04}-{int(month[0]):02}", end
        after = self.sense(end, "direction")
        step = direction or after
        value = self._toward(step[0], int(month[0]), None) if step else self._recent(int(month[0]), None)
        return (value, after[1] if after else end) if value else None

    def _season(self, i: int) -> tuple[str, int] | None:
        """Read "the spring of 1968", "last winter", "the first quarter of 2020" as intervals of months."""
        direction = self.sense(i, "direction")
        named = self.sense(direction[1] if direction else i, "season", "quarter")
        if named is None:
            return None
        if "/" in named[0]:
            first, last = map(int, named[0].split("/"))
        else:
            first, last = 3 * int(named[0]) - 2, 3 * int(named[0])
        of = self.sense(named[1], "at")
        year, end = self._trailing_year(of[1] if of else named[1])
        if year:
            return _months(year, first, last), end
        definite = (
            i > 1 and self.tokens[i - 1] == "the" and self.sense(i - 2, "at", "since", "until", "from", "deadline")
        )
        if self.day is None or not (direction or definite):
            return None
        begun = self.day.year - (first > self.day.month)  # the year of the last one that has begun
        running = (self.day.year - begun) * 12 + self.day.month <= last + 12 * (last < first)
        self.coming = _months(begun + 1, first, last)
        step = direction[0] if direction else None
        year = {"1": begun + 1, "0": self.day.year, "-1": begun - running}.get(step or "", begun)
        return _months(year, first, last), named[1]

    def _day(self, i: int) -> int | None:
        day = DAY.match(self.tokens[i]) if i < len(self.tokens) else None
        return int(day[1]) if day and 1 <= int(day[1]) <= 31 else None

    def _days(self, i: int) -> Iterator[tuple[list[int], int]]:
        """Yield readings of a day of the month, or the first and last of several: "3-5", "3 to 5", "3"."""
        joined = RANGE.match(self.tokens[i]) if i < len(self.tokens) else None
        if joined and int(joined[1]) < int(joined[2]):
            yield [int(joined[1]), int(joined[2])], i + 1
        first = self._day(i)
        if first is None:
            return
        dash = ("", i + 2) if self.tokens[i + 1 : i + 2] in (["-"], ["–"], ["—"]) else None
        link = dash or self.sense(i + 1, "range", "between-and")
        last = self._day(link[1]) if link else None
        if link and last and last > first:
            yield [first, last], link[1] + 1
        yield [first], i + 1

    def _dated(self, month: int, days: list[int], end: int, direction: str | None = None) -> tuple[str, int] | None:
        year, end = self._trailing_year(end)
        after = None if year else self.sense(end, "direction")
        step = after[0] if after else direction
        values = [
            _iso(year, month, day) if year else self._toward(step, month, day) if step else self._recent(month, day)
            for day in days
        ]
        named = [value for value in values if value]
        self.closed = len(named) > 1
        return ("/".join(named), after[1] if after else end) if len(named) == len(days) else None

    def _is_word(self, i: int) -> bool:
        """Tell whether "may" or "march" is no month here: nothing of a date stands beside it."""
        if self.sense(i, "word") is None:
            return False
        after = self.tokens[i + 1] if i + 1 < len(self.tokens) else ""
        before = i - 2 if i > 1 and self.tokens[i - 1] == "-" else i - 1  # "mid-May"
        return not (
            DAY.match(after)
            or RANGE.match(after)
            or YEAR.match(after)
            or self.sense(i + 1, "direction")
            or self._trailing_year(i + 1)[0]
            or (i and self.sense(before, *OPENING, "part", "between", "range"))
        )

    def _trailing_year(self, i: int) -> tuple[int | None, int]:
        """Read the year after a day or month: "2014", ", 2014", "of 2014", "last year"."""
        of = self.sense(i, "at")
        for j in (i, i + 1 if self.tokens[i : i + 1] == [","] else of[1] if of else i):
            if j < len(self.tokens) and YEAR.match(self.tokens[j]):
                return int(self.tokens[j]), j + 1
        for first, second in (("direction", "unit"), ("unit", "direction")):
            for start in (i, of[1] if of else i):
                a = self.sense(start, first)
                b = self.sense(a[1], second) if a else None
                if a and b and self.day is not None and "year" in (a[0], b[0]):
                    return self.day.year + int(a[0] if first == "direction" else b[0]), b[1]
        return None, i

    def _relative(self, i: int) -> tuple[str, int] | None:
        if self.day is None:
            return None
        named = self.sense(i, "relative-day")
        if named is not None:
            comma = named[1] + (self.tokens[named[1] : named[1] + 1] == [","])
            day = self.sense(comma, "weekday")  # "hari ini, Rabu (15/6)"
            exact = self._exact(named[1]) or (self._exact(day[1]) if day else None)
            return exact or (self._in_days(named[0]), named[1])
        for first, second in (("direction", "unit"), ("unit", "direction")):
            a = self.sense(i, first)
            b = self.sense(a[1], second) if a else None
            of = self.sense(b[1], "at") if b else None
            later = first == "unit" and b and self.sense(b[1], "unit")  # "three days last week"
            if a and b and not later and not (of and self.sense(of[1], "month")):  # "the last week of May"
                unit, step = (b[0], a[0]) if first == "direction" else (a[0], b[0])
                return self._exact(b[1]) or (_unit(self.day, unit, int(step)), b[1])
        recent = self.sense(i, "recent")
        if recent is not None:  # "at the weekend": the last one that has begun
            begun = _unit(self.day, recent[0], 0)
            return begun if begun <= self.day.isoformat() else _unit(self.day, recent[0], -1), recent[1]
        away = self.sense(i, "relative")
        if away is not None:  # "the week before last"
            steps, _, unit = away[0].partition(" ")
            return _unit(self.day, unit, int(steps)), away[1]
        anchored = self.sense(i, "anchored")
        if anchored is not None:
            steps, _, unit = anchored[0].partition(" ")
            offset = self.sense(anchored[1] - 1, "offset")
            if offset and self.named and "".join(self.tokens[anchored[1] : anchored[1] + 1]).isalpha():
                return self._from_anchor(unit or "day", -int(steps), anchored[1])  # "the day after X met Y"
            return self._from_anchor(unit or "day", int(steps), anchored[1], _unit)
        count = self._count(i)
        unit_found = self.sense(count[1], "unit") if count else self.sense(i, "one-unit")
        if unit_found:
            number = count[0] if count else 1
            times, _, unit = unit_found[0].rpartition(" ")
            number, unit_found = number * int(times or 1), (unit, unit_found[1])
            ago = self.sense(unit_found[1], "direction-after", "direction")
            if ago and ago[0] in ("-1", "1") and not self.sense(ago[1], "unit"):  # not "for three days last week"
                return _ago(self.day, unit_found[0], number * int(ago[0])), ago[1]
            offset = self.sense(unit_found[1], "offset")
            if offset and self.named:  # "left on Friday, two days after X had met Y"
                return self._from_anchor(unit_found[0], number * int(offset[0]), offset[1])
            to_come = self._named_later(offset[1]) if offset and unit_found[0] in DAYS else None
            if offset and to_come:  # "two days after X had met Y, it left on Friday"
                self.before = lambda: to_come
                return self._from_anchor(unit_found[0], number * int(offset[0]), offset[1])
            apart = self.sense(unit_found[1], "anchored-after")
            if apart:
                return self._from_anchor(unit_found[0], number * int(apart[0]), apart[1])
        return self._running(i)

    def _named_later(self, i: int) -> str | None:
        """Return the only date that the tokens from a place on name, None if there are none or several."""
        later = find(self.tokens[i:], self.day, self.senses)
        return later[0].value if len(later) == 1 else None

    def _running(self, i: int) -> tuple[str, int] | None:
        """Read the beginning of the month or year that runs: "at the start of the year", "awal bulan"."""
        part, found = self.sense(i, "part"), self._this(i)
        if found is None or part is None or part[0] != "early":
            return None
        end = found[1]
        if self.sense(end - 1, "unit") not in (("month", end), ("year", end)) or self.sense(end - 1, "anchored"):
            return None
        of = self.sense(end, "at")
        after = of[1] if of else end
        dated = self.sense(after, "month", "direction") or YEAR.match("".join(self.tokens[after : after + 1]))
        return None if dated or self.sense(end, "anchored-after") else found

    def _from_anchor(
        self, unit: str, steps: int, end: int, count: Callable[[date, str, int], str] | None = None
    ) -> tuple[str, int] | None:
        """Count from the date that was named last; nothing where that is less precise than the unit.

        `count` is `_unit` where whole weeks or months are meant ("the following week"), `_ago` if not given.
        """
        begin = (self.before() or "").split("/")[0]
        wanted = 10 if unit in DAYS else 7 if unit == "month" else 4
        if not begin[:4].isdecimal() or len(begin) < wanted:
            return None
        padded = date.fromisoformat(begin + "-01-01"[: 10 - len(begin)] if len(begin) < 10 else begin)
        return (count or _ago)(padded, unit, steps), end

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
        if not word or not word[0].isdecimal():
            return None
        number, end = int(word[0]), word[1]
        ones = self.sense(end + (self.tokens[end : end + 1] == ["-"]), "number")
        if ones and number >= 20 and number % 10 == 0 and 0 < int(ones[0]) < 10:  # "twenty-five"
            return number + int(ones[0]), ones[1]
        return number, end

    def _year(self, i: int) -> tuple[str, int] | None:
        decade = self.sense(i, "decade")
        if decade is not None:
            return f"{decade[0]}/{int(decade[0]) + 9}", decade[1]
        if i >= len(self.tokens):
            return None
        years = YEARS.match("".join(self.tokens[i : i + 3])) or YEARS.match(self.tokens[i])  # "1998-99", "1914 – 18"
        if years and (years[0] == self.tokens[i] or self.tokens[i + 1] in DASHES):
            last = years[2] if len(years[2]) == 4 else years[1][:2] + years[2]
            if last > years[1]:
                self.closed = True
                return f"{years[1]}/{last}", i + (1 if years[0] == self.tokens[i] else 3)
        if YEAR.match(self.tokens[i]):
            if self.sense(i + 1, "counted") or self.sense(i - 1, "currency"):
                return None
            link = self.sense(i + 1, "range")
            if (
                link
                and link[1] < len(self.tokens)
                and self.tokens[i] < self.tokens[link[1]]
                and YEAR.match(self.tokens[link[1]])
            ):
                self.closed = True
                return f"{self.tokens[i]}/{self.tokens[link[1]]}", link[1] + 1
            return self.tokens[i], i + 1
        return None


def _bare(token: str, senses: Senses) -> str:
    """Return a token without the part of a time that is written together with it: "mid-2021"."""
    part, _, rest = token.partition("-")
    return rest if rest and any(sort == "part" for sort, _ in senses.get(part, ())) else token


def _iso(year: int, month: int, day: int | None) -> str | None:
    try:
        moment = date(year, month, day or 1)
    except ValueError:
        return None
    return moment.isoformat() if day else f"{year:04}-{month:02}"


def _months(year: int, first: int, last: int) -> str:
    """Return the interval from one month to another, which is in the next year if its number is lower."""
    return f"{year:04}-{first:02}/{year + (last < first):04}-{last:02}"


def _unit(day: date, unit: str, steps: int) -> str:
    if unit in ("day", "night", "morning", "afternoon", "evening", "hour", "minute"):
        return (day + timedelta(days=steps)).isoformat()
    if unit in ("week", "weekend"):
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=steps)
        start = monday + timedelta(days=5) if unit == "weekend" else monday
        return f"{start.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
    if unit == "month":
        months = day.year * 12 + day.month - 1 + steps
        return f"{months // 12:04}-{months % 12 + 1:02}"
    if unit in YEARS_IN:
        span = YEARS_IN[unit]
        first = day.year // span * span + span * steps
        return f"{first:04}/{first + span - 1:04}"
    return f"{day.year + steps:04}"


def _ago(day: date, unit: str, steps: int) -> str:
    """Return the day, month or year that lies `steps` units from `day`, as precise as the unit."""
    if unit in DAYS:
        return (day + timedelta(days=steps * DAYS[unit])).isoformat()
    if unit in MONTHS_IN:
        return _unit(day, "month", steps * MONTHS_IN[unit])
    return f"{day.year + steps * YEARS_IN.get(unit, 1):04}"
