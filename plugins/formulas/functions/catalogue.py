"""All bundled functions, by category, in the order of the manual."""

from crm_core.contracts import FormulaFunction
from plugins.formulas.functions import array, codes, date, logical, numeric, record, regex, statistics, text

CATEGORIES = {
    "text": ("Text", text.FUNCTIONS),
    "numeric": ("Numbers", numeric.FUNCTIONS),
    "statistics": ("Statistics", statistics.FUNCTIONS),
    "logical": ("Truth and choice", logical.FUNCTIONS),
    "date": ("Dates and times", date.FUNCTIONS),
    "array": ("Lists", array.FUNCTIONS),
    "regex": ("Regular expressions", regex.FUNCTIONS),
    "record": ("The record", record.FUNCTIONS),
    "codes": ("Codes", codes.FUNCTIONS),
}
"""Category → its title and its functions."""


def bundled() -> list[FormulaFunction]:
    """Every bundled function, by name."""
    return sorted((one for _, functions in CATEGORIES.values() for one in functions), key=lambda one: one.name)
