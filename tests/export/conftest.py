"""Graphs to export: one made by hand, one built from the examples."""

from pathlib import Path

import pytest

import kgraph
from tests.graph.cases import filled, known

EXAMPLES = Path(__file__).parent.parent.parent / "examples" / "news"


@pytest.fixture(scope="session")
def examples():
    return kgraph.build([EXAMPLES])


@pytest.fixture(params=["known", "examples"])
def either(request):
    return filled(known()) if request.param == "known" else request.getfixturevalue("examples")
