"""What a parser is shown in place of words that it would take for something else.

Headlines shorten verbs: "Iran Ancam Israel" is parsed as "Iran mengancam Israel". What stands for a verb in its short
form is told by the tables: the longer form heads a cue, the short one is no noun that a cue asks for, and it follows a
name, another verb or a word such as "tidak" and "siap".

Verbs that training data seldom have are taken for nouns: "Mesir mengebom Libya" is parsed as "Mesir menyerang Libya",
with the usual verb of the language's table. That is done for verbs that head cues or deny, and have the same prefix.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from spacy.tokens import Doc

from kgraph.extract.roles import variants
from kgraph.language import Language

__all__ = ["Wording", "with_tree"]

WORD = re.compile(r"\w+")
COPIED = ("TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD")
PREFIX = 2  # letters that a verb shares with the usual one
NOUNS = frozenset({"patient", "agent", "poss"})  # the roles in which cues ask for nouns


class Wording:
    """Knows the verbs of one language."""

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
        self._verbs |= language.words["denying"] | language.words["rejecting"]

    def shown(self, doc: Doc, sentence: str, names: Collection[tuple[int, int]]) -> Doc | None:
        """Return what the parser is shown for a sentence, with the same tokens; None where it is shown the sentence.

        `sentence` is the text as printed, `names` are the offsets of names in it.
        """
        if self.language.words["short_verbs"] and _is_headline(sentence):
            words = list(self._in_full(doc, names))
        elif self.language.words["usual_verb"]:
            words = [self._usual(t.text) for t in doc]
        else:
            return None
        if words == [t.text for t in doc]:
            return None
        return Doc(doc.vocab, words=words, spaces=[bool(t.whitespace_) for t in doc])

    def _in_full(self, doc: Doc, names: Collection[tuple[int, int]]) -> Iterator[str]:
        """Yield the words of a headline, its verbs in full."""
        ready = True
        for token in doc:
            full = None
            if any(a <= token.idx < b for a, b in names):
                ready = True
            elif not ready or (full := self._full(token.lower_)) is None:
                ready = token.lower_ in self.language.particles or token.lower_ in self.language.embeddings
            yield full or token.text

    def _usual(self, word: str) -> str:
        """Return the usual verb in place of one that the tables know, with what is written to its end."""
        language = self.language
        for usual in language.words["usual_verb"]:
            if word.islower() and word[:PREFIX] == usual[:PREFIX]:
                end = next((s for s in language.suffixes if word.endswith(s) and word[: -len(s)] in self._verbs), "")
                bare = word.removesuffix(end)
                if bare in self._verbs and not bare.endswith(tuple(language.words["causative"])):
                    return usual + end
        return word

    def _full(self, form: str) -> str | None:
        """Return the form with a prefix of a verb that stands without it."""
        if form in self._nouns or form.startswith(tuple(self.language.words["short_verbs"])):
            return None
        forms = list(variants(form, self.language, verb=True))
        if form not in self.language.embeddings:
            forms += [prefix + form for prefix in self.language.words["lost_prefixes"]]
        return next((v for v in forms if v != form and v in self._verbs), None)


def with_tree(doc: Doc, parsed: Doc) -> Doc:
    """Return a text with the tags, lemmas and tree of another that has as many tokens; other words have no lemma."""
    tree: Any = parsed.to_array(list(COPIED))
    doc.from_array(list(COPIED), tree)
    for token, other in zip(doc, parsed, strict=True):
        if token.text != other.text:
            token.lemma_ = ""
    return doc


def _is_headline(sentence: str) -> bool:
    words: Sequence[str] = [w for w in WORD.findall(sentence) if w.isalpha() and len(w) > 3]
    ended = sentence.rstrip()[-1:] in (".", "!", "…", "”", '"')
    return not ended and len(words) > 1 and sum(w[0].isupper() for w in words) >= 0.6 * len(words)
