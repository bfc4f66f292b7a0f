"""A process pool that gives results in order, keeps memory flat and outlives a killed worker."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from kgraph.errors import KgraphError

__all__ = ["ordered_map"]

Item = TypeVar("Item")
Result = TypeVar("Result")
TRIES = 3  # a batch whose worker was killed this often is what kills them


def ordered_map(function: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """Yield `function(item)` for all items, in their order, computed by `workers` processes.

    At most twice as many items as workers are under way. When a worker is killed, the pool is made anew and what was
    under way is done again. Raises KgraphError where the same item is lost three times.
    """
    stream = iter(items)
    pending: deque[tuple[Item, Future[Result], int]] = deque()
    pool = _pool(workers)
    try:
        while True:
            while len(pending) < 2 * workers and (item := next(stream, None)) is not None:
                pending.append((item, _submit(pool, function, item), 1))
            if not pending:
                pool.shutdown()
                return
            item, future, tries = pending[0]
            try:
                result = future.result()
            except BrokenProcessPool:
                if tries >= TRIES:
                    raise KgraphError(
                        f"a worker died {TRIES} times on the same documents; use --workers 1 to see which"
                    ) from None
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _pool(workers)
                pending = deque((i, _submit(pool, function, i), t + 1) for i, _, t in pending)
                continue
            pending.popleft()
            yield result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, function: Callable[[Item], Result], item: Item) -> Future[Result]:
    """Return the item's future, which has failed already if the pool knows that a worker was killed."""
    try:
        return pool.submit(function, item)
    except BrokenProcessPool as error:
        failed: Future[Result] = Future()
        failed.set_exception(error)
        return failed


def _pool(workers: int) -> ProcessPoolExecutor:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core a worker
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
