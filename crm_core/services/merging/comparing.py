"""Side by side: what merging some records would give and move, and what un-merging would leave."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.merging import (
    KeptCell,
    LinkMove,
    MergedRecord,
    MergePreview,
    MergeSource,
    PastMerge,
    Unmerged,
)
from crm_core.errors import CrmError
from crm_core.kinds import FieldDef
from crm_core.models.tables import RECORD_MERGES
from crm_core.services.attached import find
from crm_core.services.records import (
    Records,
    joining,
    journal,
    merges,
    patches,
    relinking,
    rows,
    surroundings,
    unmerging,
)
from crm_core.services.records.patches import Reading
from crm_core.services.settings import Settings
from crm_core.storage import state
from crm_core.storage.queries import links
from crm_core.storage.queries.dialects import one_of
from crm_core.storage.schema import SchemaCache, TableDef
from crm_core.storage.unit import Units

_merge = RECORD_MERGES.c


class _Sides(NamedTuple):
    """The records that are compared: the first is the one that stays."""

    seen: Reading
    table: TableDef
    keys: Sequence[int]
    fields: Sequence[FieldDef]
    current: Mapping[int, Mapping[Any, Any]]


class Merging:
    """Shows merges before and after they are made; making one is a change set (`merge`)."""

    def __init__(self, units: Units, schemas: SchemaCache, settings: Settings, records: Records) -> None:
        self._units, self._schemas, self._settings, self._records = units, schemas, settings, records

    def preview(self, table_ref: str, into: str, records: Sequence[str], take: Mapping[str, str]) -> MergePreview:
        """What merging `records` into `into` would give; raises as the merge would."""
        with self._units.read() as session:
            connection = session.connection()
            now = state.current(connection)
            schema = self._schemas.at(connection, now.schema_version)
            seen, table = Reading(connection, schema), schema.table(table_ref)
            keys = merges.named(seen, table, into, records, "")
            fields = [field for field in joining.mergeable(table) if field.archived_at is None]
            current = rows.fetch(seen, table, keys, fields)
            merges.check_live(seen, table, current, "")
            chosen = joining.chosen(fields, keys, current, joining.picks(table, keys, take, "/take"))
            cells = joining.joined(table, keys, current, chosen)
            return self._view(_Sides(seen, table, keys, fields, current), chosen, cells, now.version)

    def _view(
        self, sides: "_Sides", chosen: Mapping[int, int | str], cells: Mapping[int, Any], version: int
    ) -> MergePreview:
        seen, table, keys, fields, current = sides
        connection, zone = seen.connection, self._settings.team().time_zone
        stamps = sa.select(table.sql.c.id, table.sql.c.created_at, table.sql.c.updated_at)
        made = {row[0]: row for row in connection.execute(stamps.where(table.sql.c.id.in_(keys)))}
        called = links.display_names(connection, table, keys, zone)
        wanted: dict[int, set[int]] = {}
        for field in fields:
            if field.kind.family == "link":
                targets = [target for key in keys for target in current[key][field.id] or ()]
                wanted.setdefault(field.options["table"], set()).update(targets)
        around = surroundings.count(connection, table.id, keys[1:])
        return MergePreview(
            version=version,
            into=ids.record(table.id, keys[0]),
            records=[
                MergedRecord(
                    ids.record(table.id, key), called.get(key, ""), made[key][1], made[key][2],
                    _wire(fields, current[key]),
                )
                for key in keys
            ],
            cells=_wire(fields, cells),
            take={
                field.public_id: joining.ALL if choice == joining.ALL else ids.record(table.id, int(choice))
                for field in fields
                if (choice := chosen[field.id])
            },
            differing=[field.public_id for field in fields if _differ(field, keys, current)],
            unitable=[field.public_id for field in fields if joining.can_unite(field)],
            links=list(_moves(seen, table, keys)),
            comments=around["comments"],
            activities=around["activities"],
            names=patches.names_of(connection, seen.schema, wanted),
        )  # fmt: skip

    def of_record(self, table_ref: str, record: str) -> list[PastMerge]:
        """The merges into a record that stand, the newest first."""
        with self._units.read() as session:
            connection = session.connection()
            spot = find(connection, self._schemas, table_ref, record)
            query = (
                sa.select(_merge.version, _merge.record_id)
                .where(_merge.table_id == spot.table.id, _merge.into_id == spot.key, _merge.undone_version.is_(None))
                .order_by(_merge.version.desc(), _merge.id)
            )
            versions: dict[int, list[int]] = {}
            for version, key in connection.execute(query):
                versions.setdefault(version, []).append(key)
            seen = Reading(connection, spot.schema)
            return [self._past(seen, spot.table, version, keys) for version, keys in versions.items()]

    def _past(self, seen: Reading, table: TableDef, version: int, keys: Sequence[int]) -> PastMerge:
        history = list(journal.of_version(seen.connection, version, backwards=True))
        meta = history[0][0]
        blocked = None
        try:
            for _, entry in history:
                if entry.op == merges.MERGE:
                    merges.check_open(seen, table, entry, version)
        except CrmError as error:
            blocked = f"{error.message} {error.hint}"
        kept = unmerging.conflicts(seen, history)
        called = links.display_names(seen.connection, table, keys, self._settings.team().time_zone)
        return PastMerge(
            version, meta.at, patches.who(seen.connection, meta.actor_id),
            [MergeSource(ids.record(table.id, key), called.get(key, "")) for key in keys],
            [_kept(cell) for cell in kept], blocked, _named(seen, kept),
        )  # fmt: skip

    def unmerge(self, version: int, actor: Actor) -> Unmerged:
        """Take a merge back; what was changed since stays and is told. Raises as `Records.unmerge`."""
        applied, kept = self._records.unmerge(version, actor)
        return Unmerged(applied, [_kept(cell) for cell in kept])


def _kept(cell: Mapping[str, Any]) -> KeptCell:
    parts = ("table", "record", "field", "yours", "theirs", "updated_at", "updated_by")
    return KeptCell(*(cell[part] for part in parts))


def _named(seen: Reading, kept: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The names of the records in which something stays."""
    wanted: dict[int, set[int]] = {}
    for cell in kept:
        table = seen.schema.table(cell["table"])
        key = ids.try_record(table.id, cell["record"])
        if key is not None:
            wanted.setdefault(table.id, set()).add(key)
        field = seen.schema.field(cell["field"])
        if field.kind.family == "link":
            for public in [*(cell["yours"] or ()), *(cell["theirs"] or ())]:
                target = ids.try_record(field.options["table"], public)
                if target is not None:
                    wanted.setdefault(field.options["table"], set()).add(target)
    return patches.names_of(seen.connection, seen.schema, wanted)


