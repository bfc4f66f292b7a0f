"""Graphs that are served by the command itself, and a browser that complains of nothing and asks no other host."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import kgraph
from kgraph import Document, Evidence, Factuality, Graph, Span
from kgraph.graph import ActorLabels
from tests.graph.cases import filled, known

EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "news"
AXE = Path(__file__).parent.parent.parent / "web" / "node_modules" / "axe-core" / "axe.min.js"
TOKEN = "a token for tests"
HOSTILE = '<img src=x onerror="alert(1)"></script><script>alert(2)</script> javascript:alert(3) \u202egnirts 😀'


@dataclass
class Served:
    """A running server: its address, its graph, its process."""

    address: str
    path: Path
    process: subprocess.Popen

    def url(self, page="", **parameters):
        from urllib.parse import urlencode

        return f"{self.address}{page}?{urlencode(parameters)}" if parameters else f"{self.address}{page}"

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=20)


def serve(path, *options, token=TOKEN):
    environment = {**os.environ, "KGRAPH_TOKEN": token, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "kgraph", "serve", str(path), "--port", "0", "--no-open", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, line + process.stderr.read()
    return Served(found[0], path, process)


@pytest.fixture(scope="session")
def news(tmp_path_factory):
    """Return the folder of a graph of the example articles."""
    path = tmp_path_factory.mktemp("news") / "news.kg"
    kgraph.build([EXAMPLES], path).close()
    return path


@pytest.fixture(scope="module")
def reading(news):
    """Serve the example articles to read."""
    served = serve(news, "--texts", str(EXAMPLES))
    yield served
    served.stop()


@pytest.fixture
def editing(tmp_path):
    """Serve a small graph to review."""
    path = tmp_path / "known.kg"
    filled(known(), path).close()
    served = serve(path, "--allow-edits", "--by", "tester")
    yield served
    served.stop()


def hostile_graph(path):
    """Make a graph whose every text is an attack, with names of 10,000 characters."""
    text = f"Kazakhstan is an ally of Russia. {HOSTILE}"
    graph = Graph.open(path)
    document = Document(f"d {HOSTILE}", text, None, "en", "javascript:alert(4)", HOSTILE * 3)
    mixed = "\u202eالعربية <b>x</b> " + "Z\u0351\u036b\u0343\u036a" * 9
    long = HOSTILE + "long " * 2000
    labels = {
        "country:KAZ": ActorLabels({"en": HOSTILE, "id": HOSTILE}),
        "country:RUS": ActorLabels({"en": long, "id": long}),
        "country:ARM": ActorLabels({"en": mixed, "id": mixed}),
    }

    def evidence(subject, relation, object_):
        return Evidence(
            document=document.id, subject=subject, relation=relation, object=object_, factuality=Factuality.CERTAIN,
            sentence=Span(0, len(text)), subject_span=Span(0, 10), cue_span=Span(17, 21), object_span=Span(25, 31),
            quote=text, rule=HOSTILE, confidence=0.8,
        )  # fmt: skip

    graph.add(
        document,
        [evidence("country:KAZ", "ally_of", "country:RUS"), evidence("country:KAZ", "trades_with", "country:ARM")],
        labels,
    )
    graph.close()


@pytest.fixture
def hostile(tmp_path):
    """Serve a graph of attacks."""
    path = tmp_path / "hostile.kg"
    hostile_graph(path)
    served = serve(path, "--allow-edits")
    yield served
    served.stop()


def click_an_edge(page):
    """Click the middle of the longest straight arrow of a page and return the quote that it stands for."""
    longest = page.evaluate(
        """() => { const at = (id) => kgraph.data.nodes.find((n) => n.id === id);
        const length = (e) => Math.hypot(at(e.from).x - at(e.to).x, at(e.from).y - at(e.to).y);
        const straight = kgraph.data.edges.filter((e) => e.bend === 0);
        return straight.sort((a, b) => length(b) - length(a))[0]; }"""
    )
    page.evaluate("(e) => kgraph.change({ actors: [e.from, e.to], steps: 1 })", longest)
    where = page.evaluate(
        """(e) => { const [a, b] = [e.from, e.to].map((id) => kgraph.network.getPosition(id));
        kgraph.network.moveTo({ position: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } });
        const box = document.getElementById("graph").getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2]; }""",
        longest,
    )
    page.mouse.click(*where)
    return longest["evidence"][0]["quote"]


def faults(page):
    """Return the serious and critical faults that axe-core finds on a page."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run()")
    assert found["passes"]
    return [
        (each["id"], [node["html"][:200] for node in each["nodes"]])
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


@dataclass
class Watched:
    """A page, what it complained of, and the hosts that it asked."""

    page: object
    complaints: list
    requests: list

    def go(self, url):
        """Open an address and wait until the page has what it shows."""
        self.page.goto(url)
        self.page.wait_for_selector("body[data-site=ready]")
        return self.page


@pytest.fixture
def watched(browser):
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    found = Watched(page, [], [])
    page.on("console", lambda m: found.complaints.append(f"{m.text} {m.location}"))
    page.on("pageerror", lambda e: found.complaints.append(str(e)))
    page.on("dialog", lambda d: (found.complaints.append("dialog"), d.dismiss()))
    page.on("request", lambda r: found.requests.append(r.url))
    yield found
    context.close()
    others = [u for u in found.requests if not u.startswith(("http://127.0.0.1:", "blob:http://127.0.0.1:", "data:"))]
    assert others == []
    assert found.complaints == []
