"""Formulas: what they can call, whether one is right and what it gives, why a cell has its value."""

from litestar import get
from litestar.di import NamedDependency
from litestar.types import ControllerRouterHandler

from api.shapes.formulas import Functions, function_view
from crm_core.crm import Crm

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


ROUTES: list[ControllerRouterHandler] = [list_functions]
