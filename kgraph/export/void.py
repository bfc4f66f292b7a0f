"""A description of a graph as a dataset, in VoID (W3C note of 2011): what it holds and how much."""

from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kgraph import ontology
from kgraph.graph.encoding import literal, row
from kgraph.graph.namespaces import PREFIXES, expand

if TYPE_CHECKING:
    from kgraph.graph import Graph

__all__ = ["write"]

_DATASET = f"{ontology.ACTORS}dataset"


def write(graph: "Graph", output: IO[bytes], *, title: str | None = None, licence: str | None = None) -> None:
    """Write the description as Turtle; `licence` is the IRI of the licence under which the graph is published."""
    graph.settle()
    store = graph.store
    rows = [
        row(_DATASET, "rdf:type", "<http://rdfs.org/ns/void#Dataset>"),
        row(_DATASET, "void:uriSpace", literal(ontology.ACTORS)),
        row(_DATASET, "void:vocabulary", f"<{ontology.NAMESPACE}>"),
        row(_DATASET, "void:exampleResource", f"<{ontology.iri('country:KAZ')}>"),
    ]
    if title is not None:
        rows.append(row(_DATASET, "dcterms:title", literal(title)))
    if licence is not None:
        rows.append(row(_DATASET, "dcterms:license", str(ox.NamedNode(licence))))
    for name, query in (
        ("triples", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        ("entities", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class }"),
        ("documents", "SELECT (COUNT(?s) AS ?n) { ?s a kg:Document }"),
    ):
        ((count,),) = store.select(query)
        rows.append(row(_DATASET, f"void:{name}", str(count)))
    for kind, key, counted, query in (
        ("class", "class", "entities", "SELECT ?x (COUNT(?s) AS ?n) { ?s a ?x } GROUP BY ?x"),
        ("property", "property", "triples", "SELECT ?x (COUNT(?s) AS ?n) { ?s ?x ?o } GROUP BY ?x"),
    ):
        for value, count in store.select(query):
            name = str(value)[1:-1].replace("#", "/").rpartition("/")[2]
            part = f"{_DATASET}#{kind}-{name}"
            rows.append(row(_DATASET, f"void:{kind}Partition", f"<{part}>"))
            rows.append(row(part, f"void:{key}", str(value)))
            rows.append(row(part, f"void:{counted}", str(count)))
    for days in store.select("SELECT (MIN(?d) AS ?a) (MAX(?d) AS ?b) { ?s a kg:Document ; dcterms:date ?d }"):
        if days[0] is not None and days[1] is not None:
            interval = f"{getattr(days[0], 'value', '')}/{getattr(days[1], 'value', '')}"
            rows.append(row(_DATASET, "dcterms:temporal", literal(interval, "edtf:EDTF")))
    text = " .\n".join((*sorted(rows), ""))
    triples = (quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES))
    ox.serialize(triples, output, format=ox.RdfFormat.TURTLE, prefixes={**PREFIXES, "void": expand("void:")})
