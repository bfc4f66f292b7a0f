"""Statements as PLOVER events, and how they stand beside the events that coders found in the same texts.

Each relation that is an act has a PLOVER event type in the ontology; lasting states have none. An event goes from a
source to a target; it is reciprocal where the relation is symmetric. Denied statements are no events.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kgraph import ontology
from kgraph.model import Factuality, Statement

__all__ = ["Event", "aligned", "coded", "events", "to_record"]


@dataclass(frozen=True)
class Event:
    """An event by its two actors and its type; `also` are types that say the same.

    `reciprocal` events have no direction. An `optional` one was intended, promised or supposed: it may be right, but is
    no mistake where a coder is silent.
    """

    source: str
    target: str
    type: str
    also: frozenset[str] = frozenset()
    reciprocal: bool = False
    optional: bool = False

    def __str__(self) -> str:
        """Return source, type and target."""
        return f"{self.source} {self.type} {self.target}"

    @property
    def pair(self) -> frozenset[str]:
        """Return the two actors."""
        return frozenset((self.source, self.target))

    def same(self, other: "Event") -> bool:
        """Return whether the two agree in actors, direction where both have one, and type."""
        directed = (self.source, self.target) == (other.source, other.target)
        undirected = (self.reciprocal or other.reciprocal) and self.pair == other.pair
        return (directed or undirected) and bool({self.type, *self.also} & {other.type, *other.also})


def to_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the exchange record of a document (`kgraph.build.to_record`) with its events in place of its statements.

    An event has source, target, plover, quad, reciprocal, and the relation and all else that its statement has.
    """
    found = []
    for statement in record["statements"]:
        relation = ontology.load().relations[statement["relation"]]
        if relation.plover and statement["factuality"] != Factuality.NEGATED:
            rest = {k: v for k, v in statement.items() if k not in {"subject", "object"}}
            ends = {"source": statement["subject"], "target": statement["object"]}
            kind = {"plover": relation.plover, "quad": relation.quad, "reciprocal": relation.symmetric}
            found.append({**ends, **kind, **rest})
    return {"id": record["id"], "events": found}


def events(statements: Iterable[Statement]) -> dict[Event, list[Statement]]:
    """Return the events of a document's statements, each with the statements that it comes from.

    What is only promised or intended is optional; if it is cooperative it may also stand for AGREE, as PLOVER codes it.
    """
    found: dict[Event, list[Statement]] = defaultdict(list)
    for s in statements:
        relation = ontology.load().relations[s.relation]
        if relation.plover and s.factuality is not Factuality.NEGATED:
            source, target = sorted((s.subject, s.object)) if relation.symmetric else (s.subject, s.object)
            optional = s.factuality is Factuality.POSSIBLE
            also = frozenset({"AGREE"} if optional and relation.sign > 0 else ())
            found[Event(source, target, relation.plover, also, relation.symmetric, optional)].append(s)
    certain = {(e.source, e.target, e.type) for e in found if not e.optional}
    return {e: of for e, of in found.items() if not e.optional or (e.source, e.target, e.type) not in certain}


def coded(rows: Iterable[Any]) -> list[Event]:
    """Return the events of a gold record's "events".

    Each has strings "source", "target" and "plover" and may have "reciprocal" (true where direction does not matter)
    and "also" (a list of types that are right as well). Raises ValueError for one that is no such event.
    """
    known = {relation.plover for relation in ontology.load().relations.values()}
    found = []
    for row in rows:
        named = isinstance(row, dict) and all(isinstance(row.get(k), str) for k in ("source", "target", "plover"))
        if not named or not isinstance(row.get("also", []), list):
            raise ValueError(f"{row!r} is no event with source, target and plover")
        also = frozenset(row.get("also", []))
        if not {row["plover"], *also} & known:
            raise ValueError(f"no relation has the event type {row['plover']!r}")
        found.append(Event(row["source"], row["target"], row["plover"], also, bool(row.get("reciprocal"))))
    return list(dict.fromkeys(found))


def aligned(gold: Iterable[Event], found: Iterable[Event]) -> list[tuple[Event, Event]]:
    """Return which found event is which of gold, one to one; those of the same direction and not optional first."""
    pairs = [(g, f) for g in gold for f in found if g.same(f)]
    out: list[tuple[Event, Event]] = []
    for g, f in sorted(pairs, key=lambda p: (p[0].source != p[1].source, p[1].optional)):
        if all(g != used and f != other for used, other in out):
            out.append((g, f))
    return out
