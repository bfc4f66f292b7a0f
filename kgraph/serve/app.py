"""The application: pages, their files, the JSON endpoints, SPARQL; and the server that runs it."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any, get_args

from anyio import CapacityLimiter
from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from kgraph.errors import KgraphError
from kgraph.model import Document
from kgraph.query import Limits
from kgraph.serve import pages
from kgraph.serve.api import router
from kgraph.serve.guard import Guard, Token
from kgraph.serve.live import Live
from kgraph.serve.protocol import Endpoint
from kgraph.serve.records import Language

__all__ = ["LIMITS", "application", "run"]

LIMITS = Limits(timeout=30.0, memory_mb=1024, result_mb=64)
AT_ONCE = 2
"""Queries that run at a time; the others wait."""


def application(
    live: Live,
    *,
    token: str | None = None,
    texts: dict[str, Document] | None = None,
    limits: Limits = LIMITS,
    language: str = "en",
    by: str | None = None,
    host: str = "127.0.0.1",
) -> Callable[..., Any]:
    """Return the ASGI application that shows a graph.

    `token` is what a client must send to review, if the graph is editable. `texts` are documents by their digest, to
    show more than the sentences that the graph keeps. `language` is that of the pages unless they are asked for
    another, `by` the name that decisions carry unless they tell one, `host` the name or address of the server.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        live.close()

    app = FastAPI(title="kgraph", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.include_router(router(live, Token(token), texts or {}, by))
    app.add_api_route("/openapi.json", lambda: JSONResponse(_description(app)), include_in_schema=False)
    endpoint = Endpoint(live, limits, CapacityLimiter(AT_ONCE))
    app.add_route("/sparql", endpoint.__call__, ["GET", "HEAD", "POST"])
    for name in pages.PAGES:
        app.add_api_route(f"/{name}", _page(live, name, language), include_in_schema=False, methods=["GET", "HEAD"])
    app.add_api_route("/assets/{name:path}", _asset, include_in_schema=False, methods=["GET", "HEAD"])
    app.add_api_route("/favicon.ico", lambda: Response(status_code=204), include_in_schema=False)
    app.add_exception_handler(KgraphError, _sentence)
    app.add_exception_handler(HTTPException, _sentence)
    app.add_exception_handler(RequestValidationError, _sentence)
    return Guard(app, host)


def run(app: Callable[..., Any], host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until the process is told to stop; `ready` is given the address once there is one.

    Raises KgraphError where the address cannot be had.
    """
    import uvicorn

    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(place[:2], family=family)
    except OSError as error:
        raise KgraphError(
            f"Cannot serve on {host}, port {port}: {error.strerror}; --port 0 takes a free one."
        ) from error
    name, number = listening.getsockname()[:2]

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready(f"http://[{name}]:{number}/" if ":" in name else f"http://{name}:{number}/")

    with suppress(KeyboardInterrupt):
        Server(uvicorn.Config(app, log_level="warning", server_header=False)).run([listening])


def _page(live: Live, name: str, language: str) -> Callable[..., Any]:
    def page(lang: Annotated[str, Query()] = language) -> Response:
        known = lang if lang in get_args(Language) else language
        return HTMLResponse(pages.page(name, live.path.stem, known))

    return page


def _asset(name: str) -> Response:
    found = pages.asset(name)
    if found is None:
        raise HTTPException(404, "There is no such file.")
    body, media = found
    return Response(body, media_type=media)


async def _sentence(_: Request, error: Exception) -> Response:
    """Answer a request that went wrong with one sentence."""
    if isinstance(error, RequestValidationError):
        return JSONResponse({"error": " ".join(map(_complaint, error.errors()))}, 400)
    if isinstance(error, HTTPException):
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)
    return JSONResponse({"error": str(error)}, 400)


def _complaint(fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"][1:]) or "The request"
    return f"{place}: {fault['msg']}."


def _description(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description of the JSON endpoints."""
    about = "What a kgraph graph holds: statements with their evidence, documents, named questions, reviews."
    found: dict[str, Any] = get_openapi(title="kgraph", version=_version(), description=about, routes=app.routes)
    schemes = found.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["token"] = {"type": "http", "scheme": "bearer"}
    return found


def _version() -> str:
    from importlib.metadata import version

    return version("kgraph")
