"""Every command answers bad input with one sentence and the right exit code, and loses nothing."""

import json
import socket

import pytest
from click.testing import CliRunner

from kgraph.cli import main
from kgraph.graph import Graph
from tests.graph.cases import filled, known

GOLD = {  # statements that are none
    "gold.jsonl": {"subject": "country:KAZ", "relation": "allied_of", "object": "country:RUS"},
    "part.jsonl": {"subject": "country:KAZ", "relation": "ally_of"},
    "list.jsonl": ["country:KAZ", "ally_of", "country:RUS"],
    "short.jsonl": {"subject": "KAZ", "relation": "ally_of", "object": "RUS"},
    "sure.jsonl": {"subject": "country:KAZ", "relation": "ally_of", "object": "country:RUS", "factuality": "sure"},
}
EVERY_COMMAND = set(main.commands)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    filled(known(), tmp_path / "known.kg").close()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "note.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "bad.jsonl").write_text('{"id": "a"\n')
    (tmp_path / "empty.jsonl").write_text("")
    for name, statement in GOLD.items():
        (tmp_path / name).write_text(json.dumps({"text": "x", "statements": [statement]}))
    (tmp_path / "texts.jsonl").write_text('{"id": "a", "text": "Kazakhstan is an ally of Russia."}\n')
    (tmp_path / "known.reviews.jsonl").write_text('{"verdict": "accept"}\n')
    (tmp_path / "query.rq").write_bytes(b"\xff\xfe")
    return tmp_path


