"""The graph as a network: actors are nodes, statements are edges."""

import io
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

import networkx as nx

from kgraph import ontology

if TYPE_CHECKING:
    from kgraph.graph import Graph
    from kgraph.model import Statement

__all__ = ["WRITERS", "to_networkx"]


def to_networkx(graph: "Graph", **filters: Any) -> "nx.MultiDiGraph[str]":
    """Return actors as nodes, statements as edges keyed by id; filters as in `Graph.statements`.

    Every attribute is a string, a number or a truth value, so that all formats can hold it: dates are ISO
    8601, lists are joined by ` | `, what is unknown is an empty string. A symmetric statement is one edge.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    labels = graph.labels()
    statements = list(graph.statements(**filters))
    for actor in sorted({a for s in statements for a in (s.subject, s.object)}):
        named = labels.get(actor)
        names = named.labels if named else {}
        network.add_node(
            actor,
            label=names.get("en", actor),
            label_id=names.get("id", ""),
            kind=ontology.kind_of(actor),
            wikidata=(named.qid or "") if named else "",
        )
    for statement in statements:
        network.add_edge(statement.subject, statement.object, key=statement.id, **_attributes(statement))
    return network


def _attributes(statement: "Statement") -> dict[str, str | int | float | bool]:
    relation = ontology.load().relations[statement.relation]
    claimants = sorted({e.attributed_to for e in statement.evidence if e.attributed_to})
    return {
        "relation": statement.relation,
        "label": relation.labels["en"],
        "factuality": statement.factuality.value,
        "sign": relation.sign,
        "plover": relation.plover or "",
        "quad": relation.quad or "",
        "symmetric": relation.symmetric,
        "weight": len(statement.sources),
        "confidence": statement.confidence,
        "evidence": len(statement.evidence),
        "documents": len(statement.documents),
        "sources": len(statement.sources),
        "first_said": str(statement.first_said or ""),
        "last_said": str(statement.last_said or ""),
        "holds": statement.holds or "",
        "contradicted": bool(statement.contradicts),
        "attributed_to": " | ".join(claimants),
    }


def _graphml(graph: "Graph", output: IO[bytes]) -> None:
    """Write GraphML; truth values as XML Schema spells them, which networkx does not."""
    network = to_networkx(graph)
    for _, _, data in network.edges(data=True):
        data.update({name: str(value).lower() for name, value in data.items() if isinstance(value, bool)})
    nx.write_graphml_xml(network, output)


def _gexf(graph: "Graph", output: IO[bytes]) -> None:
    """Write GEXF 1.2 without the day of writing, which would change the bytes, and without what its schema forbids."""
    network = to_networkx(graph)
    for _, _, key, data in network.edges(keys=True, data=True):
        data["id"] = key
    buffer = io.BytesIO()
    nx.write_gexf(network, buffer)
    output.write(_UNWANTED.sub(b"", buffer.getvalue()))


_UNWANTED = re.compile(rb' lastmodifieddate="[^"]*"|(?<=<graph defaultedgetype="directed" mode="static") name=""')

WRITERS: Mapping[str, Callable[["Graph", IO[bytes]], None]] = MappingProxyType({"graphml": _graphml, "gexf": _gexf})
"""Format name → what writes a graph in it."""
