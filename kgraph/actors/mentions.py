"""Find who is named in a document: the longest form wins, an ambiguous form needs a witness."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from kgraph.actors.gazetteer import Gazetteer, Person, people
from kgraph.language import Language, Name
from kgraph.model import Document, Mention

__all__ = ["find"]

NUMERAL = re.compile(r" [IVX]+\b")  # of a king: "King Felipe" is listed, "VI" may follow
HIGH = ("head_of_state_of", "head_of_government_of", "minister_of", "leads")


def find(document: Document, gazetteer: Gazetteer, language: Language) -> list[Mention]:
    """Return the mentions in a document, in order of place, without overlaps."""
    text = document.text
    day = document.date or datetime.now(UTC).date()
    found = list(gazetteer.find(text))
    lowered = text.lower()
    sure = {
        n.actor
        for _, _, names in found
        if len({m.actor for m in names}) == 1
        for n in names
        if not n.needs and not (n.sort == "short" and n.actor in people()) and in_time(n, day)
    }
    candidates = []
    for start, end, names in found:
        name = _choose(names, start, end, text, lowered, day, sure)
        if name is not None:
            candidates.append((start, end, name))
    candidates.sort(key=lambda c: (c[0] - c[1], c[0]))
    taken: list[tuple[int, int, Name]] = []
    for start, end, name in candidates:
        if all(end <= s or start >= e for s, e, _ in taken):
            taken.append((start, end, name))
    taken.sort(key=lambda c: c[0])
    return list(_mentions(taken, text, day, language))


def _mentions(taken: Iterable[tuple[int, int, Name]], text: str, day: date, language: Language) -> Iterable[Mention]:
    for start, end, name in taken:
        if name.actor is None:
            continue
        if name.actor in people():
            first, space, _ = text[start:end].partition(" ")
            if space and any(
                o.relation is not None for o in language.titles.get(first.lower(), ())
            ):  # "King Felipe": a title and a name
                start += len(first) + 1  # noqa: PLW2901
            numeral = NUMERAL.match(text, end)
            end = numeral.end() if numeral else end  # noqa: PLW2901
            before = text[max(0, start - 30) : start].lower().split()
            state = None if _former(before, language) else people()[name.actor].acts_for(day)
            yield Mention(start, end, state or name.actor, "person", name.actor)
        else:
            yield Mention(start, end, name.actor, name.sort)


def _former(before: list[str], language: Language) -> bool:
    return any(
        office.relation is None and office.office == "former"
        for word in before[-3:]
        for office in language.titles.get(word.strip(","), ())
    )


def in_time(name: Name, day: date) -> bool:
    """Tell whether a form names its actor on a day."""
    return (name.first is None or name.first <= day.year) and (name.last is None or day.year <= name.last)


def _choose(
    names: list[Name], start: int, end: int, text: str, lowered: str, day: date, sure: set[str | None]
) -> Name | None:
    known = people()
    running = [n for n in names if in_time(n, day)]
    places = [
        n
        for n in running
        if not (n.actor in known and n.sort == "short") and _witnessed(n, start, end, text, lowered, sure)
    ]
    short = [n for n in running if n.actor in known and n.sort == "short"]
    person = _by_surname(short, day, sure) if short else None
    if person is not None and (not places or person.actor in sure):
        return person
    if len({n.actor for n in places}) == 1:
        return places[0]
    witnessed = [n for n in places if n.needs]
    return witnessed[0] if len({n.actor for n in witnessed}) == 1 else None


def _by_surname(names: list[Name], day: date, sure: set[str | None]) -> Name | None:
    full = [n for n in names if n.actor in sure]
    if full:
        return full[0] if len(full) == 1 else None
    known = people()

    def in_office(name: Name) -> Person | None:
        person = known[str(name.actor)]
        term = person.term(day)
        return person if term is not None and term.relation in HIGH else None

    holders = [n for n in names if in_office(n)]
    return holders[0] if len(holders) == 1 else None


def _witnessed(name: Name, start: int, end: int, text: str, lowered: str, sure: set[str | None]) -> bool:
    if name.avoid:
        left = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start)) + 1
        stops = [p for p in (text.find("\n", end), text.find(". ", end)) if p >= 0]
        sentence = lowered[left : min(stops, default=len(text))]
        if any(_has(word.lower(), sentence) for word in name.avoid):
            return False
    if not name.needs:
        return True
    return any(
        witness in sure if re.match(r"(country|org|person|group|company|place|treaty):", witness) else
        _has(witness.lower(), lowered)
        for witness in name.needs
    )  # fmt: skip


def _has(word: str, lowered: str) -> bool:
    place = lowered.find(word)
    while place >= 0:
        end = place + len(word)
        if not (place and lowered[place - 1].isalnum()) and not (end < len(lowered) and lowered[end].isalnum()):
            return True
        place = lowered.find(word, place + 1)
    return False
