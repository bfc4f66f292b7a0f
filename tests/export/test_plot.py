"""Figures for print, read back from their files; and notebooks, run by a real kernel."""

import re
from xml.etree import ElementTree as ET

import nbformat
import pytest
from nbclient import NotebookClient
from pypdf import PdfReader

from kgraph import Graph
from kgraph.errors import KgraphError
from kgraph.graph import ActorLabels
from tests.graph.cases import document, evidence, filled, known

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def several():
    """Five statements between two countries: each sign, each factuality, both directions."""
    graph = Graph.open(None)
    one = document("d", "2022-06-16")
    said = [("ally_of", "certain"), ("sanctions", "certain"), ("borders", "certain"), ("attacks", "negated")]
    pieces = [evidence(one, "country:KAZ", relation, "country:RUS", how) for relation, how in said]
    pieces.append(evidence(one, "country:RUS", "arms", "country:KAZ", "possible"))
    graph.add(one, pieces, {"country:KAZ": ActorLabels({"en": "K $x^2$ <b>z</b>"})})
    return graph


def paths(graph, tmp_path, **options):
    """Return the line of each statement in the SVG of a figure, and all words of it."""
    graph.plot(**options).savefig(tmp_path / "figure.svg")
    root = ET.parse(tmp_path / "figure.svg").getroot()
    lines = {g.get("id"): g.find(f"{SVG}path") for g in root.iter(f"{SVG}g")}
    ids = {s.id for s in graph.statements()}
    return {key: line for key, line in lines.items() if key in ids}, [
        "".join(t.itertext()) for t in root.iter(f"{SVG}text")
    ]


def test_signs_are_colours_factuality_is_dashes_and_parallels_are_apart(several, tmp_path):
    lines, words = paths(several, tmp_path)
    by = {s.relation: lines[s.id] for s in several.statements()}
    assert len(by) == 5
    assert len({line.get("d") for line in by.values()}) == 5
    style = {relation: line.get("style") for relation, line in by.items()}
    colour = {relation: re.search(r"stroke: (#\w+)", found)[1] for relation, found in style.items()}
    assert colour["ally_of"] == colour["arms"] != colour["sanctions"] == colour["attacks"]
    assert colour["borders"] not in {colour["arms"], colour["attacks"]}
    assert "stroke-dasharray" not in style["ally_of"]
    dashes = [re.search(r"stroke-dasharray: ([\d.,]+)", style[name])[1] for name in ("arms", "attacks")]
    assert dashes[0] != dashes[1]
    assert {"cooperative", "conflictual", "neutral", "affirmed", "possible", "denied", "country"} <= set(words)
    assert "K $x^2$ <b>z</b>" in words, "a name is no formula"


def test_a_figure_is_written_as_pdf_with_its_words(examples, tmp_path):
    examples.plot(title="Berita", language="id").savefig(tmp_path / "figure.pdf")
    (page,) = PdfReader(tmp_path / "figure.pdf").pages
    words = page.extract_text()
    assert all(each in words for each in ("Berita", "Rusia", "Indonesia", "kerja sama", "pernyataan terkuat dari"))
    assert [round(float(side)) for side in page.mediabox[2:]] == [720, 504]


def test_a_part_of_a_graph_is_drawn(examples, tmp_path):
    lines, _ = paths(examples, tmp_path, among={"country:KAZ", "country:RUS", "org:EAEU"})
    inside = {
        s.id for s in examples.statements() if {s.subject, s.object} <= {"country:KAZ", "country:RUS", "org:EAEU"}
    }
    assert lines.keys() == inside
    lines, _ = paths(examples, tmp_path, relation="sanctions")
    assert lines.keys() == {s.id for s in examples.statements(relation="sanctions")}
    lines, words = paths(examples, tmp_path, most=3)
    weakest = min(len(s.sources) for s in examples.statements() if s.id in lines)
    assert weakest >= max(len(s.sources) for s in examples.statements() if s.id not in lines)
    assert f"The 3 strongest of {len(examples)} statements" in words


@pytest.mark.parametrize(("options", "sentence"), [({"among": ()}, "no statement"), ({"language": "xx"}, "no words")])
def test_what_cannot_be_drawn_is_told(options, sentence):
    with pytest.raises(KgraphError, match=sentence):
        filled(known()).plot(**options)


def test_a_notebook_shows_a_graph_and_its_figure(tmp_path, monkeypatch):
    filled(known(), tmp_path / "known.kg").close()
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    cells = ["import kgraph\ngraph = kgraph.Graph.open('known.kg', read_only=True)", "graph", "graph.plot()"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown, drawn = (cell.outputs[0].data for cell in notebook.cells[1:])
    assert shown["text/html"].startswith("<iframe ")
    assert shown["text/html"].count("<") == 2, "the page is a value within the frame"
    assert drawn["image/png"].startswith("iVBOR")
