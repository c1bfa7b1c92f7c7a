"""Answers to this machine are not compressed: packing costs more there than sending.

A browser or program beside the server gets them as they are; so does a proxy on the same machine, which compresses for
its own clients. Clients whose address a trusted proxy names, and all others, get gzip or brotli as they ask.
"""

from litestar.types import ASGIApp, Receive, Scope, Send

_HERE = frozenset({"127.0.0.1", "::1"})


def plain_here(app: ASGIApp) -> ASGIApp:
    """Middleware that makes requests from this machine look as if they asked for no compression."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client and client[0] in _HERE:
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await app(scope, receive, send)

    return middleware
