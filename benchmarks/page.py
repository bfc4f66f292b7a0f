"""Measure the page in headless Chromium, beside a plain pyvis page of the same network in the same run.

python benchmarks/page.py --edges 100 2000 20000

Interactive means: the page answers, and for pyvis, that its layout has come to rest, as before that it shows a bar.
The drawing is then dragged with the mouse; a frame is the time between two callbacks of requestAnimationFrame. The
network is cut. A page that takes longer than `--patience` is reported as more than that.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooLong
from pyvis.network import Network
from store import generated

from kgraph.export import html
from kgraph.graph import Graph

WATCH = """() => { window.frames_ = []; let last = performance.now();
    const tick = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(tick); };
    requestAnimationFrame(tick); }"""
READY = {
    "kgraph": "document.body && document.body.dataset.ready === 'yes'",
    "pyvis": "window.rested === true",
}


def graph_of(count: int) -> Graph:
    """Return a graph of `count` statements made up by the generator of the store's benchmark."""
    graph = Graph.open(None)
    step = max(25, count // 20)
    documents = generated(4 * count)
    while len(graph) < count and (batch := list(islice(documents, step))):
        graph.add_many(batch)
    return graph


def write_kgraph(graph: Graph, path: Path) -> None:
    """Write the page of kgraph."""
    html.write(graph, path, "benchmark")


def write_pyvis(graph: Graph, path: Path) -> None:
    """Write what pyvis makes of the same nodes and edges, and a mark for when its layout rests."""
    network = Network(directed=True, cdn_resources="in_line")
    statements = list(graph.statements())
    actors = sorted({side for s in statements for side in (s.subject, s.object)})
    network.add_nodes(actors)
    for s in statements:
        network.add_edge(s.subject, s.object, title=s.relation)
    made = "network = new vis.Network(container, data, options);"
    text = network.generate_html()
    if text.count(made) != 1:
        raise SystemExit("pyvis writes its page in another way than this benchmark knows.")
    mark = "network.once('stabilizationIterationsDone', () => { window.rested = true; });"
    path.write_text(text.replace(made, made + mark), "utf-8")


def drag(page: Page) -> list[float]:
    """Drag the drawing to and fro; return the milliseconds of each frame."""
    box = page.locator("canvas").first.bounding_box()
    assert box
    x, y = box["x"] + 12, box["y"] + 12  # a corner, where no actor is
    page.evaluate(WATCH)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(x + 6 * (20 - abs(20 - step)), y + 3 * (20 - abs(20 - step)))
    page.mouse.up()
    return list(page.evaluate("window.frames_.slice(1)"))


def measure(browser: Browser, name: str, path: Path, patience: float) -> Mapping[str, str]:
    """Return the figures of one page, as text."""
    found = {"page": name, "MB": f"{path.stat().st_size / 1e6:.1f}"}
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.context.set_offline(True)
    page.set_default_timeout(patience * 1000)
    begin = time.perf_counter()
    try:
        page.goto(path.as_uri(), wait_until="commit")
        page.wait_for_function(READY[name])
        found["interactive s"] = f"{time.perf_counter() - begin:.2f}"
        frames = drag(page)
        found["frame ms, median"] = f"{statistics.median(frames):.0f}"
        found["frame ms, 95 %"] = f"{statistics.quantiles(frames, n=20)[-1]:.0f}"
    except TooLong:
        found.setdefault("interactive s", f"more than {patience:.0f}")
    page.close()
    return found


def main() -> None:
    """Write both pages of each size, open them, print a table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--edges", type=int, nargs="+", default=[100, 2000, 20000])
    arguments.add_argument("--patience", type=float, default=180, help="seconds to wait for a page")
    given = arguments.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("There is no Chromium on this machine: apt-get install chromium")
    head = ("edges", "page", "written s", "MB", "interactive s", "frame ms, median", "frame ms, 95 %")
    print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for count in given.edges:
            with graph_of(count) as graph:
                edges, rows = len(graph), []
                for name, write in (("kgraph", write_kgraph), ("pyvis", write_pyvis)):
                    path = Path(folder) / f"{name}-{count}.html"
                    begin = time.perf_counter()
                    write(graph, path)
                    rows.append((name, path, f"{time.perf_counter() - begin:.1f}"))
            for name, path, spent in rows:
                browser = playwright.chromium.launch(
                    executable_path=chromium,
                    args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
                )
                found = {"edges": str(edges), "written s": spent, **measure(browser, name, path, given.patience)}
                print("| " + " | ".join(found.get(each, "–") for each in head) + " |", flush=True)
                browser.close()


if __name__ == "__main__":
    main()
