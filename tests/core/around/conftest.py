"""A whole core in a temporary folder, with three people and an investor who has a contact."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import ChangeSet, Create, CreateRecord
from crm_core.crm import Crm, opened


class Room:
    """The CRM and those who work in it: Ada is an admin, Bob and Cy are members."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        make = crm.access.accounts.create
        people = [
            make(SYSTEM, email=f"{name.lower()}@example.org", name=name, password="seven quiet geese", role=role)
            for name, role in (("Ada", "admin"), ("Bob", "member"), ("Cy", "member"))
        ]
        self.ada, self.bob, self.cy = (person.acting() for person in people)
        self.ids = {person.name: person.public_id for person in people}
        self.investor = self.add("investors", name="Northgate")
        self.contact = self.add("contacts", name="Greta Lind", investor=[self.investor])

    def add(self, table: str, actor: Actor = SYSTEM, **cells: Any) -> str:
        applied = self.crm.records.apply(ChangeSet(ops=[Create(table, [CreateRecord(cells)])]), actor)
        return applied.created[0][0]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with opened(from_env({}, data_dir=tmp_path)) as crm:
        yield Room(crm)
