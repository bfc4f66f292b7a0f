"""Where the actors of a picture stand: a force-directed layout that stays fast with thousands of them."""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["places"]

ROOM = 92.0
"""Pixels between two actors that nothing draws together."""
EXACT = 900
"""With more actors than this each is kept apart from a sample of the others."""
SAMPLE = 64


def places(
    pairs: Collection[tuple[str, str]], communities: Mapping[str, int], wide: float = 1.35
) -> dict[str, tuple[float, float]]:
    """Return where each actor stands, in pixels around (0, 0); the same for the same pairs.

    The method is that of Fruchterman and Reingold (1991), begun with the members of a community side by side.
    `wide` is the ratio of width to height.
    """
    actors = sorted({actor for pair in pairs for actor in pair}, key=lambda a: (communities.get(a, -1), a))
    if len(actors) < 2:
        return dict.fromkeys(actors, (0.0, 0.0))
    number = {actor: index for index, actor in enumerate(actors)}
    links = sorted({(min(number[a], number[b]), max(number[a], number[b])) for a, b in pairs if a != b})
    found = _relaxed(len(actors), np.array(links, dtype=np.intp).reshape(-1, 2))
    found = (found - found.mean(axis=0)) * ROOM * np.array([wide**0.5, wide**-0.5])
    return {actor: (round(float(x), 1), round(float(y), 1)) for actor, (x, y) in zip(actors, found, strict=True)}


def _relaxed(count: int, links: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return where `count` points come to rest that repel each other and that links pull together."""
    chance = np.random.default_rng(7)
    size = (count / np.pi) ** 0.5
    turn, reach = 2 * np.pi * np.arange(count) / count, size * np.sqrt(chance.random(count))
    at = np.column_stack([reach * np.cos(turn), reach * np.sin(turn)])
    degree = np.bincount(links.ravel(), minlength=count)
    # A busy actor pulls each of its many neighbours less: else they all stand on one heap.
    pull = 1 / np.maximum(1, degree[links].min(axis=1)) ** 0.8
    rounds = 300 if count <= EXACT else 80
    for step in range(rounds):
        others = np.arange(count) if count <= EXACT else chance.choice(count, SAMPLE, replace=False)
        dx, dy = (at[:, None, axis] - at[None, others, axis] for axis in (0, 1))
        square = np.maximum(dx * dx + dy * dy, 1e-3)
        move = np.column_stack([(dx / square).sum(axis=1), (dy / square).sum(axis=1)]) * (count / len(others))
        along = at[links[:, 0]] - at[links[:, 1]]
        force = along * (np.hypot(along[:, 0], along[:, 1]) * pull)[:, None]
        for axis in (0, 1):
            move[:, axis] += np.bincount(links[:, 1], force[:, axis], count) - np.bincount(
                links[:, 0], force[:, axis], count
            )
        move -= at * 0.9  # towards the middle: what nothing holds would drift away
        length = np.maximum(np.hypot(move[:, 0], move[:, 1]), 1e-9)
        heat = size * 0.12 * (1 - step / rounds) ** 1.5 + 0.01
        at += move * (np.minimum(length, heat) / length)[:, None]
    return at
