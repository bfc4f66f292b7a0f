"""A world map: where actors are, and the shapes of Natural Earth in the Equal Earth projection.

The shapes come with the package when it is built (`hatch_build.py`); without them only the grid is there. They show who
holds what, which says nothing about who has the right to it: what `disputed.tsv` names is drawn apart.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from kgraph import tables

__all__ = ["WIDTH", "place", "project", "shapes"]

WIDTH = 6000
"""The width of the world on the map, in its own units; shapes are rounded to whole ones."""
SOUTH, NORTH = -57.0, 84.0
"""The latitudes that are shown."""

ATLAS = files("kgraph").joinpath("_web", "countries-50m.json")
"""The shapes, as TopoJSON of the npm package world-atlas."""

FINEST = 0.12
"""Degrees between two points of a line, at least."""

Point = tuple[float, float]

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


def _raw(longitude: float, latitude: float) -> Point:
    """Return a place in the Equal Earth projection (Šavrič, Patterson and Jenny 2018) of a sphere of radius 1."""
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * _A4 * t**8 + 7 * _A3 * t**6 + 3 * _A2 * t**2 + _A1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * slope)
    return x, _A4 * t**9 + _A3 * t**7 + _A2 * t**3 + _A1 * t


_SCALE = WIDTH / (2 * _raw(180, 0)[0])
_TOP = _raw(0, NORTH)[1]


def project(longitude: float, latitude: float) -> Point:
    """Return where a place in degrees stands on the map: x to the right, y down from the northern edge."""
    x, y = _raw(longitude, latitude)
    return WIDTH / 2 + x * _SCALE, (_TOP - y) * _SCALE


@cache
def _coordinates() -> dict[str, Point]:
    """Return actor → longitude and latitude."""
    path = Path(str(files("kgraph.export").joinpath("coordinates.tsv")))
    found = {}
    for row in tables.read(path, ("actor", "latitude", "longitude")):
        try:
            found[row["actor"]] = (float(row["longitude"]), float(row["latitude"]))
        except ValueError:
            raise row.error("latitude and longitude are numbers of degrees") from None
    return found


@cache
def _homes() -> dict[str, str]:
    """Return person → state or organisation of the last office, capital → country."""
    actors = Path(str(files("kgraph.actors")))
    found = {row["id"]: row["capital_of"] for row in tables.read(actors / "places.tsv", ("id", "capital_of"))}
    terms = sorted(tables.read(actors / "terms.tsv", ("person", "of", "from")), key=lambda row: row["from"])
    return {actor: home for actor, home in found.items() if home} | {row["person"]: row["of"] for row in terms}


def place(actor: str) -> Point | None:
    """Return where an actor stands on the map, or None if that is not known.

    A country is in its middle, an organisation at its seat, a person where the last office was.
    """
    known = _coordinates()
    at = known.get(actor) or known.get(_homes().get(actor, ""))
    if at is None or not SOUTH <= at[1] <= NORTH:
        return None
    x, y = project(*at)
    return round(x, 1), round(y, 1)


@cache
def shapes() -> dict[str, Any]:
    """Return width and height of the map and its lines as SVG paths: grid, land, borders, disputed.

    Without the files of Natural Earth the last three are empty.
    """
    found: dict[str, Any] = {
        "width": WIDTH, "height": round(project(0, SOUTH)[1]), "grid": _grid(),
        "land": "", "borders": "", "disputed": "",
    }  # fmt: skip
    if ATLAS.is_file():
        atlas = json.loads(ATLAS.read_text("utf-8"))
        arcs = _arcs(atlas)
        found["land"] = "".join(_ring(arcs, ring) for ring in _rings(atlas["objects"]["land"]))
        found["borders"], found["disputed"] = _borders(atlas, arcs)
    return found


def _grid() -> str:
    """Return meridians and parallels every 30 degrees."""
    lines = [[(x, y) for y in range(int(SOUTH), int(NORTH) + 1, 3)] for x in range(-180, 181, 30)]
    lines += [[(-180, y), (180, y)] for y in range(-30, 61, 30)]
    return "".join(_path(line) for line in lines)


def _path(places: Iterable[Point], end: str = "") -> str:
    """Return a line through places in degrees, in whole units of the map; nothing if it comes down to a point."""
    spots: list[tuple[int, int]] = []
    for longitude, latitude in places:
        x, y = project(longitude, latitude)
        at = round(x), round(y)
        if not spots or at != spots[-1]:
            spots.append(at)
    if len(spots) < (4 if end else 2):
        return ""
    steps = "".join(f" {x - w}{' ' if y >= v else ''}{y - v}" for (w, v), (x, y) in pairwise(spots))
    return f"M{spots[0][0]} {spots[0][1]}l{steps[1:].replace(' -', '-')}{end}"


def _arcs(atlas: dict[str, Any]) -> list[list[Point]]:
    """Return the lines of a TopoJSON file in degrees, without points that stand closer than can be seen."""
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    found = []
    for steps in atlas["arcs"]:
        x = y = 0
        line: list[Point] = []
        for number, (dx, dy) in enumerate(steps, 1):
            x, y = x + dx, y + dy
            at = (x * sx + tx, y * sy + ty)
            if not line or number == len(steps) or math.dist(at, line[-1]) > FINEST:
                line.append(at)
        found.append(line)
    return found


def _rings(shape: dict[str, Any]) -> Iterator[Sequence[int]]:
    """Yield the rings of a TopoJSON geometry, as numbers of its lines; ~n is line n backwards."""
    if "geometries" in shape:
        for each in shape["geometries"]:
            yield from _rings(each)
    elif shape["type"] == "Polygon":
        yield from shape["arcs"]
    elif shape["type"] == "MultiPolygon":
        for polygon in shape["arcs"]:
            yield from polygon


def _ring(arcs: Sequence[Sequence[Point]], ring: Sequence[int]) -> str:
    """Return a closed line; one that crosses 180 degrees goes on beyond it in the east and stays in one piece."""
    places: list[Point] = []
    for number in ring:
        for x, y in arcs[number] if number >= 0 else reversed(arcs[~number]):
            turns = round((x - places[-1][0]) / 360) if places else 0
            places.append((x - 360 * turns, y))
    if max(y for _, y in places) < SOUTH:
        return ""
    over = 360 if min(x for x, _ in places) < -180 else 0
    return _path([(x + over, y) for x, y in places], "z")


def _borders(atlas: dict[str, Any], arcs: Sequence[Sequence[Point]]) -> tuple[str, str]:
    """Return the lines between two states, and those that are disputed, coasts of disputed territories with them."""
    owners: dict[int, set[str]] = defaultdict(set)
    for shape in atlas["objects"]["countries"]["geometries"]:
        for ring in _rings(shape):
            for number in ring:
                owners[max(number, ~number)].add(shape["properties"]["name"])
    agreed: list[str] = []
    disputed: list[str] = []
    for number, names in sorted(owners.items()):
        boxes = _disputes().get(frozenset(names), ())
        part: list[Point] = []
        state = None
        for one, other in pairwise(arcs[number]):
            x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
            now = any(west <= x <= east and south <= y <= north for west, south, east, north in boxes)
            if now != state:
                (disputed if state else agreed).append(_path(part) if state or len(names) > 1 else "")
                part, state = [one], now
            part.append(other)
        (disputed if state else agreed).append(_path(part) if state or len(names) > 1 else "")
    return "".join(agreed), "".join(disputed)


@cache
def _disputes() -> dict[frozenset[str], list[tuple[float, float, float, float]]]:
    """Return the names of the one or two that a line belongs to → within which boxes of degrees it is disputed."""
    path = Path(str(files("kgraph.export").joinpath("disputed.tsv")))
    sides = ("west", "south", "east", "north")
    found = defaultdict(list)
    for row in tables.read(path, ("one", "other", *sides)):
        names = frozenset({row["one"], row["other"]} - {"-"})
        west, south, east, north = (
            float(row[side] or far) for side, far in zip(sides, (-180, -90, 180, 90), strict=True)
        )
        found[names].append((west, south, east, north))
    return dict(found)
