"""Tables of plugins: migrated at switch-on after a snapshot, one version table each, all or nothing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

from crm_core.contracts.actor import SYSTEM
from tests.core.host.desk import Desk
from tests.core.host.parcels import Parcels

Desks = Callable[..., Desk]

REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before!r}

def upgrade():
    op.create_table("notes_{revision}", sa.Column("id", sa.Integer, primary_key=True))
    {more}
"""


def install(parcels: Parcels) -> str:
    module = parcels.add("notes", "from crm_core import PluginInfo\n")
    (parcels.folder / module / "plugin.py").write_text(
        "from crm_core import PluginInfo\n"
        f'PLUGIN = PluginInfo(name="notes", title="Notes", summary="x", migrations="{module}.migrations")\n'
    )
    versions = parcels.folder / module / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "__init__.py").write_text("")
    return module


def revise(parcels: Parcels, module: str, revision: str, before: str | None, more: str = "") -> None:
    path = parcels.folder / module / "migrations" / "versions" / f"{revision}_step.py"
    path.write_text(REVISION.format(revision=revision, before=before, more=more))


def tables(desk: Desk) -> set[str]:
    return {
        name for (name,) in desk.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%notes%'")
    }


def test_a_plugin_gets_its_tables_and_keeps_them(parcels: Parcels, desk: Desks) -> None:
    module = install(parcels)
    revise(parcels, module, "0001", None)
    here = desk()
    assert here.plugins.enable("notes", SYSTEM).state == "on"
    assert tables(here) == {"notes_0001", "alembic_version_notes"}
    assert here.rows("SELECT version_num FROM alembic_version_notes") == [("0001",)]
    here.plugins.disable("notes", SYSTEM)
    assert "notes_0001" in tables(here)
    revise(parcels, module, "0002", "0001")
    assert here.plugins.enable("notes", SYSTEM).state == "on"
    assert here.rows("SELECT version_num FROM alembic_version_notes") == [("0002",)]
    before = here.config.data_dir / "snapshots" / "before-notes-0002.sqlite3"
    with closing(sqlite3.connect(before)) as snapshot:
        assert snapshot.execute("SELECT version_num FROM alembic_version_notes").fetchall() == [("0001",)]


def test_a_migration_that_fails_changes_nothing_and_says_so(parcels: Parcels, desk: Desks) -> None:
    module = install(parcels)
    revise(parcels, module, "0001", None)
    revise(parcels, module, "0002", "0001", more="op.execute('SELECT no_such_column')")
    here = desk()
    view = here.plugins.enable("notes", SYSTEM)
    assert view.state == "migration_failed"
    assert "no_such_column" in view.reason
    assert tables(here) == set()
    assert here.plugins.show("csv_import", SYSTEM).state == "on"
    revise(parcels, module, "0002", "0001")
    assert here.plugins.enable("notes", SYSTEM).state == "on"
    assert {"notes_0001", "notes_0002"} <= tables(here)


def test_tables_of_a_newer_plugin_are_left_alone(parcels: Parcels, desk: Desks) -> None:
    module = install(parcels)
    revise(parcels, module, "0001", None)
    here = desk()
    here.plugins.enable("notes", SYSTEM)
    here.plugins.disable("notes", SYSTEM)
    with here.units.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version_notes SET version_num = '0009'")
    view = here.plugins.enable("notes", SYSTEM)
    assert (view.state, "newer version" in view.reason) == ("migration_failed", True)


def test_a_migrations_package_that_is_not_there(parcels: Parcels, desk: Desks) -> None:
    manifest = 'PluginInfo(name="notes", title="x", summary="x", migrations="no.where")'
    parcels.add("notes", f"from crm_core import PluginInfo\nPLUGIN = {manifest}")
    assert desk().plugins.enable("notes", SYSTEM).state == "migration_failed"
