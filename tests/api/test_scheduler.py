"""Jobs run by themselves in the server: planned as plugins go on and off, at the times their policy says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.scheduler import Scheduler
from crm_core import clock
from crm_core.config import from_env
from crm_core.contracts import Cron, Every
from crm_core.contracts.actor import SYSTEM
from crm_core.crm import Crm, open_crm
from crm_core.host import Host
from crm_core.models.tables import JOB_RUNS
from tests.core.host.parcels import Parcels

TICKER = """
from crm_core import PluginInfo, hookimpl
from crm_core.contracts import Every, Job

PLUGIN = PluginInfo(name="ticker", title="Ticker", summary="Ticks.", on_by_default=True)


@hookimpl
def crm_jobs(ctx):
    def tick():
        with (ctx.folder / "ticks").open("a") as file:
            file.write("x")
        return "ticked"

    return [Job("tick", Every(1), tick)]
"""


@pytest.fixture
def parcels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parcels]:
    parcels = Parcels(tmp_path / "site")
    monkeypatch.syspath_prepend(str(parcels.folder))
    yield parcels
    parcels.forget()


@pytest.fixture
def crm(parcels: Parcels, tmp_path: Path) -> Iterator[Crm]:
    parcels.add("ticker", TICKER)
    made = open_crm(from_env({}, data_dir=tmp_path / "data"), Host.discover())
    yield made
    made.close()


@pytest.fixture
def scheduler(crm: Crm) -> Iterator[Scheduler]:
    made = Scheduler(crm.jobs)
    made.start()
    yield made
    made.stop()


def soon(holds: Callable[[], object], seconds: float = 15) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.05)


def test_jobs_follow_the_plugins(crm: Crm, scheduler: Scheduler) -> None:
    soon(lambda: scheduler.planned.get("ticker/tick") == Every(1))
    assert scheduler.planned["backups/nightly"] == Cron(2, 0, "UTC")
    soon(lambda: len([run for run in crm.jobs.recent() if run.plugin == "ticker" and run.state == "done"]) >= 2)
    crm.plugins.disable("ticker", SYSTEM)
    soon(lambda: "ticker/tick" not in scheduler.planned)
    ticks = (crm.config.data_dir / "plugins/ticker/ticks").read_text()
    time.sleep(1.5)
    assert (crm.config.data_dir / "plugins/ticker/ticks").read_text() == ticks, "it ticks while its plugin is off"
    crm.plugins.enable("ticker", SYSTEM)
    soon(lambda: len((crm.config.data_dir / "plugins/ticker/ticks").read_text()) > len(ticks))


def test_a_changed_policy_is_followed_at_once(crm: Crm, scheduler: Scheduler) -> None:
    soon(lambda: "backups/nightly" in scheduler.planned)
    with crm.units.write() as session:
        crm.settings.put(session, "backup_policy", {"hour": 7, "zone": "Europe/Berlin"}, SYSTEM)
    crm.jobs.reschedule()
    soon(lambda: scheduler.planned["backups/nightly"] == Cron(7, 0, "Europe/Berlin"))
    with crm.units.write() as session:
        crm.settings.put(session, "backup_policy", {"enabled": False}, SYSTEM)
    crm.jobs.reschedule()
    soon(lambda: "backups/nightly" not in scheduler.planned)


def test_what_was_missed_while_nothing_ran_is_made_up_for(crm: Crm) -> None:
    schedule = Cron(2, 0, "UTC")
    assert not crm.jobs.missed("backups/nightly", schedule), "a new CRM has missed nothing"
    assert crm.jobs.run("backups/nightly") is not None
    assert not crm.jobs.missed("backups/nightly", schedule)
    with crm.units.write() as session:
        old = clock.to_text(clock.now() - timedelta(days=2))
        session.connection().execute(sa.update(JOB_RUNS).values(started_at=old))
    assert crm.jobs.missed("backups/nightly", schedule)
    assert not crm.jobs.missed("ticker/tick", schedule), "it does not ask for it"


def test_the_log_of_runs_keeps_the_newest(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_core.services.jobs.KEPT", 3)
    for _ in range(6):
        assert crm.jobs.run("ticker/tick") is not None
    assert [run.detail for run in crm.jobs.recent()] == ["ticked"] * 3
