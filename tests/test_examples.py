"""What the README says of the example graph holds."""

import re
from pathlib import Path

import pytest

from kgraph import build
from kgraph.export import html
from kgraph.query import query

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    with build([ROOT / "examples" / "news"], tmp_path_factory.mktemp("examples") / "news.kg") as graph:
        yield graph


@pytest.fixture(scope="module")
def asked():
    return re.findall(r"kgraph query news.kg '(SELECT.*?)'", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def test_members_of_the_eaeu_that_are_allies_of_russia_by_direct_triples_alone(graph, asked):
    assert "rdf:" not in asked[0]
    answer = query(graph, asked[0])
    assert {row["who"] for row in answer.values} == {"country:BLR", "country:KAZ", "country:KGZ"}


def test_the_sentence_document_and_date_behind_an_answer(graph, asked):
    rows = query(graph, asked[1]).values
    assert [(r["document"], r["date"]) for r in rows] == [
        ("2022-06-18-kazakhstan.txt", "2022-06-18"),
        ("2022-06-20-kazakhstan.txt", "2022-06-20"),
    ]
    for row in rows:
        text = (ROOT / "examples" / "news" / row["document"]).read_text("utf-8")
        assert row["quote"] in text


def test_a_denied_exit_is_no_exit(graph):
    (statement,) = graph.statements(subject="country:KAZ", relation="left", object="org:EAEU")
    assert statement.factuality == "negated"
    assert query(graph, "ASK { country:KAZ kg:left org:EAEU }").truth is False


def test_the_page_of_the_examples_draws_every_statement(graph, browser, tmp_path):
    path = tmp_path / "news.html"
    html.write(graph, path, "News")
    statements = list(graph.statements())
    actors = {side for s in statements for side in (s.subject, s.object)}
    page = browser.new_page()
    requests, complaints = [], []
    page.on("request", lambda r: requests.append(r.url))
    page.on("console", lambda m: complaints.append(m.text))
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready=yes]")
    assert page.evaluate("kgraph.nodes.length") == len(actors)
    assert page.evaluate("kgraph.edges.length") == len(statements)
    page.close()
    assert requests == [path.as_uri()]
    assert complaints == []
