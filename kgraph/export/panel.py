"""A panel of dyads or states over time, for regression: who did what to whom in a year, with codes to join other data.

A statement counts in the period of its text's date, or else of its document's. A period is covered if a document of
that period was read; a dyad is watched if the graph says anything of it at all. A watched dyad has zeros in a covered
period in which nothing was said, and missing values in one that was not covered.
"""

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kgraph import ontology, tables
from kgraph.errors import GraphError
from kgraph.graph import interval
from kgraph.model import Evidence, Factuality

if TYPE_CHECKING:
    from kgraph.graph import Graph

__all__ = ["UNITS", "Panel", "panel", "write"]

Value = str | int | float | None

QUADS = ("verbal-cooperation", "material-cooperation", "verbal-conflict", "material-conflict")


@dataclass(frozen=True, slots=True)
class Unit:
    """What a row of a panel is about: a dyad or a state, in a year, a month or a quarter."""

    dyad: bool
    period: Callable[[date], str]
    following: Callable[[str], str]


def _next_year(period: str) -> str:
    return f"{int(period) + 1:04}"


def _next_month(period: str) -> str:
    year, month = map(int, period.split("-"))
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


def _quarter(day: date) -> str:
    return f"{day.year:04}-Q{(day.month + 2) // 3}"


def _next_quarter(period: str) -> str:
    year, quarter = int(period[:4]), int(period[-1])
    return f"{year + quarter // 4:04}-Q{quarter % 4 + 1}"


_PERIODS = {
    "year": (lambda day: f"{day.year:04}", _next_year),
    "quarter": (_quarter, _next_quarter),
    "month": (lambda day: day.isoformat()[:7], _next_month),
}
UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        f"{who}-{name}": Unit(who == "dyad", *functions)
        for who in ("dyad", "state")
        for name, functions in _PERIODS.items()
    }
)
"""Name of a unit → what it is: dyad-year, dyad-quarter, dyad-month, state-year, state-quarter, state-month."""


@dataclass(slots=True)
class _Cell:
    """What is said of a dyad or state in a period."""

    relations: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    factuality: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    quads: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    signs: list[int] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    days: list[date] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows of a panel under their columns, with the unit and whether direction counts."""

    unit: str
    directed: bool
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def records(self) -> Iterator[dict[str, Value]]:
        """Yield the rows as dictionaries."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


def panel(graph: "Graph", unit: str = "dyad-year", *, directed: bool = False, factuality: str = "certain") -> Panel:
    """Return a panel of states: `unit` is one of `UNITS`, `directed` keeps A → B and B → A apart.

    Counts are of evidence with this factuality; evidence of the two others is counted beside it. Raises GraphError for
    an unknown unit or factuality, or where no document and no statement has a date.
    """
    if unit not in UNITS:
        raise GraphError(f"There is no unit {unit!r}: it is one of {', '.join(UNITS)}.")
    if factuality not in set(Factuality):
        raise GraphError(f"There is no factuality {factuality!r}: it is one of {', '.join(Factuality)}.")
    shape = UNITS[unit]
    documents = {document.id: document.date for document in graph.documents()}
    copies = graph.copies()
    cells: dict[tuple[tuple[str, ...], str], _Cell] = defaultdict(_Cell)
    covered = {shape.period(day) for day in documents.values() if day is not None}
    for piece in graph.evidence():
        day = _day(piece, documents[piece.document])
        if day is None:
            continue
        for key in _keys(piece, dyad=shape.dyad, directed=directed):
            cell = cells[key, shape.period(day)]
            _count(cell, piece, day, copies.get(piece.document, piece.document), factuality)
            covered.add(shape.period(day))
    if not covered:
        raise GraphError("No document and no statement of this graph has a date, so there is no panel.")
    relations = list(ontology.load().relations)
    sides = ("a", "b") if shape.dyad else ("a",)
    columns = (
        *(f"{code}_{side}" for side in sides for code in ("iso3", "cow", "gw")),
        "period",
        "covered",
        *Factuality,
        *(quad.replace("-", "_") for quad in QUADS),
        "mean_sign",
        "documents",
        "sources",
        "first_date",
        "last_date",
        *relations,
    )
    rows = []
    for key in sorted({key for key, _ in cells}):
        for period in _range(min(covered), max(covered), shape.following):
            codes: list[Value] = [code for iso in key for code in (iso, *_codes().get(iso, (None, None)))]
            known = period in covered
            said = _values(cells.get((key, period), _Cell()), relations) if known else None
            blank: list[Value] = [None] * (len(columns) - len(codes) - 2)
            rows.append((*codes, period, int(known), *(said or blank)))
    return Panel(unit, directed, columns, tuple(rows))


def _day(piece: Evidence, said: date | None) -> date | None:
    """Return the first day that the text gives, or else the day of the document."""
    days = interval.parse(piece.when) if piece.when is not None else None
    return (days.first if days else None) or said


def _keys(piece: Evidence, *, dyad: bool, directed: bool) -> Iterator[tuple[str, ...]]:
    """Yield the rows that a piece of evidence belongs to, as ISO codes of states."""
    sides = [actor.partition(":") for actor in (piece.subject, piece.object)]
    if not dyad:
        yield from ((code,) for kind, _, code in sides if kind == "country")
        return
    if any(kind != "country" for kind, _, _ in sides):
        return
    a, b = (code for _, _, code in sides)
    if directed:
        yield a, b
        if ontology.load().relations[piece.relation].symmetric:
            yield b, a
    else:
        yield min(a, b), max(a, b)


