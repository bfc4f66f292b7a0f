"""What follows from evidence: support, validity in time, contradictions, direct triples."""

import pytest

from kgraph.graph import Graph
from tests.graph.cases import document, evidence, filled, known


def one(graph, *key):
    subject, relation, object_, factuality = (*key, "certain")[:4]
    found = list(graph.statements(subject=subject, relation=relation, object=object_, factuality=factuality))
    assert len(found) == 1, found
    return found[0]


def direct(graph, triple):
    return graph.store.ask(f"ASK {{ {triple} }}")


def said(*claims):
    """Return a graph with one document a claim: (date, relation, factuality, when), of KAZ on the CSTO."""
    graph = Graph.open()
    for number, (day, relation, factuality, when) in enumerate(claims):
        doc = document(f"d{number}", day)
        object_ = "org:CSTO" if relation in {"member_of", "left", "candidate_of"} else "country:RUS"
        graph.add(doc, [evidence(doc, "country:KAZ", relation, object_, factuality, when=when)])
    graph.settle()
    return graph


def contradictions(graph):
    return {frozenset((a.relation, b.relation)) for a, b in graph.contradictions()}


def test_support_is_counted_as_evidence_documents_and_sources():
    wire = " ".join(f"word{n}" for n in range(60))
    graph = Graph.open()
    for name, text in (("b", wire), ("a", wire + " more"), ("c", "quite another text " * 5)):
        doc = document(name, "2020-01-02" if name == "a" else "2020-01-01", text)
        graph.add(doc, [evidence(doc, "country:KAZ", "ally_of", "country:RUS", place=p) for p in (0, 1)])
    statement = one(graph, "country:KAZ", "ally_of", "country:RUS")
    assert len(statement.evidence) == 6
    assert statement.documents == {"a", "b", "c"}
    assert statement.sources == {"b", "c"}
    assert graph.copies() == {"a": "b"}
    assert statement.confidence == pytest.approx(1 - 0.2**2)
    counts = (
        "SELECT ?e ?d ?s ?c { ?x kg:evidence_count ?e ; kg:document_count ?d ; kg:source_count ?s ; kg:confidence ?c }"
    )
    assert graph.query(counts).values == [{"e": "6", "d": "3", "s": "2", "c": "0.96"}]
    graph.forget(["b"])
    assert graph.copies() == {}
    assert one(graph, "country:KAZ", "ally_of", "country:RUS").sources == {"a", "c"}


@pytest.mark.parametrize(
    ("claims", "holds"),
    [
        ([("2020-01-01", "member_of", "certain", None)], None),
        ([("2020-01-01", "member_of", "certain", "2014")], "2014/.."),
        (
            [("2020-01-01", "member_of", "certain", "2014"), ("2024-01-01", "left", "certain", "2023-11")],
            "2014/2023-11",
        ),
        ([("2020-01-01", "member_of", "certain", None), ("2024-01-01", "left", "certain", "2023-11")], "../2023-11"),
        ([("2020-01-01", "member_of", "certain", None), ("2024-01-01", "left", "certain", None)], "../2024-01-01"),
        ([("2020-01-01", "member_of", "certain", "1994/1999")], "1994/1999"),
        ([("2020-01-01", "member_of", "certain", "2002"), ("2024-01-01", "left", "certain", "1999")], "2002/.."),
        (
            [("2020-01-01", "member_of", "certain", "2014-03"), ("2021-01-01", "member_of", "certain", "2014")],
            "2014/..",
        ),
    ],
)
def test_states_hold_from_their_beginning_to_their_end(claims, holds):
    assert one(said(*claims), "country:KAZ", "member_of", "org:CSTO").holds == holds


