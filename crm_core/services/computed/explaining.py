"""Why a computed cell has its value: the formula with what every part came to, or the linked records behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection

from crm_core import ids
from crm_core.contracts.formula import FormulaContext, FormulaError, FormulaPart, FormulaPlan, FormulaValue
from crm_core.errors import NotFound
from crm_core.kinds import FieldDef
from crm_core.kinds.computed import Computed, held
from crm_core.services.computed.calculation import Calculation
from crm_core.services.computed.graph import Graph, Node
from crm_core.services.computed.results import Stored, plain_of, text_of
from crm_core.services.computed.rows import Item, Rows, linked_values
from crm_core.services.computed.types import wire_error
from crm_core.storage.queries import links

MAX_SHOWN = 300
"""Characters of a part's value that are shown."""
MAX_HELD = 1_000
"""Characters, or items of a list, of a part's value that are sent."""
MAX_VALUES = 500
"""Linked records that are named."""


@dataclass(frozen=True)
class ExplainedPart:
    """A part of a formula and what it came to; `shown` is how people read it, `depth` is 0 for the whole."""

    span: tuple[int, int]
    text: str
    value: Any
    shown: str
    error: FormulaError | None
    depth: int


@dataclass(frozen=True)
class LinkedValue:
    """A linked record and what of it a lookup, rollup or count takes."""

    record: str
    name: str
    shown: str


@dataclass(frozen=True)
class Explained:
    """A computed cell (`value` on the wire, `text` as people read it) with the parts of its formula, in order.

    `values` are the linked records of a lookup, rollup or count, None for a formula.
    """

    formula: str
    value: Any
    text: str
    parts: tuple[ExplainedPart, ...] = ()
    values: tuple[LinkedValue, ...] | None = None


class _Told:
    """A plan that explains itself while it is evaluated as ever, so that what is told is what was computed."""

    def __init__(self, plan: FormulaPlan) -> None:
        self._plan = plan
        self.type, self.functions = plan.type, plan.functions
        self.parts: Sequence[FormulaPart] = ()

    def row(self, values: Sequence[Any], context: FormulaContext) -> FormulaValue | FormulaError:
        self.parts = self._plan.explain(values, context)
        return self.parts[-1].value


def explained(connection: Connection, graph: Graph, node: Node, key: int, zone: str) -> Explained:
    """The explanation of a field's cell in one row, computed now; NotFound when there is no such row."""
    told = _Told(node.plan) if node.plan is not None and node.error is None else None
    if told is not None:
        node = replace(node, plan=cast(FormulaPlan, told))
    calculation = Calculation(connection, graph, zone, [node])
    rows = calculation.rows(node.table.id)
    rows.need([key])
    if key not in rows.at:
        raise NotFound("unknown_record", f"{node.table.name} has no such record.", "Reload the table.")
    if node.error is not None:
        return Explained(node.text, wire_error(node.error), node.error.shown)
    (stored,), (extra,) = calculation.results(node, rows, [rows.at[key]])
    value, text = _cell((stored, extra), node.field, zone)
    parts = _parts(node, told.parts, calculation, rows, rows.at[key], zone) if told is not None else ()
    values = None if node.through is None else _linked(connection, graph, node, rows, key, calculation, zone)
    return Explained(node.text, value, text, parts, values)


def _cell(stored: Stored, field: FieldDef, zone: str) -> tuple[Any, str]:
    """A cell on the wire, and as people read it."""
    kind = field.kind
    assert isinstance(kind, Computed)
    value = kind.wire_cells([stored[0]], [stored[1]], field)[0]
    if isinstance(value, dict):
        return value, str(value["error"]["shown"])
    return value, "" if stored[0] is None else kind.text(stored[0], field, zone)


def _parts(
    node: Node, told: Sequence[FormulaPart], calculation: Calculation, rows: Rows, place: int, zone: str
) -> tuple[ExplainedPart, ...]:
    """The parts as clients get them; a field is shown the way its own cell is."""
    fields = {f"{{{field.name}}}": field for field in node.reads}
    found: list[ExplainedPart] = []
    for part in told:
        text = node.text[slice(*part.span)]
        field = fields.get(text)
        if isinstance(part.value, FormulaError):
            found.append(ExplainedPart(part.span, text, None, part.value.shown, part.value, part.depth))
            continue
        shown = (_field_text(field, rows, place, zone) if field else "") or _shown(part.value)
        found.append(ExplainedPart(part.span, text, _held(part.value), shown[:MAX_SHOWN], None, part.depth))
    return tuple(found)


def _field_text(field: FieldDef, rows: Rows, place: int, zone: str) -> str:
    """A stored cell as people read it; empty for links, whose names the formula has."""
    if field.kind.family in ("link", "user") or field.column is None:
        return ""
    stored = rows.columns[field.column][place]
    return "" if stored is None else field.kind.text(stored, field, zone)


def _shown(value: FormulaValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() and abs(value) < 1e15 else f"{value:,}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return value.isoformat() if isinstance(value, date) else text_of(value)


def _held(value: FormulaValue) -> Any:
    plain = plain_of(value)
    if isinstance(plain, str) and len(plain) > MAX_HELD:
        return plain[:MAX_HELD] + "…"
    if isinstance(plain, list):
        return [_held(item) if isinstance(item, str) else item for item in plain[:100]]
    return plain


def _linked(
    connection: Connection, graph: Graph, node: Node, rows: Rows, key: int, calculation: Calculation, zone: str
) -> tuple[LinkedValue, ...]:
    """The linked records that are taken, in order, each with its value."""
    link, target = node.through, node.target
    assert link is not None
    stored = [rows.columns[link.column or ""][rows.at[key]]] if (link.column or "") in rows.columns else []
    items = linked_values(connection, graph.schema, node, [key], stored, zone)[0][:MAX_VALUES]
    bare = replace(node, target=None)
    keys = [row[0] for row in linked_values(connection, graph.schema, bare, [key], stored, zone)[0][:MAX_VALUES]]
    table = graph.schema.by_id[link.options["table"]]
    names = links.display_names(connection, table, keys, zone)
    return tuple(
        LinkedValue(
            ids.record(table.id, one),
            names.get(one, ""),
            "" if target is None else _item_text(item, target, calculation.people, zone)[:MAX_SHOWN],
        )
        for one, item in zip(keys, items, strict=True)
    )


def _item_text(item: Item, target: FieldDef, people: Callable[[], Mapping[int, str]], zone: str) -> str:
    stored, beside = item
    if beside is not None and "error" in (what := held(beside)):
        return str(what["error"]["shown"])
    if stored is None:
        return ""
    if target.kind.family == "link":
        return text_of(stored)
    return people().get(stored, "") if target.kind.family == "user" else target.kind.text(stored, target, zone)
