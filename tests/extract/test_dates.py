"""Date expressions against a document of Thursday 16 June 2022."""

from datetime import date

import pytest

from kgraph.extract.dates import find
from kgraph.language import load

DAY = date(2022, 6, 16)
ENGLISH = [
    ("on Wednesday", "2022-06-15"),
    ("on Thursday", "2022-06-16"),
    ("next Monday", "2022-06-20"),
    ("yesterday", "2022-06-15"),
    ("on 24 February 2022", "2022-02-24"),
    ("on February 24 , 2022", "2022-02-24"),
    ("on March 3", "2022-03-03"),
    ("on 20 December", "2021-12-20"),
    ("in March 2014", "2014-03"),
    ("in 1952", "1952"),
    ("since 2014", "2014/.."),
    ("from 2014 to 2018", "2014/2018"),
    ("between 1991 and 1994", "1991/1994"),
    ("last year", "2021"),
    ("last month", "2022-05"),
    ("last week", "2022-06-06/2022-06-12"),
    ("three years ago", "2019"),
    ("two days ago", "2022-06-14"),
    ("last Christmas", "2021-12-25"),
    ("in the 1990s", "1990/1999"),
    ("2022-02-24", "2022-02-24"),
]
INDONESIAN = [
    ("Rabu ( 15/6 )", "2022-06-15"),
    ("Rabu ( 15/6/2022 )", "2022-06-15"),
    ("pada 24 Februari 2022", "2022-02-24"),
    ("pada Maret 2014", "2014-03"),
    ("sejak 2014", "2014/.."),
    ("tahun lalu", "2021"),
    ("bulan lalu", "2022-05"),
    ("pekan lalu", "2022-06-06/2022-06-12"),
    ("kemarin", "2022-06-15"),
    ("tiga tahun lalu", "2019"),
    ("Kamis", "2022-06-16"),
]


@pytest.mark.parametrize(("text", "value"), ENGLISH)
def test_english(text, value):
    assert [d.value for d in find(text.lower().split(), DAY, load("en").dates)] == [value]


@pytest.mark.parametrize(("text", "value"), INDONESIAN)
def test_indonesian(text, value):
    assert [d.value for d in find(text.lower().split(), DAY, load("id").dates)] == [value]


@pytest.mark.parametrize("text", ["may join the union", "they march on", "2000 troops", "the second man"])
def test_what_is_no_date(text):
    assert find(text.split(), DAY, load("en").dates) == []


def test_without_a_document_date_only_absolute_dates_are_resolved():
    assert find(["on", "wednesday", "in", "march", "2014"], None, load("en").dates)[0].value == "2014-03"
