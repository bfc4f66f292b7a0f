"""The pages in a real browser: explorer, SPARQL, documents, review; attacks show as text."""

import httpx
import pytest

from kgraph import review
from kgraph.graph import Graph
from tests.serve.conftest import HOSTILE, TOKEN, click_an_edge


def test_the_explorer_filters_searches_and_shows_the_sentences_of_the_live_graph(reading, watched):
    page = watched.go(reading.url())
    everything = page.evaluate("kgraph.shown().count")
    assert everything > 50
    page.check("#choices input[value='-1']")
    assert 0 < page.evaluate("kgraph.shown().count") < everything
    page.click("#tools button:has-text('Reset')")
    page.fill("#search", "Kazakhstan")
    page.press("#search", "Enter")
    assert "Kazakhstan" in page.inner_text("#detail h2")
    page.click("#detail button:has-text('Only this actor')")
    assert 0 < page.evaluate("kgraph.shown().count") < everything
    page.click("#detail li button >> nth=0")
    assert page.inner_text("#detail blockquote mark")
    page.wait_for_selector("#detail form.review")
    assert "--allow-edits" in page.inner_text("#detail form.review")
    page.click("#detail blockquote footer a:has-text('in the document')")
    page.wait_for_selector("body[data-site=ready] .said[aria-pressed=true]")
    assert page.inner_text(".side .card")


def test_an_edge_that_is_clicked_in_the_drawing_shows_its_quote(reading, watched):
    page = watched.go(reading.url())
    quote = click_an_edge(page)
    page.locator("#detail blockquote", has_text=quote).wait_for()


def test_months_play_and_a_view_is_shared_and_saved(reading, watched, tmp_path):
    page = watched.go(reading.url())
    page.evaluate("kgraph.change({ to: 0 })")
    few, last = page.evaluate("[kgraph.shown().count, kgraph.data.months.at(-1)]")
    page.click("#time button")
    page.locator(f"#time output:has-text('{last}')").wait_for()
    assert page.evaluate("kgraph.shown().count") > few
    page.check("#choices input[value='-1']")
    page.fill("#search", "Russia")
    page.press("#search", "Enter")
    page.click("#detail button:has-text('Only this actor')")
    before = page.evaluate("[kgraph.shown().edges.map((e) => e.id), JSON.stringify(kgraph.state())]")
    address = page.url
    assert "actors=country%3ARUS" in address
    page.goto("about:blank")
    watched.go(address)
    assert page.evaluate("[kgraph.shown().edges.map((e) => e.id), JSON.stringify(kgraph.state())]") == before
    for name, begin in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as download:
            page.click(f"#tools button:has-text('{name}')")
        download.value.save_as(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begin)


def test_a_query_is_shown_as_table_graph_and_chart_and_saved(reading, watched, tmp_path):
    page = watched.go(reading.url("query"))
    page.click("#run")
    page.wait_for_selector("#answer table")
    count = httpx.get(reading.url("api/site")).json()["statements"]
    assert page.locator("#answer tbody tr").count() == min(100, count) > 50
    page.click("button:has-text('Graph')")
    assert page.locator("#answer canvas").count() == 1
    page.click("button:has-text('Chart')")
    assert page.locator("#answer svg rect").count() > 3
    with page.expect_download() as download:
        page.click("button:has-text('CSV')")
    download.value.save_as(tmp_path / "answer.csv")
    assert (tmp_path / "answer.csv").read_text().startswith("subject,relation,object")
    page.select_option("label:has-text('Examples') select", "members")
    page.click("#run")
    page.wait_for_selector("#answer td:has-text('country:')")


