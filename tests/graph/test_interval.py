"""Dates and intervals keep their precision and know their days."""

from datetime import date

import pytest

from kgraph.errors import GraphError
from kgraph.graph.interval import Interval, parse


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2014", "2014-01-01", "2014-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2014-03-18", "2014-03-18", "2014-03-18"),
        ("2010/2014-03", "2010-01-01", "2014-03-31"),
        ("2014/..", "2014-01-01", None),
        ("../2013", None, "2013-12-31"),
    ],
)
def test_days_of(when, first, last):
    days = (None if day is None else date.fromisoformat(day) for day in (first, last))
    assert parse(when) == Interval(*days)


@pytest.mark.parametrize("when", ["", "14", "2014-13", "2014-02-30", "2015/2014", "2014-3", "0000", "٢٠١٤", "now/.."])
def test_what_is_no_date_is_refused(when):
    with pytest.raises(GraphError):
        parse(when)


def test_overlap_and_containment():
    assert parse("2014").overlaps(parse("2014-12-31/.."))
    assert not parse("2014").overlaps(parse("2015/.."))
    assert parse("../2013").overlaps(parse("2000"))
    assert parse("2014-03").contains(date(2014, 3, 31))
    assert not parse("2014-03").contains(date(2014, 4, 1))
