"""The page in a real browser: offline, complete, and deaf to script in article text."""

import dataclasses
import json
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from kgraph import Document, Evidence, Factuality, Graph, Span
from kgraph.export import html, worldmap
from tests.serve.conftest import AXE, click_an_edge, faults, hostile_graph

DRAWN = {"svg", "title", "rect", "path", "circle", "text", "g", "defs", "marker"}
HOSTILE = '<img src=x onerror="alert(1)"></script><script>alert(2)</script> javascript:alert(3) \u202egnirts'
TEXT = f"Kazakhstan is an ally of Russia and a member of the EAEU. {HOSTILE}"


def evidence(subject, relation, object_, factuality="certain"):
    return Evidence(
        document="d", subject=subject, relation=relation, object=object_, factuality=Factuality(factuality),
        sentence=Span(0, len(TEXT)), subject_span=Span(0, 10), cue_span=Span(17, 21), object_span=Span(25, 31),
        quote=TEXT, rule="test", confidence=0.8,
    )  # fmt: skip


@pytest.fixture
def graph():
    graph = Graph.open(None)
    document = Document("d", TEXT, date(2022, 6, 16), "en", "javascript:alert(4)", HOSTILE)
    graph.add(
        document,
        [
            evidence("country:KAZ", "ally_of", "country:RUS"),
            evidence("country:KAZ", "trades_with", "country:RUS"),
            evidence("country:KAZ", "member_of", "org:EAEU"),
            evidence("country:KAZ", "left", "org:EAEU", "negated"),
        ],
    )
    return graph


def test_the_data_holds_all_that_is_drawn(graph):
    data = html.page_data(graph, "T", "en")
    assert {n["id"] for n in data["nodes"]} == {"country:KAZ", "country:RUS", "org:EAEU"}
    assert len(data["edges"]) == 4
    parallel = [e for e in data["edges"] if {e["from"], e["to"]} == {"country:KAZ", "country:RUS"}]
    assert len({e["bend"] for e in parallel}) == 2
    (denied,) = [e for e in data["edges"] if e["factuality"] == "negated"]
    assert (data["relations"][denied["relation"]]["label"], data["words"]["negated"]) == ("left", "denied")
    assert {n["flag"] for n in data["nodes"]} == {"KZ", "RU", ""}


def test_no_markup_of_an_article_reaches_the_page(graph):
    page = html.to_html(graph, title=HOSTILE)
    assert "<img src=x" not in page
    start = page.index('id="data">') + len('id="data">')
    assert json.loads(page[start : page.index("</script>", start)])["title"] == HOSTILE


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_page_works_in_a_browser_without_a_network(graph, browse, language):
    page = browse(graph, HOSTILE, language)
    assert page.evaluate("kgraph.nodes.length") == 3
    assert page.evaluate("kgraph.edges.length") == 4
    page.evaluate("kgraph.showEdge(kgraph.edges.getIds()[0])")
    assert page.inner_text("#detail mark") == "ally"
    assert HOSTILE[:20] in page.inner_text("#detail blockquote")
    assert page.locator("#detail a").count() == 0, "a javascript: address is no link"
    page.fill("#search", "EAEU")
    page.press("#search", "Enter")
    assert "EAEU" in page.inner_text("#detail h2")


@pytest.fixture
def dated():
    """Three months, three countries: sanctions in the first, a visit in the last."""
    graph = Graph.open(None)
    for month, subject, relation, object_ in (
        (1, "country:USA", "sanctions", "country:RUS"),
        (2, "country:KAZ", "ally_of", "country:RUS"),
        (3, "country:CHN", "consults_with", "country:KAZ"),
    ):
        name = f"d{month}"
        found = dataclasses.replace(evidence(subject, relation, object_), document=name)
        graph.add(Document(name, TEXT, date(2022, month, 5), "en", None, None), [found])
    return graph


