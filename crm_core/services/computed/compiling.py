"""What a client asks of a computed field, checked: its link, its filter, its formula, and how results are shown."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec
from sqlalchemy import Connection

from crm_core.contracts.formula import FormulaEngine, FormulaError, FormulaPlan
from crm_core.contracts.query import Filter
from crm_core.errors import Invalid, Unavailable
from crm_core.kinds import Kind
from crm_core.kinds.computed import check_format
from crm_core.services.computed.graph import Graph, formula_field, stored, values_field
from crm_core.storage.queries.filters import compile_filter
from crm_core.storage.queries.scope import Scope
from crm_core.storage.schema import TableDef

MAX_FORMULA = 50_000

Asked = tuple[dict[str, Any], FormulaPlan | None]
"""A field's own options as they are kept, and the plan of its formula, which may have errors."""


def asked(
    scope: Scope,
    graph: Graph,
    engine: FormulaEngine | None,
    kind: Kind,
    given: Mapping[str, Any],
    before: Mapping[str, Any],
) -> Asked:
    """The complete options of a computed field of the scope's table, from what a client gave and what was there.

    Raises Invalid (`bad_field_options`, `bad_filter`), NotFound for a field, Unavailable (`plugin_off`). A formula with
    mistakes raises nothing: its plan has them, and its format stays as given.
    """
    table = scope.table
    options = kind.check_options(given, before)
    if kind.name != "formula":
        _check_link(scope, given, options, with_field=kind.name != "count")
    if kind.name not in ("formula", "rollup"):
        return options, None
    if engine is None:
        raise Unavailable("plugin_off", "Formulas are switched off.", "Ask an admin to switch on the plugin formulas.")
    text = _formula(options["formula"])
    if kind.name == "formula" and "formula" in given:
        options["formula"] = stored(table, text, engine)
        plan = _plan(engine, graph, table, text)
    elif kind.name == "formula":
        node = next(node for node in graph.of_table[table.id] if node.field.options.get("formula") == text)
        plan = _plan(engine, graph, table, node.text)
    else:
        plan = engine.compile(text, (values_field(graph.schema.fields[options["field"]], graph.by_field),))
    if not plan.errors:
        options["format"] = check_format(plan.type.kind.value, options["format"], before.get("format"))
    return options, plan


def _formula(given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise Invalid("bad_field_options", "The formula is missing.", "Write one such as {Amount} * 2.")
    if len(given) > MAX_FORMULA:
        raise Invalid("bad_field_options", f"A formula has at most {MAX_FORMULA:,} characters.", "Split it in two.")
    return given


def _plan(engine: FormulaEngine, graph: Graph, table: TableDef, text: str) -> FormulaPlan:
    return engine.compile(text, tuple(formula_field(field, graph.by_field) for field in table.fields))


def refuse(errors: tuple[FormulaError, ...]) -> None:
    """Raise Invalid (`bad_formula`) when a formula has errors."""
    if errors:
        told = {"formula": [asdict(error) for error in errors]}
        raise Invalid("bad_formula", errors[0].message, "Correct the formula.", extra=told)


def _check_link(scope: Scope, given: Mapping[str, Any], options: dict[str, Any], *, with_field: bool) -> None:
    """Put keys for the link and the field over there, and check the filter."""
    table, schema = scope.table, scope.schema
    link = table.field(given["link"]) if "link" in given else schema.fields.get(options["link"] or 0)
    if link is None or link.kind.family != "link":
        name = "Nothing" if link is None else link.name
        raise Invalid("bad_field_options", f"{name} is no link to records.", "Pick a link field of this table.")
    options["link"] = link.id
    other = schema.by_id[link.options["table"]]
    if with_field:
        field = other.field(given["field"]) if "field" in given else other.by_id.get(options["field"] or 0)
        if field is None:
            raise Invalid("bad_field_options", f"A field of {other.name} is needed.", f"Pick a field of {other.name}.")
        options["field"] = field.id
    options["filter"] = _filter(scope.connection, scope, other, options["filter"])


def _filter(connection: Connection, scope: Scope, other: TableDef, given: Any) -> Any:
    """The filter over the linked table, with its fields by id, so that renaming one changes nothing."""
    if not given:
        return None
    try:
        tree = msgspec.convert(given, Filter)
    except msgspec.ValidationError as error:
        raise Invalid("bad_filter", f"The filter cannot be read: {error}.", pointer="/filter") from None
    compile_filter(Scope(connection, scope.schema, other, scope.zone), tree)
    return msgspec.to_builtins(_by_id(tree, other))


def _by_id(tree: Filter, table: TableDef) -> Filter:
    if tree.field is not None:
        return msgspec.structs.replace(tree, field=table.field(tree.field).public_id)
    if tree.all_of is not None:
        return Filter(all_of=[_by_id(part, table) for part in tree.all_of])
    return Filter(any_of=[_by_id(part, table) for part in tree.any_of or ()])
