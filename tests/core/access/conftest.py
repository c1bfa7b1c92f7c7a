"""Access over a real database in a temporary folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.models import Event
from crm_core.services.access import Access, Client, Opened, Site
from crm_core.services.settings import Settings
from crm_core.services.users import Person, Users
from crm_core.storage.unit import Units
from crm_core.storage.upgrade import prepare
from plugins.sqlite.database import SqliteDatabase

PASSWORD = "quiet otters cross rivers"
HOME = Client("192.0.2.1", "a browser")
SITE = Site("crm.example.org", "https://crm.example.org")
ELSEWHERE = Client("198.51.100.7", "another browser")


class Door:
    """The services under test, and short ways to use them."""

    def __init__(self, folder: Path) -> None:
        self.storage = SqliteDatabase(folder / "crm.sqlite3")
        prepare(self.storage, folder)
        self.units = Units(self.storage)
        self.users = Users(self.units)
        config = from_env({}, data_dir=folder)
        self.access = Access(self.units, self.users, Settings(self.units, config), config)

    def person(self, name: str = "Ada Admin", role: str = "admin") -> Person:
        email = f"{name.split()[0].lower()}@example.org"
        return self.access.accounts.create(SYSTEM, email=email, name=name, password=PASSWORD, role=role)

    def enter(self, person: Person, client: Client = HOME) -> Opened:
        return self.sign_in(person.email, PASSWORD, client)

    def sign_in(self, email: str, password: str, client: Client) -> Opened:
        """Sign in where the password is enough."""
        opened = self.access.entry.sign_in(email, password, client, SITE)
        assert isinstance(opened, Opened)
        return opened

    def events(self) -> list[str]:
        with self.units.read() as session:
            return [event.kind for event in session.exec(select(Event).order_by("id"))]

    def everything_stored(self) -> bytes:
        """All bytes of the database, also those not yet moved out of the write-ahead log."""
        return b"".join(path.read_bytes() for path in self.storage.path.parent.glob("crm.sqlite3*"))


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = Door(tmp_path)
    yield made
    made.storage.close()
