"""A graph as one interactive HTML page that needs no network, with the evidence behind each edge."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from kgraph import ontology, tables
from kgraph.errors import KgraphError
from kgraph.export import layout, measures, worldmap
from kgraph.graph import Graph
from kgraph.model import Document, Evidence, Statement

__all__ = ["WORDS", "bent", "framed", "label_of", "page_data", "scripts", "shell", "styles", "to_html", "write"]

SCRIPTS = (
    "make",
    "state",
    "filters",
    "draw",
    "detail",
    "map",
    "views",
    "pictures",
    "main",
)  # in the order in which they are read
LABELLED = 60  # with more edges than this, labels on them only hide each other
SUMMARY = 400  # with more edges than this the strongest are drawn to be touched, the others as lines behind them
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


def framed(graph: Graph, language: str = "en", height: int = 640, **filters: Any) -> str:
    """Return the page in a frame of `height` pixels that can do nothing to what surrounds it, such as a notebook."""
    page = escape(to_html(graph, "kgraph", language, **filters))
    may = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
    size = f"width:100%;height:{height}px;border:0"
    return f'<iframe title="kgraph" sandbox="{may}" style="{size}" srcdoc="{page}"></iframe>'


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
    together = {a: number for number, some in enumerate(measures.communities_of(statements)) for a in some}
    at = layout.places({(s.subject, s.object) for s in statements}, together)
    flags = _flags()
    nodes = [
        {
            "id": actor, "label": label_of(actor, labels.get(actor, {}), language), "kind": ontology.kind_of(actor),
            "flag": flags.get(actor, ""), "value": degree[actor], "x": at[actor][0], "y": at[actor][1],
            "community": together.get(actor, len(together)), "map": worldmap.place(actor),
        }
        for actor in sorted(degree)
    ]  # fmt: skip
    edges = [_edge(s, bend, documents, labels, months, language) for s, bend in bent(statements)]
    counts = words["counts"].format(actors=len(nodes), statements=len(edges), documents=len(documents))
    return {
        "title": title, "counts": counts, "words": words,
        "name": "-".join(re.findall(r"\w+", title.lower())[:6]) or "kgraph",
        "nodes": nodes, "edges": edges, "months": months, "labelled": LABELLED, "summary": SUMMARY,
        "map": worldmap.shapes(),
        "relations": {
            r.id: {"label": r.labels.get(language) or r.labels["en"], "sign": r.sign, "symmetric": r.symmetric}
            for r in ontology.load().relations.values()
        },
    }  # fmt: skip


@cache
def _flags() -> dict[str, str]:
    """Return country → the two letters of ISO 3166-1 that make its flag."""
    path = Path(str(files("kgraph.actors").joinpath("countries.tsv")))
    return {row["id"]: row["iso2"] for row in tables.read(path, ("id", "iso2")) if row["iso2"]}


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


def bent(statements: list[Statement]) -> list[tuple[Statement, float]]:
    """Return each statement with the bend of its arrow, so that parallel ones stand apart; of the first it is 0."""
    count = Counter((min(s.subject, s.object), max(s.subject, s.object)) for s in statements)
    seen: Counter[tuple[str, str]] = Counter()
    out = []
    for s in statements:
        pair = (min(s.subject, s.object), max(s.subject, s.object))
        number, seen[pair] = seen[pair], seen[pair] + 1
        side = 1 if (s.subject < s.object) == (number % 2 == 0) else -1
        step = min(0.12, 0.9 / count[pair])
        out.append((s, round(side * step * ((number + 1) // 2), 3)))
    return out


def _edge(
    statement: Statement, bend: float, documents: Mapping[str, Document], labels: Mapping[str, Mapping[str, str]],
    months: list[str], language: str,
) -> dict[str, Any]:  # fmt: skip
    said = {documents[e.document].date for e in statement.evidence if e.document in documents}
    return {
        "id": statement.id,
        "from": statement.subject,
        "to": statement.object,
        "relation": statement.relation,
        "factuality": statement.factuality.value,
        "documents": len(statement.documents),
        "sources": len(statement.sources),
        "confidence": round(statement.confidence, 2),
        "bend": bend,
        "months": sorted({months.index(f"{day:%Y-%m}") for day in said if day is not None}),
        "evidence": [_evidence(e, statement, documents, labels, language) for e in statement.evidence],
    }


def _evidence(
    evidence: Evidence, statement: Statement, documents: Mapping[str, Document],
    labels: Mapping[str, Mapping[str, str]], language: str,
) -> dict[str, Any]:  # fmt: skip
    document = documents.get(evidence.document)
    start = evidence.sentence.start
    found = {
        "quote": evidence.quote,
        "cue": [evidence.cue_span.start - start, evidence.cue_span.end - start],
        "document": (document and document.title) or evidence.document,
        "document_id": evidence.document,
        "source": statement.copies.get(evidence.document, evidence.document),
        "date": document.date.isoformat() if document and document.date else "",
        "url": (document and document.url) or "",
        "when": evidence.when or "",
        "by": "",
    }
    if evidence.attributed_to:
        names = labels.get(evidence.attributed_to, {})
        name = names.get(language) or names.get("en") or evidence.attributed_to
        found["by"] = WORDS[language]["says"].format(actor=name)
    return {key: value for key, value in found.items() if value or key in {"quote", "cue"}}
