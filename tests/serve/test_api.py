"""The JSON endpoints: what they tell, what they refuse, and that they keep to their description."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kgraph import review
from kgraph.graph import Graph
from kgraph.model import Document
from tests.graph.cases import evidence, filled, known
from tests.serve.conftest import TOKEN, serve

ALLIES = {"subject": "country:ARM", "relation": "ally_of", "object": "country:RUS", "factuality": "certain"}
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def api(editing):
    with httpx.Client(base_url=editing.address) as client:
        yield client


def statement(api, **filters):
    (found,) = api.get("/api/statements", params=filters).json()["statements"]
    return found


def test_statements_are_found_by_filter_and_read_in_both_languages(api):
    found = statement(api, subject="country:ARM", relation="member_of", lang="id")
    assert found["text"] == "Armenia anggota dari EAEU"
    assert found["evidence"][0]["document"] == "astana/1"
    assert statement(api, actor="country:IRN")["object"] == "treaty:npt"
    assert api.get("/api/statement", params={"id": found["id"]}).json()["subject"] == "country:ARM"


def test_pages_of_statements_follow_on_each_other(api):
    whole = api.get("/api/statements", params={"limit": 500}).json()
    assert whole["more"] is False
    some = [
        each["id"]
        for offset in range(0, 21, 7)
        for each in api.get("/api/statements", params={"limit": 7, "offset": offset}).json()["statements"]
    ]
    assert some == [each["id"] for each in whole["statements"]]


def test_the_queue_begins_with_the_least_confident(api):
    found = api.get("/api/queue", params={"limit": 500}).json()["statements"]
    assert [each["confidence"] for each in found] == sorted(each["confidence"] for each in found)
    some = api.get("/api/queue", params={"relation": "member_of", "actor": "country:KAZ"}).json()["statements"]
    assert [each["text"] for each in some] == ["Kazakhstan member of EAEU"]


def test_a_document_is_found_by_any_id_that_it_may_have(api):
    assert api.get("/api/documents").json()["count"] == 5
    assert api.get("/api/documents", params={"search": "FRIENDS"}).json()["documents"][0]["id"] == "astana/1"
    for name in ("d ü#", "astana/1"):
        found = api.get("/api/document", params={"id": name}).json()
        assert found["document"]["id"] == name
        assert len(found["statements"]) == found["document"]["statements"] == 5
    assert api.get("/api/document", params={"id": "none"}).status_code == 404


def test_examples_of_questions_answer_something(api):
    found = api.get("/api/questions").json()
    examples = {each["name"]: each["example"] for each in found if each["example"]}
    assert len(examples) > 15
    for name, query in examples.items():
        answer = api.get("/sparql", params={"query": query})
        assert answer.status_code == 200, f"{name}: {answer.text}"


def test_a_decision_needs_the_token(api, editing):
    name = statement(api, subject="country:ARM", relation="ally_of")["id"]
    body = {"statement": name, "verdict": "reject"}
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN}, {"authorization": "Bearer"}):
        answer = api.post("/api/decisions", json=body, headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert review.read(editing.path.with_suffix(".reviews.jsonl")) == []
    answer = api.post("/api/decisions", json=body, headers=BEARER)
    assert answer.json()["verdict"] == "rejected"
    assert answer.json()["reviews"][0]["by"] == "tester"
    rejected = "SELECT * { ?s kg:verdict ?v }"
    assert len(api.get("/sparql", params={"query": rejected}).json()["results"]["bindings"]) == 1
    assert name not in {each["id"] for each in api.get("/api/queue", params={"limit": 500}).json()["statements"]}


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"statement": "0" * 32}, 404, "no statement"),
        ({"verdict": "burn"}, 400, "verdict"),
        ({"verdict": "note"}, 400, "A note needs text."),
        ({"verdict": "correct"}, 400, "A correction"),
        ({"verdict": "correct", "corrected": ["country:ARM", "member_of", "country:RUS", "certain"]}, 400, "relate"),
        ({"on": "2026-01-01T00:00:00Z"}, 400, "on"),
        ({"verdict": "note", "note": "\ud800"}, 400, ""),
    ],
)
def test_a_decision_that_is_none_is_refused_with_a_sentence(api, editing, change, status, sentence):
    name = statement(api, subject="country:ARM", relation="ally_of")["id"]
    body = json.dumps({"statement": name, "verdict": "accept"} | change)  # a lone surrogate is JSON, but no text
    answer = api.post("/api/decisions", content=body, headers={**BEARER, "content-type": "application/json"})
    assert answer.status_code == status
    assert sentence in answer.json()["error"]
    assert review.read(editing.path.with_suffix(".reviews.jsonl")) == []


def test_decisions_made_before_hold_and_further_ones_are_added(tmp_path):
    path = tmp_path / "known.kg"
    filled(known(), path).close()
    kept = path.with_suffix(".reviews.jsonl")
    review.append(kept, review.Decision(**ALLIES, verdict="reject", on="2026-01-01T00:00:00Z"))
    served = serve(path, "--allow-edits")
    ask = {"params": {"query": "SELECT * { ?s kg:verdict ?v . ?r kg:reviews ?s }"}}
    assert len(httpx.get(served.url("sparql"), **ask).json()["results"]["bindings"]) == 1
    name = review.read(kept)[0].statement
    body = {"statement": name, "verdict": "note", "note": "Seen again."}
    assert len(httpx.post(served.url("api/decisions"), json=body, headers=BEARER).json()["reviews"]) == 2
    assert len(httpx.get(served.url("sparql"), **ask).json()["results"]["bindings"]) == 2
    served.stop()


def test_a_file_of_reviews_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "known.kg"
    filled(known(), path).close()
    path.with_suffix(".reviews.jsonl").write_text('{"subject": 1}\n')
    command = [sys.executable, "-m", "kgraph", "serve", path, "--allow-edits", "--no-open", "--port", "0"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "KGRAPH_TOKEN": TOKEN}
    )
    assert done.returncode == 2
    assert "known.reviews.jsonl:1: not a decision" in "".join(done.stderr.splitlines())
    assert [each.name for each in tmp_path.iterdir()].count(".known.kg.snapshots") == 0


def test_a_graph_that_is_shown_to_read_takes_no_decision(reading):
    body = {"statement": "0" * 32, "verdict": "accept"}
    answer = httpx.post(reading.url("api/decisions"), json=body, headers=BEARER)
    assert (answer.status_code, "--allow-edits" in answer.json()["error"]) == (403, True)


def test_what_another_process_adds_is_shown(tmp_path):
    path = tmp_path / "live.kg"
    first = Document("first", "The text of first.")
    with Graph.open(path) as graph:
        graph.add(first, [evidence(first, "country:KAZ", "ally_of", "country:RUS")])
    served = serve(path)
    assert httpx.get(served.url("api/site")).json()["statements"] == 1
    second = Document("second", "The text of second.")
    with Graph.open(path) as graph:
        graph.add(second, [evidence(second, "country:ARM", "ally_of", "country:RUS")])
    assert httpx.get(served.url("api/site")).json()["statements"] == 2
    assert len(httpx.get(served.url("api/graph")).json()["edges"]) == 2
    served.stop()


def test_a_server_that_cannot_start_says_why_and_one_that_ends_leaves_nothing(editing):
    port = editing.address.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "kgraph", "serve", editing.path, "--no-open", "--port"]

    def started(*options):
        return subprocess.run([*command, *options], capture_output=True, text=True, check=False)

    done = started(port)
    assert done.returncode == 2
    assert f"port {port}: Address already in use" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    done = started("0", "--allow-edits")
    assert (done.returncode, "in use by another process" in " ".join(done.stderr.split())) == (2, True)
    editing.process.send_signal(signal.SIGINT)
    assert editing.process.wait(20) == 0
    assert [each.name for each in editing.path.parent.iterdir()] == [editing.path.name]


def test_every_answer_keeps_the_browser_to_this_server(reading):
    for page in ("", "query", "documents", "document", "review", "openapi.json", "api/site", "sparql", "assets/none"):
        headers = httpx.get(reading.url(page)).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_the_endpoints_keep_to_their_description(editing, tmp_path):
    """Schemathesis sends what the description allows and what it forbids; nothing fails, all answers fit."""
    settings = tmp_path / "schemathesis.toml"
    # What the description allows may still be no date or no statement, which is told with 400 and 404.
    settings.write_text('[checks]\npositive_data_acceptance.expected-statuses = ["2xx", 400, 404]\n')
    command = [
        Path(sys.executable).with_name("schemathesis"), "--config-file", settings, "run", editing.url("openapi.json"),
        "--header", f"Authorization: Bearer {TOKEN}", "--max-examples", "40", "--seed", "1", "--no-color",
        "--generation-database", "none",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "10 selected / 10 total" in done.stdout, done.stdout
