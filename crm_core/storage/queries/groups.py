"""Groups of records that have the same values in up to three fields, with their counts and aggregates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crm_core.errors import Invalid
from crm_core.kinds import FieldDef
from crm_core.storage.queries.aggregates import Grouping, Wanted, compute, fact
from crm_core.storage.queries.dialects import nocase
from crm_core.storage.queries.links import linked_keys
from crm_core.storage.queries.sorts import sort_key
from crm_core.storage.queries.windows import Selection

MAX_LEVELS = 3
MAX_GROUPS = 10_000
Level = tuple[FieldDef, bool]


@dataclass(frozen=True)
class Groups:
    """Aggregates of all rows, and of each group in order. `keys` are stored values; a link's are its records' keys."""

    total: int
    totals: Mapping[str, Any]
    keys: Sequence[tuple[Any, ...]]
    counts: Sequence[int]
    values: Sequence[Mapping[str, Any]]


def group(selection: Selection, levels: Sequence[Level], wanted: Wanted) -> Groups:
    """Compute the aggregates over all rows and, with levels, for each group."""
    scope = selection.scope
    facts = _facts(selection, levels, wanted)
    total, totals = compute(scope, facts, Grouping(), wanted)[()]
    if not levels:
        return Groups(total, totals, (), (), ())
    found = compute(scope, facts, _grouping(facts, levels), wanted)
    if len(found) > MAX_GROUPS:
        raise Invalid(
            "too_many_groups", f"There are more than {MAX_GROUPS:,} groups.", "Group by another field.", "/groups"
        )
    return Groups(
        total,
        totals,
        [tuple(_key(field, part) for (field, _), part in zip(levels, key, strict=True)) for key in found],
        [count for count, _ in found.values()],
        [values for _, values in found.values()],
    )


def _facts(selection: Selection, levels: Sequence[Level], wanted: Wanted) -> sa.Subquery:
    """One row per record with what groups and aggregates look at."""
    scope, rows = selection.scope, selection.scope.rows
    columns = {"id": rows.c.id}
    for field, _ in wanted:
        if field.column:
            columns.setdefault(field.column, rows.c[field.column])
    made: list[sa.ColumnElement[Any]] = [fact(scope, field).label(f"a{field.id}") for field, _ in wanted]
    for number, (field, _) in enumerate(levels):
        link = field.kind.family == "link"
        value = linked_keys(scope.schema, field, rows) if link else scope.column(field)
        made.append(value.label(f"g{number}"))
        made.append(sort_key(scope, field, False).value.label(f"s{number}"))
    return selection.select(*columns.values(), *made).subquery("facts")


def _grouping(facts: sa.Subquery, levels: Sequence[Level]) -> Grouping:
    """The groups in order: by each level's sort order, empty ones last, equal ones by their key."""
    order: list[sa.ColumnElement[Any]] = []
    for number, (field, desc) in enumerate(levels):
        key, place = facts.c[f"g{number}"], sa.func.min(facts.c[f"s{number}"])
        value = nocase(place) if field.kind.family in ("text", "user", "link") else place
        order += [place.is_(None).asc(), value.desc() if desc else value.asc(), key.is_(None).asc(), key.asc()]
    return Grouping([f"g{number}" for number in range(len(levels))], order, MAX_GROUPS + 1)


def _key(field: FieldDef, stored: Any) -> Any:
    """A group key in the engine's stored form."""
    if field.kind.family == "link" and stored is not None:
        return tuple(int(key) for key in stored.split(","))
    return stored
