"""The codes of states agree with country_converter, but for two that it takes from states that are no more."""

import csv
import importlib.util
from pathlib import Path

import pytest

from kgraph import tables
from kgraph.export import panel

DIFFER = {
    # iso3: (Correlates of War, Gleditsch and Ward)
    "DEU": (255, 260),
    "KIR": (946, 970),
    "NRU": (970, 971),
    "SRB": (345, 340),
    "TON": (955, 972),
    "TUV": (947, 973),
    "YEM": (679, 678),
}
GONE = {"VNM": ("816", "817"), "YEM": ("678", "680")}  # ours, and the codes of South Vietnam and South Yemen


@pytest.fixture(scope="module")
def states():
    table = Path(panel.__file__).with_name("states.tsv")
    return {row["iso3"]: (row["cow"], row["gw"]) for row in tables.read(table, ("iso3", "cow", "gw"))}


def test_gleditsch_and_ward_codes_are_those_of_country_converter(states):
    spec = importlib.util.find_spec("country_converter")
    if spec is None or spec.origin is None:
        pytest.skip("country_converter is not installed")
    with Path(spec.origin).with_name("country_data.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["GWcode"] and not row["obsolete"].strip()]
    theirs = {row["ISO3"]: row["GWcode"] for row in rows}
    assert states.keys() == theirs.keys()
    assert {iso: (gw, theirs[iso]) for iso, (_, gw) in states.items() if gw != theirs[iso]} == GONE
    assert len(states) > 190


def test_where_correlates_of_war_has_another_code(states):
    assert {iso: (int(cow), int(gw)) for iso, (cow, gw) in states.items() if cow != gw} == DIFFER


@pytest.mark.parametrize("system", [0, 1])
def test_a_code_is_of_one_state(states, system):
    codes = [codes[system] for codes in states.values()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("iso3", "code"), [("GBR", 200), ("RUS", 365), ("CHN", 710), ("IDN", 850), ("VNM", 816), ("XKX", 347), ("WSM", 990)]
)
def test_codes_that_both_systems_share(states, iso3, code):
    assert states[iso3] == (str(code), str(code))
