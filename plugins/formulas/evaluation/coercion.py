"""How an argument reaches a function: as the number, text, date or list it asks for."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crm_core.contracts import FormulaType, Kind, Parameter
from crm_core.errors import PluginProblem
from plugins.formulas.dates.moments import Moment, date_of, from_datetime
from plugins.formulas.evaluation.patience import within
from plugins.formulas.language.typed import Function
from plugins.formulas.limits import ROW_SECONDS, check_items, check_length
from plugins.formulas.types import NUMBERS, ORDERED
from plugins.formulas.values import (
    RunError,
    Value,
    not_finite,
    to_list,
    to_moment,
    to_number,
    to_text,
    truthy,
)  # fmt: skip

Coerce = Callable[[Value], Value]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def coercion(parameter: Parameter, given: FormulaType) -> Coerce | None:
    """What turns a value into what the parameter takes; None when any value will do as it is."""
    wanted = parameter.type
    if wanted in (NUMBERS, ORDERED) or wanted.kind in (Kind.ANY, Kind.BLANK):
        return None
    change = _CHANGES[wanted.kind]
    if wanted.kind in (Kind.NUMBER, Kind.TEXT) and given.kind is wanted.kind:
        change = _number if wanted.kind is Kind.NUMBER else _text
    if not parameter.blank:
        return change
    return lambda value: None if value is None else change(value)


def _number(value: Value) -> Value:
    return 0.0 if value is None else value


def _text(value: Value) -> Value:
    return "" if value is None else value


_CHANGES: dict[Kind, Coerce] = {
    Kind.NUMBER: to_number,
    Kind.TEXT: to_text,
    Kind.BOOL: truthy,
    Kind.DATE: to_moment,
    Kind.DATETIME: to_moment,
    Kind.LIST: to_list,
}


def finite(value: Any) -> Any:
    """A number that is one, or blank; what is too large or no number is an error."""
    if type(value) is float and value - value != 0.0:
        raise not_finite(value)
    return value


def unguarded(function: Function) -> Callable[..., Value]:
    """The call of another plugin's function: plain Python values in and out, every failure an error of the cell."""

    def call(*arguments: Value) -> Value:
        given = [leaving(value, function.parameter(at).type.kind) for at, value in enumerate(arguments)]
        try:
            result = function.call(*given)
        except RunError:
            raise
        except (Exception, SystemExit) as error:
            raise RunError(
                "plugin_error", f"{function.name} of the plugin {function.owner} failed: {_reason(error)}"
            ) from error
        return entering(result, function)

    return call


def guarded(function: Function, act: Callable[[], Any], seconds: float = ROW_SECONDS) -> Any:
    """Run calls of another plugin's function through its gate, which knows whether the plugin is on.

    What the function raises stays inside as errors of cells: data that does not fit is no failure of the plugin.
    Not coming back within `seconds` is one: the gate lets the plugin rest before many rows have waited for it.
    """
    assert function.guard is not None
    try:
        return function.guard(lambda: within(seconds, act))
    except PluginProblem as problem:
        kind = "plugin_off" if problem.code == "plugin_off" else "plugin_error"
        raise RunError(kind, f"{function.name}: {problem.message}") from None


def outside(function: Function) -> Callable[..., Value]:
    """The call of another plugin's function through its gate."""
    call = unguarded(function)

    def passing(*arguments: Value) -> Value:
        def act() -> tuple[Value, RunError | None]:
            try:
                return call(*arguments), None
            except RunError as error:
                return None, error

        result, error = guarded(function, act)
        if error is not None:
            raise error
        return result

    return passing


def _reason(error: BaseException) -> str:
    message = getattr(error, "message", None) or str(error) or type(error).__name__
    return " ".join(str(message).split())[:300]


def leaving(value: Value, wanted: Kind = Kind.ANY) -> Any:
    """A value of ours as a plugin or caller gets it: days as date, moments as datetime in UTC."""
    if type(value) is Moment:
        if wanted is Kind.DATE or (value.day and wanted is not Kind.DATETIME):
            return date_of(value.ms)
        return _EPOCH + timedelta(milliseconds=value.ms)
    if type(value) is tuple:
        return tuple(leaving(item) for item in value)
    return value


def entering(value: Any, function: Function) -> Value:
    """What a plugin's function gave, as a value of ours."""
    try:
        return native(value)
    except RunError:
        raise
    except (TypeError, OverflowError) as error:
        raise RunError("plugin_error", f"{function.name} of the plugin {function.owner} gave {error}.") from None


def native(value: Any) -> Value:
    """A plain Python value as one of ours; TypeError when it is none that formulas know."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return finite(float(value))
    if isinstance(value, str):
        check_length(len(value))
        return str(value)
    if isinstance(value, Moment):
        return value
    if isinstance(value, date):
        return from_datetime(value)
    if isinstance(value, list | tuple):
        check_items(len(value))
        return tuple(native(item) for item in value)
    raise TypeError(f"a {type(value).__name__}")
