"""The JSON endpoints: what the pages ask, and any other client."""

import getpass
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Query, Response

from kgraph import ontology
from kgraph.documents import Problem as Skipped
from kgraph.documents import read as read_documents
from kgraph.export import html
from kgraph.graph import contents
from kgraph.graph.encoding import document_id, statement_iri
from kgraph.graph.namespaces import PREFIXES
from kgraph.model import Document, Evidence, Factuality, Span, Statement
from kgraph.query import questions
from kgraph.serve import records as r
from kgraph.serve.examples import examples
from kgraph.serve.guard import Token
from kgraph.serve.live import Live, Snapshot

__all__ = ["router", "texts_of"]

Limit = Annotated[int, Query(ge=1, le=500, description="How many to give at most.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="How many to pass over.")]
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": r.Problem, "description": "What is wrong, in one sentence."}
}


def router(live: Live, token: Token, texts: dict[str, Document], by: str | None = None) -> APIRouter:
    """Return the endpoints of a graph; `texts` are documents by their digest, `by` is who reviews."""
    api = APIRouter(prefix="/api", responses=PROBLEMS)
    _graph(api, live)
    _statements(api, live)
    _documents(api, live, texts)
    _decisions(api, live, token, by or getpass.getuser())
    return api


def _graph(api: APIRouter, live: Live) -> None:
    """Add the endpoints that tell of the graph as a whole."""

    @api.get("/site")
    def site(lang: r.Language = "en") -> r.Site:
        """Tell what the graph holds and what the server allows."""
        with live.reading() as now:
            return r.Site(
                name=now.name,
                editable=live.editable,
                documents=len(now.documents),
                actors=len(now.labels),
                statements=len(now.graph),
                relations={each.id: _named(each.labels, lang) for each in ontology.load().relations.values()},
                prefixes=dict(PREFIXES),
            )

    @api.get("/graph", response_class=Response, responses={200: {"content": {"application/json": {}}}})
    def graph(lang: r.Language = "en") -> Response:
        """Give all that the explorer draws."""
        with live.reading() as now:
            return Response(now.page(lang), media_type="application/json")

    @api.get("/actors")
    def actors(lang: r.Language = "en") -> r.Actors:
        """Give all actors with what they are called."""
        with live.reading() as now:
            named = {actor: html.label_of(actor, found.labels, lang) for actor, found in now.labels.items()}
        return r.Actors(actors=named)

    @api.get("/questions")
    def named_questions() -> list[r.QuestionRecord]:
        """Give the named questions, with examples from this graph."""
        with live.reading() as now:
            filled = examples(now)
        return [
            r.QuestionRecord(name=each.name, title=each.title, about=each.about, example=filled.get(each.name))
            for each in questions().values()
        ]


def _statements(api: APIRouter, live: Live) -> None:
    """Add the endpoints that give statements."""

    @api.get("/statements")
    def statements(
        lang: r.Language = "en",
        subject: r.ActorId | None = None,
        relation: r.RelationName | None = None,
        object: r.ActorId | None = None,  # noqa: A002
        actor: r.ActorId | None = None,
        factuality: Factuality | None = None,
        min_confidence: Annotated[float, Query(ge=0, le=1)] = 0.0,
        as_of: r.Day | None = None,
        said_from: r.Day | None = None,
        said_to: r.Day | None = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> r.Statements:
        """Give statements with their evidence, in order of subject, relation, object and factuality."""
        with live.reading() as now:
            found = now.graph.statements(
                subject=subject,
                relation=relation,
                object=object,
                actor=actor,
                factuality=factuality and factuality.value,
                min_confidence=min_confidence,
                as_of=as_of,
                said_from=said_from,
                said_to=said_to,
            )
            some = list(islice(found, offset, offset + limit + 1))
            return r.Statements(
                statements=[_statement(now, each, lang) for each in some[:limit]], more=len(some) > limit
            )

    @api.get("/statement")
    def statement(id: r.Hash, lang: r.Language = "en") -> r.StatementRecord:  # noqa: A002
        """Give one statement by its id."""
        with live.reading() as now:
            return _statement(now, _one(now, id), lang)

    @api.get("/queue")
    def queue(
        lang: r.Language = "en",
        relation: r.RelationName | None = None,
        actor: r.ActorId | None = None,
        limit: Limit = 10,
        offset: Offset = 0,
    ) -> r.Statements:
        """Give the statements that nobody decided on, the least confident first."""
        wanted = f"?s rdf:predicate kg:{relation} ." if relation else ""
        if actor:
            wanted += f" ?s rdf:subject|rdf:object <{ontology.iri(actor)}> ."
        query = f"""SELECT DISTINCT ?s ?c {{ ?s a rdf:Statement ; kg:confidence ?c . {wanted}
            FILTER NOT EXISTS {{ ?s kg:verdict ?v }} }} ORDER BY ?c ?s LIMIT {limit + 1} OFFSET {offset}"""
        with live.reading() as now:
            ids = [contents.text(s).removeprefix(statement_iri("")) for s, _ in now.graph.store.select(query)]
            found = [_statement(now, _one(now, each), lang) for each in ids[:limit]]
        return r.Statements(statements=found, more=len(ids) > limit)


def _documents(api: APIRouter, live: Live, texts: dict[str, Document]) -> None:
    """Add the endpoints that give documents."""

    @api.get("/documents")
    def documents(
        search: Annotated[str, Query(max_length=200)] = "", limit: Limit = 50, offset: Offset = 0
    ) -> r.Documents:
        """Give documents, the latest first; `search` is part of a title or an id."""
        wanted = search.casefold()
        with live.reading() as now:
            found = [d for d in now.documents.values() if wanted in f"{d.title or ''}\n{d.id}".casefold()]
            found.sort(key=lambda d: d.id)
            found.sort(key=lambda d: d.date.isoformat() if d.date else "", reverse=True)
            counts = _statements_of_documents(now)
            some = [_document(d, counts.get(d.id, 0)) for d in found[offset : offset + limit]]
        return r.Documents(documents=some, count=len(found))

    @api.get("/document")
    def document(id: Annotated[str, Query(min_length=1)], lang: r.Language = "en") -> r.DocumentStatements:  # noqa: A002
        """Give a document, its text if the server has it, and all that it says."""
        with live.reading() as now:
            known = now.documents.get(id)
            if known is None:
                raise HTTPException(404, "There is no document with this id.")
            keys = {_key(each): None for each in now.graph.evidence(document=id)}
            found = [_statement(now, next(_by_key(now, key)), lang, document=id) for key in keys]
            (digest,) = contents.digests(now.graph.store, [id]).values()
        text = texts.get(digest)
        return r.DocumentStatements(
            document=_document(known, len(found), text.text if text else None),
            statements=sorted(found, key=lambda each: each.evidence[0].sentence),
        )


def _decisions(api: APIRouter, live: Live, token: Token, reviewer: str) -> None:
    """Add the endpoint that takes decisions."""

    @api.post("/decisions", openapi_extra={"security": [{"token": []}]})
    def decide(
        written: r.Written,
        lang: r.Language = "en",
        authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
    ) -> r.StatementRecord:
        """Accept, reject, correct a statement or note something on it; give it as it is then."""
        if not live.editable:
            raise HTTPException(403, "This graph is shown to read: kgraph serve --allow-edits lets people review it.")
        if not token.admits(authorization):
            raise HTTPException(401, "Reviewing needs the token.", {"www-authenticate": "Bearer"})
        with live.reading() as now:
            key = _one(now, written.statement).key
        live.decide(written.decision(key, reviewer))
        with live.reading() as now:
            return _statement(now, _one(now, written.statement), lang)


def texts_of(sources: list[str], live: Live) -> tuple[dict[str, Document], list[Skipped]]:
    """Return the documents of sources that the graph was built from, by digest, and what could not be read."""
    skipped: list[Skipped] = []
    with live.reading() as now:
        languages = {name: known.language for name, known in now.documents.items()}
    found = {}
    for document in read_documents(sources, skipped.append):
        if document.id in languages:
            same = replace(document, language=languages[document.id])
            found[same.digest] = same
    return found, skipped


def _one(now: Snapshot, name: str) -> Statement:
    """Return the statement with this id."""
    evidence = next(now.graph.evidence(statement=name), None)
    if evidence is None:
        raise HTTPException(404, "There is no statement with this id.")
    return next(_by_key(now, _key(evidence)))


def _by_key(now: Snapshot, key: tuple[str, str, str, Factuality]) -> Iterator[Statement]:
    subject, relation, object_, factuality = key
    for each in now.graph.statements(subject=subject, relation=relation, object=object_, factuality=factuality.value):
        if (each.subject, each.object) == (subject, object_):
            yield each


def _key(evidence: Evidence) -> tuple[str, str, str, Factuality]:
    return evidence.subject, evidence.relation, evidence.object, evidence.factuality


def _named(labels: Any, lang: str) -> str:
    name: str = labels.get(lang) or labels["en"]
    return name


def _statement(now: Snapshot, statement: Statement, lang: str, document: str | None = None) -> r.StatementRecord:
    """Return a statement as it is told, with the evidence of one document only if that is given."""
    subject, object_ = (
        html.label_of(actor, now.labels[actor].labels if actor in now.labels else {}, lang)
        for actor in (statement.subject, statement.object)
    )
    name = _named(ontology.load().relations[statement.relation].labels, lang)
    said = statement.factuality.value
    shown = name if said == "certain" else f"{name} ({html.WORDS[lang][said]})"
    evidence = [each for each in statement.evidence if document in {None, each.document}]
    return r.StatementRecord(
        id=statement.id,
        text=f"{subject} {shown} {object_}",
        subject=statement.subject,
        relation=statement.relation,
        object=statement.object,
        factuality=statement.factuality,
        confidence=statement.confidence,
        sources=len(statement.sources),
        first_said=statement.first_said,
        last_said=statement.last_said,
        holds=statement.holds,
        contradicts=list(statement.contradicts),
        verdict=statement.verdict,  # type: ignore[arg-type]
        evidence=sorted(map(_evidence, evidence), key=lambda each: (each.document, each.sentence)),
        reviews=list(_reviews(now, statement.id)),
    )


def _evidence(evidence: Evidence) -> r.EvidenceRecord:
    def place(span: Span) -> tuple[int, int]:
        return span.start, span.end

    return r.EvidenceRecord(
        id=evidence.id,
        document=evidence.document,
        quote=evidence.quote,
        sentence=place(evidence.sentence),
        subject_span=place(evidence.subject_span),
        cue_span=place(evidence.cue_span),
        object_span=place(evidence.object_span),
        attributed_to=evidence.attributed_to,
        when=evidence.when,
        rule=evidence.rule,
        confidence=evidence.confidence,
    )


def _reviews(now: Snapshot, name: str) -> Iterator[r.ReviewRecord]:
    query = f"""SELECT ?verdict ?corrected ?note ?by ?on {{ ?r kg:reviews <{statement_iri(name)}> ;
        kg:decision ?verdict OPTIONAL {{ ?r kg:corrected_to ?corrected }} OPTIONAL {{ ?r rdfs:comment ?note }}
        OPTIONAL {{ ?r dcterms:creator ?by }} OPTIONAL {{ ?r dcterms:date ?on }} }} ORDER BY ?on ?r"""
    names = ("verdict", "corrected", "note", "by", "on")
    for found in now.graph.store.select(query):
        values: dict[str, Any] = {
            name: None if term is None else contents.text(term) for name, term in zip(names, found, strict=True)
        }
        yield r.ReviewRecord(**values)


def _statements_of_documents(now: Snapshot) -> dict[str, int]:
    """Return how many statements each document supports."""
    query = """SELECT ?d (COUNT(DISTINCT ?s) AS ?n) { ?t oa:hasSource ?d . ?e oa:hasTarget ?t ; oa:hasBody ?s }
        GROUP BY ?d"""
    return {document_id(contents.text(d)): int(contents.text(n)) for d, n in now.graph.store.select(query)}


def _document(document: Document, statements: int, text: str | None = None) -> r.DocumentRecord:
    return r.DocumentRecord(
        id=document.id,
        title=document.title,
        date=document.date,
        language=document.language,
        url=document.url,
        statements=statements,
        text=text,
    )
