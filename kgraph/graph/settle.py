"""Bring what is computed from evidence up to date, for the documents and statements that changed.

The ledger marks them `kg:unsettled` in the same transaction that changes them, and the mark is taken off
last, so what a killed run leaves undone is done by the next one.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import islice, starmap
from typing import NamedTuple, TypeVar

from kgraph import ontology
from kgraph.graph import interval, sources
from kgraph.graph.encoding import decimal, literal, row, statement_iri
from kgraph.graph.merge import Case, Claim, Verdict, judge
from kgraph.graph.namespaces import LEDGER, expand
from kgraph.graph.store import Change, Store
from kgraph.model import Evidence, Factuality, Statement

__all__ = ["Claims", "Key", "chunks", "mark", "settle", "unsettled", "values"]

T = TypeVar("T")
Key = tuple[str, str, str, Factuality]
"""Subject, relation, object and factuality of a statement."""

_BATCH = 1_000
_IDENTITY = ("rdf:type", "rdf:subject", "rdf:predicate", "rdf:object", "kg:factuality")
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
    "kg:verdict",
)


class _Group(NamedTuple):
    """Statements that are judged together: relations that affect each other, between the same two actors."""

    family: tuple[str, ...]
    a: str
    b: str


def mark(iri: str) -> str:
    """Return the ledger's row that says: what follows from this node is not computed yet."""
    return row(iri, "kg:unsettled", literal("yes"))


def unsettled(store: Store) -> bool:
    """Return whether something is still to be computed."""
    return store.ask(f"ASK {{ GRAPH <{LEDGER}> {{ ?node kg:unsettled ?mark }} }}")


class Claims:
    """The documents of a graph and what all its evidence claims, so that neither need be read back from the store."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.digests: dict[str, str] = {}
        self.cases: dict[str, tuple[Key, list[tuple[str, date | None, str | None, float]]]] = {}

    def add(self, statement: str, key: Key, document: str, said: date | None, evidence: Evidence) -> None:
        """Note what a piece of evidence claims of a statement (by IRI), in which document (by IRI) of which day."""
        claim = (document, said, evidence.when, evidence.confidence)  # as is: there may be millions
        self.cases.setdefault(statement, (key, []))[1].append(claim)

    def groups(self) -> list[list[Case]]:
        """Return the statements, those together that are judged together."""
        found: dict[_Group, list[Case]] = defaultdict(list)
        for statement, ((subject, relation, object_, factuality), claims) in self.cases.items():
            a, b = ontology.iri(subject), ontology.iri(object_)
            case = Case(statement, a, relation, b, factuality.value, tuple(starmap(Claim, claims)))
            found[_group(a, relation, b)].append(case)
        return [found[group] for group in sorted(found)]


def settle(store: Store, claims: Claims | None = None) -> None:
    """Recompute copies, statements and direct triples wherever the ledger says that something changed.

    `claims` are those of all evidence of a graph whose statements were never computed, if they are at hand.
    """
    if not unsettled(store):
        return
    said = _dates(store)
    copies = _settle_copies(store, said)
    marked = [_text(node) for (node,) in _ledger(store, "?node", "?node kg:unsettled ?mark")]
    if claims is not None:
        for some in chunks(claims.groups(), 5 * _BATCH):
            verdicts = (verdict for cases in some for verdict in judge(cases, copies))
            store.apply(Change(add=[each for verdict in verdicts for each in _computed(verdict)]))
    else:
        for groups in chunks(sorted(_groups(store, marked)), 5 * _BATCH):
            _settle_groups(store, groups, said, copies)
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


def _groups(store: Store, marked: Iterable[str]) -> set[_Group]:
    """Return the groups of statements that marked documents and statements belong to."""
    documents, statements = [], []
    for node in marked:
        if node.startswith(expand("document:")):
            documents.append(node)
        elif node.startswith(expand("statement:")):
            statements.append(node)
    found: set[_Group] = set()
    for pattern, nodes in (
        ("?target oa:hasSource ?node . ?e oa:hasTarget ?target ; oa:hasBody ?s .", documents),
        ("BIND(?node AS ?s)", statements),
    ):
        for batch in chunks(nodes, _BATCH):
            query = f"""SELECT DISTINCT ?a ?p ?b {{ {values("?node", batch)} {pattern}
                ?s rdf:subject ?a ; rdf:predicate ?p ; rdf:object ?b }}"""
            for a, p, b in store.select(query):
                found.add(_group(_text(a), _text(p)[len(ontology.NAMESPACE) :], _text(b)))
    return found


def _group(a: str, relation: str, b: str) -> _Group:
    """Return the group of a statement; its direction does not count where the family has symmetric relations."""
    family = families()[relation]
    if any(ontology.load().relations[name].symmetric for name in family):
        a, b = min(a, b), max(a, b)
    return _Group(family, a, b)


@cache
def families() -> Mapping[str, tuple[str, ...]]:
    """Return relation → all relations that it affects, directly or through others: those that end or exclude it."""
    family = {name: frozenset({name}) for name in ontology.load().relations}
    for relation in ontology.load().relations.values():
        for other in relation.ends | relation.incompatible:
            joined = family[relation.id] | family[other]
            family.update(dict.fromkeys(joined, joined))
    return {name: tuple(sorted(members)) for name, members in family.items()}


def _settle_groups(
    store: Store,
    groups: Sequence[_Group],
    said: Mapping[str, date | None],
    copies: Mapping[str, str],
) -> None:
    """Bring these groups of statements up to date: add and remove what differs."""
    members = [_members(group) for group in groups]
    existing, verdicts = _existing(store, [case for cases in members for case in cases])
    claims = _claims(store, sorted(existing), said)
    wanted: set[str] = set()
    for cases in members:
        filled = [
            replace(case, claims=tuple(claims[case.id]), verdict=verdicts.get(case.id))
            for case in cases
            if case.id in claims
        ]
        for verdict in judge(filled, copies):
            wanted.update(_computed(verdict))
    stored = [case for cases in members for case in cases if case.id in existing]
    present = set(_present(store, stored, claims))
    store.apply(Change(add=sorted(wanted - present), remove=sorted(present - wanted)))


def _members(group: _Group) -> list[Case]:
    """Return every statement that the group may have: their ids follow from what they say."""
    cases = []
    for name in group.family:
        relation = ontology.load().relations[name]
        mixed = not relation.symmetric and len(group.family) > 1 and _group(group.b, name, group.a) == group
        for a, b in ((group.a, group.b), (group.b, group.a)) if mixed else ((group.a, group.b),):
            for factuality in Factuality:
                statement = Statement(ontology.short(a), name, ontology.short(b), factuality)
                cases.append(Case(statement_iri(statement.id), a, name, b, factuality.value, ()))
    return cases


def _claims(store: Store, ids: Sequence[str], said: Mapping[str, date | None]) -> Mapping[str, list[Claim]]:
    """Return statement → what its evidence claims, for those of these statements that have any."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for batch in chunks(ids, _BATCH):
        query = f"""SELECT ?s ?target ?confidence ?when {{ {values("?s", batch)}
            ?e oa:hasBody ?s ; oa:hasTarget ?target ; kg:confidence ?confidence . OPTIONAL {{ ?e kg:when ?when }} }}"""
        for s, target, confidence, when in store.select(query):
            document = _text(target).partition("#")[0]
            time = None if when is None else _text(when)
            found[_text(s)].append(Claim(document, said.get(document), time, float(_text(confidence))))
    return dict(found)


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
    if case.verdict is not None:
        yield row(case.id, "kg:verdict", literal(case.verdict))
    for other in verdict.contradicts:
        yield row(case.id, "kg:contradicts", f"<{other}>")
    yield from _said(case)
    if verdict.direct:
        yield from _direct(case)


