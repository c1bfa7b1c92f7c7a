"""Making and changing computed fields: their options checked, their columns fitting what they show."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import msgspec
from sqlalchemy import text

from crm_core.contracts.formula import FormulaEngine, FormulaError, FormulaField, FormulaPlan
from crm_core.contracts.query import Filter
from crm_core.errors import Invalid, Unavailable
from crm_core.kinds import FieldDef, Kind
from crm_core.kinds.computed import check_format, formats_of, resolved
from crm_core.services.computed.graph import VALUES, Graph, Node, formula_field, stored
from crm_core.services.computed.types import list_of, type_of
from crm_core.services.records import retype
from crm_core.services.records.work import Work
from crm_core.storage.queries.filters import compile_filter
from crm_core.storage.queries.scope import Scope
from crm_core.storage.schema import Schema, TableDef

MAX_FORMULA = 50_000


def prepared(
    work: Work, table: TableDef, kind: Kind, given: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """The complete options of a computed field as they are kept, from what a client gave and what was there.

    Raises Invalid: `bad_field_options`, `bad_formula` (with `formula`: every FormulaError), NotFound for a field.
    """
    options = kind.check_options(given, before)
    graph = work.graphs.of(work.schema)
    if kind.name != "formula":
        _check_link(work, table, given, options, kind.name != "count")
    if kind.name in ("formula", "rollup"):
        engine = work.graphs.engine
        if engine is None:
            raise Unavailable(
                "plugin_off", "Formulas are switched off.", "Ask an admin to switch on the plugin formulas."
            )
        plan = compiled(engine, graph, table, kind.name, options, str(options["formula"] or ""))
        refuse(plan.errors)
        if kind.name == "formula" and "formula" in given:
            options["formula"] = stored(table, given["formula"], engine)
        options["format"] = check_format(plan.type.kind.value, options["format"], before.get("format"))
    return options


def refuse(errors: tuple[FormulaError, ...]) -> None:
    """Raise Invalid (`bad_formula`) when a formula has errors."""
    if errors:
        raise Invalid(
            "bad_formula", errors[0].message, "Correct the formula.", extra={"formula": [asdict(e) for e in errors]}
        )


def compiled(
    engine: FormulaEngine, graph: Graph, table: TableDef, kind: str, options: Mapping[str, Any], formula: Any
) -> FormulaPlan:
    """The plan of a formula as a client wrote it, over all fields of the table; of a rollup over `values`."""
    if not isinstance(formula, str) or not formula.strip():
        raise Invalid("bad_field_options", "The formula is missing.", "Write one such as {Amount} * 2.")
    if len(formula) > MAX_FORMULA:
        raise Invalid("bad_field_options", f"A formula has at most {MAX_FORMULA:,} characters.", "Split it in two.")
    if kind == "rollup":
        target = graph.schema.fields[options["field"]]
        before = graph.by_field.get(target.id)
        given = type_of(target, before is not None and before.free)
        item = given.item if given.item is not None else given
        return engine.compile(formula, (FormulaField(VALUES, VALUES, list_of(item), True),))
    fields = tuple(formula_field(field, graph.by_field) for field in table.fields)
    return engine.compile(formula, fields)


def _check_link(
    work: Work, table: TableDef, given: Mapping[str, Any], options: dict[str, Any], with_field: bool
) -> None:
    """Put keys for the link and the field over there, and check the filter."""
    link = table.field(given["link"]) if "link" in given else work.schema.fields.get(options["link"] or 0)
    if link is None or link.kind.family != "link" or link.kind.computed:
        name = "nothing" if link is None else link.name
        raise Invalid("bad_field_options", f"{name} is no link to records.", "Pick a link field of this table.")
    options["link"] = link.id
    other = work.schema.by_id[link.options["table"]]
    if with_field:
        field = other.field(given["field"]) if "field" in given else other.by_id.get(options["field"] or 0)
        if field is None:
            raise Invalid("bad_field_options", f"A field of {other.name} is needed.", f"Pick a field of {other.name}.")
        options["field"] = field.id
    if options["filter"]:
        try:
            tree = msgspec.convert(options["filter"], Filter)
        except msgspec.ValidationError as error:
            raise Invalid("bad_filter", f"The filter cannot be read: {error}.", pointer="/filter") from None
        compile_filter(Scope(work.connection, work.schema, other, work.zone), tree)
        options["filter"] = msgspec.to_builtins(_by_id(tree, other))
    else:
        options["filter"] = None


def _by_id(tree: Filter, table: TableDef) -> Filter:
    """A filter that names its fields by id, so that renaming one changes nothing."""
    if tree.field is not None:
        return msgspec.structs.replace(tree, field=table.field(tree.field).public_id)
    if tree.all_of is not None:
        return Filter(all_of=[_by_id(part, table) for part in tree.all_of])
    return Filter(any_of=[_by_id(part, table) for part in tree.any_of or ()])


def add_columns(work: Work, table: TableDef, field: FieldDef, column: str) -> None:
    """The two columns of a computed field."""
    shown = resolved(field, work.schema.fields)
    retype.add_column(work, table, column, shown.kind)
    work.connection.execute(text(f'ALTER TABLE "{table.physical}" ADD COLUMN "{column}_x" TEXT'))


def settle(work: Work, before: Schema) -> None:
    """After fields changed: refuse circles that were not there, and give what looks otherwise now a fitting column."""
    known = {node.field.id for node in work.graphs.of(before).nodes if _is_circle(node)}
    graph = work.graphs.of(work.schema)
    for node in graph.nodes:
        if _is_circle(node) and node.field.id not in known and not work.source.startswith("undo:"):
            assert node.error is not None
            raise Invalid(
                "formula_cycle",
                node.error.message,
                "Take one of the steps out.",
                extra={"formula": [asdict(node.error)]},
            )
        if node.error is not None and node.error.kind == "limit" and work.source[:5] != "undo:":
            raise Invalid("formula_chain", node.error.message, "Put some of the formulas into one.")
    for _ in range(len(graph.nodes)):
        misfit = next((node for node in work.graphs.of(work.schema).nodes if _misfits(node)), None)
        if misfit is None:
            break
        _reformat(work, misfit)
    for field in work.schema.fields.values():
        was = before.fields.get(field.id)
        same = was is None or was.column != field.column or str(was.kind.sql_type) == str(field.kind.sql_type)
        if field.kind.computed and field.column and not same:
            _move(work, field)


def _is_circle(node: Node) -> bool:
    return node.error is not None and node.error.kind == "cycle"


def _misfits(node: Node) -> bool:
    """Whether a field's format cannot show its results any more."""
    if node.plan is None or node.error is not None:
        return False
    return node.field.options["format"]["kind"] not in formats_of(node.plan.type.kind.value)


def _reformat(work: Work, node: Node) -> None:
    assert node.plan is not None
    names = type(node.field.kind).names  # type: ignore[attr-defined]
    options = {name: node.field.options.get(name) for name in names}
    options["format"] = check_format(node.plan.type.kind.value, None, None)
    _save(work, node.field, {"options": json.dumps(options)})


def _move(work: Work, field: FieldDef) -> None:
    """A new pair of columns; the old ones stay, so that undo is exact."""
    table = work.schema.by_id[field.table_id]
    column = retype.free_column(work, table, field)
    add_columns(work, table, replace(field, column=column), column)
    _save(work, field, {"column_name": column})


def _save(work: Work, field: FieldDef, changes: Mapping[str, Any]) -> None:
    from crm_core.services.records.fields import save  # the two call each other: a computed field follows other fields

    save(work, field, changes)
