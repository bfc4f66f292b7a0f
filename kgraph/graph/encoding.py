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


def statement_rows(statement: Statement) -> Iterator[str]:
    """Yield the triples that spell out a statement and say of what kind its actors are."""
    body = statement_iri(statement.id)
    yield row(body, _TYPE, iri_of("rdf:Statement"))
    yield row(body, "rdf:subject", _actor(statement.subject))
    yield row(body, "rdf:predicate", iri_of(f"kg:{statement.relation}"))
    yield row(body, "rdf:object", _actor(statement.object))
    yield row(body, "kg:factuality", iri_of(f"kg:{statement.factuality.value}"))
    for actor in (statement.subject, statement.object):
        yield row(ontology.iri(actor), _TYPE, _class(actor))


def evidence_rows(evidence: Evidence, body: str) -> Iterator[str]:
    """Yield the triples of a piece of evidence and of its sentence; `body` is the IRI of its statement."""
    document = document_iri(evidence.document)
    start, end = evidence.sentence.start, evidence.sentence.end
    sentence, selector = f"<{document}#char={start},{end}>", f"<{document}#quote={start},{end}>"
    kind, integer = iri_of(_TYPE), iri_of("xsd:integer")
    yield f"{sentence} {kind} {iri_of('oa:SpecificResource')}"
    yield f"{sentence} {iri_of('oa:hasSource')} <{document}>"
    yield f"{sentence} {iri_of('oa:hasSelector')} {selector}"
    yield f"{selector} {kind} {iri_of('oa:TextPositionSelector')}"
    yield f"{selector} {kind} {iri_of('oa:TextQuoteSelector')}"
    yield f'{selector} {iri_of("oa:start")} "{start}"^^{integer}'
    yield f'{selector} {iri_of("oa:end")} "{end}"^^{integer}'
    yield f"{selector} {iri_of('oa:exact')} {literal(evidence.quote)}"

    node = f"<{evidence_iri(evidence.id)}>"
    yield f"{node} {kind} {iri_of('kg:Evidence')}"
    yield f"{node} {iri_of('oa:hasBody')} <{body}>"
    yield f"{node} {iri_of('oa:hasTarget')} {sentence}"
    yield f"{node} {iri_of('prov:wasDerivedFrom')} <{document}>"
    for name, span in (
        ("kg:subject_at", evidence.subject_span),
        ("kg:cue_at", evidence.cue_span),
        ("kg:object_at", evidence.object_span),
    ):
        yield f"{node} {iri_of(name)} <{document}#char={span.start},{span.end}>"
    yield f"{node} {iri_of('kg:rule')} {literal(evidence.rule)}"
    yield f"{node} {iri_of('kg:confidence')} {literal(decimal(evidence.confidence), 'xsd:decimal')}"
    for name, actor in (
        ("kg:attributed_to", evidence.attributed_to),
        ("kg:agent", evidence.agent),
        ("kg:counterpart_agent", evidence.counterpart_agent),
    ):
        if actor is not None:
            yield f"{node} {iri_of(name)} {_actor(actor)}"
            yield row(ontology.iri(actor), _TYPE, _class(actor))
    if evidence.when is not None:
        yield f"{node} {iri_of('kg:when')} {literal(evidence.when, 'edtf:EDTF')}"


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


def _actor(actor: str) -> str:
    return f"<{ontology.iri(actor)}>"


def _class(actor: str) -> str:
    return iri_of("kg:" + ontology.load().kinds[ontology.kind_of(actor)].name)


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
