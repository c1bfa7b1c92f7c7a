"""One open socket of the live channel: what it still has to be told, and what it may say."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import WebSocket

from api.presence import Allowance
from crm_core.services.access import SignedIn
from crm_core.services.records import MAX_MISSED

PING_SECONDS = 20.0
MOST_WAITING = MAX_MISSED + 100
"""One reading of the log brings up to MAX_MISSED messages, on top of what may still be on its way."""
BURST, PER_SECOND = 60, 12
"""What one page may say."""
REVOKED, SLOW, LOUD = 4401, 1013, 4429
_CLOSE_SECONDS = 2.0
_PING = '{"type":"ping"}'
_PEOPLE = "people"
"""Stands in the line for the newest list of people, so that no second one waits there."""
Socket = WebSocket[Any, Any, Any]
Heard = Callable[["Line", str], Awaitable[None]]


class Line:
    """One open socket: what it still has to be told, and up to which version it was told."""

    def __init__(self, socket: Socket, secret: str) -> None:
        self.socket = socket
        self.secret = secret
        signed_in: SignedIn = socket.scope["auth"]
        self.person = signed_in.person
        self.version: int | None = None
        self.event = 0
        self.code = 1000
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._over = asyncio.Event()
        self._people: str | None = None
        self._allowance = Allowance(BURST, PER_SECOND, asyncio.get_running_loop().time())

    def tell(self, text: str) -> None:
        """Queue a message; who does not keep up is dropped, and catches up with `since` when it connects again."""
        if self._over.is_set():
            return
        try:
            self._waiting.put_nowait(text)
        except asyncio.QueueFull:
            self.end(SLOW)

    def tell_people(self, text: str) -> None:
        """Queue who is here; an older list that still waits is not sent."""
        waits, self._people = self._people is not None, text
        if not waits:
            self.tell(_PEOPLE)

    def end(self, code: int) -> None:
        """Have the socket closed with this code."""
        self.code = code
        self._over.set()

    async def run(self, heard: Heard) -> None:
        """Send what is queued and hand on what is heard, until the socket is gone or is to be closed."""
        ends = [asyncio.ensure_future(work) for work in (self._over.wait(), self._hear(heard), self._talk())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
        if self._over.is_set():
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.socket.close(code=self.code)

    async def _hear(self, heard: Heard) -> None:
        """Reading also notices that the page is gone."""
        clock = asyncio.get_running_loop().time
        while (message := await self.socket.receive())["type"] != "websocket.disconnect":
            if not self._allowance.take(clock()):
                self.end(LOUD)
                return
            await heard(self, str(message.get("text") or ""))

    async def _talk(self) -> None:
        while True:
            try:
                async with asyncio.timeout(PING_SECONDS):  # wait_for may lose a cancellation (Python 3.11)
                    text = await self._waiting.get()
            except TimeoutError:
                text = _PING
            if text == _PEOPLE:
                text, self._people = self._people or _PING, None
            await self.socket.send_data(text, "text")