def _wire(fields: Sequence[FieldDef], stored: Mapping[Any, Any]) -> dict[str, Any]:
    found = ((field, stored[field.id]) for field in fields)
    return {field.public_id: None if value is None else field.kind.wire(value, field) for field, value in found}


def _differ(field: FieldDef, keys: Sequence[int], current: Mapping[int, Mapping[Any, Any]]) -> bool:
    """Whether more than one value was given."""
    filled = [current[key][field.id] for key in keys if current[key][field.id] not in (None, ())]
    return any(not rows.same(value, filled[0]) for value in filled)


def _moves(seen: Reading, table: TableDef, keys: Sequence[int]) -> list[LinkMove]:
    found = []
    for other, field in relinking.ways_to(seen.schema, table):
        sources = set(relinking.pointing(seen, other, field, keys[1:])) - (set(keys) if other is table else set())
        live = _live(seen.connection, other, sources)
        if live and field.archived_at is None:
            found.append(LinkMove(other.public_id, field.public_id, live))
    return found


def _live(connection: Connection, table: TableDef, keys: set[int]) -> int:
    if not keys:
        return 0
    rows_of = table.sql.c
    query = sa.select(sa.func.count()).select_from(table.sql)
    return connection.execute(query.where(one_of(rows_of.id, keys), rows_of.deleted_at.is_(None))).scalar() or 0
