"""Computed fields with storage: recalculating whole tables, and one edit with twenty dependent formulas.

    python -m bench.computed [--rows 100000] [--check]

CPU time of the process, reading, evaluating, comparing and writing included; best of several runs. Beside it stands
SQLite's own UPDATE of one formula's column by the same formula in SQL, so that the ratio can be read on any machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ChangeSet, CreateField, InsertStored, NewField, Update, UpdateRecord
from crm_core.contracts.query import Query
from crm_core.crm import Crm, open_crm
from crm_core.host import Host
from crm_core.services.computed import state

FORMULAS = (
    "IF({Committed} > 0, ROUND({Committed} * {Probability}, 2), BLANK())",
    'IF(AND({Name}, {Last contact}), UPPER(LEFT({Name}, 3)) & "-" & DATETIME_FORMAT({Last contact}, "YYYY-MM-DD"), "")',
    "{Score} * 2 + 1",
    "{F2} + {Score}",
    'IF({F3} > 10, "big", "small")',
    "{Score} * {Probability}",
    "{F5} / 1000 + {Score}",
    "MAX({F2}, {F3}, {F5})",
    'CONCATENATE({City}, ", ", {F4})',
    "ROUND({Score} / 7, 1)",
    '{F9} & "%"',
    "IF({Score}, {Committed} / {Score}, 0)",
    'DATEADD({Last contact}, {Score}, "days")',
    'DATETIME_DIFF({F12}, {Last contact}, "days")',
    "YEAR({F12})",
    "MONTH({F12})",
    "{F14} * 100 + {F15}",
    "UPPER({City}) & {Score}",
    "LEN({F17}) + {Score}",
    "SUM({F2}, {F3}, {F5}, {F14})",
)
SQL_OF_F0 = "CASE WHEN committed > 0 THEN round(committed / 100.0 * probability, 2) END"
BARS = {"recalculated and written, s per 100,000 rows": 3.0, "one edit with its dependents, ms": 2.0}


def spent(act: Callable[[], object], times: int = 1) -> float:
    """The least CPU time of several runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.process_time()
        act()
        found.append(time.process_time() - start)
    return min(found)


def fill(crm: Crm, rows: int) -> None:
    """Investors, and twenty formulas over them, of which most follow the score."""
    names = ["Name", "Committed", "Probability", "Score", "Last contact", "City"]
    records = [
        (
            f"Investor {n}", n * 1_000 if n % 5 else 0, n % 100 / 100, float(n % 50 + 1),
            f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}", f"City {n % 500}",
        )
        for n in range(rows)
    ]  # fmt: skip
    crm.records.apply(ChangeSet([InsertStored("investors", names, records)]), SYSTEM)
    fields = [
        CreateField("investors", NewField(f"F{n}", "formula", {"formula": one})) for n, one in enumerate(FORMULAS)
    ]
    for field in fields:
        crm.records.apply(ChangeSet([field]), SYSTEM)


def again(crm: Crm, *names: str) -> None:
    """Compute these fields of investors anew, or all."""
    with crm.units.write() as session:
        connection = session.connection()
        fields = crm.schemas.at(connection, _version(crm)).table("investors").fields
        keys = [field.id for field in fields if not names or field.name in names]
        state.mark_stale(connection, keys, 1, "")
    crm.recalculation.wake()
    crm.recalculation.settle()


def one_percent(crm: Crm) -> float:
    """One formula after 1 % of its results changed: how many times faster than SQLite's own UPDATE of all of them."""
    with crm.units.read() as session:
        column = crm.schemas.at(session.connection(), _version(crm)).table("investors").field("F0").column
    whole = f"UPDATE fundraising_investors SET {column} = {SQL_OF_F0}"

    def run(sql: str) -> None:
        with crm.units.write() as session:
            session.connection().exec_driver_sql(sql)

    ours, theirs = [], []
    for turn in range(3):
        run(f"UPDATE fundraising_investors SET committed = committed + 100 WHERE id % 100 = {turn} AND committed > 0")
        ours.append(spent(lambda: again(crm, "F0")))
        theirs.append(spent(lambda: run(whole)))
    return min(theirs) / min(ours)


def _version(crm: Crm) -> int:
    return crm.tables.catalogue(SYSTEM).schema_version


def measure(rows: int) -> dict[str, float]:
    """Every number of the report by its name."""
    with tempfile.TemporaryDirectory() as folder:
        crm = open_crm(from_env({}, data_dir=Path(folder)), Host.discover())
        try:
            found: dict[str, float] = {}
            fill(crm, rows)
            found["recalculated and written, s per 100,000 rows"] = spent(crm.recalculation.settle) / rows * 1e5
            found["recalculated, nothing changed, s per 100,000 rows"] = spent(lambda: again(crm), 2) / rows * 1e5
            found["1 % of one formula's results changed, times as fast as SQLite's UPDATE of all"] = one_percent(crm)
            ids = crm.windows.query("investors", Query(fields=["Name"], limit=200), SYSTEM).ids

            def edits() -> None:
                for number, record in enumerate(ids):
                    score = float(60 + number + time.process_time_ns() % 1_000)
                    change = ChangeSet([Update("investors", [UpdateRecord(record, {"Score": score})])])
                    crm.records.apply(change, SYSTEM)

            found["one edit with its dependents, ms"] = spent(edits, 5) / len(ids) * 1e3
            return found
        finally:
            crm.close()


def main() -> int:
    """Print the report; 1 when a bar is missed and --check is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    options = parser.parse_args()
    missed = False
    print(f"| computed fields, {options.rows:,} rows × {len(FORMULAS)} formulas, CPU time | | bar |\n|---|---|---|")
    for name, value in measure(options.rows).items():
        bar = BARS.get(name)
        over = bar is not None and value > bar
        missed = missed or over
        print(f"| {name} | {value:,.3g} | {'' if bar is None else f'≤ {bar:g}'}{' missed' if over else ''} |")
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
