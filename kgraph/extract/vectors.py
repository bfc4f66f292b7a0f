"""The vector of a word as a pipeline has it before it looks at the words around, computed once for each word."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language as Pipeline
from spacy.tokens import Doc
from thinc.api import Model

__all__ = ["remember"]

WORDS = 50_000  # words whose vectors are remembered

_Vectors = list[NDArray[np.float32]]


def remember(pipeline: Pipeline) -> None:
    """Let a pipeline remember the vectors of words, if it has a layer that embeds each word by its features alone."""
    for name in pipeline.pipe_names:
        if pipeline.get_pipe_meta(name).factory == "tok2vec":
            layers: list[Any] = pipeline.get_pipe(name).model.layers  # type: ignore[attr-defined]
            if layers and layers[0].layers and layers[0].layers[0].name == "extract_features":
                layers[0] = Model("remembered", _Embedding(layers[0]).forward, layers=[layers[0]])


class _Embedding:
    """The vectors of words that have been embedded, by the features of the words."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer
        self.places: dict[bytes, int] = {}
        self.vectors: NDArray[np.float32] | None = None

    def forward(self, _: Any, docs: Sequence[Doc], is_train: bool) -> tuple[_Vectors, Callable[..., Any]]:
        """Return the vectors of the words of each text; a layer that learns remembers nothing."""
        if is_train or sum(map(len, docs)) > WORDS:
            return self.layer(docs, is_train=is_train)  # type: ignore[no-any-return]
        extract, *rest = self.layer.layers
        features = extract.predict(docs)
        rows = np.ascontiguousarray(np.concatenate(features))
        words: list[bytes] = rows.view(f"V{rows.shape[1] * rows.itemsize}").ravel().tolist()
        if new := list(dict.fromkeys(word for word in words if word not in self.places)):
            if len(self.places) + len(new) > WORDS:
                self.places.clear()
                new = list(dict.fromkeys(words))
            self._add(new, rows.dtype, rest)
        assert self.vectors is not None
        found = self.vectors[[self.places[word] for word in words]]
        ends = np.cumsum([len(part) for part in features])
        return [found[end - len(part) : end] for part, end in zip(features, ends, strict=True)], _unlearnt

    def _add(self, words: Sequence[bytes], kind: Any, layers: Sequence[Any]) -> None:
        """Embed some words and keep their vectors."""
        made: Any = [np.frombuffer(b"".join(words), dtype=kind).reshape(len(words), -1)]
        for layer in layers:
            made = layer.predict(made)
        if self.vectors is None:
            self.vectors = np.empty((WORDS, made[0].shape[1]), dtype=made[0].dtype)
        first = len(self.places)
        self.vectors[first : first + len(words)] = made[0]
        self.places.update(zip(words, range(first, first + len(words)), strict=True))


def _unlearnt(_: Any) -> Any:
    """Stand where learning would go back through the layers."""
    raise NotImplementedError
