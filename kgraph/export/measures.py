"""Measures of the network of actors that people ask for at once, computed with NetworkX."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import networkx as nx

from kgraph import ontology
from kgraph.model import Factuality

if TYPE_CHECKING:
    from kgraph.graph import Graph
    from kgraph.model import Statement

__all__ = [
    "Balance",
    "balance",
    "betweenness",
    "communities",
    "communities_of",
    "degree",
    "network",
    "shared_memberships",
]


@dataclass(frozen=True, slots=True)
class Balance:
    """Signed triads of a period: how many there are and how many of them are balanced."""

    period: str
    triads: int
    balanced: int

    @property
    def share(self) -> float | None:
        """Return the share of balanced triads, None if there are no triads."""
        return self.balanced / self.triads if self.triads else None


def network(graph: "Graph", *, sign: int | None = None, **filters: Any) -> "nx.Graph[str]":
    """Return the simple undirected network of actors that certain statements relate.

    `sign` keeps cooperative (1), conflictual (-1) or neutral (0) relations. An edge's `weight` is the number of
    statements and its `sign` that of their sum. Filters as in `Graph.statements`.
    """
    return _network(_certain(graph, sign, filters))


def degree(graph: "Graph", **filters: Any) -> dict[str, int]:
    """Return actor → number of other actors it is related to, the most first; filters as in `network`."""
    return _ordered(dict(network(graph, **filters).degree()))


def betweenness(graph: "Graph", **filters: Any) -> dict[str, float]:
    """Return actor → betweenness centrality (Freeman 1977), from 0 to 1, the highest first."""
    found = nx.betweenness_centrality(network(graph, **filters))
    return _ordered({actor: round(value, 6) for actor, value in found.items()})


def communities(graph: "Graph", **filters: Any) -> list[tuple[str, ...]]:
    """Return communities of actors by the Louvain method (Blondel 2008) on cooperative relations, the largest first."""
    return communities_of(_certain(graph, None, filters))


def communities_of(statements: "Iterable[Statement]") -> list[tuple[str, ...]]:
    """Return communities as `communities` does, of the certain ones of these statements."""
    relations = ontology.load().relations
    cooperative = _network(
        s for s in statements if s.factuality is Factuality.CERTAIN and relations[s.relation].sign == 1
    )
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(sorted(cooperative))
    ordered.add_weighted_edges_from(sorted((*sorted((a, b)), d["weight"]) for a, b, d in cooperative.edges(data=True)))
    found = nx.community.louvain_communities(ordered, seed=1)
    return sorted((tuple(sorted(each)) for each in found), key=lambda each: (-len(each), each))


def balance(graph: "Graph") -> list[Balance]:
    """Return the structural balance of each year in which documents said something (Cartwright and Harary 1956).

    A triad of actors is balanced if the product of its three signs is positive. A statement counts in the years of
    its documents.
    """
    years: dict[str, list[Statement]] = defaultdict(list)
    said = {document.id: document.date for document in graph.documents()}
    for statement in _certain(graph, None, {}):
        for year in {day.year for e in statement.evidence if (day := said[e.document]) is not None}:
            years[f"{year:04}"].append(statement)
    return [_balance(year, _network(statements)) for year, statements in sorted(years.items())]


def _balance(period: str, signed: "nx.Graph[str]") -> Balance:
    signs = {frozenset((a, b)): d["sign"] for a, b, d in signed.edges(data=True) if d["sign"]}
    triads = balanced = 0
    edges: nx.Graph[str] = nx.Graph()
    edges.add_edges_from((min(edge), max(edge)) for edge in signs)
    clique: list[str]
    for clique in nx.enumerate_all_cliques(edges):
        if len(clique) > 3:
            break
        if len(clique) == 3:
            triads += 1
            product = 1
            for pair in combinations(clique, 2):
                product *= signs[frozenset(pair)]
            balanced += product > 0
    return Balance(period, triads, balanced)


def shared_memberships(graph: "Graph", as_of: str | None = None) -> dict[tuple[str, str], int]:
    """Return pair of actors → number of organisations that both belong to (on a day), the most first."""
    members: dict[str, set[str]] = defaultdict(set)
    for statement in graph.statements(relation="member_of", factuality="certain", as_of=as_of):
        members[statement.object].add(statement.subject)
    shared = Counter(pair for group in members.values() for pair in combinations(sorted(group), 2))
    return dict(sorted(shared.items(), key=lambda item: (-item[1], item[0])))


def _certain(graph: "Graph", sign: int | None, filters: Mapping[str, Any]) -> "Iterable[Statement]":
    relations = ontology.load().relations
    for statement in graph.statements(factuality="certain", **filters):
        if sign is None or relations[statement.relation].sign == sign:
            yield statement


def _network(statements: "Iterable[Statement]") -> "nx.Graph[str]":
    result: nx.Graph[str] = nx.Graph()
    for statement in statements:
        sign = ontology.load().relations[statement.relation].sign
        known = result.get_edge_data(statement.subject, statement.object, {"weight": 0, "total": 0})
        total = known["total"] + sign
        result.add_edge(
            statement.subject,
            statement.object,
            weight=known["weight"] + 1,
            total=total,
            sign=(total > 0) - (total < 0),
        )
    return result


def _ordered(values: "dict[str, Any]") -> "dict[str, Any]":
    return dict(sorted(values.items(), key=lambda item: (-item[1], item[0])))
