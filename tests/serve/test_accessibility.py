"""axe-core finds no serious or critical fault on any page, light and dark, wide and narrow, in both languages."""

import pytest

from tests.serve.conftest import AXE, faults

PAGES = {
    "explorer": ("", "#chosen=country%3AKAZ"),
    "a statement": ("", None),
    "query": ("query", ""),
    "documents": ("documents", ""),
    "document": ("document", ""),
    "review": ("review", ""),
}


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci --prefix web")
@pytest.mark.parametrize(("scheme", "width", "language"), [("light", 1280, "en"), ("dark", 390, "id")])
@pytest.mark.parametrize("name", PAGES)
def test_no_serious_fault(editing, browser, name, scheme, width, language):
    address, fragment = PAGES[name]
    # The page's own policy would keep axe-core out.
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    given = {"lang": language, **({"id": "astana/1"} if name == "document" else {})}
    page.goto(editing.url(address, **given) + (fragment or ""))
    page.wait_for_selector("body[data-site=ready]")
    if name == "a statement":
        page.evaluate("kgraph.showEdge(kgraph.data.edges[0].id)")
        page.wait_for_selector("#detail form.review")
    if name == "query":
        page.click("#run")
        page.wait_for_selector("#answer table")
        page.click(".shapes button[data-shape=chart]")
    if name == "document":
        page.click(".said")
        page.wait_for_selector(".card")
    if name in {"document", "review"}:
        page.locator(".card button").nth(2).click()
    found = faults(page)
    context.close()
    assert found == []
