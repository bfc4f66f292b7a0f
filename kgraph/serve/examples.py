"""Examples of the named questions: their SPARQL, filled with what the graph says most of."""

from collections import Counter

from kgraph import ontology
from kgraph.errors import QueryError
from kgraph.graph import contents
from kgraph.query import questions
from kgraph.serve.live import Snapshot

__all__ = ["examples"]


def examples(now: Snapshot) -> dict[str, str]:
    """Return name → SPARQL of the questions that actors and relations of this graph can fill."""
    query = """SELECT ?node (COUNT(?s) AS ?n) { VALUES ?p { rdf:subject rdf:object rdf:predicate } ?s ?p ?node }
        GROUP BY ?node ORDER BY DESC(?n) ?node"""
    busiest: dict[str, list[str]] = {}
    for node, _ in now.graph.store.select(query):
        name = contents.text(node)
        relation = name.startswith(ontology.NAMESPACE)
        short = name.removeprefix(ontology.NAMESPACE) if relation else ontology.short(name)
        for sort in ("relation",) if relation else (ontology.kind_of(short), "actor"):
            busiest.setdefault(sort, []).append(short)
    found = {}
    for question in questions().values():
        given = {}
        used: Counter[str] = Counter()
        for parameter in question.parameters:
            if parameter.default is None and len(busiest.get(parameter.sort, [])) > used[parameter.sort]:
                given[parameter.name] = busiest[parameter.sort][used[parameter.sort]]
                used[parameter.sort] += 1
        try:
            found[question.name] = question.filled(given, now.graph)
        except QueryError:
            continue
    return found