def _existing(store: Store, cases: Sequence[Case]) -> tuple[set[str], dict[str, str]]:
    """Return the ids of those of these statements that the store has, and what people last decided on them."""
    existing: set[str] = set()
    decisions: dict[str, tuple[str, str, str]] = {}
    for batch in chunks(cases, _BATCH):
        query = f"""SELECT ?s ?review ?decision ?on {{ {values("?s", [case.id for case in batch])} ?s kg:factuality ?f
            OPTIONAL {{ ?review kg:reviews ?s ; kg:decision ?decision OPTIONAL {{ ?review dcterms:date ?on }} }} }}"""
        for s, review, decision, on in store.select(query):
            existing.add(_text(s))
            if review is not None and _text(decision) != "note":
                made = ("" if on is None else _text(on), _text(review), _text(decision))
                decisions[_text(s)] = max(made, decisions.get(_text(s), made))
    verdicts = {s: "accepted" if decision == "accept" else "rejected" for s, (_, _, decision) in decisions.items()}
    return existing, verdicts


def _present(store: Store, cases: Sequence[Case], claimed: Container[str]) -> Iterator[str]:
    """Yield the rows that the store has of these statements, but not what they say if they still have claims.

    A statement that was computed before has a confidence; one with claims but without it needs no further look.
    """
    computed = {expand(name) for name in _COMPUTED}
    owned = computed | {expand(name) for name in _IDENTITY}
    for batch in chunks(cases, _BATCH):
        query = f"SELECT ?s {{ {values('?s', [case.id for case in batch])} ?s kg:confidence ?x }}"
        known = {_text(s) for (s,) in store.select(query)}
        known.update(case.id for case in batch if case.id not in claimed)
        if not known:
            continue
        for s, p, o in store.select(f"SELECT ?s ?p ?o {{ {values('?s', sorted(known))} ?s ?p ?o }}"):
            if _text(p) in (computed if _text(s) in claimed else owned):
                yield f"{s} {p} {o}"
        yield from (each for case in batch if case.id in known for each in _said(case))
        unclaimed = [case.id for case in batch if case.id not in claimed]
        query = f"SELECT ?r ?p ?o {{ {values('?s', unclaimed)} ?r kg:reviews ?s ; ?p ?o }}"
        yield from (" ".join(map(str, triple)) for triple in store.select(query))
        direct = {f"({each})" for case in batch if case.certain and case.id in known for each in _direct(case)}
        query = f"SELECT ?s ?p ?o {{ {values('(?s ?p ?o)', sorted(direct), raw=True)} ?s ?p ?o }}"
        yield from (" ".join(map(str, triple)) for triple in store.select(query))


def _said(case: Case) -> Iterator[str]:
    """Yield what leads from an actor by relation straight to a statement, from both if it is symmetric."""
    for actor in (case.subject, case.object)[: 1 + ontology.load().relations[case.relation].symmetric]:
        yield row(actor, f"said:{case.relation}", f"<{case.id}>")


def _direct(case: Case) -> Iterator[str]:
    """Yield the plain triple of a statement, both ways if it is symmetric."""
    yield row(case.subject, f"kg:{case.relation}", f"<{case.object}>")
    if ontology.load().relations[case.relation].symmetric:
        yield row(case.object, f"kg:{case.relation}", f"<{case.subject}>")


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
