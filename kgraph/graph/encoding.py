"""Documents and evidence as RDF, and back. The layout of the graph is decided here and nowhere else.

A document is `document:ID`; its ranges of characters are RFC 5147 fragments of it (`document:ID#char=0,42`).
Evidence is a Web Annotation: its body is a statement, its target the sentence, with position and quotation
selectors. A statement is an `rdf:Statement` whose triple is spelled out. Rows are N-Triples without the full
stop.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode

from kgraph import ontology
from kgraph.errors import GraphError
from kgraph.graph import interval
from kgraph.graph.namespaces import expand
from kgraph.model import Document, Evidence, Factuality, Span, Statement

__all__ = [
    "ActorLabels",
    "actor_rows",
    "actors_of",
    "canonical",
    "decimal",
    "document_from",
    "document_id",
    "document_iri",
    "document_rows",
    "evidence_from",
    "evidence_iri",
    "evidence_rows",
    "iri_of",
    "literal",
    "row",
    "statement_iri",
    "statement_rows",
]

_ACTOR = re.compile(r"[a-z]+:[A-Za-z0-9_][A-Za-z0-9_.-]*", re.ASCII)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PLAIN = re.compile(r'[^\x00-\x1f"\\\x7f-\x9f\ud800-\udfff\ufffe\uffff]*')  # written as it is
_QID = re.compile(r"Q[1-9][0-9]*", re.ASCII)
_TYPE = "rdf:type"


@dataclass(frozen=True, slots=True)
class ActorLabels:
    """How an actor is called, by language, and its Wikidata id if known."""

    labels: Mapping[str, str] = field(default_factory=dict)
    qid: str | None = None


def canonical(evidence: Evidence, document: Document) -> Evidence:
    """Return the evidence as a graph keeps it: symmetric relations have the lesser id as subject.

    Raises GraphError where the evidence is not of this document, or says what the ontology does not allow.
    """
    if evidence.document != document.id:
        raise GraphError(f"Evidence of document {evidence.document!r} was added to document {document.id!r}.")
    known = ontology.load()
    relation = known.relations.get(evidence.relation)
    if relation is None:
        raise GraphError(f"Evidence in document {document.id!r}: there is no relation {evidence.relation!r}.")
    for actor in actors_of(evidence):
        if not _ACTOR.fullmatch(actor) or ontology.kind_of(actor) not in known.kinds:
            raise GraphError(f"Evidence in document {document.id!r}: {actor!r} is not the id of an actor.")
    if not relation.allows(evidence.subject, evidence.object):
        raise GraphError(
            f"Evidence in document {document.id!r}: {relation.id} cannot relate {evidence.subject} "
            f"to {evidence.object}."
        )
    if evidence.when is not None:
        interval.parse(evidence.when)
    if relation.symmetric and evidence.subject > evidence.object:
        evidence = evidence.swapped()
    quote_, confidence = _writable(evidence.quote), round(float(evidence.confidence), 6)
    if quote_ == evidence.quote and repr(confidence) == repr(evidence.confidence):
        return evidence
    return replace(evidence, quote=quote_, confidence=confidence)


@lru_cache(maxsize=1_000)
def document_iri(identifier: str) -> str:
    """Return the IRI of a document: its id, percent-encoded."""
    return expand("document:") + quote(identifier, safe="", errors="surrogatepass")


def document_id(iri: str) -> str:
    """Return the id of the document that an IRI, or a place in it, belongs to."""
    return unquote(iri.removeprefix(expand("document:")).partition("#")[0], errors="surrogatepass")


def evidence_iri(identifier: str) -> str:
    """Return the IRI of a piece of evidence."""
    return expand("evidence:") + identifier


def statement_iri(identifier: str) -> str:
    """Return the IRI of a statement."""
    return expand("statement:") + identifier


def document_rows(document: Document) -> Iterator[str]:
    """Yield the triples that describe a document; its text is not kept."""
    iri = document_iri(document.id)
    yield row(iri, _TYPE, iri_of("kg:Document"))
    yield row(iri, "dcterms:identifier", literal(document.id))
    yield row(iri, "kg:digest", literal(document.digest))
    if document.title is not None:
        yield row(iri, "dcterms:title", literal(document.title))
    if document.date is not None:
        yield row(iri, "dcterms:date", literal(document.date.isoformat(), "xsd:date"))
    if document.language is not None:
        yield row(iri, "dcterms:language", literal(document.language))
    if document.url is not None:
        yield row(iri, "schema:url", literal(document.url))


def statement_rows(statement: Statement, iri: str) -> list[str]:
    """Return the triples that spell out a statement, whose IRI is `iri`, and say of what kind its actors are."""
    values = {
        "statement": f"<{iri}>",
        "subject": f"<{ontology.iri(statement.subject)}>",
        "relation": iri_of(f"kg:{statement.relation}"),
        "object": f"<{ontology.iri(statement.object)}>",
        "factuality": iri_of(f"kg:{statement.factuality}"),
    }
    rows = (_STATEMENT % values).split("\n")
    return [*rows, _kind_row(statement.subject), _kind_row(statement.object)]


def evidence_rows(evidence: Evidence, body: str) -> list[str]:
    """Return the triples of a piece of evidence and of its sentence; `body` is the IRI of its statement."""
    document, node = document_iri(evidence.document), f"<{evidence_iri(evidence.id)}>"
    start, end = evidence.sentence.start, evidence.sentence.end
    values = {
        "evidence": node,
        "statement": f"<{body}>",
        "document": f"<{document}>",
        "sentence": f"<{document}#char={start},{end}>",
        "selector": f"<{document}#quote={start},{end}>",
        "start": start,
        "end": end,
        "quote": literal(evidence.quote),
        "subject_at": _place(document, evidence.subject_span),
        "cue_at": _place(document, evidence.cue_span),
        "object_at": _place(document, evidence.object_span),
        "rule": literal(evidence.rule),
        "confidence": decimal(evidence.confidence),
    }
    rows = (_EVIDENCE % values).split("\n")
    for name, actor in (
        ("kg:attributed_to", evidence.attributed_to),
        ("kg:agent", evidence.agent),
        ("kg:counterpart_agent", evidence.counterpart_agent),
    ):
        if actor is not None:
            rows += (f"{node} {iri_of(name)} <{ontology.iri(actor)}>", _kind_row(actor))
    if evidence.when is not None:
        rows.append(f"{node} {iri_of('kg:when')} {literal(evidence.when, 'edtf:EDTF')}")
    return rows


def actor_rows(actor: str, named: ActorLabels) -> Iterator[str]:
    """Yield the labels of an actor and what it is in Wikidata."""
    iri = ontology.iri(actor)
    for language, label in sorted(named.labels.items()):
        yield row(iri, "skos:prefLabel", str(Literal(label, language=language)))
    if named.qid is not None:
        if not _QID.fullmatch(named.qid):
            raise GraphError(f"{named.qid!r}, given for {actor}, is not the id of a Wikidata item.")
        yield row(iri, "owl:sameAs", iri_of(f"wd:{named.qid}"))


def actors_of(evidence: Evidence) -> Iterator[str]:
    """Yield the actors that evidence names: subject, object, whose claim it is, who acts for whom."""
    yield evidence.subject
    yield evidence.object
    for actor in (evidence.attributed_to, evidence.agent, evidence.counterpart_agent):
        if actor is not None:
            yield actor


def evidence_from(values: Mapping[str, str | None]) -> Evidence:
    """Return the evidence whose parts a query has found; IRIs are full, literals plain."""
    sentence = _needed(values, "sentence")
    spans = {f"{name}_span": _span(_needed(values, name + "_at")) for name in ("subject", "cue", "object")}
    actors = {
        name: None if value is None else ontology.short(value)
        for name in ("attributed_to", "agent", "counterpart_agent")
        for value in (values.get(name),)
    }
    rest: dict[str, Any] = {**spans, **actors}
    return Evidence(
        document=document_id(sentence),
        subject=ontology.short(_needed(values, "subject")),
        relation=_needed(values, "relation").removeprefix(ontology.NAMESPACE),
        object=ontology.short(_needed(values, "object")),
        factuality=Factuality(_needed(values, "factuality").removeprefix(ontology.NAMESPACE)),
        sentence=_span(sentence),
        quote=_needed(values, "quote"),
        when=values.get("when"),
        rule=_needed(values, "rule"),
        confidence=float(_needed(values, "confidence")),
        **rest,
    )


def document_from(values: Mapping[str, str | None]) -> Document:
    """Return the document that a query has found; its text is empty, for a graph does not keep it."""
    day = values.get("date")
    return Document(
        id=document_id(_needed(values, "node")),
        text="",
        date=None if day is None else date.fromisoformat(day),
        language=values.get("language"),
        url=values.get("url"),
        title=values.get("title"),
    )


def row(subject: str, predicate: str, object_: str) -> str:
    """Return a triple: subject an IRI, predicate a prefixed name, object already in N-Triples syntax."""
    return f"<{subject}> {iri_of(predicate)} {object_}"


def iri_of(name: str) -> str:
    """Return a prefixed name as an IRI in N-Triples syntax."""
    found = _IRIS.get(name)
    if found is None:
        found = _IRIS[name] = str(NamedNode(expand(name)))
    return found


def literal(value: str, datatype: str | None = None) -> str:
    """Return a literal in N-Triples syntax; what cannot be written in XML or UTF-8 is replaced."""
    kind = "" if datatype is None else f"^^{iri_of(datatype)}"
    if _PLAIN.fullmatch(value):
        return f'"{value}"{kind}'
    return f"{Literal(_writable(value))}{kind}"


_IRIS: dict[str, str] = {}


def _spelled(rows: str) -> str:
    """Return rows with their prefixed names as IRIs, for the operator `%` to fill in."""
    return re.sub(r"\b[a-z]+:\w+", lambda name: iri_of(name[0]), rows.strip())


_STATEMENT = _spelled("""
%(statement)s rdf:type rdf:Statement
%(statement)s rdf:subject %(subject)s
%(statement)s rdf:predicate %(relation)s
%(statement)s rdf:object %(object)s
%(statement)s kg:factuality %(factuality)s
""")
_EVIDENCE = _spelled("""
%(sentence)s rdf:type oa:SpecificResource
%(sentence)s oa:hasSource %(document)s
%(sentence)s oa:hasSelector %(selector)s
%(selector)s rdf:type oa:TextPositionSelector
%(selector)s rdf:type oa:TextQuoteSelector
%(selector)s oa:start "%(start)s"^^xsd:integer
%(selector)s oa:end "%(end)s"^^xsd:integer
%(selector)s oa:exact %(quote)s
%(evidence)s rdf:type kg:Evidence
%(evidence)s oa:hasBody %(statement)s
%(evidence)s oa:hasTarget %(sentence)s
%(evidence)s prov:wasDerivedFrom %(document)s
%(evidence)s kg:subject_at %(subject_at)s
%(evidence)s kg:cue_at %(cue_at)s
%(evidence)s kg:object_at %(object_at)s
%(evidence)s kg:rule %(rule)s
%(evidence)s kg:confidence "%(confidence)s"^^xsd:decimal
""")


def _place(document: str, span: Span) -> str:
    return f"<{document}#char={span.start},{span.end}>"


@lru_cache(maxsize=10_000)
def _kind_row(actor: str) -> str:
    """Return the triple that says of what kind an actor is."""
    kind = ontology.load().kinds[ontology.kind_of(actor)]
    return row(ontology.iri(actor), _TYPE, iri_of(f"kg:{kind.name}"))


def _span(iri: str) -> Span:
    start, end = iri.rpartition("#char=")[2].split(",")
    return Span(int(start), int(end))


def _needed(values: Mapping[str, str | None], name: str) -> str:
    value = values.get(name)
    if value is None:
        raise GraphError(f"The graph is damaged: a node has no {name}. Build it again from its documents.")
    return value


def decimal(value: float) -> str:
    """Return a number in the canonical form of xsd:decimal (XSD 1.1): `0.5`, `1`."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _writable(text: str) -> str:
    """Return the text with U+FFFD for what RDF/XML or UTF-8 cannot hold; its length stays."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
