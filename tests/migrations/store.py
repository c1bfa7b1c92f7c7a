"""Stores the database of this program as a dump, for the tests of later ones: run it when a version is released.

    .venv/bin/python -m tests.migrations.store

It writes tests/migrations/released/<revision>.sql with a little of everything in it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import (
    ChangeSet,
    Create,
    CreateField,
    CreateRecord,
    Delete,
    NewField,
    Op,
    Update,
    UpdateRecord,
)
from crm_core.crm import Crm, opened

RELEASED = Path(__file__).with_name("released")
PASSWORD = "quiet otters cross rivers"


def fill(crm: Crm) -> None:
    """People, a token, records with links, choices and fields of the team, a deleted one, an undone change."""
    accounts = crm.access.accounts
    ada = accounts.create(SYSTEM, email="ada@example.org", name="Ada", password=PASSWORD, role="admin")
    bob = accounts.create(SYSTEM, email="bob@example.org", name="Bob", password=PASSWORD)
    crm.access.tokens.create(bob.acting(), "script", "read")

    def apply(*ops: Op, create_options: bool = False) -> list[list[str]]:
        return crm.records.apply(ChangeSet(list(ops), create_options=create_options), ada.acting()).created

    rows: list[dict[str, Any]] = [
        {"name": "Aurora Pension", "stage": "Committed", "check_size": 5_000_000, "probability": 0.9},
        {"name": "Bärenreiter KG", "stage": "First call", "check_size": 250_000.5, "last_contact": "2026-02-28"},
        {"name": "Cedar Ltd", "stage": "Passed", "tags": ["core"], "owner": ada.public_id},
    ]
    (investors,) = apply(Create("investors", [CreateRecord(row) for row in rows]), create_options=True)
    ((fund,),) = apply(Create("funds", [CreateRecord({"name": "Fund I", "target": 50_000_000})]))
    cells = {"name": "Aurora → Fund I", "investor": [investors[0]], "fund": [fund], "amount": 5_000_000}
    apply(Create("commitments", [CreateRecord(cells)]))
    apply(Create("contacts", [CreateRecord({"name": "Eve", "investor": [investors[0]]})]))
    choices = {"choices": [{"name": "North", "color": "blue"}]}
    apply(CreateField("investors", NewField("Region", "single_select", choices)))
    apply(CreateField("investors", NewField("Peers", "link", {"table": "investors", "many": True})))
    apply(
        Update("investors", [UpdateRecord(investors[0], {"Region": "North", "Peers": investors[1:], "notes": "日本"})])
    )
    apply(Delete("investors", [investors[2]]))
    crm.records.apply(ChangeSet([Update("investors", [UpdateRecord(investors[1], {"name": "Wrong"})])]), ada.acting())
    with crm.units.read() as session:
        version = session.connection().exec_driver_sql("SELECT version FROM fundraising_state").scalar_one()
    crm.records.undo(version, ada.acting())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = from_env({}, data_dir=Path(folder))
        with opened(config) as crm:
            fill(crm)
        with closing(sqlite3.connect(Path(folder) / "crm.sqlite3")) as connection:
            revision = connection.execute("SELECT version_num FROM alembic_version_core").fetchone()[0]
            (RELEASED / f"{revision}.sql").write_text("\n".join(connection.iterdump()) + "\n", "utf-8")
    print(RELEASED / f"{revision}.sql")


if __name__ == "__main__":
    main()