@pytest.mark.parametrize(
    ("claims", "holds"),
    [
        ([("2020-01-01", "criticizes", "certain", "2019-12-30")], "2019-12-30"),
        (
            [("2020-01-01", "criticizes", "certain", "2019-12"), ("2021-01-01", "criticizes", "certain", "2021")],
            "2019-12/2021",
        ),
    ],
)
def test_acts_have_the_span_of_their_dates(claims, holds):
    assert one(said(*claims), "country:KAZ", "criticizes", "country:RUS").holds == holds


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([("2020-01-01", "ally_of", "certain", None), ("2021-01-01", "ally_of", "negated", None)], {("ally_of",)}),
        ([("2020-01-01", "ally_of", "certain", "1990"), ("2021-01-01", "ally_of", "negated", "2020")], set()),
        ([("2020-01-01", "ally_of", "certain", None), ("2021-01-01", "ally_of", "possible", None)], set()),
        (
            [("2020-01-01", "ally_of", "certain", None), ("2020-01-01", "at_war_with", "certain", None)],
            {("ally_of", "at_war_with")},
        ),
        ([("2020-01-01", "ally_of", "certain", None), ("2022-01-01", "at_war_with", "certain", None)], set()),
        (
            [("2020-01-01", "ally_of", "certain", None), (None, "at_war_with", "certain", None)],
            {("ally_of", "at_war_with")},
        ),
        ([("2020-01-01", "ally_of", "certain", None), ("2020-01-01", "at_war_with", "possible", None)], set()),
        ([("2020-01-01", "member_of", "certain", None), ("2021-01-01", "left", "certain", None)], set()),
        (
            [("2020-01-01", "member_of", "certain", None), ("2019-01-01", "left", "certain", None)],
            {("member_of", "left")},
        ),
        ([("2020-01-01", "member_of", "certain", "2020"), ("2019-01-01", "left", "certain", None)], set()),
        ([(None, "member_of", "certain", None), ("2019-01-01", "left", "certain", None)], {("member_of", "left")}),
    ],
)
def test_contradictions(claims, expected):
    assert contradictions(said(*claims)) == {frozenset(pair) for pair in expected}


def test_only_what_is_certain_uncontradicted_and_not_ended_is_a_direct_triple():
    graph = filled(known())
    graph.settle()
    assert direct(graph, "country:KAZ kg:member_of org:EAEU")
    assert direct(graph, "country:KAZ kg:ally_of country:RUS")
    assert direct(graph, "country:RUS kg:ally_of country:KAZ")
    assert direct(graph, "country:MDA kg:left org:CIS")
    assert not direct(graph, "country:MDA kg:member_of org:CIS")
    assert not direct(graph, "country:KAZ kg:left ?org")
    assert not direct(graph, "country:RUS kg:attacks country:UKR")
    assert not direct(graph, "country:BLR kg:ally_of country:RUS")
    graph.forget(["d ü#"])
    graph.settle()
    assert direct(graph, "country:MDA kg:member_of org:CIS")


def keys(graph, **filters):
    return {(s.subject, s.relation, s.object) for s in graph.statements(**filters)}


def test_statements_are_filtered():
    graph = filled(known())
    assert keys(graph, subject="country:RUS", relation="ally_of") == {
        ("country:KAZ", "ally_of", "country:RUS"),
        ("country:ARM", "ally_of", "country:RUS"),
        ("country:BLR", "ally_of", "country:RUS"),
    }
    assert keys(graph, subject="country:RUS", relation="member_of") == {("country:RUS", "member_of", "org:EAEU")}
    assert keys(graph, object="country:RUS", relation="sanctions") == {("country:USA", "sanctions", "country:RUS")}
    assert keys(graph, subject="country:RUS", object="country:KAZ") == keys(
        graph, subject="country:KAZ", object="country:RUS"
    )
    assert keys(graph, factuality="negated", actor="country:KAZ") == {
        ("country:KAZ", "left", "org:CSTO"),
        ("country:KAZ", "left", "org:EAEU"),
    }
    assert keys(graph, min_confidence=0.95) == {("country:KAZ", "member_of", "org:EAEU")}


def test_as_of_asks_when_it_holds_and_said_asks_when_it_was_said():
    graph = filled(known())
    assert keys(graph, object="org:CIS", as_of="2023-06") == {("country:MDA", "member_of", "org:CIS")}
    assert keys(graph, object="org:CIS", as_of="2024") == {("country:MDA", "left", "org:CIS")}
    assert keys(graph, object="org:EAEU", as_of="2015") == {("country:KAZ", "member_of", "org:EAEU")}
    assert keys(graph, object="org:CIS", as_of="2022") == set()
    assert keys(graph, said_from="2024") == keys(graph, said_from="2024-02", said_to="2024-02")
    assert len(keys(graph, said_from="2024")) == 5
    members = list(graph.statements(object="org:EAEU", relation="member_of", said_to="2022-07"))
    assert {s.subject for s in members} == {"country:ARM", "country:KAZ", "country:RUS"}
    assert all(len(s.evidence) == 1 for s in members)


def test_a_subgraph_is_the_graph_of_the_evidence_that_passes():
    items = known()
    graph = filled(items)
    assert sorted(graph.subgraph().triples()) == sorted(graph.triples())
    only = [(doc, [e for e in found if e.relation == "ally_of"]) for doc, found in items]
    assert sorted(graph.subgraph(relation="ally_of").triples()) == sorted(filled(only).triples())
    early = graph.subgraph(said_to="2022-07")
    assert sorted(early.triples()) == sorted(filled(items[:1]).triples())
    past = graph.subgraph(as_of="2023-06")
    past.settle()
    assert direct(past, "country:MDA kg:member_of org:CIS")
    assert not direct(past, "country:MDA kg:left org:CIS")
