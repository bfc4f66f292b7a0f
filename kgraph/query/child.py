"""The process in which one query runs, since the engine itself knows no limits of time and memory.

Reads a job as JSON from standard input and writes the serialised answer to standard output. What goes wrong
is told as JSON on standard error, with exit code 3. It imports nothing of kgraph, so that it starts quickly.
"""

import json
import sys
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

__all__ = ["main"]

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
_TRIPLES = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def main() -> int:
    """Run one job and return the exit code."""
    job = json.load(sys.stdin)
    _limit(job["memory_mb"], job["timeout"])
    try:
        _run(job)
    except SyntaxError as error:
        return _failed("syntax", str(error))
    except _TooLargeError:
        return _failed("size", "")
    except MemoryError:
        return _failed("memory", "")
    except (OSError, ValueError, RuntimeError) as error:
        return _failed("engine", str(error))
    sys.stdout.buffer.flush()
    return 0


def _run(job: dict[str, Any]) -> None:
    store = _store(job)
    if job["update"]:
        store.update(job["query"], prefixes=job["prefixes"])
        store.flush()
        return
    dataset: dict[str, Any] = {
        key: [ox.NamedNode(iri) for iri in job[key]] for key in ("default_graph", "named_graphs") if job.get(key)
    }
    answer = store.query(job["query"], prefixes=job["prefixes"], **dataset)
    output = cast("IO[bytes]", _Output(job["result_mb"]))
    if isinstance(answer, ox.QueryTriples):
        output.write(b"graph\n")
        answer.serialize(output, format=_TRIPLES.get(job["format"], ox.RdfFormat.N_TRIPLES))
        return
    output.write(b"rows\n")
    answer.serialize(output, format=_RESULTS[job["format"]])


class _TooLargeError(Exception):
    """The answer exceeds its limit."""


class _Output:
    """Standard output, which takes only so many megabytes."""

    def __init__(self, megabytes: int) -> None:
        self._left = megabytes * 2**20

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise _TooLargeError
        return sys.stdout.buffer.write(data)

    def flush(self) -> None:
        sys.stdout.buffer.flush()


def _store(job: dict[str, Any]) -> ox.Store:
    if job["path"] is not None:
        return ox.Store(job["path"]) if job["update"] else ox.Store.read_only(job["path"])
    store = ox.Store()
    store.bulk_load(Path(job["rows"]).read_bytes(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return store


def _limit(memory_mb: int, timeout: float) -> None:
    """Cap address space and processor time; where the system has no such limits, the parent's clock remains."""
    try:
        import resource
    except ImportError:
        return
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if _linux() else 0
    for kind, limit in (
        (resource.RLIMIT_AS, used + memory_mb * 2**20),
        (resource.RLIMIT_CPU, int(timeout) * 4 + 5),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _linux() -> bool:
    return sys.platform.startswith("linux")


def _failed(kind: str, message: str) -> int:
    sys.stderr.write(json.dumps({"kind": kind, "message": message}))
    return 3


if __name__ == "__main__":
    sys.exit(main())
