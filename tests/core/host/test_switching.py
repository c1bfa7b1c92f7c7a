"""On and off at runtime: every step or none, nothing left behind, needs followed, crashes remembered."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.errors import Conflict, NotFound, PluginProblem, Refused, Unavailable
from crm_core.host import Patience, State
from crm_core.services.plugins import PluginView
from tests.core.host.desk import Desk
from tests.core.host.parcels import EXPORTER, Parcels

Desks = Callable[..., Desk]
MEMBER = Actor(2, "Mia", "member")

BUSY = (
    EXPORTER.format(name="busy", format="busy")
    + """
import threading
from crm_core.contracts import HealthCheck, Verdict

@hookimpl
def crm_health_checks(ctx):
    return [HealthCheck("thread", lambda: Verdict(worker.is_alive()))]

@hookimpl
def crm_started(ctx):
    global worker, stop
    stop = threading.Event()
    worker = threading.Thread(target=stop.wait, name="busy-worker")
    worker.start()
    {started}

@hookimpl
def crm_stopping(ctx):
    stop.set()
    worker.join()
    {stopping}
"""
)
"""A plugin with a thread of its own; `started` and `stopping` are further lines of its hooks."""


def state(desk: Desk, name: str) -> tuple[str, str]:
    view = desk.plugins.show(name, SYSTEM)
    return view.state, view.reason


def world(desk: Desk) -> tuple[Any, ...]:
    """Everything a plugin could leave behind in the process."""
    items = sorted((item.owner, item.hook, item.name) for item in desk.host.registry.items)
    return items, sorted(thread.name for thread in threading.enumerate()), desk.host.on


def test_bundled_plugins_are_on_and_third_party_ones_wait_for_an_admin(parcels: Parcels, desk: Desks) -> None:
    parcels.exporter("fine")
    here = desk()
    states = {view.name: view.state for view in here.plugins.list(SYSTEM)}
    assert states == {"backups": "on", "csv_import": "on", "formulas": "on", "sqlite": "on", "fine": "off"}
    assert here.plugins.show("fine", SYSTEM).next_step


def test_off_after_on_leaves_nothing_behind(parcels: Parcels, desk: Desks) -> None:
    parcels.add("busy", BUSY.format(started="", stopping=""))
    here = desk()
    before = world(here)
    for _ in range(3):
        view = here.plugins.enable("busy", SYSTEM)
        assert (view.state, [p.name for p in view.provides]) == ("on", ["busy", "thread"])
        assert "busy-worker" in world(here)[1]
        assert here.plugins.disable("busy", SYSTEM).state == "off"
        assert world(here) == before
        assert not (here.config.data_dir / "plugins" / "busy").exists()
    assert [data["state"] for _, data in here.events()] == ["on", "off"] * 3
    assert here.told == 6


@pytest.mark.parametrize("name", ["csv_import"])
def test_off_after_on_of_the_bundled_plugins(desk: Desks, name: str) -> None:
    here = desk()
    on = world(here)
    here.plugins.disable(name, SYSTEM)
    off = world(here)
    here.plugins.enable(name, SYSTEM)
    assert world(here) == on
    here.plugins.disable(name, SYSTEM)
    assert world(here) == off
    assert not [item for item in here.host.registry.items if item.owner == name]


def test_the_files_of_a_plugin_stay(parcels: Parcels, desk: Desks) -> None:
    parcels.exporter("fine")
    here = desk()
    here.plugins.enable("fine", SYSTEM)
    file = here.config.data_dir / "plugins" / "fine" / "kept.txt"
    file.write_text("x")
    here.plugins.disable("fine", SYSTEM)
    assert file.exists()


FAILURES = {
    "started raises": (BUSY.format(started="1 / 0", stopping=""), "crm_started failed with ZeroDivisionError"),
    "started leaves": (BUSY.format(started="raise SystemExit(1)", stopping=""), "crm_started failed with SystemExit"),
    "both raise": (BUSY.format(started="1 / 0", stopping="1 / 0"), "crm_started failed"),
    "offer raises": (BUSY.replace("return [HealthCheck", "1 / 0; return [HealthCheck"), "crm_health_checks failed"),
    "offer of a wrong type": (
        BUSY.replace("return [Exporter", "return ['x']; [Exporter"),
        "crm_exporters offers a str",
    ),
    "offer of nothing": (
        BUSY.replace("return [Exporter", "return 5; [Exporter"),
        "crm_exporters failed with TypeError",
    ),
    "generator that fails": (
        BUSY.replace("return [Exporter", "yield 1 / 0; [Exporter"),
        "crm_exporters failed with Zero",
    ),
    "clash": (BUSY.replace('Exporter("busy"', 'Exporter("json"'), "csv_import and busy both offer the exporter json"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_step_that_fails_undoes_all_of_them(parcels: Parcels, desk: Desks, case: str) -> None:
    source, reason = FAILURES[case]
    parcels.add("busy", source.replace("{started}", "").replace("{stopping}", ""))
    here = desk()
    before = world(here)
    registry = here.host.registry
    view = here.plugins.enable("busy", SYSTEM)
    assert view.state == "failed"
    assert reason in view.reason
    assert view.next_step
    assert world(here) == before
    assert here.host.registry is registry or here.host.registry == registry
    assert here.events()[-1] == ("busy", {"state": "failed", "reason": view.reason})
    assert here.plugins.disable("busy", SYSTEM).state == "off"


def test_a_plugin_that_does_not_stop_cleanly_is_off_all_the_same(parcels: Parcels, desk: Desks) -> None:
    parcels.add("busy", BUSY.format(started="", stopping="1 / 0"))
    here = desk()
    before = world(here)
    here.plugins.enable("busy", SYSTEM)
    assert here.plugins.disable("busy", SYSTEM).state == "off"
    assert world(here) == before


def test_what_is_wanted_is_on_again_after_a_restart(parcels: Parcels, desk: Desks) -> None:
    parcels.exporter("fine")
    first = desk()
    first.plugins.enable("fine", SYSTEM)
    first.plugins.disable("csv_import", SYSTEM)
    first.plugins.close()
    again = desk()
    assert state(again, "fine") == ("on", "")
    assert state(again, "csv_import") == ("off", "")
    assert len(again.events()) == 2  # the restart itself is no event


def test_a_package_that_is_gone_is_missing_and_may_be_given_up(parcels: Parcels, desk: Desks, tmp_path: Path) -> None:
    parcels.exporter("fine")
    first = desk()
    first.plugins.enable("fine", SYSTEM)
    first.plugins.close()
    next((tmp_path / "site").glob("*.dist-info")).rename(tmp_path / "gone")
    parcels.forget()
    again = desk()
    assert again.plugins.show("fine", SYSTEM).state == "missing"
    with pytest.raises(PluginProblem) as caught:
        again.plugins.enable("fine", SYSTEM)
    assert caught.value.code == "plugin_unusable"
    assert again.plugins.disable("fine", SYSTEM).state == "missing"


def test_only_admins_and_only_known_names(desk: Desks) -> None:
    here = desk()
    for act in (
        lambda: here.plugins.list(MEMBER),
        lambda: here.plugins.disable("csv_import", MEMBER),
        lambda: here.plugins.enable("csv_import", MEMBER),
        lambda: here.plugins.configure("csv_import", {}, MEMBER),
        lambda: here.plugins.disable("csv_import", Actor(1, "Bot", "admin", "read")),
    ):
        with pytest.raises(Refused):
            act()
    for switch in (here.plugins.enable, here.plugins.disable):
        with pytest.raises(NotFound, match="no plugin called 'nope'"):
            switch("nope", SYSTEM)
    assert here.plugins.show("csv_import", SYSTEM).state == "on"


def test_the_database_cannot_be_switched_off(desk: Desks) -> None:
    here = desk()
    with pytest.raises(Conflict) as caught:
        here.plugins.disable("sqlite", SYSTEM)
    assert caught.value.code == "plugin_pinned"
    assert here.plugins.show("sqlite", SYSTEM).pinned


def needing(name: str, *others: str) -> str:
    return EXPORTER.format(name=name, format=name).replace('summary="', f'requires={others!r}, summary="')


def test_needs_are_followed_up_and_down(parcels: Parcels, desk: Desks) -> None:
    parcels.add("roof", needing("roof", "wall"))
    parcels.add("wall", needing("wall", "ground"))
    parcels.exporter("ground")
    here = desk()
    assert here.plugins.enable("roof", SYSTEM).reason == "It needs wall, which is not on."
    assert here.plugins.enable("wall", SYSTEM).state == "blocked"
    assert here.plugins.enable("ground", SYSTEM).state == "on"
    assert [state(here, name)[0] for name in ("wall", "roof")] == ["on", "on"]
    with pytest.raises(Conflict, match="wall needs the plugin ground"):
        here.plugins.disable("ground", SYSTEM)
    here.plugins.close()
    again = desk()
    assert [state(again, name)[0] for name in ("ground", "wall", "roof")] == ["on", "on", "on"]


def test_a_circle_of_needs_ends(parcels: Parcels, desk: Desks) -> None:
    parcels.add("hen", needing("hen", "egg"))
    parcels.add("egg", needing("egg", "hen"))
    here = desk()
    here.plugins.enable("hen", SYSTEM)
    assert here.plugins.enable("egg", SYSTEM).state == "blocked"
    here.plugins.close()
    assert state(desk(), "hen")[0] == "blocked"


def test_safe_mode_leaves_everything_but_storage_off(parcels: Parcels, desk: Desks) -> None:
    parcels.exporter("fine")
    first = desk()
    first.plugins.enable("fine", SYSTEM)
    first.plugins.close()
    safe = desk(CRM_SAFE_MODE="1")
    assert {view.name: view.state for view in safe.plugins.list(SYSTEM)} == {
        "sqlite": "on",
        "csv_import": "blocked",
        "backups": "blocked",
        "formulas": "blocked",
        "fine": "blocked",
    }
    assert "CRM_SAFE_MODE" in state(safe, "fine")[1]
    assert safe.plugins.enable("csv_import", SYSTEM).state == "blocked"
    safe.plugins.close()
    assert {view.name: view.state for view in desk().plugins.list(SYSTEM)} == dict.fromkeys(
        ["sqlite", "backups", "csv_import", "formulas", "fine"], "on"
    )


def test_a_plugin_in_whose_start_the_crm_died_stays_off(parcels: Parcels, desk: Desks, tmp_path: Path) -> None:
    """A real process is killed (kill -9) between the mark and its clearing."""
    mark = tmp_path / "inside"
    parcels.add(
        "deadly",
        BUSY.replace("busy", "deadly").format(started=f"open({str(mark)!r}, 'w').close(); stop.wait()", stopping=""),
    )
    code = (
        "from pathlib import Path; from tests.core.host.desk import Desk; from crm_core.contracts.actor import SYSTEM\n"
        f"Desk(Path({str(tmp_path / 'data')!r})).plugins.enable('deadly', SYSTEM)"
    )
    env = os.environ | {"PYTHONPATH": f"{parcels.folder}:."}
    process = subprocess.Popen([sys.executable, "-c", code], env=env)
    waited = threading.Event()
    while not mark.exists() and process.poll() is None:
        waited.wait(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for _ in range(2):  # and again after the next restart
        here = desk()
        assert state(here, "deadly") == (
            "failed",
            "The CRM ended while this plugin was being switched on, so it stays off.",
        )
        assert state(here, "csv_import") == ("on", "")
        here.plugins.close()
    mended = desk()
    assert mended.plugins.disable("deadly", SYSTEM).state == "off"
    mended.plugins.close()
    assert state(desk(), "deadly") == ("off", "")


@pytest.mark.parametrize("broken", ["csv_import", "sqlite"])
def test_the_start_with_each_bundled_plugin_broken_in_turn(
    desk: Desks, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """A module that cannot be imported; without any database there is nothing to start, and that is said clearly."""
    desk().plugins.close()
    monkeypatch.setitem(sys.modules, f"plugins.{broken}.plugin", None)
    if broken == "sqlite":
        with pytest.raises(Exception, match="No plugin can open the database sqlite"):
            desk()
        return
    here = desk()
    assert state(here, broken)[0] == "broken"
    others = {view.name: view.state for view in here.plugins.list(SYSTEM) if view.name != broken}
    assert set(others.values()) == {"on"}
    assert [(check.name, check.critical) for check in here.plugins.health() if not check.ok] == [
        (f"{broken}: on", False)
    ]
    assert (
        f"{broken}: on" in [check.name for check in here.plugins.health() if not check.ok] or broken not in here.host.on
    )


def test_a_database_that_takes_no_writes_stops_no_plugin(parcels: Parcels, desk: Desks) -> None:
    """A full disk: what is there can still be read and exported."""
    desk().plugins.close()
    full = desk(start=False)
    with full.units.storage.writer() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    full.plugins.start(full)  # type: ignore[arg-type]
    assert state(full, "csv_import") == ("on", "")
    with pytest.raises(Unavailable):
        full.plugins.disable("csv_import", SYSTEM)


RAISES_EVERYWHERE = """
from crm_core import PluginInfo, hookimpl

