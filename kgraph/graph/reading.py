"""From triples back to documents, evidence and statements."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kgraph import ontology
from kgraph.errors import GraphError
from kgraph.graph.encoding import ActorLabels, document_from, document_id, document_iri, evidence_from
from kgraph.graph.interval import Interval, day_range, parse
from kgraph.graph.namespaces import expand
from kgraph.graph.settle import chunks, values
from kgraph.graph.store import Store, Term
from kgraph.model import Document, Evidence, Factuality, Statement

__all__ = ["Filters", "actor_iri", "documents", "evidence", "labels", "statements"]

_EVIDENCE = """
    ?e oa:hasBody ?s ; oa:hasTarget ?sentence ; kg:subject_at ?subject_at ; kg:cue_at ?cue_at ;
       kg:object_at ?object_at ; kg:rule ?rule ; kg:confidence ?confidence .
    ?s rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object ; kg:factuality ?factuality .
    ?sentence oa:hasSource ?document ; oa:hasSelector ?selector . ?selector oa:exact ?quote .
    OPTIONAL { ?e kg:when ?when } OPTIONAL { ?e kg:attributed_to ?attributed_to }
    OPTIONAL { ?e kg:agent ?agent } OPTIONAL { ?e kg:counterpart_agent ?counterpart_agent }"""
_NAMES = (
    *("sentence", "subject_at", "cue_at", "object_at", "rule", "confidence", "subject", "relation", "object"),
    *("factuality", "quote", "when", "attributed_to", "agent", "counterpart_agent"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which statements to read, and by which of their evidence: see `Graph.statements`."""

    subject: str | None = None
    relation: str | None = None
    object: str | None = None
    factuality: str | None = None
    actor: str | None = None
    min_confidence: float = 0.0
    as_of: str | date | None = None
    said_from: str | date | None = None
    said_to: str | date | None = None

    def clauses(self) -> str:
        """Return the SPARQL that narrows ?s, ?subject, ?relation, ?object and ?factuality down."""
        return " ".join(self._clauses())

    def _clauses(self) -> Iterator[str]:
        if self.relation is not None:
            yield f"VALUES ?relation {{ kg:{ontology.load().relation(self.relation).id} }}"
        if self.factuality is not None:
            try:
                yield f"VALUES ?factuality {{ kg:{Factuality(self.factuality).value} }}"
            except ValueError:
                known = ", ".join(each.value for each in Factuality)
                raise GraphError(f"There is no factuality {self.factuality!r}: it is one of {known}.") from None
        names = [name for name, known in ontology.load().relations.items() if known.symmetric]
        symmetric = f"?relation IN ({', '.join('kg:' + name for name in names)})"
        for side, actor in (("subject", self.subject), ("object", self.object)):
            if actor is not None:
                node = f"<{actor_iri(actor)}>"
                yield f"?s rdf:subject|rdf:object {node} FILTER(?{side} = {node} || {symmetric})"
        if self.actor is not None:
            yield f"?s rdf:subject|rdf:object <{actor_iri(self.actor)}> ."

    @property
    def said(self) -> Interval | None:
        """Return the days from which documents count, None for all documents."""
        if self.said_from is None and self.said_to is None:
            return None
        first = None if self.said_from is None else day_range(str(self.said_from))[0]
        last = None if self.said_to is None else day_range(str(self.said_to))[1]
        if first and last and first > last:
            raise GraphError(f"{self.said_from} lies after {self.said_to}.")
        return Interval(first, last)

    @property
    def day(self) -> date | None:
        """Return the day on which statements must hold, the last one of a year or a month."""
        return None if self.as_of is None else day_range(str(self.as_of))[1]


def documents(store: Store) -> Iterator[Document]:
    """Yield all documents, by id, without their text."""
    query = """SELECT ?d ?date ?language ?url ?title { ?d a kg:Document
        OPTIONAL { ?d dcterms:date ?date } OPTIONAL { ?d dcterms:language ?language }
        OPTIONAL { ?d schema:url ?url } OPTIONAL { ?d dcterms:title ?title } }"""
    names = ("node", "date", "language", "url", "title")
    found = (document_from(dict(zip(names, map(_text, each), strict=True))) for each in store.select(query))
    yield from sorted(found, key=lambda document: document.id)


def copies(store: Store) -> dict[str, str]:
    """Return document → the first document with nearly the same text, for those that are copies."""
    pairs = store.select("SELECT ?a ?b { ?a kg:copy_of ?b }")
    return {document_id(_text(a) or ""): document_id(_text(b) or "") for a, b in pairs}


