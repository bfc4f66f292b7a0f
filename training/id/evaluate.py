"""Scores of a pipeline from raw text: tags and trees on treebanks, entities on news, and on our own test sentences."""

from collections.abc import Iterable
from pathlib import Path

import entities
import spacy
from corpora import Word, treebank
from spacy.language import Language
from spacy.scorer import PRFScore, Scorer
from spacy.tokens import Doc, Span
from spacy.training import Example

CORE = frozenset({"nsubj", "nsubj:pass", "obj", "obl:agent"})  # who does what to whom
PLACES = frozenset({"GPE", "LOC", "FAC"})
Scores = dict[str, dict[str, float]]


def evaluate(pipeline: Path, data: Path, own: Path) -> Scores:
    """Return test set → score → per cent."""
    nlp = spacy.load(pipeline)
    ud, ner = data / "ud", data / "ner"
    return {
        "GSD test": trees(nlp, treebank(ud / "id_gsd-ud-test.conllu.gz")),
        "CSUI test": trees(nlp, treebank(ud / "id_csui-ud-test.conllu.gz")),
        "own news test": {
            **trees(nlp, treebank(own)),
            "entities F": entity_score(nlp, entities.news(own), merged=False),
        },
        "idner-news-2k test": {
            "entities F": entity_score(nlp, entities.tagged(ner / "idner-news-2k.test.iob.gz"), merged=True)
        },
    }


def trees(nlp: Language, sentences: Iterable[list[Word]]) -> dict[str, float]:
    """Return UPOS, UAS, LAS, the F of subjects, objects and agents, and that of sentences; punctuation left out."""
    examples = []
    for chunk in in_threes(list(sentences)):
        words = [
            w._replace(head=w.head + base, space=w.space or j == len(s) - 1)
            for base, s in with_bases(chunk)
            for j, w in enumerate(s)
        ]
        starts = [j == 0 for s in chunk for j in range(len(s))]
        gold = Doc(
            nlp.vocab, words=[w.form for w in words], spaces=[w.space for w in words], pos=[w.pos for w in words],
            heads=[w.head for w in words], sent_starts=starts,
            deps=["ROOT" if w.head == i else w.label for i, w in enumerate(words)],
        )  # fmt: skip
        examples.append(Example(nlp(gold.text), gold))
    found = {
        **Scorer.score_token_attr(examples, "pos"),
        **Scorer.score_deps(examples, "dep", ignore_labels=("punct",)),
        **Scorer.score_spans(examples, "sents", has_annotation=lambda _: True, getter=lambda d, _: d.sents),
    }
    core = PRFScore()
    for example in examples:
        core.score_set(arcs(example.predicted), arcs(example.reference))
    keys = {"UPOS": "pos_acc", "UAS": "dep_uas", "LAS": "dep_las", "sentences F": "sents_f"}
    return {title: per_cent(found[key]) for title, key in keys.items()} | {
        "subjects and objects F": per_cent(core.fscore)
    }


def in_threes(sentences: list[list[Word]]) -> Iterable[list[list[Word]]]:
    """Yield the sentences three at a time, as text has them."""
    return (sentences[k : k + 3] for k in range(0, len(sentences), 3))


def with_bases(sentences: Iterable[list[Word]]) -> Iterable[tuple[int, list[Word]]]:
    """Yield each sentence with the number of words before it."""
    base = 0
    for s in sentences:
        yield base, s
        base += len(s)


def arcs(doc: Doc) -> set[tuple[int, int, str]]:
    """Return the subjects, objects and agents of a document: place of the word, of its head, label."""
    return {(t.idx, t.head.idx, t.dep_) for t in doc if t.dep_ in CORE}


def entity_score(nlp: Language, texts: Iterable[entities.Text], *, merged: bool) -> float:
    """Return the F of entities; `merged` counts places as one kind and only the kinds that the test set has."""

    def kind(label: str) -> str:
        return "PLACE" if merged and label in PLACES else label

    score = PRFScore()
    for text in texts:
        wanted = {(a, b, kind(label)) for a, b, label in text.entities}
        found = {(s.start_char, s.end_char, kind(s.label_)) for s in nlp(text.text).ents if counted(s, merged=merged)}
        score.score_set(found, wanted)
    return per_cent(score.fscore)


def counted(span: Span, *, merged: bool) -> bool:
    """Tell whether an entity is of a kind that a test set has."""
    return not merged or span.label_ not in {"NORP", "EVENT"}


def per_cent(share: float) -> float:
    """Return a share in per cent, to one place."""
    return round(100 * share, 1)


def report(scores: Scores) -> None:
    """Print scores, a line a test set."""
    for name, figures in scores.items():
        print(f"{name:20}", *(f"{title} {value:.1f}" for title, value in figures.items()), sep="  ")
