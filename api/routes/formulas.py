"""Formulas: what they can call, whether one is right and what it gives, why a cell has its value."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.types import ControllerRouterHandler

from api.guards import READS
from api.shapes.formulas import Draft, Functions, function_view
from crm_core.contracts.actor import Actor
from crm_core.crm import Crm
from crm_core.services.computed.asking import Checked, Dependencies
from crm_core.services.computed.explaining import Explained

TAGS = ["Formulas"]
OPERATORS = ["-", "*", "/", "+", "&", "=", "!=", "<", "<=", ">", ">="]


@get("/api/formula/functions", tags=TAGS, sync_to_thread=True)
def list_functions(crm: NamedDependency[Crm]) -> Functions:
    """Every function of the formula language, with examples; none while no plugin computes formulas."""
    registry = crm.plugins.registry
    engine = registry.formula_engine
    if engine is None:
        return Functions([], OPERATORS)
    owners = {name: item.owner for name, item in registry.formula_functions.items()}
    offered = engine.call(engine.offer.catalogue)
    return Functions([function_view(one, owners.get(one.name, engine.owner)) for one in offered], OPERATORS)


@post("/api/tables/{table:str}/formula", status_code=200, opt=READS, tags=TAGS, sync_to_thread=True)
def check_formula(
    table: FromPath[str], data: JSONBody[Draft], crm: NamedDependency[Crm], actor: NamedDependency[Actor]
) -> Checked:
    """Whether a formula could be saved, where it is wrong, and what it gives on a record. Nothing is saved."""
    given = msgspec.to_builtins(data)
    options = {name: given[name] for name in _OPTIONS[data.kind] if given.get(name) is not None}
    return crm.computed.check(table, options, actor, data.kind, data.editing, data.record)


@get("/api/tables/{table:str}/fields/{field:str}/explain", tags=TAGS, sync_to_thread=True)
def explain_value(
    table: FromPath[str], field: FromPath[str], record: FromQuery[str], crm: NamedDependency[Crm]
) -> Explained:
    """How the value of a computed cell comes about: what each part of its formula came to."""
    return crm.computed.explain(table, field, record)


@get("/api/tables/{table:str}/fields/{field:str}/dependencies", tags=TAGS, sync_to_thread=True)
def field_dependencies(table: FromPath[str], field: FromPath[str], crm: NamedDependency[Crm]) -> Dependencies:
    """What a field reads and what reads it, over all steps."""
    return crm.computed.dependencies(table, field)


_OPTIONS = {"formula": ("formula", "format"), "rollup": ("link", "field", "formula", "filter", "format")}
"""The options of a field that are looked at, by its kind."""

ROUTES: list[ControllerRouterHandler] = [list_functions, check_formula, explain_value, field_dependencies]
