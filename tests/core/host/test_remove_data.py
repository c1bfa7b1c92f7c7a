"""Remove data: a separate act on a plugin that is off or gone, after a snapshot; whole or not at all."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from tests.core.host.desk import Desk
from tests.core.host.parcels import Parcels
from tests.core.host.test_command import Terminal

Desks = Callable[..., Desk]
MEMBER = Actor(2, "Mia", "member")

PLUGIN = """
from pydantic import BaseModel
from crm_core import PluginInfo, hookimpl

class Settings(BaseModel):
    greeting: str = "hello"

PLUGIN = PluginInfo(
    name="{name}", title="{name}", summary="Keeps notes.", settings=Settings, migrations="{module}.migrations"
)

@hookimpl
def crm_started(ctx):
    (ctx.folder / "cache.txt").write_text("kept")
"""
REVISION = """
from alembic import op

revision = "0001"
down_revision = None

def upgrade():
    op.execute("CREATE TABLE {name}_books (id INTEGER PRIMARY KEY, first_id REFERENCES {name}_pages (id))")
    op.execute("CREATE TABLE {name}_pages (id INTEGER PRIMARY KEY, book_id NOT NULL REFERENCES {name}_books (id))")
    op.execute("CREATE VIRTUAL TABLE {name}_found USING fts5 (text)")
    op.execute("INSERT INTO {name}_books VALUES (1, NULL)")
    op.execute("INSERT INTO {name}_pages VALUES (1, 1)")
    op.execute("UPDATE {name}_books SET first_id = 1")
    op.execute("INSERT INTO {name}_found VALUES ('some text')")
"""
"""Tables that refer to each other in a circle, and one that SQLite makes of five."""


def install(parcels: Parcels, name: str) -> None:
    module = parcels.add(name, "from crm_core import PluginInfo\n")
    (parcels.folder / module / "plugin.py").write_text(PLUGIN.format(name=name, module=module))
    versions = parcels.folder / module / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "__init__.py").write_text("")
    (versions / "0001_first.py").write_text(REVISION.format(name=name))


def uninstall(parcels: Parcels, name: str) -> None:
    for info in parcels.folder.glob(f"parcel_{name}-*.dist-info"):
        shutil.rmtree(info)


def used(desk: Desk, name: str) -> None:
    """A plugin that was on, has tables, settings and a file, and was switched off."""
    assert desk.plugins.enable(name, SYSTEM).state == "on"
    desk.plugins.configure(name, {"greeting": "servus"}, SYSTEM)
    desk.plugins.disable(name, SYSTEM)


def stored(desk: Desk, name: str) -> set[str]:
    """All that a plugin has in the database and beside it."""
    tables = desk.rows(f"SELECT name FROM sqlite_master WHERE name LIKE '{name}%' OR name LIKE '%version_{name}'")
    keys = desk.rows(f"SELECT key FROM app_settings WHERE key = 'plugin:{name}'")
    files = (desk.config.data_dir / "plugins" / name).glob("*")
    return {*(row[0] for row in tables + keys), *(file.name for file in files)}


def test_everything_goes_after_a_snapshot_that_has_it_all(parcels: Parcels, desk: Desks) -> None:
    install(parcels, "notes")
    here = desk()
    empty = stored(here, "notes")
    used(here, "notes")
    assert {"notes_books", "notes_found_data", "alembic_version_notes", "plugin:notes", "cache.txt"} <= stored(
        here, "notes"
    )
    assert here.plugins.show("notes", SYSTEM).removable
    removed = here.plugins.remove_data("notes", "notes", SYSTEM)
    assert stored(here, "notes") == empty == set()
    assert {"notes_books", "notes_pages", "alembic_version_notes"} <= set(removed.tables)
    data = here.config.data_dir
    assert removed.snapshot is not None
    assert removed.files is not None
    with closing(sqlite3.connect(data / removed.snapshot)) as snapshot:
        assert snapshot.execute("SELECT text FROM notes_found").fetchall() == [("some text",)]
        assert "servus" in snapshot.execute("SELECT value FROM app_settings WHERE key = 'plugin:notes'").fetchone()[0]
    assert (data / removed.files / "cache.txt").read_text() == "kept"
    assert here.units.storage.verify(data / "crm.sqlite3") == []
    [(subject, event)] = here.events("plugin.data_removed")
    assert (subject, event["snapshot"], event["tables"]) == ("notes", removed.snapshot, removed.tables)
    view = here.plugins.show("notes", SYSTEM)
    assert (view.state, view.removable, view.settings) == ("off", False, {"greeting": "hello"})
    used(here, "notes")
    assert here.rows("SELECT count(*) FROM notes_pages") == [(1,)]


def test_of_a_plugin_whose_package_is_gone_nothing_is_left_in_the_list(parcels: Parcels, desk: Desks) -> None:
    install(parcels, "notes")
    here = desk()
    used(here, "notes")
    here.close()
    uninstall(parcels, "notes")
    there = desk()
    view = there.plugins.show("notes", SYSTEM)
    assert (view.state, view.removable) == ("missing", True)
    there.plugins.remove_data("notes", "notes", SYSTEM)
    assert stored(there, "notes") == set()
    assert "notes" not in {plugin.name for plugin in there.plugins.list(SYSTEM)}
    with pytest.raises(NotFound):
        there.plugins.remove_data("notes", "notes", SYSTEM)
    assert not [check for check in there.plugins.health() if "notes" in check.name]


def test_a_plugin_with_a_longer_name_keeps_its_tables(parcels: Parcels, desk: Desks) -> None:
    install(parcels, "notes")
    install(parcels, "notes_shared")
    here = desk()
    used(here, "notes")
    used(here, "notes_shared")
    kept = {name for name in stored(here, "notes_shared") if "shared" in name}
    here.plugins.remove_data("notes", "notes", SYSTEM)
    assert stored(here, "notes_shared") >= kept
    assert here.plugins.enable("notes_shared", SYSTEM).state == "on"


def test_the_tables_of_the_core_are_never_a_plugins(parcels: Parcels, desk: Desks) -> None:
    """`record_links` begins with the name of a plugin called record."""
    parcels.exporter("record")
    parcels.add("core", "raise SystemExit")
    here = desk()
    here.plugins.enable("record", SYSTEM)
    here.plugins.disable("record", SYSTEM)
    for name in ("record", "core"):
        assert not here.plugins.show(name, SYSTEM).removable
        removed = here.plugins.remove_data(name, name, SYSTEM)
        assert (removed.tables, removed.snapshot, removed.files) == ([], None, None)
    assert here.rows("SELECT count(*) FROM record_links") == [(0,)]
    assert here.rows("SELECT count(*) FROM alembic_version_core") == [(1,)]


def test_only_what_is_off_and_only_when_confirmed(parcels: Parcels, desk: Desks) -> None:
    install(parcels, "notes")
    here = desk()
    here.plugins.enable("notes", SYSTEM)
    assert not here.plugins.show("notes", SYSTEM).removable
    for name, code in (("notes", "plugin_not_off"), ("csv_import", "plugin_not_off"), ("sqlite", "plugin_pinned")):
        with pytest.raises(Conflict) as conflict:
            here.plugins.remove_data(name, name, SYSTEM)
        assert conflict.value.code == code
    here.plugins.disable("notes", SYSTEM)
    with pytest.raises(Invalid, match="not_confirmed"):
        here.plugins.remove_data("notes", "note", SYSTEM)
    with pytest.raises(Refused):
        here.plugins.remove_data("notes", "notes", MEMBER)
    assert "notes_pages" in stored(here, "notes")


def test_a_plugin_that_is_on_by_default_stays_off_at_the_next_start(desk: Desks) -> None:
    here = desk()
    here.plugins.configure("csv_import", {"max_columns": 55}, SYSTEM)
    here.plugins.disable("csv_import", SYSTEM)
    here.plugins.remove_data("csv_import", "csv_import", SYSTEM)
    here.close()
    there = desk()
    assert there.plugins.show("csv_import", SYSTEM).state == "off"
    view = there.plugins.enable("csv_import", SYSTEM)
    assert (view.state, view.settings["max_columns"]) == ("on", 1000)


def test_where_no_snapshot_can_be_made_nothing_is_removed(parcels: Parcels, desk: Desks) -> None:
    install(parcels, "notes")
    here = desk()
    used(here, "notes")
    shutil.rmtree(here.config.data_dir / "snapshots")
    (here.config.data_dir / "snapshots").write_text("a file stands where the folder should be")
    before = stored(here, "notes")
    with pytest.raises(Unavailable, match="snapshots"):
        here.plugins.remove_data("notes", "notes", SYSTEM)
    assert stored(here, "notes") == before
    (here.config.data_dir / "snapshots").unlink()
    assert here.plugins.remove_data("notes", "notes", SYSTEM).files


KILLED = """
import os, signal, sys
from pathlib import Path
import crm_core.services.plugins.leftovers as leftovers
from crm_core.contracts.actor import SYSTEM
from crm_core.services.plugins.book import Book
from tests.core.host.desk import Desk

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "before the tables":
    leftovers.drop_tables = die
