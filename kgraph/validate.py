"""Check a graph against `ontology/shapes.ttl` with SHACL."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph import ontology
from kgraph.errors import GraphError

if TYPE_CHECKING:
    import rdflib

    from kgraph.graph import Graph

__all__ = ["Violation", "validate"]


@dataclass(frozen=True, order=True, slots=True)
class Violation:
    """A node that breaks a rule: which, where, with what value, and what the rule says."""

    node: str
    path: str
    value: str
    message: str


def validate(graph: "Graph | rdflib.Graph") -> list[Violation]:
    """Return what in the graph breaks a rule, nothing if all is well; raise GraphError if pySHACL is missing."""
    import rdflib
    from rdflib.namespace import RDF, SH

    try:
        import pyshacl
    except ImportError as error:
        raise GraphError("pySHACL is not installed: pip install 'kgraph[research]'.") from error
    data = graph if isinstance(graph, rdflib.Graph) else graph.to_rdflib()
    vocabulary = rdflib.Graph().parse(ontology.path())
    shapes = rdflib.Graph().parse(ontology.path("shapes.ttl"))
    _, report, _ = pyshacl.validate(data + vocabulary, shacl_graph=shapes, advanced=True)
    assert isinstance(report, rdflib.Graph)

    def found() -> Iterator[Violation]:
        for result in report.subjects(RDF.type, SH.ValidationResult):
            node, path, value, message = (
                report.value(result, key) for key in (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)
            )
            yield Violation(*("" if term is None else str(term) for term in (node, path, value, message)))

    return sorted(found())
