"""Headlines in which verbs lose their prefix: "Iran Ancam Israel" is parsed as "Iran mengancam Israel".

What stands for a verb in its short form is told by the tables: the longer form heads a cue, the short one is no noun
that a cue asks for, and it follows a name, another verb or a word such as "tidak" and "siap".
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

from spacy.tokens import Doc

from kgraph.extract.roles import variants
from kgraph.language import Language

__all__ = ["Headlines", "with_tree"]

WORD = re.compile(r"\w+")
COPIED = ("TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD")
NOUNS = frozenset({"patient", "agent", "poss"})  # the roles in which cues ask for nouns


class Headlines:
    """Knows the short forms of verbs in one language."""

    def __init__(self, language: Language) -> None:
        """Gather the verbs and nouns of the cues."""
        self.language = language
        self._verbs, self._nouns = (
            {head[0] for cue in language.cues if cue.pos == pos for head in cue.heads if len(head) == 1}
            for pos in ("verb", "noun")
        )
        for cue in language.cues:
            for condition in cue.needs:
                if condition.role in NOUNS:
                    self._nouns |= condition.words

    def in_full(self, doc: Doc, sentence: str, names: Collection[tuple[int, int]]) -> Doc | None:
        """Return a headline with the same tokens and its verbs in full, None where nothing is short.

        `sentence` is the headline as printed, `names` are the offsets of names in it.
        """
        if not self.language.words["short_verbs"] or not _is_headline(sentence):
            return None
        words: list[str] = []
        ready = True
        for token in doc:
            word = token.text
            if any(a <= token.idx < b for a, b in names):
                ready = True
            elif ready and (full := self._full(token.lower_)):
                word = full
            else:
                ready = token.lower_ in self.language.particles or token.lower_ in self.language.embeddings
            words.append(word)
        if words == [t.text for t in doc]:
            return None
        return Doc(doc.vocab, words=words, spaces=[bool(t.whitespace_) for t in doc])

    def _full(self, form: str) -> str | None:
        """Return the form with a prefix of a verb that stands without it."""
        if form in self._nouns or form.startswith(tuple(self.language.words["short_verbs"])):
            return None
        return next((v for v in variants(form, self.language, verb=True) if v != form and v in self._verbs), None)


def with_tree(doc: Doc, parsed: Doc) -> Doc:
    """Return a text with the tags, lemmas and tree of another that has as many tokens."""
    tree: Any = parsed.to_array(list(COPIED))
    return doc.from_array(list(COPIED), tree)


def _is_headline(sentence: str) -> bool:
    words: Sequence[str] = [w for w in WORD.findall(sentence) if w.isalpha() and len(w) > 3]
    ended = sentence.rstrip()[-1:] in (".", "!", "…", "”", '"')
    return not ended and len(words) > 1 and sum(w[0].isupper() for w in words) >= 0.75 * len(words)
