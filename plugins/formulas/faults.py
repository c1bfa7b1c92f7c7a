"""Errors of one cell, as they travel through an evaluation."""

from typing import Any

from crm_core.contracts import FormulaError


class RunError(Exception):
    """An error of one cell. It spreads through whatever uses the value until ISERROR or IFERROR meets it."""

    def __init__(
        self, kind: str, message: str, shown: str = "#ERROR!", span: tuple[int, int] | None = None, function: str = ""
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.shown, self.span, self.function = kind, message, shown, span, function

    def at(self, span: tuple[int, int], function: str = "") -> "RunError":
        """The same error with its place in the formula, unless it has one already."""
        if self.span is not None:
            return self
        return RunError(self.kind, self.message, self.shown, span, function)

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes two errors the same."""
        return (self.kind, self.message, self.shown, self.span, self.function)


def not_finite(number: float) -> RunError:
    """The error for a result that is no number any more: NaN or too large for a double."""
    if number != number:
        return RunError("not_a_number", "The result is not a number.", "NaN")
    shown = "Infinity" if number > 0 else "-Infinity"
    return RunError("not_a_number", "The result is too large to be a number.", shown)


def error_of(problem: RunError) -> FormulaError:
    """A cell's error as it leaves."""
    return FormulaError(
        problem.kind, problem.message, problem.span, function=problem.function, shown=problem.shown
    )  # fmt: skip


def divided(left: float, right: float, span: tuple[int, int], name: str) -> float:
    """A quotient, or the error of dividing by zero."""
    if right == 0.0:
        if left == 0.0:
            raise RunError("not_a_number", f"0 is divided by {name}, which is 0 or empty.", "NaN", span)
        shown = "Infinity" if left > 0 else "-Infinity"
        message = "A number is divided by 0." if name == "0" else f"Division by {name}, which is 0 or empty."
        raise RunError("divide_by_zero", message, shown, span)
    return left / right