def test_without_the_editor_the_query_page_has_a_plain_field(reading, watched):
    watched.page.route("**/yasqe*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page = watched.go(reading.url("query"))
    assert page.locator(".CodeMirror").count() == 0
    page.get_by_label("SPARQL", exact=True).last.fill("ASK { country:KAZ kg:member_of org:EAEU }")
    page.keyboard.press("Control+Enter")
    page.locator(".message:has-text('Yes')").wait_for()


def test_triples_and_truth_are_shown_and_a_fault_is_told(reading, watched):
    page = watched.go(reading.url("query"))

    def run(query):
        page.evaluate("(text) => window.kgraphEditor.set(text)", query)
        page.click("#run")
        page.locator("#run:not([disabled])").wait_for()

    run("CONSTRUCT { ?a kg:ally_of ?b } { ?a kg:ally_of ?b }")
    assert "kg:ally_of" in page.inner_text("#answer table")
    run("ASK { country:KAZ kg:member_of org:EAEU }")
    assert page.inner_text(".message") == "Yes"
    watched.complaints.clear()
    run("SELECT * { ?a kg:alli_of ?b }")
    assert "Did you mean kg:ally_of?" in page.inner_text(".message")
    assert all("400 (Bad Request)" in each for each in watched.complaints)
    watched.complaints.clear()


def test_a_document_shows_its_text_with_what_is_said_in_it(reading, watched):
    page = watched.go(reading.url("documents"))
    assert page.locator(".documents li").count() == 8
    page.fill("input[type=search]", "kazakhstan")
    page.locator(".message:not(:has-text('8'))").wait_for()
    page.click(".documents a >> nth=0")
    page.wait_for_selector("body[data-site=ready] .said")
    assert page.locator(".text.whole").count() == 1, "the server was told where the texts are"
    page.click(".said >> nth=0")
    words = page.inner_text(".said >> nth=0")
    assert page.inner_text(".side blockquote span >> nth=0").split() == words.split()


def test_a_document_without_its_text_shows_the_sentences_that_the_graph_keeps(editing, watched):
    page = watched.go(editing.url("document", id="astana/1"))
    assert page.locator(".said").count() == 5
    assert "does not keep the rest" in page.inner_text("main")


def test_a_statement_is_reviewed_with_the_token_and_not_without(editing, watched):
    page = watched.go(editing.url("review"))
    card = page.locator(".card").first
    name = card.locator("h2").inner_text()
    card.locator("input[type=password]").fill("wrong")
    card.locator("button:has-text('Reject')").click()
    card.locator(".message:has-text('token')").wait_for()
    assert not review.read(editing.path.with_suffix(".reviews.jsonl"))
    assert all("401" in each for each in watched.complaints)
    watched.complaints.clear()
    card.locator("input[type=password]").fill(TOKEN)
    card.locator("button:has-text('Reject')").click()
    page.wait_for_selector(".card .reviews li")
    assert "tester" in card.locator(".reviews").inner_text()
    page.reload()
    page.wait_for_selector("body[data-site=ready]")
    assert name not in page.locator(".card h2").all_inner_texts()
    card = page.locator(".card").first
    card.locator("button:has-text('Correct')").click()
    card.locator("select").last.select_option("possible")
    card.locator("button:has-text('Send')").click()
    page.wait_for_selector(".card .reviews li")
    card = page.locator(".card").nth(1)
    card.locator("button:has-text('Note')").click()
    card.locator("textarea").fill(HOSTILE)
    card.locator("button:has-text('Send')").click()
    page.wait_for_selector(".card:nth-child(2) .reviews li")
    assert HOSTILE in page.locator(".card").nth(1).locator(".reviews").inner_text()
    editing.stop()
    decided = review.read(editing.path.with_suffix(".reviews.jsonl"))
    assert [each.verdict for each in decided] == ["reject", "correct", "note"]
    with Graph.open(editing.path, read_only=True) as graph:
        verdicts = {each.id: each.verdict for each in graph.statements()}
    assert verdicts[decided[0].statement] == "rejected"


@pytest.mark.parametrize("language", ["en", "id"])
def test_attacks_in_names_and_texts_show_as_text_on_every_page(hostile, watched, language):
    page = watched.go(hostile.url(lang=language))
    page.evaluate("kgraph.showEdge(kgraph.edges.getIds()[0])")
    page.wait_for_selector("#detail form.review")
    assert HOSTILE[:60] in page.inner_text("#detail blockquote")
    for name in ("documents", "review"):
        assert HOSTILE[:20] in watched.go(hostile.url(name, lang=language)).inner_text("main")
    page.goto(hostile.url("documents", lang=language))
    page.click(".documents a")
    page.wait_for_selector("body[data-site=ready] .said")
    page.click(".said")
    assert HOSTILE[:60] in page.inner_text(".said")
    assert page.locator("a[href^='javascript']").count() == 0
    watched.go(hostile.url("query", lang=language))
    query = "SELECT ?a ?l ?q { ?a skos:prefLabel ?l . ?x oa:exact ?q }"
    page.evaluate("(text) => window.kgraphEditor.set(text)", query)
    page.click("#run")
    page.wait_for_selector("#answer table")
    assert HOSTILE[:60] in page.inner_text("#answer")
    page.click("#main .shapes button >> nth=2")
    assert "<img" in page.inner_html("#answer").replace("&lt;", "<")
    assert page.locator("main img").count() == 0
