"""Making and changing computed fields: their options checked, their columns fitting what they show."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import text

from crm_core.errors import Invalid, Refused
from crm_core.kinds import FieldDef, Kind
from crm_core.kinds.computed import Computed, check_format, formats_of, resolved
from crm_core.services.computed.compiling import asked, refuse
from crm_core.services.computed.graph import Graph, Node
from crm_core.services.records import retype
from crm_core.services.records.work import Work
from crm_core.storage.queries.scope import Scope
from crm_core.storage.schema import Schema, TableDef


def prepared(
    work: Work, table: TableDef, kind: Kind, given: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """The complete options of a computed field as they are kept, from what a client gave and what was there.

    Raises as `compiling.asked`, and Invalid (`bad_formula`, with `formula`: every FormulaError).
    """
    scope = Scope(work.connection, work.schema, table, work.zone)
    options, plan = asked(scope, work.graphs.of(work.schema), work.graphs.engine, kind, given, before)
    if plan is not None:
        refuse(plan.errors)
        options["functions"] = work.graphs.owners(plan.functions)
    return options


def become(work: Work, table: TableDef, field: FieldDef, kind: Kind, options: Mapping[str, Any]) -> dict[str, Any]:
    """What changes in the row of a field that is computed from now on; its values stay in the old column for undo."""
    if field.key or field.primary or field.kind.name == "link" or (field.read_only and not field.kind.computed):
        raise Refused(
            "cannot_convert",
            f"{field.name} cannot become a {kind.name} field.",
            "Add a new field of that kind instead.",
        )
    kept = prepared(work, table, kind, options, {})
    column = retype.free_column(work, table, field)
    add_columns(work, table, FieldDef(field.id, table.id, None, field.name, kind, kept, column), column)
    return {"kind": kind.name, "options": json.dumps(kept), "column_name": column}


def add_columns(work: Work, table: TableDef, field: FieldDef, column: str) -> None:
    """The two columns of a computed field."""
    shown = resolved(field, work.schema.fields)
    retype.add_column(work, table, column, shown.kind)
    work.connection.execute(text(f'ALTER TABLE "{table.physical}" ADD COLUMN "{column}_x" TEXT'))


def settle(work: Work, before: Schema) -> None:
    """After fields changed: refuse circles that were not there, and give what looks otherwise now a fitting column."""
    graph = work.graphs.of(work.schema)
    if not work.source.startswith("undo:"):
        _refuse(work, graph, work.graphs.of(before))
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


def _refuse(work: Work, graph: Graph, before: Graph) -> None:
    """Raise Invalid for a circle or a chain too long that was not there; it is told from the changed field on."""
    changed = {entry.entity_id for entry in work.entries if entry.entity == "field"}
    for node in sorted(graph.nodes, key=lambda node: node.field.id not in changed):
        was = before.by_field.get(node.field.id)
        error = node.error
        if error is None or (was is not None and was.error is not None and was.error.kind == error.kind):
            continue
        if error.kind == "cycle":
            told = {"formula": [asdict(error)]}
            raise Invalid("formula_cycle", error.message, "Take one of the steps out.", extra=told)
        if error.kind == "limit":
            raise Invalid("formula_chain", error.message, "Put some of the formulas into one.")


def _misfits(node: Node) -> bool:
    """Whether a field's format cannot show its results any more."""
    if node.plan is None or node.error is not None:
        return False
    return node.field.options["format"]["kind"] not in formats_of(node.plan.type.kind.value)


def _reformat(work: Work, node: Node) -> None:
    assert node.plan is not None
    assert isinstance(node.field.kind, Computed)
    options = {name: node.field.options.get(name) for name in (*node.field.kind.names, "functions")}
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
