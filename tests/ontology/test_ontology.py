"""The vocabulary says what the design says."""

import re

import pytest

from kgraph import ontology
from kgraph.errors import KgraphError, TableError

SYMMETRIC = {
    "ally_of", "partner_of", "borders", "diplomatic_relations_with", "trades_with", "agrees_with",
    "consults_with", "cooperates_with", "at_war_with", "rival_of",
}  # fmt: skip
AGENTS = {"country", "org", "group", "place", "company"}


def test_has_every_relation_and_kind():
    loaded = ontology.load()
    assert len(loaded.relations) == 41
    assert set(loaded.kinds) == {"country", "org", "person", "group", "company", "place", "treaty"}


def test_symmetric_relations_are_these_and_no_others():
    assert {r.id for r in ontology.load().relations.values() if r.symmetric} == SYMMETRIC


def test_symmetric_relations_have_the_same_kinds_on_both_sides_except_borders():
    for relation in ontology.load().relations.values():
        if relation.symmetric and relation.id != "borders":
            assert relation.subject_kinds == relation.object_kinds


@pytest.mark.parametrize(
    ("relation", "subject", "object_", "sign", "plover", "quad"),
    [
        ("ally_of", AGENTS, AGENTS, 1, None, None),
        ("member_of", {"country", "org", "group"}, {"org"}, 1, None, None),
        ("left", {"country"}, {"org"}, -1, None, None),
        ("party_to", AGENTS, {"treaty"}, 1, None, None),
        ("leads", {"person"}, {"org", "group"}, 0, None, None),
        ("capital_of", {"place"}, {"country"}, 0, None, None),
        ("borders", {"country"}, {"country", "place"}, 0, None, None),
        ("recognizes", AGENTS, {"country", "place", "group"}, 1, "SUPPORT", "verbal-cooperation"),
        ("broke_relations_with", AGENTS, AGENTS, -1, "COERCE", "material-conflict"),
        ("aids", AGENTS, AGENTS, 1, "AID", "material-cooperation"),
        ("requests", AGENTS, AGENTS, 0, "REQUEST", "verbal-conflict"),
        ("criticizes", AGENTS, AGENTS | {"person"}, -1, "ACCUSE", "verbal-conflict"),
        ("sanctions", AGENTS, AGENTS | {"person"}, -1, "SANCTION", "material-conflict"),
        ("attacks", AGENTS, AGENTS, -1, "ASSAULT", "material-conflict"),
    ],
)
def test_relation(relation, subject, object_, sign, plover, quad):
    found = ontology.load().relation(relation)
    assert found.subject_kinds == subject
    assert found.object_kinds == object_
    assert (found.sign, found.plover, found.quad) == (sign, plover, quad)


def test_acts_end_states_and_conflicts_are_mutual():
    relations = ontology.load().relations
    assert relations["left"].ends == {"member_of", "candidate_of"}
    assert not relations["left"].lasting
    assert all(relations[state].lasting for r in relations.values() for state in r.ends)
    assert "at_war_with" in relations["ally_of"].incompatible
    assert all(r.id in relations[other].incompatible for r in relations.values() for other in r.incompatible)


def test_every_event_has_a_quad_class():
    for relation in ontology.load().relations.values():
        assert (relation.plover is None) == (relation.quad is None)


def test_allows_what_domain_and_range_allow():
    member = ontology.load().relation("member_of")
    assert member.allows("country:KAZ", "org:EAEU")
    assert not member.allows("country:KAZ", "country:RUS")
    assert not member.allows("person:vladimir-putin", "org:EAEU")
    assert not member.allows("org:EU", "org:EU")


def test_unknown_relation_is_answered_with_the_nearest():
    with pytest.raises(KgraphError, match="member_of"):
        ontology.load().relation("memberof")


def test_iri_and_short_are_inverse():
    for actor in ("country:KAZ", "person:kassym-jomart-tokayev", "org:ARAB_LEAGUE"):
        assert ontology.short(ontology.iri(actor)) == actor
    assert ontology.iri("country:KAZ") == "https://w3id.org/kgraph/country/KAZ"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    kg:sign 1 ;\n", "", "exactly one kg:sign"),
        ("rdfs:domain kg:Agent", "rdfs:domain kg:Agentt", "no kind of actor"),
        ('rdfs:label "ally of"@en , "sekutu dari"@id', 'rdfs:label "ally of"@en', "language 'id'"),
        ("kg:ends kg:member_of", "kg:ends kg:membership", "which is no relation"),
        ("kg:ally_of a", "kg:ally_of is", "not readable as Turtle"),
    ],
)
def test_a_broken_file_is_refused_with_the_reason(tmp_path, old, new, complaint):
    text = ontology.path().read_text("utf-8")
    assert old in text
    broken = tmp_path / "broken.ttl"
    broken.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(TableError, match=re.escape(complaint)) as error:
        ontology.load(broken)
    assert "broken.ttl" in str(error.value)
