"""Learn the weights by which pairs of actors are judged (`kgraph/extract/pairing.py`) from annotated texts.

    python training/texts/learn.py training/texts/en/*.jsonl -o kgraph/language/en/weights.tsv

Texts of another language may be added where that helps: features are mostly the same. Each line of a text file is a
document with its "statements" and for each the words that show it ("evidence"). A pair is right if the text states it
in the sentence in which it stands. Needs scikit-learn. Prints what ten-fold cross-validation by document gives at
several thresholds; the weights that are written are learnt from all documents.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from kgraph import ontology
from kgraph.documents import from_record
from kgraph.extract.reader import Reader
from kgraph.tables import read

SEED = 1
FOLDS = 10
SEEN = 4  # times that a feature must be seen to get a weight
STRENGTH = 0.1  # inverse of the penalty on large weights
SMALL = 0.02  # weights below this are left out
Key = tuple[str, str, str]


@dataclass
class Text:
    """An annotated document: its statements, those that titles gave, and the pairs that it offers, labelled."""

    wanted: set[Key]
    offices: set[Key] = field(default_factory=set)
    pairs: list[tuple[Key, tuple[str, ...], bool | None]] = field(default_factory=list)


def ordered(subject: str, relation: str, object_: str) -> Key:
    """Return a statement's key; the sides of a symmetric relation have no order."""
    if ontology.load().relations[relation].symmetric:
        subject, object_ = sorted((subject, object_))
    return subject, relation, object_


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield annotated documents: the lines of a .jsonl file, or the rows of a table of sentences as tests have them."""
    if path.suffix == ".jsonl":
        yield from map(json.loads, path.read_text("utf-8").splitlines())
        return
    for number, row in enumerate(read(path, ["date", "text", "statements"])):
        said = [s.split() for s in row["statements"].split(";") if s.strip(" -")]
        statements = [dict(zip(("subject", "relation", "object", "factuality"), s, strict=False)) for s in said]
        code = code_of(path)
        yield {"id": str(number), "lang": code, "date": row["date"], "text": row["text"], "statements": statements}


def code_of(path: Path) -> str:
    """Return the language of a file of texts: that of its folder, of a table the first part of its name."""
    return path.parent.name if path.suffix == ".jsonl" else path.name.partition(".")[0]


def texts(paths: list[Path]) -> Iterator[Text]:
    """Yield the annotated documents with the pairs that their sentences offer."""
    for path in paths:
        code = code_of(path)
        reader = Reader(code)
        for record in records(path):
            document = from_record(record)
            places: dict[Key, list[tuple[int, int]]] = {}
            for s in record["statements"]:
                start = document.text.find(s.get("evidence") or "\0")
                here = (start, start + len(s["evidence"])) if start >= 0 else (0, len(document.text))
                places.setdefault(ordered(s["subject"], s["relation"], s["object"]), []).append(here)
            text = Text(set(places))

            def observe(sentence, pairs, text=text, places=places):  # noqa: ANN001, ANN202
                span = sentence.span
                for pair in pairs:
                    c = pair.candidate
                    key = ordered(c.subject.mention.actor, c.relation, c.object.mention.actor)
                    said = any(a < span.end and span.start < b for a, b in places.get(key, ()))
                    text.pairs.append((key, pair.features, said if said or key not in places else None))

            reader.observe = observe
            pieces, known = reader.prepare(document)
            parsed = [reader.roles(document, piece) for piece in pieces]
            for evidence in reader.gather(document, pieces, parsed, known):
                if evidence.rule.endswith("/office"):
                    text.offices.add(ordered(evidence.subject, evidence.relation, evidence.object))
            yield text


class Model:
    """A logistic regression over named features."""

    def __init__(self, documents: list[Text], strength: float = STRENGTH) -> None:
        """Learn from documents; a pair offered by several cues is right by the best of them only."""
        counts = Counter(f for t in documents for _, features, said in t.pairs if said is not None for f in features)
        self.columns = {f: k for k, f in enumerate(sorted(f for f, n in counts.items() if n >= SEEN))}
        rows = [(features, said) for t in documents for _, features, said in t.pairs if said is not None]
        labels = np.array([said for _, said in rows], dtype=int)
        self.regression = LogisticRegression(C=strength, max_iter=300, random_state=SEED)
        self.regression.fit(self.matrix([features for features, _ in rows]), labels)

    def matrix(self, rows: list[tuple[str, ...]]) -> csr_matrix:
        """Return the features of some pairs as a sparse matrix."""
        indices, pointers = [], [0]
        for features in rows:
            indices += sorted({self.columns[f] for f in features if f in self.columns})
            pointers.append(len(indices))
        return csr_matrix((np.ones(len(indices)), indices, pointers), shape=(len(rows), len(self.columns)))

    def chances(self, text: Text) -> list[float]:
        """Return the chance of each pair of a document."""
        if not text.pairs:
            return []
        return list(self.regression.predict_proba(self.matrix([features for _, features, _ in text.pairs]))[:, 1])


def scores(documents: list[Text], chances: list[list[float]], threshold: float) -> tuple[float, float, float]:
    """Return precision, recall and F1 of what is found at a threshold."""
    right = found = wanted = 0
    for text, weighed in zip(documents, chances, strict=True):
        keys = {
            key for (key, *_), chance in zip(text.pairs, weighed, strict=True) if chance >= threshold
        } | text.offices
        right += len(keys & text.wanted)
        found += len(keys)
        wanted += len(text.wanted)
    precision, recall = right / max(found, 1), right / max(wanted, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def main() -> None:
    """Learn, print what cross-validation gives, write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--framed", type=float, default=0.2, help="chance from which a pair that fills a frame counts")
    parser.add_argument("--near", type=float, help="the same where one side only stands near; default: as --framed")
    parser.add_argument("--free", type=float, default=0.5, help="chance from which any other pair counts")
    parser.add_argument("--strength", type=float, default=STRENGTH, help="inverse of the penalty on large weights")
    options = parser.parse_args()
    documents = list(texts(options.texts))
    order = list(range(len(documents)))
    random.Random(SEED).shuffle(order)  # noqa: S311
    chances: list[list[float]] = [[] for _ in documents]
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS])
        model = Model([t for k, t in enumerate(documents) if k not in held], options.strength)
        for k in held:
            chances[k] = model.chances(documents[k])
    offered = sum(len(t.wanted & ({key for key, *_ in t.pairs} | t.offices)) for t in documents)
    wanted = sum(len(t.wanted) for t in documents)
    pairs = [said for t in documents for *_, said in t.pairs]
    print(f"{len(documents)} documents, {wanted} statements, {offered} of them among {len(pairs)} pairs")
    results = {round(k / 20, 2): scores(documents, chances, k / 20) for k in range(4, 16)}
    for threshold, (p, r, f1) in results.items():
        print(f"threshold {threshold:.2f}  precision {p:.3f}  recall {r:.3f}  F1 {f1:.3f}")
    if options.output:
        model = Model(documents, options.strength)
        weights = {f: float(model.regression.coef_[0][k]) for f, k in model.columns.items()}
        weights["bias"] = weights.get("bias", 0.0) + float(model.regression.intercept_[0])
        near = options.framed if options.near is None else options.near
        chances_from = (("framed", options.framed), ("near", near), ("free", options.free))
        lines = ["feature\tweight", *(f"threshold {pair}\t{chance}" for pair, chance in chances_from)]
        lines += [f"{f}\t{w:.3f}" for f, w in sorted(weights.items()) if abs(w) >= SMALL]
        options.output.write_text("\n".join(lines) + "\n", "utf-8")
        print(f"{len(lines) - 4} weights in {options.output}")


if __name__ == "__main__":
    main()
