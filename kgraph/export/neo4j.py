"""The graph as CSV files for `neo4j-admin database import`: nodes with labels, relationships with types."""

import csv
import io
import zipfile
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

from kgraph import ontology
from kgraph.export.networks import to_networkx

if TYPE_CHECKING:
    from kgraph.graph import Graph

__all__ = ["write"]

_TYPES = {"sign": "int", "weight": "int", "evidence": "int", "documents": "int", "sources": "int"}
_TYPES |= {"confidence": "float", "symmetric": "boolean", "contradicted": "boolean"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(graph: "Graph", output: IO[bytes]) -> None:
    """Write a ZIP archive of `nodes.csv` and `relationships.csv`; the relationship type is the relation in capitals."""
    network = to_networkx(graph)
    kinds = ontology.load().kinds
    nodes: list[list[object]] = [
        [actor, data["label"], data["label_id"], data["wikidata"], f"Actor;{kinds[data['kind']].name}"]
        for actor, data in sorted(network.nodes.items())
    ]
    edges = sorted(network.edges(keys=True, data=True), key=lambda edge: edge[2])
    names = [name for name in (edges[0][3] if edges else {}) if name not in {"relation", "label"}]
    relationships = [
        [a, b, data["relation"].upper(), key, *(_cell(data[name]) for name in names)] for a, b, key, data in edges
    ]
    header: list[object] = [
        ":START_ID",
        ":END_ID",
        ":TYPE",
        "id",
        *(f"{n}:{_TYPES[n]}" if n in _TYPES else n for n in names),
    ]
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "nodes.csv", [["id:ID", "label", "label_id", "wikidata", ":LABEL"], *nodes])
        _add(archive, "relationships.csv", [header, *relationships])


def _add(archive: zipfile.ZipFile, name: str, rows: Iterable[list[object]]) -> None:
    """Add a table; its date is fixed, so that the archive's bytes depend on the graph alone."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), text.getvalue(), zipfile.ZIP_DEFLATED)


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value
