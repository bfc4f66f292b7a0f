"""Read a query before it runs: refuse what it must not do, find misspelt names (SPARQL 1.1, section 19.8)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from kgraph import ontology
from kgraph.errors import QueryError
from kgraph.graph.namespaces import PREFIXES

__all__ = ["UPDATES", "asks_triples", "check", "explained", "is_update"]

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<iri><[^<>"{}|^`\\\s]*>)
      | (?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
                 | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
      | (?P<variable>[?$]\w+)
      | (?P<name>(?P<prefix>[^\W\d_][\w.-]*)?:(?P<local>(?:[\w:%]|\\.)(?:[\w.:%-]|\\.)*)?)
      | (?P<word>@?[^\W\d]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"})
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    prefix: str | None = None
    local: str | None = None


def is_update(query: str) -> bool:
    """Return whether this is a SPARQL update, not a query: which of their words comes first."""
    return _form(query) in UPDATES


def asks_triples(query: str) -> bool:
    """Return whether the answer is triples: of CONSTRUCT and DESCRIBE."""
    return _form(query) in {"CONSTRUCT", "DESCRIBE"}


def _form(query: str) -> str | None:
    words = (token.text.upper() for token in _tokens(_unescaped(query)) if token.kind == "word")
    return next((word for word in words if word in UPDATES | _FORMS), None)


def check(query: str, *, allow_update: bool = False, allow_service: bool = False) -> None:
    """Raise QueryError where a query would change the graph, ask the network, or uses a name that nobody knows."""
    if is_update(query) and not allow_update:
        raise QueryError("This would change the graph. Updates are refused unless they are allowed: use --update.")
    declared: set[str] = set(PREFIXES)
    tokens = list(_tokens(_unescaped(query)))
    for token, following in pairwise([*tokens, None]):
        assert token is not None
        word = token.text.upper() if token.kind == "word" else ""
        if word in {"SERVICE", "LOAD"} and not allow_service:
            raise QueryError(
                f"{word} would fetch data from the network and is refused; kgraph query --allow-service allows it."
            )
        if word == "PREFIX" and following is not None and following.prefix is not None:
            declared.add(following.prefix)
    for token in _tokens(query):
        if token.kind == "name" and token.prefix is not None:
            _check_name(query, token, declared)


def explained(query: str, message: str) -> str:
    """Return the engine's message about a syntax error as one sentence that shows the place."""
    found = re.search(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if found is None:
        return f"The query is not SPARQL: {' '.join(message.split())}"
    line, column = int(found[1]), int(found[2])
    lines = query.splitlines() or [""]
    at = lines[min(line, len(lines)) - 1][max(column - 1, 0) :].strip()[:30]
    reason = _reason(found[3])
    where = f"before {at!r}" if at else "where the line ends"
    return f"The query is not SPARQL: line {line}, column {column}, {where}: {reason}."


def _reason(expected: str) -> str:
    for sentence in ("Prefix not found", "The SELECT contains a variable that is unbound"):
        if sentence in expected:
            return sentence[0].lower() + sentence[1:]
    quoted = re.findall(r'"([^"\\]+)"', re.sub(r"\[[^\]]*\]", "", expected))
    words = re.findall(r"\b[A-Z]{2,}\b", re.sub(r"\[[^\]]*\]", "", expected))
    choices = [*quoted, *words]
    return f"expected {' or '.join(choices)}" if choices else "this cannot stand here"


def _check_name(query: str, token: _Token, declared: set[str]) -> None:
    assert token.prefix is not None
    where = _place(query, token.start)
    if token.prefix not in declared:
        near = get_close_matches(token.prefix, sorted(declared), n=1)
        hint = f"did you mean {near[0]}:?" if near else f"known are {', '.join(f'{p}:' for p in PREFIXES)}."
        raise QueryError(f"{where}: there is no prefix {token.prefix}: - {hint}")
    if token.prefix == "kg" and token.local and token.local not in ontology.terms():
        near = get_close_matches(token.local, sorted(ontology.terms()), n=1)
        hint = f" Did you mean kg:{near[0]}?" if near else ""
        raise QueryError(f"{where}: kg:{token.local} is not in the vocabulary.{hint}")


def _tokens(query: str) -> Iterator[_Token]:
    """Yield what matters of a query: names and words, outside comments, IRIs and strings."""
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or ""
        if match["name"] is not None:
            yield _Token("name", match["name"], match.start(), match["prefix"] or "", match["local"] or "")
        elif kind == "word":
            yield _Token("word", match.group(), match.start())


def _unescaped(query: str) -> str:
    """Return the query with its escapes of code points resolved, which SPARQL allows even in keywords."""
    return _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)


def _place(query: str, start: int) -> str:
    line = query.count("\n", 0, start) + 1
    return f"Line {line}, column {start - query.rfind(chr(10), 0, start)}"
