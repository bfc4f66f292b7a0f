"""The commands that work on graphs, as a user types them: what they do, and what they say of bad input."""

import json
import re
from dataclasses import replace

import click
import pandas as pd
import polars as pl
import pytest
from click.testing import CliRunner
from frictionless import Package

from kgraph import review as reviewing
from kgraph.cli_graph import COMMANDS
from kgraph.errors import KgraphError
from kgraph.graph import Graph
from kgraph.review import Decision
from kgraph.validate import validate
from tests.graph.cases import filled, known


def run(*words, text=None):
    """Return the exit code and the output of a command; errors are what the lead command prints as a sentence."""
    group = click.Group(commands=COMMANDS)
    result = CliRunner().invoke(group, list(map(str, words)), input=text)
    if isinstance(result.exception, KgraphError):
        return 2, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture
def path(tmp_path):
    filled(known(), tmp_path / "known.kg").close()
    return tmp_path / "known.kg"


def rows(path):
    with Graph.open(path, read_only=True) as graph:
        return sorted(graph.triples())


def test_merge_and_forget(tmp_path, path):
    items = known()
    filled(items[:2], tmp_path / "a.kg").close()
    filled(items[1:], tmp_path / "b.kg").close()
    code, said = run("merge", tmp_path / "a.kg", tmp_path / "b.kg", "-o", tmp_path / "c.kg")
    assert code == 0
    assert "5 document(s) added, 0 replaced, 1 already there" in said
    assert rows(tmp_path / "c.kg") == rows(path)
    code, said = run("forget", tmp_path / "c.kg", "astana/1", "nobody")
    assert code == 1
    assert "no document 'nobody'" in said
    assert rows(tmp_path / "c.kg") == sorted(filled(items[1:]).triples())


def test_merge_into_itself_is_refused(path):
    assert run("merge", path, "-o", path) == (2, f"{path} is one of the graphs to merge: give another name with -o.")


def test_ask(path):
    code, said = run("ask", path, "members", "--org", "EAEU", "--as-of", "2022-06-16", "--format", "csv")
    assert code == 0
    assert re.findall(r"country:\w+", said) == ["country:ARM", "country:KAZ", "country:RUS"]
    code, said = run("ask", path, "members", "--org=EAEU")
    assert code == 0
    assert "Kazakhstan" in said
    assert "members --org" in run("ask")[1]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["membrs"], "did you mean 'members'"),
        (["members"], "members needs org"),
        (["members", "--org"], "--org needs a value"),
        (["members", "EAEU"], "stands alone"),
        (["members", "--org", "EAEU", "--format", "pdf"], "csv, tsv, json, xml"),
    ],
)
def test_bad_questions(path, words, complaint):
    code, said = run("ask", path, *words)
    assert code == 2
    assert complaint in said


def test_contradictions(path):
    code, said = run("contradictions", path)
    assert code == 0
    assert "2 contradiction(s)" in said
    assert "c says: country:RUS attacks country:UKR." in said.replace("\n", " ")
    assert "1 contradiction(s)" in run("contradictions", path, "--actor", "country:BLR")[1]


def test_review_keeps_decisions_in_a_file_and_applies_them_to_a_rebuilt_graph(tmp_path, path):
    with Graph.open(path) as graph:
        first = min(graph.statements(relation="attacks"), key=lambda s: (s.confidence, s.key))
    assert first.factuality == "certain"
    code, _ = run("review", path, "--relation", "attacks", "--by", "A", text="x\na\nr\n")
    assert code == 0
    decisions = [json.loads(line) for line in (tmp_path / "known.reviews.jsonl").read_text().splitlines()]
    assert [(d["factuality"], d["verdict"], d["by"]) for d in decisions] == [
        ("certain", "accept", "A"),
        ("negated", "reject", "A"),
    ]
    filled(known(), tmp_path / "again.kg").close()
    code, said = run("review", tmp_path / "again.kg", "--apply", "--file", tmp_path / "known.reviews.jsonl")
    assert code == 0
    assert "2 decision(s), 2 of them on statements" in said
    assert rows(tmp_path / "again.kg") == rows(path)
    with Graph.open(path, read_only=True) as graph:
        assert graph.query("ASK { country:RUS kg:attacks country:UKR }").truth is True
        verdicts = {s.factuality.value: (s.verdict, s.confidence) for s in graph.statements(relation="attacks")}
    assert verdicts == {"certain": ("accepted", 1.0), "negated": ("rejected", 0.0)}
    assert "0 decision" not in run("review", path, "--relation", "attacks", text="")[1]


def test_review_corrects_notes_skips_and_stops(tmp_path, path):
    text = "c\ncountry:USA sanctions\nc\ncountry:USA criticizes country:RUS certain\n"
    assert run("review", path, "--relation", "sanctions", text=text)[0] == 0
    assert run("review", path, "--relation", "party_to", text="n\nread the original\n")[0] == 0
    assert run("review", path, "--relation", "candidate_of", text="s\n")[0] == 0
    assert run("review", path, text="q\n")[0] == 0
    decisions = [json.loads(line) for line in (tmp_path / "known.reviews.jsonl").read_text().splitlines()]
    assert [d["verdict"] for d in decisions] == ["correct", "note"]
    assert decisions[0]["corrected"] == ["country:USA", "criticizes", "country:RUS", "certain"]
    with Graph.open(path, read_only=True) as graph:
        assert graph.query("ASK { country:USA kg:sanctions country:RUS }").truth is False
        assert graph.query("ASK { country:IRN kg:party_to treaty:npt }").truth is True


