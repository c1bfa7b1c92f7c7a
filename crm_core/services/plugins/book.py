"""What the database remembers of each plugin: wanted or not, the last state and its reason, the settings.

`version` of a row grows only with an admin's instruction, not with what became of it: every process follows
instructions and keeps its own states.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from crm_core import clock
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.host import State, Status
from crm_core.models import AppSetting, PluginState
from crm_core.services import events
from crm_core.services.settings import Settings
from crm_core.storage.unit import Units

_KEY = "plugin:"
_OFF = Status(State.OFF)


@dataclass(frozen=True, slots=True)
class Memory:
    """One plugin as the database has it; `instructions` changes when an admin switched or configured it, `since` is
    the moment of the last switch."""

    wanted: bool | None = None
    status: Status = _OFF
    starting: bool = False
    settings: Mapping[str, Any] | None = None
    instructions: tuple[int, int] = (0, 0)
    since: str = ""


class Book:
    """Reads and writes the memory of all plugins; `seen` holds the instructions this process has followed."""

    def __init__(self, units: Units, settings: Settings) -> None:
        self._units = units
        self._settings = settings
        self.seen: dict[str, tuple[int, int]] = {}

    def read(self) -> dict[str, Memory]:
        """The memory of every plugin that has any."""
        with self._units.read() as session:
            rows = {row.name: row for row in session.exec(select(PluginState))}
            found = session.exec(select(AppSetting).where(col(AppSetting.key).startswith(_KEY)))
            settings = {row.key.removeprefix(_KEY): row for row in found}
            return {name: _memory(rows.get(name), settings.get(name)) for name in rows.keys() | settings.keys()}

    def recall(self, name: str) -> Memory:
        """The memory of one plugin."""
        with self._units.read() as session:
            return _memory(session.get(PluginState, name), session.get(AppSetting, _KEY + name))

    def mark(self, name: str, *, wanted: bool) -> None:
        """Write down that the plugin is about to be switched on: a crash from here on is its doing."""
        with self._row(name, wanted) as (_, row):
            row.starting = True

    def want(
        self, name: str, wanted: bool, actor: Actor, *, starting: bool = False, status: Status | None = None
    ) -> None:
        """An admin's instruction: on (`starting` is the mark that a switch follows at once) or off."""
        with self._row(name, wanted) as (session, row):
            row.wanted, row.starting, row.version = wanted, starting, row.version + 1
            row.updated_at, row.updated_by = clock.now_text(), actor.user_id
            if status is not None:
                row.state, row.reason = status.state, status.reason
                self._record(session, name, status, actor)
            self.seen[name] = (row.version, self.seen.get(name, (0, 0))[1])

    def save(
        self, name: str, status: Status, actor: Actor | None = None, *, wanted: bool, keep_mark: bool = False
    ) -> None:
        """What became of a switch. A change that nobody ordered is recorded as the system's."""
        with self._row(name, wanted) as (session, row):
            changed, fresh = row.state != status.state, row.state == ""
            row.state, row.reason, row.starting = status.state, status.reason, row.starting and keep_mark
            row.updated_at = clock.now_text()
            if actor is not None or (changed and not fresh):
                self._record(session, name, status, actor or SYSTEM)

    def put_settings(self, name: str, stored: Mapping[str, Any], actor: Actor, changed: tuple[str, ...] = ()) -> None:
        """Replace the stored settings; `changed` names the members an admin gave, none when they were only upgraded."""
        with self._units.write() as session:
            self._settings.put(session, _KEY + name, stored, actor)
            if changed:
                data = {"settings": sorted(changed)}
                events.record(session.connection(), "plugin.configured", actor, subject=name, data=data)
            session.flush()
            row = session.get_one(AppSetting, _KEY + name)
            self.seen[name] = (self.seen.get(name, (0, 0))[0], row.version)

    def forget(self, session: Session, name: str, kept: Status | None, actor: Actor, data: Mapping[str, Any]) -> None:
        """Its data was removed, within the caller's unit of work. A plugin that is still installed stays off (`kept`),
        also one that would else be on by default; of one that is gone nothing is left but the event with `data`."""
        settings, row = session.get(AppSetting, _KEY + name), session.get(PluginState, name)
        if settings is not None:
            session.delete(settings)
        if kept is not None:
            row = row or _blank(name)
            row.wanted, row.starting, row.version = False, False, row.version + 1
            row.state, row.reason, row.updated_at, row.updated_by = (
                kept.state,
                kept.reason,
                clock.now_text(),
                actor.user_id,
            )
            session.add(row)
        elif row is not None:
            session.delete(row)
        session.flush()
        events.record(session.connection(), "plugin.data_removed", actor, subject=name, data=data)

    @contextmanager
    def _row(self, name: str, wanted: bool) -> Iterator[tuple[Session, PluginState]]:
        with self._units.write() as session:
            row = session.get(PluginState, name) or _blank(name, wanted)
            yield session, row
            session.add(row)

    def _record(self, session: Session, name: str, status: Status, actor: Actor) -> None:
        data = {"state": str(status.state), "reason": status.reason}
        events.record(session.connection(), "plugin.switched", actor, subject=name, data=data)


def _blank(name: str, wanted: bool = False) -> PluginState:
    return PluginState(name=name, wanted=wanted, state="", version=0, updated_at=clock.now_text())


def _memory(row: PluginState | None, settings: AppSetting | None) -> Memory:
    instructions = (row.version if row else 0, settings.version if settings else 0)
    values = json.loads(settings.value) if settings else None
    if row is None:
        return Memory(settings=values, instructions=instructions)
    status = Status(State(row.state) if row.state in set(State) else State.OFF, row.reason)
    return Memory(row.wanted, status, row.starting, values, instructions, row.updated_at)
