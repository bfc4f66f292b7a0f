"""The graph as RDF in one order, so that bytes are stable.

A graph has no blank nodes, so sorted N-Triples are its canonical form.
"""

import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import groupby
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from kgraph.graph.namespaces import PREFIXES
from kgraph.graph.settle import chunks

if TYPE_CHECKING:
    import rdflib

    from kgraph.graph import Graph

__all__ = ["WRITERS", "sorted_rows", "to_rdflib"]

_RUN = 500_000
"""Rows that are sorted in memory at a time."""

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def sorted_rows(rows: Iterable[str]) -> Iterator[str]:
    """Yield rows in order, each once; more than memory should hold are sorted in runs on disk."""
    with ExitStack() as stack:
        runs: list[Iterable[str]] = []
        for chunk in chunks(rows, _RUN):
            chunk.sort()
            if len(chunk) < _RUN:
                runs.append(chunk)
                continue
            file = stack.enter_context(TemporaryFile("w+", encoding="utf-8", newline="\n"))
            file.writelines(row + "\n" for row in chunk)
            file.seek(0)
            runs.append(line[:-1] for line in file)
        last = None
        for row in heapq.merge(*runs):
            if row != last:
                yield row
            last = row


def to_rdflib(graph: "Graph") -> "rdflib.Graph":
    """Return the graph as an rdflib Graph in memory, with the usual prefixes bound."""
    import rdflib

    result = rdflib.Graph()
    for prefix, iri in PREFIXES.items():
        result.bind(prefix, iri, replace=True)
    for chunk in chunks(graph.triples(), 50_000):
        result.parse(data=" .\n".join((*chunk, "")), format="nt")
    return result


def _rows(graph: "Graph", output: IO[bytes]) -> None:
    for row in sorted_rows(graph.triples()):
        output.write(f"{row} .\n".encode())


def _pretty(syntax: ox.RdfFormat) -> "Writer":
    def write(graph: "Graph", output: IO[bytes]) -> None:
        with TemporaryFile() as file:
            _rows(graph, file)
            file.seek(0)
            triples = (quad.triple for quad in ox.parse(file, format=ox.RdfFormat.N_TRIPLES, lenient=True))
            ox.serialize(triples, output, format=syntax, prefixes=dict(PREFIXES))

    return write


class _Returns:
    """Passes XML on with carriage returns as references, for a parser turns bare ones into line feeds."""

    def __init__(self, output: IO[bytes]) -> None:
        self.output = output

    def flush(self) -> None:
        """Pass on what is held back."""
        self.output.flush()

    def write(self, data: bytes) -> int:
        """Write bytes and return how many were taken."""
        self.output.write(data.replace(b"\r", b"&#13;"))
        return len(data)


def _rdf_xml(graph: "Graph", output: IO[bytes]) -> None:
    _pretty(ox.RdfFormat.RDF_XML)(graph, cast("IO[bytes]", _Returns(output)))


def _json_ld(graph: "Graph", output: IO[bytes]) -> None:
    """Write JSON-LD 1.1: the prefixes as context, a node a line."""
    context = json.dumps(dict(PREFIXES), ensure_ascii=False, indent=1)
    output.write(f'{{"@context": {context},\n"@graph": [\n'.encode())
    separator = ""
    for subject, rows in groupby(sorted_rows(graph.triples()), key=lambda row: row.partition(" ")[0]):
        node: dict[str, Any] = {"@id": _compact(subject[1:-1])}
        text = " .\n".join((*rows, ""))
        for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES, lenient=True):
            if quad.predicate.value == _TYPE:
                assert isinstance(quad.object, ox.NamedNode)
                node.setdefault("@type", []).append(_compact(quad.object.value))
            else:
                node.setdefault(_compact(quad.predicate.value), []).append(_value(quad.object))
        output.write(f"{separator}{json.dumps(node, ensure_ascii=False)}".encode())
        separator = ",\n"
    output.write(b"\n]}\n")


def _value(term: object) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"@id": _compact(term.value)}
    assert isinstance(term, ox.Literal)
    if term.language is not None:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == PREFIXES["xsd"] + "string":
        return {"@value": term.value}
    return {"@value": term.value, "@type": _compact(term.datatype.value)}


def _compact(iri: str) -> str:
    for prefix, start in PREFIXES.items():
        if iri.startswith(start):
            return f"{prefix}:{iri[len(start) :]}"
    return iri


Writer = Callable[["Graph", IO[bytes]], None]

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "nt": _rows,
        "nq": _rows,
        "ttl": _pretty(ox.RdfFormat.TURTLE),
        "trig": _pretty(ox.RdfFormat.TRIG),
        "rdf": _rdf_xml,
        "jsonld": _json_ld,
    }
)
"""Format name → what writes a graph in it."""
