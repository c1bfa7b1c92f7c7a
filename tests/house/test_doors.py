"""One door for each thing: time from clock, commits in storage/unit.py, pluggy's manager in host/manager.py."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest

from tests.house.source import SHIPPED, Module, Place, calls, imported, modules, report, snippet, texts

CLOCK = "crm_core/clock.py"
UNIT = "crm_core/storage/unit.py"
MANAGER = "crm_core/host/manager.py"

TIME_SOURCES = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.localtime",
    "time.gmtime",
    "sqlalchemy.func.now", "sqlalchemy.func.current_timestamp", "sqlmodel.func.now",
}  # fmt: skip
FORMULAS = "plugins/formulas/"  # its texts are formulas, where NOW() is the language's own, and never SQL
TIME_IN_SQL = ("current_timestamp", "datetime('now'", "strftime('now'", "now()")


def other_clocks(found: Iterable[Module]) -> Iterator[Place]:
    """Every place that reads the time other than through the clock, in Python or in SQL text."""
    for module in found:
        if module.path == CLOCK:
            continue
        for call, name in calls(module):
            if name in TIME_SOURCES or name.endswith((".func.now", ".func.current_timestamp")):
                yield Place(module.path, call.lineno, f"{name}() reads the time; ask crm_core.clock")
        for line, text in texts(module.tree):
            if any(source in text.lower() for source in TIME_IN_SQL) and not module.path.startswith(FORMULAS):
                yield Place(module.path, line, "SQL that reads the database's clock; pass crm_core.clock's")


def other_commits(found: Iterable[Module]) -> Iterator[Place]:
    """Every place that ends a transaction other than the unit of work."""
    for module in found:
        if module.path == UNIT:
            continue
        for call, name in calls(module):
            if name.endswith(".commit"):
                yield Place(module.path, call.lineno, "commits; only the unit of work does")
        for line, text in texts(module.tree):
            if text.strip().rstrip(";").upper() == "COMMIT":
                yield Place(module.path, line, "commits by SQL; only the unit of work does")


def other_managers(found: Iterable[Module]) -> Iterator[Place]:
    """Every place that takes pluggy's manager other than host/manager.py."""
    for module in found:
        if module.path == MANAGER:
            continue
        names = imported(module.tree)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr == "PluginManager":
                yield Place(module.path, node.lineno, "uses pluggy.PluginManager; the host does")
        if "pluggy.PluginManager" in names.values():
            yield Place(module.path, 1, "imports pluggy.PluginManager; the host does")


def test_time_comes_from_the_clock_alone() -> None:
    places = list(other_clocks(modules(*SHIPPED)))
    assert not places, report(places)


def test_nobody_but_the_unit_of_work_commits() -> None:
    places = list(other_commits(modules(*SHIPPED)))
    assert not places, report(places)


def test_only_the_host_holds_pluggys_manager() -> None:
    places = list(other_managers(modules(*SHIPPED)))
    assert not places, report(places)
    assert list(
        other_managers([Module("elsewhere.py", module.tree) for module in modules() if module.path == MANAGER])
    ), f"{MANAGER} does not use pluggy.PluginManager: does this test look for the right thing?"


@pytest.mark.parametrize(
    "code",
    [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import UTC, datetime as dt\ndt.now(UTC)",
        "from datetime import date\ndate.today()",
        "import time as t\nt.time()",
        "from time import monotonic\nmonotonic()",
        "import sqlalchemy as sa\nsa.func.now()",
        "from sqlmodel import func\nfunc.now()",
        "session.execute(text('update x set at = CURRENT_TIMESTAMP'))",
    ],
)
def test_the_scan_sees_other_clocks(code: str) -> None:
    assert list(other_clocks([snippet(code)]))


def test_the_scan_lets_the_clock_and_sleeping_pass() -> None:
    assert not list(other_clocks([snippet("import time\nfrom crm_core import clock\nclock.now()\ntime.sleep(1)")]))


@pytest.mark.parametrize("code", ["session.commit()", "unit.session.commit()", "c.execute('commit;')"])
def test_the_scan_sees_other_commits(code: str) -> None:
    assert list(other_commits([snippet(code)]))


@pytest.mark.parametrize("code", ["import pluggy\npluggy.PluginManager('x')", "from pluggy import PluginManager"])
def test_the_scan_sees_other_managers(code: str) -> None:
    assert list(other_managers([snippet(code)]))
