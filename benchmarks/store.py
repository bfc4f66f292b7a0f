"""Measure the store: load rate, memory, disk and ten queries on generated evidence, beside rdflib in memory.

python benchmarks/store.py --evidence 1000000 --rdflib 50000

Loading is compared in two ways. "file": both load the N-Triples file of the whole graph, statements computed. "evidence":
both are given the same documents and evidence as Python objects, checked and put in canonical form by the same function,
and make the same triples of them (which is asserted); rdflib's are made of its own terms, as a user of rdflib would
write it. What kgraph computes from the evidence afterwards (support, dates, contradictions, direct triples) is timed
apart, for rdflib has nothing like it. rdflib keeps its triples in memory alone, kgraph on disk.

The evidence is made up by a seeded generator of realistic shape: two hundred states and eighty organisations, few of
them in most of the news (Zipf), four pieces of evidence a document, ten years of dates, 15 % not certain.
"""

import argparse
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from importlib import import_module
from itertools import accumulate, islice
from pathlib import Path

import pyoxigraph

from kgraph import ontology
from kgraph.graph import Graph
from kgraph.model import Document, Evidence, Factuality, Span

PER_DOCUMENT = 4
BATCH = 1_000
COMPARED = 200_000

QUERIES = {
    "members": "SELECT ?m { ?m kg:member_of org:O1 }",
    "allied members": "SELECT ?m { ?m kg:member_of org:O1 ; kg:ally_of country:AAA }",
    "two hops": "SELECT DISTINCT ?z { country:AAB kg:ally_of ?y . ?y kg:ally_of ?z }",
    "evidence of one pair": """SELECT ?quote ?date { country:AAC said:sanctions ?s . ?s rdf:object country:AAD . ?e oa:hasBody ?s ; oa:hasTarget ?t . ?t oa:hasSource ?d ; oa:hasSelector ?q .
        ?q oa:exact ?quote . ?d dcterms:date ?date }""",
    "all between two": """SELECT ?p ?n { ?s rdf:subject country:AAE ; rdf:object country:AAF ; rdf:predicate ?p ;
        kg:source_count ?n }""",
    "claims of one": "SELECT ?s { ?e kg:attributed_to country:ABK ; oa:hasBody ?s }",
    "a day": """SELECT ?p { ?d dcterms:date "2020-02-02"^^xsd:date . ?t oa:hasSource ?d . ?e oa:hasTarget ?t ;
        oa:hasBody ?s . ?s rdf:predicate ?p }""",
    "path": "SELECT DISTINCT ?x { country:ABC kg:arms+ ?x } LIMIT 50",
    "denied": """SELECT ?o { country:AAG said:attacks ?s . ?s kg:factuality kg:negated ; rdf:object ?o }""",
    "well supported": """SELECT ?s ?o { ?st rdf:predicate kg:at_war_with ; rdf:subject ?s ; rdf:object ?o ;
        kg:source_count ?n FILTER(?n > 3) }""",
}