@pytest.fixture
def browse(browser, tmp_path):
    """Open the page of a graph from disk, with the network cut; it complains of nothing and asks for nothing else."""
    path = tmp_path / "page.html"
    complaints, requests, contexts = [], [], []

    def opened(graph, title="A graph", language="en", **given):
        html.write(graph, path, title, language)
        contexts.append(browser.new_context(accept_downloads=True, offline=True, **given))
        page = contexts[-1].new_page()
        page.on("console", lambda m: complaints.append(m.text))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on("dialog", lambda d: (complaints.append("dialog"), d.dismiss()))
        page.on("request", lambda r: requests.append(r.url))
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready=yes]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert {r.split("#")[0] for r in requests if not r.startswith(("blob:file:", "about:"))} <= {path.as_uri()}


@pytest.fixture
def opened(dated, browse):
    return browse(dated, "Three months")


def drawn(page):
    return set(page.evaluate("kgraph.shown().edges.map((e) => e.relation)"))


def test_filters_and_months_leave_what_passes(opened):
    assert drawn(opened) == {"sanctions", "ally_of", "consults_with"}
    opened.check("#choices input[value='-1']")
    assert drawn(opened) == {"sanctions"}
    assert opened.evaluate("kgraph.nodes.length") == 2
    opened.click("#tools button:has-text('Reset')")
    assert len(drawn(opened)) == 3
    opened.evaluate("kgraph.change({ to: 0 })")
    assert drawn(opened) == {"sanctions"}
    opened.click("#time button")
    opened.wait_for_function("kgraph.state().to === 2")
    assert len(drawn(opened)) == 3


def test_an_address_brings_the_same_view_back(opened):
    opened.check("#choices input[value='1']")
    opened.fill("#search", "country:KAZ")
    opened.press("#search", "Enter")
    opened.click("#detail button:has-text('Only this actor')")
    before = (drawn(opened), opened.inner_text("#detail h2"), opened.evaluate("JSON.stringify(kgraph.state())"))
    assert before[:2] == ({"ally_of", "consults_with"}, "country:KAZ")
    address = opened.url
    opened.goto("about:blank")
    opened.goto(address)
    opened.wait_for_selector("body[data-ready=yes]")
    after = (drawn(opened), opened.inner_text("#detail h2"), opened.evaluate("JSON.stringify(kgraph.state())"))
    assert after == before
    opened.click("#detail button:has-text('One step further')")
    assert opened.evaluate("kgraph.state().steps") == 2


def test_the_view_is_saved_as_a_picture(opened, tmp_path):
    for name, begin in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with opened.expect_download() as download:
            opened.click(f"#tools button:has-text('{name}')")
        download.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begin)
    drawing = ET.parse(tmp_path / "SVG")
    assert "country:KAZ" in "".join(drawing.getroot().itertext())


def test_table_and_matrix_say_the_same(opened):
    opened.click("#views button:has-text('Table')")
    assert opened.locator("#table tbody tr").count() == 3
    opened.click("#table button:has-text('sanctions')")
    assert "country:USA" in opened.inner_text("#detail h2")
    opened.click("#views button:has-text('Matrix')")
    assert opened.locator("#matrix .cell").count() == 6
    opened.locator("#matrix .cell").first.click()
    assert "–" in opened.inner_text("#detail h2")
    opened.keyboard.press("Escape")
    assert opened.inner_text("#detail h2") == html.WORDS["en"]["welcome"]


def test_the_matrix_is_walked_with_keys(opened):
    opened.click("#views button:has-text('Matrix')")
    here = "document.activeElement.getAttribute('aria-label')"
    opened.locator("#matrix .cell[tabindex='0']").focus()
    first = opened.evaluate(here)
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"):
        opened.keyboard.press(key)
    assert opened.evaluate(here) != first
    assert opened.locator("#matrix .cell[tabindex='0']").count() == 1, "Tab comes back to where one was"
    opened.keyboard.press("Enter")
    assert opened.inner_text("#detail h2") in opened.evaluate(here)


