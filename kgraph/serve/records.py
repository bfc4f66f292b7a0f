"""What the JSON endpoints give and take. The OpenAPI description is made from these."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kgraph import ontology
from kgraph.model import Factuality
from kgraph.review import Decision, now

__all__ = [
    "ActorId",
    "Actors",
    "Day",
    "DocumentRecord",
    "DocumentStatements",
    "Documents",
    "EvidenceRecord",
    "Hash",
    "Language",
    "Problem",
    "QuestionRecord",
    "RelationName",
    "ReviewRecord",
    "Site",
    "StatementRecord",
    "Statements",
    "Verdict",
    "Written",
]

_ACTOR = rf"^({'|'.join(ontology.load().kinds)}):[A-Za-z0-9_][A-Za-z0-9_.\-]*$"
_RELATIONS: dict[str, Any] = {"enum": sorted(ontology.load().relations)}

Language = Literal["en", "id"]
Verdict = Literal["accept", "reject", "correct", "note"]
ActorId = Annotated[str, Field(pattern=_ACTOR, examples=["country:KAZ"])]
RelationName = Annotated[str, Field(pattern=f"^({'|'.join(_RELATIONS['enum'])})$", json_schema_extra=_RELATIONS)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", examples=["2022", "2022-06", "2022-06-16"])]
Place = tuple[int, int]
Text = Annotated[str, Field(min_length=1, max_length=10_000)]


class Record(BaseModel):
    """Plain data with no keys but those that are told."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Problem(Record):
    """What went wrong, in one sentence."""

    error: str


class EvidenceRecord(Record):
    """One place in one document. Places are offsets in Unicode code points, the end excluded."""

    id: Hash
    document: str
    quote: str
    sentence: Place
    subject_span: Place
    cue_span: Place
    object_span: Place
    attributed_to: str | None
    when: str | None
    rule: str
    confidence: float


class ReviewRecord(Record):
    """What a person decided on a statement."""

    verdict: Verdict
    corrected: str | None
    note: str | None
    by: str | None
    on: str | None


class StatementRecord(Record):
    """A statement with what supports it; `text` is how it reads in the language that was asked for."""

    id: Hash
    text: str
    subject: str
    relation: str
    object: str
    factuality: Factuality
    confidence: float
    sources: int
    first_said: dt.date | None
    last_said: dt.date | None
    holds: str | None
    contradicts: list[Hash]
    verdict: Literal["accepted", "rejected"] | None
    evidence: list[EvidenceRecord]
    reviews: list[ReviewRecord]


class Statements(Record):
    """Some of the statements; `more` tells whether there are others after them."""

    statements: list[StatementRecord]
    more: bool


class DocumentRecord(Record):
    """A document. `text` is there if the server was told where the texts are."""

    id: str
    title: str | None
    date: dt.date | None
    language: str | None
    url: str | None
    statements: int
    text: str | None


class Documents(Record):
    """Some of the documents; `count` is the number of all that match."""

    documents: list[DocumentRecord]
    count: int


class DocumentStatements(Record):
    """A document and the statements that it supports, in the order of the text, each with its evidence there."""

    document: DocumentRecord
    statements: list[StatementRecord]


class QuestionRecord(Record):
    """A named question; `example` is its SPARQL, filled with actors of this graph, where it has such."""

    name: str
    title: str
    about: str
    example: str | None


class Actors(Record):
    """Actor id → label in the language that was asked for."""

    actors: dict[str, str]


class Site(Record):
    """What the pages need to know of the server."""

    name: str
    editable: bool
    documents: int
    actors: int
    statements: int
    relations: dict[str, str]
    prefixes: dict[str, str]


class Written(Record):
    """A decision, as it is sent; who decides is the user that the server was started for if `by` is left out."""

    statement: Hash
    verdict: Verdict
    corrected: tuple[ActorId, RelationName, ActorId, Factuality] | None = None
    note: Text | None = None
    by: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    # JSON has no tuples, so what is an array there is one here.
    model_config = ConfigDict(extra="forbid", strict=False)

    def decision(self, key: tuple[str, str, str, str], by: str) -> Decision:
        """Return the decision on the statement with this key, made now; raise KgraphError where it is none."""
        subject, relation, object_, factuality = key
        return Decision(
            subject=subject,
            relation=relation,
            object=object_,
            factuality=factuality,
            verdict=self.verdict,
            corrected=self.corrected,
            note=self.note,
            by=self.by or by,
            on=now(),
        )
