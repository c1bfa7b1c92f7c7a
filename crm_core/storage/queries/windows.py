"""Rows of a window: which ones, in which order, from where; and how many match in all.

A window by offset starts at the nearest place that is known: the start, the end (read backwards), or where an earlier
window ended. A window by `after` starts at its row whatever came before it.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from crm_core.errors import Invalid
from crm_core.storage.queries.operators import Condition
from crm_core.storage.queries.scope import Scope
from crm_core.storage.queries.sorts import Key, after
from crm_core.storage.queries.totals import Known

Columns = Sequence[Sequence[Any]]
"""Rows turned on their side: one sequence of values per column."""

_BATCH = 250
"""Rows fetched at a time: so many still lie in the processor's cache while they are turned."""


@dataclass(frozen=True)
class Selection:
    """Which rows of a table (`where`, with soft delete) in which complete order (the last of `keys` is the id)."""

    scope: Scope
    where: tuple[Condition, ...]
    keys: tuple[Key, ...]

    def select(self, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        return sa.select(*columns).select_from(self.scope.rows).where(*self.where)

    def ordered(self, query: sa.Select[Any], *, backward: bool = False) -> sa.Select[Any]:
        return query.order_by(*(term for key in self.keys for term in key.terms(backward=backward)))


class Token(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Where a page ended: what was asked (a digest), how many rows came before, and the last row's key values."""

    asked: str
    offset: int
    values: list[str | int | float | None]


def count(selection: Selection) -> int:
    """How many rows match."""
    number: int = selection.scope.connection.execute(selection.select(sa.func.count())).scalar_one()
    return number


def positions(selection: Selection, found: Condition, most: int) -> tuple[Sequence[int], int]:
    """Where the rows that meet a further condition stand in the order (the first `most` of them), and their number."""
    order = [term for key in selection.keys for term in key.terms()]
    place = sa.func.row_number().over(order_by=order).label("place")
    placed = selection.select(place, sa.case((found, 1), else_=0).label("found")).subquery()
    held = sa.select(placed.c.place - 1).where(placed.c.found == 1)
    rows = [row[0] for row in selection.scope.connection.execute(held.order_by(placed.c.place).limit(most + 1))]
    if len(rows) <= most:
        return rows, len(rows)
    return rows[:most], count(Selection(selection.scope, (*selection.where, found), selection.keys))


def place(selection: Selection, key: int) -> int | None:
    """Where one record stands in the order (the first is 0); None when it is not among the rows."""
    record = selection.scope.rows.c.id == key
    found = _fetch(selection.scope.connection, selection.select(*(each.value for each in selection.keys)).where(record))
    if not found[0]:
        return None
    behind = after(selection.keys, [values[0] for values in found])
    return count(selection) - count(Selection(selection.scope, (*selection.where, behind), selection.keys)) - 1


def page(
    selection: Selection, columns: Sequence[sa.ColumnElement[Any]], limit: int, offset: int, known: Known
) -> tuple[Columns, bool]:
    """Up to `limit` rows from `offset` on, and whether more follow: `columns`, then the values of the order's keys."""
    take = max(0, min(limit, known.total - offset))
    if not take:
        return [()] * (len(columns) + len(selection.keys)), False
    query = selection.select(*columns, *(key.value for key in selection.keys))
    behind = known.total - offset - take
    start, values = known.before(offset)
    backward = behind < offset - start
    if start and not backward:
        query = query.where(after(selection.keys, values))
    query = selection.ordered(query, backward=backward)
    found = _fetch(selection.scope.connection, query.limit(take).offset(behind if backward else offset - start))
    return [column[::-1] for column in found] if backward else found, behind > 0


def page_after(
    selection: Selection, columns: Sequence[sa.ColumnElement[Any]], limit: int, values: Sequence[Any]
) -> tuple[Columns, bool]:
    """Up to `limit` rows after the row with these key values, and whether more follow."""
    query = selection.select(*columns, *(key.value for key in selection.keys)).where(after(selection.keys, values))
    found = _fetch(selection.scope.connection, selection.ordered(query).limit(limit + 1))
    return [column[:limit] for column in found], len(found[0]) > limit


def _fetch(connection: Connection, query: sa.Select[Any]) -> list[list[Any]]:
    """The driver's own rows: what a grid column stores needs no conversion, and objects per row would cost most."""
    columns: list[list[Any]] = [[] for _ in query.selected_columns]
    result = connection.execute(query)
    cursor = result.cursor
    assert cursor is not None
    while rows := cursor.fetchmany(_BATCH):
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(values)
    result.close()
    return columns


def seal(token: Token) -> str:
    """A token in the form clients carry."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(token)).rstrip(b"=").decode()


def unseal(text: str, asked: str, keys: Sequence[Key]) -> Token:
    """The token a client sent back; Invalid (`bad_page_token`) when it is none or belongs to another query."""
    try:
        data = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        token = msgspec.msgpack.decode(data, type=Token)
    except (binascii.Error, msgspec.MsgspecError, UnicodeError, ValueError):
        token = None
    fits = token is not None and token.asked == asked and len(token.values) == len(keys)
    if token is None or not fits or not 0 <= token.offset < 2**53 or not all(map(_bindable, token.values)):
        raise Invalid(
            "bad_page_token",
            "The token to continue with does not belong to this query.",
            "Send the `next` of the last answer together with the same filter, sorts and search.",
            "/after",
        )
    return token


def _bindable(value: str | int | float | None) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return not isinstance(value, float) or abs(value) < float("inf")
