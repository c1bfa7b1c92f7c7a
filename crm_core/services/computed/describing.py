"""A computed field's options as clients see them (docs/reference/http.md, "Computed fields")."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from typing import Any

from crm_core.kinds import FieldDef
from crm_core.kinds.computed import Computed
from crm_core.services.computed.graph import Graph, named
from crm_core.storage.schema import Schema

Options = Callable[[FieldDef], Mapping[str, Any]]
"""How the options of a field of any kind are shown."""


def options_of(
    schema: Schema, field: FieldDef, plain: Options, graph: Graph | None, stale: Collection[int]
) -> dict[str, Any]:
    """What was given, with what follows from it: how the cells look, what they read, what is wrong."""
    kind = field.kind
    assert isinstance(kind, Computed)
    own: dict[str, Any] = {name: field.options.get(name) for name in kind.names if name != "format"}
    for name in ("link", "field"):
        if own.get(name):
            found = schema.fields.get(own[name])
            own[name] = None if found is None else found.public_id
    if kind.name == "formula":
        own["formula"] = named(schema, own["formula"])
    shown = kind.item or looked_up(schema, field) or field
    node = graph.by_field.get(field.id) if graph else None
    plan = node.plan if node else None
    reads = {one.public_id: None for one in (*node.reads, node.through, *node.far) if one} if node else {}
    return {
        **own,
        "result": shown.kind.shown.name,
        "format": format_of(shown, plain),
        "many": kind.item is not None,
        "reads": list(reads),
        "clock": node.clock if node else "",
        "error": asdict(node.error) if node and node.error else None,
        "warnings": [asdict(warning) for warning in plan.warnings] if plan else [],
        "calculating": field.id in stale,
    }


def looked_up(schema: Schema, field: FieldDef) -> FieldDef | None:
    """The field that a lookup of one value shows."""
    key = field.options.get("field") if field.kind.name == "lookup" else None
    found = schema.fields.get(key) if key else None
    if found is None or found.kind.name == "link":
        return None
    return looked_up(schema, found) or found if found.kind.name == "lookup" else found


def format_of(shown: FieldDef, plain: Options) -> dict[str, Any]:
    """The options of the kind that cells look like."""
    if not shown.kind.computed:
        return {name: value for name, value in plain(shown).items() if name not in ("table", "inverse")}
    given = shown.options.get("format") or {}
    if shown.kind.name == "count":
        return {"precision": 0, "thousands": True}
    return {name: value for name, value in given.items() if name != "kind"}
