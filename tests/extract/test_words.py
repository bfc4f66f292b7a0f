"""The forms under which tables may have an Indonesian word."""

import pytest
import spacy

from kgraph.extract import reader
from kgraph.extract.roles import Roles
from kgraph.language import load
from kgraph.model import Document


@pytest.mark.parametrize(
    ("form", "active"),
    [
        ("diserang", "menyerang"),
        ("serang", "menyerang"),
        ("dipasok", "memasok"),
        ("diprotes", "memprotes"),
        ("diperluas", "memperluas"),
        ("ditolak", "menolak"),
        ("kecam", "mengecam"),
        ("dijatuhkan", "menjatuhkan"),
        ("bom", "mengebom"),
        ("akui", "mengakui"),
        ("diakui", "mengakui"),
        ("ditahannya", "menahan"),
    ],
)
def test_passive_and_bare_verbs_are_read_as_their_active_form(form, active):
    assert active in Roles(spacy.blank("id")(form), load("id")).words(0)


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("Serangan rudal dilancarkan Iran ke Israel pada Sabtu.", ("country:IRN", "attacks", "country:ISR")),
        ("China menuduh AS mencampuri urusan dalam negeri Taiwan.", ("country:USA", "coerces", "country:TWN")),
        ("Indonesia memberikan bantuan senilai 2 juta dollar kepada Fiji.", ("country:IDN", "aids", "country:FJI")),
    ],
)
def test_slots_are_filled_where_the_parse_hangs_words_elsewhere(text, statement):
    reading = reader.Reader("id")
    reading.weights = None  # the frames alone
    ((_, evidence),) = reading.read([Document("d", text, None, "id")])
    assert statement in {(e.subject, e.relation, e.object) for e in evidence}
