"""Statements as nanopublications: each a small named-graph document that can be cited and published alone.

See the Nanopublication Guidelines: a head, an assertion, its provenance and publication information. What is certain is
asserted as a plain triple; what is denied or only possible as an `rdf:Statement` with its factuality.
"""

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from kgraph import ontology
from kgraph.graph.encoding import document_iri, evidence_iri, statement_iri
from kgraph.graph.namespaces import PREFIXES, expand

if TYPE_CHECKING:
    from kgraph.graph import Graph
    from kgraph.model import Statement

__all__ = ["nanopublications", "write"]

_NP = "http://www.nanopub.org/nschema#"
_SOFTWARE = ontology.ACTORS.rstrip("/")


def nanopublications(graph: "Graph") -> Iterator[list[ox.Quad]]:
    """Yield the quads of each statement's nanopublication, in order of statements."""
    for statement in graph.statements():
        yield list(_quads(statement))


def write(graph: "Graph", output: IO[bytes]) -> None:
    """Write all statements as nanopublications in TriG."""
    quads = (quad for each in nanopublications(graph) for quad in each)
    ox.serialize(quads, output, format=ox.RdfFormat.TRIG, prefixes={**PREFIXES, "np": _NP})


def _quads(statement: "Statement") -> Iterator[ox.Quad]:
    base = f"{ontology.ACTORS}nanopub/{statement.id}"
    this = ox.NamedNode(base)
    head, assertion, provenance, publication = (
        ox.NamedNode(f"{base}#{name}") for name in ("Head", "assertion", "provenance", "pubinfo")
    )

    def quad(subject: ox.NamedNode, name: str, value: ox.NamedNode | ox.Literal, graph: ox.NamedNode) -> ox.Quad:
        return ox.Quad(subject, _node(name), value, graph)

    yield quad(this, "rdf:type", ox.NamedNode(_NP + "Nanopublication"), head)
    for name, part in (("Assertion", assertion), ("Provenance", provenance), ("PublicationInfo", publication)):
        yield ox.Quad(this, ox.NamedNode(f"{_NP}has{name}"), part, head)
    subject, object_ = (ox.NamedNode(ontology.iri(a)) for a in (statement.subject, statement.object))
    if statement.factuality.value == "certain":
        yield quad(subject, f"kg:{statement.relation}", object_, assertion)
    else:
        node = ox.NamedNode(statement_iri(statement.id))
        yield quad(node, "rdf:type", _node("rdf:Statement"), assertion)
        yield quad(node, "rdf:subject", subject, assertion)
        yield quad(node, "rdf:predicate", _node(f"kg:{statement.relation}"), assertion)
        yield quad(node, "rdf:object", object_, assertion)
        yield quad(node, "kg:factuality", _node(f"kg:{statement.factuality.value}"), assertion)
    for piece in statement.evidence:
        node = ox.NamedNode(evidence_iri(piece.id))
        yield quad(assertion, "prov:wasDerivedFrom", node, provenance)
        yield quad(node, "prov:hadPrimarySource", ox.NamedNode(document_iri(piece.document)), provenance)
        yield quad(node, "prov:value", ox.Literal(piece.quote), provenance)
        if piece.attributed_to is not None:
            yield quad(node, "prov:wasAttributedTo", ox.NamedNode(ontology.iri(piece.attributed_to)), provenance)
    yield quad(this, "prov:wasAttributedTo", ox.NamedNode(_SOFTWARE), publication)
    if statement.last_said is not None:
        created = ox.Literal(f"{statement.last_said}T00:00:00Z", datatype=_node("xsd:dateTime"))
        yield quad(this, "dcterms:created", created, publication)


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))
