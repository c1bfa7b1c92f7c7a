"""A plan: one checked formula with its typed tree, from which both evaluators are made when they are first wanted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_core.contracts import FormulaContext, FormulaError, FormulaPart, FormulaType, FormulaValue
from crm_core.contracts.formula import Clock
from plugins.formulas.evaluation.coercion import leaving
from plugins.formulas.evaluation.inputs import context_value, reader
from plugins.formulas.evaluation.rows import Row, row
from plugins.formulas.explaining import explain
from plugins.formulas.faults import RunError, error_of
from plugins.formulas.language.typed import Typed
from plugins.formulas.limits import ROW_SECONDS, Fuel
from plugins.formulas.types import ANY

if TYPE_CHECKING:
    from plugins.formulas.columnar import Columnar

_NO_CONTEXT = FormulaContext()


class Plan:
    """See `crm_core.contracts.FormulaPlan`. What needs no conversion can go past it by `compute` and `columnar`."""

    def __init__(
        self,
        text: str,
        tree: Typed | None,
        errors: tuple[FormulaError, ...],
        warnings: tuple[FormulaError, ...] = (),
        inputs: Sequence[tuple[str, str]] = (),
        types: Sequence[tuple[FormulaType, bool]] = (),
        names: int = 0,
        functions: frozenset[str] = frozenset(),
        clock: Clock = "",
    ) -> None:
        self.text, self.tree, self.errors, self.warnings = text, tree, errors, warnings
        self.type = ANY if tree is None else tree.type
        self.inputs, self.functions, self.clock = tuple(inputs), functions, clock
        self.reads = tuple(key for kind, key in inputs if kind == "field")
        self.types = tuple(types)
        self.names = names
        self._row: Row | None = None
        self._columnar: Columnar | None = None
        self._readers = [reader(type_, computed=computed) for type_, computed in types]

    # --- one row ---------------------------------------------------------------------------------------------------

    @property
    def compute(self) -> Row:
        """The closure over slots: fuel, inputs, names."""
        if self._row is None:
            self._row = row(self._usable())
        return self._row

    def slots(self, values: Sequence[Any], context: FormulaContext = _NO_CONTEXT) -> list[Any]:
        """The slots of one row from values as they come from outside."""
        given = iter(zip(self._readers, values, strict=True))
        slots: list[Any] = [Fuel(ROW_SECONDS)]
        for kind, key in self.inputs:
            if kind == "context":
                slots.append(context_value(key, context))
            else:
                read, value = next(given)
                slots.append(read(value))
        return slots + [None] * self.names

    def row(self, values: Sequence[Any], context: FormulaContext = _NO_CONTEXT) -> FormulaValue | FormulaError:
        """The result for one record, or the error it ends in."""
        try:
            result = self.compute(self.slots(values, context))
        except RunError as problem:
            return error_of(problem)
        except RecursionError:
            return _too_deep()
        return leaving(result)  # type: ignore[no-any-return]

    def explain(self, values: Sequence[Any], context: FormulaContext = _NO_CONTEXT) -> list[FormulaPart]:
        """What every part came to for one record, in the order of evaluation; the last is the whole formula."""
        try:
            return explain(self.text, self._usable(), self.slots(values, context))
        except RecursionError:
            return [FormulaPart(self._usable().span, _too_deep(), 0)]

    # --- columns ---------------------------------------------------------------------------------------------------

    @property
    def columnar(self) -> "Columnar":
        """The evaluator over columns; it and NumPy are loaded for the first plan that wants it."""
        if self._columnar is None:
            from plugins.formulas.columnar import Columnar

            self._columnar = Columnar(self._usable(), self.inputs, self.types, self.names)
        return self._columnar

    def column(
        self,
        columns: Sequence[Any],
        count: int,
        context: FormulaContext | Sequence[FormulaContext] = _NO_CONTEXT,
    ) -> list[FormulaValue | FormulaError]:
        """The results for many records."""
        try:
            return self.columnar.column(columns, count, context)
        except RunError as problem:
            return [error_of(problem)] * count
        except RecursionError:
            return [_too_deep()] * count

    def _usable(self) -> Typed:
        if self.tree is None:
            raise ValueError(f"the formula has errors: {self.errors[0].message}")
        return self.tree


def _too_deep() -> FormulaError:
    return FormulaError("limit", "The formula is nested too deep to be computed.")
