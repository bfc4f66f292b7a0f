"""A graph as a figure for print: PDF, SVG, PNG or whatever else matplotlib writes."""

import io
import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from kgraph import ontology
from kgraph.errors import KgraphError
from kgraph.export import html, layout, measures
from kgraph.model import Statement

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    from kgraph.graph import Graph

Points = NDArray[np.float64]

__all__ = ["Drawing", "plot"]

SIGNS = {1: "cooperative", -1: "conflictual", 0: "neutral"}
DASHES: dict[str, Any] = {"certain": "-", "possible": (0, (4, 2.5)), "negated": (0, (1, 1.6))}
MARKS = {"country": "o", "org": "D", "person": "^", "group": "v", "company": "*", "place": "H", "treaty": "s"}
WORDS_AS_WORDS: Any = {"svg.fonttype": "none", "pdf.fonttype": 42}  # a figure's words can be searched and edited
GROUND = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.6}  # behind words, as lines cross them
MARGIN = 1.0  # pixels around a word that nothing else may take


class Drawing(Figure):
    """A figure that shows itself in a notebook, whether or not pyplot was imported."""

    def savefig(self, *arguments: Any, **options: Any) -> None:
        """Write the figure, as `Figure.savefig` does, with its words as words; pixels are 200 an inch by default."""
        options.setdefault("dpi", 200)
        with mpl.rc_context(WORDS_AS_WORDS):
            super().savefig(*arguments, **options)

    def _repr_png_(self) -> bytes:
        output = io.BytesIO()
        self.savefig(output, format="png", dpi=144)
        return output.getvalue()


def plot(
    graph: "Graph",
    *,
    among: Collection[str] | None = None,
    most: int = 60,
    title: str = "",
    language: str = "en",
    size: tuple[float, float] = (10.0, 7.0),
    **filters: Any,
) -> Drawing:
    """Return a figure of the statements that the filters of `Graph.statements` keep; `savefig` writes it.

    `among` keeps statements between these actors; of what is left, the `most` with the most sources are drawn, and the
    figure says so. Colour is the sign, dashes are the factuality, width is the number of documents; statements between
    the same two are apart. `size` is in inches. A relation's name is left out where it has no room. Raises KgraphError
    for a language without words, or where nothing is left to draw.
    """
    if language not in html.WORDS:
        raise KgraphError(f"the figure has no words in {language!r}; there are {', '.join(sorted(html.WORDS))}")
    words = html.WORDS[language]
    found = [s for s in graph.statements(**filters) if among is None or {s.subject, s.object} <= set(among)]
    if not found or most < 1:
        raise KgraphError("There is no statement to draw.")
    drawn = sorted(found, key=lambda s: (-len(s.sources) - s.confidence, s.key))[:most]
    drawn.sort(key=lambda s: s.key)
    # A pixel is a point as long as words and arrows are given their places.
    figure = Drawing(figsize=size, dpi=72, layout="constrained")
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_aspect("equal", adjustable="datalim")
    if title:
        axes.set_title(title, parse_math=False)
    if len(drawn) < len(found):
        note = words["strongest_of"].format(shown=len(drawn), count=len(found))
        figure.supxlabel(note, fontsize="small", color=_colours()["soft"])
    communities = {a: number for number, some in enumerate(measures.communities_of(drawn)) for a in some}
    wide = 0.85 * size[0] / size[1]  # the legend has the rest
    at = layout.places({(s.subject, s.object) for s in drawn}, communities, wide)
    at = {actor: (x, -y) for actor, (x, y) in at.items()}  # a page counts downwards
    degree = Counter(side for s in drawn for side in (s.subject, s.object))
    radius = {actor: min(13.0, 5 + 1.3 * count**0.5) for actor, count in degree.items()}  # in points
    for actor, (x, y) in at.items():
        kind = ontology.kind_of(actor)
        style: Any = {
            "markersize": (1.7 if kind == "org" else 2) * radius[actor],
            "marker": MARKS.get(kind, "o"),
            "color": _colours().get(kind, _colours()["country"]),
        }
        axes.plot(x, y, linestyle="", markeredgecolor="white", zorder=3, **style)
    axes.margins(0.1)
    _legend(axes, drawn, words)
    figure.draw_without_rendering()  # now it is known how large a point is among the actors
    axes.autoscale(enable=False)
    axes.set_aspect("auto")
    named = {actor: found.labels for actor, found in graph.labels().items()}
    arrows = [_arrow(axes, at, radius, statement, bend) for statement, bend in html.bent(drawn)]
    taken = _actors(axes, at, radius, {a: html.label_of(a, named.get(a, {}), language) for a in at}, arrows)
    for statement, arrow in zip((s for s, _ in html.bent(drawn)), arrows, strict=True):
        relation = ontology.load().relations[statement.relation]
        _name(axes, arrow, relation.labels.get(language) or relation.labels["en"], SIGNS[relation.sign], taken)
    return figure


