"""Functions over many numbers that Airtable does not have."""

import math
from typing import Any

from plugins.formulas.functions.declare import Fails, function
from plugins.formulas.functions.numeric import numbers
from plugins.formulas.values import RunError, Value


def percentile(values: Value, share: float) -> float:
    """The value below which a share (0 to 1) of the numbers lies, between neighbours in proportion."""
    if not 0.0 <= share <= 1.0:
        raise RunError("bad_argument", "The share of PERCENTILE lies between 0 and 1.")
    found = sorted(numbers((values,)))
    if not found:
        raise RunError("not_a_number", "There are no numbers.", "NaN")
    place = share * (len(found) - 1)
    low = math.floor(place)
    if low + 1 >= len(found):
        return found[-1]
    return found[low] + (found[low + 1] - found[low]) * (place - low)


def median(*values: Value) -> float:
    """The number in the middle."""
    return percentile(tuple(numbers(values)), 0.5)


def deviation(*values: Value) -> float:
    """The sample's standard deviation."""
    found = numbers(values)
    if len(found) < 2:
        raise RunError("not_a_number", "STDEV needs two numbers or more.", "NaN")
    mean = math.fsum(found) / len(found)
    return math.sqrt(math.fsum((number - mean) ** 2 for number in found) / (len(found) - 1))


S: Any = {"category": "statistics"}
FUNCTIONS = (
    function(
        "MEDIAN",
        "number: numbers, numbers: numbers*",
        "number",
        median,
        "The number in the middle; between two, their mean.",
        ("MEDIAN(5, 1, 2)", 2),
        ("MEDIAN({L})", 2.5, {"L": (1.0, 2.0, 3.0, 10.0)}),
        **S,
    ),
    function(
        "PERCENTILE",
        "values: numbers, share: number",
        "number",
        percentile,
        "The value below which a share (0 to 1) of the numbers lies.",
        ("PERCENTILE({L}, 0.5)", 2, {"L": (3.0, 1.0, 2.0)}),
        ("PERCENTILE({L}, 2)", Fails("bad_argument"), {"L": (1.0,)}),
        **S,
    ),
    function(
        "STDEV",
        "number: numbers, numbers: numbers*",
        "number",
        deviation,
        "The standard deviation of a sample.",
        ("STDEV(2, 4)", 1.4142135623730951),
        ("STDEV(1)", Fails("not_a_number")),
        **S,
    ),
)