else:
    Book.forget = die
desk = Desk(Path(sys.argv[1]))
desk.plugins.remove_data("notes", "notes", SYSTEM)
"""


@pytest.mark.parametrize("moment", ["before the tables", "before the end"])
def test_a_kill_in_between_leaves_what_can_be_finished(
    parcels: Parcels, desk: Desks, tmp_path: Path, moment: str
) -> None:
    install(parcels, "notes")
    here = desk()
    used(here, "notes")
    before = stored(here, "notes") - {"cache.txt"}
    here.close()
    path = os.pathsep.join([str(Path.cwd()), str(parcels.folder)])
    command = [sys.executable, "-c", KILLED, str(tmp_path / "data"), moment]
    killed = subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    there = desk()
    view = there.plugins.show("notes", SYSTEM)
    assert (view.state, view.removable) == ("off", True)
    assert stored(there, "notes") == before
    assert len(list((tmp_path / "data" / "snapshots").glob("before-removing-notes-*/cache.txt"))) == 1
    there.plugins.remove_data("notes", "notes", SYSTEM)
    assert stored(there, "notes") == set()
    assert there.units.storage.verify(tmp_path / "data" / "crm.sqlite3") == []


def test_the_command_beside_a_running_server(parcels: Parcels, tmp_path: Path) -> None:
    """The server has let go of the plugin before its tables are dropped."""
    install(parcels, "notes")
    server = Desk(tmp_path / "data")
    terminal = Terminal(tmp_path / "data", parcels.folder)
    try:
        server.plugins.enable("notes", SYSTEM)
        refused = terminal.run("remove-data", "notes", "--yes")
        assert refused.returncode == 2
        assert "not switched off" in refused.stderr
        assert terminal.run("disable", "notes").returncode == 0
        refused = terminal.run("remove-data", "notes")
        assert refused.returncode == 2
        assert "--yes" in refused.stderr
        answer = terminal.run("remove-data", "notes", "--yes")
        assert answer.returncode == 0, answer.stderr
        assert "before-removing-notes-" in answer.stdout
        assert stored(server, "notes") == set()
        assert "notes" not in server.host.on
    finally:
        server.close()
