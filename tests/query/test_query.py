"""SPARQL that people type: answers, refusals and limits."""

import json
import time

import pytest

from kgraph.errors import GraphError, QueryError
from kgraph.graph import Graph
from kgraph.query import Limits, query, questions, update
from tests.graph.cases import filled, known


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("query") / "known.kg"
    filled(known(), path).close()
    return path


@pytest.fixture(scope="module")
def graph():
    return filled(known())


def test_members_that_are_allies_from_direct_triples_alone(graph, path):
    text = "SELECT ?member { ?member kg:member_of org:EAEU ; kg:ally_of country:RUS } ORDER BY ?member"
    expected = [{"member": "country:ARM"}, {"member": "country:KAZ"}]
    assert query(graph, text).values == expected
    assert query(path, text).values == expected
    with Graph.open(path) as held:
        assert query(held, text).values == expected


def test_the_quote_document_and_date_behind_it(graph):
    text = """SELECT ?quote ?document ?date {
        ?statement rdf:subject country:KAZ ; rdf:predicate kg:ally_of ; rdf:object country:RUS .
        ?evidence oa:hasBody ?statement ; oa:hasTarget ?sentence .
        ?sentence oa:hasSource ?document ; oa:hasSelector/oa:exact ?quote . ?document dcterms:date ?date }"""
    assert query(graph, text).values == [
        {
            "quote": "astana/1 says: country:RUS ally_of country:KAZ.",
            "document": "astana/1",
            "date": "2022-06-16",
        }
    ]


def test_ask_construct_and_describe(graph):
    assert query(graph, "ASK { country:KAZ kg:ally_of country:RUS }").truth is True
    assert query(graph, "ASK { country:KAZ kg:left org:CSTO }").truth is False
    made = query(graph, "CONSTRUCT { ?o kg:has_member ?m } { ?m kg:member_of ?o }").to("ttl").decode()
    assert "org:EAEU kg:has_member country:ARM" in made
    assert b"Kazakhstan" in (query(graph, "DESCRIBE country:KAZ").triples or b"")


def test_answers_in_every_format(graph):
    answer = query(
        graph, "SELECT ?o ?l { country:KAZ kg:member_of ?o OPTIONAL { ?o skos:prefLabel ?l FILTER(LANG(?l) = 'id') } }"
    )
    assert answer.to("csv") == b"o,l\r\norg:EAEU,Uni Ekonomi Eurasia\r\n"
    assert answer.to("tsv").decode() == '?o\t?l\n<https://w3id.org/kgraph/org/EAEU>\t"Uni Ekonomi Eurasia"@id\n'
    assert json.loads(answer.to("json"))["results"]["bindings"][0]["l"]["xml:lang"] == "id"
    assert b'xml:lang="id"' in answer.to("xml")
    with pytest.raises(QueryError, match="csv, tsv, json, xml"):
        answer.to("ttl")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE would fetch"),
        ("SELECT * { s\\u0065rvice <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE would fetch"),
        ("select * { # comment\n service silent <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE would fetch"),
        ("LOAD <http://127.0.0.1:9/>", "would change the graph"),
        ("PREFIX x: <http://x/> INSERT DATA { x:a x:b x:c }", "would change the graph"),
        ("DELETE WHERE { ?s ?p ?o }", "would change the graph"),
        ("CLEAR ALL", "would change the graph"),
        ("SELECT ?x {\n ?x kg:alley_of ?y }", "Line 2, column 5: kg:alley_of .* kg:ally_of"),
        ("SELECT ?x { ?x kg:ally_of cuontry:RUS }", "no prefix cuontry: - did you mean country:"),
        ("SELECT ?x {\n ?x kg:ally_of ?y", "line 2, column 18, where the line ends"),
        ("SELCT ?x { ?x kg:ally_of ?y }", "line 1, column 10"),
        ("", "not SPARQL"),
    ],
)
def test_mistakes_and_forbidden_things_are_answered_with_a_sentence(graph, text, complaint):
    with pytest.raises(QueryError, match=complaint):
        query(graph, text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s oa:exact "SERVICE <http://x/> and LOAD, DELETE" }',
        "SELECT * { ?s ?p <http://example.org/SERVICE> } # INSERT SERVICE",
        "PREFIX service: <http://x/> SELECT ?service { ?service service:load ?load }",
        "PREFIX k: <https://w3id.org/kgraph/ontology#> SELECT ?x { ?x k:ally_of ?y }",
    ],
)
def test_words_in_strings_iris_comments_and_names_are_harmless(graph, text):
    query(graph, text)


CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_cross_join_is_stopped_by_the_clock(graph):
    begin = time.monotonic()
    with pytest.raises(QueryError, match="took longer than 1 s"):
        query(graph, CROSS, limits=Limits(timeout=1))
    assert time.monotonic() - begin < 5


def test_a_query_that_eats_memory_is_stopped(graph):
    text = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?i"
    with pytest.raises(QueryError, match="more than 200 MB"):
        query(graph, text, limits=Limits(memory_mb=200))


