"""The nouns of kgraph: documents, mentions, evidence, statements. No input or output here."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter
from typing import Any, Self

__all__ = ["Document", "Evidence", "Factuality", "Mention", "Span", "Statement"]

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Factuality(StrEnum):
    """Whether a text says that something is so, is not so, or may be so."""

    CERTAIN = "certain"
    NEGATED = "negated"
    POSSIBLE = "possible"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A stretch of a document's text, in characters (Unicode code points), end excluded."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words that the span covers in `text`."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Document:
    """One text to read.

    `date` is the day it was published and anchors relative dates; `language` is an ISO 639-1 code, None if it is
    still to be detected.
    """

    id: str
    text: str
    date: dt.date | None = None
    language: str | None = None
    url: str | None = None
    title: str | None = None

    @property
    def digest(self) -> str:
        """Return a hash of all that the document says of itself: same digest, same evidence."""
        return _digest([self.id, self.text, self.date and self.date.isoformat(), self.language, self.url, self.title])


@dataclass(frozen=True, order=True, slots=True)
class Mention:
    """A place in a document that names an actor.

    `sort` is how it is named (name, acronym, adjective, capital, seat, person, office, reference, ...). `agent` is
    the person who acts for the actor, where the mention names one ("Putin" for Russia).
    """

    start: int
    end: int
    actor: str
    sort: str = "name"
    agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One place in one document that says one thing. Immutable; its id is a hash of its content.

    Offsets are characters in the document's text. `quote` is the sentence, `cue` the words that show the relation.
    `when` is an ISO 8601 date or interval (`2014`, `2014-03`, `2014-03-18`, `A/B`, `A/..`). `rule` names the cue that
    found it, or a title (`en/leads/office`) or denial; `confidence` is the chance that it is right, from 0 to 1:
    that of its pair of actors, for titles and denials the rule's precision on development text.
    """

    document: str
    subject: str
    relation: str
    object: str
    factuality: Factuality
    sentence: Span
    subject_span: Span
    cue_span: Span
    object_span: Span
    quote: str
    attributed_to: str | None = None
    agent: str | None = None
    counterpart_agent: str | None = None
    when: str | None = None
    rule: str = ""
    confidence: float = 0.5

    @property
    def id(self) -> str:
        """Return the content address: 32 hexadecimal digits."""
        return _digest(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, JSON ready; spans as [start, end]; keys without a value are left out."""
        return {
            name: [value.start, value.end] if type(value) is Span else value
            for name, value in zip(self.__dataclass_fields__, _PARTS(self), strict=True)
            if value is not None
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Return the evidence that `to_dict` wrote."""
        spans = ("sentence", "subject_span", "cue_span", "object_span")
        values: dict[str, Any] = {name: Span(*value) if name in spans else value for name, value in data.items()}
        return cls(**values | {"factuality": Factuality(data["factuality"])})

    def swapped(self) -> Self:
        """Return the same evidence with subject and object exchanged (for symmetric relations)."""
        return replace(
            self,
            subject=self.object,
            object=self.subject,
            subject_span=self.object_span,
            object_span=self.subject_span,
            agent=self.counterpart_agent,
            counterpart_agent=self.agent,
        )


_PARTS = attrgetter(*Evidence.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Statement:
    """What all evidence with the same subject, relation, object and factuality supports.

    A graph fills in what it computes from its documents: `copies` (document → the first document with the same
    text, for those that repeat another's), the dates of the first and the last document that says it, the ISO 8601
    date or interval in which it `holds`, the ids of the statements that it `contradicts`, and the `verdict` of a person
    who reviewed it (`accepted` or `rejected`).
    """

    subject: str
    relation: str
    object: str
    factuality: Factuality
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)
    copies: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    first_said: dt.date | None = field(default=None, compare=False)
    last_said: dt.date | None = field(default=None, compare=False)
    holds: str | None = field(default=None, compare=False)
    contradicts: tuple[str, ...] = field(default=(), compare=False)
    verdict: str | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what makes the statement this one."""
        return self.subject, self.relation, self.object, self.factuality.value

    @property
    def id(self) -> str:
        """Return a hash of the key: 32 hexadecimal digits."""
        return _digest(list(self.key))

    @property
    def documents(self) -> frozenset[str]:
        """Return the ids of the documents that support it."""
        return frozenset(e.document for e in self.evidence)

    @property
    def sources(self) -> frozenset[str]:
        """Return the ids of the documents that support it and repeat no other one."""
        return frozenset(self.copies.get(document, document) for document in self.documents)

    @property
    def attributed_to(self) -> str | None:
        """Return the actor on whose word alone it is said, the first of several; None where a text says it itself."""
        claimants = [e.attributed_to for e in self.evidence]
        return claimants[0] if all(claimants) and claimants else None

    @property
    def when(self) -> str | None:
        """Return the first ISO 8601 date or interval that a piece of evidence gives, None if none does."""
        return next((e.when for e in self.evidence if e.when), None)

    @property
    def confidence(self) -> float:
        """Return the chance that at least one source is right; the best piece of evidence speaks for its source.

        It is 1 for what a person accepted and 0 for what a person rejected.
        """
        if self.verdict is not None:
            return float(self.verdict == "accepted")
        return combined_confidence((self.copies.get(e.document, e.document), e.confidence) for e in self.evidence)


def combined_confidence(claims: Iterable[tuple[str, float]]) -> float:
    """Return 1 - Π(1 - c) over the best claim of each source, rounded to 4 places."""
    best: dict[str, float] = {}
    for source, confidence in claims:
        best[source] = max(best.get(source, 0.0), confidence)
    doubt = 1.0
    for source in sorted(best):
        doubt *= 1.0 - best[source]
    return round(1.0 - doubt, 4)


def _digest(content: Any) -> str:
    return hashlib.sha256(_CANONICAL(content).encode("utf-8", "surrogatepass")).hexdigest()[:32]
