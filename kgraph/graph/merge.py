"""What follows from evidence: support, validity in time, contradictions. Computed, never edited.

All statements between two actors are judged together, since some end or exclude others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from kgraph import ontology
from kgraph.graph import interval
from kgraph.graph.interval import Interval
from kgraph.model import combined_confidence

__all__ = ["Case", "Claim", "Verdict", "judge"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What matters of a piece of evidence: who says it, when it was said, when it is said to hold."""

    document: str
    said: date | None
    when: str | None
    confidence: float

    @property
    def days(self) -> Interval | None:
        """Return the days that it speaks of: those in the text, or else the day of the document."""
        if self.when is not None:
            return interval.parse(self.when)
        return None if self.said is None else Interval(self.said, self.said)


@dataclass(frozen=True, slots=True)
class Case:
    """A statement with all its claims."""

    id: str
    subject: str
    relation: str
    object: str
    factuality: str
    claims: tuple[Claim, ...]
    verdict: str | None = None

    @property
    def certain(self) -> bool:
        """Return whether it says that something is so."""
        return self.factuality == "certain"

    @property
    def rejected(self) -> bool:
        """Return whether a person said that it is wrong."""
        return self.verdict == "rejected"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows for a statement. `direct` says whether it is asserted as a plain triple."""

    case: Case
    evidence_count: int
    document_count: int
    source_count: int
    confidence: float
    first_said: date | None
    last_said: date | None
    holds: str | None
    contradicts: tuple[str, ...]
    direct: bool


def judge(cases: Sequence[Case], copies: Mapping[str, str]) -> Iterator[Verdict]:
    """Yield what follows for each of the statements between two actors.

    `copies` leads from a document to the first one with the same text. A certain statement is direct unless
    it is contradicted, rejected by a person, or a state that has ended.
    """
    relations = ontology.load().relations
    cases = [case for case in cases if case.claims]
    ended: dict[str, str] = {}
    disputes: dict[str, set[str]] = {case.id: set() for case in cases}
    for one, other in combinations(cases, 2):
        if one.rejected or other.rejected or not _same_sides(one, other):
            continue
        for act, state in ((one, other), (other, one)):
            if act.certain and state.certain and state.relation in relations[act.relation].ends:
                end = _end(act, state)
                if end is not None:
                    ended[state.id] = max(end, ended.get(state.id, end))
        if _contradict(one, other):
            disputes[one.id].add(other.id)
            disputes[other.id].add(one.id)
    for case in cases:
        said = [claim.said for claim in case.claims if claim.said is not None]
        documents = {claim.document for claim in case.claims}
        yield Verdict(
            case=case,
            evidence_count=len(case.claims),
            document_count=len(documents),
            source_count=len({copies.get(document, document) for document in documents}),
            confidence=float(case.verdict == "accepted")
            if case.verdict is not None
            else combined_confidence(
                (copies.get(claim.document, claim.document), claim.confidence) for claim in case.claims
            ),
            first_said=min(said, default=None),
            last_said=max(said, default=None),
            holds=_holds(case, ended.get(case.id), lasting=relations[case.relation].lasting),
            contradicts=tuple(sorted(disputes[case.id])),
            direct=case.certain and not case.rejected and case.id not in ended and not disputes[case.id],
        )


def _same_sides(one: Case, other: Case) -> bool:
    """Return whether the two relate subject to object the same way round; symmetry has no way round."""
    relations = ontology.load().relations
    if relations[one.relation].symmetric or relations[other.relation].symmetric:
        return True
    return one.subject == other.subject


def _contradict(one: Case, other: Case) -> bool:
    """Return whether two statements between the same actors cannot both be so.

    A claim and its denial do unless both are dated, by the text, to different times. Incompatible relations
    do if they are said of the same time. An act that ends a state does if the order of the two cannot be
    told, or if the state is said to go on after the act.
    """
    if one.relation == other.relation:
        if {one.factuality, other.factuality} != {"certain", "negated"}:
            return False
        first, second = _dated(one), _dated(other)
        return first is None or second is None or _meet(first, second)
    if not (one.certain and other.certain):
        return False
    relations = ontology.load().relations
    for act, state in ((one, other), (other, one)):
        if state.relation in relations[act.relation].ends:
            return _goes_on(act, state)
    if other.relation in relations[one.relation].incompatible:
        return _meet(_spoken_of(one), _spoken_of(other))
    return False


def _dated(case: Case) -> list[Interval] | None:
    """Return the days that its claims speak of, None unless the text dates every one of them."""
    days = [claim.days for claim in case.claims if claim.when is not None and claim.days is not None]
    return days if len(days) == len(case.claims) else None


def _spoken_of(case: Case) -> list[Interval]:
    """Return the stretch of days that its claims speak of; all time if one has no date."""
    days = [claim.days for claim in case.claims]
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return [Interval(None, None)]
    return [Interval(min(d.first or date.min for d in known), max(d.last or date.max for d in known))]


def _meet(some: Iterable[Interval], others: Sequence[Interval]) -> bool:
    return any(one.overlaps(other) for one in some for other in others)


def _end(act: Case, state: Case) -> str | None:
    """Return when the act ends the state, as precisely as the act is dated, None if that cannot be told."""
    if _goes_on(act, state):
        return None
    last = max((claim for claim in act.claims if claim.days), key=_last_day)
    begins = max((claim.days.first or date.min for claim in state.claims if claim.days), default=date.min)
    if _last_day(last) < begins:
        return None  # it began again afterwards
    assert last.when is not None or last.said is not None
    text = last.when or str(last.said)
    end = text.rpartition("/")[2]
    return text.partition("/")[0] if end in {"", ".."} else end


def _goes_on(act: Case, state: Case) -> bool:
    """Return whether the state is said to hold after the act, or the order of the two is unknown.

    A state that the text dates to after the act has begun again, which is no contradiction.
    """
    if any(claim.days is None for claim in (*act.claims, *state.claims)):
        return True
    end = max(_last_day(claim) for claim in act.claims)
    return any(
        claim.when is None and claim.said is not None and claim.said > end for claim in state.claims
    ) and not any(
        claim.when is not None and claim.days is not None and (claim.days.first or date.min) > end
        for claim in state.claims
    )


def _last_day(claim: Claim) -> date:
    days = claim.days
    assert days is not None
    return days.last or days.first or date.max


def _holds(case: Case, end: str | None, *, lasting: bool) -> str | None:
    """Return the date or interval in which a statement holds, as far as the text dates it.

    Acts: from the first date to the last. States: from the first date on, to the end that a text or an act
    that ends it gives, else open. Precision is that of the text.
    """
    whens = sorted({claim.when for claim in case.claims if claim.when is not None})
    if not whens:
        return None if end is None else f"../{end}"
    start = min(whens, key=lambda when: interval.parse(when).first or date.min).partition("/")[0]
    latest = max(whens, key=lambda when: interval.parse(when).last or date.max)
    if not lasting:
        return whens[0] if len(whens) == 1 else f"{start}/{latest.rpartition('/')[2]}"
    if end is None:
        closed = [when for when in whens if "/" in when and not when.endswith(("/", "/.."))]
        end = latest.rpartition("/")[2] if latest in closed else ".."
    if end != ".." and start != ".." and interval.day_range(end)[1] < interval.day_range(start)[0]:
        return f"{start}/.."
    return f"{start or '..'}/{end}"
