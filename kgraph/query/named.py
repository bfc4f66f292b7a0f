"""The library of named questions: `kgraph/queries/*.rq`, SPARQL with parameters.

Each file begins with comments: a title, what it answers, and a line for each parameter (`# param NAME SORT
[DEFAULT]: meaning`). A parameter stands in the query as `$NAME`; it is replaced as a token of SPARQL, never
as text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kgraph import ontology
from kgraph.errors import QueryError, TableError
from kgraph.graph.encoding import literal
from kgraph.graph.interval import day_range
from kgraph.graph.reading import actor_iri
from kgraph.query.sparql import Answer, Limits, query

if TYPE_CHECKING:
    from kgraph.graph import Graph

__all__ = ["Parameter", "Question", "actors_in", "ask", "questions"]

_HEADER = re.compile(r"# (?:(title|about): (.*)|param (\w+) (\w+)(?: ([^:]+))?: (.*))")
_SORTS = ("actor", "country", "org", "relation", "date", "from", "to", "number")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question must or may be told: `sort` is actor, country, org, relation, date, from, to or number."""

    name: str
    sort: str
    default: str | None
    meaning: str


@dataclass(frozen=True, slots=True)
class Question:
    """A named query with what it answers and what it needs to be told."""

    name: str
    title: str
    about: str
    parameters: tuple[Parameter, ...]
    sparql: str

    def filled(self, given: Mapping[str, str], graph: "Graph | None" = None) -> str:
        """Return the query with values for its parameters; raise QueryError for a missing, unknown or bad one.

        An actor may be given by id, by the part of the id that its sort leaves open (`EAEU`, `KAZ`), or by
        its name in the graph.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                takes = ", ".join(known) or "nothing"
                raise QueryError(f"{self.name} has no parameter {name!r}; it takes {takes}.")
        terms: dict[str, str] = {}
        for parameter in self.parameters:
            value = given.get(parameter.name, parameter.default)
            if value is None:
                raise QueryError(f"{self.name} needs {parameter.name}: {parameter.meaning}")
            terms[parameter.name] = _term(parameter, value, graph)
        return re.sub(r"\$(\w+)", lambda match: terms.get(match[1], match[0]), self.sparql)


@cache
def questions() -> Mapping[str, Question]:
    """Return all named questions by name."""
    folder = Path(__file__).resolve().parent.parent / "queries"
    return MappingProxyType({file.stem: _read(file) for file in sorted(folder.glob("*.rq"))})


def ask(graph: "Graph", name: str, parameters: Mapping[str, str], *, limits: Limits | None = None) -> Answer:
    """Return the answer to a named question: `ask(graph, "members", {"org": "EAEU", "as_of": "2022-06-16"})`."""
    try:
        question = questions()[name]
    except KeyError:
        near = get_close_matches(name, questions(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(questions())}."
        raise QueryError(f"There is no question {name!r}: {hint}") from None
    return query(graph, question.filled(parameters, graph), limits=limits)


def actors_in(graph: "Graph", name: str, given: Mapping[str, str]) -> list[str]:
    """Return the ids of the actors that are named in the parameters of a question."""
    sorts = ("actor", "country", "org")
    named = [p for p in questions()[name].parameters if p.sort in sorts and p.name in given]
    return [_actor(parameter, given[parameter.name], graph) for parameter in named]


def _read(file: Path) -> Question:
    texts: dict[str, str] = {}
    parameters = []
    lines = file.read_text("utf-8").splitlines(keepends=True)
    body = 0
    for number, line in enumerate(lines, 1):
        if not line.startswith("#"):
            break
        body = number
        match = _HEADER.fullmatch(line.rstrip())
        if match is None:
            raise TableError(f"{file}:{number}: expected '# title:', '# about:' or '# param NAME SORT: meaning'.")
        if match[1]:
            texts[match[1]] = match[2]
        elif match[4] in _SORTS:
            parameters.append(Parameter(match[3], match[4], match[5], match[6]))
        else:
            raise TableError(f"{file}:{number}: {match[4]!r} is no sort of parameter: {', '.join(_SORTS)}.")
    if texts.keys() != {"title", "about"}:
        raise TableError(f"{file}: a question needs a title and an about line.")
    return Question(file.stem, texts["title"], texts["about"], tuple(parameters), "".join(lines[body:]))


def _term(parameter: Parameter, value: str, graph: "Graph | None") -> str:
    """Return a value as a term of SPARQL."""
    match parameter.sort:
        case "relation":
            return f"kg:{ontology.load().relation(value).id}"
        case "number":
            try:
                return literal(str(float(value)), "xsd:double")
            except ValueError:
                raise QueryError(f"{parameter.name} must be a number, not {value!r}.") from None
        case "date" | "to":
            return _date(day_range(value)[1])
        case "from":
            return _date(day_range(value)[0])
        case _:
            return f"<{actor_iri(_actor(parameter, value, graph))}>"


def _plain(actor: str) -> bool:
    return re.fullmatch(r"[\w:.-]+", actor) is not None


def _date(day: date) -> str:
    return literal(day.isoformat(), "xsd:date")


def _actor(parameter: Parameter, value: str, graph: "Graph | None") -> str:
    """Return the id of the actor that a user means."""
    if ontology.kind_of(value) in ontology.load().kinds and ":" in value:
        return value
    if graph is not None:
        named = [
            actor
            for actor, labels in graph.labels().items()
            if value.casefold() in {label.casefold() for label in labels.labels.values()}
        ]
        if len(named) == 1:
            return named[0]
        if len(named) > 1:
            raise QueryError(f"{value!r} names several actors: {', '.join(named)}. Give the id.")
        ending = [
            actor
            for prefix in ((parameter.sort,) if parameter.sort != "actor" else ("country", "org"))
            for actor in (f"{prefix}:{value.upper()}",)
            if _plain(actor) and graph.store.ask(f"ASK {{ <{actor_iri(actor)}> ?p ?o }}")
        ]
        if ending:
            return ending[0]
    if parameter.sort != "actor":
        return f"{parameter.sort}:{value.upper()}"
    raise QueryError(f"{parameter.name}: no actor in this graph is called {value!r}. Give an id such as country:KAZ.")
