"""kgraph: reads news and analysis and turns it into a sourced knowledge graph of geopolitical relations.

>>> import kgraph
>>> graph = kgraph.build(["examples/news"])            # doctest: +SKIP
>>> graph.statements(subject="country:KAZ")            # doctest: +SKIP
"""

from kgraph.build import build
from kgraph.errors import KgraphError
from kgraph.graph import Graph
from kgraph.model import Document, Evidence, Factuality, Mention, Span, Statement

__all__ = [
    "Document",
    "Evidence",
    "Factuality",
    "Graph",
    "KgraphError",
    "Mention",
    "Span",
    "Statement",
    "build",
]
