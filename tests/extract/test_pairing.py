"""Pairs that cannot be admitted are not weighed in full, and none that would be admitted is lost by that."""

from datetime import date
from pathlib import Path

import pytest

from kgraph import Document
from kgraph.extract import pairing, reader
from kgraph.tables import read

TABLES = Path(__file__).parents[1] / "language"


def named(pair):
    """Return what tells a pair from others of its sentence."""
    c = pair.candidate
    return c.match.cue.id, c.match.head, c.subject.mention.actor, c.object.mention.actor, c.penalty


@pytest.mark.parametrize("code", ["en", "id"])
def test_the_pairs_wanted_are_those_of_all_that_are_admitted(code, monkeypatch):
    reading = reader.load(code)
    rows = [row["text"] for row in read(TABLES / f"{code}.tsv", ["date", "text", "statements", "note"])][::3]
    document = Document("d", "", date(2024, 5, 1), code)
    seen = []

    def observe(sentence, every):
        _, known = reading.prepare(document)
        wanted = pairing.pairs(sentence, reading.matches(sentence), known, reading.weights)
        admitted = [p for p in every if reading.weights.admits(p.candidate.penalty, reading.weights.chance(p))]
        assert [named(p) for p in wanted] == [named(p) for p in admitted]
        seen.append((len(admitted), len(every)))

    monkeypatch.setattr(reading, "observe", observe)
    for k in range(0, len(rows), 4):
        document = Document("d", " ".join(rows[k : k + 4]), date(2024, 5, 1), code)
        for _ in reading.read([document]):
            pass
    admitted, every = map(sum, zip(*seen, strict=True))
    assert 100 < admitted < every / 2
