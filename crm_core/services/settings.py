"""Settings that people change while the CRM runs: one JSON document a key in `app_settings`."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from crm_core import clock
from crm_core.config import Config
from crm_core.contracts.actor import Actor
from crm_core.models import AppSetting
from crm_core.storage.unit import Units

TEAM = "team"


@dataclass(frozen=True, slots=True)
class Team:
    """What holds for everyone: the fund's name, its time zone (IANA) and its currency (ISO 4217)."""

    name: str
    time_zone: str
    currency: str


class Settings:
    """Read and write settings; the environment only seeds the team's first values."""

    def __init__(self, units: Units, config: Config) -> None:
        self._units = units
        self._seed = {"name": "Venture CRM", "time_zone": config.time_zone, "currency": config.currency}
        self._lock = threading.Lock()
        self._team: Team | None = None

    def get(self, session: Session, key: str) -> dict[str, Any] | None:
        """The document stored under `key`, or None."""
        row = session.get(AppSetting, key)
        return None if row is None else json.loads(row.value)

    def put(self, session: Session, key: str, value: Mapping[str, Any], actor: Actor) -> None:
        """Replace the document under `key` within the caller's unit of work."""
        row = session.get(AppSetting, key) or AppSetting(key=key, value="", version=0, updated_at="")
        row.value, row.version = json.dumps(value, separators=(",", ":")), row.version + 1
        row.updated_at, row.updated_by = clock.now_text(), actor.user_id
        session.add(row)
        if key == TEAM:
            with self._lock:
                self._team = None

    def forget(self) -> None:
        """Drop what is remembered (after a restore)."""
        with self._lock:
            self._team = None

    def team(self) -> Team:
        """The team's settings, cached until they change."""
        team = self._team
        if team is None:
            with self._units.read() as session:
                stored = self.get(session, TEAM) or {}
            team = Team(**{name: stored.get(name, default) for name, default in self._seed.items()})
            with self._lock:
                self._team = team
        return team
