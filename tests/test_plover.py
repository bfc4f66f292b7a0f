"""Statements become PLOVER events; events are scored against coded ones and written at the command line."""

import json

import pytest
from click.testing import CliRunner

from kgraph.build import merged
from kgraph.cli import main
from kgraph.evaluate import Count, EventCase, evaluate_events, event_errors
from kgraph.plover import Event, aligned, coded, events
from tests.graph.cases import document, evidence

CODED = [
    {
        "id": "a",
        "date": "1997-05-02",
        "text": "Egypt urged Israel on Friday to stop building settlements.",
        "events": [{"source": "country:EGY", "target": "country:ISR", "plover": "REQUEST"}],
    },
    {
        "id": "b",
        "date": "1997-05-02",
        "text": "Turkey and Greece signed a fishing agreement. Bulgaria praised Greece.",
        "events": [
            {"source": "country:TUR", "target": "country:GRC", "plover": "AGREE", "reciprocal": True},
            {"source": "country:TUR", "target": "country:GRC", "plover": "THREATEN", "also": ["REJECT"]},
        ],
    },
]


def found(*rows):
    doc = document("d")
    return events(merged([evidence(doc, *row, place=i) for i, row in enumerate(rows)]))


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "coded.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in CODED))
    return path


def run(*words):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.output


def test_acts_are_events_but_lasting_states_and_denials_are_none():
    made = found(
        ("country:KAZ", "ally_of", "country:RUS"),
        ("country:USA", "sanctions", "country:RUS", "negated"),
        ("country:USA", "criticizes", "country:RUS"),
    )
    assert set(made) == {Event("country:USA", "country:RUS", "ACCUSE")}


def test_relations_of_one_type_are_one_event_and_what_is_certain_hides_what_is_supposed():
    made = found(
        ("country:USA", "arms", "country:UKR"),
        ("country:USA", "aids", "country:UKR", "possible"),
        ("country:USA", "aids", "country:UKR"),
    )
    assert {e: len(of) for e, of in made.items()} == {Event("country:USA", "country:UKR", "AID"): 2}


def test_a_symmetric_relation_has_no_direction_and_a_promise_may_stand_for_agree():
    meets, helps = found(
        ("country:FRA", "consults_with", "country:EGY"), ("country:FRA", "aids", "country:EGY", "possible")
    )
    assert meets.same(Event("country:FRA", "country:EGY", "CONSULT"))
    assert helps.same(Event("country:FRA", "country:EGY", "AGREE"))
    assert not helps.same(Event("country:EGY", "country:FRA", "AGREE"))
    assert (meets.optional, helps.optional) == (False, True)


def test_an_intended_attack_does_not_stand_for_agree():
    (strike,) = found(("country:FRA", "attacks", "country:EGY", "possible"))
    assert strike.same(Event("country:FRA", "country:EGY", "ASSAULT"))
    assert not strike.same(Event("country:FRA", "country:EGY", "AGREE"))


def test_events_are_aligned_one_to_one_in_their_own_direction_first():
    there, back = Event("country:FRA", "country:EGY", "AID"), Event("country:EGY", "country:FRA", "AID")
    both = Event("country:EGY", "country:FRA", "AID", reciprocal=True)
    assert aligned([there], [both, there]) == [(there, there)]
    assert aligned([there, back], [both]) == [(back, both)]


def test_what_is_only_supposed_is_never_wrong():
    supposed = found(("country:FRA", "attacks", "country:EGY", "possible"), ("country:FRA", "requests", "country:EGY"))
    case = EventCase(document("d"), [Event("country:EGY", "country:FRA", "AID")], supposed)
    assert evaluate_events([case]) == {
        "AID": Count(missed=1), "REQUEST": Count(wrong=1), "all": Count(wrong=1, missed=1)
    }  # fmt: skip
    assert [line.split()[0] for line in event_errors(case)][1:3] == ["missed", "wrong"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"source": "country:FRA", "plover": "AID"}, "is no event"),
        ({"source": "country:FRA", "target": "country:EGY", "plover": "AID", "also": "AGREE"}, "is no event"),
        ({"source": "country:FRA", "target": "country:EGY", "plover": "DANCE"}, "event type 'DANCE'"),
    ],
)
def test_what_is_no_event_is_told(row, says):
    with pytest.raises(ValueError, match=says):
        coded([row])


def test_evaluate_scores_events_of_all_pairs_or_of_the_coded_ones(gold):
    whole = run("evaluate", gold, "--level", "plover").splitlines()
    assert {line.split()[0]: line.split()[4:] for line in whole[1:]} == {
        "AGREE": ["1", "0", "0"],
        "REQUEST": ["1", "0", "0"],
        "SUPPORT": ["0", "1", "0"],
        "THREATEN": ["0", "0", "1"],
        "all": ["2", "1", "1"],
    }
    judged = run("evaluate", gold, "--level", "plover", "--judged-pairs", "--errors")
    assert judged.splitlines()[-1].split()[4:] == ["2", "0", "1"]
    assert "missed  country:TUR THREATEN country:GRC" in judged


def test_extract_writes_events_in_the_shape_of_coded_ones(gold):
    lines = [json.loads(line) for line in run("extract", gold, "--events").splitlines()]
    assert [line["id"] for line in lines] == ["a", "b"]
    (urged,) = lines[0]["events"]
    assert urged.items() >= {**CODED[0]["events"][0], "quad": "verbal-conflict", "factuality": "certain"}.items()
    assert {e["plover"]: e["reciprocal"] for e in lines[1]["events"]} == {"AGREE": True, "SUPPORT": False}
