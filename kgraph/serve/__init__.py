"""The local web application: the explorer on the live graph, SPARQL, documents, review."""

from kgraph.serve.api import texts_of
from kgraph.serve.app import LIMITS, application, run
from kgraph.serve.live import Live

__all__ = ["LIMITS", "Live", "application", "run", "texts_of"]
