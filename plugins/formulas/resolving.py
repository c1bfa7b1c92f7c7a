"""Functions as plugins offer them, made ready to be called: parameters and results read from their annotations."""

import inspect
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Protocol

from crm_core.contracts import FormulaFunction, FormulaType, Parameter
from plugins.formulas.functions.catalogue import bundled
from plugins.formulas.language.typed import Function
from plugins.formulas.types import ANY, BLANK, BOOL, DATE, DATETIME, LIST, NUMBER, TEXT

OWNER = "formulas"


class Offered(Protocol):
    """An item of the core's registry: a function with its owner, called through its gate."""

    @property
    def owner(self) -> str:
        """The plugin it comes from."""

    @property
    def offer(self) -> FormulaFunction:
        """The function."""

    @property
    def call(self) -> Callable[..., Any]:
        """Runs code of the plugin."""


_TYPES: Mapping[Any, FormulaType] = MappingProxyType(
    {
        float: NUMBER,
        int: NUMBER,
        str: TEXT,
        bool: BOOL,
        datetime: DATETIME,
        date: DATE,
        tuple: LIST,
        list: LIST,
        NoneType: BLANK,
        Any: ANY,
        object: ANY,
    }
)


def resolve(offered: Mapping[str, Offered]) -> dict[str, Function]:
    """Every function by its name in capitals: the bundled ones, and those of other plugins."""
    found = {one.name: _resolved(one, OWNER, None) for one in bundled()}
    for name, item in offered.items():
        if item.owner != OWNER and name.upper() not in found:
            found[name.upper()] = _resolved(item.offer, item.owner, item.call)
    return dict(sorted(found.items()))


def _resolved(function: FormulaFunction, owner: str, guard: Callable[..., Any] | None) -> Function:
    takes, gives = function.takes, function.gives
    if takes is None or gives is None:
        read_takes, read_gives = signature(function.call)
        takes = read_takes if takes is None else takes
        gives = read_gives if gives is None else gives
    return Function(
        function.name.upper(), function.call, takes, gives, function.volatile, owner, function, guard,
        function.vectorised,
    )  # fmt: skip


def signature(call: Callable[..., Any]) -> tuple[tuple[Parameter, ...], FormulaType]:
    """The parameters and the result of a function from its annotations; what has none may be anything."""
    try:
        hints = typing.get_type_hints(call)
        parameters = list(inspect.signature(call).parameters.values())
    except (TypeError, ValueError, NameError):
        return (Parameter("values", ANY, optional=True, variadic=True, blank=True),), ANY
    found = []
    for one in parameters:
        if one.kind in (one.KEYWORD_ONLY, one.VAR_KEYWORD):
            continue
        type_, blank = _type(hints.get(one.name, Any))
        variadic = one.kind is one.VAR_POSITIONAL
        optional = variadic or one.default is not one.empty
        found.append(Parameter(one.name, type_, optional, variadic, blank))
    return tuple(found), _type(hints.get("return", Any))[0]


def _type(hint: Any) -> tuple[FormulaType, bool]:
    """The type of an annotation, and whether it asks for blanks."""
    origin = typing.get_origin(hint)
    if origin in (UnionType, typing.Union):
        parts = typing.get_args(hint)
        others = [part for part in parts if part is not NoneType]
        type_ = _type(others[0])[0] if len(others) == 1 else ANY
        return type_, len(others) < len(parts)
    return _TYPES.get(origin or hint, ANY), False
