"""Compression is for clients elsewhere: this machine gets answers as they are."""

import asyncio
from typing import Any

import pytest

from api.encoding import plain_here


@pytest.mark.parametrize(("address", "asks"), [("127.0.0.1", False), ("::1", False), ("192.0.2.7", True)])
def test_only_clients_elsewhere_ask_for_compression(address: str, asks: bool) -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["headers"])

    headers = [(b"accept-encoding", b"gzip"), (b"host", b"crm")]
    scope: Any = {"type": "http", "client": (address, 5), "headers": headers}
    asyncio.run(plain_here(app)(scope, None, None))  # type: ignore[arg-type]
    assert (b"accept-encoding", b"gzip") in seen[0] or not asks
    assert (b"accept-encoding" in dict(seen[0])) is asks
    assert (b"host", b"crm") in seen[0]
