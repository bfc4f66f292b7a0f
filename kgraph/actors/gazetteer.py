"""Who may be named how: the actor tables and a language's names, ready for matching."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from kgraph import ontology
from kgraph.language import Language, Name, check_actor
from kgraph.language import load as load_language
from kgraph.tables import Row, read

__all__ = ["Actor", "Gazetteer", "Person", "Term", "actors", "load", "people"]

FOLDER = Path(__file__).parent
GRACE = timedelta(days=60)  # an office is still, or already, that of its holder in the text of the day


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor of the tables: its id, its usual English name, its Wikidata id where a source gives one.

    `acts` is false for a place that is only a place: a town, a sea, a strip of land without a government of its own.
    """

    id: str
    label: str
    qid: str | None = None
    iso2: str | None = None
    acts: bool = True


@dataclass(frozen=True, slots=True)
class Term:
    """A time in office: relation to, and office of, an actor; ISO dates, `last` empty while in office."""

    relation: str
    office: str
    of: str
    first: str
    last: str

    def covers(self, day: date, grace: timedelta = GRACE) -> bool:
        """Tell whether the term was running on a day, give or take `grace`."""
        early = (day - grace).isoformat() if day.toordinal() > grace.days else day.isoformat()
        late = (day + grace).isoformat()
        return (not self.first or self.first <= late) and (not self.last or self.last + "~" >= early)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the tables, with the forms that name them alone (`short`) and their terms of office."""

    id: str
    label: str
    qid: str | None
    short: tuple[str, ...]
    aliases: tuple[str, ...]
    terms: tuple[Term, ...]

    def acts_for(self, day: date) -> str | None:
        """Return the actor for which the person acts on a day: that of a running term, else of all terms."""
        for term in self.terms:
            if term.covers(day):
                return term.of
        states = {term.of for term in self.terms}
        return states.pop() if len(states) == 1 else None

    def term(self, day: date) -> Term | None:
        """Return the term that runs on a day, the one that began last if there are several."""
        running = [term for term in self.terms if term.covers(day)]
        return max(running, key=lambda t: t.first, default=None)


@cache
def actors() -> Mapping[str, Actor]:
    """Return all actors of the tables by id."""
    found: dict[str, Actor] = {}
    for path in sorted(FOLDER.glob("*.tsv")):
        if path.stem == "terms":
            continue
        for row in read(path, ["id", "qid", "label"]):
            ident = check_actor(row["id"], row)
            if ident in found:
                raise row.error(f"{ident} is already in the tables", "keep one of the two rows")
            found[ident] = Actor(ident, row["label"], row["qid"] or None, row.get("iso2") or None, _acts(row, ident))
    return found


def _acts(row: Row, actor: str) -> bool:
    return ontology.kind_of(actor) != "place" or row.get("acts") == "yes"


@cache
def people() -> Mapping[str, Person]:
    """Return all people of the tables by id."""
    terms: dict[str, list[Term]] = defaultdict(list)
    rows = list(read(FOLDER / "people.tsv", ["id", "qid", "label", "short", "aliases"]))
    known = {row["id"] for row in rows}
    for row in read(FOLDER / "terms.tsv", ["person", "relation", "office", "of", "from", "to"]):
        if row["person"] not in known:
            raise row.error(f"no person {row['person']!r} in people.tsv")
        if row["of"] not in actors():
            raise row.error(f"no actor {row['of']!r} in the tables")
        terms[row["person"]].append(Term(row["relation"], row["office"], row["of"], row["from"], row["to"]))
    return {
        row["id"]: Person(
            row["id"], row["label"], row["qid"] or None, row.choices("short"), row.choices("aliases"),
            tuple(sorted(terms[row["id"]], key=lambda t: t.first)),
        )
        for row in rows
    }  # fmt: skip


def fold(text: str) -> str:
    """Return the text with apostrophes made straight and letters lower, the same length as before."""
    straight = text.replace("’", "'").replace("‘", "'")
    lowered = straight.lower()
    if len(lowered) == len(text) and "Σ" not in text:  # a final sigma is lowered by its place
        return lowered
    return "".join(low if len(low := c.lower()) == 1 else c for c in straight)


class Gazetteer:
    """Find the forms of a language's names, and of all people, in a text."""

    def __init__(self, language: Language) -> None:
        """Compile the automaton of all forms."""
        self.entries: dict[str, list[Name]] = defaultdict(list)
        for name in language.names:
            self._add(name)
        for person in people().values():
            for form in (person.label, *person.aliases):
                self._add(Name(form, person.id, "name"))
            for form in person.short:
                self._add(Name(form, person.id, "short"))
        self.offices: dict[tuple[str, str], list[tuple[Term, str]]] = defaultdict(list)
        for person in people().values():
            for term in person.terms:
                self.offices[term.office, term.of].append((term, person.id))
        self._forms = list(self.entries)
        self._automaton = AhoCorasick(self._forms)

    def _add(self, name: Name) -> None:
        form = fold(unicodedata.normalize("NFC", name.form))
        rows = self.entries[form]
        if name not in rows:
            rows.append(name)

    def find(self, text: str) -> Iterator[tuple[int, int, list[Name]]]:
        """Yield (start, end, names) of all forms that stand as whole words, overlaps included.

        A name of exact case is left out where the text has another case.
        """
        folded = fold(text)
        for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if (start and _joins(text[start - 1]) and _joins(text[start])) or (
                end < len(text) and _joins(text[end]) and _joins(text[end - 1])
            ):
                continue
            words = text[start:end].replace("’", "'").replace("‘", "'")
            names = [n for n in self.entries[self._forms[number]] if not n.exact or _same(words, n.form)]
            if names:
                yield start, end, names

    def holder(self, office: str, of: str, day: date) -> str | None:
        """Return the person who held an office on a day, None where the tables do not tell or tell of two."""
        strict = [p for term, p in self.offices.get((office, of), ()) if term.covers(day, timedelta(0))]
        return strict[0] if len(set(strict)) == 1 else None


def _joins(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.combining(character) != 0


def _same(words: str, form: str) -> bool:
    form = form.replace("’", "'").replace("‘", "'")
    return words == form or (words.isupper() and len(words) > 5 and words == form.upper())


@cache
def load(code: str) -> Gazetteer:
    """Return the gazetteer of a language."""
    return Gazetteer(load_language(code))
