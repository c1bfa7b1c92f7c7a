"""Suggestions: records of a table that may be the same, grouped, without what people said is not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.merging import Candidate, Reason, Suggestion, Suggestions
from crm_core.errors import Invalid
from crm_core.models.tables import DISTINCT_PAIRS
from crm_core.services.attached import check_writes, find
from crm_core.services.merging.comparisons import Comparisons, compared_fields
from crm_core.services.merging.pairs import Pair
from crm_core.storage import state
from crm_core.storage.queries.dialects import one_of
from crm_core.storage.schema import SchemaCache, TableDef
from crm_core.storage.unit import Units

MAX_PAGE = 100
MAX_GROUP = 10
"""Records of one suggestion; more that may be the same come after these are merged."""

MAX_DISMISSED = 50
_pair = DISTINCT_PAIRS.c


class Duplicates:
    """Says which records may be duplicates, and remembers which are none."""

    def __init__(self, units: Units, schemas: SchemaCache) -> None:
        self._units, self._schemas = units, schemas
        self._comparisons = Comparisons()

    def forget(self) -> None:
        """Drop what was compared (after a restore, where versions may go back)."""
        self._comparisons.forget()

    def suggestions(self, table_ref: str, offset: int = 0, limit: int = 50) -> Suggestions:
        """A page of a table's suggestions, the surest first; Invalid (`bad_limit`), NotFound (`unknown_table`)."""
        if not (0 <= offset < 2**53 and 1 <= limit <= MAX_PAGE):
            raise Invalid("bad_limit", f"offset must be 0 or more and limit from 1 to {MAX_PAGE}.")
        with self._units.read() as session:
            connection = session.connection()
            now = state.current(connection)
            table = self._schemas.at(connection, now.schema_version).table(table_ref)
            compared = self._comparisons.of(connection, table, now.schema_version)
            groups = _grouped(compared.pairs, _distinct(connection, table))
            shown = _shown(connection, table, groups[offset : offset + limit])
        return Suggestions(now.version, len(groups), compared.records, shown)

    def dismiss(self, table_ref: str, records: Sequence[str], actor: Actor, *, dismissed: bool = True) -> None:
        """Remember for everybody that no two of these records are the same, or forget it."""
        check_writes(actor)
        if not 2 <= len(set(records)) <= MAX_DISMISSED:
            raise Invalid("bad_merge", f"Name 2 to {MAX_DISMISSED} records, each once.", "", "/records")
        with self._units.write() as session:
            connection = session.connection()
            spots = [find(connection, self._schemas, table_ref, record, writes=True) for record in records]
            table, keys = spots[0].table, sorted({spot.key for spot in spots})
            for place, one in enumerate(keys):
                others = keys[place + 1 :]
                mine = _pair.table_id == table.id, _pair.one_id == one, _pair.other_id.in_(others)
                connection.execute(sa.delete(DISTINCT_PAIRS).where(*mine))
                if dismissed and others:
                    values = {"table_id": table.id, "one_id": one, "at": clock.now_text(), "created_by": actor.user_id}
                    connection.execute(sa.insert(DISTINCT_PAIRS), [{**values, "other_id": other} for other in others])


def _distinct(connection: Connection, table: TableDef) -> set[tuple[int, int]]:
    query = sa.select(_pair.one_id, _pair.other_id).where(_pair.table_id == table.id)
    return {(row[0], row[1]) for row in connection.execute(query)}


class _Group(NamedTuple):
    keys: list[int]
    score: float
    reasons: list[Reason]


def _grouped(pairs: Iterable[Pair], distinct: set[tuple[int, int]]) -> list[_Group]:
    """Pairs joined to groups, the surest first; no group holds two records that were said to be different."""
    group_of: dict[int, _Group] = {}
    for pair in pairs:
        one, other = group_of.get(pair.one), group_of.get(pair.other)
        if one is not None and one is other:
            _add_reasons(one, pair.reasons)
            continue
        keys = [*(one.keys if one else [pair.one]), *(other.keys if other else [pair.other])]
        if len(keys) > MAX_GROUP or _told_apart(keys, distinct):
            continue
        joined = _Group(keys, pair.score, [])
        for part in (one, other):
            if part is not None:
                _add_reasons(joined, part.reasons)
        _add_reasons(joined, pair.reasons)
        group_of.update(dict.fromkeys(keys, joined))
    groups = list({id(group): group for group in group_of.values()}.values())
    return sorted(groups, key=lambda group: (-group.score, group.keys))


def _told_apart(keys: Sequence[int], distinct: set[tuple[int, int]]) -> bool:
    return bool(distinct) and any((one, other) in distinct for one in keys for other in keys if one < other)


def _add_reasons(group: _Group, reasons: Iterable[Reason]) -> None:
    """Each reason once; that two are at one place adds nothing to what says that they have the same address."""
    for reason in reasons:
        said = [(other.text, other.value or "") for other in group.reasons]
        if any(text == reason.text for text, _ in said):
            continue
        if reason.kind == "domain" and any(value.endswith(reason.value or "\0") for _, value in said):
            continue
        group.reasons.append(reason)


def _shown(connection: Connection, table: TableDef, groups: Sequence[_Group]) -> list[Suggestion]:
    name, mails, addresses = compared_fields(table)
    fields = [*([name] if name else []), *mails, *addresses]
    rows = table.sql.c
    columns = (rows.id, rows.created_at, rows.updated_at, *(table.column(field) for field in fields))
    wanted = sa.select(*columns).where(one_of(rows.id, (key for group in groups for key in group.keys)))
    start = 4 if name else 3
    found: Mapping[int, Candidate] = {
        row[0]: Candidate(
            ids.record(table.id, row[0]), (row[3] or "") if name else "", [cell for cell in row[start:] if cell],
            row[1], row[2],
        )
        for row in connection.execute(wanted)
    }  # fmt: skip
    return [Suggestion([found[key] for key in sorted(group.keys)], group.score, group.reasons) for group in groups]
