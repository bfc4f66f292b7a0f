"""What `store.py` measures of rdflib: loading a file, making and adding the triples of evidence, and queries."""

import resource
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import rdflib
from rdflib import RDF, Literal, Namespace, URIRef
from store import QUERIES, clocked, generated, timed

from kgraph import ontology
from kgraph.graph.encoding import canonical, document_iri, evidence_iri, statement_iri
from kgraph.graph.namespaces import PREFIXES
from kgraph.model import Document, Evidence, Statement

KG, OA, PROV, DCTERMS, EDTF = (Namespace(PREFIXES[name]) for name in ("kg", "oa", "prov", "dcterms", "edtf"))


def load_file(folder: Path, count: int) -> dict[str, float]:
    """Return the figures of an rdflib graph in memory, loaded from the N-Triples of the same graph."""
    figures: dict[str, float] = {"evidence": count}
    with clocked(figures, "file"):
        graph = rdflib.Graph().parse(folder / "bench.nt", format="nt")
    times = {name: timed(lambda q=q: list(graph.query(q, initNs=dict(PREFIXES))), 3) for name, q in QUERIES.items()}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**figures, "triples": len(graph), "memory MB": memory, **times}


def load_evidence(folder: Path, count: int) -> dict[str, float]:
    """Return how long it takes to make the triples of the evidence of rdflib terms and to add them to a graph."""
    documents = list(generated(count))
    graph = rdflib.Graph()
    figures: dict[str, float] = {}
    with clocked(figures, "evidence"):
        for document, found in documents:
            for triple in triples_of(document, found):
                graph.add(triple)
    whole = rdflib.Graph().parse(folder / "bench.nt", format="nt")
    assert all(triple in whole for triple in graph), "rdflib was given other triples"
    left = {p for s, p, o in whole if (s, p, o) not in graph and (s, RDF.type, RDF.Statement) not in graph}
    assert not left & set(graph.predicates()), "rdflib was given fewer triples"
    return figures


def triples_of(document: Document, found: list[Evidence]) -> Iterator[tuple[Any, Any, Any]]:
    """Yield what the graph says of a document and its evidence, as a user of rdflib would write it."""
    d = document_iri(document.id)
    source = URIRef(d)
    yield source, RDF.type, KG.Document
    yield source, DCTERMS.identifier, Literal(document.id)
    yield source, KG.digest, Literal(document.digest)
    yield source, DCTERMS.date, Literal(document.date)
    yield source, DCTERMS.language, Literal(document.language)
    for each in found:
        e = canonical(each, document)
        subject, object_ = URIRef(ontology.iri(e.subject)), URIRef(ontology.iri(e.object))
        statement = URIRef(statement_iri(Statement(e.subject, e.relation, e.object, e.factuality).id))
        yield statement, RDF.type, RDF.Statement
        yield statement, RDF.subject, subject
        yield statement, RDF.predicate, KG[e.relation]
        yield statement, RDF.object, object_
        yield statement, KG.factuality, KG[e.factuality.value]
        yield subject, RDF.type, kind(e.subject)
        yield object_, RDF.type, kind(e.object)
        start, end = e.sentence.start, e.sentence.end
        sentence, selector = URIRef(f"{d}#char={start},{end}"), URIRef(f"{d}#quote={start},{end}")
        yield sentence, RDF.type, OA.SpecificResource
        yield sentence, OA.hasSource, source
        yield sentence, OA.hasSelector, selector
        yield selector, RDF.type, OA.TextPositionSelector
        yield selector, RDF.type, OA.TextQuoteSelector
        yield selector, OA.start, Literal(start)
        yield selector, OA.end, Literal(end)
        yield selector, OA.exact, Literal(e.quote)
        node = URIRef(evidence_iri(e.id))
        yield node, RDF.type, KG.Evidence
        yield node, OA.hasBody, statement
        yield node, OA.hasTarget, sentence
        yield node, PROV.wasDerivedFrom, source
        for name, span in ((KG.subject_at, e.subject_span), (KG.cue_at, e.cue_span), (KG.object_at, e.object_span)):
            yield node, name, URIRef(f"{d}#char={span.start},{span.end}")
        yield node, KG.rule, Literal(e.rule)
        yield node, KG.confidence, Literal(Decimal(str(e.confidence)))
        if e.attributed_to is not None:
            yield node, KG.attributed_to, URIRef(ontology.iri(e.attributed_to))
            yield URIRef(ontology.iri(e.attributed_to)), RDF.type, kind(e.attributed_to)
        if e.when is not None:
            yield node, KG.when, Literal(e.when, datatype=EDTF.EDTF)


def kind(actor: str) -> URIRef:
    """Return the class of an actor."""
    return KG[ontology.load().kinds[ontology.kind_of(actor)].name]