def generated(count: int, seed: int = 1) -> Iterator[tuple[Document, list[Evidence]]]:
    """Yield documents with evidence, `count` pieces in all; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    states = [f"country:A{b}{c}" for b in letters[:8] for c in letters][:200]
    weights = list(accumulate(1 / rank for rank in range(1, 201)))
    relations = list(ontology.load().relations.values())
    start = date(2014, 1, 1)
    for number in range(count // PER_DOCUMENT):
        name = f"news-{number:07}"
        document = Document(name, f"{name} {chance.random()}", start + timedelta(chance.randrange(3650)), "en")
        found = []
        for place in range(PER_DOCUMENT):
            relation = chance.choice(relations)
            subject, object_ = chance.choices(states, cum_weights=weights, k=2)
            if "country" not in relation.subject_kinds:
                subject = f"{min(relation.subject_kinds)}:p{chance.randrange(500)}"
            if "country" not in relation.object_kinds:
                object_ = f"{min(relation.object_kinds)}:O{chance.randrange(80)}"
            if not relation.allows(subject, object_):
                continue
            offset = place * 180
            found.append(
                Evidence(
                    document=name,
                    subject=subject,
                    relation=relation.id,
                    object=object_,
                    factuality=chance.choices(list(Factuality), (85, 7, 8))[0],
                    sentence=Span(offset, offset + 150),
                    subject_span=Span(offset, offset + 10),
                    cue_span=Span(offset + 20, offset + 30),
                    object_span=Span(offset + 40, offset + 50),
                    quote=f"{subject} {relation.id} {object_} " + "and so on for a sentence of news " * 3,
                    attributed_to=chance.choice(states) if chance.random() < 0.3 else None,
                    when=str(document.date)[: chance.choice((4, 7, 10))] if chance.random() < 0.25 else None,
                    rule=f"{relation.id}/{chance.randrange(40)}",
                    confidence=round(chance.uniform(0.4, 0.95), 2),
                )
            )
        yield document, found


def main() -> None:
    """Measure each store in a process of its own, so that memory can be told apart, and print a table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--evidence", type=int, default=1_000_000)
    arguments.add_argument("--rdflib", type=int, default=50_000, help="evidence for the comparison with rdflib")
    arguments.add_argument("--step", choices=("kgraph", "load_file", "load_evidence"), help=argparse.SUPPRESS)
    arguments.add_argument("--folder", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.step:
        run = load_kgraph if given.step == "kgraph" else getattr(import_module("with_rdflib"), given.step)
        figures = run(Path(given.folder), given.evidence)
        print(json.dumps(figures))
        return
    with tempfile.TemporaryDirectory() as folder:
        small = step("kgraph", folder, given.rdflib)
        other = step("load_file", folder, given.rdflib) | step("load_evidence", folder, given.rdflib)
        large = step("kgraph", folder, given.evidence)
    report({"kgraph": small, "rdflib": other, "kgraph, all": large})


def step(name: str, folder: str, count: int) -> dict[str, float]:
    """Return the figures of one store, measured in a process of its own."""
    command = [sys.executable, __file__, "--step", name, "--folder", folder, "--evidence", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def load_kgraph(folder: Path, count: int) -> dict[str, float]:
    """Return the figures of a graph on disk."""
    path = folder / "bench.kg"
    shutil.rmtree(path, ignore_errors=True)
    documents = generated(count)
    figures: dict[str, float] = {"evidence": count}
    with Graph.open(path) as graph:
        while batch := list(islice(documents, BATCH)):
            with clocked(figures, "evidence"):
                graph.add_many(batch)
        with clocked(figures, "evidence"):
            graph.store.empty()  # waits until all is written
        with clocked(figures, "statements"):
            graph.settle()
        figures["triples"] = sum(1 for _ in graph.store.triples())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begin = time.perf_counter()
    with Graph.open(path, read_only=True) as graph:
        graph.store.ask("ASK { ?s a kg:Document }")
        opened = time.perf_counter() - begin
        with (folder / "bench.nt").open("w") as file:
            if count <= COMPARED:
                file.writelines(f"{row} .\n" for row in graph.triples())
        times = {name: timed(lambda q=q: list(graph.store.select(q))) for name, q in QUERIES.items()}
    if count <= COMPARED:
        load_rows(folder, figures)
    disk = sum(file.stat().st_size for file in path.rglob("*")) / 2**20
    return {**figures, "memory MB": memory, "disk MB": disk, "open s": opened, **times}


def load_rows(folder: Path, figures: dict[str, float]) -> None:
    """Measure how long the store takes to load the triples of the graph from a file, as rdflib does."""
    path = folder / "rows.kg"
    shutil.rmtree(path, ignore_errors=True)
    with clocked(figures, "file"):
        store = pyoxigraph.Store(path)
        store.bulk_load(path=folder / "bench.nt", format=pyoxigraph.RdfFormat.N_TRIPLES)
        store.flush()


@contextmanager
def clocked(figures: dict[str, float], name: str) -> Iterator[None]:
    """Add the time that a block takes, by the clock and of the processor, to the figures."""
    wall, processor = time.perf_counter(), time.process_time()
    yield
    for key, spent in ((f"{name} s", time.perf_counter() - wall), (f"{name} CPU s", time.process_time() - processor)):
        figures[key] = figures.get(key, 0.0) + spent


def timed(run: object, repeats: int = 7) -> float:
    """Return the median time of a call in milliseconds."""
    assert callable(run)
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        run()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def report(stores: dict[str, dict[str, float]]) -> None:
    """Print the figures side by side, with what they say about rdflib."""
    print(f"pyoxigraph {pyoxigraph.__version__}, Python {sys.version.split()[0]}")
    print(f"{'':24}" + "".join(f"{name:>14}" for name in stores))
    for key in next(iter(stores.values())):
        cells = "".join(f"{figures.get(key, float('nan')):14,.1f}" for figures in stores.values())
        print(f"{key + (' ms' if key in QUERIES else ''):24}{cells}")
    ours, other = stores["kgraph"], stores["rdflib"]
    for key, clock in (("s", "by the clock"), ("CPU s", "in time of the processor")):
        file, evidence = (other[f"{name} {key}"] / ours[f"{name} {key}"] for name in ("file", "evidence"))
        print(f"loads the same file {file:.1f} times as fast {clock}, the same evidence {evidence:.1f} times")
    median = statistics.median(other[name] / ours[name] for name in QUERIES)
    print(f"median query {median:.1f} times as fast")


if __name__ == "__main__":
    main()
