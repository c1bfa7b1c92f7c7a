"""Formulas: evaluation of whole columns and of single rows, against SQLite's own expressions in the same process.

    python -m bench.formulas [--rows 1000000] [--check]

CPU time, best of several runs, because other work on the machine moves the wall clock. `--check` exits with 1 when a
bar of the design is missed. The results of both evaluators are compared before anything is timed.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from crm_core.contracts import FormulaField
from plugins.formulas.engine import Engine
from plugins.formulas.evaluation.columns import Column, Errors
from plugins.formulas.language.parser import parse
from plugins.formulas.limits import Fuel
from plugins.formulas.plan import Plan
from plugins.formulas.types import DATE, NUMBER, TEXT

F1 = "IF({committed} > 0, ROUND({committed} * {probability}, 2), BLANK())"
F2 = (
    'IF(AND({name}, {closed}, {due}), UPPER(LEFT({name}, 3)) & "-" & DATETIME_FORMAT({closed}, "YYYY-MM-DD") & " " & '
    'DATETIME_DIFF({due}, {closed}, "days") & "d", "n/a")'
)
SQL1 = "CASE WHEN committed > 0 THEN round(committed * probability, 2) END"
SQL2 = (
    "CASE WHEN name <> '' AND closed IS NOT NULL AND due IS NOT NULL THEN upper(substr(name, 1, 3)) || '-' || closed "
    "|| ' ' || CAST(julianday(due) - julianday(closed) AS INTEGER) || 'd' ELSE 'n/a' END"
)
FIELDS = (
    FormulaField("committed", "committed", NUMBER),
    FormulaField("probability", "probability", NUMBER),
    FormulaField("name", "name", TEXT),
    FormulaField("closed", "closed", DATE),
    FormulaField("due", "due", DATE),
)


def best(act: Callable[[], object], times: int = 5) -> float:
    """The least CPU time of several runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.process_time()
        act()
        found.append(time.process_time() - start)
    return min(found)


def table(rows: int) -> dict[str, Any]:
    """Columns as a table has them: a tenth blank, a fifth of the numbers zero."""
    random.seed(7)
    dice = np.random.default_rng(7)
    committed = np.round(dice.uniform(0, 1e6, rows), 2)
    committed[dice.random(rows) < 0.2] = 0
    committed[dice.random(rows) < 0.07] = np.nan
    probability = np.round(dice.uniform(0, 1, rows), 2)
    probability[dice.random(rows) < 0.07] = np.nan
    firms = ["Ada Capital", "Bob Partners", "Cairn", "Delta Fund", "Élan"]
    names = [None if random.random() < 0.07 else f"{random.choice(firms)} {at % 5000}" for at in range(rows)]
    closed = np.datetime64("2019-01-01") + dice.integers(0, 2500, rows)
    due = np.datetime64("2019-01-01") + dice.integers(0, 2500, rows)
    closed[dice.random(rows) < 0.07] = np.datetime64("NaT")
    due[dice.random(rows) < 0.07] = np.datetime64("NaT")
    return {"committed": committed, "probability": probability, "name": names, "closed": closed, "due": due}


