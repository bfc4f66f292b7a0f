"""Bring what is computed from evidence up to date, for the documents and statements that changed.

The ledger marks them `kg:unsettled` in the same transaction that changes them, and the mark is taken off
last, so what a killed run leaves undone is done by the next one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from kgraph import ontology
from kgraph.graph import interval, sources
from kgraph.graph.encoding import decimal, iri_of, literal, row
from kgraph.graph.merge import Case, Claim, Verdict, judge
from kgraph.graph.namespaces import LEDGER, expand
from kgraph.graph.store import Change, Store

__all__ = ["chunks", "mark", "settle", "unsettled", "values"]

T = TypeVar("T")

_BATCH = 1_000
_COMPUTED = (
    "kg:evidence_count",
    "kg:document_count",
    "kg:source_count",
    "kg:confidence",
    "kg:first_said",
    "kg:last_said",
    "kg:holds",
    "kg:holds_from",
    "kg:holds_until",
    "kg:contradicts",
)


def mark(iri: str) -> str:
    """Return the ledger's row that says: what follows from this node is not computed yet."""
    return row(iri, "kg:unsettled", literal("yes"))


def unsettled(store: Store) -> bool:
    """Return whether something is still to be computed."""
    return store.ask(f"ASK {{ GRAPH <{LEDGER}> {{ ?node kg:unsettled ?mark }} }}")


def settle(store: Store) -> None:
    """Recompute copies, statements and direct triples wherever the ledger says that something changed."""
    if not unsettled(store):
        return
    said = _dates(store)
    copies = _settle_copies(store, said)
    marked = [_text(node) for (node,) in _ledger(store, "?node", "?node kg:unsettled ?mark")]
    for pairs in chunks(sorted(_pairs(store, marked)), _BATCH):
        _settle_pairs(store, pairs, said, copies)
    actors = [node for node in marked if not node.startswith((expand("document:"), expand("statement:")))]
    for batch in chunks(actors, _BATCH):
        _drop_unused(store, batch)
    for batch in chunks(marked, 10 * _BATCH):
        store.apply(Change(ledger_remove=[mark(node) for node in batch]))


def _settle_copies(store: Store, said: Mapping[str, date | None]) -> Mapping[str, str]:
    """Group near-duplicates, mark documents whose group changed, return document → first of its group."""
    signatures = {
        _text(node): _text(value) for node, value in _ledger(store, "?node ?value", "?node kg:signature ?value")
    }
    order = {node: (str(said.get(node) or date.max), node) for node in signatures}
    found = sources.copies(signatures, order)
    known = {_text(a): _text(b) for a, b in store.select("SELECT ?a ?b { ?a kg:copy_of ?b }")}
    new, old = found.items() - known.items(), known.items() - found.items()
    store.apply(
        Change(
            add=[row(a, "kg:copy_of", f"<{b}>") for a, b in sorted(new)],
            remove=[row(a, "kg:copy_of", f"<{b}>") for a, b in sorted(old)],
            ledger_add=[mark(a) for a in sorted({a for a, _ in new | old} & said.keys())],
        )
    )
    return found


def _pairs(store: Store, marked: Iterable[str]) -> set[tuple[str, str]]:
    """Return the pairs of actors, the lesser first, that marked documents and statements are about."""
    documents, statements = [], []
    for node in marked:
        if node.startswith(expand("document:")):
            documents.append(node)
        elif node.startswith(expand("statement:")):
            statements.append(node)
    found: set[tuple[str, str]] = set()
    for pattern, nodes in (
        ("?target oa:hasSource ?node . ?e oa:hasTarget ?target ; oa:hasBody ?s .", documents),
        ("BIND(?node AS ?s)", statements),
    ):
        for batch in chunks(nodes, _BATCH):
            query = f"""SELECT DISTINCT ?a ?b {{ {values("?node", batch)} {pattern}
                ?s rdf:subject ?a ; rdf:object ?b }}"""
            found.update((min(a, b), max(a, b)) for a, b in ((_text(a), _text(b)) for a, b in store.select(query)))
    return found


def _settle_pairs(
    store: Store,
    pairs: Sequence[tuple[str, str]],
    said: Mapping[str, date | None],
    copies: Mapping[str, str],
) -> None:
    """Bring the statements between these pairs of actors up to date: add and remove what differs."""
    both_ways = [f"<{a}> <{b}>" for pair in pairs for a, b in (pair, pair[::-1])]
    cases = _cases(store, both_ways, said)
    wanted: set[str] = set()
    by_pair: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        by_pair[min(case.subject, case.object), max(case.subject, case.object)].append(case)
        if case.claims:
            wanted.update(_identity(case))
    for group in by_pair.values():
        for verdict in judge(group, copies):
            wanted.update(_computed(verdict))
    present = set(_present(store, both_ways, cases))
    store.apply(Change(add=sorted(wanted - present), remove=sorted(present - wanted)))


