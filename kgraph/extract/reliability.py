"""How often each rule is right, as estimated from development text (`kgraph evaluate --calibrate`)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kgraph.tables import read

__all__ = ["DEFAULT", "of"]

DEFAULT = 0.7
FILE = Path(__file__).with_name("reliability.tsv")


@cache
def _table() -> Mapping[str, float]:
    return {row["rule"]: float(row["precision"]) for row in read(FILE, ["rule", "precision"])} if FILE.is_file() else {}


def of(rule: str) -> float:
    """Return the precision of a rule: its own if it was seen often enough, else that of its relation."""
    table = _table()
    return table.get(rule) or table.get("/".join(rule.split("/")[:2])) or DEFAULT
