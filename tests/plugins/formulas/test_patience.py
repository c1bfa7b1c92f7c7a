"""Functions of other plugins that do not come back are broken off, and nothing else is."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from crm_core.contracts import FormulaError, FormulaField, FormulaFunction
from crm_core.contracts.formula import Number
from crm_core.testing import formula_engine
from plugins.formulas import columnar
from plugins.formulas.evaluation import coercion, patience
from plugins.formulas.types import NUMBER

N = (FormulaField("N", "N", NUMBER),)


def spin(value: Number) -> Number:
    """Comes back for positive numbers only, and takes no exception for an answer."""
    while value <= 0:
        try:
            time.sleep(0.001)
        except Exception:
            continue
    return value


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little patience, so that the tests need little too."""
    monkeypatch.setattr(coercion.guarded, "__defaults__", (0.2,))
    monkeypatch.setattr(columnar, "COLUMN_LEAST", 0.5)


@pytest.mark.usefixtures("short")
def test_a_function_that_never_returns_is_an_error_that_names_it() -> None:
    found = formula_engine(FormulaFunction("SPIN", spin, "Spins.", ())).compile("SPIN({N}) + 1", N)
    assert found.row([1.0]) == 2.0
    for result in (found.row([0.0]), found.column([[0.0, 2.0]], 2)[0]):
        assert isinstance(result, FormulaError)
        assert result.kind == "plugin_error"
        assert result.span == (0, 9)
        assert "SPIN" in result.message
        assert "tested" in result.message
        assert "was broken off" in result.message
    assert found.row([1.0]) == 2.0, "the next call is not affected"


@pytest.mark.usefixtures("short")
def test_a_plugin_that_keeps_hanging_rests_before_many_rows_have_waited() -> None:
    found = formula_engine(FormulaFunction("SPIN", spin, "Spins.", ())).compile("SPIN({N})", N)
    results = [found.row([0.0]) for _ in range(50)]
    assert all(isinstance(one, FormulaError) for one in results)
    assert sum("rests after too many errors" in str(one) for one in results) == 45


@pytest.mark.usefixtures("short")
def test_a_vectorised_function_is_broken_off_too() -> None:
    def forever(values: object) -> object:
        while values is not None:
            pass
        return values

    function = FormulaFunction("SPIN", spin, "Spins.", (), vectorised=forever)
    found = formula_engine(function).compile("SPIN({N})", N).column([[1.0, 2.0]], 2)
    assert [type(one) for one in found] == [FormulaError, FormulaError]


def test_no_exception_reaches_anybody_but_the_call_that_was_too_slow() -> None:
    """Calls that end just when their time is over give their value or Overran, and what follows is undisturbed."""

    def attempt(at: int) -> bool:
        ends = time.monotonic() + 0.05 + at % 12 * 0.02
        for _ in range(3):
            try:
                assert patience.within(0.1, lambda: _until(ends)) == "done"
            except patience.Overran:
                sum(range(20_000))
                return False
            sum(range(20_000))
        return True

    with ThreadPoolExecutor(8) as pool:
        came_back = list(pool.map(attempt, range(96)))
    assert True in came_back
    assert False in came_back
    for _ in range(100):
        if not any(thread.name == "formula-patience" for thread in threading.enumerate()):
            break
        time.sleep(0.05)
    assert not patience._under_way
    assert not any(thread.name == "formula-patience" for thread in threading.enumerate()), "the watch goes home"


def _until(ends: float) -> str:
    while time.monotonic() < ends:
        pass
    return "done"
