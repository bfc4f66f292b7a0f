"""The actor tables: complete, unambiguous, and named in every language."""

import re
from collections import defaultdict

import pytest
from babel import Locale

from kgraph.actors.gazetteer import actors, load, people
from kgraph.language import available
from kgraph.language import load as load_language

ISO2 = {a.iso2: a.id for a in actors().values() if a.iso2}
CODE = re.compile(r"[A-Z]{2}")
# Codes of CLDR that are no ISO 3166-1 country.
OUTSIDE = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "AQ"}


def cldr(language):
    return {c: n for c, n in Locale(language).territories.items() if CODE.fullmatch(c) and c not in OUTSIDE}


@pytest.mark.parametrize("code", sorted(cldr("en")))
def test_every_country_is_in_the_tables(code):
    assert code in ISO2


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_cldr_name_resolves(language):
    entries = load(language).entries
    lost = [
        (code, name)
        for code, name in cldr(language).items()
        if ISO2.get(code) not in {n.actor for n in entries.get(name.lower().replace("’", "'"), ())}
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("kind", "least"), [("country", 249), ("org", 60), ("group", 40), ("place", 40), ("treaty", 30), ("person", 300)]
)
def test_there_are_enough_of_each_kind(kind, least):
    assert sum(1 for a in actors() if a.startswith(kind + ":")) >= least


def test_offices_since_2010():
    recent = {p.id for p in people().values() for t in p.terms if not t.last or t.last >= "2010"}
    assert len(recent) >= 150


@pytest.mark.parametrize("language", available())
def test_every_actor_has_a_name(language):
    named = {n.actor for n in load_language(language).names}
    capital = {a for a in actors() if a.startswith("place:")}
    lost = set(actors()) - named - set(people()) - capital
    assert lost == set()


@pytest.mark.parametrize("language", available())
def test_every_name_is_that_of_an_actor(language):
    named = {n.actor for n in load_language(language).names if n.actor}
    assert named - set(actors()) - set(people()) == set()


@pytest.mark.parametrize("language", available())
def test_a_form_of_two_actors_says_how_to_tell_them_apart(language):
    rows = defaultdict(list)
    for name in load_language(language).names:
        rows[name.form].append(name)
    for form, names in rows.items():
        open_ended = [n for n in names if not n.needs and n.first is None and n.last is None]
        assert len({n.actor for n in open_ended}) <= 1, form


@pytest.mark.parametrize("form", ["Georgia", "Jordan", "Chad", "Guinea", "Turkey", "Washington", "Congo"])
def test_names_that_mean_something_else_need_a_witness(form):
    (name,) = [n for n in load_language("en").names if n.form == form]
    assert name.needs or name.avoid
