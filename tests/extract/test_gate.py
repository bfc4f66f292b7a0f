"""The gate before the parser saves work and hardly anything else: what it keeps back yields no statement."""

import random
from datetime import date
from pathlib import Path

import pytest

from kgraph import Document, documents
from kgraph.extract import reader
from kgraph.extract.roles import Roles
from kgraph.tables import read

ROOT = Path(__file__).parents[2]


def texts(code):
    """Yield the example news and articles shuffled from the sentences of the tables, so that all have a context."""
    yield from documents.read([ROOT / "examples" / "news"], pytest.fail)
    tables = ROOT / "tests" / "language"
    rows = [row["text"] for row in read(tables / f"{code}.tsv", ["date", "text", "statements", "note"])]
    rows += (tables / f"{code}.idle.txt").read_text(encoding="utf-8").split("\n")
    random.Random(5).shuffle(rows)
    for k in range(0, len(rows), 7):
        yield Document(f"article {k}", " ".join(rows[k : k + 7]), date(2024, 5, 1), code)


@pytest.mark.parametrize("code", ["en", "id"])
def test_the_gate_costs_hardly_a_statement(code):
    reading = reader.load(code)
    given = [d for d in texts(code) if documents.with_language(d, ["en", "id"]).language == code]
    parsed = vain = both = different = 0
    for document, found in reading.read(given):
        pieces, known = reading.prepare(document)
        docs = reading.parse([reading.tokens(document, p) for p in pieces])
        everything = set(reading.gather(document, pieces, [Roles(doc, reading.language) for doc in docs], known))
        both += len(everything.intersection(found))
        different += len(everything.symmetric_difference(found))
        parsed += len(pieces)
        vain += sum(reading.begin(document).admitted) - len({e.sentence for e in found})
    assert different < 0.005 * both
    assert vain < 0.25 * parsed  # admitted, and nothing is found in them


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Mild weather warmed Peru and Chile."),
        ("en", "Butterflies colour Ghana, and sunshine delighted Togo."),
        ("id", "Hujan deras turun di Peru dan Chili."),
    ],
)
def test_names_without_a_cue_are_not_parsed(code, text):
    assert reader.load(code).begin(Document("d", text, None, code)).docs == []


def test_who_is_named_in_a_sentence_that_is_not_parsed_can_be_referred_to():
    text = "Rain is expected over Peru on Monday. The country attacked Chile."
    ((_, found),) = reader.load("en").read([Document("d", text, date(2024, 5, 1), "en")])
    assert [(e.subject, e.relation, e.object) for e in found] == [("country:PER", "attacks", "country:CHL")]
