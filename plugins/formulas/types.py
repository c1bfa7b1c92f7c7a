"""The types of the language, what may stand where, and how types are said in words."""

from crm_core.contracts import FormulaType, Kind

NUMBER = FormulaType(Kind.NUMBER)
TEXT = FormulaType(Kind.TEXT)
BOOL = FormulaType(Kind.BOOL)
DATE = FormulaType(Kind.DATE)
DATETIME = FormulaType(Kind.DATETIME)
BLANK = FormulaType(Kind.BLANK)
ANY = FormulaType(Kind.ANY)
LIST = FormulaType(Kind.LIST)
NUMBERS = FormulaType(Kind.LIST, NUMBER)
"""As a parameter: numbers and lists of numbers, handed over as they are."""
ORDERED = FormulaType(Kind.LIST, DATE)
"""As a parameter: numbers or dates, and lists of them."""

_WORDS = {
    Kind.NUMBER: "a number",
    Kind.TEXT: "text",
    Kind.BOOL: "true or false",
    Kind.DATE: "a date",
    Kind.DATETIME: "a date",
    Kind.BLANK: "blank",
    Kind.LIST: "a list",
    Kind.ANY: "any value",
}

_NUMERIC = frozenset({Kind.NUMBER, Kind.BOOL, Kind.BLANK, Kind.ANY, Kind.LIST})
_DATED = frozenset({Kind.DATE, Kind.DATETIME, Kind.TEXT, Kind.BLANK, Kind.ANY, Kind.LIST})
_TAKES = {
    NUMBER: _NUMERIC,
    NUMBERS: _NUMERIC,
    ORDERED: _NUMERIC | {Kind.DATE, Kind.DATETIME},
    DATE: _DATED,
    DATETIME: _DATED,
}


def list_of(item: FormulaType | None) -> FormulaType:
    """The type of a list of such items."""
    return FormulaType(Kind.LIST, item)


def in_words(kind: Kind) -> str:
    """A type as a sentence says it: a number, text, a list."""
    return _WORDS[kind]


def takes(wanted: FormulaType, given: Kind) -> bool:
    """Whether a value of one kind may stand where another is wanted: only what can never fit is refused."""
    return given in _TAKES[wanted] if wanted in _TAKES else True


def wanted_kind(wanted: FormulaType) -> Kind:
    """What to call a parameter's type: of what there may be several, one."""
    return Kind.NUMBER if wanted in (NUMBERS, ORDERED) else wanted.kind


def is_date(given: FormulaType) -> bool:
    """Whether the values are days or moments."""
    return given.kind in (Kind.DATE, Kind.DATETIME)


def united(types: list[FormulaType]) -> FormulaType:
    """The type of a value that is one of several: the common one, or ANY when they differ; blank goes with all."""
    kinds = [given for given in types if given.kind is not Kind.BLANK]
    if not kinds:
        return BLANK
    first = kinds[0]
    if all(given == first for given in kinds):
        return first
    if all(given.kind is Kind.LIST for given in kinds):
        return LIST
    return ANY
