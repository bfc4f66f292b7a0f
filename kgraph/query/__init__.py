"""Ask a graph: SPARQL that anybody typed, within limits, and the library of named questions."""

from kgraph.query.named import Question, actors_in, ask, questions
from kgraph.query.sparql import Answer, Limits, query, update

__all__ = ["Answer", "Limits", "Question", "actors_in", "ask", "query", "questions", "update"]