def _count(cell: _Cell, piece: Evidence, day: date, source: str, factuality: str) -> None:
    cell.factuality[piece.factuality.value] += 1
    if piece.factuality.value != factuality:
        return
    relation = ontology.load().relations[piece.relation]
    cell.relations[relation.id] += 1
    cell.signs.append(relation.sign)
    if relation.quad is not None:
        cell.quads[relation.quad] += 1
    cell.documents.add(piece.document)
    cell.sources.add(source)
    cell.days.append(day)


def _values(cell: _Cell, relations: Iterable[str]) -> list[Value]:
    return [
        *(cell.factuality.get(name.value, 0) for name in Factuality),
        *(cell.quads.get(quad, 0) for quad in QUADS),
        round(sum(cell.signs) / len(cell.signs), 4) if cell.signs else None,
        len(cell.documents),
        len(cell.sources),
        min(cell.days).isoformat() if cell.days else None,
        max(cell.days).isoformat() if cell.days else None,
        *(cell.relations.get(name, 0) for name in relations),
    ]


def _range(first: str, last: str, following: Callable[[str], str]) -> Iterator[str]:
    period = first
    while period <= last:
        yield period
        period = following(period)


@cache
def _codes() -> Mapping[str, tuple[int, int]]:
    """Return ISO alpha-3 → Correlates of War and Gleditsch–Ward code."""
    rows = tables.read(Path(__file__).with_name("states.tsv"), ("iso3", "cow", "gw"))
    return MappingProxyType({row["iso3"]: (int(row["cow"]), int(row["gw"])) for row in rows})


def write(result: Panel, path: Path) -> list[Path]:
    """Write a panel as CSV or Parquet, with `codebook.md` and `datapackage.json` beside it; return the files.

    Raises GraphError for another ending, or where a file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in {".csv", ".parquet"}:
        raise GraphError(f"{path}: a panel can be written as .csv or .parquet.")
    codebook, package = path.with_name("codebook.md"), path.with_name("datapackage.json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if ending == ".csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(result.columns)
                writer.writerows(result.rows)
        else:
            _parquet(result, path)
        codebook.write_text(_codebook(result, path.name), "utf-8")
        package.write_text(json.dumps(_package(result, path), ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise GraphError(f"{path} cannot be written: {error.strerror or error}.") from error
    return [path, codebook, package]


def _parquet(result: Panel, path: Path) -> None:
    try:
        import polars as pl
    except ImportError as error:
        raise GraphError("polars is not installed: pip install 'kgraph[research]'.") from error
    types = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.String}
    schema = {name: types[_described(name)[0]] for name in result.columns}
    pl.DataFrame(list(result.rows), schema=schema, orient="row").write_parquet(path)


def _described(column: str) -> tuple[str, str]:
    """Return the type of a column, as in Frictionless Table Schema, and what it holds."""
    relations = ontology.load().relations
    if column in relations:
        return "integer", f"Evidence that {relations[column].definitions['en'][0].lower()}" + relations[
            column
        ].definitions["en"][1:]
    name, _, side = column.rpartition("_")
    if side in {"a", "b"} and name in _CODES:
        return ("string" if name == "iso3" else "integer"), f"{_CODES[name]} of state {side}."
    return _COLUMNS[column]


_CODES = {"iso3": "ISO 3166-1 alpha-3 code", "cow": "Correlates of War code", "gw": "Gleditsch and Ward code"}
_COLUMNS = {
    "period": ("string", "Year, quarter or month."),
    "covered": ("integer", "1 if a document of the period was read, else 0, and all counts are missing."),
    "certain": ("integer", "Evidence that says that something is so."),
    "negated": ("integer", "Evidence that says that something is not so."),
    "possible": ("integer", "Evidence that says that something may be so."),
    "verbal_cooperation": ("integer", "Evidence of the PLOVER quad class verbal cooperation."),
    "material_cooperation": ("integer", "Evidence of the PLOVER quad class material cooperation."),
    "verbal_conflict": ("integer", "Evidence of the PLOVER quad class verbal conflict."),
    "material_conflict": ("integer", "Evidence of the PLOVER quad class material conflict."),
    "mean_sign": ("number", "Mean sign of the relations: 1 cooperative, 0 neutral, -1 conflictual; missing if none."),
    "documents": ("integer", "Documents that say it."),
    "sources": ("integer", "Documents that say it, copies of one text counted once."),
    "first_date": ("date", "The first date of what is said."),
    "last_date": ("date", "The last date of what is said."),
}


def _codebook(result: Panel, name: str) -> str:
    direction = "a acts on b" if result.directed else "a before b in the alphabet"
    lines = [
        f"# Codebook of {name}",
        "",
        f"A row is a {result.unit.replace('-', ' in a ')}" + (f" ({direction})." if "dyad" in result.unit else "."),
        "Counts are of evidence, which is one place in one document. An empty cell is missing: the period was not",
        "covered, or the value does not exist. Zero means that documents were read and said nothing of it.",
        "",
        "| column | type | meaning |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {column} | {kind} | {text} |" for column in result.columns for kind, text in (_described(column),)]
    return "\n".join([*lines, ""])


def _package(result: Panel, path: Path) -> dict[str, Any]:
    """Return a Frictionless data package (version 1 of the specification) that describes the file."""
    content = path.read_bytes()
    key = [c for c in result.columns if c.startswith("iso3_") or c == "period"]
    fields = [
        {"name": column, "type": kind, "description": text}
        for column in result.columns
        for kind, text in (_described(column),)
    ]
    return {
        "name": f"kgraph-{result.unit}",
        "title": f"Relations between states by {result.unit}, extracted from texts by kgraph",
        "resources": [
            {
                "name": path.stem.lower().replace(" ", "-").replace("_", "-"),
                "path": path.name,
                "format": path.suffix[1:],
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "schema": {"fields": fields, "primaryKey": key, "missingValues": [""]},
            }
        ],
    }