def test_updates_only_on_request(tmp_path):
    path = tmp_path / "u.kg"
    filled(known(), path).close()
    update(path, "DELETE WHERE { country:KAZ kg:member_of ?o }")
    assert query(path, "ASK { country:KAZ kg:member_of ?o }").truth is False
    with pytest.raises(QueryError, match="not an update"):
        update(path, "SELECT * { ?s ?p ?o }")
    with pytest.raises(QueryError, match="LOAD would fetch"):
        update(path, "LOAD <http://127.0.0.1:9/>")
    with pytest.raises(GraphError, match="does not exist"):
        update(tmp_path / "none.kg", "CLEAR ALL")


def rows(graph, name, **given):
    return [tuple(row.values()) for row in graph.ask(name, **given).values]


KAZ, RUS, ARM = "country:KAZ", "country:RUS", "country:ARM"


@pytest.mark.parametrize(
    ("name", "given", "column", "expected"),
    [
        ("members", {"org": "EAEU"}, "member", [ARM, KAZ, RUS]),
        ("members", {"org": "EAEU", "as_of": "2015"}, "member", [KAZ]),
        ("members", {"org": "org:CIS"}, "member", []),
        ("members", {"org": "CIS", "as_of": "2023-06-01"}, "member", ["country:MDA"]),
        ("memberships", {"actor": "Kazakhstan"}, "org", ["org:EAEU"]),
        ("departures", {"org": "CIS"}, "actor", ["country:MDA"]),
        ("departures", {"org": "CSTO"}, "factuality", ["kg:negated"]),
        ("candidates", {"org": "EU"}, "actor", ["country:UKR"]),
        ("allies", {"actor": "Rusia"}, "other", [ARM, "country:BLR", KAZ]),
        ("allied-members", {"org": "EAEU", "actor": "RUS"}, "member", [ARM, KAZ]),
        ("evidence", {"subject": RUS, "relation": "ally_of", "object": KAZ}, "document", ["astana/1"]),
        ("between", {"actor": KAZ, "other": RUS}, "relation", ["kg:ally_of", "kg:consults_with"]),
        ("timeline", {"actor": "country:MDA"}, "day", ["2023-03-05", "2023-11"]),
        ("timeline", {"actor": KAZ, "since": "2022-08-30", "until": "2022-08-30"}, "relation", ["kg:consults_with"]),
        ("timeline", {"actor": KAZ, "until": "2014"}, "day", ["2014-05"]),
        ("claims", {"actor": KAZ}, "object", ["org:CSTO", "org:EAEU"]),
        ("denials", {}, "attributed_to", [KAZ, KAZ, RUS]),
        ("contradictions", {}, "other_relation", ["kg:at_war_with", "kg:attacks"]),
        ("disputes", {}, "attributed_to", [None, None, None, RUS]),
        ("sanctions", {"actor": RUS}, "by", ["country:USA"]),
        ("conflicts", {"since": "2023", "until": "2023"}, "relation", ["kg:at_war_with", "kg:attacks"]),
        ("conflicts", {"until": "2020"}, "relation", []),
        ("meetings", {"actor": RUS}, "when", ["2022-08-30"]),
        ("offices", {"country": "KAZ"}, "person", ["person:kassym-jomart-tokayev"]),
        ("treaties", {"actor": "country:IRN"}, "treaty", ["treaty:npt"]),
        ("common-allies", {"actor": KAZ, "other": ARM}, "third", [RUS]),
        ("enemies-of-allies", {"actor": KAZ}, "opponent", ["country:UKR"]),
        ("weakest", {"below": "0.85"}, "confidence", None),
        ("copies", {}, "document", []),
    ],
)
def test_named_questions_on_a_graph_whose_answers_are_known(graph, name, given, column, expected):
    answer = [row[column] for row in graph.ask(name, **given).values]
    if expected is None:
        assert answer == sorted(answer)
        assert set(answer) == {"0.8"}
    else:
        assert answer == expected


def test_every_question_is_tested_and_documented():
    cases = next(
        m for m in test_named_questions_on_a_graph_whose_answers_are_known.pytestmark if m.name == "parametrize"
    )
    assert {case[0] for case in cases.args[1]} == set(questions())
    assert len(questions()) >= 20
    assert all(q.title and q.about.endswith(".") for q in questions().values())


@pytest.mark.parametrize(
    ("name", "given", "complaint"),
    [
        ("membrs", {}, "did you mean 'members'"),
        ("members", {}, "members needs org"),
        ("members", {"org": "EAEU", "year": "2020"}, "no parameter 'year'"),
        ("members", {"org": "EAEU", "as_of": "soon"}, "'soon' is no date"),
        ("allies", {"actor": "Atlantis"}, "no actor in this graph is called 'Atlantis'"),
        ("allies", {"actor": "country:KAZ> } SELECT"}, "not the id of an actor"),
        ("evidence", {"subject": KAZ, "relation": "aly_of", "object": RUS}, "did you mean 'ally_of'"),
        ("weakest", {"below": "low"}, "must be a number"),
    ],
)
def test_a_bad_question_is_answered_with_a_sentence(graph, name, given, complaint):
    with pytest.raises(Exception, match=complaint) as error:
        graph.ask(name, **given)
    assert type(error.value).__module__ == "kgraph.errors"