PLUGIN = PluginInfo(name="{name}", title="x", summary="x", on_by_default=True)

{hooks}
"""


def test_a_plugin_that_raises_in_every_hook_never_stops_the_start(parcels: Parcels, desk: Desks) -> None:
    from crm_core import hookspecs

    names = [name for name in vars(hookspecs) if name.startswith("crm_")]
    for name in names:
        hooks = f"@hookimpl\ndef {name}():\n    raise RuntimeError('{name} is broken')"
        parcels.add(f"bad_{name}", RAISES_EVERYWHERE.format(name=f"bad_{name}", hooks=hooks))
    hooks = "\n".join(f"@hookimpl\ndef {name}():\n    raise RuntimeError('{name} is broken')" for name in names)
    parcels.add("bad_all", RAISES_EVERYWHERE.format(name="bad_all", hooks=hooks))
    here = desk()
    assert state(here, "csv_import") == ("on", "")
    assert state(here, "bad_all")[0] == "failed"
    for name in ("crm_storage", "crm_importers", "crm_exporters", "crm_health_checks", "crm_started"):
        assert state(here, f"bad_{name}")[0] == "failed"
        assert f"{name} is broken" in state(here, f"bad_{name}")[1]
    told: list[str] = []
    assert [command.name for command in here.host.commands(tell=told.append)] == ["backup", "formula", "check-file"]
    assert len(told) == 2


def test_a_plugin_that_keeps_failing_rests_and_the_page_says_so(parcels: Parcels, desk: Desks) -> None:
    parcels.add("shaky", EXPORTER.format(name="shaky", format="shaky").replace("yield table", "yield 1 / 0; table"))
    here = desk(patience=Patience(errors=2, rest=1000))
    here.plugins.enable("shaky", SYSTEM)
    told = here.told
    item = here.plugins.registry.exporters["shaky"]
    for _ in range(2):
        with pytest.raises(PluginProblem, match="shaky failed"):
            list(item.stream(item.offer.write, None, {}))  # type: ignore[arg-type]
    view = here.plugins.show("shaky", SYSTEM)
    assert (view.state, view.reason) == (
        "resting",
        "Too many errors; the last was: ZeroDivisionError: division by zero",
    )
    assert here.plugins.follow()
    assert here.told == told + 1
    assert here.events()[-1][1]["state"] == "resting"
    assert not here.plugins.follow()
    assert here.plugins.enable("shaky", SYSTEM).state == "on"  # switching on again is a fresh beginning


def test_checks_that_raise_fail_and_do_not_send_the_plugin_to_rest(parcels: Parcels, desk: Desks) -> None:
    for name, answer in (("raises", "1 / 0"), ("odd", "7")):
        source = BUSY.replace("Verdict(worker.is_alive())", answer).replace("busy", name)
        parcels.add(name, source.format(started="", stopping=""))
    here = desk(patience=Patience(errors=2))
    here.plugins.enable("raises", SYSTEM)
    here.plugins.enable("odd", SYSTEM)
    for _ in range(5):
        found = {check.name: (check.ok, check.detail) for check in here.plugins.health()}
        assert found["raises: thread"][0] is False
        assert "ZeroDivisionError" in found["raises: thread"][1]
        assert found["odd: thread"] == (False, "The check gave a int, not a Verdict.")
        assert found["sqlite: disk space"][0]
    assert state(here, "raises") == ("on", "")


def test_processes_that_start_at_once_do_not_take_each_other_for_dead(
    parcels: Parcels, desk: Desks, tmp_path: Path
) -> None:
    """The second start waits while the first is in the middle of switching a plugin on."""
    parcels.add("slow", BUSY.replace("busy", "slow").format(started="import time; time.sleep(0.5)", stopping=""))
    first = desk()
    first.plugins.enable("slow", SYSTEM)
    first.plugins.close()
    code = (
        "from pathlib import Path; from tests.core.host.desk import Desk; from crm_core.contracts.actor import SYSTEM\n"
        f"desk = Desk(Path({str(tmp_path / 'data')!r})); print(desk.plugins.show('slow', SYSTEM).state); desk.close()"
    )
    env = os.environ | {"PYTHONPATH": f"{parcels.folder}:."}
    processes = [
        subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0] for process in processes] == ["on\n"] * 3


def test_another_process_follows(parcels: Parcels, desk: Desks) -> None:
    parcels.exporter("fine")
    server, other = desk(), desk()
    assert not server.plugins.follow()
    other.plugins.enable("fine", SYSTEM)
    assert server.plugins.follow()
    assert state(server, "fine") == ("on", "")
    assert not other.plugins.follow()
    other.plugins.configure("csv_import", {"max_columns": 7}, SYSTEM)
    assert server.plugins.follow()
    assert server.plugins.registry.importers["csv"].offer.settings.model_dump()["max_columns"] == 7
    other.plugins.disable("fine", SYSTEM)
    assert server.plugins.follow()
    assert state(server, "fine") == ("off", "")
    assert not server.plugins.follow()


def test_a_desk_that_is_not_started_leaves_instructions(parcels: Parcels, desk: Desks) -> None:
    parcels.exporter("fine")
    first = desk()
    first.plugins.enable("fine", SYSTEM)
    looking = desk(start=False)
    assert {view.name: view.state for view in looking.plugins.list(SYSTEM)} == dict.fromkeys(
        ["backups", "csv_import", "formulas", "sqlite", "fine"], "on"
    )
    assert looking.plugins.disable("fine", SYSTEM).state == "off"
    assert first.plugins.follow()
    assert state(first, "fine") == ("off", "")
    looking.plugins.enable("fine", SYSTEM)
    assert first.plugins.follow()
    assert state(first, "fine") == ("on", "")


def test_a_hook_that_switches_plugins_is_refused_and_does_not_hang(parcels: Parcels, desk: Desks) -> None:
    meddling = "from crm_core.contracts.actor import SYSTEM; ctx.crm.plugins.disable('csv_import', SYSTEM)"
    parcels.add("busy", BUSY.format(started=meddling, stopping=""))
    here = desk()
    view: PluginView = here.plugins.enable("busy", SYSTEM)
    assert view.state == State.FAILED
    assert "cannot switch plugins" in view.reason
    assert state(here, "csv_import") == ("on", "")


def test_switching_while_others_call_breaks_no_call_that_began(parcels: Parcels, desk: Desks) -> None:
    """Threads export all the time while the plugin goes off and on: a call is served whole or refused by name."""
    parcels.add(
        "busy",
        BUSY.format(started="", stopping="").replace("yield table.name.encode()", LIVELY),
    )
    here = desk()
    here.plugins.enable("busy", SYSTEM)
    kept = here.plugins.registry.exporters["busy"]
    ended, problems, served = threading.Event(), list[BaseException](), list[int]()

    def export() -> None:
        while not ended.is_set():
            for item in (here.plugins.registry.exporters.get("busy"), kept):
                try:
                    if item is not None:
                        served.append(len(list(item.stream(item.offer.write, None, {}))))  # type: ignore[arg-type]
                except PluginProblem as problem:
                    if problem.code != "plugin_off":
                        problems.append(problem)

    threads = [threading.Thread(target=export) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(8):
            assert here.plugins.disable("busy", SYSTEM).state == "off"
            assert here.plugins.enable("busy", SYSTEM).state == "on"
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert not problems
    assert served
    assert set(served) == {5}


LIVELY = """
    for number in range(5):
        assert worker.is_alive()
        yield b"x"
"""
