"""Run SPARQL that a person typed: in a process of its own, with limits on time and memory, reading only."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kgraph.errors import QueryError
from kgraph.graph.encoding import document_id
from kgraph.graph.endpoint import truth
from kgraph.graph.namespaces import PREFIXES
from kgraph.graph.store import EmbeddedStore
from kgraph.query.guard import asks_triples, check, explained, is_update

if TYPE_CHECKING:
    from kgraph.graph import Graph

__all__ = ["FORMATS", "Answer", "Limits", "query", "serialised", "update"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a query may take, in seconds; the memory that it may use and the size of its answer, in megabytes."""

    timeout: float = 60.0
    memory_mb: int = 2048
    result_mb: int = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found: rows of terms under the names of variables; of CONSTRUCT and DESCRIBE, triples.

    Terms are in N-Triples syntax in `rows`, None where unbound; `truth` is the answer to ASK.
    """

    variables: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    truth: bool | None = None
    triples: bytes | None = None

    @property
    def values(self) -> list[dict[str, str | None]]:
        """Return the rows as plain values: actors and documents by id, other IRIs in short form, literals bare."""
        return [dict(zip(self.variables, map(readable, row), strict=True)) for row in self.rows]

    def to(self, format_: str) -> bytes:
        """Return the answer as csv, tsv, json, xml or ttl/nt; raise QueryError for what does not fit it."""
        if self.triples is not None:
            if format_ not in _TRIPLES:
                raise QueryError(f"Triples can be given as {', '.join(_TRIPLES)}, not as {format_}.")
            triples = (q.triple for q in ox.parse(self.triples, format=ox.RdfFormat.N_TRIPLES, lenient=True))
            ordered = sorted(triples, key=str)
            return ox.serialize(ordered, format=_TRIPLES[format_], prefixes=dict(PREFIXES)) or b""
        if format_ not in FORMATS:
            raise QueryError(f"Rows can be given as {', '.join(FORMATS)}, not as {format_}.")
        if self.truth is not None and format_ in {"csv", "tsv"}:
            return b"true\n" if self.truth else b"false\n"
        return FORMATS[format_](self)


def query(
    graph: "Graph | str | Path",
    text: str,
    *,
    limits: Limits | None = None,
    allow_service: bool = False,
) -> Answer:
    """Return the answer to a SELECT, ASK, CONSTRUCT or DESCRIBE query on a graph.

    The prefixes of kgraph need no declaration. Raises QueryError where the query is wrong, asks for what is
    not allowed, or exceeds its limits.
    """
    from kgraph.graph import Graph

    limits = limits or Limits()
    check(text, allow_service=allow_service)
    if isinstance(graph, str) and graph.startswith(("http://", "https://")):
        graph = Graph.open(graph)
    if not isinstance(graph, Graph):
        _finish(Path(graph))
        return _answer(_run({"path": str(graph), "query": text}, limits))
    graph.settle()
    if not isinstance(graph.store, EmbeddedStore):
        triples = asks_triples(text)
        found: bytes = graph.store.answer(text, limits.timeout, triples=triples)  # type: ignore[attr-defined]
        return _answer((b"graph\n" if triples else b"xml\n") + found)
    if graph.store.path is not None:
        path = graph.store.path
        if graph.read_only:
            return _answer(_run({"path": str(path), "query": text}, limits))
        with TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as folder:  # a writer's files come and go
            graph.store.oxigraph.backup(str(Path(folder) / "as-it-is"))
            return _answer(_run({"path": str(Path(folder) / "as-it-is"), "query": text}, limits))
    with NamedTemporaryFile(suffix=".nt") as file:
        file.writelines(f"{row} .\n".encode() for row in graph.triples())
        file.flush()
        return _answer(_run({"rows": file.name, "query": text}, limits))


def serialised(
    path: Path,
    text: str,
    format_: str,
    *,
    limits: Limits | None = None,
    default_graph: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
) -> bytes:
    """Return the answer to a query on the graph in a folder, as the standard of the format writes it.

    Rows can be had as json, xml, csv and tsv, triples as nt, ttl, rdf and jsonld. The graphs are the dataset that the
    query runs on, if not the whole. Raises QueryError as `query` does.
    """
    check(text)
    job = {"path": str(path), "query": text, "format": format_}
    dataset = {"default_graph": list(default_graph), "named_graphs": list(named_graphs)}
    return _run({**job, **dataset}, limits or Limits()).partition(b"\n")[2]


def update(path: str | Path, text: str, *, limits: Limits | None = None, allow_service: bool = False) -> None:
    """Run a SPARQL update on the graph in a folder; raise QueryError as `query` does."""
    check(text, allow_update=True, allow_service=allow_service)
    if not is_update(text):
        raise QueryError("This is a query, not an update: leave out --update.")
    _finish(Path(path))
    _run({"path": str(path), "query": text, "update": True}, limits or Limits())


def _finish(path: Path) -> None:
    """Let a graph that a killed run left behind complete what it computes."""
    from kgraph.graph import Graph

    Graph.open(path, read_only=True).close()


def _run(job: dict[str, Any], limits: Limits) -> bytes:
    whole = {
        "path": None,
        "update": False,
        "format": "json",
        "prefixes": dict(PREFIXES),
        "timeout": limits.timeout,
        "memory_mb": limits.memory_mb,
        "result_mb": limits.result_mb,
        **job,
    }
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", str(Path(__file__).with_name("child.py"))],
            input=json.dumps(whole).encode(),
            capture_output=True,
            timeout=limits.timeout,
            env={**os.environ, "MALLOC_ARENA_MAX": "1"},  # arenas reserve memory that counts, though nothing uses it
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise QueryError(
            f"The query took longer than {limits.timeout:g} s and was stopped: narrow it down, add a LIMIT, or "
            "allow more time with --timeout."
        ) from None
    if done.returncode == 0:
        return done.stdout
    raise QueryError(_complaint(job["query"], done.stderr, limits))


def _complaint(text: str, stderr: bytes, limits: Limits) -> str:
    try:
        told = json.loads(stderr.splitlines()[-1])
        kind, message = told["kind"], told["message"]
    except (ValueError, IndexError, KeyError, TypeError):
        kind, message = "memory", ""
        if b"memory" not in stderr and stderr.strip():
            kind, message = "engine", stderr.decode("utf-8", "replace").strip().splitlines()[-1]
    if kind == "syntax":
        return explained(text, message)
    if kind == "size":
        return f"The answer is larger than {limits.result_mb} MB: narrow the query down or add a LIMIT."
    if kind == "memory" or "Cannot allocate memory" in message:
        return (
            f"The query needed more than {limits.memory_mb} MB of memory and was stopped: narrow it down, add a "
            "LIMIT, or allow more with --memory."
        )
    return f"The query could not be answered: {message}"


def _answer(output: bytes) -> Answer:
    kind, _, body = output.partition(b"\n")
    if kind == b"graph":
        return Answer((), (), triples=body)
    syntax = ox.QueryResultsFormat.XML if kind == b"xml" else ox.QueryResultsFormat.JSON
    results = ox.parse_query_results(body, format=syntax)
    said = truth(results)
    if said is not None:
        return Answer((), (), truth=said)
    assert isinstance(results, ox.QuerySolutions)
    variables = tuple(variable.value for variable in results.variables)
    rows = tuple(
        tuple(None if term is None else str(term) for term in (solution[name] for name in variables))
        for solution in results
    )
    return Answer(variables, rows)


def readable(term: str | None) -> str | None:
    """Return a term as people read it: a document by its id, other IRIs in short form, literals bare."""
    if term is None:
        return None
    if term.startswith("<"):
        iri = term[1:-1]
        if iri.startswith(PREFIXES["document"]) and "#" not in iri:
            return document_id(iri)
        for prefix, start in PREFIXES.items():
            if iri.startswith(start) and len(iri) > len(start):
                return f"{prefix}:{iri[len(start) :]}"
        return iri
    value = next(iter(ox.parse(f"<x:x> <x:x> {term} .", format=ox.RdfFormat.N_TRIPLES))).object
    return str(getattr(value, "value", value))


def _json(answer: Answer) -> bytes:
    """Return SPARQL 1.1 Query Results JSON."""
    if answer.truth is not None:
        return json.dumps({"head": {}, "boolean": answer.truth}).encode() + b"\n"
    bindings = [
        {name: _binding(term) for name, term in zip(answer.variables, row, strict=True) if term is not None}
        for row in answer.rows
    ]
    result = {"head": {"vars": list(answer.variables)}, "results": {"bindings": bindings}}
    return json.dumps(result, ensure_ascii=False, indent=1).encode() + b"\n"


def _binding(term: str) -> dict[str, str]:
    value = next(iter(ox.parse(f"<x:x> <x:x> {term} .", format=ox.RdfFormat.N_TRIPLES))).object
    if isinstance(value, ox.NamedNode):
        return {"type": "uri", "value": value.value}
    if isinstance(value, ox.BlankNode):
        return {"type": "bnode", "value": value.value}
    assert isinstance(value, ox.Literal)
    result = {"type": "literal", "value": value.value}
    if value.language is not None:
        result["xml:lang"] = value.language
    elif value.datatype.value != PREFIXES["xsd"] + "string":
        result["datatype"] = value.datatype.value
    return result


def _csv(answer: Answer) -> bytes:
    """Return CSV with actors by id, which is what a spreadsheet wants; IRIs in full are in tsv, json and xml."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(answer.variables)
    writer.writerows(row.values() for row in answer.values)
    return text.getvalue().encode()


def _tsv(answer: Answer) -> bytes:
    """Return SPARQL 1.1 Query Results TSV."""
    lines = ["\t".join(f"?{name}" for name in answer.variables)]
    lines += ["\t".join(term or "" for term in row) for row in answer.rows]
    return "\n".join([*lines, ""]).encode()


def _xml(answer: Answer) -> bytes:
    """Return SPARQL Query Results XML."""
    results = ox.parse_query_results(_json(answer), format=ox.QueryResultsFormat.JSON)
    return results.serialize(format=ox.QueryResultsFormat.XML) or b""


FORMATS: Mapping[str, Callable[[Answer], bytes]] = MappingProxyType(
    {"csv": _csv, "tsv": _tsv, "json": _json, "xml": _xml}
)
_TRIPLES: Mapping[str, ox.RdfFormat] = MappingProxyType(
    {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML}
)
