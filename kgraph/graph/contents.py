"""What a store holds of given documents, as rows: to take out, or to copy elsewhere."""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass

from kgraph.graph.encoding import document_id, document_iri
from kgraph.graph.namespaces import LEDGER, expand
from kgraph.graph.settle import chunks, values
from kgraph.graph.store import Store, Term

__all__ = ["Contents", "context", "digests", "of_documents", "only", "recorded", "reviews"]

_BODY = expand("oa:hasBody")
_TARGET = expand("oa:hasTarget")
_DOCUMENT = f"<{expand('document:')}"
_NAMING = frozenset(map(expand, ("kg:attributed_to", "kg:agent", "kg:counterpart_agent")))
_SIDES = frozenset(map(expand, ("rdf:subject", "rdf:object")))


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows that these documents alone contribute, the ledger's rows on them, the nodes that they name."""

    rows: frozenset[str] = frozenset()
    ledger: frozenset[str] = frozenset()
    statements: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()


def digests(store: Store, ids: Iterable[str] | None = None) -> dict[str, str]:
    """Return id → digest of the documents in the store, of all or of these."""
    batches = [""] if ids is None else [values("?d", map(document_iri, batch)) for batch in chunks(ids, 1000)]
    return {
        document_id(text(d)): text(digest)
        for bound in batches
        for d, digest in store.select(f"SELECT ?d ?digest {{ {bound} ?d kg:digest ?digest }}")
    }


def recorded(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Return id → date and time (UTC) at which each of these documents was added."""
    return {
        document_id(text(d)): text(at)
        for batch in chunks(ids, 1000)
        for d, at in store.select(
            f"""SELECT ?d ?at {{ {values("?d", map(document_iri, batch))}
                GRAPH <{LEDGER}> {{ ?d kg:recorded ?at }} }}"""
        )
    }


def of_documents(store: Store, ids: Collection[str]) -> Contents:
    """Return what the store holds of these documents; what is computed from several documents is left out."""
    if not ids:
        return Contents()
    bound = values("?d", map(document_iri, ids))
    rows: set[str] = set()
    statements: set[str] = set()
    actors: set[str] = set()
    for pattern in (
        "?d ?p ?o BIND(?d AS ?n) FILTER(?p != kg:copy_of)",
        "?n oa:hasSource ?d ; ?p ?o",
        "?t oa:hasSource ?d ; oa:hasSelector ?n . ?n ?p ?o",
        "?t oa:hasSource ?d . ?n oa:hasTarget ?t ; ?p ?o",
    ):
        for n, p, o in store.select(f"SELECT ?n ?p ?o {{ {bound} {pattern} }}"):
            rows.add(f"{n} {p} {o}")
            if text(p) == _BODY:
                statements.add(text(o))
            elif text(p) in _NAMING:
                actors.add(text(o))
    for batch in chunks(sorted(statements), 1000):
        query = f"SELECT ?a {{ {values('?s', batch)} VALUES ?p {{ rdf:subject rdf:object }} ?s ?p ?a }}"
        actors.update(text(a) for (a,) in store.select(query))
    ledger = {
        f"{d} {p} {o}" for d, p, o in store.select(f"SELECT ?d ?p ?o {{ {bound} GRAPH <{LEDGER}> {{ ?d ?p ?o }} }}")
    }
    return Contents(frozenset(rows), frozenset(ledger), frozenset(statements), frozenset(actors))


def only(contents: Contents, evidence: Container[str]) -> Contents:
    """Return the contents with only these pieces of evidence (by IRI), their sentences and what they name."""
    rows: set[str] = set()
    places: set[str] = set()
    statements: set[str] = set()
    actors: set[str] = set()
    split = [(row, *row.split(" ", 2)) for row in contents.rows]
    for row, subject, predicate, value in split:
        if subject[1:-1] in evidence:
            rows.add(row)
            name = predicate[1:-1]
            if name == _BODY:
                statements.add(value[1:-1])
            elif name in _NAMING:
                actors.add(value[1:-1])
            elif name == _TARGET:
                places.update((subject, value, value.replace("#char=", "#quote=")))
    for row, subject, _, _ in split:
        if subject in places or (subject.startswith(_DOCUMENT) and "#" not in subject):
            rows.add(row)
    return Contents(frozenset(rows), contents.ledger, frozenset(statements), frozenset(actors))


def context(store: Store, contents: Contents) -> set[str]:
    """Return the rows that say what these statements and actors are, and reviews, without what is computed."""
    found: set[str] = set()
    actors = set(contents.actors)
    for batch in chunks(sorted(contents.statements), 1000):
        kept = "VALUES ?p { rdf:type rdf:subject rdf:predicate rdf:object kg:factuality }"
        for s, p, o in store.select(f"SELECT ?s ?p ?o {{ {values('?s', batch)} {kept} ?s ?p ?o }}"):
            found.add(f"{s} {p} {o}")
            if text(p) in _SIDES:
                actors.add(text(o))
        for r, p, o in store.select(f"SELECT ?r ?p ?o {{ {values('?s', batch)} ?r kg:reviews ?s ; ?p ?o }}"):
            found.add(f"{r} {p} {o}")
    for batch in chunks(sorted(actors), 1000):
        kept = "VALUES ?p { rdf:type skos:prefLabel owl:sameAs }"
        for s, p, o in store.select(f"SELECT ?s ?p ?o {{ {values('?s', batch)} {kept} ?s ?p ?o }}"):
            found.add(f"{s} {p} {o}")
    return found


def reviews(store: Store, beside: Store) -> tuple[set[str], set[str]]:
    """Return the rows of reviews in a store whose statements the other store has too, and these statements."""
    rows: set[str] = set()
    about: set[str] = set()
    reviewed = {text(s) for (s,) in store.select("SELECT DISTINCT ?s { ?r kg:reviews ?s }")}
    for batch in chunks(sorted(reviewed), 1000):
        known = {text(s) for (s,) in beside.select(f"SELECT ?s {{ {values('?s', batch)} ?s kg:factuality ?f }}")}
        about |= known
        query = f"SELECT ?r ?p ?o {{ {values('?s', sorted(known))} ?r kg:reviews ?s ; ?p ?o }}"
        rows.update(f"{r} {p} {o}" for r, p, o in store.select(query))
    return rows, about


def text(term: Term | None) -> str:
    """Return the value of a term that a query binds in every row."""
    assert term is not None
    return term.value
