"""Train the Indonesian pipeline: one command, a data folder as argument.

    python training/id/train.py DATA -o kgraph/language/id/pipeline

DATA holds `ud/`, `ner/` and `pos/`; README.md names the files and their licences. Steps: train the teacher and let it
parse raw news (teacher.py), train tagger and parser, train entities, put the pipeline together, evaluate from raw text.
What is in between stays in the folder WORK, and a step whose result is there is not repeated.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import entities
import lemmas
import tokenizer
from corpora import Word, raw_news, treebank
from evaluate import evaluate, report
from spacy.language import Language
from spacy.tokens import Doc, DocBin

T = TypeVar("T")
SEED = 1
HERE = Path(__file__).parent
# The manners of annotation that the teacher is told.
GSD, CSUI, PUD, OLD, NEWS = range(5)
HELD_OUT = {GSD: 79, CSUI: 56}  # last sentences that choose the best step
TIMES = {GSD: 4, CSUI: 4, PUD: 4, NEWS: 6}  # how often the parser sees trees in a round
TAUGHT = {CSUI: 1, GSD: 2}  # and those that it is taught
SURE = 0.9  # mean probability of the heads from which a parsed sentence is taught
META = {
    "lang": "id",
    "name": "kgraph",
    "version": "0.1.0",
    "description": "Indonesian news: parts of speech, dependencies, lemmas, entities",
    "license": "CC BY-SA 4.0",
}


def gold(data: Path) -> dict[int, list[list[Word]]]:
    """Return the trees to train on by manner, those held out last."""
    ud = data / "ud"
    return {
        GSD: list(treebank(ud / "id_gsd-ud-dev.conllu.gz")),
        CSUI: list(treebank(ud / "id_csui-ud-train.conllu.gz")),
        PUD: list(treebank(ud / "id_pud-ud-test.conllu.gz")),
        OLD: list(treebank(ud / "id_gsd-train.harmonised.conllu.gz")),
        NEWS: list(treebank(HERE / "news" / "train.conllu")),
    }


def split(trees: dict[int, list[list[Word]]]) -> tuple[dict[int, list[list[Word]]], list[list[Word]]]:
    """Return the trees to train on and those that choose the best step."""
    kept = {style: found[: len(found) - HELD_OUT.get(style, 0)] for style, found in trees.items()}
    return kept, [s for style, n in HELD_OUT.items() for s in trees[style][-n:]]


def document(nlp: Language, sentences: Sequence[Sequence[Word]]) -> Doc:
    """Return sentences as one document."""
    words: list[Word] = []
    heads: list[int] = []
    starts: list[bool] = []
    for sentence in sentences:
        heads += [w.head + len(words) for w in sentence]
        starts += [j == 0 for j in range(len(sentence))]
        words += [*sentence[:-1], sentence[-1]._replace(space=True)]
    return Doc(
        nlp.vocab, words=[w.form for w in words], spaces=[w.space for w in words], pos=[w.pos for w in words],
        heads=heads, deps=["ROOT" if h == i else w.label for i, (w, h) in enumerate(zip(words, heads, strict=True))],
        sent_starts=starts,
    )  # fmt: skip


def documents(nlp: Language, sentences: Iterable[Sequence[Word]], chance: random.Random) -> Iterator[Doc]:
    """Yield documents of one to four sentences."""
    return (document(nlp, part) for part in parts(list(sentences), chance))


def parts(rest: list[T], chance: random.Random) -> Iterator[list[T]]:
    """Yield one to four of a list at a time, so that the parser learns where sentences begin."""
    while rest:
        count = chance.choice([1, 1, 2, 3, 4])
        yield rest[:count]
        rest = rest[count:]


def taught(nlp: Language, data: Path, work: Path) -> Iterator[tuple[int, list[Word]]]:
    """Yield what the teacher says of raw sentences, with the manner: trees of whose heads it is sure.

    It parses news in the manner of CSUI and tags it in that of GSD, whose tags are the harder ones to learn; the text
    of the old GSD it reads in the manner of the new.
    """
    import teacher
    import torch

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    trees, _ = split(gold(data))
    if not (work / "teacher.pt").exists():
        sentences = [teacher.Sentence(w, style) for style, found in trees.items() for w in found]
        teacher.train(sentences, layers=12, epochs=6, seed=SEED).save(work / "teacher.pt")
    model = teacher.load(work / "teacher.pt")
    news = [words(nlp, text) for text in raw_news(data / "pos" / "kumparan-postag.tsv.gz")]
    tags = model.parse(teacher.Sentence(found, GSD) for found in news)
    trees_of_news = model.parse(teacher.Sentence(found, CSUI) for found in news)
    for (found, sure), (tagged, _) in zip(trees_of_news, tags, strict=True):
        if sure >= SURE and teacher.tree(found):
            yield CSUI, [w._replace(pos=tag.pos) for w, tag in zip(found, tagged, strict=True)]
    for found, sure in model.parse(teacher.Sentence(found, GSD) for found in trees[OLD]):
        if sure >= SURE and teacher.tree(found):
            yield GSD, found


def teach(nlp: Language, data: Path, work: Path) -> None:
    """Write what the teacher says, a file for each manner."""
    bins = {style: DocBin() for style in TAUGHT}
    for style, found in taught(nlp, data, work):
        bins[style].add(document(nlp, [found]))
    for style, found in bins.items():
        found.to_disk(work / f"taught-{style}.spacy")


def words(nlp: Language, text: str) -> list[Word]:
    """Return the tokens of a text, without tags and heads."""
    return [Word(t.text, "X", t.i, "root", bool(t.whitespace_)) for t in nlp.make_doc(text) if not t.is_space]


def parser_data(nlp: Language, data: Path, work: Path) -> None:
    """Write the documents that train tagger and parser."""
    chance = random.Random(SEED)  # noqa: S311
    kept, held = split(gold(data))
    docs = [d for style, n in TIMES.items() for _ in range(n) for d in documents(nlp, kept[style], chance)]
    for style, times in TAUGHT.items():
        silver = list(DocBin().from_disk(work / f"taught-{style}.spacy").get_docs(nlp.vocab))
        docs += [d for _ in range(times) for part in parts(silver, chance) if (d := Doc.from_docs(part))]
    chance.shuffle(docs)
    DocBin(docs=docs).to_disk(work / "parser-train.spacy")
    DocBin(docs=list(documents(nlp, held, chance))).to_disk(work / "parser-dev.spacy")


def entity_data(nlp: Language, data: Path, work: Path) -> None:
    """Write the documents that train entities."""
    chance = random.Random(SEED)  # noqa: S311
    ner = data / "ner"
    texts = list(entities.training(ner, [HERE / "news" / "train.conllu"], chance))
    chance.shuffle(texts)
    known = entities.Names()
    held = [entities.completed(entities.parted(t), known) for t in entities.tagged(ner / "idner-news-2k.dev.iob.gz")]
    for name, found in {"train": texts, "dev": held}.items():
        DocBin(docs=[entities.document(nlp, t) for t in found]).to_disk(work / f"ner-{name}.spacy")


# spaCy's own command, with NumPy's BLAS: it is more than twice as fast here as the one that spaCy takes.
TRAIN = "from thinc.api import NumpyOps, set_current_ops; set_current_ops(NumpyOps(use_blis=False)); \
from spacy.cli import app; app()"


def spacy_train(name: str, work: Path) -> Path:
    """Train what `name.cfg` says and return the folder of the best step."""
    run = [sys.executable, "-m", "spacy"]
    config = work / f"{name}.cfg"
    subprocess.run([*run, "init", "fill-config", HERE / f"{name}.cfg", config], check=True, stdout=subprocess.DEVNULL)
    paths = {"base": work / "base", "train": work / f"{name}-train.spacy", "dev": work / f"{name}-dev.spacy"}
    options = [str(x) for key, path in paths.items() for x in (f"--paths.{key}", path)]
    subprocess.run(
        [sys.executable, "-c", TRAIN, "train", config, "--output", work / name, *options],
        check=True, env={**os.environ, "PYTHONHASHSEED": "0"},
    )  # fmt: skip
    return work / name / "model-best"


def assemble(work: Path, data: Path, output: Path) -> None:
    """Write the pipeline: tagger, parser, lemmas, entities."""
    import spacy

    nlp = spacy.load(work / "parser" / "model-best")
    forms = {w.form.lower() for found in gold(data).values() for s in found for w in s}
    for text in raw_news(data / "pos" / "kumparan-postag.tsv.gz"):
        forms |= {t.lower_ for t in nlp.make_doc(text)}
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    lemmatizer.initialize(lookups=lemmas.table(forms))  # type: ignore[attr-defined]
    nlp.add_pipe("ner", source=spacy.load(work / "ner" / "model-best"))
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])
    nlp.config["initialize"]["before_init"] = None
    nlp.meta.update(META)
    if output.exists():
        for old in output.iterdir():
            if old.name != "README.md":
                shutil.rmtree(old) if old.is_dir() else old.unlink()
    nlp.to_disk(output)
    strings = output / "vocab" / "strings.json"  # those of the words that it was trained on are not needed
    needed = {*tokenizer.make().vocab.strings, *(label for labels in nlp.pipe_labels.values() for label in labels)}
    strings.write_text(json.dumps(sorted(needed.intersection(nlp.vocab.strings)), ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """Run all steps, or only the evaluation of a pipeline that is there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("kgraph/language/id/pipeline"))
    parser.add_argument("--work", type=Path, default=Path("training/id/work"), help="folder for what is in between")
    parser.add_argument("--evaluate", action="store_true", help="only print the scores of the pipeline in OUTPUT")
    options = parser.parse_args()
    data, work = options.data, options.work
    work.mkdir(parents=True, exist_ok=True)
    if not options.evaluate:
        nlp = tokenizer.make()
        nlp.to_disk(work / "base")
        if not (work / f"taught-{GSD}.spacy").exists():
            teach(nlp, data, work)
        if not (work / "parser").exists():
            parser_data(nlp, data, work)
            spacy_train("parser", work)
        if not (work / "ner").exists():
            entity_data(nlp, data, work)
            spacy_train("ner", work)
        assemble(work, data, options.output)
    scores = evaluate(options.output, data, HERE / "news" / "test.conllu")
    report(scores)
    (work / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
