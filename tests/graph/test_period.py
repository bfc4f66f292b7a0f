"""The options --as-of, --from and --to, and `info --network`, as a user types them."""

import csv
import json

import pytest
from click.testing import CliRunner

from kgraph.cli import main
from tests.graph.cases import filled, known


@pytest.fixture
def path(tmp_path):
    filled(known(), tmp_path / "known.kg").close()
    return tmp_path / "known.kg"


def run(*words):
    result = CliRunner().invoke(main, list(map(str, words)))
    return result.exit_code, result.output


def members(path, *period):
    code, said = run("query", path, "SELECT ?who { ?who kg:member_of org:EAEU }", "-f", "csv", *period)
    assert code == 0, said
    return {line.strip().removeprefix("country:") for line in said.splitlines()[1:]}


def test_a_question_is_answered_for_a_day(path):
    assert members(path) >= {"ARM", "KAZ"}
    assert members(path, "--as-of", "1999") == set()
    assert members(path, "--from", "2100") == set()


def test_an_export_keeps_a_period(path, tmp_path):
    counts = []
    for name, period in (("all.csv", ()), ("none.csv", ("--to", "1900"))):
        code, said = run("export", path, "-o", tmp_path / name, *period)
        assert code == 0, said
        with (tmp_path / name).open(encoding="utf-8") as file:
            counts.append(len(list(csv.reader(file))) - 1)
    assert counts[0] > counts[1] == 0


def test_a_page_keeps_a_period(path, tmp_path):
    sizes = []
    for name, period in (("all.html", ()), ("late.html", ("--from", "2100"))):
        code, said = run("show", path, "-o", tmp_path / name, "--no-open", *period)
        assert code == 0, said
        sizes.append((tmp_path / name).stat().st_size)
    assert sizes[1] < sizes[0]


def test_a_panel_keeps_a_period(path, tmp_path):
    periods = []
    for period in ((), ("--to", "2022-12-31")):
        code, said = run("panel", path, "-o", tmp_path / "panel.csv", *period)
        assert code == 0, said
        with (tmp_path / "panel.csv").open(encoding="utf-8") as file:
            periods.append({row["period"] for row in csv.DictReader(file)})
    assert periods == [{"2022", "2023", "2024"}, {"2022"}]


@pytest.mark.parametrize("option", ["--as-of", "--from", "--to"])
def test_a_date_that_is_none_is_named(path, option):
    code, said = run("query", path, "ASK { ?s ?p ?o }", option, "yesterday")
    assert code == 2
    assert "yesterday" in said
    assert "YYYY" in said


def test_an_update_takes_no_period(path):
    code, said = run("query", path, "DELETE WHERE { ?s ?p ?o }", "--update", "--as-of", "2020")
    assert code == 2
    assert "--as-of" in said
    assert members(path)


def test_the_network_is_measured(path):
    code, said = run("info", path, "--network")
    assert code == 0
    assert "betweenness" in said
    assert "Russia" in said
    assert "communities of cooperation" in said


def test_info_counts_what_holds(path):
    assert "0 statements" in run("info", path, "--as-of", "1900")[1]
    assert json.dumps(run("info", path)[1]) != json.dumps(run("info", path, "--as-of", "1900")[1])
