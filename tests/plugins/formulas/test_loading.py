"""NumPy takes a tenth of a second and ten megabytes: only formulas over columns load it."""

import subprocess
import sys

SCRIPT = """
import sys
from crm_core.contracts import FormulaField, FormulaType, Kind
from plugins.formulas import plugin
from plugins.formulas.engine import Engine

assert len(list(plugin.crm_formula_functions())) > 50
plan = Engine().compile("ROUND({a} * 2, 1)", (FormulaField("1", "a", FormulaType(Kind.NUMBER)),))
assert plan.row([1.5]) == 3
assert "numpy" not in sys.modules
assert plan.column([[1.5, 2]], 2) == [3, 4]
assert "numpy" in sys.modules
"""


def test_functions_plans_and_single_rows_need_no_numpy() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
