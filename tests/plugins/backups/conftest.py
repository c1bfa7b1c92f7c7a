"""A CRM with some data, its backups service, and ways to look at and change both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import ChangeSet, Create, CreateRecord, Delete, Update, UpdateRecord
from crm_core.contracts.query import Query
from crm_core.crm import open_crm
from crm_core.host import Host
from plugins.backups.service import Backups


class World:
    """One CRM over a data folder. `names` are the investors' names by id, as the grid shows them."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.crm = open_crm(from_env(variables, data_dir=folder), Host.discover())
        self.backups = Backups(self.crm.plugins.context("backups"))
        self.admin: Actor = SYSTEM

    def close(self) -> None:
        self.crm.close()

    def add(self, *names: str, **cells: Any) -> list[str]:
        ops = [Create("investors", [CreateRecord({"name": name, **cells}) for name in names])]
        return self.crm.records.apply(ChangeSet(ops), self.admin).created[0]

    def rename(self, record: str, name: str) -> None:
        self.crm.records.apply(ChangeSet([Update("investors", [UpdateRecord(record, {"name": name})])]), self.admin)

    def delete(self, *records: str) -> None:
        self.crm.records.apply(ChangeSet([Delete("investors", list(records))]), self.admin)

    @property
    def names(self) -> dict[str, str]:
        window = self.crm.windows.query("investors", Query(fields=["name"], limit=5_000), self.admin)
        return dict(zip(window.ids, window.columns[0], strict=True))

    @property
    def version(self) -> int:
        return self.crm.windows.query("investors", Query(limit=0), self.admin).version

    def sql(self, sql: str) -> list[tuple[Any, ...]]:
        with self.crm.units.read() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(sql)]

    def events(self) -> list[str]:
        return [row[0] for row in self.sql("SELECT kind FROM events WHERE kind LIKE 'backup.%' ORDER BY id")]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "data")
    yield made
    made.close()
