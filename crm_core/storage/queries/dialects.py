"""The few SQL expressions that databases spell differently; everything else in this folder is plain SQLAlchemy Core.

Text compares without ASCII case here; what goes beyond ASCII uses `crm_fold`, which the storage plugin provides.
"""

from collections.abc import Iterable
from typing import Any, Self

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_BARE = (sa.ColumnClause, sa.BindParameter, sa.ScalarSelect, sa.Label)


class Nocase(FunctionElement[str]):
    """A text as it sorts and compares: without ASCII case."""

    inherit_cache = True
    type = sa.Text()


class Test(FunctionElement[bool]):
    """A condition as it stands: for a database without a type for truth SQLAlchemy would write `… = 1`, and no index
    would be looked into."""

    inherit_cache = True
    type = sa.Boolean()

    def self_group(self, against: Any = None) -> Self:
        return self


class Like(Test):
    """Whether a text matches a LIKE pattern (escape character `\\`), without ASCII case."""

    inherit_cache = True


class Place(FunctionElement[int]):
    """Where a text holds another one, from 1; 0 when it does not."""

    inherit_cache = True
    type = sa.Integer()


class OneOf(Test):
    """Whether a key is one of a JSON list of keys: one bound value however long the list is."""

    inherit_cache = True


def nocase(text: sa.ColumnElement[Any]) -> Nocase:
    return Nocase(text if isinstance(text, _BARE) else sa.sql.elements.Grouping(text))


def like(text: sa.ColumnElement[Any], pattern: str) -> Like:
    return Like(text, sa.literal(pattern))


def place(text: sa.ColumnElement[Any], part: sa.ColumnElement[Any]) -> Place:
    return Place(text, part)


def one_of(key: sa.ColumnElement[Any], keys: Iterable[int]) -> OneOf:
    return OneOf(key, sa.literal(msgspec.json.encode(list(keys)).decode()))


def fold(text: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """A text without case in any script (the storage plugin's function)."""
    return sa.func.crm_fold(text, type_=sa.Text())


def escaped(needle: str) -> str:
    """A text that stands for itself inside a LIKE pattern."""
    return needle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def contains(text: sa.ColumnElement[Any], needle: str) -> sa.ColumnElement[bool]:
    """Whether a text holds the needle; ASCII needles compare without ASCII case, others without any case."""
    if needle.isascii():
        return like(text, f"%{escaped(needle)}%")
    return place(fold(text), fold(sa.literal(needle))) > 0


def equals(text: sa.ColumnElement[Any], value: str) -> sa.ColumnElement[bool]:
    """Whether a text is the value, by the same rule as `contains`."""
    if value.isascii():
        return nocase(text) == nocase(sa.literal(value))
    return fold(text) == fold(sa.literal(value))


def _args(element: FunctionElement[Any], compiler: SQLCompiler, kw: dict[str, Any]) -> list[str]:
    return [compiler.process(clause, **kw) for clause in element.clauses]


@compiles(Nocase)
def _nocase(element: Nocase, compiler: SQLCompiler, **kw: Any) -> str:
    return f"lower({_args(element, compiler, kw)[0]})"


@compiles(Nocase, "sqlite")
def _nocase_sqlite(element: Nocase, compiler: SQLCompiler, **kw: Any) -> str:
    return f"{_args(element, compiler, kw)[0]} COLLATE NOCASE"


@compiles(Like)
def _like(element: Like, compiler: SQLCompiler, **kw: Any) -> str:
    text, pattern = _args(element, compiler, kw)
    return f"({text} ILIKE {pattern} ESCAPE '\\')"


@compiles(Like, "sqlite")
def _like_sqlite(element: Like, compiler: SQLCompiler, **kw: Any) -> str:
    text, pattern = _args(element, compiler, kw)
    return f"({text} LIKE {pattern} ESCAPE '\\')"


@compiles(Place)
def _place(element: Place, compiler: SQLCompiler, **kw: Any) -> str:
    return "strpos({}, {})".format(*_args(element, compiler, kw))


@compiles(Place, "sqlite")
def _place_sqlite(element: Place, compiler: SQLCompiler, **kw: Any) -> str:
    return "instr({}, {})".format(*_args(element, compiler, kw))


@compiles(OneOf)
def _one_of(element: OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    key, keys = _args(element, compiler, kw)
    return f"({key} IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST({keys} AS JSON))))"


@compiles(OneOf, "sqlite")
def _one_of_sqlite(element: OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    key, keys = _args(element, compiler, kw)
    return f"({key} IN (SELECT value FROM json_each({keys})))"
