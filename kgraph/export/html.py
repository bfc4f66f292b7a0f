"""A graph as one interactive HTML page that needs no network: nodes and edges by pyvis, evidence behind each edge."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import networkx as nx
from pyvis.network import Network

from kgraph import ontology
from kgraph.errors import KgraphError
from kgraph.export import measures
from kgraph.graph import Graph
from kgraph.model import Document, Evidence, Statement

__all__ = ["WORDS", "label_of", "page_data", "scripts", "shell", "styles", "to_html", "write"]

SIGN_COLORS = {1: "#1a7f4b", -1: "#c2352b", 0: "#7a8594"}
SIGN_WORDS = {1: "cooperative", -1: "conflictual", 0: "neutral"}
KIND_COLORS = {
    "country": "#3b6fb6", "org": "#8a5fbf", "person": "#d08a1d", "group": "#b3486b", "company": "#4d8f8b",
    "place": "#7c8a3a", "treaty": "#8c6d4f",
}  # fmt: skip
SHAPES = {"country": "dot", "org": "diamond", "person": "triangle", "treaty": "square", "place": "hexagon"}
SCRIPTS = (
    "make",
    "state",
    "filters",
    "draw",
    "detail",
    "views",
    "pictures",
    "main",
)  # in the order in which they are read
LABELLED = 60  # with more edges than this, labels on them only hide each other
SUMMARY = 400  # with more edges than this, the page opens on the strongest
MOST = 1500  # more edges than this nobody can read, nor a browser move
WORDS: dict[str, dict[str, str]] = json.loads(files("kgraph.export").joinpath("page/words.json").read_text("utf-8"))


def to_html(graph: Graph, title: str = "kgraph", language: str = "en", **filters: Any) -> str:
    """Return the page of a graph, or of the statements that the filters of `Graph.statements` keep.

    `language` (en, id) is that of the page's own words. Raises KgraphError for another one.
    """
    if language not in WORDS:
        raise KgraphError(f"the page has no words in {language!r}; there are {', '.join(sorted(WORDS))}")
    content = json.dumps(page_data(graph, title, language, **filters), ensure_ascii=False).replace("<", "\\u003c")
    library, own = scripts()
    return shell(
        title,
        language,
        styles="\n".join(f"<style>{text}</style>" for text in styles()),
        scripts=f'<script type="application/json" id="data">{content}</script>\n<script>{library}</script>\n'
        f'<script type="module">{own}</script>',
    )


def shell(title: str, language: str, styles: str, scripts: str) -> str:
    """Return the page without its contents; styles and scripts are elements that hold or fetch them."""
    text = files("kgraph.export").joinpath("page/page.html").read_text("utf-8")
    return Template(text).substitute(lang=language, title=escape(title), styles=styles, scripts=scripts)


def styles() -> tuple[str, str]:
    """Return the style sheets of the library that draws and of the page."""
    library = files("pyvis").joinpath("templates/lib/vis-9.1.2/vis-network.css")
    return library.read_text("utf-8"), files("kgraph.export").joinpath("page/page.css").read_text("utf-8")


def scripts() -> tuple[str, str]:
    """Return the scripts of the library that draws and of the page, the latter as one module."""
    library = files("pyvis").joinpath("templates/lib/vis-9.1.2/vis-network.min.js").read_text("utf-8")
    page = files("kgraph.export").joinpath("page")
    own = "".join(page.joinpath(f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    return library.replace("</script", "<\\/script"), own


def write(graph: Graph, path: Path, title: str = "kgraph", language: str = "en", **filters: Any) -> None:
    """Write the page of a graph to a file."""
    path.write_text(to_html(graph, title, language, **filters), encoding="utf-8")


def page_data(graph: Graph, title: str, language: str, **filters: Any) -> dict[str, Any]:
    """Return what the page draws and tells, as plain data."""
    words = WORDS[language]
    statements = list(graph.statements(**filters))
    labels = {actor: found.labels for actor, found in graph.labels().items()}
    documents = {d.id: d for d in graph.documents()}
    degree = Counter(side for s in statements for side in (s.subject, s.object))
    months = _months(statements, documents)
    network = Network(directed=True, cdn_resources="in_line")
    places = _places(statements)
    together = {actor: number for number, some in enumerate(measures.communities(graph, **filters)) for actor in some}
    for actor in sorted(degree):
        kind = ontology.kind_of(actor)
        names = labels.get(actor, {})
        x, y = places[actor]
        network.add_node(
            actor, label=label_of(actor, names, language), x=x, y=y, kind=kind,
            value=degree[actor], shape=SHAPES.get(kind, "dot"), community=together.get(actor, len(together)),
            color={"background": KIND_COLORS[kind], "border": "#ffffff55"},
        )  # fmt: skip
    for statement, bend in _bent(statements):
        network.add_edge(
            statement.subject,
            statement.object,
            **_edge(statement, bend, language, labelled=len(statements) <= LABELLED),
        )
    nodes, edges, *_ = network.get_network_data()
    for node in nodes:
        node.pop("font", None)
    for edge, statement in zip(edges, [s for s, _ in _bent(statements)], strict=True):
        said = {documents[e.document].date for e in statement.evidence if e.document in documents}
        edge["months"] = sorted({months.index(f"{day:%Y-%m}") for day in said if day is not None})
        edge["evidence"] = [_evidence(e, documents, labels, language) for e in statement.evidence]
    counts = words["counts"].format(actors=len(nodes), statements=len(edges), documents=len(documents))
    return {
        "title": title, "counts": counts, "words": words,
        "name": "-".join(re.findall(r"\w+", title.lower())[:6]) or "kgraph",
        "nodes": nodes, "edges": edges, "months": months, "labelled": LABELLED, "summary": SUMMARY, "most": MOST,
        "relations": {r.id: r.labels.get(language) or r.labels["en"] for r in ontology.load().relations.values()},
        "signs": {str(sign): colour for sign, colour in SIGN_COLORS.items()},
        "options": {
            "physics": {"enabled": False},
            "nodes": {"scaling": {"min": 9, "max": 30}},
            "interaction": {"hover": True, "keyboard": {"enabled": True, "bindToWindow": False}},
        },
        "legend": {
            "edges": [[SIGN_WORDS[s], c, "solid"] for s, c in SIGN_COLORS.items()]
            + [["possible", "#7a8594", "dashed"], ["negated", "#7a8594", "dotted"]],
            "kinds": [[k, c] for k, c in KIND_COLORS.items() if any(a.startswith(k + ":") for a in degree)],
        },
    }  # fmt: skip


def _months(statements: list[Statement], documents: Mapping[str, Document]) -> list[str]:
    """Return all months from the first to the last in which something was said, as YYYY-MM."""
    found = (documents[e.document].date for s in statements for e in s.evidence if e.document in documents)
    days = sorted(day for day in found if day is not None)
    if not days:
        return []
    numbers = range(days[0].year * 12 + days[0].month - 1, days[-1].year * 12 + days[-1].month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]


def label_of(actor: str, names: Mapping[str, str], language: str) -> str:
    """Return what a node is called: an organisation with a long name by its acronym."""
    label = names.get(language) or names.get("en") or actor
    if actor.startswith("org:") and len(label) > 16:
        label = actor.removeprefix("org:").replace("_", " ")
    return label if len(label) <= 40 else label[:39] + "…"


def _places(statements: list[Statement]) -> dict[str, tuple[float, float]]:
    """Return where each actor stands, in pixels: a force-directed layout with a fixed seed."""
    net: nx.Graph[str] = nx.Graph()
    for s in sorted(statements, key=lambda s: s.key):
        weight = net.get_edge_data(s.subject, s.object, {"weight": 0})["weight"] + 1
        net.add_edge(s.subject, s.object, weight=weight)
    if not net:
        return {}
    spread = 92 * len(net) ** 0.5
    rounds = max(40, min(300, 60_000 // len(net)))
    places = nx.spring_layout(net, seed=7, k=3.2 / len(net) ** 0.5, iterations=rounds, weight=None)
    return {
        actor: (round(float(x) * spread * 1.35, 1), round(float(y) * spread, 1)) for actor, (x, y) in places.items()
    }


def _bent(statements: list[Statement]) -> list[tuple[Statement, float]]:
    """Return each statement with the bend of its arrow, so that parallel ones stand apart."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    out = []
    for s in statements:
        pair = (min(s.subject, s.object), max(s.subject, s.object))
        number = seen[pair]
        seen[pair] += 1
        side = 1 if (s.subject < s.object) == (number % 2 == 0) else -1
        out.append((s, 0.0 if number == 0 else side * 0.12 * ((number + 1) // 2)))
    return out


def _edge(statement: Statement, bend: float, language: str, *, labelled: bool) -> dict[str, Any]:
    relation = ontology.load().relations[statement.relation]
    name = relation.labels.get(language) or relation.labels["en"]
    words = WORDS[language]
    fact = [words[statement.factuality.value], words["support"].format(n=len(statement.documents))]
    fact.append(words["confidence"].format(c=round(100 * statement.confidence)))
    dashes: Any = {"certain": False, "possible": [8, 6], "negated": [2, 5]}[statement.factuality.value]
    return {
        "id": statement.id,
        "relation": statement.relation,
        "sign": relation.sign,
        "factuality": statement.factuality.value,
        "sources": len(statement.sources),
        "confidence": round(statement.confidence, 2),
        "weight": round(len(statement.sources) + statement.confidence, 2),
        "name": name if statement.factuality.value == "certain" else f"{name} ({words[statement.factuality.value]})",
        "label": name if labelled else "",
        "fact": " · ".join(fact),
        "color": SIGN_COLORS[relation.sign],
        "dashes": dashes,
        "width": 1 + min(4, len(statement.documents)) * 0.6,
        "arrows": "" if relation.symmetric else "to",
        "smooth": {
            "enabled": bend != 0,
            "type": "curvedCW" if bend > 0 else "curvedCCW",
            "roundness": abs(bend),
        },
    }


def _evidence(evidence: Evidence, documents: dict[str, Any], labels: dict[str, Any], language: str) -> dict[str, Any]:
    document = documents.get(evidence.document)
    start = evidence.sentence.start
    by = ""
    if evidence.attributed_to:
        names = labels.get(evidence.attributed_to, {})
        name = names.get(language) or names.get("en") or evidence.attributed_to
        by = WORDS[language]["says"].format(actor=name)
    return {
        "quote": evidence.quote,
        "cue": [evidence.cue_span.start - start, evidence.cue_span.end - start],
        "by": by,
        "when": evidence.when or "",
        "document": (document and document.title) or evidence.document,
        "document_id": evidence.document,
        "date": document.date.isoformat() if document and document.date else "",
        "url": (document and document.url) or "",
    }