@pytest.fixture
def on_map(dated, browse):
    dated.add(
        Document("d4", TEXT, date(2022, 3, 9), "en", None, None),
        [dataclasses.replace(evidence("group:nobody-known", "criticizes", "country:USA"), document="d4")],
    )
    page = browse(dated, "Three months")
    page.click("#views button:has-text('Map')")
    return page


def arcs(page):
    return set(page.eval_on_selector_all("#map .arc", "(all) => all.map((each) => each.dataset.statement)"))


def relations(page):
    return {page.evaluate("(id) => kgraph.data.edges.find((e) => e.id === id).relation", each) for each in arcs(page)}


def test_the_map_shows_what_passes_the_filters(on_map):
    assert relations(on_map) == {"sanctions", "ally_of", "consults_with"}
    assert on_map.locator("#map .actor").count() == 4
    assert "is unknown: 1" in on_map.inner_text("#map p")
    on_map.check("#choices input[value='1']")
    assert relations(on_map) == {"ally_of", "consults_with"}
    on_map.evaluate("kgraph.change({ to: 1 })")
    assert relations(on_map) == {"ally_of"}


def test_arcs_and_actors_of_the_map_can_be_chosen(on_map):
    where = on_map.evaluate(
        """() => { const id = kgraph.data.edges.find((e) => e.relation === "sanctions").id;
        const path = document.querySelector(`#map .arc[data-statement="${id}"] .hit`);
        const at = path.getPointAtLength(path.getTotalLength() / 2);
        const box = document.querySelector("#map > svg").getBoundingClientRect();
        return [box.x + at.x, box.y + at.y]; }"""
    )
    on_map.mouse.click(*where)
    assert on_map.inner_text("#detail h2") == "country:USA sanctions country:RUS"
    assert on_map.inner_text("#detail mark") == "ally"
    assert on_map.locator("#map .arc.chosen").count() == 1
    on_map.focus("#map .actor[tabindex='0']")
    first = on_map.evaluate("document.activeElement.dataset.actor")
    on_map.keyboard.press("ArrowLeft" if first != "country:USA" else "ArrowRight")
    on_map.keyboard.press("Enter")
    assert on_map.evaluate("kgraph.state().chosen") not in {"", first}
    assert on_map.inner_text("#detail h2").startswith("country:")


def test_the_map_is_moved_zoomed_and_brought_back(on_map):
    camera = "document.querySelector('#map > svg > g').getAttribute('transform')"
    begin = on_map.evaluate(camera)
    on_map.click("#map button[title='Zoom in']")
    nearer = on_map.evaluate(camera)
    assert float(nearer.rsplit("(", 1)[1][:-1]) > float(begin.rsplit("(", 1)[1][:-1])
    box = on_map.locator("#map > svg").bounding_box()
    on_map.mouse.move(box["x"] + 40, box["y"] + 40)
    on_map.mouse.down()
    on_map.mouse.move(box["x"] + 140, box["y"] + 90, steps=4)
    on_map.mouse.up()
    assert on_map.evaluate(camera) not in {begin, nearer}
    assert on_map.evaluate("kgraph.state().chosen") == "", "who moves the map chooses nothing"
    on_map.click("#map button[title='All in the frame']")
    assert on_map.evaluate(camera) == begin


@pytest.mark.parametrize(("view", "tags"), [("map", {"text", "path"}), ("matrix", {"text", "rect"})])
def test_views_of_their_own_are_saved_as_they_are(on_map, tmp_path, view, tags):
    on_map.evaluate("(view) => kgraph.change({ view })", view)
    for name, begin in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with on_map.expect_download() as download:
            on_map.click(f"#tools button:has-text('{name}')")
        download.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begin)
    drawing = ET.parse(tmp_path / "SVG").getroot()
    assert "country:KAZ" in "".join(drawing.itertext())
    assert tags <= {each.tag.rpartition("}")[2] for each in drawing.iter()}
    with Image.open(tmp_path / "PNG") as image:
        assert len(image.convert("RGB").getcolors(1 << 24)) > 20, "the picture is not blank"