def labels(store: Store) -> dict[str, ActorLabels]:
    """Return how each actor is called, and its Wikidata id; of several labels in a language the least."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    items: dict[str, str] = {}
    for node, label, language in store.select(
        "SELECT ?a ?label (LANG(?label) AS ?language) { ?a skos:prefLabel ?label }"
    ):
        actor, name, code = ontology.short(_text(node) or ""), _text(label) or "", _text(language) or ""
        names[actor][code] = min(name, names[actor].get(code, name))
    for node, item in store.select("SELECT ?a ?q { ?a owl:sameAs ?q } ORDER BY DESC(?q)"):
        items[ontology.short(_text(node) or "")] = (_text(item) or "").removeprefix(expand("wd:"))
    return {actor: ActorLabels(dict(names[actor]), items.get(actor)) for actor in sorted({*names, *items})}


def evidence(store: Store, bound: str) -> Iterator[Evidence]:
    """Yield the evidence for which a SPARQL pattern holds, in no order."""
    for each in store.select(f"SELECT {' '.join('?' + name for name in _NAMES)} {{ {bound} {_EVIDENCE} }}"):
        yield evidence_from(dict(zip(_NAMES, map(_text, each), strict=True)))


def statements(store: Store, filters: Filters) -> Iterator[Statement]:
    """Yield the statements that pass the filters, by key, with the evidence that passes them."""
    window, day = filters.said, filters.day
    pieces: dict[str, list[Evidence]] = defaultdict(list)
    for piece in evidence(store, filters.clauses()):
        pieces[Statement(piece.subject, piece.relation, piece.object, piece.factuality).id].append(piece)
    computed = _computed(store, filters)
    said, repeats = _about(store, {piece.document for group in pieces.values() for piece in group})
    found = []
    for key, group in pieces.items():
        kept = sorted((e for e in group if _within(said.get(e.document), window)), key=lambda e: e.id)
        if not kept:
            continue
        days = [d for d in (said.get(e.document) for e in kept) if d is not None]
        holds, contradicts, verdict = computed.get(key, (None, (), None))
        statement = Statement(
            kept[0].subject,
            kept[0].relation,
            kept[0].object,
            kept[0].factuality,
            tuple(kept),
            {e.document: repeats[e.document] for e in kept if e.document in repeats},
            min(days, default=None),
            max(days, default=None),
            holds,
            contradicts,
            verdict,
        )
        if statement.confidence >= filters.min_confidence and (day is None or holds_on(statement, day)):
            found.append(statement)
    yield from sorted(found, key=lambda statement: statement.key)


def _about(store: Store, ids: set[str]) -> tuple[dict[str, date | None], dict[str, str]]:
    """Return document → its date, and document → the one that it copies, for these documents."""
    said: dict[str, date | None] = {}
    repeats: dict[str, str] = {}
    for batch in chunks(sorted(ids), 1000):
        query = f"""SELECT ?d ?date ?first {{ {values("?d", map(document_iri, batch))} ?d a kg:Document
            OPTIONAL {{ ?d dcterms:date ?date }} OPTIONAL {{ ?d kg:copy_of ?first }} }}"""
        for node, day, first in store.select(query):
            name = document_id(_text(node) or "")
            said[name] = None if day is None else date.fromisoformat(day.value)
            if first is not None:
                repeats[name] = document_id(first.value)
    return said, repeats


def holds_on(statement: Statement, day: date) -> bool:
    """Return whether a statement holds on a day.

    A state does from its beginning, or if no text dates that, from when it was first said, until its end. An
    act does once it is done.
    """
    days = None if statement.holds is None else parse(statement.holds)
    start = days.first if days and days.first else statement.first_said
    if start is None or start > day:
        return False
    if not ontology.load().relations[statement.relation].lasting:
        return True
    return days is None or days.last is None or day <= days.last


def actor_iri(actor: str) -> str:
    """Return the IRI of an actor id that a user gave; raise GraphError if it cannot be one."""
    kinds = ontology.load().kinds
    if ontology.kind_of(actor) not in kinds or not actor.partition(":")[2]:
        known = ", ".join(f"{kind}:" for kind in kinds)
        raise GraphError(f"{actor!r} is not the id of an actor: ids start with one of {known}")
    if any(character.isspace() or character in '<>"{}|^`\\' for character in actor):
        raise GraphError(f"{actor!r} is not the id of an actor: it holds a character that ids cannot have.")
    return ontology.iri(actor)


def _computed(store: Store, filters: Filters) -> dict[str, tuple[str | None, tuple[str, ...], str | None]]:
    """Return statement id → when it holds, the ids of the statements that it contradicts, and its verdict."""
    query = f"""SELECT ?s ?holds ?other ?verdict {{ {filters.clauses()}
        ?s rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object ; kg:factuality ?factuality
        OPTIONAL {{ ?s kg:holds ?holds }} OPTIONAL {{ ?s kg:contradicts ?other }}
        OPTIONAL {{ ?s kg:verdict ?verdict }} FILTER(BOUND(?holds) || BOUND(?other) || BOUND(?verdict)) }}"""
    cut = len(expand("statement:"))
    found: dict[str, tuple[str | None, str | None]] = {}
    others: dict[str, set[str]] = defaultdict(set)
    for s, when, other, verdict in store.select(query):
        key = (_text(s) or "")[cut:]
        found[key] = _text(when), _text(verdict)
        if other is not None:
            others[key].add(other.value[cut:])
    return {key: (when, tuple(sorted(others[key])), verdict) for key, (when, verdict) in found.items()}


def _within(day: date | None, window: Interval | None) -> bool:
    return window is None or (day is not None and window.contains(day))


def _text(term: Term | None) -> str | None:
    return None if term is None else term.value
