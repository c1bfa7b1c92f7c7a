"""A real database in a temporary folder, and a short way to send change sets to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import Applied, ChangeSet, Create, CreateRecord, Op, Update, UpdateRecord
from crm_core.services.builtin import ensure_builtin
from crm_core.services.computed import Graphs
from crm_core.services.records import Records
from crm_core.services.settings import Settings
from crm_core.storage import state
from crm_core.storage.schema import Schema, SchemaCache, TableDef
from crm_core.storage.unit import Units
from crm_core.storage.upgrade import prepare
from plugins.sqlite.database import SqliteDatabase


class House:
    """Records over a fresh database, with the reads that tests need."""

    def __init__(self, folder: Path, graphs: Graphs | None = None) -> None:
        self.storage = SqliteDatabase(folder / "crm.sqlite3")
        prepare(self.storage, folder)
        self.units = Units(self.storage)
        ensure_builtin(self.units)
        self.schemas = SchemaCache()
        self.settings = Settings(self.units, from_env({}, data_dir=folder))
        self.records = Records(self.units, self.schemas, self.settings, graphs)

    def go(self, *ops: Op, actor: Actor = SYSTEM, **rest: Any) -> Applied:
        return self.records.apply(ChangeSet(ops=list(ops), **rest), actor)

    def add(self, table: str, **cells: Any) -> str:
        return self.go(Create(table, [CreateRecord(cells)])).created[0][0]

    def set(self, table: str, record: str, base_version: int | None = None, **cells: Any) -> Applied:
        return self.go(Update(table, [UpdateRecord(record, cells)]), base_version=base_version)

    @property
    def schema(self) -> Schema:
        with self.units.read() as session:
            connection = session.connection()
            return self.schemas.at(connection, state.current(connection).schema_version)

    @property
    def version(self) -> int:
        with self.units.read() as session:
            return state.current(session.connection()).version

    def table(self, name: str = "investors") -> TableDef:
        return self.schema.table(name)

    def rows(self, table: str = "investors", *, deleted: bool = False) -> dict[str, dict[str, Any]]:
        """Stored cells of live (or deleted) records by public id, in manual order; links of every direction apart."""
        from crm_core import ids

        definition = self.table(table)
        found = {}
        own = [field for field in definition.fields if field.column]
        with self.units.read() as session:
            names = ", ".join(f'"{field.column}"' for field in own)
            for key, mark, *values in session.connection().exec_driver_sql(
                f'SELECT id, deleted_at, {names} FROM "{definition.physical}" ORDER BY position, id'
            ):
                if (mark is not None) == deleted:
                    found[ids.record(definition.id, key)] = {
                        field.name: value for field, value in zip(own, values, strict=True) if value is not None
                    }
        return found


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.storage.close()