def sqlite(data: dict[str, Any], rows: int) -> sqlite3.Connection:
    """The same table in SQLite, in memory."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (committed REAL, probability REAL, name TEXT, closed TEXT, due TEXT, f1, f2)")
    floats = {name: [None if np.isnan(v) else float(v) for v in data[name]] for name in ("committed", "probability")}
    dates = {name: [None if np.isnat(v) else str(v) for v in data[name]] for name in ("closed", "due")}
    columns = [floats["committed"], floats["probability"], data["name"], dates["closed"], dates["due"]]
    connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, NULL, NULL)", zip(*columns, strict=True))
    connection.commit()
    return connection


def by_columns(plan: Plan, columns: list[Column], rows: int) -> list[Column]:
    """The results of all rows, on columns that are at hand."""
    return plan.columnar.batches(columns, rows, Errors())


def by_rows(plan: Plan, slots: list[list[Any]]) -> list[Any]:
    """The results of rows, one by one."""
    compute = plan.compute
    return [compute(one) for one in slots]


def measure(rows: int) -> dict[str, float]:
    """Every number of the report, by its name."""
    engine, data = Engine(), table(rows)
    found: dict[str, float] = {}
    connection = sqlite(data, rows)
    for name, text, sql in (("F1", F1, SQL1), ("F2", F2, SQL2)):
        timed = one_formula(engine, data, connection, rows, text, sql)
        found |= {f"{name} {what}": value for what, value in timed.items()}
    found["chain of 20 formulas, one row, µs"] = chain(engine)
    found["20 formulas × 100,000 rows, s"] = many(engine, data, min(rows, 100_000))
    found["peak memory of F1 over its inputs, MB"] = memory(engine, data, rows)
    return found


def one_formula(
    engine: Engine, data: dict[str, Any], connection: sqlite3.Connection, rows: int, text: str, sql: str
) -> dict[str, float]:
    """One formula by both evaluators and by SQLite, and what making its plan costs."""
    plan = engine.compile(text, FIELDS)
    assert not plan.errors, plan.errors
    columns = plan.columnar.columns([data[name] for name in plan.reads], rows)
    few = min(rows, 20_000)
    lists = [column.values()[:few] for column in columns]
    slots = [[Fuel(1000), *values] for values in zip(*lists, strict=True)]
    results = [value for column in by_columns(plan, columns, rows)[:1] for value in column.values()][:few]
    assert by_rows(plan, slots) == results, "the evaluators differ"
    query = f"SELECT count({sql}) FROM t"
    kernels = best(lambda: by_columns(plan, columns, rows)) / rows * 1e9
    theirs = best(lambda: connection.execute(query).fetchall(), 3) / rows * 1e9
    return {
        "kernels, ns a row": kernels,
        "closures, µs a row": best(lambda: by_rows(plan, slots)) / few * 1e6,
        "SQLite SELECT count, ns a row": theirs,
        "times faster than SQLite": theirs / kernels,
        "parse, µs": best(lambda: [parse(text) for _ in range(200)]) / 200 * 1e6,
        "parse, bind and type, µs": best(lambda: [engine.made(text, FIELDS) for _ in range(200)]) / 200 * 1e6,
        "plan from the cache, µs": best(lambda: [engine.compile(text, FIELDS) for _ in range(2000)]) / 2000 * 1e6,
    }


def chain(engine: Engine) -> float:
    """One edit: twenty formulas, each reading the result of the one before."""
    fields = (FormulaField("a", "a", NUMBER), FormulaField("b", "b", NUMBER))
    runs = [
        engine.compile(f"IF({{a}} > {at}, ROUND({{a}} * {{b}}, 2) + {at}, {{a}})", fields).compute for at in range(20)
    ]

    def edit() -> float:
        fuel, value = Fuel(1000), 1000.0
        for run in runs:
            value = run([fuel, value, 1.01])
        return value

    return best(lambda: [edit() for _ in range(500)]) / 500 * 1e6


def many(engine: Engine, data: dict[str, Any], rows: int) -> float:
    """Twenty different formulas over whole columns, evaluation alone."""
    plans = [engine.compile(f"{F1[:-8]}{at})", FIELDS) for at in range(14)]
    plans += [engine.compile(f'{F2[:-6]}"{at}")', FIELDS) for at in range(6)]
    part = {name: column[:rows] for name, column in data.items()}
    ready = [(plan, plan.columnar.columns([part[name] for name in plan.reads], rows)) for plan in plans]
    return best(lambda: [by_columns(plan, columns, rows) for plan, columns in ready], 3)


def memory(engine: Engine, data: dict[str, Any], rows: int) -> float:
    """What evaluating formula 1 takes beyond its two input columns, results included."""
    plan = engine.compile(F1, FIELDS)
    columns = plan.columnar.columns([data[name] for name in plan.reads], rows)
    tracemalloc.start()
    by_columns(plan, columns, rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


BARS: dict[str, tuple[float, bool]] = {
    "F1 kernels, ns a row": (20, True),
    "F2 kernels, ns a row": (800, True),
    "F1 closures, µs a row": (1.2, True),
    "F1 times faster than SQLite": (8, False),
    "F2 parse, bind and type, µs": (200, True),
    "F2 plan from the cache, µs": (2, True),
    "chain of 20 formulas, one row, µs": (100, True),
    "peak memory of F1 over its inputs, MB": (150, True),
}
"""The bars of the design: the number, and whether less is better."""


def main() -> int:
    """Print the report; 1 when a bar is missed and --check is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    options = parser.parse_args()
    found = measure(options.rows)
    missed = []
    print(f"| formulas, {options.rows:,} rows, CPU time | | bar |\n|---|---|---|")
    for name, value in found.items():
        bar = BARS.get(name)
        words = "" if bar is None else f"{'≤' if bar[1] else '≥'} {bar[0]:g}"
        if bar is not None and (value > bar[0]) is bar[1]:
            missed.append(name)
            words += " missed"
        print(f"| {name} | {value:,.3g} | {words} |")
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
