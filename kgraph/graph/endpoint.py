"""A graph at a SPARQL 1.1 server: the calls of the embedded store, over the query and update protocols.

`https://host/sparql` is asked and changed; a path that ends in `/query` has its updates at `/update`, and
`KGRAPH_UPDATE_URL` names any other address for them. `?default-graph-uri=IRI` keeps the graph in a named graph, which
servers without a default graph of their own (Virtuoso) need. `KGRAPH_USER` and `KGRAPH_PASSWORD` sign in, by the Basic
or Digest scheme, as the server asks.
"""

import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

import pyoxigraph as ox

from kgraph.errors import GraphError, QueryError
from kgraph.graph.namespaces import LEDGER, expand
from kgraph.graph.store import Change, Term, prologue

__all__ = ["EndpointStore", "truth"]

_CHUNK = 1_000
_TIMEOUT = 600.0
_DIGEST = f"<{expand('kg:digest')}>"
_COMPUTED = f"<{expand('kg:confidence')}>"
_GRAPH = "default-graph-uri"


class EndpointStore:
    """The triples of a graph at a SPARQL server."""

    path = None

    def __init__(self, url: str) -> None:
        """Take the server's address; nothing is asked yet."""
        parts = urllib.parse.urlsplit(url)
        if parts.username or parts.password:
            raise GraphError("Give user and password as KGRAPH_USER and KGRAPH_PASSWORD, not in the address.")
        options = urllib.parse.parse_qs(parts.query)
        self.graph = options.pop(_GRAPH, [None])[0]
        rest = urllib.parse.urlencode(options, doseq=True)
        self.url = urllib.parse.urlunsplit(parts._replace(query=rest, fragment=""))
        guess = self.url.removesuffix("/query") + "/update" if self.url.endswith("/query") else self.url
        self.update_url = os.environ.get("KGRAPH_UPDATE_URL", guess)
        self._opener = _opener((self.url, self.update_url))

    def select(self, query: str) -> Iterator[Sequence[Term | None]]:
        """Yield the rows of a SELECT query, which may use the known prefixes."""
        with self._ask(prologue(query), "application/sparql-results+xml", _TIMEOUT) as response:
            solutions = ox.parse_query_results(response, format=ox.QueryResultsFormat.XML)
            assert isinstance(solutions, ox.QuerySolutions)
            width = len(solutions.variables)
            for solution in solutions:
                yield [solution[i] for i in range(width)]

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK query, which may use the known prefixes."""
        with self._ask(prologue(query), "application/sparql-results+xml", _TIMEOUT) as response:
            return truth(ox.parse_query_results(response.read(), format=ox.QueryResultsFormat.XML)) is True

    def answer(self, query: str, timeout: float, *, triples: bool) -> bytes:
        """Return what the server answers to a query that a person typed, as N-Triples or else as results in XML."""
        accept = "application/n-triples" if triples else "application/sparql-results+xml"
        with self._ask(prologue(query), accept, timeout) as response:
            return response.read()

    def empty(self) -> bool:
        """Tell whether the graph holds nothing yet."""
        return not self.ask("ASK { ?s ?p ?o }")

    def apply(self, change: Change) -> None:
        """Make a change: at once if it is small, else so that an interrupted one is completed by repeating it.

        A statement's confidence, which says that it was computed, is the first to go in; a document's digest, which
        says that it was read, is the last to go in and the last to go.
        """
        if len(change.add) + len(change.remove) + len(change.ledger_add) + len(change.ledger_remove) <= _CHUNK:
            if change:
                self._update(change.update(self.graph))
            return
        for step in (
            *(Change(ledger_add=rows) for rows in _chunks(change.ledger_add)),
            *(Change(add=rows) for rows in _chunks(r for r in change.add if _COMPUTED in r)),
            *(
                Change(add=rows)
                for rows in _chunks(r for r in change.add if not {_DIGEST, _COMPUTED} & {*r.split(" ", 2)})
            ),
            *(Change(remove=rows) for rows in _chunks(r for r in change.remove if _DIGEST not in r)),
            *(Change(ledger_remove=rows) for rows in _chunks(change.ledger_remove)),
            *(Change(remove=rows) for rows in _chunks(r for r in change.remove if _DIGEST in r)),
            *(Change(add=rows) for rows in _chunks(r for r in change.add if _DIGEST in r)),
        ):
            self._update(step.update(self.graph))

    def triples(self) -> Iterator[str]:
        """Yield every triple outside the ledger, in no order, as N-Triples without the full stop."""
        for triple in self.select("SELECT ?s ?p ?o { ?s ?p ?o }"):
            yield " ".join(map(str, triple))

    def close(self) -> None:
        """Do nothing: each request stands for itself."""

    @contextmanager
    def _ask(self, query: str, accept: str, timeout: float) -> Iterator[IO[bytes]]:
        form = [("query", query)]
        if self.graph is not None:
            form += [(_GRAPH, self.graph), ("named-graph-uri", LEDGER)]
        with self._send(self.url, urllib.parse.urlencode(form).encode(), accept, timeout) as response:
            yield response

    def _update(self, update: str) -> None:
        form = urllib.parse.urlencode([("update", update)]).encode()
        with self._send(self.update_url, form, "*/*", _TIMEOUT) as response:
            response.read()

    @contextmanager
    def _send(self, url: str, form: bytes, accept: str, timeout: float) -> Iterator[IO[bytes]]:
        """Post a form; errors tell the server's words, never who signed in."""
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        request = urllib.request.Request(url, form, headers)  # noqa: S310  # the address is the user's own
        try:
            with self._opener.open(request, timeout=timeout) as response:
                yield response
        except urllib.error.HTTPError as error:
            said = " ".join(error.read(2000).decode("utf-8", "replace").split())[:300]
            if error.code in {401, 403}:
                raise GraphError(
                    f"{url} refuses this: set KGRAPH_USER and KGRAPH_PASSWORD to an account that may do it."
                ) from error
            kind = QueryError if error.code == 400 else GraphError
            raise kind(f"{url} answers with error {error.code}: {said}") from error
        except TimeoutError as error:
            raise QueryError(f"{url} did not answer within {timeout:g} s.") from error
        except (urllib.error.URLError, ConnectionError) as error:
            reason = getattr(error, "reason", error)
            raise GraphError(f"{url} cannot be reached: {reason}.") from error


def truth(results: ox.QuerySolutions | ox.QueryBoolean) -> bool | None:
    """Return the answer to ASK, None if this is none; Virtuoso answers with a row that holds 1, or with no row."""
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    if [variable.value for variable in results.variables] != ["__ASK_RETVAL"]:
        return None
    return any(str(getattr(solution[0], "value", "")) in {"1", "true"} for solution in results)


def _opener(urls: Iterable[str]) -> urllib.request.OpenerDirector:
    """Return what opens addresses, signing in with the account in the environment if there is one."""
    user, password = os.environ.get("KGRAPH_USER"), os.environ.get("KGRAPH_PASSWORD")
    if user is None or password is None:
        return urllib.request.build_opener()
    accounts = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    for url in urls:
        accounts.add_password(None, url, user, password)
    return urllib.request.build_opener(
        urllib.request.HTTPDigestAuthHandler(accounts), urllib.request.HTTPBasicAuthHandler(accounts)
    )


def _chunks(rows: Iterable[str]) -> Iterator[list[str]]:
    from kgraph.graph.settle import chunks

    yield from chunks(rows, _CHUNK)
