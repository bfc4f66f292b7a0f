"""Bring what is computed from evidence up to date, for the documents and statements that changed.

The ledger marks them `kg:unsettled` in the same transaction that changes them, and the mark goes last, so a run that is
killed is completed by the next one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import batched, groupby

from kgraph import ontology
from kgraph.graph import interval, sources
from kgraph.graph.encoding import document_id, iri_of, literal, row
from kgraph.graph.merge import Case, Claim, Verdict, judge
from kgraph.graph.namespaces import LEDGER, expand
from kgraph.graph.store import Change, Store

__all__ = ["mark", "settle"]

_BATCH = 1_000
_COMPUTED = (
    "kg:evidence_count",
    "kg:document_count",
    "kg:source_count",
    "kg:confidence",
    "kg:first_said",
    "kg:last_said",
    "kg:holds",
    "kg:holds_from",
    "kg:holds_until",
    "kg:contradicts",
)

Pair = tuple[str, str]