def test_a_bad_decision_is_named_with_its_line(tmp_path, path):
    file = tmp_path / "d.jsonl"
    file.write_text('\n{"subject": "country:KAZ"}\n')
    code, said = run("review", path, "--apply", "--file", file)
    assert code == 2
    assert "d.jsonl:2: not a decision" in said
    assert run("review", path, "--apply", "--file", tmp_path / "none.jsonl")[0] == 2


def test_panel_as_csv_with_codebook_and_data_package(tmp_path, path):
    code, said = run("panel", path, "-o", tmp_path / "out" / "panel.csv")
    assert code == 0, said
    report = Package(str(tmp_path / "out" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    frame = pd.read_csv(tmp_path / "out" / "panel.csv")
    war = frame[(frame.iso3_a == "RUS") & (frame.iso3_b == "UKR")].set_index("period")
    assert (war.cow_a.iloc[0], war.gw_b.iloc[0]) == (365, 369)
    assert (war.attacks[2022], war.at_war_with[2022], war.mean_sign[2022]) == (1, 1, -1)
    assert (war.negated[2023], war.certain[2023], war.covered[2023]) == (1, 0, 1)
    assert pd.isna(war.mean_sign[2023])
    assert war.material_conflict[2022] == 2
    assert list(war.covered) == [1, 1, 1]
    book = (tmp_path / "out" / "codebook.md").read_text()
    assert all(f"| {column} |" in book for column in frame.columns)


def test_panel_tells_zero_from_missing_and_keeps_direction(tmp_path, path):
    assert run("panel", path, "-o", tmp_path / "p.parquet", "--unit", "dyad-month", "--directed")[0] == 0
    frame = pl.read_parquet(tmp_path / "p.parquet")
    dyad = frame.filter((pl.col("iso3_a") == "USA") & (pl.col("iso3_b") == "RUS"))
    months = {row["period"]: row for row in dyad.iter_rows(named=True)}
    assert months["2022-02"]["sanctions"] == 1
    assert (months["2022-06"]["covered"], months["2022-06"]["sanctions"]) == (1, 0)
    assert (months["2022-04"]["covered"], months["2022-04"]["sanctions"]) == (0, None)
    assert list(months) == sorted(months)
    assert frame.filter((pl.col("iso3_a") == "RUS") & (pl.col("iso3_b") == "USA")).is_empty()
    both = frame.filter(pl.col("consults_with") == 1)
    assert set(both["iso3_a"]) == {"KAZ", "RUS"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["-o", "p.xlsx"], "as .csv or .parquet"),
        (["-o", "p.csv", "--unit", "dyad-week"], "dyad-year, dyad-quarter"),
        (["-o", "p.csv", "--factuality", "sure"], "certain, negated, possible"),
    ],
)
def test_bad_panels(path, tmp_path, monkeypatch, words, complaint):
    monkeypatch.chdir(tmp_path)
    code, said = run("panel", path, *words)
    assert code == 2
    assert complaint in said


def test_panel_needs_a_date(tmp_path):
    filled(known()[4:], tmp_path / "undated.kg").close()
    code, said = run("panel", tmp_path / "undated.kg", "-o", tmp_path / "p.csv")
    assert (code, "has a date" in said) == (2, True)
    assert not (tmp_path / "p.csv").exists()


@pytest.mark.parametrize("command", ["forget", "review", "contradictions", "ask", "panel", "merge"])
def test_a_folder_that_is_no_graph_is_refused_and_left_alone(tmp_path, command):
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "note.txt").write_text("mine")
    more = {"forget": ["x"], "ask": ["copies"], "panel": ["-o", "p.csv"], "merge": ["-o", tmp_path / "out.kg"]}
    code, said = run(command, folder, *more.get(command, []))
    assert code == 2
    assert "graph" in said
    assert [file.name for file in folder.iterdir()] == ["note.txt"]


def decision(verdict, second, **more):
    return Decision(
        subject="country:UKR",
        relation="at_war_with",
        object="country:RUS",
        factuality="certain",
        verdict=verdict,
        on=f"2026-01-01T00:00:{second:02}Z",
        **more,
    )


def test_the_latest_decision_counts_whatever_the_order_and_survives_a_merge():
    graph, other, whole = filled(known()), filled(known()), filled(known())
    reviewing.apply(graph, [decision("reject", 2), decision("accept", 1)])
    reviewing.apply(other, [decision("accept", 3, by="B")])
    (statement,) = graph.statements(relation="at_war_with", subject="country:UKR")
    assert (statement.verdict, statement.confidence) == ("rejected", 0.0)
    merged = Graph.open()
    merged.merge(graph, other)
    reviewing.apply(whole, [decision("accept", 3, by="B"), decision("reject", 2), decision("accept", 1)])
    assert sorted(merged.triples()) == sorted(whole.triples())
    assert validate(whole) == []
    plain = sorted(filled(known()).triples())
    reviewing.apply(whole, [])
    assert sorted(whole.triples()) == plain
    reviewing.apply(whole, [decision("accept", 3)])
    whole.forget([doc.id for doc, _ in known()])
    assert not list(whole.triples())


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"verdict": "maybe"}, "accept, reject, correct, note"),
        ({"verdict": "correct"}, "says what is right instead"),
        ({"verdict": "note"}, "needs text"),
        ({"relation": "at_war"}, "did you mean 'at_war_with'"),
        ({"object": "treaty:npt"}, "cannot relate"),
        ({"factuality": "true"}, "no factuality"),
        ({"on": "today"}, "is no moment"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(change, complaint):
    with pytest.raises(KgraphError, match=complaint):
        replace(decision("accept", 1), **change)
