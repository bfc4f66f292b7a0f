"""Which sentences can yield a statement: what is asked of the words before anything is parsed.

A statement needs a cue whose words all stand in the sentence, in whatever form, and two actors, or one and something
that may stand for another; or a title and a name. What the gate keeps back would hardly ever yield a statement; where
it cannot tell, it lets through. Who is named there can still be referred to.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, cast

from spacy.language import Language as Pipeline
from spacy.tokens import Doc

from kgraph import ontology
from kgraph.extract.cues import CueIndex
from kgraph.extract.roles import variants
from kgraph.language import Language
from kgraph.model import Mention

__all__ = ["Gate", "says_where"]

FORMS = 100_000  # words whose forms are remembered
REACH = 5  # tokens between the name of an act and the demonstrative that points to it
SEVERAL = frozenset({"both", "plural", "reciprocal", "former", "latter"})
UNIVERSAL = (
    "ADJ",
    "ADP",
    "ADV",
    "AUX",
    "CCONJ",
    "DET",
    "INTJ",
    "NOUN",
    "NUM",
    "PART",
    "PRON",
    "PROPN",
    "PUNCT",
    "SCONJ",
    "SYM",
    "VERB",
    "X",
)


class Gate:
    """The gate of one language and pipeline."""

    def __init__(self, language: Language, index: CueIndex, pipeline: Pipeline) -> None:
        """Learn the forms that the pipeline's lemmatiser may give."""
        self.language, self.index, self.pipeline = language, index, pipeline
        self._lemmatiser: Any = None
        self.knows_lemmas = True
        if "lemmatizer" in pipeline.pipe_names:
            self._lemmatiser = pipeline.get_pipe("lemmatizer")
        elif any("lemmatizer" in pipeline.get_pipe_meta(name).factory for name in pipeline.pipe_names):
            self.knows_lemmas = False  # a trained lemmatiser may give anything
        self._ruled = _ruled(pipeline)
        self._tags = _tags(self._lemmatiser)
        self.forms = lru_cache(FORMS)(self._forms)
        self._denials = language.words["denying"] | language.words["rejecting"]
        self._echoes = [form.split() for form in language.words["echo"] | language.words["requital"]]
        self._judging = language.words["true"] | language.words["untrue"]
        self._claims = language.words["claim"] | language.words["pronoun"]

    def admits(self, doc: Doc, start: int, inside: Sequence[Mention], known: Sequence[Mention], *, acted: bool) -> bool:
        """Tell whether a tokenised sentence may yield a statement.

        `start` is its offset in the document; `inside` are the mentions in it, `known` all of the document; `acted`
        says whether a sentence before it may yield a statement.
        """
        if not self.knows_lemmas:
            return True
        texts = [t.text for t in doc]
        lowered = [text.lower() for text in texts]
        actors = {m.actor for m in inside}
        references = self._references(lowered)
        act = acted and self._refers_to_act(lowered, texts)
        refers = act or bool(references)
        if self._titled(doc, start, lowered, inside, known, None if refers else actors):
            return True
        where = len(actors) == 1 and all(
            not m.actor.startswith("org:") and says_where(doc.text, m.start - start, self.language) for m in inside
        )  # "took its seat in NATO" says more
        alone = (where or not actors) and not _enough(references, act=act)
        if alone and not acted:
            return False
        present = frozenset(chain.from_iterable(map(self.forms, texts)))
        if acted and not self._judging.isdisjoint(present) and not self._claims.isdisjoint(present):
            return True  # "That is not true"
        if alone:
            return False
        if acted and not self._denials.isdisjoint(present):
            return True  # "Doha denies it"
        if acted and any(present.issuperset(form) for form in self._echoes):
            return True  # "Britain followed suit"
        end = start + len(doc.text)
        pool = {m.actor for m in known if m.start < end}
        unknown = any(text[:1].isupper() for text in texts)
        ends = [start + token.idx + len(token) for token in doc]
        named = {k for m in inside for k in range(bisect_right(ends, m.start), bisect_left(ends, m.end) + 1)}
        free = [self.forms(text) for k, text in enumerate(texts) if k not in named]
        fits: dict[tuple[str, bool], bool] = {}
        for entry in self.index.opened(present, frozenset(chain.from_iterable(free))):
            cue = entry.cue
            if cue.pos == "phrase" and not self._stands(entry.head, texts):
                continue
            key = cue.relation, bool(cue.object)
            if key not in fits:  # without a reference, only an object may be somebody whom the sentence does not name
                within = pool if refers or cue.object else actors
                fits[key] = _paired(cue.relation, within, within if refers else actors, unknown=unknown)
            if fits[key]:
                return True
        return False

    def _stands(self, phrase: Sequence[str], texts: Sequence[str]) -> bool:
        """Tell whether the words of a phrase stand side by side, whatever hyphens are between them."""
        words = [self.forms(text) for text in texts if text != "-" or "-" in phrase]
        last = len(words) - len(phrase)
        return any(all(word in words[k + n] for n, word in enumerate(phrase)) for k in range(last + 1))

    def _references(self, lowered: Sequence[str]) -> list[tuple[str, str, str]]:
        """Return what may stand for an actor in a sentence ("the bloc", "their", "-nya"): its form, sort and kind."""
        language = self.language
        found: list[tuple[str, str, str]] = []
        widths = language.references.widths
        for i, word in enumerate(lowered) if not widths.keys().isdisjoint(lowered) else ():
            for width in widths.get(word, ()):
                form = " ".join(lowered[i : i + width])
                found += [(form, *sense) for sense in language.references.get(form, ())]
        for suffix in language.suffixes:
            carried = sum(word.endswith(suffix) and len(word) > len(suffix) + 3 for word in lowered)
            found += [(suffix, *sense) for sense in language.references[f"-{suffix}"]] * carried
        return found

    def _refers_to_act(self, lowered: Sequence[str], texts: Sequence[str]) -> bool:
        """Tell whether a sentence may refer to an act by its name ("condemned the strikes", "serangan itu")."""
        acts, demonstrative = self.language.acts, self.language.words["demonstrative"]
        pointing = [i for i, word in enumerate(lowered) if word in demonstrative]
        near = {k for i in pointing for k in range(max(i - REACH, 0), min(i + REACH + 1, len(texts)))}
        return any(not acts.keys().isdisjoint(self.forms(texts[k])) for k in near)

    def _titled(
        self,
        doc: Doc,
        start: int,
        lowered: Sequence[str],
        inside: Sequence[Mention],
        known: Sequence[Mention],
        actors: Collection[str] | None,
    ) -> bool:
        """Tell whether a sentence may say who holds an office: a title, and somebody who is named.

        Of those named elsewhere in the document, it may be one that acts for one of some actors, if these are given.
        """
        titles = self.language.titles
        if titles.keys().isdisjoint(lowered) or not any(
            office.relation is not None and tuple(lowered[i : i + len(office.form)]) == office.form
            for i, word in enumerate(lowered)
            for office in titles.get(word, ())
        ):
            return False
        others = (m for m in known if actors is None or m.actor in actors)
        if any(m.agent or m.actor.startswith("person:") for m in chain(inside, others)):
            return True
        names = 0
        for token in doc:
            place = start + token.idx
            if token.text[:1].isupper() and token.is_alpha and not any(m.start <= place < m.end for m in inside):
                names += 1
            elif token.lower_ not in self.language.words["name_part"]:
                names = 0
            if names > 1:
                return True
        return False

    def _forms(self, text: str) -> tuple[str, ...]:
        """Return all that `Roles.words` may give for a token, whatever tags it gets."""
        found = set(variants(text.lower(), self.language, verb=True))
        for asked, lemma in self._ruled:
            if _meets(asked, text.lower()):
                found.add(lemma)
        if self._lemmatiser is not None:
            token = Doc(self.pipeline.vocab, words=[text])[0]
            for pos in self._tags:
                token.pos_ = pos
                found.update(lemma.lower() for lemma in self._lemmatiser.lemmatize(token))
        return tuple(found)


