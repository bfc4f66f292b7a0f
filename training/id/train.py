"""Train the Indonesian pipeline: one command, a data folder as argument.

    python training/id/train.py DATA -o kgraph/language/id/pipeline

DATA holds `ud/`, the treebanks as CoNLL-U, gzip; README.md names them and their licences. Steps: convert, train tagger
and parser together, evaluate from raw text, write the pipeline. About 15 minutes on one core.
"""

import argparse
import gzip
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import spacy
from spacy.scorer import Scorer
from spacy.tokens import Doc, DocBin
from spacy.training import Example

SEED = 1
HELD_OUT = 400  # sentences of GSD dev used for training; the rest chooses the best step

# Labels that the treebanks use differently, or too rarely to learn (see README.md).
COLLAPSED = {
    "flat:name": "flat", "flat:foreign": "flat", "goeswith": "flat", "obl:tmod": "obl", "nmod:poss": "nmod",
    "nmod:tmod": "nmod", "nmod:lmod": "nmod", "clf": "nmod", "case:adv": "case", "advmod:emph": "advmod",
    "cc:preconj": "cc", "iobj": "obj", "csubj:pass": "csubj", "vocative": "discourse",
}  # fmt: skip
KEPT = {"nsubj:pass", "acl:relcl", "obl:agent"}


class Word(NamedTuple):
    """A surface token: form, part of speech, head (its own place for the root), label, and whether a space follows."""

    form: str
    pos: str
    head: int
    label: str
    space: bool


def label(name: str) -> str:
    """Return the label that is trained for a treebank's label."""
    if name in KEPT:
        return name
    return COLLAPSED.get(name) or ("nmod" if name.startswith("compound") else name.partition(":")[0])


def treebank(path: Path) -> Iterator[list[Word]]:
    """Yield the sentences of a treebank, multiword tokens (`negaranya`) as the one token that is written."""
    for block in gzip.decompress(path.read_bytes()).decode().strip().split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n") if not line.startswith("#")]
        spans = {int(r[0].split("-")[0]): (int(r[0].split("-")[1]), r[1], r[9]) for r in rows if "-" in r[0]}
        words = [r for r in rows if r[0].isdigit()]
        tokens: list[tuple[list[str], str, str]] = []
        place: dict[int, int] = {}
        i = 0
        while i < len(words):
            number = int(words[i][0])
            last, form, misc = spans.get(number, (number, words[i][1], words[i][9]))
            group = words[i : i + last - number + 1]
            inside = {int(w[0]) for w in group}
            place |= dict.fromkeys(inside, len(tokens))
            tokens.append((next((w for w in group if int(w[6]) not in inside), group[0]), form, misc))
            i += len(group)
        if any(int(host[6]) not in place and int(host[6]) for host, *_ in tokens):
            raise ValueError(f"{path}: a head outside its sentence in {' '.join(t[1] for t in tokens)!r}")
        yield [
            Word(form, host[3], place[int(host[6])] if int(host[6]) else j, label(host[7]), "SpaceAfter=No" not in misc)
            for j, (host, form, misc) in enumerate(tokens)
        ]


def documents(sentences: Iterable[list[Word]], chance: random.Random) -> Iterator[Doc]:
    """Yield documents of one to four sentences, so that the parser learns where sentences begin."""
    vocab = spacy.blank("id").vocab
    rest = list(sentences)
    while rest:
        count = chance.choice([1, 1, 2, 3, 4])
        chunk, rest = rest[:count], rest[count:]
        words, heads, starts = [], [], []
        for sentence in chunk:
            base = len(words)
            heads += [w.head + base for w in sentence]
            starts += [j == 0 for j in range(len(sentence))]
            words += [*sentence[:-1], sentence[-1]._replace(space=True)]
        yield Doc(
            vocab, words=[w.form for w in words], spaces=[w.space for w in words], pos=[w.pos for w in words],
            heads=heads,
            deps=["ROOT" if h == i else w.label for i, (w, h) in enumerate(zip(words, heads, strict=True))],
            sent_starts=starts,
        )  # fmt: skip


def convert(data: Path, work: Path) -> None:
    """Write the training, development and test documents."""
    chance = random.Random(SEED)  # noqa: S311
    ud = data / "ud"
    dev = list(treebank(ud / "id_gsd-ud-dev.conllu.gz"))
    new = [
        *treebank(ud / "id_csui-ud-train.conllu.gz"),
        *treebank(ud / "id_pud-ud-test.conllu.gz"),
        *dev[:HELD_OUT],
    ]
    old = list(treebank(ud / "id_gsd-train.harmonised.conllu.gz"))
    train = [*list(documents(new, chance)) * 2, *documents(old, chance)]
    chance.shuffle(train)
    for name, docs in {
        "train": train,
        "dev": documents(dev[HELD_OUT:], chance),
        "gsd": documents(treebank(ud / "id_gsd-ud-test.conllu.gz"), chance),
        "csui": documents(treebank(ud / "id_csui-ud-test.conllu.gz"), chance),
    }.items():
        DocBin(docs=list(docs)).to_disk(work / f"{name}.spacy")


def train(work: Path) -> Path:
    """Train tagger and parser with spaCy's defaults for a small pipeline and return the folder of the best step."""
    config = work / "config.cfg"
    spacy_command = [sys.executable, "-m", "spacy"]
    wanted = ["--lang", "id", "--pipeline", "tok2vec,morphologizer,parser", "--optimize", "efficiency", "--force"]
    subprocess.run([*spacy_command, "init", "config", str(config), *wanted], check=True, stdout=subprocess.DEVNULL)
    options = {
        "paths.train": work / "train.spacy",
        "paths.dev": work / "dev.spacy",
        "training.max_steps": 2400,
        "training.eval_frequency": 400,
        "training.patience": 2000,
        "training.batcher.size.start": 400,
    }
    given = (str(x) for key, value in options.items() for x in (f"--{key}", value))
    subprocess.run([*spacy_command, "train", str(config), "--output", str(work / "trained"), *given], check=True)
    return work / "trained" / "model-best"


def evaluate(pipeline: Path, work: Path) -> dict[str, dict[str, float]]:
    """Return test set → UPOS, UAS, LAS and sentence F, from raw text, in per cent."""
    nlp = spacy.load(pipeline)
    out = {}
    for name in ("gsd", "csui"):
        gold = list(DocBin().from_disk(work / f"{name}.spacy").get_docs(nlp.vocab))
        examples = [Example(nlp(doc.text), doc) for doc in gold]
        scores = {
            **Scorer.score_token_attr(examples, "pos"),
            **Scorer.score_deps(examples, "dep", ignore_labels=("punct",)),
            **Scorer.score_spans(examples, "sents", has_annotation=lambda _: True, getter=lambda d, _: d.sents),
        }
        keys = {"UPOS": "pos_acc", "UAS": "dep_uas", "LAS": "dep_las", "sentences F": "sents_f"}
        out[name] = {title: round(100 * scores[key], 1) for title, key in keys.items()}
    return out


def main() -> None:
    """Run all steps, or only the evaluation of a pipeline that is there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("kgraph/language/id/pipeline"))
    parser.add_argument("--work", type=Path, default=Path("training/id/work"), help="folder for what is in between")
    parser.add_argument("--evaluate", action="store_true", help="only print the scores of the pipeline in OUTPUT")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    convert(options.data, options.work)
    if not options.evaluate:
        shutil.copytree(train(options.work), options.output, dirs_exist_ok=True)
    for name, scores in evaluate(options.output, options.work).items():
        print(name, *(f"{key} {value}" for key, value in scores.items()), sep="  ")


if __name__ == "__main__":
    main()
