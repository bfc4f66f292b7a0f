"""Lemmas: what simplemma gives for the words of the corpora, corrected and completed by `lemmas.tsv`.

The table serves spaCy's rule lemmatiser: names stay as they are, words of the open classes are looked up, and of what
is not in the table a written-on particle or pronoun (-nya, -lah, -kah) is taken off. Function words are their own
lemmas.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

import simplemma
from spacy.lookups import Lookups

CLASSES = ("verb", "noun", "adj", "adv")  # each has a table of its own
CLOSED = ("adp", "sconj", "cconj", "det", "pron", "aux", "part", "num")
ENDINGS = ("nya", "lah", "kah", "pun")


def lemma(word: str, corrected: dict[str, str]) -> str:
    """Return the lemma of a lower-case word."""
    if word in corrected:
        return corrected[word]
    left, hyphen, right = word.partition("-")
    if hyphen and left and (left == right or right in (left + "an", left + "nya")):
        return lemma(left, corrected)
    found = str(simplemma.lemmatize(word, "id"))
    if found == word:
        for ending in ENDINGS:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) > 3 and (stem in corrected or simplemma.is_known(stem, "id")):
                return lemma(stem, corrected)
    return found.lower()


def table(words: Iterable[str]) -> Lookups:
    """Return the lemmatiser's tables for lower-case words."""
    with (Path(__file__).parent / "lemmas.tsv").open(encoding="utf-8", newline="") as file:
        corrected = {r["form"]: r["lemma"] for r in csv.DictReader(file, delimiter="\t")}
    known = {w: lemma(w, corrected) for w in sorted({*words, *corrected}) if w[0].isalpha()}
    listed = {w: [x] for w, x in known.items() if w != x or w.endswith(ENDINGS)}
    lookups = Lookups()
    lookups.add_table("lemma_exc", dict.fromkeys(CLASSES, listed))
    lookups.add_table("lemma_index", {})
    off = [[ending, ""] for ending in ("nya", "lah", "kah", "")]
    lookups.add_table("lemma_rules", {c: off if c in CLASSES else [off[0], off[-1]] for c in (*CLASSES, *CLOSED)})
    return lookups
