"""Scheduled work of plugins: run one, and keep what became of it. When, is the scheduler's business."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from crm_core import clock
from crm_core.contracts import Job
from crm_core.contracts.jobs import Cron, Schedule
from crm_core.errors import CrmError, Unavailable
from crm_core.host import Item
from crm_core.models.tables import JOB_RUNS
from crm_core.services.plugins import Plugins
from crm_core.storage.unit import Units

KEPT = 200
"""Runs of one job that the log keeps."""

_WAIT_SECONDS = 300
_MOST_DETAIL = 1_000
_log = logging.getLogger("crm.jobs")


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run as admins see it."""

    plugin: str
    name: str
    started_at: str
    ended_at: str | None
    state: str
    detail: str


class Jobs:
    """The jobs of the plugins that are on. One process runs them: the one that serves."""

    def __init__(self, units: Units, plugins: Plugins) -> None:
        self._units, self._plugins = units, plugins
        self._running: set[str] = set()
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []

    def on_change(self, tell: Callable[[], None]) -> Callable[[], None]:
        """Have `tell` called when there are other jobs, or other times for them; returns what takes it back."""
        undo = self._plugins.on_switch(tell)
        self._listeners.append(tell)

        def take_back() -> None:
            undo()
            self._listeners.remove(tell)

        return take_back

    def reschedule(self) -> None:
        """Have the schedules asked again at once: a policy has changed."""
        for tell in tuple(self._listeners):
            tell()

    @property
    def items(self) -> Mapping[str, Item[Job]]:
        """The jobs by `plugin/name`."""
        return self._plugins.registry.jobs

    def schedule(self, key: str) -> Schedule | None:
        """When a job is to run; None when it is not, is gone, or its plugin fails to say."""
        item = self.items.get(key)
        if item is None:
            return None
        try:
            return item.call(item.offer.schedule)
        except CrmError as error:
            if error.code != "maintenance":
                _log.warning("The job %s does not say when it is to run: %s", key, error)
            return None

    def run(self, key: str) -> JobRun | None:
        """Run a job now and keep what became of it; None when it is gone or runs already."""
        item = self.items.get(key)
        if item is None or not self._enter(key):
            return None
        try:
            number = self._begin(item)
            try:
                state, detail = "done", item.call(item.offer.run) or ""
            except CrmError as error:
                state, detail = "failed", error.message
                _log.error("The job %s failed: %s", key, error)
            return self._end(number, state, detail)
        finally:
            with self._lock:
                self._running.discard(key)

    def missed(self, key: str, schedule: Schedule) -> bool:
        """Whether a job that catches up was due since its last run began, while nothing ran."""
        item = self.items.get(key)
        if item is None or not item.offer.catch_up or not isinstance(schedule, Cron):
            return False
        with self._units.read() as session:
            c = JOB_RUNS.c
            query = sa.select(sa.func.max(c.started_at)).where(c.owner == item.owner, c.name == item.name)
            last = session.connection().execute(query).scalar()
        return last is not None and last < clock.to_text(_last_due(schedule))

    def recent(self, limit: int = 100) -> list[JobRun]:
        """The newest runs of all jobs."""
        with self._units.read() as session:
            query = sa.select(JOB_RUNS).order_by(JOB_RUNS.c.id.desc()).limit(limit)
            return [_view(row) for row in session.connection().execute(query)]

    def _enter(self, key: str) -> bool:
        with self._lock:
            if key in self._running:
                return False
            self._running.add(key)
            return True

    def _begin(self, item: Item[Job]) -> int:
        """Write the run down; while a backup is restored, wait for its end."""
        deadline = clock.monotonic() + _WAIT_SECONDS
        while True:
            try:
                with self._units.write() as session:
                    row = {"owner": item.owner, "name": item.name, "started_at": clock.now_text(), "state": "running"}
                    made = session.connection().execute(sa.insert(JOB_RUNS).values(detail="", **row))
                    assert made.inserted_primary_key is not None
                    return int(made.inserted_primary_key[0])
            except Unavailable as error:
                if error.code != "maintenance" or clock.monotonic() > deadline:
                    raise
            time.sleep(1)

    def _end(self, number: int, state: str, detail: str) -> JobRun | None:
        with self._units.write() as session:
            connection, c = session.connection(), JOB_RUNS.c
            values = {"ended_at": clock.now_text(), "state": state, "detail": detail[:_MOST_DETAIL]}
            connection.execute(sa.update(JOB_RUNS).where(c.id == number).values(**values))
            row = connection.execute(sa.select(JOB_RUNS).where(c.id == number)).one_or_none()
            if row is None:  # the job was a restore, which took the log along
                return None
            mine = sa.select(c.id).where(c.owner == row.owner, c.name == row.name).order_by(c.id.desc())
            connection.execute(
                sa.delete(JOB_RUNS).where(
                    c.owner == row.owner, c.name == row.name, c.id <= mine.offset(KEPT).limit(1).scalar_subquery()
                )
            )
            return _view(row)


def _last_due(schedule: Cron) -> datetime:
    """When a daily job was due for the last time."""
    now = clock.now().astimezone(ZoneInfo(schedule.zone))
    for days in range(8):
        day = (now - timedelta(days=days)).replace(hour=schedule.hour, minute=schedule.minute, second=0, microsecond=0)
        if day <= now and (not schedule.weekdays or day.weekday() in schedule.weekdays):
            return day
    return now - timedelta(days=8)


def _view(row: sa.Row) -> JobRun:  # type: ignore[type-arg]
    return JobRun(row.owner, row.name, row.started_at, row.ended_at, row.state, row.detail)
