"""The same graph at real SPARQL servers: the oxigraph server, and Virtuoso where it is installed."""

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kgraph.errors import GraphError, QueryError
from kgraph.graph import Graph
from kgraph.graph.settle import unsettled
from kgraph.query import query
from tests.graph.cases import LABELS, filled, known


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(port, process, seconds=60):
    for _ in range(seconds * 10):
        if process.poll() is not None:
            pytest.fail(f"the server ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start")


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory):
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        pytest.skip("the oxigraph server is not installed: pip install oxigraph")
    port = free_port()
    folder = tmp_path_factory.mktemp("oxigraph")
    process = subprocess.Popen(
        [program, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )
    wait(port, process)
    yield f"http://127.0.0.1:{port}/query"
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory):
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource-7")
    folder = tmp_path_factory.mktemp("virtuoso")
    port, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(
        f"""[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = .
NumberOfBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 60
"""
    )
    process = subprocess.Popen([program, "-f", "-c", "virtuoso.ini"], cwd=folder, stderr=subprocess.DEVNULL)
    wait(http, process)
    yield f"http://127.0.0.1:{http}/sparql"
    process.terminate()
    process.wait()


def same_as_embedded(url):
    items = known()
    graph = Graph.open(url)
    graph.add_many(items[::-1][:3], LABELS)
    for doc, found in items:
        graph.add(doc, found, LABELS)
    assert sorted(graph.triples()) == sorted(filled(items).triples())
    graph.forget([items[3][0].id])
    less = filled(items[:3] + items[4:])
    assert sorted(graph.triples()) == sorted(less.triples())
    assert list(graph.statements()) == list(less.statements())
    assert (
        graph.ask("allied-members", org="EAEU", actor="RUS").rows
        == less.ask("allied-members", org="EAEU", actor="RUS").rows
    )
    assert query(url, "ASK { country:KAZ kg:member_of org:EAEU }").truth is True
    assert query(url, "ASK { country:KAZ kg:left org:EAEU }").truth is False
    assert not unsettled(graph.store)
    assert b"Kazakhstan" in (query(url, "DESCRIBE country:KAZ").triples or b"")
    with pytest.raises(QueryError):
        graph.query("SELECT * { ?s ?p ")
    graph.forget(doc.id for doc, _ in items)
    assert not list(graph.triples())


@pytest.mark.parametrize("suffix", ["", "?default-graph-uri=https://example.org/news"])
def test_oxigraph_server_gives_the_same_graph(oxigraph, suffix):
    same_as_embedded(oxigraph + suffix)


def test_large_changes_go_in_pieces(oxigraph, monkeypatch):
    monkeypatch.setattr("kgraph.graph.endpoint._CHUNK", 40)
    same_as_embedded(oxigraph)


def test_virtuoso_gives_the_same_graph(virtuoso, monkeypatch):
    monkeypatch.setenv("KGRAPH_UPDATE_URL", virtuoso + "-auth")
    monkeypatch.setenv("KGRAPH_USER", "dba")
    monkeypatch.setenv("KGRAPH_PASSWORD", "dba")
    same_as_embedded(virtuoso + "?default-graph-uri=https://example.org/news")


def test_errors_are_sentences_and_tell_no_password(monkeypatch):
    monkeypatch.setenv("KGRAPH_USER", "someone")
    monkeypatch.setenv("KGRAPH_PASSWORD", "open sesame")
    with pytest.raises(GraphError, match="cannot be reached") as error:
        list(Graph.open(f"http://127.0.0.1:{free_port()}/sparql").documents())
    assert "sesame" not in str(error.value)
    with pytest.raises(GraphError, match="KGRAPH_USER"):
        Graph.open("http://someone:secret@127.0.0.1/sparql")
