"""The graph as tables: one row a statement, one row a piece of evidence."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

from kgraph import ontology
from kgraph.errors import GraphError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from kgraph.graph import Graph
    from kgraph.model import Statement

__all__ = ["WRITERS", "evidence_records", "records", "to_pandas", "to_polars"]

Record = dict[str, str | int | float | None]


def records(graph: "Graph", **filters: Any) -> Iterator[Record]:
    """Yield one flat record a statement; filters as in `Graph.statements`. Lists are joined by ` | `."""
    labels = {actor: named.labels.get("en", actor) for actor, named in graph.labels().items()}
    for statement in graph.statements(**filters):
        yield _record(statement, labels)


def _record(statement: "Statement", labels: Mapping[str, str]) -> Record:
    relation = ontology.load().relations[statement.relation]
    claimants = sorted({e.attributed_to for e in statement.evidence if e.attributed_to})
    return {
        "subject": statement.subject,
        "subject_label": labels.get(statement.subject, statement.subject),
        "relation": statement.relation,
        "object": statement.object,
        "object_label": labels.get(statement.object, statement.object),
        "factuality": statement.factuality.value,
        "symmetric": str(relation.symmetric).lower(),
        "sign": relation.sign,
        "plover": relation.plover,
        "quad": relation.quad,
        "confidence": statement.confidence,
        "evidence": len(statement.evidence),
        "documents": len(statement.documents),
        "sources": len(statement.sources),
        "first_said": _iso(statement.first_said),
        "last_said": _iso(statement.last_said),
        "holds": statement.holds,
        "contradicts": " | ".join(statement.contradicts) or None,
        "attributed_to": " | ".join(claimants) or None,
        "id": statement.id,
    }


def evidence_records(graph: "Graph", **filters: Any) -> Iterator[Record]:
    """Yield one flat record a piece of evidence; filters as in `Graph.statements`."""
    documents = {document.id: document for document in graph.documents()}
    for statement in graph.statements(**filters):
        for piece in statement.evidence:
            document = documents[piece.document]
            spans = {
                f"{name}_{end}": getattr(getattr(piece, span), end)
                for name, span in (
                    ("sentence", "sentence"),
                    ("subject", "subject_span"),
                    ("cue", "cue_span"),
                    ("object", "object_span"),
                )
                for end in ("start", "end")
            }
            yield {
                "statement": statement.id,
                "subject": piece.subject,
                "relation": piece.relation,
                "object": piece.object,
                "factuality": piece.factuality.value,
                "quote": piece.quote,
                "document": piece.document,
                "date": _iso(document.date),
                "language": document.language,
                "url": document.url,
                "title": document.title,
                "attributed_to": piece.attributed_to,
                "agent": piece.agent,
                "counterpart_agent": piece.counterpart_agent,
                "when": piece.when,
                "rule": piece.rule,
                "confidence": piece.confidence,
                **spans,
                "id": piece.id,
            }


def to_pandas(graph: "Graph", **filters: Any) -> "pd.DataFrame":
    """Return one row a statement, as `records` gives it; raise GraphError if pandas is not installed."""
    try:
        import pandas as pd
    except ImportError as error:
        raise GraphError("pandas is not installed: pip install 'kgraph[research]'.") from error
    return pd.DataFrame.from_records(list(records(graph, **filters)), columns=list(_columns()))


def to_polars(graph: "Graph", **filters: Any) -> "pl.DataFrame":
    """Return one row a statement, as `records` gives it; raise GraphError if polars is not installed."""
    try:
        import polars as pl
    except ImportError as error:
        raise GraphError("polars is not installed: pip install 'kgraph[research]'.") from error
    types = {str: pl.String, int: pl.Int64, float: pl.Float64}
    schema = {name: types[kind] for name, kind in _columns().items()}
    return pl.DataFrame(list(records(graph, **filters)), schema=schema)


def _columns() -> dict[str, type]:
    """Return the columns of `records` and what they hold."""
    numbers = {"sign": int, "confidence": float, "evidence": int, "documents": int, "sources": int}
    names = (
        *(
            "subject",
            "subject_label",
            "relation",
            "object",
            "object_label",
            "factuality",
            "symmetric",
            "sign",
        ),
        *(
            "plover",
            "quad",
            "confidence",
            "evidence",
            "documents",
            "sources",
            "first_said",
            "last_said",
            "holds",
        ),
        *("contradicts", "attributed_to", "id"),
    )
    return {name: numbers.get(name, str) for name in names}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _csv(graph: "Graph", output: IO[bytes]) -> None:
    write_csv(records(graph), list(_columns()), output)


def _parquet(graph: "Graph", output: IO[bytes]) -> None:
    to_polars(graph).write_parquet(output, compression="zstd")


def write_csv(rows: Iterator[Record], columns: list[str], output: IO[bytes]) -> None:
    """Write records as CSV (RFC 4180, UTF-8), with a header."""
    text = io.TextIOWrapper(output, "utf-8", newline="", write_through=True)
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    text.detach()


WRITERS: Mapping[str, Callable[["Graph", IO[bytes]], None]] = MappingProxyType({"csv": _csv, "parquet": _parquet})
"""Format name → what writes a graph's statements in it."""