def test_an_installation_without_shapes_says_so_on_its_map(dated, browse, monkeypatch, tmp_path):
    monkeypatch.setattr(worldmap, "ATLAS", tmp_path / "none.json")
    worldmap.shapes.cache_clear()
    try:
        page = browse(dated)
    finally:
        worldmap.shapes.cache_clear()
    page.click("#views button:has-text('Map')")
    assert relations(page) == {"sanctions", "ally_of", "consults_with"}
    assert html.WORDS["en"]["shapeless"] in page.inner_text("#map p")


def test_pairs_by_month(dated, browse):
    denied = dataclasses.replace(evidence("country:KAZ", "criticizes", "country:RUS", "negated"), document="d5")
    dated.add(Document("d5", TEXT, date(2022, 2, 6), "en", None, None), [denied])
    page = browse(dated)
    page.click("#views button:has-text('Months')")
    assert page.locator("#months figure").count() == 3
    pair = page.locator("#months figure").first
    assert "country:KAZ – country:RUS" in pair.inner_text()
    (title, *_) = pair.locator("title").all_text_contents()
    assert title == "2022-02 – statements: 2, mean sign: 1.0, sources: 1", "the same words count once"
    assert pair.locator("rect[fill=none]").count() == 1, "a denial is hollow"
    assert pair.locator("path.denied").count() == 1, "and struck out"
    assert "statements: 2, sources: 1" in pair.inner_text()
    pair.locator("button").click()
    assert page.inner_text("#detail h2") == "country:KAZ – country:RUS"
    page.click("#detail summary")
    assert page.locator("#detail tbody tr").all_inner_texts() == ["2022-02\t2\t1.0\t1\t1"]
    page.check("#choices input[value='negated']")
    cells = page.locator("#detail tbody td").all_text_contents()
    assert cells == ["2022-02", "1", "–", "1", "1"], "what is denied has no sign"
    assert page.locator("#months figure").count() == 1
    assert page.locator("#tools button:has-text('PNG')").is_hidden(), "there is no one picture to save"


def test_the_graph_is_as_tall_as_its_screen(examples, browse):
    shape = """() => { const at = Object.values(kgraph.network.getPositions());
        const [x, y] = ["x", "y"].map((axis) => at.map((p) => p[axis]));
        return (Math.max(...x) - Math.min(...x)) / (Math.max(...y) - Math.min(...y)); }"""
    wide, tall = ({"width": width, "height": 800} for width in (1400, 390))
    assert browse(examples, viewport=tall).evaluate(shape) < 1 < browse(examples, viewport=wide).evaluate(shape)


@pytest.fixture(scope="module")
def crowd():
    """A graph of more statements than can be told apart, each pair once."""
    graph = Graph.open(None)
    names = [f"country:A{a}{b}" for a in "ABCDEFGH" for b in "ABCDEFGH"]
    pieces = [evidence(a, "trades_with", b) for i, a in enumerate(names) for b in names[i + 1 : i + 12]]
    graph.add(Document("d", TEXT, date(2022, 6, 16), "en", None, None), pieces)
    return graph


def test_a_graph_of_many_statements_opens_on_the_strongest(crowd, browse):
    page = browse(crowd)
    count = page.evaluate("kgraph.data.edges.length")
    assert count > html.SUMMARY == page.evaluate("kgraph.edges.length")
    assert page.evaluate("kgraph.drawn().rest.length") == count - html.SUMMARY
    weak = page.evaluate("kgraph.drawn().rest[0].id")
    page.evaluate(f"kgraph.showEdge({weak!r})")
    assert page.evaluate("kgraph.edges.getIds()").count(weak) == 1, "what is chosen is drawn"
    page.evaluate("kgraph.change({ actors: ['country:AAA'], chosen: '' })")
    assert page.evaluate("kgraph.drawn().rest.length") == 0
    page.click("#everything")
    page.click("#collapsed")
    communities = page.evaluate("kgraph.nodes.getIds()")
    assert 1 < len(communities) < 64
    assert all(each.startswith("community ") for each in communities)


