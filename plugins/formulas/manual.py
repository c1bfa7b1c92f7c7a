"""The manual and the catalogue of functions, written from what the functions say of themselves."""

from datetime import date, datetime
from typing import Any

from crm_core.contracts import FormulaExample, FormulaFunction, FormulaType, Kind
from plugins.formulas.dates.moments import from_datetime, iso_text
from plugins.formulas.engine import Engine
from plugins.formulas.functions.catalogue import CATEGORIES
from plugins.formulas.language.tokens import quote_text
from plugins.formulas.types import NUMBERS, ORDERED
from plugins.formulas.values import number_text

_INTRODUCTION = """# Formulas

<!-- Written by `crm formula manual`; change the functions, not this page. -->

A formula computes a value from the fields of a record, in the language that Airtable uses: `IF({Committed} > 0,
{Committed} * {Probability}, BLANK())`.

- **Fields** are named in braces, `{Any Name}`, or by a bare word. A brace inside a name gets a backslash.
- **Texts** stand in `"` or `'`; `\\"`, `\\\\`, `\\n` and `\\t` are possible inside.
- **Operators**, from tight to loose: `-` before a value, `*` `/`, `+` `-`, `&` (joins texts), `=` `!=` `<` `<=` `>`
  `>=`. There is no `^`, no `%` and no `=` at the beginning. `// a comment` goes to the end of its line.
- **Blank** counts as 0 in arithmetic and order, as `""` in texts, as false in conditions; it equals 0 and `""`.
  ISBLANK tells it from 0.
- **False** are blank, 0, `""` and the empty list; everything else is true, also `"0"`. Truth shows as 1 and 0.
- **Errors** (`#ERROR!`, `NaN`, `Infinity`) spread through whatever uses them, until ISERROR or IFERROR; a branch
  that is not taken cannot fail.
- **Dates** are written as `"2024-05-31"` or month first, `"5/31/2024 15:00"`, and count in UTC. Units are
  milliseconds, seconds, minutes, hours, days, weeks, months, quarters and years.
- **Lists** (lookups, multiple selects) turn into text joined with `, `.
- **Limits**: 50,000 characters, 150 levels, 1,000 arguments; a result holds at most 100,000 characters or 10,000
  items.

`values` in the examples stands for fields with the values named beside them.
"""


def manual() -> str:
    """The whole page."""
    engine = Engine()
    pieces = [_INTRODUCTION]
    for title, functions in CATEGORIES.values():
        pieces.append(f"\n## {title}\n")
        for function in sorted(functions, key=lambda one: one.name):
            pieces.append(_section(function, engine.signature(function.name)))
    return "".join(pieces)


def _section(function: FormulaFunction, signature: str) -> str:
    lines = [f"\n### {function.name}\n", f"`{signature}`\n", f"{function.summary}\n"]
    if function.volatile:
        lines.append(f"The result changes by itself with the {function.volatile}.\n")
    lines.append("| formula | result |\n| --- | --- |")
    lines += [_example(example) for example in function.examples]
    return "\n".join(lines) + "\n"


def _example(example: FormulaExample) -> str:
    fields = ", ".join(f"{name} = {shown(value)}" for name, value in example.fields.items())
    formula = f"`{_cell(example.formula)}`" + (f" with {_cell(fields)}" if fields else "")
    result = f"error: {example.error}" if example.error else f"`{_cell(shown(example.result))}`"
    return f"| {formula} | {result} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def shown(value: Any) -> str:
    """A value as the manual writes it."""
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(float(value))
    if isinstance(value, str):
        return quote_text(value)
    if isinstance(value, date | datetime):
        return iso_text(from_datetime(value))
    return f"[{', '.join(map(shown, value))}]"


def catalogue() -> list[dict[str, Any]]:
    """Every function as plain data."""
    engine = Engine()
    return [
        {
            "name": one.name,
            "category": one.category,
            "signature": engine.signature(one.name),
            "summary": one.summary,
            "takes": [
                {
                    "name": parameter.name,
                    "type": _word(parameter.type),
                    "optional": parameter.optional,
                    "variadic": parameter.variadic,
                }
                for parameter in one.takes or ()
            ],
            "gives": _word(one.gives) if one.gives is not None else Kind.ANY.value,
            "volatile": one.volatile,
            "since": one.since,
            "examples": [
                {
                    "formula": example.formula,
                    "fields": {name: _plain(value) for name, value in example.fields.items()},
                    **({"error": example.error} if example.error else {"result": _plain(example.result)}),
                }
                for example in one.examples
            ],
        }
        for one in engine.catalogue()
    ]


def _word(type_: FormulaType) -> str:
    return {NUMBERS: "number or array", ORDERED: "number, date or array"}.get(type_, type_.kind.value)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return iso_text(from_datetime(value))
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