def _cases(store: Store, sides: Sequence[str], said: Mapping[str, date | None]) -> list[Case]:
    """Return the statements between actors, given as `<subject> <object>`, with their claims."""
    query = f"""SELECT ?s ?subject ?object ?predicate ?factuality {{
        {values("(?subject ?object)", [f"({side})" for side in sides], raw=True)}
        ?s rdf:subject ?subject ; rdf:object ?object ; rdf:predicate ?predicate ; kg:factuality ?factuality
        }}"""
    keys = {_text(s): tuple(map(_text, rest)) for s, *rest in store.select(query)}
    claims: dict[str, list[Claim]] = defaultdict(list)
    for batch in chunks(keys, _BATCH):
        query = f"""SELECT ?s ?target ?confidence ?when {{ {values("?s", batch)}
            ?e oa:hasBody ?s ; oa:hasTarget ?target ; kg:confidence ?confidence . OPTIONAL {{ ?e kg:when
            ?when }} }}"""
        for s, target, confidence, when in store.select(query):
            document = _text(target).partition("#")[0]
            time = None if when is None else _text(when)
            claims[_text(s)].append(Claim(document, said.get(document), time, float(_text(confidence))))
    cut = len(ontology.NAMESPACE)
    return [
        Case(s, subject, predicate[cut:], object_, factuality[cut:], tuple(claims[s]))
        for s, (subject, object_, predicate, factuality) in keys.items()
    ]


def _identity(case: Case) -> Iterator[str]:
    yield row(case.id, "rdf:type", iri_of("rdf:Statement"))
    yield row(case.id, "rdf:subject", f"<{case.subject}>")
    yield row(case.id, "rdf:predicate", iri_of(f"kg:{case.relation}"))
    yield row(case.id, "rdf:object", f"<{case.object}>")
    yield row(case.id, "kg:factuality", iri_of(f"kg:{case.factuality}"))


def _computed(verdict: Verdict) -> Iterator[str]:
    """Yield the rows that follow for a statement."""
    case = verdict.case
    yield row(case.id, "kg:evidence_count", literal(str(verdict.evidence_count), "xsd:integer"))
    yield row(case.id, "kg:document_count", literal(str(verdict.document_count), "xsd:integer"))
    yield row(case.id, "kg:source_count", literal(str(verdict.source_count), "xsd:integer"))
    yield row(case.id, "kg:confidence", literal(decimal(verdict.confidence), "xsd:decimal"))
    if verdict.first_said is not None and verdict.last_said is not None:
        yield row(case.id, "kg:first_said", literal(str(verdict.first_said), "xsd:date"))
        yield row(case.id, "kg:last_said", literal(str(verdict.last_said), "xsd:date"))
    if verdict.holds is not None:
        yield row(case.id, "kg:holds", literal(verdict.holds, "edtf:EDTF"))
        days = interval.parse(verdict.holds)
        if days.first is not None:
            yield row(case.id, "kg:holds_from", literal(str(days.first), "xsd:date"))
        if days.last is not None:
            yield row(case.id, "kg:holds_until", literal(str(days.last), "xsd:date"))
    for other in verdict.contradicts:
        yield row(case.id, "kg:contradicts", f"<{other}>")
    if verdict.direct:
        yield row(case.subject, f"kg:{case.relation}", f"<{case.object}>")
        if ontology.load().relations[case.relation].symmetric:
            yield row(case.object, f"kg:{case.relation}", f"<{case.subject}>")


def _present(store: Store, sides: Sequence[str], cases: Sequence[Case]) -> Iterator[str]:
    """Yield the rows about these statements and actors' pairs that the store has now."""
    for case in cases:
        yield from _identity(case)
    for batch in chunks([case.id for case in cases], _BATCH):
        query = f"""SELECT ?s ?p ?o {{ {values("?s", batch)}
            {values("?p", [iri_of(name) for name in _COMPUTED], raw=True)} ?s ?p ?o }}"""
        for triple in store.select(query):
            yield " ".join(map(str, triple))
    query = f"""SELECT ?s ?p ?o {{
        {values("(?s ?o)", [f"({side})" for side in sides], raw=True)} ?s ?p ?o }}"""
    for s, p, o in store.select(query):
        if _text(p).removeprefix(ontology.NAMESPACE) in ontology.load().relations:
            yield f"{s} {p} {o}"


def _drop_unused(store: Store, actors: Sequence[str]) -> None:
    """Remove what the graph says of actors that no statement and no evidence names any more."""
    query = f"""SELECT ?actor ?p ?o {{ {values("?actor", actors)} ?actor ?p ?o
        FILTER NOT EXISTS {{ ?s rdf:subject ?actor }} FILTER NOT EXISTS {{ ?s rdf:object ?actor }}
        FILTER NOT EXISTS {{ ?e kg:attributed_to ?actor }} FILTER NOT EXISTS {{ ?e kg:agent ?actor }}
        FILTER NOT EXISTS {{ ?e kg:counterpart_agent ?actor }} }}"""
    store.apply(Change(remove=[" ".join(map(str, triple)) for triple in store.select(query)]))


def _dates(store: Store) -> dict[str, date | None]:
    query = "SELECT ?d ?date { ?d a kg:Document OPTIONAL { ?d dcterms:date ?date } }"
    return {_text(d): None if day is None else date.fromisoformat(_text(day)) for d, day in store.select(query)}


def _ledger(store: Store, variables: str, pattern: str) -> Iterator[Sequence[object]]:
    return store.select(f"SELECT {variables} {{ GRAPH <{LEDGER}> {{ {pattern} }} }}")


def _text(term: object) -> str:
    value: str = getattr(term, "value")  # noqa: B009
    return value


def values(variables: str, rows: Iterable[str], *, raw: bool = False) -> str:
    """Return a VALUES clause; rows are IRIs, or with `raw` already in SPARQL syntax."""
    return f"VALUES {variables} {{ {' '.join(rows if raw else (f'<{row}>' for row in rows))} }}"


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of this size, the last one perhaps shorter."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
