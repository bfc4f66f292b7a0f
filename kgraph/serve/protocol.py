"""SPARQL 1.1 Protocol: queries by GET, by a form and as a body, answers in the format that the client wants."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from kgraph.errors import QueryError
from kgraph.query import Limits
from kgraph.query.guard import asks_triples, is_update
from kgraph.query.sparql import serialised
from kgraph.serve.live import Live

__all__ = ["Endpoint"]

ROWS: Mapping[str, str] = MappingProxyType({
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
})  # fmt: skip
TRIPLES: Mapping[str, str] = MappingProxyType({
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/ld+json": "jsonld",
    "application/x-turtle": "ttl",
    "application/xml": "rdf",
    "text/plain": "nt",
})  # fmt: skip
FORM = "application/x-www-form-urlencoded"
DESCRIPTION = """@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix format: <http://www.w3.org/ns/formats/> .
[] a sd:Service ; sd:endpoint <{endpoint}> ; sd:supportedLanguage sd:SPARQL11Query ;
  sd:resultFormat format:SPARQL_Results_JSON, format:SPARQL_Results_XML, format:SPARQL_Results_CSV,
    format:SPARQL_Results_TSV, format:Turtle, format:N-Triples, format:RDF_XML, format:JSON-LD .
"""


class Endpoint:
    """The endpoint of a graph. Each query runs in a process of its own, so many at a time as the limiter lets."""

    def __init__(self, live: Live, limits: Limits, limiter: CapacityLimiter) -> None:
        """Answer from this graph, within these limits."""
        self.live, self.limits, self.limiter = live, limits, limiter

    async def __call__(self, request: Request) -> Response:
        """Return the answer to a request, or a sentence that says what is wrong with it."""
        try:
            given = await _parameters(request)
        except UnicodeDecodeError:
            return PlainTextResponse("The request is not UTF-8.", 400)
        if given is None:
            types = f"{FORM} or application/sparql-query"
            return PlainTextResponse(f"A query is posted as {types}.", 415)
        if "update" in given:
            return PlainTextResponse("Updates are refused: this endpoint answers queries.", 403)
        queries = given.get("query", [])
        accept = request.headers.get("accept", "*/*")
        if not queries and request.method in {"GET", "HEAD"}:
            return _described(request, accept)
        if len(queries) != 1:
            return PlainTextResponse("A request has exactly one query.", 400)
        (query,) = queries
        if is_update(query):
            return PlainTextResponse("Updates are refused: this endpoint answers queries.", 403)
        formats = TRIPLES if asks_triples(query) else ROWS
        media = _chosen(accept, formats)
        if media is None:
            return PlainTextResponse(f"This can be had as {', '.join(formats)}.", 406)
        try:
            body = await to_thread.run_sync(self._answer, query, formats[media], given, limiter=self.limiter)
        except QueryError as error:
            return PlainTextResponse(str(error), 400)
        return Response(body, media_type=media, headers={"vary": "accept"})

    def _answer(self, query: str, format_: str, given: Mapping[str, list[str]]) -> bytes:
        with self.live.reading() as snapshot:
            return serialised(
                Path(snapshot.path),
                query,
                format_,
                limits=self.limits,
                default_graph=given.get("default-graph-uri", ()),
                named_graphs=given.get("named-graph-uri", ()),
            )


async def _parameters(request: Request) -> dict[str, list[str]] | None:
    """Return the parameters of a request, None where its body is of no type that the protocol has."""
    given = parse_qs(request.url.query, keep_blank_values=True, errors="strict")
    if request.method in {"GET", "HEAD"}:
        return given
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = (await request.body()).decode("utf-8")
    match media:
        case "application/sparql-query":
            given["query"] = [body]
        case "application/sparql-update":
            given["update"] = [body]
        case "application/x-www-form-urlencoded":
            for name, values in parse_qs(body, keep_blank_values=True, errors="strict").items():
                given.setdefault(name, []).extend(values)
        case _:
            return None
    return given


def _described(request: Request, accept: str) -> Response:
    """Return what there is without a query: the page for people, the service description for programs."""
    if _chosen(accept, {"text/turtle": "ttl", "text/html": "html"}) == "text/html":
        return RedirectResponse("/query")
    endpoint = str(request.url.replace(query=""))
    return PlainTextResponse(DESCRIPTION.format(endpoint=endpoint), media_type="text/turtle")


def _chosen(accept: str, formats: Mapping[str, str]) -> str | None:
    """Return the media type that a client likes best (RFC 9110, 12.5.1), the first of those that it likes as much."""
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        media, *options = (piece.strip().lower() for piece in part.split(";"))
        quality = next((option[2:] for option in options if option.startswith("q=")), "1")
        try:
            ranges[media] = float(quality)
        except ValueError:
            ranges[media] = 0.0
    best, most = None, 0.0
    for media in formats:
        fitting = (media, media.partition("/")[0] + "/*", "*/*")
        liked = next((ranges[each] for each in fitting if each in ranges), 0.0)
        if liked > most:
            best, most = media, liked
    return best
