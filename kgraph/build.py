"""Documents → evidence → graph, the main job in one screenful."""

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from kgraph import documents, language, ontology
from kgraph.actors.labels import labels, qid
from kgraph.documents import Problem
from kgraph.graph import ActorLabels, Graph
from kgraph.model import Document, Evidence, Factuality, Statement
from kgraph.parallel import ordered_map

Item = TypeVar("Item")
__all__ = ["build", "extract", "merged", "to_record"]

BATCH = 64
"""Documents that are read together."""
_ADDED = 256
"""Documents that are added to a graph together; a build that is killed reads so many again."""


def extract(
    sources: Iterable[Document], report: Callable[[Problem], None], batch: int = BATCH, workers: int = 1
) -> Iterator[tuple[Document, list[Evidence]]]:
    """Yield each document with its evidence, in the order given; its language is detected where it says none.

    `workers` processes share the work; the result does not depend on their number. A document in a language without
    tables is given to `report` and has no evidence.
    """
    chunks = _batched(sources, batch)
    results = map(_read, chunks) if workers < 2 else ordered_map(_read, chunks, workers)
    for found, problems in results:
        for problem in problems:
            report(problem)
        yield from found


def _read(chunk: list[Document]) -> tuple[list[tuple[Document, list[Evidence]]], list[Problem]]:
    """Return the evidence of a batch of documents and what could not be read; runs in a worker."""
    from kgraph.extract import reader  # spaCy takes a second to import

    known = language.available()
    chunk = [documents.with_language(document, known) for document in chunk]
    by_language: dict[str, list[int]] = defaultdict(list)
    for place, document in enumerate(chunk):
        by_language[str(document.language)].append(place)
    evidence: list[list[Evidence]] = [[] for _ in chunk]
    problems = []
    for code, places in by_language.items():
        if code not in known:
            why = f"language {code!r} has no tables; there are {', '.join(known)}"
            problems += [Problem(chunk[place].id, why) for place in places]
            continue
        for place, (_, found) in zip(places, reader.load(code).read(chunk[p] for p in places), strict=True):
            evidence[place] = found
    return list(zip(chunk, evidence, strict=True)), problems


def merged(evidence: Iterable[Evidence]) -> list[Statement]:
    """Return the statements of one document: symmetric ones in one direction, certain before possible.

    A denial is kept beside the claim that it denies.
    """
    relations = ontology.load().relations
    groups: dict[tuple[str, str, str], list[Evidence]] = defaultdict(list)
    for e in evidence:
        if relations[e.relation].symmetric and (e.object, e.relation, e.subject) in groups:
            groups[e.object, e.relation, e.subject].append(e.swapped())
        else:
            groups[e.subject, e.relation, e.object].append(e)
    out = []
    for (subject, relation, object_), items in groups.items():
        for factuality in Factuality:
            same = tuple(e for e in items if e.factuality is factuality)
            if factuality is Factuality.POSSIBLE and any(e.factuality is Factuality.CERTAIN for e in items):
                continue
            if same:
                out.append(Statement(subject, relation, object_, factuality, same))
    return out


def to_record(document: Document, evidence: Iterable[Evidence]) -> dict[str, Any]:
    """Return the exchange record of a document: its id and its statements with their evidence."""
    statements = []
    for statement in merged(evidence):
        record: dict[str, Any] = {
            "subject": statement.subject,
            "relation": statement.relation,
            "object": statement.object,
            "factuality": statement.factuality.value,
        }
        agents = {
            key: next((getattr(e, key) for e in statement.evidence if getattr(e, key)), None)
            for key in ("agent", "counterpart_agent")
        }
        said = {"attributed_to": statement.attributed_to, **agents, "when": statement.when}
        record |= {key: value for key, value in said.items() if value}
        record["confidence"] = statement.confidence
        record["evidence"] = [e.to_dict() for e in statement.evidence]
        statements.append(record)
    return {"id": document.id, "statements": statements}


def build(
    sources: Iterable[str | Path | Document] | str | Path | Document,
    output: str | Path | None = None,
    report: Callable[[Problem], None] | None = None,
    on_document: Callable[[Document, list[Evidence]], None] | None = None,
    workers: int = 1,
    on_known: Callable[[Document], None] | None = None,
) -> Graph:
    """Read sources into a graph and return it.

    `sources` are files, folders or documents, one or several; `output` is the folder of the graph, None keeps it in
    memory. Documents that the graph already holds are passed over. `report` is told of each input that was skipped, of
    which there is a warning otherwise; `on_document` of each that was read, `on_known` of each that was passed over
    because the graph holds it.
    """
    told = report or (lambda problem: warnings.warn(f"skipped {problem}", stacklevel=2))
    passed = on_known or (lambda _: None)
    given = [sources] if isinstance(sources, str | Path | Document) else list(sources)
    texts = documents.read([s for s in given if not isinstance(s, Document)], told)
    graph = Graph.open(output)
    known = language.available()
    named = (documents.with_language(d, known) for d in _chained([s for s in given if isinstance(s, Document)], texts))

    def unknown(document: Document) -> bool:
        if held := graph.has(document):
            passed(document)
        return not held

    def read() -> Iterator[tuple[Document, list[Evidence]]]:
        for document, evidence in extract(filter(unknown, named), told, workers=workers):
            if on_document is not None:
                on_document(document, evidence)
            yield document, evidence

    for batch in _batched(read(), _ADDED):
        graph.add_many(batch, _labels(batch))
    return graph


def _labels(batch: Iterable[tuple[Document, list[Evidence]]]) -> dict[str, ActorLabels]:
    named = {
        actor
        for _, evidence in batch
        for e in evidence
        for actor in (e.subject, e.object, e.attributed_to, e.agent, e.counterpart_agent)
        if actor
    }
    return {actor: ActorLabels(labels(actor), qid(actor)) for actor in named}


def _chained(first: Iterable[Document], second: Iterable[Document]) -> Iterator[Document]:
    yield from first
    yield from second


def _batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch
