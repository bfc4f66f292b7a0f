r"""Whose claim a statement is and when it holds: rows of text → speaker and date.

The rows of `*.kept.tsv` were written before the rules and are counted, not mended one by one. `\n` ends a headline.
"""

from datetime import date
from pathlib import Path

import pytest

from kgraph.evaluate import key_of
from kgraph.extract.reader import load
from kgraph.model import Document
from kgraph.tables import Row, read

FOLDER = Path(__file__).parent / "said"
COLUMNS = ["date", "text", "subject", "relation", "object", "speaker", "when"]
KEPT = 0.75  # of the rows kept aside, speaker and date must be right in this share at least


def found(code: str, row: Row) -> list[tuple[str, str]]:
    """Return speaker and date of each piece of evidence for a row's statement."""
    document = Document("row", row["text"].replace("\\n", "\n"), date.fromisoformat(row["date"]), code)
    wanted = key_of(row["subject"], row["relation"], row["object"])
    ((_, evidence),) = load(code).read([document])
    return [
        (e.attributed_to or "", e.when or "") for e in evidence if key_of(e.subject, e.relation, e.object) == wanted
    ]


@pytest.mark.parametrize(
    ("code", "row"),
    [
        pytest.param(code, row, id=f"{row['text']} {row['relation']}")
        for code in ("en", "id")
        for row in read(FOLDER / f"{code}.tsv", COLUMNS)
    ],
)
def test_speaker_and_date(code, row):
    assert (row["speaker"], row["when"]) in found(code, row)


@pytest.mark.parametrize("code", ["en", "id"])
def test_rows_kept_aside(code):
    rows = list(read(FOLDER / f"{code}.kept.tsv", COLUMNS))
    right = [row for row in rows if (row["speaker"], row["when"]) in found(code, row)]
    assert len(right) >= KEPT * len(rows), [row["text"] for row in rows if row not in right]
