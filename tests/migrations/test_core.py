"""Migrations: they make exactly what the models say, run twice do nothing, and refuse a database of the future."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from crm_core.errors import Unavailable
from crm_core.services.builtin import TABLES, ensure_builtin
from crm_core.storage.migrate import CORE, CORE_MIGRATIONS, current_version, known_versions, pending
from crm_core.storage.schema import TEAM_PREFIX
from crm_core.storage.unit import Units
from crm_core.storage.upgrade import prepare
from plugins.sqlite.database import SqliteDatabase


def include(_: Any, name: str | None, kind: str, __: bool, ___: Any) -> bool:
    """Columns and indexes made at runtime are not the models' business, nor are the version tables."""
    name = name or ""
    runtime = (kind == "column" and name.startswith(TEAM_PREFIX)) or (kind == "index" and name.startswith("gx_"))
    return not runtime and not name.startswith("alembic_version")


def dump(storage: SqliteDatabase) -> list[str]:
    """The whole database as SQL text."""
    with closing(sqlite3.connect(storage.path)) as connection:
        return list(connection.iterdump())


def test_the_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    storage = SqliteDatabase(tmp_path / "crm.sqlite3")
    prepare(storage, tmp_path)
    with storage.reader() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": include, "compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []
        assert current_version(connection, CORE) == known_versions(CORE_MIGRATIONS)[-1]
    storage.close()


def test_a_second_start_migrates_nothing_and_keeps_the_fields(tmp_path: Path) -> None:
    for _ in range(2):
        storage = SqliteDatabase(tmp_path / "crm.sqlite3")
        prepare(storage, tmp_path)
        units = Units(storage)
        ensure_builtin(units)
        with units.read() as session:
            count = session.connection().exec_driver_sql("SELECT count(*) FROM fields").scalar()
        assert count == sum(len(table.fields) for table in TABLES)
        with storage.reader() as connection:
            assert pending(connection, CORE, CORE_MIGRATIONS) == []
        storage.close()
    assert not (tmp_path / "snapshots").exists()


def test_a_database_of_the_future_is_left_alone(tmp_path: Path) -> None:
    storage = SqliteDatabase(tmp_path / "crm.sqlite3")
    prepare(storage, tmp_path)
    with Units(storage).write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version_core SET version_num = '9999'")
    before = dump(storage)
    with pytest.raises(Unavailable) as caught:
        prepare(storage, tmp_path)
    assert caught.value.code == "newer_database"
    assert dump(storage) == before
    storage.close()


def test_a_built_in_field_that_is_missing_is_added(tmp_path: Path) -> None:
    storage = SqliteDatabase(tmp_path / "crm.sqlite3")
    prepare(storage, tmp_path)
    units = Units(storage)
    ensure_builtin(units)
    with units.write() as session:
        session.connection().exec_driver_sql("DELETE FROM fields WHERE key IN ('priority', 'linkedin')")
    ensure_builtin(units)
    with units.read() as session:
        keys = {row[0] for row in session.connection().exec_driver_sql("SELECT key FROM fields")}
    assert {"priority", "linkedin"} <= keys
    storage.close()


def test_an_older_database_gets_the_tasks_beside_what_the_team_calls_tasks(tmp_path: Path) -> None:
    storage = SqliteDatabase(tmp_path / "crm.sqlite3")
    prepare(storage, tmp_path)
    units = Units(storage)
    ensure_builtin(units)
    with units.write() as session:
        run = session.connection().exec_driver_sql
        run("DELETE FROM fields WHERE key = 'tasks' OR table_id = (SELECT id FROM grid_tables WHERE key = 'tasks')")
        run("DELETE FROM fundraising_views WHERE table_id = (SELECT id FROM grid_tables WHERE key = 'tasks')")
        run("DELETE FROM grid_tables WHERE key = 'tasks'")
        run("UPDATE fields SET name = 'Tasks' WHERE key = 'next_step'")
    ensure_builtin(units)
    with units.read() as session:
        names = [row[0] for row in session.connection().exec_driver_sql("SELECT name FROM fields WHERE key = 'tasks'")]
        views = session.connection().exec_driver_sql(
            "SELECT count(*) FROM fundraising_views v JOIN grid_tables t ON t.id = v.table_id WHERE t.key = 'tasks'"
        )
        assert sorted(names) == ["Tasks", "Tasks 2"]
        assert views.scalar() == 1
    storage.close()
