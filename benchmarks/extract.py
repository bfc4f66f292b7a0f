"""Measure reading: kgraph end to end beside the full spaCy pipeline of the same model, and triplet-extract, as ratios.

python benchmarks/extract.py
python benchmarks/extract.py --stream 100000

Texts are our own. "Dense" is the annotated news of `training/texts`, each paragraph of which states relations. "Bare" are
the example news and articles made of the sentences that the tests expect statements of: short, a statement in each.
"Mixed" is what most news is about: 17 % of its words stand in sentences with two country names, which is the share
in mixed news; the rest are sports, culture and the like (`tests/language/*.idle.txt`) and everyday news
(`benchmarks/ordinary.*.txt`). Half of the sentences with two country names state a relation, the others (matches,
tourists, festivals, storms) are those of the tests that state none; that share is assumed, not counted.

Figures are processor time of one thread, taken in turns, so that a busy machine slows all alike. triplet-extract is
under the GPL and no part of kgraph: `pip install triplet-extract` to compare with it. It remembers sentences that it
has read, so both read dense text that they have not read before; what it fails on is left out.
"""

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import psutil
import spacy

from kgraph import build, documents
from kgraph.build import extract, to_record
from kgraph.extract import reader
from kgraph.language import available
from kgraph.model import Document
from kgraph.tables import read

ROOT = Path(__file__).parent.parent
DAY = date(2024, 5, 1)
SHARE = 0.17  # of the words of mixed news stand in sentences with two country names
WORLD = 0.41  # the same in news of the world
LENGTH = 12  # sentences of an article
TRIPLETS = 60  # dense texts for triplet-extract


def tested(code: str, *, stating: bool) -> list[str]:
    """Return the sentences of the tests of a language that state something, or those that state nothing."""
    rows = read(ROOT / "tests" / "language" / f"{code}.tsv", ["date", "text", "statements", "note"])
    return [row["text"] for row in rows if (row["statements"] not in ("", "-")) == stating]


def lines(path: Path) -> list[str]:
    """Return the lines of a file that are not empty."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def dense(code: str) -> list[Document]:
    """Return the annotated news of a language."""
    files = sorted((ROOT / "training" / "texts" / code).glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in lines(file)]
    return [Document(row["id"], row["text"], date.fromisoformat(row["date"]), code) for row in rows]


def bare(code: str) -> list[Document]:
    """Return the example news of a language and articles of sentences that hold statements."""
    news = (documents.with_language(d, available()) for d in documents.read([ROOT / "examples" / "news"], print))
    sentences = tested(code, stating=True)
    articles = [" ".join(sentences[k : k + LENGTH]) for k in range(0, len(sentences), LENGTH)]
    return [d for d in news if d.language == code] + [
        Document(f"bare-{k}", text, DAY, code) for k, text in enumerate(articles)
    ]


def mixed(code: str, seed: int = 1) -> Iterator[Document]:
    """Yield articles without end: news of the world, and twice as much about something else."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    gazetteer = reader.load(code).gazetteer
    stating, silent = (
        [s for s in tested(code, stating=stating) if _countries(s, gazetteer) > 1] for stating in (True, False)
    )
    pairs = {*stating, *silent}
    ordinary = lines(ROOT / "benchmarks" / f"ordinary.{code}.txt")
    idle = lines(ROOT / "tests" / "language" / f"{code}.idle.txt")
    number = 0
    words = paired = 0
    while True:
        number += 1
        if paired <= SHARE * words:
            picked, here, size = [], 0, 0
            for _ in range(LENGTH):
                source = chance.choice((stating, silent)) if here <= WORLD * size else ordinary
                sentence = chance.choice(source)
                size += len(sentence.split())
                here += len(sentence.split()) if sentence in pairs else 0
                picked.append(sentence)
            paired += here
        else:
            picked = [chance.choice(idle if number % 2 else ordinary) for _ in range(LENGTH)]
        text = " ".join(picked)
        words += len(text.split())
        yield Document(f"{code}-{number:07}", text, DAY, code)


def _countries(sentence: str, gazetteer: object) -> int:
    names = gazetteer.find(sentence)  # type: ignore[attr-defined]
    return len({n.actor for _, _, found in names for n in found if n.actor and n.actor.startswith("country:")})


