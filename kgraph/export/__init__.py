"""A graph in other formats: RDF, networks, tables."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING

from kgraph.errors import GraphError
from kgraph.export import nanopubs, neo4j, networks, rdf, tables, void

if TYPE_CHECKING:
    from kgraph.graph import Graph

__all__ = ["FORMATS", "export"]

FORMATS: Mapping[str, Callable[["Graph", IO[bytes]], None]] = MappingProxyType(
    {
        **rdf.WRITERS,
        **networks.WRITERS,
        **tables.WRITERS,
        "nanopubs": nanopubs.write,
        "void": void.write,
        "neo4j": neo4j.write,
    }
)
"""Format name → what writes a graph in it. It is also the ending of a file's name; `nanopubs` (TriG), `void` (Turtle)
and `neo4j` (ZIP of CSV) are best named as the format."""


def export(graph: "Graph", path: str | Path, format_: str | None = None) -> None:
    """Write a graph to a file, whole or not at all; without a format, the name's ending tells it.

    Raises GraphError for a format that is not known, or where the file cannot be written.
    """
    path = Path(path)
    name = (format_ or path.suffix.removeprefix(".")).lower()
    if name not in FORMATS:
        near = get_close_matches(name, FORMATS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        wrong = f"{name!r} is no format that can be written" if name else f"{path} does not say in which format"
        raise GraphError(f"{wrong}: known are {', '.join(FORMATS)}.{hint}")
    temporary = path.with_name(path.name + ".part")
    try:
        with temporary.open("wb") as output:
            FORMATS[name](graph, output)
        temporary.replace(path)
    except OSError as error:
        raise GraphError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