def test_a_page_in_a_frame_works_and_can_do_nothing_to_what_is_around_it(graph, browse):
    page = browse(graph)
    page.set_content(f"<h1>A notebook</h1>{html.framed(graph)}")
    frame = page.frames[1]
    frame.wait_for_selector("body[data-ready=yes]")
    frame.check("#choices input[value='1']")
    assert 0 < frame.evaluate("kgraph.shown().count") < 4
    frame.evaluate("kgraph.showEdge(kgraph.edges.getIds()[0])")
    assert frame.inner_text("#detail mark") == "ally"
    with page.expect_download() as download:
        frame.click("#tools button:has-text('PNG')")
    assert download.value.suggested_filename == "kgraph.png"
    assert frame.evaluate("try { parent.document.title } catch (error) { error.name }") == "SecurityError"
    assert page.inner_text("h1") == "A notebook"


def test_an_arrow_that_is_clicked_shows_its_quote(examples, browse):
    page = browse(examples)
    quote = click_an_edge(page)
    page.locator("#detail blockquote", has_text=quote).wait_for()


def views(page):
    """Return the names of all views that the page has."""
    return page.eval_on_selector_all("#views button", "(all) => all.map((each) => each.dataset.view)")


@pytest.mark.parametrize("language", ["en", "id"])
def test_attacks_in_names_and_texts_show_as_text_in_every_view(browse, tmp_path, language):
    hostile_graph(tmp_path / "hostile.kg")
    with Graph.open(tmp_path / "hostile.kg", read_only=True) as graph:
        page = browse(graph, HOSTILE, language)
        drawn = graph.plot(language=language, title=HOSTILE)
    drawn.savefig(tmp_path / "hostile.svg")
    assert HOSTILE[:20] in "".join(ET.parse(tmp_path / "hostile.svg").getroot().itertext())
    for view in views(page):
        page.evaluate("(view) => kgraph.change({ view })", view)
        for chosen in (*page.evaluate("kgraph.edges.getIds()"), "country:KAZ", "country:RUS", "country:ARM"):
            page.evaluate("(id) => kgraph.change({ chosen: id })", chosen)
            shown = page.inner_text("#detail h2")
            assert "<img" in shown or "<b>x</b>" in shown
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a long name breaks no page"
        assert page.locator("main img, main b, main script, a[href^='javascript']").count() == 0
    page.evaluate("kgraph.showEdge(kgraph.edges.getIds()[0])")
    assert HOSTILE[:60] in page.inner_text("#detail blockquote")
    for view in ("graph", "map", "matrix"):
        page.evaluate("(view) => kgraph.change({ view })", view)
        drawing = ET.fromstring(page.evaluate("kgraph.drawing()"))
        assert {each.tag.rpartition("}")[2] for each in drawing.iter()} <= DRAWN
        assert HOSTILE[:20] in "".join(drawing.itertext())


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci --prefix web")
@pytest.mark.parametrize(("scheme", "width", "language"), [("light", 1280, "en"), ("dark", 390, "id")])
def test_axe_core_finds_no_serious_fault_in_any_view(examples, browse, scheme, width, language):
    page = browse(examples, "News", language, color_scheme=scheme, viewport={"width": width, "height": 800})
    assert set(views(page)) == {"graph", "map", "months", "matrix", "table"}
    for view in views(page):
        page.evaluate("(view) => kgraph.change({ view, chosen: '' })", view)
        assert faults(page) == []
        page.evaluate("kgraph.showEdge(kgraph.data.edges[0].id)")
        assert page.locator("#detail blockquote").count() > 0
        assert faults(page) == []
        page.evaluate("kgraph.showActor(kgraph.data.nodes[0].id)")
        assert faults(page) == []
