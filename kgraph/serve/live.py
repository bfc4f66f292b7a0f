"""The graph that is served: another process may add to it meanwhile, or people may review it here.

Who reads gets a snapshot that stays whole until they are done, whatever happens to the graph.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

from kgraph import review
from kgraph.errors import GraphError
from kgraph.export import html
from kgraph.graph import ActorLabels, Graph
from kgraph.graph.store import EmbeddedStore
from kgraph.model import Document

__all__ = ["Live", "Snapshot"]

_REOPENED = 50
"""Changes after which the graph is opened anew: until then the engine keeps in memory what was written."""


@dataclass(eq=False)
class Snapshot:
    """A graph that does not change, the folder that it is in, and what was computed from it."""

    graph: Graph
    path: Path
    name: str
    temporary: bool = False
    users: int = 0
    retired: bool = False
    _pages: dict[str, bytes] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @cached_property
    def labels(self) -> Mapping[str, ActorLabels]:
        """Return how each actor is called."""
        return self.graph.labels()

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """Return all documents by id, without their text."""
        return {document.id: document for document in self.graph.documents()}

    def page(self, language: str) -> bytes:
        """Return what the explorer draws, as JSON."""
        with self._lock:
            if language not in self._pages:
                data = html.page_data(self.graph, self.name, language)
                self._pages[language] = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
            return self._pages[language]

    def discard(self) -> None:
        """Let go of the store, and of the folder if it is only for this."""
        self.graph.close()
        if self.temporary:
            shutil.rmtree(self.path, ignore_errors=True)


class Live:
    """A graph on disk, to read through snapshots and, if it is editable, to review."""

    def __init__(self, path: Path, *, editable: bool = False, reviews: Path | None = None) -> None:
        """Open the graph; raise GraphError as `Graph.open` does."""
        self.path = path
        self.reviews = reviews or path.with_suffix(".reviews.jsonl")
        self.editable = editable
        self._reading, self._writing = Lock(), Lock()
        self._applier = ThreadPoolExecutor(1)  # one thread, for memory that each thread frees is its own
        self._waiting: list[review.Decision] = []
        self._closed = False
        self._numbers, self._changes = count(), count(1)
        if editable:
            self._graph = Graph.open(path)
            if self.reviews.exists():
                review.apply(self._graph, review.read(self.reviews))
            self._graph.settle()
            self._folder = path.resolve().with_name(f".{path.name}.snapshots")
            shutil.rmtree(self._folder, ignore_errors=True)  # of a server that was killed: only one can edit
            self._folder.mkdir()
        self._seen = self._state()
        self._current = self._snapshot()

    def close(self) -> None:
        """Let go of the graph; nothing happens the second time."""
        if self._closed:
            return
        self._closed = True
        self._applier.shutdown()
        self._current.discard()
        if self.editable:
            self._graph.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Give the present state of the graph, which stays as it is while the block runs."""
        with self._reading:
            self._refresh()
            found = self._current
            found.users += 1
        try:
            yield found
        finally:
            with self._reading:
                found.users -= 1
                if found.retired and not found.users:
                    found.discard()

    def decide(self, decision: review.Decision) -> None:
        """Keep a decision in the file of reviews, then apply it; when this returns, readers see it.

        Decisions that arrive while others are applied are applied together.
        """
        with self._writing:
            review.append(self.reviews, decision)
            self._waiting.append(decision)
        self._applier.submit(self._apply).result()

    def _apply(self) -> None:
        """Apply what waits, if an earlier call did not."""
        with self._writing:
            waiting = list(self._waiting)
        if not waiting:
            return
        if next(self._changes) % _REOPENED == 0:
            self._graph.close()
            self._graph = Graph.open(self.path)
        review.add(self._graph, waiting)
        self._graph.settle()
        with self._reading:
            self._replace(self._snapshot())
        with self._writing:
            del self._waiting[: len(waiting)]

    def _refresh(self) -> None:
        """Open the graph anew if another process changed it; while that one is at work, the old state stays."""
        if self.editable or (state := self._state()) == self._seen:
            return
        try:
            self._replace(self._snapshot())
        except GraphError:
            return
        self._seen = state

    def _replace(self, fresh: Snapshot) -> None:
        old, self._current = self._current, fresh
        old.retired = True
        if not old.users:
            old.discard()

    def _snapshot(self) -> Snapshot:
        if not self.editable:
            return Snapshot(Graph.open(self.path, read_only=True), self.path, self.path.stem)
        assert isinstance(self._graph.store, EmbeddedStore)
        copy = self._folder / str(next(self._numbers))
        self._graph.store.oxigraph.flush()
        self._graph.store.oxigraph.backup(copy)
        return Snapshot(Graph.open(copy, read_only=True), copy, self.path.stem, temporary=True)

    def _state(self) -> Any:
        """Return what differs once the graph on disk was changed."""
        names = ("*.sst", "*.log", "MANIFEST*", "CURRENT")
        files = sorted(file for name in names for file in self.path.glob(name))
        found = []
        for file in files:
            try:
                status = file.stat()
            except FileNotFoundError:
                continue
            found.append((file.name, status.st_size, status.st_mtime_ns))
        return found
