"""The live channel: committed changes to open browsers. This is the one bridge from the sync core to async.

A commit only nudges. The hub then reads the committed log once for all sockets, from the version the slowest of them
has; so a lost nudge, a crash or a write of another process loses nothing, it is read a little later.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect
from litestar.types import ControllerRouterHandler

from api.auth import cookie_name
from api.guards import OWN
from crm_core.contracts.change import ChangeView
from crm_core.crm import Crm
from crm_core.errors import Unavailable
from crm_core.services.recalculation import Progress
from crm_core.services.records import MAX_MISSED
from crm_core.storage.queries.feed import newest_event
from crm_core.storage.state import current

PING_SECONDS = 20.0
POLL_SECONDS = 2.0
MOST_WAITING = MAX_MISSED + 100
"""One reading of the log brings up to MAX_MISSED messages, on top of what may still be on its way."""
_CLOSE_SECONDS = 2.0
_REVOKED, _SLOW = 4401, 1013
_PING = '{"type":"ping"}'
_PLUGINS = '{"type":"plugins"}'
_ACTIVITY = '{"type":"activity"}'
_log = logging.getLogger("crm.live")
Socket = WebSocket[Any, Any, Any]


def _computing(progress: Progress) -> str:
    return msgspec.json.encode({"type": "computing", "done": progress.done, "total": progress.total}).decode()


class Line:
    """One open socket: what it still has to be told, and up to which version it was told."""

    def __init__(self, socket: Socket, secret: str) -> None:
        self.socket = socket
        self.secret = secret
        self.version: int | None = None
        self.event = 0
        self.code = 1000
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._over = asyncio.Event()

    def tell(self, text: str) -> None:
        """Queue a message; who does not keep up is dropped, and catches up with `since` when it connects again."""
        if self._over.is_set():
            return
        try:
            self._waiting.put_nowait(text)
        except asyncio.QueueFull:
            self.end(_SLOW)

    def end(self, code: int) -> None:
        """Have the socket closed with this code."""
        self.code = code
        self._over.set()

    async def run(self) -> None:
        """Send what is queued until the socket is gone or is to be closed."""
        ends = [asyncio.ensure_future(work) for work in (self._over.wait(), self._hear(), self._talk())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in ends:
                task.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
        if self._over.is_set():
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.socket.close(code=self.code)

    async def _hear(self) -> None:
        """Clients have nothing to say; reading notices that they are gone."""
        while (await self.socket.receive())["type"] != "websocket.disconnect":
            pass

    async def _talk(self) -> None:
        while True:
            try:
                async with asyncio.timeout(PING_SECONDS):  # wait_for may lose a cancellation (Python 3.11)
                    text = await self._waiting.get()
            except TimeoutError:
                text = _PING
            await self.socket.send_data(text, "text")


class Hub:
    """All open sockets of this process."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self._lines: set[Line] = set()
        self._nudged = asyncio.Event()
        self._undo: list[Callable[[], None]] = []
        self._pump: asyncio.Task[None] | None = None
        self._generation = crm.access.generation
        self._checked = 0.0

    def start(self) -> None:
        """Listen to the core; to be called in the event loop."""
        loop = asyncio.get_running_loop()

        def nudge() -> None:
            loop.call_soon_threadsafe(self._nudged.set)

        def tell_of_plugins() -> None:
            loop.call_soon_threadsafe(self._tell_all, _PLUGINS)

        def tell_of_computing(progress: Progress) -> None:
            loop.call_soon_threadsafe(self._tell_all, _computing(progress))

        self._undo = [
            self._crm.units.on_commit(nudge),
            self._crm.plugins.on_switch(tell_of_plugins),
            self._crm.recalculation.on_progress(tell_of_computing),
        ]
        self._pump = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Let go of the core and close every socket."""
        for undo in self._undo:
            undo()
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        for line in self._lines:
            line.end(1012)

    def __len__(self) -> int:
        """How many sockets are open."""
        return len(self._lines)

    async def serve(self, line: Line, since: int | None) -> None:
        """Keep one accepted socket told until it closes."""
        self._lines.add(line)  # before reading, so that no change falls between
        try:
            (changes, version, reset), line.event = await sync_to_thread(self._news, since)
            line.tell(_hello(version, changes, reset))
            line.version = version
            self._nudged.set()
            await line.run()
        except (WebSocketDisconnect, TimeoutError, OSError):
            pass
        finally:
            self._lines.discard(line)

    def _tell_all(self, text: str) -> None:
        for line in self._lines:
            line.tell(text)

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._nudged.wait()
            except TimeoutError:
                pass
            self._nudged.clear()
            try:
                await self._round()
            except Unavailable as error:  # a backup is being restored
                _log.info("The live channel waits: %s", error.message)
                await asyncio.sleep(POLL_SECONDS)
            except Exception:
                _log.exception("The live channel could not read the log; it tries again.")
                await asyncio.sleep(POLL_SECONDS)

    async def _round(self) -> None:
        """Tell every socket what it has not been told, and close those whose session has ended."""
        lines = [line for line in self._lines if line.version is not None]
        if not lines:
            return
        await self._check_sessions(lines)
        oldest = min(line.version for line in lines if line.version is not None)
        (changes, version, reset), event = await sync_to_thread(self._news, oldest)
        texts = [(change.version, _change(change)) for change in changes]
        for line in lines:
            known = line.version or 0
            if reset and known != version:
                line.tell(_hello(version, [], True))
            for number, text in texts:
                if number > known:
                    line.tell(text)
            if event > line.event and version == known:
                line.tell(_ACTIVITY)
            line.version, line.event = version, event

    async def _check_sessions(self, lines: Sequence[Line]) -> None:
        access, now = self._crm.access, asyncio.get_running_loop().time()
        generation = access.generation
        if generation == self._generation and now - self._checked < PING_SECONDS:
            return
        self._generation, self._checked = generation, now
        for line in lines:
            if await sync_to_thread(access.sessions.find, line.secret) is None:
                line.end(_REVOKED)

    def _news(self, version: int | None) -> tuple[tuple[Sequence[ChangeView], int, bool], int]:
        """What a socket at that version misses, and the newest event: not every one is a change of records."""
        since = self._since(version)
        with self._crm.units.read() as session:
            return since, newest_event(session.connection())

    def _since(self, version: int | None) -> tuple[Sequence[ChangeView], int, bool]:
        if version is None:
            with self._crm.units.read() as session:
                return [], current(session.connection()).version, True
        return self._crm.records.since(version)


def _hello(version: int, changes: Sequence[ChangeView], reset: bool) -> str:
    message = {"type": "hello", "version": version, "changes": changes, "reset": reset}
    return msgspec.json.encode(message).decode()


def _change(change: ChangeView) -> str:
    return msgspec.json.encode({"type": "change", "change": change}).decode()


@websocket("/api/live", opt=OWN)
async def live(socket: Socket, hub: NamedDependency[Hub]) -> None:
    """Join the live channel; `since` is the version that the page shows, without it everything is to be read again."""
    asked = socket.query_params.get("since", "")
    since = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    await socket.accept()
    await hub.serve(Line(socket, socket.cookies.get(cookie_name(socket), "")), since)


ROUTES: list[ControllerRouterHandler] = [live]
