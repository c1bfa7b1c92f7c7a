"""A CRM core on a database in a folder, with a table that has every kind of field, for tests of reading."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_core import ids
from crm_core.config import Config
from crm_core.contracts.actor import SYSTEM
from crm_core.kinds import KINDS, FieldDef
from crm_core.services.builtin import ensure_builtin
from crm_core.services.settings import TEAM, Settings
from crm_core.services.tables import Tables
from crm_core.services.windows import Windows
from crm_core.storage import state
from crm_core.storage.schema import Schema, SchemaCache, TableDef
from crm_core.storage.unit import Units
from crm_core.storage.upgrade import prepare
from plugins.sqlite.database import SqliteDatabase

ZONE = "Europe/Berlin"
AT = "2026-01-01T00:00:00.000Z"
NAMES = {3: "Gamma", 1: "alpha", 2: "Äpfel", 10: "beta"}
"""Options by number, in their order."""
CHOICES = {"choices": [{"number": number, "name": name, "color": "blue"} for number, name in NAMES.items()]}

FIELDS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "name": ("text", {}),
    "mail": ("email", {}),
    "number": ("number", {"precision": 2}),
    "money": ("currency", {"code": "EUR", "precision": 2}),
    "yen": ("currency", {"code": "JPY", "precision": 0}),
    "share": ("percent", {}),
    "stars": ("rating", {"max": 5}),
    "span": ("duration", {}),
    "done": ("checkbox", {}),
    "stage": ("single_select", CHOICES),
    "tags": ("multi_select", CHOICES),
    "day": ("date", {}),
    "moment": ("date_time", {"zone": None}),
    "abroad": ("date_time", {"zone": "America/New_York"}),
    "who": ("user", {}),
    "one": ("link", {"table": 11, "many": False}),
    "many": ("link", {"table": 11, "many": True}),
    "own": ("link", {"table": 10, "many": True}),
    "back_one": ("link", {"table": 11, "inverse_of": 150}),
    "back_many": ("link", {"table": 11, "inverse_of": 151}),
    "created": ("created_time", {}),
    "modified": ("modified_time", {}),
    "creator": ("created_by", {}),
    "modifier": ("modified_by", {}),
    "running": ("auto_number", {}),
}
"""Fields of the table `main` (key → kind, options); field n has the key 101 + n."""
OTHER: Mapping[str, tuple[str, dict[str, Any]]] = {
    "title": ("text", {}),
    "to_one": ("link", {"table": 10, "many": False}),
    "to_many": ("link", {"table": 10, "many": True}),
}
"""Fields of the table `other`, from 149."""
PEOPLE = {1: "Ada", 2: "bruno", 3: "Älva"}
_ROW = (
    "id INTEGER PRIMARY KEY, position REAL, version INTEGER, created_at TEXT, created_by INTEGER, updated_at TEXT,"
    " updated_by INTEGER, deleted_at TEXT"
)


@dataclass
class World:
    """The parts of a core that read, and a way to put rows into it."""

    units: Units
    schemas: SchemaCache
    settings: Settings
    windows: Windows
    tables: Tables

    @property
    def schema(self) -> Schema:
        with self.units.read() as session:
            connection = session.connection()
            return self.schemas.at(connection, state.current(connection).schema_version)

    def table(self, key: str = "main") -> TableDef:
        return self.schema.table(key)

    def field(self, key: str, table: str = "main") -> FieldDef:
        return self.table(table).field(key)

    def run(self, *statements: str | tuple[str, Sequence[Any]]) -> None:
        """Execute SQL in one unit of work, as a new version of the data."""
        with self.units.write() as session:
            connection = session.connection()
            for statement in statements:
                sql, values = (statement, ()) if isinstance(statement, str) else statement
                connection.exec_driver_sql(sql, tuple(values))
            connection.exec_driver_sql("UPDATE fundraising_state SET version = version + 1")

    def fill(
        self,
        main: Iterable[Mapping[str, object]] = (),
        other: Iterable[Mapping[str, object]] = (),
        links: Iterable[tuple[int, int, int, int]] = (),
    ) -> None:
        """Replace all rows of both tables and all links. Rows are columns in stored form; what is left out is NULL."""
        with self.units.write() as session:
            connection = session.connection()
            for name in ("t_main", "t_other", "record_links"):
                connection.exec_driver_sql(f"DELETE FROM {name}")
            for name, rows in (("t_main", main), ("t_other", other)):
                for number, row in enumerate(rows, 1):
                    full = {"id": number, "position": number, "version": 1, "created_at": AT, "updated_at": AT, **row}
                    columns = ", ".join(full)
                    marks = ", ".join("?" * len(full))
                    connection.exec_driver_sql(f"INSERT INTO {name} ({columns}) VALUES ({marks})", tuple(full.values()))
            for link in links:
                connection.exec_driver_sql("INSERT INTO record_links VALUES (?, ?, ?, ?)", link)
            connection.exec_driver_sql("UPDATE fundraising_state SET version = version + 1")

    def live_in(self, zone: str) -> None:
        """Give the team another time zone."""
        if self.settings.team().time_zone != zone:
            with self.units.write() as session:
                team = {"name": "Team", "time_zone": zone, "currency": "EUR"}
                self.settings.put(session, TEAM, team, SYSTEM)

    def close(self) -> None:
        self.windows.close()
        self.units.storage.close()


def key_of(field: str) -> int:
    """The key of a field of either table."""
    return 101 + list(FIELDS).index(field) if field in FIELDS else 149 + list(OTHER).index(field)


def record(key: int, table: int = 10) -> str:
    return ids.record(table, key)


def column_of(kind: str, options: Mapping[str, Any], key: str) -> str | None:
    stored = KINDS[kind].sql_type is not None and not KINDS[kind].read_only
    return key if stored and options.get("many") is not True and "inverse_of" not in options else None


def make_world(folder: Path) -> World:
    """A fresh core in a folder, with the built-in tables and the tables `main` and `other`."""
    storage = SqliteDatabase(folder / "crm.sqlite3")
    prepare(storage, folder)
    units = Units(storage)
    ensure_builtin(units)
    schemas, settings = SchemaCache(), Settings(units, Config(folder, "", time_zone=ZONE))
    world = World(units, schemas, settings, Windows(units, schemas, settings), Tables(units, schemas))
    with units.write() as session:
        connection = session.connection()
        for number, (name, fields) in enumerate((("main", FIELDS), ("other", OTHER))):
            connection.exec_driver_sql(
                "INSERT INTO grid_tables (id, key, name, name_one, physical, position) VALUES (?, ?, ?, ?, ?, ?)",
                (10 + number, name, name.title(), name, f"t_{name}", 10 + number),
            )
            columns = [_ROW]
            for place, (key, (kind, options)) in enumerate(fields.items()):
                column = column_of(kind, options, key)
                connection.exec_driver_sql(
                    "INSERT INTO fields (id, table_id, key, name, kind, description, options, column_name, position,"
                    " is_primary, created_at) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?)",
                    (
                        key_of(key),
                        10 + number,
                        key,
                        key.title(),
                        kind,
                        json.dumps(options),
                        column,
                        place,
                        not place,
                        AT,
                    ),
                )
                if column:
                    columns.append(f"{column} {KINDS[kind].sql_type}")
            connection.exec_driver_sql(f"CREATE TABLE t_{name} ({', '.join(columns)})")
        for user, person in PEOPLE.items():
            connection.exec_driver_sql(
                "INSERT INTO users (id, email, name, role, password_hash, active, created_at)"
                " VALUES (?, ?, ?, 'member', '', 1, ?)",
                (user, f"{user}@example.org", person, AT),
            )
        connection.exec_driver_sql("UPDATE fundraising_state SET schema_version = schema_version + 1")
    return world
