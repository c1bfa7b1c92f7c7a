"""When the plugins' jobs run: APScheduler, kept equal to what the plugins that are on offer. What they do is theirs."""

import logging
import threading
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from crm_core import clock
from crm_core.contracts.jobs import Cron, Schedule
from crm_core.errors import CrmError
from crm_core.services.jobs import Jobs

_THREADS = 4
_LOOK_SECONDS = 60
_CATCH_UP_SECONDS = 20
_LOOK = "look"
_log = logging.getLogger("crm.jobs")


class Scheduler:
    """Runs jobs in threads of its own. The schedules are asked again when plugins are switched, and every minute."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._lock = threading.Lock()
        self._planned: dict[str, Schedule] = {}
        self._scheduler = BackgroundScheduler(
            timezone=ZoneInfo("UTC"),
            executors={"default": ThreadPoolExecutor(_THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin; jobs that were missed while nothing ran are made up for a little later."""
        self._undo = self._jobs.on_change(self._soon)
        self._scheduler.add_job(self._look, IntervalTrigger(seconds=_LOOK_SECONDS), id=_LOOK)
        self._scheduler.start()
        self._soon()

    def stop(self) -> None:
        """End; a run under way is waited for by who switches its plugin off, not here."""
        self._undo()
        self._scheduler.shutdown(wait=False)

    @property
    def planned(self) -> dict[str, Schedule]:
        """What is planned now, by the job's `plugin/name`."""
        with self._lock:
            return dict(self._planned)

    def _soon(self) -> None:
        """Look in the scheduler's own thread: who switches a plugin need not wait."""
        self._scheduler.modify_job(_LOOK, next_run_time=clock.now())

    def _look(self) -> None:
        """Make the plan equal to what the plugins offer now."""
        wanted = {key: when for key in self._jobs.items if (when := self._jobs.schedule(key)) is not None}
        with self._lock:
            for key in self._planned.keys() - wanted.keys():
                self._scheduler.remove_job(key)
            for key, when in wanted.items():
                if self._planned.get(key) != when:
                    self._plan(key, when, new=key not in self._planned)
            self._planned = wanted

    def _plan(self, key: str, when: Schedule, *, new: bool) -> None:
        options: dict[str, Any] = {}
        if new and self._missed(key, when):
            options["next_run_time"] = clock.now() + timedelta(seconds=_CATCH_UP_SECONDS)
        self._scheduler.add_job(self._jobs.run, _trigger(when), args=[key], id=key, replace_existing=True, **options)

    def _missed(self, key: str, when: Schedule) -> bool:
        try:
            return self._jobs.missed(key, when)
        except CrmError as error:
            _log.warning("Whether the job %s was missed cannot be read: %s", key, error)
            return False


def _trigger(when: Schedule) -> BaseTrigger:
    if isinstance(when, Cron):
        days = ",".join(str(day) for day in when.weekdays) or "*"
        return CronTrigger(hour=when.hour, minute=when.minute, day_of_week=days, timezone=ZoneInfo(when.zone))
    return IntervalTrigger(seconds=max(1, round(when.seconds)))
