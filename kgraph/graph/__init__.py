"""The graph: evidence merged into statements, in memory, on disk or at a SPARQL server."""

from kgraph.graph.encoding import ActorLabels
from kgraph.graph.graph import Added, Graph

__all__ = ["ActorLabels", "Added", "Graph"]
