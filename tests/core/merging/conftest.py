"""A whole core in a temporary folder, two people, and short ways to fill it and to merge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import Applied, ChangeSet, Create, CreateRecord, Merge, Op, Update, UpdateRecord
from crm_core.contracts.query import Record
from crm_core.crm import Crm, opened


class Room:
    """The CRM and those who work in it."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        make = crm.access.accounts.create
        people = [
            make(SYSTEM, email=f"{name.lower()}@example.org", name=name, password="seven quiet geese", role=role)
            for name, role in (("Ada", "admin"), ("Bob", "member"))
        ]
        self.ada, self.bob = (person.acting() for person in people)
        self.bob_id = people[1].public_id

    def go(self, *ops: Op, actor: Actor | None = None, base: int | None = None) -> Applied:
        change = ChangeSet(list(ops), base_version=base, source="grid", create_options=True)
        return self.crm.records.apply(change, actor or self.ada)

    def add(self, table: str, **cells: Any) -> str:
        return self.go(Create(table, [CreateRecord(cells)])).created[0][0]

    def edit(self, table: str, record: str, **cells: Any) -> int:
        return self.go(Update(table, [UpdateRecord(record, cells)])).version

    def merge(self, table: str, into: str, *records: str, **take: str) -> int:
        return self.go(Merge(table, into, list(records), take)).version

    def record(self, table: str, record: str) -> Record:
        return self.crm.windows.record(table, record, self.ada)

    def cells(self, table: str, record: str) -> dict[str, Any]:
        """A record's filled cells by the key or name of the field."""
        fields = {field.id: field.name for field in self.crm.tables.fields(table)}
        found = self.record(table, record).cells
        return {fields[key]: value for key, value in found.items() if value is not None}

    def sentences(self, count: int = 1) -> list[str]:
        """The newest entries of the feed."""
        from crm_core.services.activity import Ask

        items = self.crm.activity.feed(Ask(["records"], limit=count), self.ada).items
        return ["".join(part.text for part in item.parts) for item in items]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with opened(from_env({}, data_dir=tmp_path)) as crm:
        yield Room(crm)
