"""Make the figures of README and docs from the graph of the example articles, with Chromium and matplotlib.

python docs/figures.py
"""

import argparse
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import kgraph
from kgraph.export import html

DOCS = Path(__file__).parent
PICTURES = DOCS / "pictures"
EXAMPLES = DOCS.parent / "examples" / "news"
LOOKS = {
    "light": {"viewport": {"width": 1200, "height": 760}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1200, "height": 760}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.5, "color_scheme": "light"},
}
ALLY = "kgraph.data.edges.find((e) => e.relation === 'ally_of' && e.from === 'country:KAZ').id"
MOST = 200_000  # bytes of a picture


def main() -> int:
    """Make all figures, or those whose name holds the words that are given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("only", nargs="?", default="", help="a part of the names of the figures to make")
    only = parser.parse_args().only
    chromium = shutil.which("chromium")
    if chromium is None:
        print("The figures need Chromium: apt-get install chromium.", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "news.kg"
        kgraph.build([EXAMPLES], path).close()
        printed(path)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, look in LOOKS.items():
            if only in f"show {name}":
                shown(browser, path, name, look)
            if only in f"serve {name}":
                with served(path) as address:
                    application(browser, address, name, look)
        browser.close()
    return 0


def printed(path: Path) -> None:
    """Make the figures of matplotlib: that of `Graph.plot`, and that whose code is in networks.md."""
    with kgraph.Graph.open(path, read_only=True) as graph:
        figure = graph.plot(title="Who stands how to whom in the example articles")
        output = io.BytesIO()
        figure.savefig(output, dpi=110)
        keep(output.getvalue(), PICTURES / "plot.png")
    (code,) = re.findall(r"```python\n(import matplotlib.*?)```", (DOCS / "networks.md").read_text("utf-8"), re.DOTALL)
    mpl.use("agg")
    with contextlib.chdir(path.parent):
        exec(code, {})  # noqa: S102 - the code of our own documentation
    keep((path.parent / "degree.png").read_bytes(), DOCS / "degree.png")


def shown(browser: Browser, path: Path, look: str, options: dict) -> None:
    """Make the pictures of the page that `kgraph show` writes: each view, a statement, an actor."""
    file = path.with_suffix(".html")
    with kgraph.Graph.open(path, read_only=True) as graph:
        html.write(graph, file, "Example articles")
    page = browser.new_page(**options)
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready=yes]")
    for view in page.eval_on_selector_all("#views button", "(all) => all.map((each) => each.dataset.view)"):
        page.evaluate("(view) => kgraph.change({ view })", view)
        picture(page, f"show-{view}-{look}")
    page.evaluate("kgraph.change({ view: 'graph', chosen: 'country:KAZ' })")
    picture(page, f"show-actor-{look}", "#detail h2")
    page.evaluate(f"kgraph.change({{ chosen: {ALLY} }})")
    picture(page, f"show-statement-{look}", "#detail h2")
    if look == "light":
        shutil.copyfile(PICTURES / "show-statement-light.png", DOCS / "news.png")
    page.close()


def application(browser: Browser, address: str, look: str, options: dict) -> None:
    """Make the pictures of the pages of `kgraph serve`."""
    page = browser.new_page(**options)

    def go(name: str) -> None:
        page.goto(address + name)
        page.wait_for_selector("body[data-site=ready]")

    go("")
    page.evaluate(f"kgraph.change({{ chosen: {ALLY} }})")
    page.wait_for_selector("#detail form.review")
    picture(page, f"serve-explorer-{look}", "#detail h2")
    go("query")
    page.click("#run")
    page.wait_for_selector("#answer table")
    picture(page, f"serve-query-{look}")
    page.click(".shapes button[data-shape=chart]")
    picture(page, f"serve-chart-{look}", ".shapes")
    page.click(".shapes button[data-shape=graph]")
    picture(page, f"serve-answer-{look}", ".shapes")
    go("documents")
    picture(page, f"serve-documents-{look}")
    page.click(".documents a >> nth=1")
    page.wait_for_selector("body[data-site=ready] .said")
    page.click(".said >> nth=0")
    page.wait_for_selector(".card")
    picture(page, f"serve-document-{look}")
    go("review")
    page.locator(".card button:has-text('Correct')").first.click()
    picture(page, f"serve-review-{look}")
    page.close()


@contextlib.contextmanager
def served(path: Path) -> Iterator[str]:
    """Serve a graph, and give the address."""
    command = [sys.executable, "-m", "kgraph", "serve", path, "--port", "0", "--no-open", "--allow-edits"]
    environment = {**os.environ, "KGRAPH_TOKEN": "figures", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(  # noqa: S603
        [*command, "--texts", EXAMPLES], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None, "the server did not start"
        try:
            yield found[0]
        finally:
            process.terminate()


def picture(page: Page, name: str, at: str = "") -> None:
    """Keep what a page shows, on a narrow screen scrolled to a place of it."""
    page.wait_for_timeout(500)  # what is drawn on a canvas tells nobody when it is done
    page.evaluate("(at) => (at ? document.querySelector(at).scrollIntoView() : scrollTo(0, 0))", at)
    keep(page.screenshot(), PICTURES / f"{name}.png")


def keep(data: bytes, path: Path) -> None:
    """Write a picture as PNG with a palette, which is small."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    assert size < MOST, f"{path.name} has {size} bytes"
    print(f"{size:8} {path.relative_to(DOCS)}")


if __name__ == "__main__":
    sys.exit(main())
