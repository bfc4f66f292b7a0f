"""Which documents are copies of one text, so that a wire story that forty papers print counts once."""

import base64
import binascii
import re
from collections import defaultdict
from collections.abc import Mapping

import rensa

from kgraph.errors import GraphError

__all__ = ["copies", "signature"]

_PERMUTATIONS = 128
_BANDS = 32
_SEED = 1
_SHINGLE = 3
_SIMILAR = 0.6
"""Share of three-word sequences in common from which two texts are copies of each other."""

_WORD = re.compile(r"\w+")


def signature(text: str) -> str | None:
    """Return a MinHash signature of a text's three-word sequences, None for fewer than ten words.

    Signatures depend on the text alone; see Broder, "On the resemblance and containment of documents" (1997).
    """
    words = _WORD.findall(text.lower())
    if len(words) < 10:
        return None
    shingles = {" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}
    sketch = rensa.RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    sketch.update(sorted(shingles))
    _, _, state = sketch.__reduce__()
    return base64.b85encode(state).decode()


def copies(signatures: Mapping[str, str], order: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return document → first document of its group, for each document that is not the first itself.

    A group is what similarity connects, directly or through others, so it does not depend on the order of
    reading. The first is the least by `order`.
    """
    same: dict[str, list[str]] = defaultdict(list)
    for name, text in sorted(signatures.items()):
        same[text].append(name)
    groups = list(same.values())
    sketches = [_restored(names[0], text) for text, names in same.items()]
    index = rensa.RMinHashLSH(_SIMILAR, _PERMUTATIONS, _BANDS)
    for place, sketch in enumerate(sketches):
        index.insert(place, sketch)
    parent = list(range(len(groups)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for place, sketch in enumerate(sketches):
        for other in index.query(sketch):
            if other < place and root(other) != root(place) and sketch.jaccard(sketches[other]) >= _SIMILAR:
                parent[root(place)] = root(other)
    connected: dict[int, list[str]] = defaultdict(list)
    for place, names in enumerate(groups):
        connected[root(place)] += names
    result: dict[str, str] = {}
    for names in connected.values():
        first = min(names, key=lambda name: order[name])
        result.update((name, first) for name in names if name != first)
    return result


def _restored(name: str, text: str) -> rensa.RMinHash:
    sketch = rensa.RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    try:
        sketch.__setstate__(base64.b85decode(text))
    except (ValueError, TypeError, binascii.Error) as error:
        raise GraphError(f"The signature of {name} in the graph is damaged: {error}") from error
    return sketch
