"""The sentences of errors found before a formula runs."""

from crm_core.contracts import FormulaError, FormulaType, Kind
from plugins.formulas.language.names import FOREIGN, nearest
from plugins.formulas.language.tree import Span
from plugins.formulas.language.typed import Function
from plugins.formulas.types import in_words

_CURES: dict[tuple[Kind, Kind], tuple[str, str]] = {
    (Kind.NUMBER, Kind.TEXT): ("VALUE({})", "turns text into a number"),
    (Kind.NUMBER, Kind.DATE): ('DATETIME_DIFF({}, TODAY(), "days")', "counts the days between two dates"),
    (Kind.DATE, Kind.NUMBER): ("DATETIME_PARSE({})", "turns text into a date"),
}


class Complaint(Exception):
    """One error; the part of the formula that holds it gets no type."""

    def __init__(self, error: FormulaError) -> None:
        super().__init__(error.message)
        self.error = error


def unknown_function(name: str, span: Span, known: list[str]) -> FormulaError:
    """A function that is not there, with what was probably meant."""
    meant = tuple(word for word in FOREIGN.get(name, ()) if word in known or " " in word) or nearest(name, known)
    hint = f" A {meant[0]} does its work." if meant and " " in meant[0] else _meant(meant)
    return FormulaError(
        "unknown_function",
        f"There is no function {name}.{hint}",
        span,
        "a function",
        name,
        meant,
        name,
        docs="docs/use/formulas.md",
    )


def unknown_field(name: str, span: Span, fields: list[str], functions: list[str], braced: bool) -> FormulaError:
    """A field that is not there, with what was probably meant."""
    meant = nearest(name, fields)
    if not braced and name.upper() in functions:
        meant = (f"{name.upper()}()", *meant)[:3]
    return FormulaError(
        "unknown_field", f"There is no field called {name}.{_meant(meant)}", span, "a field", name, meant
    )


def _meant(names: tuple[str, ...]) -> str:
    return f" Did you mean {' or '.join(names)}?" if names else ""


def wrong_type(where: str, argument: int, wanted: Kind, given: FormulaType, source: str, span: Span) -> FormulaError:
    """A value that can never be what is wanted; `source` is its text in the formula."""
    shown = source if len(source) <= 60 else source[:59] + "…"
    kind = Kind.DATE if given.kind is Kind.DATETIME else given.kind
    cure = _CURES.get((Kind.DATE if wanted is Kind.DATETIME else wanted, kind))
    fix = cure[0].format(shown) if cure else ""
    place = (
        f"{where}: argument {argument}"
        if where[0].isalpha()
        else f"{where}: the {'left' if argument == 1 else 'right'} side"
    )
    message = f"{place} should be {in_words(wanted)}, {shown} is {in_words(given.kind)}."
    if cure:
        message += f" {fix} {cure[1]}."
    return FormulaError(
        "type", message, span, wanted.value, given.kind.value, (fix,) if fix else (), where, argument,
        docs=f"docs/use/formulas.md#{where.lower()}" if where[0].isalpha() else "",
    )  # fmt: skip


def wrong_count(function: Function, given: int, span: Span) -> FormulaError:
    """Too few or too many arguments."""
    least = sum(1 for parameter in function.takes if not parameter.optional)
    most = None if any(parameter.variadic for parameter in function.takes) else len(function.takes)
    if most is None:
        wanted = f"at least {least}"
    elif least == most:
        wanted = str(least) if least else "no"
    else:
        wanted = f"{least} to {most}"
    count = least if most is None or least == most else most
    verb = "is" if given == 1 else "are"
    message = (
        f"{function.name} takes {wanted} argument{'' if count == 1 else 's'}, {given} {verb} given: "
        f"{signature(function)}."
    )
    return FormulaError(
        "arity", message, span, wanted if wanted != "no" else "0", str(given), (signature(function),), function.name,
        docs=f"docs/use/formulas.md#{function.name.lower()}",
    )  # fmt: skip


def signature(function: Function) -> str:
    """NAME(a, b, [c, ...])."""
    words = []
    for parameter in function.takes:
        word = f"{parameter.name}, ..." if parameter.variadic else parameter.name
        words.append(f"[{word}]" if parameter.optional else word)
    return f"{function.name}({', '.join(words)})"
