"""Where the triples of a graph are: an embedded Oxigraph store, in memory or in a folder.

`endpoint.py` has the same calls for a SPARQL 1.1 server.
"""

import shutil
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol, Self

import pyoxigraph as ox

from kgraph.errors import GraphError
from kgraph.graph.namespaces import LEDGER, PREFIXES

__all__ = ["Change", "EmbeddedStore", "Store", "Term", "prologue"]

Term = ox.NamedNode | ox.Literal | ox.BlankNode

_BULK = 4_000
"""Rows from which writing new files is faster than a transaction, on disk; a transaction's rows also stay in memory."""
_WRITERS = 2
"""Large changes that are written at once; each is sorted by a thread of its own."""


class Change:
    """Triples to add and to remove, in the graph and in the ledger, all or nothing."""

    __slots__ = ("add", "ledger_add", "ledger_remove", "remove")

    def __init__(
        self,
        add: Collection[str] = (),
        remove: Collection[str] = (),
        ledger_add: Collection[str] = (),
        ledger_remove: Collection[str] = (),
    ) -> None:
        self.add = add
        self.remove = remove
        self.ledger_add = ledger_add
        self.ledger_remove = ledger_remove

    def __bool__(self) -> bool:
        return bool(self.add or self.remove or self.ledger_add or self.ledger_remove)

    def update(self, graph: str | None = None) -> str:
        """Return the change as one SPARQL update; `graph` is the IRI of the graph if it is a named one."""
        steps = (
            ("DELETE DATA", self.remove, graph),
            ("DELETE DATA", self.ledger_remove, LEDGER),
            ("INSERT DATA", self.add, graph),
            ("INSERT DATA", self.ledger_add, LEDGER),
        )
        return " ;\n".join(_data(*step) for step in steps if step[1])


class Store(Protocol):
    """What a graph needs of the place that keeps its triples."""

    def select(self, query: str) -> Iterator[Sequence[Term | None]]:
        """Yield the rows of a SELECT query, which may use the known prefixes."""
        ...

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query, which may use the known prefixes."""
        ...

    def empty(self) -> bool:
        """Tell whether the store holds nothing yet."""
        ...

    def apply(self, change: Change) -> None:
        """Make a change, all or nothing."""
        ...

    def triples(self) -> Iterator[str]:
        """Yield every triple outside the ledger, in no order, as N-Triples without the full stop."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


def prologue(query: str) -> str:
    """Return the query with the declarations of the known prefixes that it uses before it."""
    used = (f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items() if f"{name}:" in query)
    return " ".join((*used, query))


class EmbeddedStore:
    """An Oxigraph store in memory or in a folder of its own. One process at a time may write to a folder."""

    def __init__(self, path: Path | None = None, *, read_only: bool = False) -> None:
        """Open the store; raise GraphError where the folder is not a graph, or is in use."""
        self.path = path
        self.read_only = read_only
        self._writers = ThreadPoolExecutor(_WRITERS)
        self._writing: deque[Future[None]] = deque()
        if path is None:
            self._store = ox.Store()
            return
        _check(path, read_only=read_only)
        try:
            self._store = ox.Store.read_only(str(path)) if read_only else ox.Store(path)
        except (OSError, RuntimeError, ValueError) as error:
            if "lock" in str(error).lower():
                raise GraphError(f"{path} is in use by another process: wait until it is done.") from error
            raise self._damaged(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def oxigraph(self) -> ox.Store:
        """The store itself, with all changes made."""
        self._finish()
        return self._store

    def select(self, query: str) -> Iterator[Sequence[Term | None]]:
        """Yield the rows of a SELECT query, which may use the known prefixes."""
        try:
            solutions = self.oxigraph.query(prologue(query))
            assert isinstance(solutions, ox.QuerySolutions)
            yield from map(tuple, solutions)
        except (OSError, RuntimeError) as error:
            raise self._damaged(error) from error

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query, which may use the known prefixes."""
        try:
            return bool(self.oxigraph.query(prologue(query)))
        except (OSError, RuntimeError) as error:
            raise self._damaged(error) from error

    def empty(self) -> bool:
        """Tell whether the store holds nothing yet."""
        return not len(self.oxigraph)

    def _damaged(self, error: Exception) -> GraphError:
        return GraphError(f"{self.path or 'The graph'} cannot be read; build it again if it is damaged ({error}).")

    def apply(self, change: Change) -> None:
        """Make a change in one transaction.

        Large ones are written while the caller goes on; whatever is asked next waits for them, and raises their
        GraphError.
        """
        rows = [*change.add, *(f"{row} <{LEDGER}>" for row in change.ledger_add)]
        remove = change.remove or change.ledger_remove
        bulk = self.path is not None and not remove and len(rows) > _BULK
        self._finish(_WRITERS - 1 if bulk else 0)
        with self._writable():
            if remove:
                self._store.update(change.update())
            elif rows:
                data = " .\n".join((*rows, "")).encode()
                if bulk:
                    load = partial(self._store.bulk_load, data, format=ox.RdfFormat.N_QUADS, lenient=True)
                    self._writing.append(self._writers.submit(load))
                else:
                    self._store.load(data, format=ox.RdfFormat.N_QUADS, lenient=True)

    def _finish(self, left: int = 0) -> None:
        """Wait until all changes but the last few are written."""
        while len(self._writing) > left:
            with self._writable():
                self._writing.popleft().result()

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise GraphError(f"{self.path or 'The graph'} cannot be written: {error}") from error

    def triples(self) -> Iterator[str]:
        """Yield every triple outside the ledger, in no order, as N-Triples without the full stop."""
        default = ox.DefaultGraph()
        for quad in self.oxigraph.quads_for_pattern(None, None, None, default):
            yield str(quad.triple)

    def close(self) -> None:
        """Write what is not on disk yet and let go of the folder."""
        if hasattr(self, "_store"):
            try:
                if self.path is not None and not self.read_only:
                    self.oxigraph.flush()
            finally:
                self._writers.shutdown()
                del self._store


def _check(path: Path, *, read_only: bool) -> None:
    """Refuse a path that is no graph, so that no folder of somebody's is filled with files."""
    if path.exists() and not path.is_dir():
        raise GraphError(f"{path} is a file, and a graph is a folder: give another name.")
    empty = not path.exists() or not any(path.iterdir())
    if empty and read_only:
        raise GraphError(f"{path} does not exist: build it first with kgraph build SOURCE -o {path}.")
    if not empty and not (path / "CURRENT").is_file():
        raise GraphError(f"{path} is a folder that holds other things than a graph: give another name.")


def remove(path: Path) -> None:
    """Delete a graph from disk; raise GraphError if the folder is not a graph."""
    _check(path, read_only=True)
    shutil.rmtree(path)


def _data(verb: str, rows: Collection[str], graph: str | None) -> str:
    body = " .\n".join((*rows, ""))
    return f"{verb} {{ GRAPH <{graph}> {{\n{body}}} }}" if graph else f"{verb} {{\n{body}}}"
