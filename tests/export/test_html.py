"""The page in a real browser: offline, complete, and deaf to script in article text."""

import json
import shutil
from datetime import date

import pytest

from kgraph import Document, Evidence, Factuality, Graph, Span
from kgraph.export import html

CHROMIUM = shutil.which("chromium")
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
    assert len({(e["smooth"]["type"], e["smooth"]["roundness"]) for e in parallel}) == 2
    (denied,) = [e for e in data["edges"] if e["dashes"]]
    assert denied["name"] == "left (denied)"


def test_no_markup_of_an_article_reaches_the_page(graph):
    page = html.to_html(graph, title=HOSTILE)
    assert "<img src=x" not in page
    start = page.index('id="data">') + len('id="data">')
    assert json.loads(page[start : page.index("</script>", start)])["title"] == HOSTILE


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")
@pytest.mark.parametrize("language", ["en", "id"])
def test_the_page_works_in_a_browser_without_a_network(graph, tmp_path, language):
    from playwright.sync_api import sync_playwright

    path = tmp_path / "page.html"
    html.write(graph, path, HOSTILE, language)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        page.context.set_offline(True)
        requests, complaints = [], []
        page.on("request", lambda r: requests.append(r.url))
        page.on("console", lambda m: complaints.append(m.text))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on("dialog", lambda d: (complaints.append("dialog"), d.dismiss()))
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready=yes]")
        assert page.evaluate("kgraph.nodes.length") == 3
        assert page.evaluate("kgraph.edges.length") == 4
        page.evaluate("kgraph.showEdge(kgraph.edges.getIds()[0])")
        assert page.inner_text("#detail mark") == "ally"
        assert HOSTILE[:20] in page.inner_text("#detail blockquote")
        assert page.locator("#detail a").count() == 0, "a javascript: address is no link"
        page.fill("#search", "EAEU")
        page.press("#search", "Enter")
        assert "EAEU" in page.inner_text("#detail h2")
        browser.close()
    assert requests == [path.as_uri()]
    assert complaints == []
