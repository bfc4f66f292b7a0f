"""The graph that users hold: documents and evidence go in, statements come out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kgraph.errors import GraphError
from kgraph.graph import contents, reading, sources
from kgraph.graph.encoding import (
    ActorLabels,
    actor_rows,
    actors_of,
    canonical,
    document_iri,
    document_rows,
    evidence_iri,
    evidence_rows,
    literal,
    row,
    statement_iri,
    statement_rows,
)
from kgraph.graph.settle import Claims, Key, chunks, mark, settle, unsettled
from kgraph.graph.store import Change, EmbeddedStore, Store
from kgraph.model import Document, Evidence, Statement

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import rdflib

    from kgraph.export.plot import Drawing
    from kgraph.query import Answer

__all__ = ["Added", "Graph"]


@dataclass(frozen=True, slots=True)
class Added:
    """How many documents were new, replaced an older text or were there already; how much evidence."""

    new: int = 0
    replaced: int = 0
    skipped: int = 0
    evidence: int = 0

    def __add__(self, other: "Added") -> "Added":
        return Added(
            self.new + other.new,
            self.replaced + other.replaced,
            self.skipped + other.skipped,
            self.evidence + other.evidence,
        )


class Graph:
    """A set of documents and evidence, and all that follows from it. Use it as a context manager."""

    def __init__(self, store: Store, *, read_only: bool = False) -> None:
        """Hold the graph in a store; `Graph.open` is the usual way."""
        self.store = store
        self.read_only = read_only
        self._settled = read_only
        # What every piece of evidence claims, as long as all of it came in here: then nothing need be read back.
        self._claims: Claims | None = None if read_only or not store.empty() else Claims()

    @classmethod
    def open(cls, path: str | Path | None = None, *, read_only: bool = False) -> Self:
        """Return the graph in a folder (made if there is none) or at a SPARQL server's URL; None: in memory.

        Raises GraphError where the path is something else than a graph, or is in use by another process.
        """
        if isinstance(path, str) and path.startswith(("http://", "https://")):
            from kgraph.graph.endpoint import EndpointStore

            return cls(EndpointStore(path), read_only=read_only)
        if path is None:
            return cls(EmbeddedStore())
        store = EmbeddedStore(Path(path), read_only=read_only)
        if read_only and unsettled(store):  # a run was killed: complete what it began
            store.close()
            cls.open(path).close()
            store = EmbeddedStore(Path(path), read_only=True)
        return cls(store, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: object, *_: object) -> None:
        """Close the graph; after an error, leave what is still to be computed to the next one who opens it."""
        if error is None:
            self.close()
        else:
            self.store.close()

    def __len__(self) -> int:
        """Return the number of statements."""
        self.settle()
        ((count,),) = self.store.select("SELECT (COUNT(?s) AS ?n) { ?s a rdf:Statement }")
        return int(contents.text(count))

    def __bool__(self) -> bool:
        """Return True: a graph without statements is a graph."""
        return True

    def close(self) -> None:
        """Compute what is not computed yet, write it and let go of the store."""
        try:
            self.settle()
        finally:
            self.store.close()

    def settle(self) -> None:
        """Bring statements up to date with the evidence; reading and closing do it by themselves."""
        if not self._settled:
            claims, self._claims = self._claims, None
            settle(self.store, claims)
            self._settled = True

    # What goes in

    def add(
        self,
        document: Document,
        evidence: Iterable[Evidence] = (),
        labels: Mapping[str, ActorLabels] | None = None,
    ) -> Added:
        """Add a document with all evidence found in it, and say what that changed."""
        return self.add_many([(document, evidence)], labels)

    def add_many(
        self,
        batch: Iterable[tuple[Document, Iterable[Evidence]]],
        labels: Mapping[str, ActorLabels] | None = None,
    ) -> Added:
        """Add documents with their evidence in one transaction: all of them or none.

        A document that is there already, by content, is skipped; one whose content changed replaces the old
        one. `labels` name the actors; those that no evidence mentions are left out. Raises GraphError for
        evidence that the ontology does not allow.
        """
        latest = {document.id: (document, evidence) for document, evidence in batch}
        heard = self._claims
        stored = contents.digests(self.store, latest) if heard is None else heard.digests
        known = {key: stored[key] for key in latest.keys() & stored.keys()}
        fresh = {key: pair for key, pair in latest.items() if known.get(key) != pair[0].digest}
        rows: list[str] = []
        ledger: set[str] = set()
        actors: set[str] = set()
        bodies: dict[Key, str] = {}
        claims: list[tuple[str, Key, str, date | None, Evidence]] = []
        count = 0
        now = literal(datetime.now(UTC).isoformat(timespec="microseconds"), "xsd:dateTime")
        for document, found in fresh.values():
            iri = document_iri(document.id)
            rows += document_rows(document)
            ledger.update((mark(iri), row(iri, "kg:recorded", now)))
            sketch = sources.signature(document.text)
            if sketch is not None:
                ledger.add(row(iri, "kg:signature", literal(sketch)))
            pieces = {canonical(evidence, document) for evidence in found}
            count += len(pieces)
            for piece in pieces:
                key = (piece.subject, piece.relation, piece.object, piece.factuality)
                body = bodies.get(key)
                if body is None:
                    statement = Statement(*key)
                    body = bodies[key] = statement_iri(statement.id)
                    rows += statement_rows(statement, body)
                rows += evidence_rows(piece, body)
                actors.update(actors_of(piece))
                claims.append((body, key, iri, document.date, piece))
        labels = labels or {}
        for actor in actors & labels.keys():
            rows += actor_rows(actor, labels[actor])
        changed = known.keys() & fresh.keys()
        old = contents.of_documents(self.store, changed)
        touched = {mark(node) for node in old.statements | old.actors}
        self.change(Change(rows, old.rows.difference(rows), ledger | touched, old.ledger - ledger))
        if heard is not None and not changed:
            heard.digests |= {key: document.digest for key, (document, _) in fresh.items()}
            for claim in claims:
                heard.add(*claim)
            self._claims = heard
        return Added(len(fresh) - len(changed), len(changed), len(latest) - len(fresh), count)

    def has(self, document: Document) -> bool:
        """Return whether this very document, by content, was read."""
        heard = self._claims
        known = contents.digests(self.store, [document.id]) if heard is None else heard.digests
        return known.get(document.id) == document.digest

    def forget(self, ids: Iterable[str]) -> int:
        """Remove documents as if they had never been read, and return how many there were."""
        present = sorted(contents.digests(self.store, ids))
        for batch in chunks(present, 200):
            old = contents.of_documents(self.store, batch)
            touched = {mark(node) for node in (*old.statements, *old.actors, *map(document_iri, batch))}
            self.change(Change((), old.rows, touched, old.ledger - touched))
        return len(present)

    def merge(self, *others: "Graph") -> Added:
        """Add everything that other graphs hold, and say what that changed.

        Where two graphs hold different texts under one id, the one that was recorded later stays.
        """
        total = Added()
        for other in others:
            theirs, mine = contents.digests(other.store), contents.digests(self.store)
            differ = [key for key, digest in theirs.items() if mine.get(key, digest) != digest]
            late, early = contents.recorded(other.store, differ), contents.recorded(self.store, differ)
            newer = {key for key in differ if (late[key], theirs[key]) > (early[key], mine[key])}
            self.forget(newer)
            wanted = sorted(theirs.keys() - mine.keys() | newer)
            for batch in chunks(wanted, 500):
                found = contents.of_documents(other.store, batch)
                marks = {mark(document_iri(key)) for key in batch}
                self.change(Change(found.rows | contents.context(other.store, found), (), found.ledger | marks))
            rows, about = contents.reviews(other.store, self.store)
            self.change(Change(rows, (), {mark(node) for node in about}))
            total += Added(len(wanted) - len(newer), len(newer), len(theirs) - len(wanted))
        return total

    def change(self, change: Change) -> None:
        """Make a change to the store; statements are brought up to date when they are next read."""
        if change:
            self._settled, self._claims = False, None
            self.store.apply(change)

    # What comes out

    def documents(self) -> Iterator[Document]:
        """Yield all documents, by id, without their text, which a graph does not keep."""
        self.settle()
        return reading.documents(self.store)

    def copies(self) -> dict[str, str]:
        """Return document → the first document with nearly the same text, for those that are copies."""
        self.settle()
        return reading.copies(self.store)

    def labels(self) -> dict[str, ActorLabels]:
        """Return how each actor in the graph is called, and its Wikidata id."""
        self.settle()
        return reading.labels(self.store)

    def evidence(
        self, *, document: str | None = None, statement: str | None = None, evidence: str | None = None
    ) -> Iterator[Evidence]:
        """Yield evidence by id: all, that of a document, of a statement (by id), or the one with this id."""
        self.settle()
        bound = ""
        if document is not None:
            bound += f"VALUES ?document {{ <{document_iri(document)}> }} "
        for variable, iri in (
            ("?s", statement and statement_iri(statement)),
            ("?e", evidence and evidence_iri(evidence)),
        ):
            if iri:
                bound += f"VALUES {variable} {{ <{iri}> }} "
        yield from sorted(reading.evidence(self.store, bound), key=lambda e: e.id)

    def statements(
        self,
        *,
        subject: str | None = None,
        relation: str | None = None,
        object: str | None = None,  # noqa: A002
        factuality: str | None = None,
        actor: str | None = None,
        min_confidence: float = 0.0,
        as_of: str | date | None = None,
        said_from: str | date | None = None,
        said_to: str | date | None = None,
    ) -> Iterator[Statement]:
        """Yield statements with their evidence, in order of subject, relation, object and factuality.

        `subject` and `object` find symmetric statements from either side; `actor` is on any side. `as_of`
        keeps what holds on a day: states from their beginning, or else from when they were first said, until
        they end; acts once they are done. `said_from` and `said_to` count only documents of these days, and
        statements then have only that evidence. Dates may be years, months or days. Raises KgraphError where
        a value is unknown.
        """
        self.settle()
        return reading.statements(
            self.store,
            reading.Filters(
                subject=subject,
                relation=relation,
                object=object,
                factuality=factuality,
                actor=actor,
                min_confidence=min_confidence,
                as_of=as_of,
                said_from=said_from,
                said_to=said_to,
            ),
        )

    def subgraph(self, **filters: Any) -> "Graph":
        """Return a graph in memory of the statements that pass the filters of `statements`, with that evidence alone.

        All documents stay, for what they do not say counts too, except those outside `said_from` and `said_to`. What
        follows from evidence is computed anew: `as_of` an earlier day, a state that ended since has not ended.
        """
        kept = {evidence_iri(e.id) for statement in self.statements(**filters) for e in statement.evidence}
        window = reading.Filters(**filters).said
        names = [d.id for d in self.documents() if window is None or (d.date and window.contains(d.date))]
        result = Graph.open()
        for batch in chunks(names, 500):
            found = contents.only(contents.of_documents(self.store, batch), kept)
            marks = {mark(document_iri(name)) for name in batch}
            result.change(Change(found.rows | contents.context(self.store, found), (), found.ledger | marks))
        return result

    def contradictions(self) -> Iterator[tuple[Statement, Statement]]:
        """Yield the pairs of statements that cannot both be so, each pair once."""
        found = {statement.id: statement for statement in self.statements() if statement.contradicts}
        for statement in found.values():
            for other in statement.contradicts:
                if statement.key < found[other].key:
                    yield statement, found[other]

    def triples(self) -> Iterator[str]:
        """Yield every triple but the ledger's, in no order, as N-Triples without the full stop."""
        self.settle()
        return self.store.triples()

    def query(self, text: str, **options: Any) -> "Answer":
        """Return the answer to a SPARQL query; options as in `kgraph.query.query`."""
        from kgraph.query import query

        return query(self, text, **options)

    def ask(self, question: str, **parameters: str) -> "Answer":
        """Return the answer to a named question: `graph.ask("members", org="EAEU", as_of="2022")`."""
        from kgraph.query import ask

        return ask(self, question, parameters)

    # Other shapes

    def to_rdflib(self) -> "rdflib.Graph":
        """Return the graph as an rdflib Graph in memory."""
        from kgraph.export.rdf import to_rdflib

        return to_rdflib(self)

    def to_networkx(self, **filters: Any) -> "nx.MultiDiGraph[str]":
        """Return actors as nodes and statements as edges; filters as in `statements`."""
        from kgraph.export.networks import to_networkx

        return to_networkx(self, **filters)

    def to_pandas(self, **filters: Any) -> "pd.DataFrame":
        """Return one row a statement; filters as in `statements`."""
        from kgraph.export.tables import to_pandas

        return to_pandas(self, **filters)

    def to_polars(self, **filters: Any) -> "pl.DataFrame":
        """Return one row a statement; filters as in `statements`."""
        from kgraph.export.tables import to_polars

        return to_polars(self, **filters)

    def plot(self, **options: Any) -> "Drawing":
        """Return a figure for print, of matplotlib; options and filters as in `kgraph.export.plot.plot`.

        Raises GraphError if matplotlib is not installed.
        """
        try:
            from kgraph.export.plot import plot
        except ImportError as error:
            raise GraphError("matplotlib is not installed: pip install 'kgraph[plot]'.") from error
        return plot(self, **options)

    def _repr_html_(self) -> str:
        """Return the page in a frame, for notebooks."""
        from kgraph.export.html import framed

        return framed(self)
