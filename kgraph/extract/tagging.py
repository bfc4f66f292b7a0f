"""Part of speech and lemma as the last components of a pipeline give them by rule, remembered by form, tag and label.

A rule that looks at two words ("gonna") is left out; the rest give the same as the components themselves.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import takewhile

from spacy.language import Language as Pipeline
from spacy.tokens import Doc

__all__ = ["Rules"]

RULES = ("attribute_ruler", "lemmatizer")
FORMS = 100_000  # forms that are remembered


class Rules:
    """The components at the end of a pipeline that work by rule."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Find them; `names` are those that the pipeline need not run."""
        self.vocab = pipeline.vocab
        last = takewhile(lambda name: pipeline.get_pipe_meta(name).factory in RULES, reversed(pipeline.pipe_names))
        self.names = list(last)[::-1]
        self._components: list[Callable[[Doc], Doc]] = [pipeline.get_pipe(name) for name in self.names]
        self._remembered = lru_cache(FORMS)(self._apply)

    def __call__(self, doc: Doc) -> Doc:
        """Return a parsed text with the part of speech and the lemma of each token."""
        if self.names:
            for token in doc:
                token.pos, token.lemma = self._remembered(token.orth, token.tag, token.pos, token.dep, token.lemma)
        return doc

    def _apply(self, orth: int, tag: int, pos: int, dep: int, lemma: int) -> tuple[int, int]:
        doc = Doc(self.vocab, words=[self.vocab.strings[orth]])
        token = doc[0]
        token.tag, token.pos, token.dep, token.lemma = tag, pos, dep, lemma
        for component in self._components:
            doc = component(doc)
        return token.pos, token.lemma
