"""Scores of the extraction on texts whose statements are known, and every error with what came nearest.

A gold line is a document with its "statements" (subject, relation, object, factuality, and where they apply
attributed_to and when). A statement is right when subject, relation and object agree; a symmetric relation has no
direction. Factuality, attribution and date are judged on the statements that are right.

A gold line of an event coder has PLOVER "events" instead (source, target, plover); `kgraph.plover` tells when two
events are the same.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kgraph import ontology, plover
from kgraph.build import extract, merged
from kgraph.documents import Problem, from_record
from kgraph.errors import DocumentError
from kgraph.model import Document, Factuality, Statement
from kgraph.tables import nearest

__all__ = [
    "Case",
    "Count",
    "EventCase",
    "Report",
    "compare",
    "compare_events",
    "errors",
    "evaluate",
    "evaluate_events",
    "event_errors",
    "read_events",
    "read_gold",
    "reliability",
]

Key = tuple[str, str, str]
BINS = ((0.0, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01))


@dataclass
class Count:
    """True positives, false positives and false negatives."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Return the share of what was found that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Return the share of what is right that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 0.0


@dataclass
class Case:
    """A document with the statements that it makes and those that were found, by key."""

    document: Document
    gold: dict[Key, list[dict[str, Any]]]  # two where a text both makes and denies a claim
    found: dict[Key, list[Statement]]


@dataclass
class EventCase:
    """A document with the events that were coded in it, and those that were found, with their statements."""

    document: Document
    gold: list[plover.Event]
    found: dict[plover.Event, list[Statement]]

    def aligned(self) -> tuple[list[tuple[plover.Event, plover.Event]], list[plover.Event], list[plover.Event]]:
        """Return pairs of gold and found, what was missed, and what is wrong."""
        pairs = plover.aligned(self.gold, self.found)
        missed = [g for g in self.gold if all(g != one for one, _ in pairs)]
        wrong = [f for f in self.found if not f.optional and all(f != one for _, one in pairs)]
        return pairs, missed, wrong


@dataclass
class Report:
    """Counts over all cases: by relation, for factuality, attribution and dates, and by confidence."""

    documents: int = 0
    total: Count = field(default_factory=Count)
    relations: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    factuality: Counter[tuple[str, str]] = field(default_factory=Counter)
    attribution: Count = field(default_factory=Count)
    dates: Count = field(default_factory=Count)
    confidence: dict[tuple[float, float], Count] = field(default_factory=lambda: defaultdict(Count))

    @property
    def factuality_accuracy(self) -> float:
        """Return how often a statement that is right has the right factuality."""
        judged = self.factuality.total()
        return sum(n for (g, p), n in self.factuality.items() if g == p) / judged if judged else 0.0


def read_gold(path: Path) -> list[tuple[Document, list[dict[str, Any]]]]:
    """Return the documents of a gold file with their statements.

    Raises DocumentError, with file and line, for a line that is no such document.
    """
    out = []
    for where, document, statements in _records(path, "statements"):
        for statement in statements:
            _check(statement, where)
        out.append((document, statements))
    return out


def _check(statement: Any, where: str) -> None:
    """Raise DocumentError where something is no statement that can be looked for."""
    known = ontology.load()
    names = ("subject", "relation", "object")
    if not isinstance(statement, dict) or not all(isinstance(statement.get(name), str) for name in names):
        raise DocumentError(f"{where}: a statement wants subject, relation and object, not {statement!r}")
    if (relation := statement["relation"]) not in known.relations:
        advice = nearest(relation, list(known.relations))
        raise DocumentError(f"{where}: no relation {relation!r} in the ontology; {advice}")
    for actor in (statement["subject"], statement["object"]):
        if ":" not in actor or ontology.kind_of(actor) not in known.kinds:
            raise DocumentError(f"{where}: {actor!r} is not the id of an actor such as country:KAZ")
    if (factuality := statement.get("factuality", "certain")) not in set(Factuality):
        raise DocumentError(f"{where}: no factuality {factuality!r}; it is one of {', '.join(Factuality)}")


