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
    ("last Thursday", "2022-06-09"),
    ("on Friday last week", "2022-06-10"),
    ("in the spring of 1968", "1968-03/1968-05"),
    ("last winter", "2021-12/2022-02"),
    ("in the autumn", "2021-09/2021-11"),
    ("the first quarter of 2019", "2019-01/2019-03"),
    ("since the summer of 2014", "2014-06/.."),
    ("between 3 and 5 May", "2022-05-03/2022-05-05"),
    ("on 3 - 5 May 2019", "2019-05-03/2019-05-05"),
    ("in May of 1968", "1968-05"),
    ("in 1998 - 99", "1998/1999"),
    ("in 1914–18", "1914/1918"),
    ("from 1914 until 1918", "1914/1918"),
    ("from May to July 2003", "2003-05/2003-07"),
    ("since the start of the year", "2022/.."),
    ("in June last year", "2021-06"),
    ("over the weekend", "2022-06-11/2022-06-12"),
    ("since the 1990s", "1990/.."),
    ("ever since 2014", "2014/.."),
    ("since at least 2014", "2014/.."),
    ("since last June", "2021-06/.."),
    ("next June", "2023-06"),
    ("in June of last year", "2021-06"),
    ("in May of this year", "2022-05"),
    ("the week before last", "2022-05-30/2022-06-05"),
    ("the first half of 2021", "2021-01/2021-06"),
    ("half a century ago", "1972"),
    ("a century ago", "1922"),
    ("twenty - five years ago", "1997"),
    ("in mid-2021", "2021"),
    ("in the last week of May", "2022-05"),
    ("from 3 to 5 May", "2022-05-03/2022-05-05"),
    ("at the start of the year", "2022"),
    ("in the ' 90s", "1990/1999"),
    ("in 1776", "1776"),
    ("by the end of 2025", "../2025"),
    ("before 3 May", "../2022-05-03"),
    ("before dawn on Wednesday", "2022-06-15"),
    ("for three days last week", "2022-06-06/2022-06-12"),
    ("from Monday to Friday", "2022-06-06/2022-06-10"),
    ("on 2019 - 05 - 24", "2019-05-24"),
    ("on June 12th and 13th", "2022-06-12/2022-06-13"),
]
COUNTED = [  # from 10 May 2022, the date that was named before
    ("en", "that night", "2022-05-10"),
    ("en", "the next day", "2022-05-11"),
    ("en", "ten days earlier", "2022-04-30"),
    ("en", "three years later", "2025"),
    ("en", "the following week", "2022-05-16/2022-05-22"),
    ("en", "in March 2020 and two months later", "2020-05"),
    ("en", "on 3 May 2022 , the day after it met him", "2022-05-02"),
    ("en", "on 3 May 2022 . The day after", "2022-05-04"),
    ("id", "hari yang sama", "2022-05-10"),
    ("id", "keesokan harinya", "2022-05-11"),
    ("id", "dua pekan kemudian", "2022-05-24"),
    ("id", "setahun sebelumnya", "2021"),
    ("id", "pekan berikutnya", "2022-05-16/2022-05-22"),
]
AHEAD = [
    ("en", "on Monday", "2022-06-20"),
    ("en", "in January", "2023-01"),
    ("en", "on 1 March", "2023-03-01"),
    ("en", "from 2030", "2030"),
    ("en", "in the autumn", "2022-09/2022-11"),
    ("id", "pada Senin", "2022-06-20"),
    ("id", "mulai Januari", "2023-01"),
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
    ("Rabu malam ( 15/6 )", "2022-06-15"),
    ("semalam ( 15/6 )", "2022-06-15"),
    ("Rabu malam WIB ( 15/6 )", "2022-06-15"),
    ("Jumat pekan lalu", "2022-06-10"),
    ("era 1980-an", "1980/1989"),
    ("sebulan lalu", "2022-05"),
    ("13 Agu 2024", "2024-08-13"),
    ("dari 2003 hingga 2008", "2003/2008"),
    ("sejak pekan lalu", "2022-06-06/.."),
    ("pertengahan Mei", "2022-05"),
    ("dari Mei hingga Juli 2003", "2003-05/2003-07"),
    ("sejak awal tahun", "2022/.."),
    ("pada Juni tahun lalu", "2021-06"),
    ("periode 2003 - 2008", "2003/2008"),
    ("pada 3 - 5 Mei 2019", "2019-05-03/2019-05-05"),
    ("sejak dekade 1990-an", "1990/.."),
    ("mulai tahun depan", "2023/.."),
    ("minggu lalu", "2022-06-06/2022-06-12"),
    ("pada Minggu", "2022-06-12"),
    ("Mei lalu", "2022-05"),
    ("pada Desember mendatang", "2022-12"),
    ("awal tahun", "2022"),
    ("awal pekan", "2022-06-13/2022-06-19"),
    ("semester pertama 2021", "2021-01/2021-06"),
    ("triwulan I 2022", "2022-01/2022-03"),
    ("musim dingin 2021", "2021-12/2022-02"),
    ("era 90-an", "1990/1999"),
    ("dua puluh lima tahun lalu", "1997"),
    ("setengah abad lalu", "1972"),
    ("abad lalu", "1900/1999"),
    ("pada 13 dan 14 Juni 2022", "2022-06-13/2022-06-14"),
    ("13 hingga 15 Juni", "2022-06-13/2022-06-15"),
    ("Senin-Selasa ( 13 - 14/6 )", "2022-06-13/2022-06-14"),
    ("13-06-2022", "2022-06-13"),
]


def read(code, text, day=DAY, before=None):
    return find(text.split(), day, load(code).dates, *([lambda: before] if before else []))


@pytest.mark.parametrize(
    ("code", "text", "value"), [*(("en", *row) for row in ENGLISH), *(("id", *row) for row in INDONESIAN)]
)
def test_what_is_past_or_present(code, text, value):
    assert [d.value for d in read(code, text)] == [value]


@pytest.mark.parametrize(("code", "text", "value"), AHEAD)
def test_what_is_yet_to_come(code, text, value):
    assert [d.ahead for d in read(code, text)] == [value]


@pytest.mark.parametrize(("code", "text", "value"), COUNTED)
def test_counted_from_the_date_named_before(code, text, value):
    found = read(code, text, before="2022-05-10")
    assert found[-1].value == value
    assert all(d.value != value for d in read(code, text)) or len(found) > 1


def test_what_is_counted_from_a_date_that_is_named_after_it():
    found = read("en", "two days after they met , they left on Wednesday")
    assert [d.value for d in found] == ["2022-06-13", "2022-06-15"]


def test_nothing_is_counted_from_a_date_that_is_less_precise():
    assert read("en", "the next day", before="2022-05") == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "may join the union"),
        ("en", "they march on"),
        ("en", "2000 troops"),
        ("en", "the second man"),
        ("en", "several years ago"),
        ("en", "on 9/11"),
        ("id", "beberapa tahun lalu"),
        ("id", "2000 orang"),
        ("id", "minggu kedua"),
        ("en", "for the first time since 1998"),
        ("id", "untuk pertama kali sejak 1998"),
    ],
)
def test_what_is_no_date(code, text):
    assert read(code, text) == []


def test_without_a_document_date_only_absolute_dates_are_resolved():
    assert read("en", "on Wednesday in March 2014", day=None)[0].value == "2014-03"
