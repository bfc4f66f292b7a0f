"""Where actors stand on the map, and the lines that it draws."""

import json
from importlib.resources import files

import pytest

from kgraph import ontology, tables
from kgraph.export import worldmap


def rows(name, *columns):
    return list(tables.read(files("kgraph.export").joinpath(name), columns))


def test_the_projection_is_equal_earth():
    """The half axes of the sphere of radius 1 are 2.70663 and 1.31737 (Šavrič, Patterson and Jenny 2018)."""
    half = worldmap.WIDTH / 2
    assert worldmap.project(180, 0)[0] - half == pytest.approx(half)
    pole, equator = worldmap.project(0, 90)[1], worldmap.project(0, 0)[1]
    assert (equator - pole) / half == pytest.approx(1.31737 / 2.70663, rel=1e-4)


@pytest.mark.parametrize(
    ("west", "east"),
    [("country:USA", "country:FRA"), ("country:FRA", "country:KAZ"), ("country:KAZ", "country:JPN"),
     ("person:joko-widodo", "country:AUS"), ("org:EAEU", "country:CHN")],
)  # fmt: skip
def test_what_is_farther_east_stands_farther_right(west, east):
    assert worldmap.place(west)[0] < worldmap.place(east)[0]


def test_every_country_has_a_place_unless_it_lies_beyond_the_frame():
    places = {row["actor"]: float(row["latitude"]) for row in rows("coordinates.tsv", "actor", "latitude", "longitude")}
    countries = tables.read(files("kgraph.actors").joinpath("countries.tsv"), ("id",))
    for row in countries:
        assert row["id"] in places
        inside = worldmap.SOUTH <= places[row["id"]] <= worldmap.NORTH
        assert (worldmap.place(row["id"]) is not None) == inside
    assert worldmap.place("person:nobody-known") is None


def test_coordinates_are_of_known_kinds_and_on_the_globe():
    for row in rows("coordinates.tsv", "actor", "latitude", "longitude"):
        assert ontology.kind_of(row["actor"]) in ontology.load().kinds, row
        assert abs(float(row["latitude"])) <= 90, row
        assert abs(float(row["longitude"])) <= 180, row


@pytest.mark.skipif(not worldmap.ATLAS.is_file(), reason="built without npm")
def test_disputed_borders_are_in_the_atlas_and_drawn():
    shapes = json.loads(worldmap.ATLAS.read_text("utf-8"))["objects"]["countries"]["geometries"]
    known = {shape["properties"]["name"] for shape in shapes} | {"-"}
    for row in rows("disputed.tsv", "one", "other"):
        assert {row["one"], row["other"]} <= known, row
    drawn = worldmap.shapes()
    assert drawn["disputed"].count("M") > 20
    assert drawn["land"].count("z") > 200
    assert len(drawn["land"]) + len(drawn["borders"]) < 500_000, "the page stays small"