def read_events(path: Path) -> list[tuple[Document, list[plover.Event]]]:
    """Return the documents of a gold file with the events coded in them.

    Raises DocumentError, with file and line, for a line that is no such document.
    """
    out = []
    for where, document, rows in _records(path, "events"):
        try:
            out.append((document, plover.coded(rows)))
        except ValueError as error:
            raise DocumentError(f"{where}: {error}") from None
    return out


def _records(path: Path, key: str) -> Iterator[tuple[str, Document, list[Any]]]:
    """Yield the place of each line, its document and its list under a key."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: cannot be read ({error})") from None
    if not any(line.strip() for line in lines):
        raise DocumentError(f"{path}: holds no document")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise DocumentError(f"{where}: not JSON ({error.msg} at character {error.pos + 1})") from None
        if not isinstance(record, dict) or not isinstance(record.get(key), list):
            raise DocumentError(f"{where}: wants an object with a list {key!r}")
        yield where, from_record({"id": where, **record}, where), record[key]


def key_of(subject: str, relation: str, object_: str) -> Key:
    """Return what two statements must share to be the same, symmetric ones in alphabetical order."""
    if ontology.load().relations[relation].symmetric and subject > object_:
        return object_, relation, subject
    return subject, relation, object_


def compare(gold: Iterable[tuple[Document, list[dict[str, Any]]]], report: Callable[[Problem], None]) -> Iterator[Case]:
    """Yield each gold document with what is found in it."""
    wanted = list(gold)
    found = extract([document for document, _ in wanted], report)
    for (_, statements), (document, evidence) in zip(wanted, found, strict=True):
        by_key: dict[Key, list[Statement]] = defaultdict(list)
        for s in merged(evidence):
            by_key[key_of(s.subject, s.relation, s.object)].append(s)
        gold_by_key: dict[Key, list[dict[str, Any]]] = defaultdict(list)
        for row in statements:
            gold_by_key[key_of(row["subject"], row["relation"], row["object"])].append(row)
        yield Case(document, dict(gold_by_key), dict(by_key))


def compare_events(
    gold: Iterable[tuple[Document, list[plover.Event]]],
    report: Callable[[Problem], None],
    *,
    judged_pairs: bool = False,
) -> Iterator[EventCase]:
    """Yield each gold document with the events found in it; with `judged_pairs` only those of pairs that gold has."""
    wanted = list(gold)
    found = extract([document for document, _ in wanted], report)
    for (_, coded), (document, evidence) in zip(wanted, found, strict=True):
        pairs = {event.pair for event in coded}
        here = plover.events(merged(evidence))
        yield EventCase(document, coded, {e: s for e, s in here.items() if not judged_pairs or e.pair in pairs})


def evaluate_events(cases: Iterable[EventCase]) -> dict[str, Count]:
    """Return the counts by event type, and of all under "all"."""
    out: dict[str, Count] = defaultdict(Count)
    for case in cases:
        pairs, missed, wrong = case.aligned()
        for event in [g for g, _ in pairs]:
            out[event.type].right += 1
        for event in missed:
            out[event.type].missed += 1
        for event in wrong:
            out[event.type].wrong += 1
    counts = list(out.values())
    total = Count(*(sum(getattr(c, key) for c in counts) for key in ("right", "wrong", "missed")))
    return {**dict(sorted(out.items())), "all": total}


def event_errors(case: EventCase) -> Iterator[str]:
    """Yield lines on the events that were missed or wrong, with the rule that fired."""
    _, missed, wrong = case.aligned()
    lines = [f"  missed  {event}" for event in missed]
    for event in wrong:
        lines += [f"  wrong   {event}", *_fired(case.found[event][0])]
    if lines:
        yield f"{case.document.id}: {' '.join(case.document.text.split())}"
        yield from lines


def evaluate(cases: Iterable[Case]) -> Report:
    """Return the counts over all cases."""
    out = Report()
    for case in cases:
        out.documents += 1
        for key in case.gold.keys() | case.found.keys():
            gold, found = case.gold.get(key), case.found.get(key)
            counts = (out.total, out.relations[key[1]])
            for statement in found or ():
                for low, high in BINS:
                    if low <= statement.confidence < high:
                        place = out.confidence[low, high]
                        place.right += gold is not None
                        place.wrong += gold is None
            for count in counts:
                count.right += bool(gold and found)
                count.wrong += bool(found and not gold)
                count.missed += bool(gold and not found)
            if gold and found:
                for wanted, statement in _aligned(gold, found):
                    _judge(out, wanted, statement)
    return out


def _aligned(gold: list[dict[str, Any]], found: list[Statement]) -> Iterator[tuple[dict[str, Any], Statement]]:
    """Yield what says the same, one to one, those of the same factuality first."""
    left = list(found)
    same = {s.factuality.value: s for s in found}
    for wanted in sorted(gold, key=lambda g: g.get("factuality", "certain") not in same):
        if left:
            statement = same.get(wanted.get("factuality", "certain"), left[0])
            statement = statement if statement in left else left[0]
            left.remove(statement)
            yield wanted, statement


def _judge(out: Report, gold: dict[str, Any], found: Statement) -> None:
    out.factuality[gold.get("factuality", "certain"), found.factuality.value] += 1
    said = (
        (gold.get("attributed_to"), found.attributed_to, out.attribution),
        (gold.get("when"), found.when, out.dates),
    )
    for wanted, given, count in said:
        count.right += wanted is not None and wanted == given
        count.wrong += given is not None and wanted != given
        count.missed += wanted is not None and wanted != given


def errors(case: Case) -> Iterator[str]:
    """Yield lines on what was missed, wrong or of another factuality, with the rule that fired or came nearest."""
    lines = []
    for key in sorted(case.gold.keys() | case.found.keys()):
        gold, found = case.gold.get(key), case.found.get(key)
        if gold and not found:
            lines.append(f"  missed  {' '.join(key)} ({', '.join(g.get('factuality', 'certain') for g in gold)})")
            lines.append(f"          nearest: {_nearest(key, case)}")
        elif found and not gold:
            for s in found:
                lines += [f"  wrong   {' '.join(key)} ({s.factuality})", *_fired(s)]
        for wanted, s in _aligned(gold or [], found or []):
            if s.factuality.value != wanted.get("factuality", "certain"):
                lines += [f"  fact    {' '.join(key)}: {wanted.get('factuality')}, found {s.factuality}", *_fired(s)]
    if lines:
        yield f"{case.document.id}: {' '.join(case.document.text.split())}"
        yield from lines


def _fired(statement: Statement) -> list[str]:
    return [f"          {e.rule}: {e.quote}" for e in statement.evidence[:2]]


def _nearest(key: Key, case: Case) -> str:
    """Return the found statement that shares most with a missed one."""

    def shared(other: Key) -> int:
        return 2 * (other[1] == key[1]) + len({key[0], key[2]} & {other[0], other[2]})

    best = max(case.found, key=shared, default=None)
    if best is None or shared(best) < 2:
        return "nothing like it was found; try `kgraph explain` on the sentence"
    return f"{' '.join(best)} by {case.found[best][0].evidence[0].rule}"


def reliability(cases: Iterable[Case], prior: float = 4.0) -> dict[str, tuple[float, int]]:
    """Return rule → (precision, times seen), each rule drawn towards its relation's precision, and that to the whole.

    A rule seen n times weighs n against `prior` (additive smoothing), so that one lucky hit is no certainty.
    """
    rules: dict[str, Count] = defaultdict(Count)
    for case in cases:
        for key, statements in case.found.items():
            rule_of: set[str] = {e.rule for s in statements for e in s.evidence}
            for rule in rule_of:
                for name in (rule, "/".join(rule.split("/")[:2]), ""):
                    rules[name].right += key in case.gold
                    rules[name].wrong += key not in case.gold
    overall = rules[""].precision or 0.7
    out: dict[str, tuple[float, int]] = {}
    for name in sorted(rules, key=lambda n: n.count("/")):
        if not name:
            continue
        seen = rules[name].right + rules[name].wrong
        parent = overall if name.count("/") == 1 else out["/".join(name.split("/")[:2])][0]
        out[name] = round((rules[name].right + prior * parent) / (seen + prior), 3), seen
    return out
