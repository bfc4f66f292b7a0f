"""What people say of statements: accept, reject, correct, note. Kept in a file of their own, applied to any graph.

A decision names a statement by what it says, not by the evidence of one run, so it holds for a graph that is built
again. The file has one decision a line (JSON); of several on a statement the latest counts.
"""

import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kgraph import ontology
from kgraph.errors import KgraphError, TableError
from kgraph.graph.contents import text
from kgraph.graph.encoding import iri_of, literal, row, statement_iri
from kgraph.graph.namespaces import expand
from kgraph.graph.reading import actor_iri
from kgraph.graph.settle import mark
from kgraph.graph.store import Change
from kgraph.model import Factuality, Statement

if TYPE_CHECKING:
    from kgraph.graph import Graph

__all__ = ["VERDICTS", "Decision", "add", "append", "apply", "queue", "read"]

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z", re.ASCII)
VERDICTS = ("accept", "reject", "correct", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A verdict on the statement with this subject, relation, object and factuality.

    `correct` says what is right instead: `corrected` is the key of another statement. `by` and `on` tell who decided,
    and when (ISO 8601, UTC); of several decisions the latest counts.
    """

    subject: str
    relation: str
    object: str
    factuality: str
    verdict: str
    corrected: tuple[str, str, str, str] | None = None
    note: str | None = None
    by: str | None = None
    on: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a decision, with a KgraphError."""
        if self.verdict not in VERDICTS:
            raise KgraphError(f"{self.verdict!r} is no verdict: it is one of {', '.join(VERDICTS)}.")
        if (self.verdict == "correct") != (self.corrected is not None):
            raise KgraphError("A correction, and nothing else, says what is right instead.")
        if self.verdict == "note" and not self.note:
            raise KgraphError("A note needs text.")
        if self.on is not None and not _MOMENT.fullmatch(self.on):
            raise KgraphError(f"{self.on!r} is no moment: write 2026-01-31T12:00:00Z.")
        for key in filter(None, ((self.subject, self.relation, self.object, self.factuality), self.corrected)):
            subject, relation, object_, factuality = key
            actor_iri(subject)
            actor_iri(object_)
            if not ontology.load().relation(relation).allows(subject, object_):
                raise KgraphError(f"{relation} cannot relate {subject} to {object_}.")
            if factuality not in set(Factuality):
                raise KgraphError(f"{factuality!r} is no factuality: it is one of {', '.join(Factuality)}.")

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Return the decision that a line of the file holds; raise KgraphError where it is none."""
        if missing := [name for name in ("subject", "relation", "object", "factuality", "verdict") if name not in data]:
            raise KgraphError(f"it lacks {', '.join(missing)}")
        if unknown := data.keys() - {field.name for field in fields(cls)}:
            raise KgraphError(f"there is no {', '.join(sorted(unknown))} in one")
        corrected = data.get("corrected")
        return cls(**{**data, "corrected": None if corrected is None else tuple(corrected)})

    @property
    def statement(self) -> str:
        """Return the id of the statement that it is about."""
        return _key_id((self.subject, self.relation, self.object, self.factuality))

    @property
    def id(self) -> str:
        """Return a hash of the decision: 32 hexadecimal digits."""
        return hashlib.sha256(_line(self).encode()).hexdigest()[:32]


def read(path: Path) -> list[Decision]:
    """Return the decisions in a file, none if there is no file; raise TableError with file and line for a bad one."""
    if not path.exists():
        return []
    decisions = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            decisions.append(Decision.from_dict(json.loads(line)))
        except (ValueError, TypeError, KgraphError) as error:
            raise TableError(f"{path}:{number}: not a decision: {error}") from error
    return decisions


def append(path: Path, decision: Decision) -> None:
    """Add a decision to a file, so that it is on disk when this returns."""
    with path.open("a", encoding="utf-8") as file:
        file.write(_line(decision) + "\n")
        file.flush()
        os.fsync(file.fileno())


def queue(graph: "Graph", decisions: Iterable[Decision], **filters: Any) -> Iterator[Statement]:
    """Yield the statements that nobody decided on, the least confident first; filters as in `Graph.statements`."""
    decided = {decision.statement for decision in decisions if decision.verdict != "note"}
    waiting = (statement for statement in graph.statements(**filters) if statement.id not in decided)
    yield from sorted(waiting, key=lambda statement: (statement.confidence, statement.key))


def apply(graph: "Graph", decisions: Iterable[Decision]) -> int:
    """Write decisions into a graph, in place of all that it holds, and return how many are about its statements.

    A rejected statement is kept with its evidence but is never asserted as a direct triple and contradicts nothing; an
    accepted one has confidence 1. A correction rejects the statement; what is right instead is told by the review.
    """
    graph.settle()
    store = graph.store
    known = {text(s) for (s,) in store.select("SELECT ?s { ?s a rdf:Statement }")}
    applied = [decision for decision in decisions if statement_iri(decision.statement) in known]
    wanted = {each for decision in applied for each in _rows(decision)}
    reviews = "SELECT ?r ?p ?o { ?r a kg:Review ; ?p ?o }"
    present = {" ".join(map(str, triple)) for triple in store.select(reviews)}
    about = {each.split(" ")[2] for each in wanted ^ present if f" {iri_of('kg:reviews')} " in each}
    graph.change(Change(wanted - present, present - wanted, {mark(node[1:-1]) for node in about}))
    return len(applied)


def add(graph: "Graph", decisions: Iterable[Decision]) -> None:
    """Write further decisions into a graph that holds the others; one about a statement that it has not is left out."""
    graph.settle()
    by_statement: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_statement[statement_iri(decision.statement)].append(decision)
    known = [iri for iri in by_statement if graph.store.ask(f"ASK {{ <{iri}> a rdf:Statement }}")]
    rows = {each for iri in known for decision in by_statement[iri] for each in _rows(decision)}
    graph.change(Change(rows, (), {mark(iri) for iri in known}))


def _rows(decision: Decision) -> Iterator[str]:
    """Yield the triples of a decision."""
    node = expand("review:") + decision.id
    yield row(node, "rdf:type", iri_of("kg:Review"))
    yield row(node, "kg:reviews", f"<{statement_iri(decision.statement)}>")
    yield row(node, "kg:decision", literal(decision.verdict))
    if decision.corrected is not None:
        yield row(node, "kg:corrected_to", literal(" ".join(decision.corrected)))
    if decision.note:
        yield row(node, "rdfs:comment", literal(decision.note))
    if decision.by:
        yield row(node, "dcterms:creator", literal(decision.by))
    if decision.on:
        yield row(node, "dcterms:date", literal(decision.on, "xsd:dateTime"))


def now() -> str:
    """Return the moment as decisions write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _key_id(key: tuple[str, str, str, str]) -> str:
    subject, relation, object_, factuality = key
    if ontology.load().relation(relation).symmetric:
        subject, object_ = min(subject, object_), max(subject, object_)
    return Statement(subject, relation, object_, Factuality(factuality)).id


def _line(decision: Decision) -> str:
    return json.dumps({k: v for k, v in asdict(decision).items() if v is not None}, ensure_ascii=False)