def _arrow(
    axes: "Axes", at: dict[str, tuple[float, float]], radius: dict[str, float], statement: Statement, bend: float
) -> Points:
    """Draw a statement as an arrow and return places along it, in pixels."""
    relation = ontology.load().relations[statement.relation]
    colour = _colours()[SIGNS[relation.sign]]
    line = FancyArrowPatch(
        at[statement.subject], at[statement.object], connectionstyle=f"arc3,rad={1.6 * bend}", arrowstyle="-",
        shrinkA=radius[statement.subject] + 1, shrinkB=radius[statement.object] + (1 if relation.symmetric else 4),
        color=colour, linestyle=DASHES[statement.factuality.value], capstyle="butt", zorder=2,
        linewidth=0.9 + 0.4 * min(4, len(statement.documents)),
    )  # fmt: skip
    line.set_gid(statement.id)
    axes.add_patch(line)
    start, middle, end = np.asarray(line.get_transform().transform(line.get_path().vertices))
    if not relation.symmetric:
        turn = np.degrees(np.arctan2(end[1] - middle[1], end[0] - middle[0])) - 90
        x, y = np.asarray(line.get_path().vertices)[-1]
        head = Line2D([x], [y], marker=(3, 0, turn), color=colour, markersize=7, linestyle="")
        axes.add_line(head)
    part = np.linspace(0, 1, 31)[:, None]
    points: Points = (1 - part) ** 2 * start + 2 * part * (1 - part) * middle + part**2 * end
    return points


def _name(axes: "Axes", arrow: Points, name: str, sign: str, taken: list[Bbox]) -> None:
    """Write a name along an arrow where nothing else is written, or not at all."""
    text = axes.text(0, 0, name, fontsize=7, color=_colours()[sign], ha="center", va="center", zorder=4, bbox=GROUND)
    for part in (15, 12, 18, 9, 21):
        x, y = axes.transData.inverted().transform(arrow[part])
        text.set_position((x, y))
        box = _box(text)
        if not any(box.overlaps(other) for other in taken):
            taken.append(box)
            return
    text.remove()


def _actors(
    axes: "Axes", at: dict[str, tuple[float, float]], radius: dict[str, float], names: dict[str, str],
    arrows: list[Points],
) -> list[Bbox]:  # fmt: skip
    """Write the actors' names, the busiest first, each where it hides least; return what is taken, in pixels."""
    taken = []
    for actor, place in at.items():
        (x, y), reach = axes.transData.transform(place), radius[actor]
        taken.append(Bbox.from_extents(x - reach, y - reach, x + reach, y + reach))
    lines = np.concatenate(arrows)
    frame = Bbox(axes.figure.bbox.get_points())
    for actor in sorted(at, key=lambda a: (-radius[a], a)):
        away = radius[actor] + 3
        near = 0.8 * away
        text = axes.annotate(
            names[actor],
            at[actor],
            (0, 0),
            textcoords="offset points",
            fontsize=8.5,
            zorder=5,
            bbox=GROUND,
            parse_math=False,
        )
        sides: tuple[tuple[float, float, str, str], ...] = (
            (0, -away, "center", "top"), (0, away, "center", "bottom"),
            (away, 0, "left", "center"), (-away, 0, "right", "center"),
            (near, -near, "left", "top"), (near, near, "left", "bottom"),
            (-near, -near, "right", "top"), (-near, near, "right", "bottom"),
        )  # fmt: skip
        costs = []
        for side in sides:
            _put(text, *side)
            box = _box(text)
            crossed = ((lines > box.min) & (lines < box.max)).all(axis=1).sum()
            outside = box.width * box.height - _shared(box, frame)
            costs.append(sum(_shared(box, other) for other in taken) + 40 * crossed + 10 * outside)
        _put(text, *sides[costs.index(min(costs))])
        taken.append(_box(text))
    return taken


def _put(text: "Text", x: float, y: float, across: str, along: str) -> None:
    text.set(position=(x, y), ha=across, va=along)


def _box(text: "Text") -> Bbox:
    return text.get_window_extent().padded(MARGIN)


def _shared(one: Bbox, other: Bbox) -> float:
    """Return the area that two boxes share."""
    both = Bbox.intersection(one, other)
    return both.width * both.height if both else 0.0


def _legend(axes: "Axes", statements: Iterable[Statement], words: dict[str, str]) -> None:
    """Say what colours, dashes and marks mean, of those that there are."""
    relations = ontology.load().relations
    signs = {relations[s.relation].sign for s in statements}
    says = {s.factuality.value for s in statements}
    kinds = {ontology.kind_of(a) for s in statements for a in (s.subject, s.object)}
    colours = _colours()
    handles = [Line2D([], [], color=colours[name], label=words[name], lw=2) for s, name in SIGNS.items() if s in signs]
    handles += [
        Line2D([], [], color=colours["ink"], linestyle=dash, label=words[name])
        for name, dash in DASHES.items()
        if name in says
    ]
    handles += [
        Line2D([], [], linestyle="", marker=mark, color=colours[kind], label=words[kind], markersize=7)
        for kind, mark in MARKS.items()
        if kind in kinds
    ]
    axes.figure.legend(handles=handles, loc="outside right upper", frameon=False, fontsize="small")


@cache
def _colours() -> dict[str, str]:
    """Return the page's colours by name, as they are on a light page."""
    text = files("kgraph.export").joinpath("page/page.css").read_text("utf-8")
    light = text[: text.index("@media")]
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", light))