def run(*words, code=2):
    """Return what a command says of bad input; it must end with the exit code and without a traceback."""
    result = CliRunner().invoke(main, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def contents(folder):
    files = {
        file.relative_to(folder): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and "known.kg" not in file.parts
    }
    with Graph.open(folder / "known.kg", read_only=True) as graph:
        return files, sorted(graph.triples())


CASES = [
    ("ask", ["known.kg", "membrs"], "did you mean 'members'"),
    ("ask", ["none.kg", "copies"], "'none.kg' does not exist"),
    ("ask", ["known.kg", "members", "--org", "EAEU", "--as-of", "soon"], "'soon'"),
    ("build", ["none.jsonl", "-o", "new.kg"], "none.jsonl"),
    ("build", ["notes", "-o", "file"], "file is a file"),
    ("build", ["notes", "-o", "notes"], "holds other things than a graph"),
    ("build", ["notes", "-o", "new.kg", "--workers", "0"], "--workers"),
    ("build", ["notes", "-o", "http://127.0.0.1:9/sparql"], "http://127.0.0.1:9/sparql cannot be reached"),
    ("build", ["notes"], "Missing option '-o'"),
    ("contradictions", ["notes"], "graph"),
    ("contradictions", ["known.kg", "--actor", "Kazakhstan"], "is not the id of an actor"),
    ("evaluate", ["none.jsonl"], "'none.jsonl' does not exist"),
    ("evaluate", ["bad.jsonl"], "bad.jsonl:1: not JSON"),
    ("evaluate", ["empty.jsonl"], "empty.jsonl: holds no document"),
    ("evaluate", ["gold.jsonl"], "gold.jsonl:1: no relation 'allied_of' in the ontology; did you mean 'ally_of'?"),
    ("evaluate", ["part.jsonl"], "part.jsonl:1: a statement wants subject, relation and object"),
    ("evaluate", ["list.jsonl"], "list.jsonl:1: a statement wants subject, relation and object"),
    ("evaluate", ["short.jsonl"], "short.jsonl:1: 'KAZ' is not the id of an actor"),
    ("evaluate", ["sure.jsonl"], "sure.jsonl:1: no factuality 'sure'; it is one of certain, negated, possible"),
    ("evaluate", ["texts.jsonl"], "texts.jsonl:1: wants an object with a list 'statements'"),
    ("explain", ["Russia attacked Ukraine.", "--lang", "xx"], "xx"),
    ("explain", ["Russia attacked Ukraine.", "--date", "yesterday"], "yesterday"),
    ("explain", [" "], "the text is empty"),
    ("export", ["known.kg", "-o", "graph.docx"], "docx"),
    ("export", ["known.kg", "-o", "notes"], "notes"),
    ("export", ["known.kg", "-o", "notes.ttl/x.ttl"], "x.ttl"),
    ("export", ["known.kg", "-o", "file/x.ttl"], "x.ttl"),
    ("export", ["known.kg", "-o", "x.ttl", "--from", "2023", "--to", "2022"], "2023"),
    ("export", ["notes", "-o", "x.ttl"], "graph"),
    ("extract", ["none.jsonl", "-o", "file"], "none.jsonl"),
    ("extract", ["notes", "-o", "file/out.jsonl"], "file: File exists"),
    ("forget", ["notes", "x"], "graph"),
    ("info", ["notes"], "notes is a folder, but not a graph: build one with kgraph build SOURCE"),
    ("info", ["file"], "file is a file, and a graph is a folder"),
    ("info", ["none.kg"], "build it with kgraph build SOURCE -o none.kg"),
    ("info", ["known.kg", "--as-of", "2022-13"], "2022-13"),
    ("merge", ["known.kg", "notes", "-o", "new.kg"], "graph"),
    ("merge", ["known.kg", "-o", "known.kg"], "give another name"),
    ("merge", ["known.kg", "-o", "notes"], "holds other things"),
    ("panel", ["known.kg", "-o", "p.xlsx"], "as .csv or .parquet"),
    ("panel", ["known.kg", "-o", "file/p.csv"], "p.csv"),
    ("panel", ["known.kg", "-o", "p.csv", "--as-of", "soon"], "'soon'"),
    ("panel", ["known.kg", "-o", "p.csv", "--unit", "dyad-week"], "dyad-year"),
    ("query", ["known.kg", "SELECT"], "line 1"),
    ("query", ["known.kg", "@none.rq"], "none.rq"),
    ("query", ["known.kg", "@query.rq"], "query.rq"),
    ("query", ["known.kg", "SELECT * { ?s ?p ?o }", "-f", "pdf"], "pdf"),
    ("query", ["known.kg", "SELECT * { ?s ?p ?o }", "--timeout", "-1"], "--timeout"),
    ("query", ["known.kg", "SELECT * { ?s ?p ?o }", "--memory", "0"], "--memory"),
    ("query", ["known.kg", "DELETE WHERE { ?s ?p ?o }"], "--update"),
    ("query", ["known.kg", "LOAD <http://example.org/>", "--update"], "LOAD"),
    ("query", ["file", "SELECT * { ?s ?p ?o }"], "file"),
    ("review", ["known.kg", "--apply"], "known.reviews.jsonl:1: not a decision: it lacks subject, relation, object"),
    ("review", ["known.kg", "--apply", "--file", "none.jsonl"], "none.jsonl does not exist"),
    ("review", ["known.kg", "--file", "none/r.jsonl"], "none is no folder"),
    ("review", ["known.kg", "--file", "notes"], "notes: Is a directory"),
    ("review", ["known.kg", "--file", "r.jsonl", "--relation", "loves"], "'loves'"),
    ("review", ["known.kg", "--file", "r.jsonl", "--factuality", "sure"], "certain, negated, possible"),
    ("serve", ["notes"], "not a graph"),
    ("serve", ["known.kg", "--port", "70000"], "--port"),
    ("serve", ["known.kg", "--host", "no.such.host.invalid", "--no-open"], "no.such.host.invalid"),
    ("serve", ["known.kg", "--memory", "1"], "--memory"),
    ("show", ["known.kg", "--no-open", "--lang", "xx"], "xx"),
    ("show", ["known.kg", "--no-open", "-o", "file/p.html"], "p.html"),
    ("show", ["known.kg", "--no-open", "-o", "notes"], "notes"),
    ("show", ["notes", "--no-open"], "graph"),
]


@pytest.mark.parametrize(("command", "words", "complaint"), CASES)
def test_bad_input_is_answered_with_a_sentence(folder, command, words, complaint):
    before = contents(folder)
    said = run(command, *words)
    assert complaint in said, said
    assert contents(folder) == before


def test_no_command_is_left_out():
    assert {command for command, *_ in CASES} == EVERY_COMMAND


@pytest.mark.parametrize("command", sorted(EVERY_COMMAND))
def test_an_unknown_option_is_named(command):
    if command != "ask":  # its options are the parameters of a question
        assert "--nonsense" in run(command, "--nonsense")


@pytest.mark.usefixtures("folder")
def test_a_port_in_use_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in run("serve", "known.kg", "--no-open", "--port", port)


def test_a_document_that_is_not_there_is_told_and_the_others_are_forgotten(folder):
    assert "no document 'nobody'" in run("forget", "known.kg", "nobody", "astana/1", code=1)
    assert "astana/1" not in {document.id for document in Graph.open(folder / "known.kg", read_only=True).documents()}


def test_what_was_read_before_is_told(folder):
    (folder / "note.txt").write_text("Kazakhstan is an ally of Russia.")
    words = ("build", "note.txt", "-o", "new.kg")
    assert "1 document(s) read, 0 already there; the graph holds 1 statements" in run(*words, code=0)
    assert "0 document(s) read, 1 already there; the graph holds 1 statements" in run(*words, code=0)


@pytest.mark.usefixtures("folder")
def test_an_actor_that_the_graph_lacks_is_told_with_the_nearest():
    told = "the graph has no country:KAS; did you mean country:KAZ?"
    assert told in run("ask", "known.kg", "allies", "--actor", "country:KAS", code=0)
    assert told in run("contradictions", "known.kg", "--actor", "country:KAS", code=0)


@pytest.mark.usefixtures("folder")
def test_lines_that_are_no_documents_are_skipped_and_told():
    assert "bad.jsonl" in run("build", "bad.jsonl", "-o", "new.kg", code=1)
    assert "bad.jsonl" in run("extract", "bad.jsonl", "-o", "out.jsonl", code=1)
