"""The codes of states agree with country_converter, where that is installed."""

import csv
import importlib.util
from pathlib import Path

import pytest

from kgraph import tables
from kgraph.export import panel


def test_gleditsch_and_ward_codes():
    spec = importlib.util.find_spec("country_converter")
    if spec is None or spec.origin is None:
        pytest.skip("country_converter is not installed")
    with Path(spec.origin).with_name("country_data.tsv").open(encoding="utf-8") as file:
        rows = {row["ISO3"]: row for row in csv.DictReader(file, delimiter="\t")}
    table = Path(panel.__file__).with_name("states.tsv")
    ours = {row["iso3"]: row["gw"] for row in tables.read(table, ("iso3", "cow", "gw"))}
    assert ours == {iso: row["GWcode"] for iso, row in rows.items() if row["GWcode"] and not row["obsolete"].strip()}
    assert len(ours) > 190
