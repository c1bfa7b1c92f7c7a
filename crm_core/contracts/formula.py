"""Formulas: the functions plugins add to the language, and the engine that checks and evaluates formulas.

A function is written as a plain Python function with annotations of this module::

    def margin(price: Number, cost: Number) -> Number: ...

A blank reaches a `Number` as 0, a `Text` as the empty text, a `Bool` as False; `Number | None` asks for the blank.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

Number: TypeAlias = float
Text: TypeAlias = str
Bool: TypeAlias = bool
Date: TypeAlias = date
DateTime: TypeAlias = datetime
List: TypeAlias = tuple[Any, ...]
Blank: TypeAlias = None

FormulaValue: TypeAlias = bool | float | str | date | datetime | tuple[Any, ...] | None
"""A value as it enters and leaves formulas: blank, boolean, number, text, day, moment (aware, UTC) or list."""

Clock: TypeAlias = Literal["", "day", "minute"]
"""How often a result changes by itself: never, with the day (TODAY), with the minute (NOW)."""


class Kind(StrEnum):
    """What a value is; the texts are those of results in the API."""

    NUMBER = "number"
    TEXT = "text"
    BOOL = "boolean"
    DATE = "date"
    DATETIME = "dateTime"
    LIST = "array"
    BLANK = "blank"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class FormulaType:
    """A type of the language: its kind, and for lists the type of the items (None: mixed or unknown)."""

    kind: Kind
    item: "FormulaType | None" = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function.

    `variadic` ones come last and repeat. With `blank` the function gets None for a blank, else the type's own zero.
    """

    name: str
    type: FormulaType
    optional: bool = False
    variadic: bool = False
    blank: bool = False


@dataclass(frozen=True, slots=True)
class FormulaExample:
    """A formula and what it gives, run as a test and shown in the manual.

    `fields` are the values of the fields it names (day and moment as date and datetime); `error` is the kind of the
    error it ends in, instead of a result.
    """

    formula: str
    result: FormulaValue = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class FormulaFunction:
    """A function of the formula language. `name` is case-blind and unique over all plugins.

    `call` is pure: the same arguments give the same result, it keeps nothing and does no input or output; what it
    raises becomes an error in the cell that names the plugin. `takes` and `gives` are read from its annotations when
    they are None. `vectorised` is the same function over whole columns of numbers as NumPy arrays (float64, blanks as
    0); it must give the same bits. `volatile` says which clock the result follows.
    """

    name: str
    call: Callable[..., Any]
    summary: str
    examples: tuple[FormulaExample, ...]
    takes: tuple[Parameter, ...] | None = None
    gives: FormulaType | None = None
    category: str = "more"
    volatile: Clock = ""
    since: int = 1
    vectorised: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class FormulaError:
    """What is wrong with a formula or in a cell, where, and what would be right.

    `kind` is stable: syntax, unknown_function, unknown_field, arity, type, bad_unit, bad_regex, bad_timezone,
    bad_locale, bad_argument, cycle, limit, plugin_off; in a cell also error, divide_by_zero, not_a_number, no_match,
    bad_date, bad_number, plugin_error. `span` counts characters of the formula, end excluded. `argument` counts from 1.
    `shown` is what the cell shows: #ERROR!, NaN, Infinity or -Infinity.
    """

    kind: str
    message: str
    span: tuple[int, int] | None = None
    expected: str = ""
    actual: str = ""
    suggestions: tuple[str, ...] = ()
    function: str = ""
    argument: int = 0
    docs: str = ""
    shown: str = "#ERROR!"


@dataclass(frozen=True, slots=True)
class FormulaField:
    """A field that formulas of a table can name. `computed` fields may hold errors instead of values."""

    id: str
    name: str
    type: FormulaType
    computed: bool = False


@dataclass(frozen=True, slots=True)
class FormulaPart:
    """A part of a formula and what it came to for one record: a value or a FormulaError.

    `span` counts characters of the formula, end excluded; `depth` is 0 for the whole formula.
    """

    span: tuple[int, int]
    value: "FormulaValue | FormulaError"
    depth: int


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FormulaContext:
    """What a formula knows beside its fields: the moment, the person's zone for TODAY, and the record itself.

    `last_modified` is by field id; "" stands for the whole record.
    """

    now: datetime = _EPOCH
    timezone: str = "UTC"
    record_id: str | None = None
    created_time: datetime | None = None
    last_modified: Mapping[str, datetime] = field(default_factory=dict)


@runtime_checkable
class FormulaPlan(Protocol):
    """A checked formula, ready to be evaluated as often as wanted. With `errors` it cannot be evaluated."""

    @property
    def text(self) -> str:
        """The formula as it was written."""

    @property
    def type(self) -> FormulaType:
        """The type of the results; ANY when it depends on the data."""

    @property
    def errors(self) -> tuple[FormulaError, ...]:
        """Up to five reasons why the formula cannot be used, in order of place."""

    @property
    def warnings(self) -> tuple[FormulaError, ...]:
        """What is probably not meant; the formula can be used all the same."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The ids of the fields it reads, in the order in which `row` and `column` take their values."""

    @property
    def functions(self) -> frozenset[str]:
        """The names of the functions it calls, in capitals."""

    @property
    def clock(self) -> Clock:
        """How often its results change by themselves."""

    def row(self, values: Sequence[Any], context: FormulaContext = ...) -> FormulaValue | FormulaError:
        """The result for one record; `values` are those of `reads`, a FormulaError among them a cell in error."""

    def column(
        self, columns: Sequence[Any], count: int, context: FormulaContext | Sequence[FormulaContext] = ...
    ) -> Sequence[FormulaValue | FormulaError]:
        """The results for `count` records; one column of values (a list or a NumPy array) for each of `reads`.

        One context for all records, or one for each. The results are those of `row`, bit for bit.
        """

    def explain(self, values: Sequence[Any], context: FormulaContext = ...) -> Sequence[FormulaPart]:
        """What every part came to, in the order of evaluation; the last is the whole formula, with the result of `row`.

        What was not evaluated (the branch that IF did not take) is left out, and so are numbers and texts that stand in
        the formula as they are. Of what MAP and FILTER repeat, the first item is shown, or the one that failed. A very
        long formula tells only its outer parts.
        """


@runtime_checkable
class FormulaEngine(Protocol):
    """Checks formulas and makes plans of them; plans are kept, so asking again costs microseconds."""

    @property
    def name(self) -> str:
        """A short name for people."""

    def compile(self, text: str, fields: Sequence[FormulaField]) -> FormulaPlan:
        """The plan of a formula over these fields; what is wrong with it is in its `errors`, nothing is raised."""

    def references(self, text: str) -> Sequence[str]:
        """Every name in a formula that may be a field's, also in one with mistakes, in order."""

    def renamed(self, text: str, names: Mapping[str, str]) -> str:
        """The formula with field names replaced (old → new, case kept), all else as it was written."""

    def catalogue(self) -> Sequence[FormulaFunction]:
        """Every function there is, by name, with `takes` and `gives` filled in."""
