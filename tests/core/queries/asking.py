"""Short ways to ask the world of these tests."""

from typing import Any

import msgspec

from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.query import AggregateQuery, Aggregates, FindQuery, Matches, Query, Window
from tests.core.queries.world import World


def ask(world: World, actor: Actor = SYSTEM, table: str = "main", **query: Any) -> Window:
    return world.windows.query(table, msgspec.convert(query, Query), actor)


def find(world: World, **query: Any) -> Matches:
    return world.windows.find("main", msgspec.convert(query, FindQuery), SYSTEM)


def sum_up(world: World, actor: Actor = SYSTEM, **query: Any) -> Aggregates:
    return world.windows.aggregate("main", msgspec.convert(query, AggregateQuery), actor)


def names(world: World, **query: Any) -> list[Any]:
    """The names of the rows found."""
    return list(ask(world, fields=["name"], **query).columns[0])
