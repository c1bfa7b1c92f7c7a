"""Reading history backwards: what fields, views and records were before everything that came after a version.

The earliest change after a version knows, in its `before`, what each part it touched was at that version; parts that
nothing touched since are as they are now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, case, func, select

from crm_core.models.tables import CHANGES
from crm_core.storage.statements import chunks

_decode = msgspec.json.decode
_BATCH = 5_000
_ids = CHANGES.c


@dataclass
class Rewound:
    """What a record, field or view was: `parts` where it differs from now; `absent` when it did not exist yet.

    `deleted` says whether a record lay in the trash; None when nothing moved it there or back since.
    """

    parts: dict[str, Any] = field(default_factory=dict)
    absent: bool = False
    deleted: bool | None = None

    def take(self, op: str, before: str | None) -> None:
        """Take in the next later change."""
        if op == "create":
            self.absent = True
        elif op in ("delete", "restore") and self.deleted is None:
            self.deleted = op == "restore"
        elif before is not None:
            for part, value in _decode(before).items():
                self.parts.setdefault(part, value)


class Last(NamedTuple):
    """A record's marks at a version: its last change there, its last edit, and its last way into the trash."""

    version: int
    updated_at: str
    updated_by: int | None
    deleted_at: str | None


def entities(connection: Connection, entity: str, version: int) -> Mapping[int, Rewound]:
    """Every field (or view) that changed after the version, by key."""
    query = (
        select(_ids.entity_id, _ids.op, _ids.before)
        .where(_ids.entity == entity, _ids.version > version)
        .order_by(_ids.id)
    )
    found: dict[int, Rewound] = {}
    for key, op, before in connection.execute(query):
        found.setdefault(key, Rewound()).take(op, before)
    return found


def records(connection: Connection, table_id: int, version: int) -> Iterator[tuple[int, Rewound]]:
    """Every record of a table that changed after the version, by ascending key, without holding them all."""
    later = _ids.version + 0 > version  # no index on version alone: the one by record gives the order needed here
    query = (
        select(_ids.entity_id, _ids.op, _ids.before)
        .where(_ids.entity == "record", _ids.table_id == table_id, later)
        .order_by(_ids.entity_id, _ids.version, _ids.id)
    )
    current, rewound = 0, Rewound()
    for key, op, before in connection.execution_options(yield_per=_BATCH).execute(query):
        if key != current:
            if current:
                yield current, rewound
            current, rewound = key, Rewound()
        rewound.take(op, before)
    if current:
        yield current, rewound


def marks(connection: Connection, table_id: int, version: int, keys: list[int]) -> dict[int, Last]:
    """When and by whom each of these records was changed last, at the version."""
    found: dict[int, Last] = {}
    for piece in chunks(keys):
        newest = (
            select(
                _ids.entity_id,
                func.max(_ids.id),
                func.max(case((_ids.op != "move", _ids.id))),
                func.max(case((_ids.op == "delete", _ids.id))),
            )
            .where(
                _ids.entity == "record",
                _ids.table_id == table_id,
                _ids.entity_id.in_(piece),
                _ids.version <= version,
            )
            .group_by(_ids.entity_id)
        )
        rows = [tuple(row) for row in connection.execute(newest)]
        wanted = sorted({number for row in rows for number in row[1:] if number is not None})
        changes: dict[int, tuple[int, str, int | None]] = {}
        for part in chunks(wanted):
            query = select(_ids.id, _ids.version, _ids.at, _ids.actor_id).where(_ids.id.in_(part))
            changes.update((row[0], (row[1], row[2], row[3])) for row in connection.execute(query))
        for key, last, edit, deletion in rows:
            _, at, actor = changes[edit or last]
            found[key] = Last(changes[last][0], at, actor, changes[deletion][1] if deletion else None)
    return found
