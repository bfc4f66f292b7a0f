"""SPARQL 1.1 Protocol at /sparql: every way to ask, every format, every refusal with its sentence."""

import httpx
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

ASK = "ASK { country:KAZ kg:member_of org:EAEU }"
SELECT = "SELECT ?who { ?who kg:member_of org:EAEU } ORDER BY ?who"
CONSTRUCT = "CONSTRUCT { ?a kg:ally_of ?b } { ?a kg:ally_of ?b }"
DECLARED = "PREFIX kg: <{kg}> PREFIX org: <{org}> SELECT ?who WHERE {{ ?who kg:member_of org:EAEU }} ORDER BY ?who"


@pytest.fixture(scope="module")
def prefixes(reading):
    return httpx.get(reading.url("api/site")).json()["prefixes"]


@pytest.fixture
def endpoint(reading):
    with httpx.Client(base_url=reading.address) as client:
        yield client


def test_a_query_comes_by_get_as_a_form_or_as_a_body(endpoint):
    ways = (
        endpoint.get("/sparql", params={"query": SELECT}),
        endpoint.post("/sparql", data={"query": SELECT}),
        endpoint.post("/sparql", content=SELECT, headers={"content-type": "application/sparql-query; charset=utf-8"}),
    )
    answers = [each.json()["results"]["bindings"] for each in ways]
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) >= 3


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, "text/*", "text/xml"),
        (SELECT, "text/turtle, text/csv;q=0.1", "text/csv"),
        (ASK, "application/json", "application/json"),
        (CONSTRUCT, "*/*", "text/turtle"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/rdf+xml;q=0.9, text/turtle;q=0.8", "application/rdf+xml"),
        ("DESCRIBE country:KAZ", "application/ld+json", "application/ld+json"),
    ],
)
def test_the_answer_comes_in_the_format_that_the_client_likes_best(endpoint, query, accept, media):
    answer = endpoint.get("/sparql", params={"query": query}, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media
    assert answer.content


def test_rows_are_written_as_the_standard_has_them(endpoint):
    answer = endpoint.get("/sparql", params={"query": SELECT}, headers={"accept": "text/csv"})
    head, first, *_ = answer.text.splitlines()
    assert head == "who"
    assert first.startswith("http")
    assert endpoint.get("/sparql", params={"query": ASK}).json()["boolean"] is True


@pytest.mark.parametrize(
    ("request_", "status", "sentence"),
    [
        ({"params": {"query": "SELECT * { ?a kg:alli_of ?b }"}}, 400, "Did you mean kg:ally_of?"),
        ({"params": {"query": "SELECT * {"}}, 400, "The query is not SPARQL: line 1"),
        ({"params": {"query": "SELECT * { SERVICE <http://x.test/> { ?a ?b ?c } }"}}, 400, "SERVICE"),
        ({"params": {"query": "SELECT * { S\\u0045RVICE <http://x.test/> { ?a ?b ?c } }"}}, 400, "SERVICE"),
        ({"params": {"query": "LOAD <http://x.test/>"}}, 403, "Updates are refused"),
        ({"params": {"query": "DELETE WHERE { ?s ?p ?o }"}}, 403, "Updates are refused"),
        ({"params": [("query", ASK), ("query", ASK)]}, 400, "exactly one query"),
        ({"params": {"query": SELECT}, "headers": {"accept": "image/png"}}, 406, "application/sparql-results+json"),
        ({"method": "POST", "data": {"update": "DELETE WHERE { ?s ?p ?o }"}}, 403, "Updates are refused"),
        ({"method": "POST", "data": {"nothing": "x"}}, 400, "exactly one query"),
        ({"method": "POST", "content": b"x", "headers": {"content-type": "text/plain"}}, 415, "is posted as"),
        ({"method": "POST", "content": b"\xff", "headers": {"content-type": "application/sparql-query"}}, 400, "UTF-8"),
        ({"method": "POST", "content": b" " * 1_000_001}, 413, "bytes"),
        ({"method": "POST", "content": b" " * 8_000_000}, 413, "bytes"),
        ({"params": {"query": ASK}, "headers": {"host": "evil.test"}}, 421, "this server"),
    ],
)
def test_what_is_refused_is_told_in_a_sentence(endpoint, request_, status, sentence):
    answer = endpoint.request(request_.pop("method", "GET"), "/sparql", **request_)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert sentence.lower() in answer.text.lower()
    assert "\n" not in answer.text


def test_a_query_without_end_is_stopped(news):
    from tests.serve.conftest import serve

    served = serve(news, "--timeout", "1")
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    answer = httpx.get(served.url("sparql", query=query), timeout=60)
    assert (answer.status_code, "longer than 1 s" in answer.text) == (400, True)
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    answer = httpx.get(served.url("sparql", query=query), timeout=60)
    assert answer.status_code == 400
    served.stop()


def test_a_query_that_answers_too_much_is_stopped(reading):
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    answer = httpx.get(reading.url("sparql", query=query), timeout=120)
    assert (answer.status_code, "larger than 64 MB" in answer.text) == (400, True)


def test_without_a_query_it_describes_itself_to_programs_and_shows_its_page_to_people(endpoint):
    answer = endpoint.get("/sparql", headers={"accept": "text/turtle"})
    described = rdflib.Graph().parse(data=answer.text, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    assert list(described.subjects(rdflib.RDF.type, sd.Service))
    answer = endpoint.get("/sparql", headers={"accept": "text/html,*/*;q=0.8"})
    assert answer.headers["location"] == "/query"


def test_the_dataset_can_be_chosen(endpoint):
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    answer = endpoint.get("/sparql", params={"query": count, "default-graph-uri": "http://example.org/none"})
    assert answer.json()["results"]["bindings"][0]["n"]["value"] == "0"


def test_sparqlwrapper_reads_every_format(reading, prefixes):
    client = SPARQLWrapper(reading.url("sparql"))
    client.setQuery(DECLARED.format(**prefixes))
    client.setReturnFormat(JSON)
    rows = [each["who"]["value"] for each in client.queryAndConvert()["results"]["bindings"]]
    assert prefixes["country"] + "KAZ" in rows
    client.setMethod(POST)
    assert [each["who"]["value"] for each in client.queryAndConvert()["results"]["bindings"]] == rows
    client.setReturnFormat(XML)
    assert len(client.queryAndConvert().getElementsByTagName("result")) == len(rows)
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().decode().split() == ["who", *rows]
    client.setQuery(f"PREFIX kg: <{prefixes['kg']}> {CONSTRUCT}")
    client.setReturnFormat(TURTLE)
    assert len(rdflib.Graph().parse(data=client.queryAndConvert(), format="turtle")) >= 2
    client.setQuery("SELECT * {")
    with pytest.raises(QueryBadFormed, match="not SPARQL"):
        client.query()


def test_rdflib_reads_it_as_a_store(reading, prefixes):
    graph = rdflib.Graph(SPARQLStore(reading.url("sparql")))
    kg = rdflib.Namespace(prefixes["kg"])
    kazakhstan = rdflib.URIRef(prefixes["country"] + "KAZ")
    assert rdflib.URIRef(prefixes["org"] + "EAEU") in set(graph.objects(kazakhstan, kg.member_of))
    assert [str(row.who) for row in graph.query(DECLARED.format(**prefixes))]
    assert len(graph) > 1000