def says_where(text: str, place: int, language: Language) -> bool:
    """Tell whether a name that begins at an offset of a text only says where: "a film shot in Morocco"."""
    before = text[:place].split()
    return bool(before) and before[-1].lower() in language.words["venue"]


def _enough(references: Sequence[tuple[str, str, str]], *, act: bool) -> bool:
    """Tell whether a sentence that names nobody may speak of two: by a reference to several, or to one and another.

    "It" and "its" are most often the same or nobody: "the bank kept its rate where it was".
    """
    several = any(sort in SEVERAL for _, sort, _ in references)
    one = any(" " in form or sort == "descriptor" or kind == "person" for form, sort, kind in references)
    return several or (one and (act or len(references) > 1))


def _paired(relation: str, pool: set[str], actors: set[str], *, unknown: bool) -> bool:
    """Tell whether two actors of a pool may stand in a relation, one of them among `actors`.

    `unknown` says whether there is a name outside the tables, which may be a place.
    """
    row = ontology.load().relations[relation]
    if unknown and "place" in row.subject_kinds | row.object_kinds:
        return any(ontology.kind_of(a) in row.subject_kinds | row.object_kinds for a in actors)
    return any((a in actors or b in actors) and row.allows(a, b) for a in pool for b in pool)


def _tags(lemmatiser: Any) -> list[str]:
    """Return the parts of speech that a lemmatiser has in its tables, and one that stands for all others."""
    if lemmatiser is None:
        return []
    tables = [lemmatiser.lookups.get_table(name) for name in lemmatiser.lookups.tables]
    return ["X", *(pos for pos in UNIVERSAL if any(pos.lower() in table for table in tables))]


def _ruled(pipeline: Pipeline) -> list[tuple[Any, str]]:
    """Return what the pipeline's attribute ruler asks of a word's form, and the lemma that it then gives."""
    found = []
    if "attribute_ruler" in pipeline.pipe_names:
        rules: Any = cast("Any", pipeline.get_pipe("attribute_ruler")).patterns
        for rule in rules:
            lemma = rule["attrs"].get("LEMMA")
            if lemma is not None:
                places = [pattern[rule["index"]] for pattern in rule["patterns"]]
                found += [(place.get("LOWER"), str(lemma).lower()) for place in places]
    return found


def _meets(asked: Any, form: str) -> bool:
    """Tell whether a form may be what a pattern asks of it; of what is asked some other way, say so."""
    if isinstance(asked, str):
        return form == asked
    if isinstance(asked, dict) and asked.keys() == {"IN"}:
        return form in asked["IN"]
    if isinstance(asked, dict) and asked.keys() == {"REGEX"}:
        return re.search(asked["REGEX"], form) is not None
    return True
