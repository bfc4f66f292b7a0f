"""The forms under which tables may have an Indonesian word."""

import pytest
import spacy

from kgraph.extract.roles import Roles
from kgraph.language import load


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
        ("ditahannya", "menahan"),
    ],
)
def test_passive_and_bare_verbs_are_read_as_their_active_form(form, active):
    assert active in Roles(spacy.blank("id")(form), load("id")).words(0)
