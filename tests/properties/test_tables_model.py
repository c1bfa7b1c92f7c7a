"""Tables of the team's own under random changes: every earlier state can be read again, and undoing all leads back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import (
    ArchiveTable,
    ChangeSet,
    Create,
    CreateField,
    CreateRecord,
    CreateTable,
    NewField,
    NewTable,
    Op,
    RestoreTable,
    TableSet,
    UpdateTable,
)
from crm_core.contracts.query import AggregateQuery, AsOf
from crm_core.crm import Crm, open_crm
from crm_core.errors import CrmError
from crm_core.host import Host

DEEDS = ("create", "rename", "move", "archive", "restore", "link", "record")
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12)


def picture(crm: Crm, version: int | None = None) -> list[Any]:
    """Names and fields of the live tables in order, and how many records each has."""
    with crm.past.reading(None if version is None else AsOf(version=version)) as then:
        found = then.tables.catalogue(SYSTEM).tables
        rows = [then.windows.aggregate(table.id, _count(), SYSTEM).total for table in found]
    return [
        (table.name, sorted((field.name, field.kind) for field in table.fields), count)
        for table, count in zip(found, rows, strict=True)
    ]


def _count() -> Any:
    return AggregateQuery(aggregates={})


def op_of(crm: Crm, deed: str, one: int, two: int) -> Op | None:
    whole = crm.tables.catalogue(SYSTEM)
    mine = [table for table in whole.tables if not table.builtin]
    if deed == "create":
        return CreateTable(NewTable(f"Table {one}"))
    if deed == "restore":
        return RestoreTable(whole.deleted[one % len(whole.deleted)].id) if whole.deleted else None
    if not mine:
        return None
    table, other = mine[one % len(mine)], whole.tables[two % len(whole.tables)]
    ops: dict[str, Op] = {
        "rename": UpdateTable(table.id, TableSet(name=f"Table {two}")),
        "move": UpdateTable(table.id, TableSet(position=float(two) - 2)),
        "archive": ArchiveTable(table.id),
        "link": CreateField(table.id, NewField(f"Link {two}", "link", {"table": other.id, "many": bool(one % 2)})),
        "record": Create(table.id, [CreateRecord({"Name": "x"})]),
    }
    return ops[deed]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_states_come_back(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        crm = open_crm(from_env({}, data_dir=Path(folder)), Host.discover())
        try:
            seen = {crm.records.since(0)[1]: picture(crm)}
            for step in steps:
                op = op_of(crm, *step)
                if op is None:
                    continue
                try:
                    version = crm.records.apply(ChangeSet([op]), SYSTEM).version
                except CrmError as error:
                    if error.code != "duplicate_name":
                        raise
                    continue
                seen[version] = picture(crm)
            for version in list(seen)[-4:]:
                assert picture(crm, version) == seen[version]
            start = min(seen)
            for version in sorted(seen, reverse=True):
                if version > start:
                    crm.records.undo(version, SYSTEM)
            assert picture(crm) == seen[start]
        finally:
            crm.close()
