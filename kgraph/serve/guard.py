"""What keeps the server to this machine and its pages: headers, hosts, sizes, the token."""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["HEADERS", "Guard", "Token"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
LARGEST = 1_000_000
"""Bytes that a request's body may have."""
DROPPED = 16 * LARGEST
"""Bytes of a refused body that are read and thrown away: most clients read no answer before they have sent all."""


class Token:
    """The secret that lets somebody change the graph."""

    def __init__(self, secret: str | None) -> None:
        """Hold the secret; None lets nobody in."""
        self._secret = secret.encode() if secret else None

    def admits(self, authorization: str | None) -> bool:
        """Return whether an Authorization header holds the token; the time that it takes does not tell how much."""
        scheme, _, given = (authorization or "").partition(" ")
        if self._secret is None or scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._secret)


class Guard:
    """Refuses other hosts' names and bodies that are too large, and puts the headers on every answer.

    A name that is not this machine's is refused because a web page elsewhere can have its own name resolve to the
    loopback address, and would then read what is served here.
    """

    def __init__(self, app: Application, host: str) -> None:
        """Serve under this name besides those of the loopback address."""
        self.app = app
        self.names = {"localhost", "127.0.0.1", "::1", host}
        self.open = _everywhere(host)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message.get("headers", []), *extra]
            await send(message)

        headers = dict(scope["headers"])
        if not self.open and _name(headers.get(b"host", b"").decode("latin-1")) not in self.names:
            await _refuse(answer, 421, "This server answers to the name of the machine that it runs on alone.")
            return
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST or b"transfer-encoding" in headers:
            await _drop(receive)
            await _refuse(answer, 413, f"A request may have {LARGEST} bytes, and must tell its length.")
            return
        await self.app(scope, receive, answer)


async def _drop(receive: Receive) -> None:
    """Read a body and keep nothing of it, until it ends, the client leaves or it is far too large.

    A connection that is closed while the other side still sends is reset, and the answer is lost with it.
    """
    read = 0
    while read < DROPPED:
        message = await receive()
        read += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


async def _refuse(send: Send, status: int, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})


def _name(host: str) -> str:
    """Return the name in a Host header, without the port."""
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _everywhere(host: str) -> bool:
    """Return whether an address stands for all of the machine's, so that its names are not known."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
