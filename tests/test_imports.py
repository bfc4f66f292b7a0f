"""Imports run one way: extraction knows no storage, the graph knows no language."""

import ast
from pathlib import Path

import pytest

import kgraph

PACKAGE = Path(kgraph.__file__).parent
# The parts from the bottom up. Each may import those in its row, which stand above it.
ALLOWED = {
    "errors": set(),
    "model": set(),
    "parallel": {"errors"},
    "tables": {"errors"},
    "ontology": {"errors"},
    "documents": {"errors", "model"},
    "language": {"errors", "ontology", "tables"},
    "actors": {"errors", "language", "model", "ontology", "tables"},
    "extract": {"actors", "documents", "errors", "language", "model", "ontology", "tables"},
    "graph": {"errors", "model", "ontology"},
    "query": {"errors", "graph", "model", "ontology"},
    "export": {"errors", "graph", "model", "ontology", "query", "tables"},
    "review": {"errors", "graph", "model", "ontology"},
    "serve": {"documents", "errors", "export", "graph", "model", "ontology", "query", "review"},
    "validate": {"errors", "graph", "ontology"},
    "build": {"actors", "documents", "extract", "graph", "language", "model", "ontology", "parallel"},
    "plover": {"model", "ontology"},
    "evaluate": {"build", "documents", "errors", "model", "ontology", "plover", "tables"},
    "pipe": {"build", "extract", "model"},
}


# What is on top of all parts and may import any.
TOP = {"__init__", "__main__", "cli", "cli_graph"}
# Methods of Graph hand over to these when they are called: graph.query(...), graph.to_networkx().
FACES = {"graph.py": {"export", "query"}}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kgraph"):
            parts = node.module.split(".")
            names |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {a.name.split(".")[1] for a in node.names if a.name.startswith("kgraph.")}
    return names


def test_every_module_has_its_row():
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert there == ALLOWED.keys() | TOP


def test_a_row_names_only_parts_above_it():
    above = set()
    for part, allowed in ALLOWED.items():
        assert allowed <= above, part
        above.add(part)


@pytest.mark.parametrize("part", ALLOWED)
def test_a_part_imports_only_what_stands_before_it(part):
    files = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").exists() else (PACKAGE / part).rglob("*.py")
    for file in files:
        extra = imported(file) - ALLOWED[part] - {part} - FACES.get(file.name, set())
        assert not extra, f"{file.name} imports {extra}"
