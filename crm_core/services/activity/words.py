"""What sentences are made of: names of people, records and fields, values as text, looked up once a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import ids
from crm_core.contracts.activity import Part
from crm_core.contracts.change import Who
from crm_core.kinds import FieldDef
from crm_core.models import ImportRun
from crm_core.models.tables import VIEWS
from crm_core.storage.queries import links
from crm_core.storage.schema import Schema, TableDef

_RUNS: Any = ImportRun.__table__  # type: ignore[attr-defined]

LONGEST = 80
"""Characters of a value that a sentence shows."""

NOBODY = Who("", "The CRM")


@dataclass
class Words:
    """Looks names up within one read transaction."""

    connection: Connection
    schema: Schema
    zone: str
    _people: dict[int, str] | None = None
    _records: dict[tuple[int, int], str] = field(default_factory=dict)
    _views: dict[int, tuple[str, int | None]] = field(default_factory=dict)

    @property
    def people(self) -> dict[int, str]:
        if self._people is None:
            self._people = dict(links.people(self.connection))
        return self._people

    def who(self, user_id: int | None) -> Who | None:
        """A person; None for the CRM itself."""
        return None if user_id is None else Who(ids.encode("usr", user_id), self.people.get(user_id, "Somebody"))

    def person(self, public_id: str) -> Part:
        """A person by public id, as a piece of a sentence."""
        key = ids.try_decode("usr", public_id)
        return Part(self.people.get(key or 0, "somebody"), "person", public_id)

    def learn(self, table: TableDef, keys: Sequence[int]) -> None:
        """Look up what records are called, deleted ones too."""
        missing = [key for key in keys if (table.id, key) not in self._records]
        if missing:
            found = links.display_names(self.connection, table, missing, self.zone)
            self._records.update(((table.id, key), found.get(key, "")) for key in missing)

    def record(self, table: TableDef, key: int) -> Part:
        """A record by its name, to be opened."""
        self.learn(table, [key])
        name = shortened(self._records[table.id, key]) or f"an unnamed {table.name_one.lower()}"
        return Part(name, "record", ids.record(table.id, key), table.key)

    def view(self, key: int) -> tuple[str, int | None] | None:
        """A view's name and owner; None when there is no such view."""
        if key not in self._views:
            row = self.connection.execute(sa.select(VIEWS.c.name, VIEWS.c.owner_id).where(VIEWS.c.id == key)).first()
            if row is None:
                return None
            self._views[key] = (row[0], row[1])
        return self._views[key]

    def table_of_import(self, public_id: str) -> TableDef | None:
        """The table that an import filled."""
        query = sa.select(_RUNS.c.table_id).where(_RUNS.c.id == ids.try_decode("imp", public_id))
        return self.schema.by_id.get(self.connection.execute(query).scalar() or 0)

    def value(self, definition: FieldDef, stored: Any) -> Part | None:
        """A value as people read it; None for an empty cell."""
        if stored is None or stored == []:
            return None
        family, color = definition.kind.family, None
        if family == "link":
            table = self.schema.by_id.get(definition.options["table"])
            if table is None:
                return Part("records of a deleted table")
            self.learn(table, stored)
            text = ", ".join(self._records[table.id, key] or "unnamed" for key in stored)
        elif family == "user":
            text = self.people.get(stored, "somebody")
        elif family == "checkbox":
            text = "ticked"
        else:
            text = definition.kind.text(stored, definition, self.zone)
        if family == "choice":
            color = next((choice.color for choice in definition.choices if choice.number == stored), None)
        return Part(shortened(text), "value", color=color)


def shortened(text: str) -> str:
    """A text on one line, of a length that a sentence bears."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def several(number: int, table: TableDef) -> str:
    """`1 investor`, `12 investors`: a number of a table's records."""
    return f"{number:,} {(table.name_one if number == 1 else table.name).lower()}"


def listed(parts: Sequence[Part]) -> list[Part]:
    """Pieces joined as people list things: `a, b and c`."""
    joined: list[Part] = []
    for place, part in enumerate(parts):
        if place:
            joined.append(Part(" and " if place == len(parts) - 1 else ", "))
        joined.append(part)
    return joined