def in_turns(runs: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the processor seconds of each of several runs, done in turns."""
    for run in runs.values():
        run()
    spent = dict.fromkeys(runs, 0.0)
    for _ in range(rounds):
        for name, run in runs.items():
            spent[name] += once(run)
    return {name: seconds / rounds for name, seconds in spent.items()}


def once(run: Callable[[], object]) -> float:
    """Return the processor seconds of a run."""
    begin = time.process_time()
    run()
    return time.process_time() - begin


def compare(code: str, kind: str, texts: list[Document], pipeline: spacy.language.Language, rounds: int) -> None:
    """Print how fast a text is read, and how much faster than the full pipeline."""
    words = sum(len(d.text.split()) for d in texts)

    def kgraph() -> None:
        for document, evidence in extract(texts, lambda _: None):
            to_record(document, evidence)

    def full() -> None:
        for _ in pipeline.pipe(d.text for d in texts):
            pass

    spent = in_turns({"kgraph": kgraph, "spaCy": full}, rounds)
    ours, other = words / spent["kgraph"], words / spent["spaCy"]
    print(
        f"{code} {kind:6} {words:7,} words   kgraph {ours:8,.0f} words/s   spaCy {other:6,.0f}   {ours / other:5.1f} times"
    )


def compare_triplets(texts: list[Document], pipeline: spacy.language.Language) -> None:
    """Print how much faster than triplet-extract dense text is read that neither has read before."""
    try:
        from triplet_extract import OpenIEExtractor
    except ImportError:
        print("triplet-extract is not installed and was left out: pip install triplet-extract")
        return
    load, same = spacy.load, reader.load("en").language.pipeline()
    spacy.load = lambda name, **rest: load(same if name == "en_core_web_sm" else name, **rest)  # it has one model only
    other = OpenIEExtractor(nlp=pipeline)
    unread, first = texts[:TRIPLETS], texts[TRIPLETS:]
    other.extract_batch([first[0].text], progress=False)
    for _ in extract(first, lambda _: None):  # what is loaded with the first texts is not counted
        pass
    both = []
    theirs = 0.0
    for document in unread:
        try:
            theirs += once(lambda d=document: other.extract_batch([d.text], progress=False))  # type: ignore[misc]
        except AssertionError:
            continue
        both.append(document)
    ours = once(lambda: [to_record(*read) for read in extract(both, lambda _: None)])
    words = sum(len(d.text.split()) for d in both)
    print(
        f"en dense  {words:7,} words   kgraph {words / ours:8,.0f} words/s   triplet-extract {words / theirs:6,.0f}   "
        f"{theirs / ours:5.1f} times; it failed on {len(unread) - len(both)} of {len(unread)} texts"
    )


def compare_workers(texts: list[Document]) -> None:
    """Print how much faster two workers are than one, start left out, and how busy the machine was before."""
    busy = psutil.cpu_percent(interval=1)
    walls = []
    for workers in (1, 2):
        results = extract(texts, lambda _: None, workers=workers)
        for _ in islice(results, 256):  # all processes are up
            pass
        begin = time.perf_counter()
        rest = sum(1 for _ in results)
        walls.append((time.perf_counter() - begin) / rest)
    print(f"two workers {walls[0] / walls[1]:.2f} times one; the machine was {busy:.0f} % busy before")


def stream(count: int) -> None:
    """Build a graph from a file of generated documents and print the memory as it goes."""
    process = psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "news.jsonl"
        languages = [mixed(code) for code in available()]
        with file.open("w", encoding="utf-8") as out:
            for number in range(count):
                d = next(languages[number % len(languages)])
                text = f"{d.text} Report {number}."
                out.write(json.dumps({"id": d.id, "text": text, "date": str(d.date), "lang": d.language}) + "\n")
        done = 0
        step = max(count // 10, 1)
        begin = time.perf_counter()

        def told(_: object, __: object) -> None:
            nonlocal done
            done += 1
            if done % step == 0:
                memory = process.memory_info().rss / 2**20
                print(f"{done:8,} documents {time.perf_counter() - begin:7.0f} s {memory:7.0f} MB", flush=True)

        with build([file], Path(folder) / "news.kg", on_document=told):
            pass


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=400, help="of mixed news")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--stream", type=int, help="only build a graph of so many documents and print the memory")
    given = arguments.parse_args()
    if given.stream:
        stream(given.stream)
        return
    for code in available():
        pipeline = spacy.load(reader.load(code).language.pipeline())
        print(f"{code}: {pipeline.meta['name']} {', '.join(pipeline.pipe_names)}")
        if code == "en":
            compare_triplets(dense(code), pipeline)
        compare(code, "dense", dense(code), pipeline, given.rounds)
        compare(code, "bare", bare(code), pipeline, given.rounds)
        compare(code, "mixed", list(islice(mixed(code), given.articles)), pipeline, given.rounds)
    compare_workers(dense("en") * 8)


if __name__ == "__main__":
    main()
