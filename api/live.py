"""The live channel: committed changes to open browsers. This is the one bridge from the sync core to async.

A commit only nudges. The hub then reads the committed log once for all sockets, from the version the slowest of them
has; so a lost nudge, a crash or a write of another process loses nothing, it is read a little later.
Pages also say where their person is, and everybody at the same table is told (api/presence.py).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence

import msgspec
from litestar import websocket
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect
from litestar.types import ControllerRouterHandler

from api.auth import cookie_name
from api.guards import OWN
from api.line import PING_SECONDS, REVOKED, Line, Socket
from api.presence import Here, Presence, read
from crm_core.contracts.change import ChangeView
from crm_core.crm import Crm
from crm_core.errors import NotFound, Unavailable
from crm_core.services.recalculation import Progress
from crm_core.storage.queries.feed import newest_event
from crm_core.storage.state import current

POLL_SECONDS = 2.0
GATHER_SECONDS = 0.1
"""Moves of people are told at most this often."""
EXPIRE_SECONDS = 5.0
_PLUGINS = '{"type":"plugins"}'
_ACTIVITY = '{"type":"activity"}'
_log = logging.getLogger("crm.live")


def _computing(progress: Progress) -> str:
    return msgspec.json.encode({"type": "computing", "done": progress.done, "total": progress.total}).decode()


class Hub:
    """All open sockets of this process."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self._lines: set[Line] = set()
        self._nudged = asyncio.Event()
        self._undo: list[Callable[[], None]] = []
        self._pumps: list[asyncio.Task[None]] = []
        self._presence: Presence[Line] = Presence()
        self._stirred = asyncio.Event()
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
        self._pumps = [asyncio.create_task(self._run()), asyncio.create_task(self._run_presence())]

    async def stop(self) -> None:
        """Let go of the core and close every socket."""
        for undo in self._undo:
            undo()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
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
            await line.run(self._heard)
        except (WebSocketDisconnect, TimeoutError, OSError):
            pass
        finally:
            self._lines.discard(line)
            self._presence.drop(line)
            self._stirred.set()

    async def _heard(self, line: Line, text: str) -> None:
        """Note where a page is; what is not understood is passed over."""
        place = read(text)
        if place is None:
            return
        if place.table is not None and place.table != self._presence.table(line):
            place = await sync_to_thread(self._readable, place)
        if line in self._lines:  # it may have closed meanwhile
            who, now = line.person, asyncio.get_running_loop().time()
            self._presence.put(line, who.public_id, who.name, place, now)
            self._stirred.set()

    def _readable(self, place: Here) -> Here:
        """The place, or none when there is no such table: everybody signed in may read every table."""
        try:
            with self._crm.units.read() as session:
                connection = session.connection()
                self._crm.schemas.at(connection, current(connection).schema_version).table(place.table or "")
        except (NotFound, Unavailable):
            return Here("here")
        return place

    async def _run_presence(self) -> None:
        while True:
            try:
                async with asyncio.timeout(EXPIRE_SECONDS):
                    await self._stirred.wait()
            except TimeoutError:
                pass
            else:
                await asyncio.sleep(GATHER_SECONDS)
            self._stirred.clear()
            self._presence.expire(asyncio.get_running_loop().time())
            for table in self._presence.changed():
                text = msgspec.json.encode(self._presence.people(table)).decode()
                for line in self._lines:
                    if self._presence.table(line) == table:
                        line.tell_people(text)

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
                line.end(REVOKED)

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
