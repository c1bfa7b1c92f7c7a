"""The types of results that follow from the arguments."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from crm_core.contracts import FormulaType, Kind
from plugins.formulas.dates.units import unit_of
from plugins.formulas.language.typed import Const, Typed
from plugins.formulas.types import ANY, DATE, DATETIME, LIST, NUMBER, is_date
from plugins.formulas.values import RunError, to_text

_TIMES = frozenset({"milliseconds", "seconds", "minutes", "hours"})


def _extreme(arguments: Sequence[Typed]) -> FormulaType:
    """MAX and MIN of dates is a date; of lists, whatever they hold."""
    if all(is_date(argument.type) for argument in arguments):
        return DATE if all(argument.type == DATE for argument in arguments) else ANY
    if any(argument.type.kind in (Kind.LIST, Kind.ANY) or is_date(argument.type) for argument in arguments):
        numeric = all(argument.type.item == NUMBER for argument in arguments if argument.type.kind is Kind.LIST)
        others = all(argument.type.kind in (Kind.NUMBER, Kind.BOOL, Kind.BLANK, Kind.LIST) for argument in arguments)
        return NUMBER if numeric and others else ANY
    return NUMBER


def _moved(arguments: Sequence[Typed]) -> FormulaType:
    """DATEADD of a day by days or more is a day."""
    start, unit = arguments[0], arguments[2]
    if start.type != DATE:
        return ANY if start.type.kind in (Kind.ANY, Kind.LIST) else DATETIME
    if not isinstance(unit, Const):
        return ANY
    try:
        return DATETIME if unit_of(to_text(unit.value)) in _TIMES else DATE
    except RunError:
        return ANY


def _list(arguments: Sequence[Typed]) -> FormulaType:
    return arguments[0].type if arguments[0].type.kind is Kind.LIST else LIST


def _styled(arguments: Sequence[Typed]) -> FormulaType:
    return (
        ANY
        if arguments[0].type.kind in (Kind.ANY, Kind.LIST)
        else arguments[0].type
        if is_date(arguments[0].type)
        else DATETIME
    )


RESULTS: Mapping[str, Callable[[Sequence[Typed]], FormulaType]] = MappingProxyType(
    {
        "MAX": _extreme,
        "MIN": _extreme,
        "DATEADD": _moved,
        "ARRAYCOMPACT": _list,
        "ARRAYSLICE": _list,
        "ARRAYUNIQUE": _list,
        "SET_LOCALE": _styled,
        "SET_TIMEZONE": lambda arguments: ANY if _styled(arguments) is ANY else DATETIME,
    }
)
"""By function; all others give the type they declare."""
