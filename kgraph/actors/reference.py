"""Resolve "its", "both countries", "negaranya", "the kingdom" to actors that were named before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeVar

from kgraph.actors.gazetteer import actors
from kgraph.model import Mention

__all__ = ["History", "resolve", "unique"]

ACTING = ("country", "org", "group", "place", "company")


class Names(Protocol):
    """What names an actor."""

    @property
    def mention(self) -> Mention:
        """Return the mention that does."""


Naming = TypeVar("Naming", bound=Names)


@dataclass(frozen=True, slots=True)
class Past:
    """A mention that has been read, the sentence it stood in, whether it was a subject there, and in which list.

    `person` is whether it says of what state somebody is ("the Egyptian minister"), so that "he" may be of that state.
    """

    mention: Mention
    sentence: int
    subject: bool
    among: tuple[int, int] | None = None
    person: bool = False


class Dyad(NamedTuple):
    """A relation that was found, who acted and towards whom."""

    relation: str
    subject: Mention
    object: Mention


class History:
    """Who has been named so far in a document, in order."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.past: list[Past] = []
        self.speaker: Mention | None = None
        self.quoted: Sequence[tuple[int, int]] = ()  # the stretches of the text in which somebody is quoted
        self.dyads: list[Dyad] = []  # as they were found

    def add(
        self,
        mention: Mention,
        sentence: int,
        *,
        subject: bool,
        among: tuple[int, int] | None = None,
        person: bool = False,
    ) -> None:
        """Note a mention; `among` is the same for those that are coordinated ("Peru and Chile")."""
        self.past.append(Past(mention, sentence, subject, among, person))

    def in_quote(self, mention: Mention) -> bool:
        """Tell whether a mention stands in a quote: who speaks there names others."""
        return any(start <= mention.start < end for start, end in self.quoted)

    def before(self, place: int) -> list[Past]:
        """Return what was named before an offset, the nearest first."""
        return [p for p in reversed(self.past) if p.mention.end <= place]


def resolve(
    sort: str,
    kind: str,
    mention: Mention,
    sentence: int,
    history: History,
    clause_subjects: frozenset[str] = frozenset(),
    *,
    acted_on: bool = False,
) -> list[tuple[Mention, ...]]:
    """Return readings of a reference, best first; each is the mentions that it stands for, at its place.

    `sort` and `kind` are those of the language's `reference.tsv`. `clause_subjects` are the actors that govern the
    clause: "its" in an object is most often the subject's, unless there are several; "it" never is, "itself" always.
    `acted_on` is whether the reference is itself an object, and then rather means one that was no subject.
    """
    if sort.startswith("first"):
        if history.speaker is None:
            return []
        return [(_at(mention, history.speaker),)]
    before = [p for p in history.before(mention.start) if _fits(p.mention, kind) or (kind == "person" and p.person)]
    if kind not in ("", "any", "person"):  # "the country" is not whoever acts for it
        before = [replace(p, mention=replace(p.mention, agent=None)) if p.mention.agent else p for p in before]
    recent = [p for p in before if sentence - p.sentence <= 3]
    if sort == "reciprocal":
        return _pair(mention, before)
    others = [p for p in before if p.mention.actor not in clause_subjects]
    if sort == "both":
        if kind == "person" and len({p.mention.actor for p in others}) < 2:  # "the two leaders" of states named alone
            before = [p for p in history.before(mention.start) if _fits(p.mention, "country")]
            others = [p for p in before if p.mention.actor not in clause_subjects]
        pair = _listed_pair(mention, [p for p in others if sentence - p.sentence <= 3])
        here = [p for p in others if p.sentence == sentence]
        earlier = [p for p in others if p.sentence < sentence]
        return pair or _pair(mention, here) or _pair(mention, earlier) or _pair(mention, others)
    if sort in ("former", "latter"):
        pairs = _pair(mention, before)
        return [(pairs[0][0 if sort == "former" else 1],)] if pairs else []
    if sort == "other":
        apart = unique(p for p in recent if p.mention.actor not in clause_subjects)
        return [(_at(mention, p.mention),) for p in (apart if clause_subjects else apart[1:])]
    if sort == "descriptor":
        recent = [p for p in before if sentence - p.sentence <= 6]
    if sort == "plural":
        recent = [p for p in recent if p.mention.actor not in clause_subjects]
        return [*_many(mention, recent), *((_at(mention, p.mention),) for p in unique(recent))]
    if sort == "reflexive":
        return [(_at(mention, p.mention),) for p in unique(before) if p.mention.actor in clause_subjects]
    if sort == "possessive-plural":  # "their" is of all subjects where there are several
        owners = unique(p for p in before if p.mention.actor in clause_subjects)
        if len(owners) > 1:
            return [tuple(_at(mention, p.mention) for p in reversed(owners))]
        sort = "possessive"
    if sort == "singular" or len(clause_subjects) > 1:
        recent = [p for p in recent if p.mention.actor not in clause_subjects]
    if sort == "possessive":

        def near(p: Past) -> tuple[bool, int, bool, bool]:
            return (
                p.mention.actor not in clause_subjects,
                sentence - p.sentence,
                p.among is not None or p.mention.sort == "adjective",
                p.sentence != sentence and not p.subject,
            )

        ranked = unique(sorted(recent, key=near))
    else:
        ranked = unique(sorted(recent, key=lambda p: (sentence - p.sentence, p.subject is acted_on)))
    return [(_at(mention, p.mention),) for p in ranked]


def _fits(mention: Mention, kind: str) -> bool:
    if kind in ("", "any"):
        known = actors().get(mention.actor)
        kind = mention.actor.split(":")[0]
        return mention.agent is not None or (kind in ACTING and (kind != "place" or (known is not None and known.acts)))
    if kind == "person":
        return mention.agent is not None or mention.actor.startswith("person:")
    return any(mention.actor == k or mention.actor.startswith(k + ":") for k in kind.split("|"))


def unique(named: Iterable[Naming]) -> list[Naming]:
    """Return what names actors without repeats of an actor, in order."""
    found: dict[str, Naming] = {}
    for each in named:
        found.setdefault(each.mention.actor, each)
    return list(found.values())


def _pair(mention: Mention, before: Sequence[Past]) -> list[tuple[Mention, ...]]:
    two = unique(before)[:2]
    return [tuple(_at(mention, p.mention) for p in reversed(two))] if len(two) == 2 else []


def _listed_pair(mention: Mention, before: Sequence[Past]) -> list[tuple[Mention, ...]]:
    """Return the two that were last named in one breath ("Paris and London"), if two."""
    for among in dict.fromkeys(p.among for p in before if p.among is not None):
        two = unique([p for p in before if p.among == among])
        if len(two) == 2:
            return [tuple(_at(mention, p.mention) for p in reversed(two))]
    return []


def _many(mention: Mention, before: Sequence[Past]) -> list[tuple[Mention, ...]]:
    """Return the list that was named last, or a group that is many by itself, or else the last two."""
    for p in before:
        if p.mention.actor.startswith("group:") or p.mention.sort == "people":
            return [(_at(mention, p.mention),)]
        if p.among is not None:
            among = unique([q for q in before if q.among == p.among])
            if len(among) > 1:
                return [tuple(_at(mention, q.mention) for q in reversed(among))]
    return _pair(mention, before)


def _at(place: Mention, meant: Mention) -> Mention:
    return Mention(place.start, place.end, meant.actor, "reference", meant.agent)
