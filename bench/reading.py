"""How fast the engine reads, as ratios to bare sqlite3 that runs the same SQL and encodes the same JSON.

    PYTHONPATH=<folder of the peer harness> .venv/bin/python -m bench.reading [--rows 100000] [--repeat 15]

The rows are the harness's own (`dataset.py`), put straight into the built-in table of investors. Each operation runs in
turn with its bare twin, so that what else the machine does hits both; medians are printed. Answers are compared first.
"""

from __future__ import annotations

import argparse
import gc
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dataset
import msgspec

from crm_core.config import Config
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.query import AggregateQuery, Query, Sort
from crm_core.services.builtin import ensure_builtin
from crm_core.services.settings import Settings
from crm_core.services.windows import Windows
from crm_core.storage.schema import SchemaCache
from crm_core.storage.unit import Units
from crm_core.storage.upgrade import prepare
from plugins.sqlite.database import SqliteDatabase

FIELDS = [
    "name", "type", "stage", "list", "owner", "check_size", "committed", "probability", "last_contact", "next_step",
    "email", "phone", "website", "notes", "tags", "city", "country", "score", "created", "priority",
]  # fmt: skip
COLUMNS = ["created_at" if field == "created" else field for field in FIELDS]
SELECTS = {"type": dataset.TYPES, "stage": dataset.STAGES, "list": dataset.LISTS, "tags": dataset.TAGS}
STAGE = dataset.STAGES.index(dataset.VIEW_STAGE) + 1
LIVE = "FROM fundraising_investors WHERE deleted_at IS NULL"
encode = msgspec.json.Encoder().encode


@dataclass
class Setup:
    """The engine and a bare connection on one database."""

    windows: Windows
    bare: sqlite3.Connection
    rows: int

    def query(self, **query: Any) -> Any:
        return self.windows.query("investors", msgspec.convert({"fields": FIELDS, **query}, Query), SYSTEM)


def fill(units: Units, rows: int) -> None:
    """The harness's rows in stored form."""
    owners = {name: number for number, name in enumerate(dataset.OWNERS, 1)}
    numbers = {key: {name: number for number, name in enumerate(names, 1)} for key, names in SELECTS.items()}
    with units.write() as session:
        connection = session.connection()
        for name, person in owners.items():
            sql = "INSERT INTO users (id, email, name, role, password_hash, active, created_at)"
            connection.exec_driver_sql(f"{sql} VALUES (?, ?, ?, 'member', '', 1, '')", (person, name, name))
        for key, names in SELECTS.items():
            choices = [{"number": number, "name": name, "color": "blue"} for number, name in enumerate(names, 1)]
            options = json.dumps({"choices": choices, "next": len(names) + 1})
            connection.exec_driver_sql("UPDATE fields SET options = ? WHERE key = ? AND table_id = 1", (options, key))
        columns = ["id", "position", "version", "updated_at", *COLUMNS]
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO fundraising_investors ({', '.join(columns)}) VALUES ({marks})"
        connection.exec_driver_sql(sql, list(stored(rows, owners, numbers)))
        connection.exec_driver_sql("UPDATE fundraising_state SET version = 1, schema_version = schema_version + 1")


def stored(rows: int, owners: dict[str, int], numbers: dict[str, dict[str, int]]) -> Iterator[tuple[Any, ...]]:
    for key, row in enumerate(dataset.rows(rows), 1):
        row["website"] = row.pop("url")
        row["owner"] = owners[row["owner"]]
        row["created"] = row["created"].replace("Z", ".000Z")
        row["check_size"], row["committed"] = row["check_size"] * 100, row["committed"] * 100
        row["tags"] = "".join(f"|{numbers['tags'][tag]}" for tag in row["tags"]) + "|" if row["tags"] else None
        for select in ("type", "stage", "list"):
            row[select] = numbers[select][row[select]]
        yield (key, float(key), 1, row["created"], *(row[field] or None for field in FIELDS))


# --- operations, each with its bare twin -----------------------------------------------------------------------------
VIEW: dict[str, Any] = {
    "filter": {
        "and": [
            {"field": "stage", "op": "is", "value": dataset.VIEW_STAGE},
            {"field": "check_size", "op": ">", "value": dataset.VIEW_MIN_CHECK},
        ]
    },
    "sorts": [{"field": "last_contact", "desc": True}, {"field": "name"}],
    "limit": dataset.VIEW_LIMIT,
}


def view(setup: Setup) -> bytes:
    setup.windows.forget()
    return encode(setup.query(**VIEW))


def view_bare(setup: Setup) -> bytes:
    values = (STAGE, dataset.VIEW_MIN_CHECK * 100)
    where = f"{LIVE} AND stage = ? AND check_size > ?"
    order = "ORDER BY last_contact DESC, (name IS NULL), name COLLATE NOCASE, id"
    rows = setup.bare.execute(f"SELECT id, {', '.join(COLUMNS)} {where} {order} LIMIT 100", values).fetchall()
    total = setup.bare.execute(f"SELECT count(*) {where}", values).fetchone()
    return encode((total, list(zip(*rows, strict=True))))


def read_all(setup: Setup) -> int:
    rows, after = 0, None
    while True:
        window = setup.query(limit=5_000, after=after)
        encode(window)
        rows, after = rows + len(window.ids), window.next
        if after is None:
            return rows


def read_all_bare(setup: Setup) -> int:
    """The same pages: after the last row of the one before, 5,000 at a time."""
    last, found = (-1.0, 0), 0
    sql = (
        f"SELECT id, {', '.join(COLUMNS)}, position {LIVE} AND (position, id) > (?, ?) ORDER BY position, id LIMIT 5000"
    )
    while rows := setup.bare.execute(sql, last).fetchall():
        encode(list(zip(*rows, strict=True)))
        last, found = (rows[-1][-1], rows[-1][0]), found + len(rows)
    return found


def middle(setup: Setup) -> bytes:
    return encode(setup.query(offset=setup.rows // 2, limit=100))


def first(setup: Setup) -> bytes:
    return encode(setup.query(limit=100))


def footer(setup: Setup) -> Any:
    wanted = {"check_size": "sum", "committed": "average", "probability": "max", "name": "filled"}
    return encode(setup.windows.aggregate("investors", AggregateQuery(aggregates=wanted), SYSTEM))


def footer_bare(setup: Setup) -> Any:
    sql = f"SELECT count(*), sum(check_size), avg(committed), max(probability), count(name) {LIVE}"
    return encode(setup.bare.execute(sql).fetchone())


def by_stage(setup: Setup) -> Any:
    query = AggregateQuery(groups=[Sort("stage")], aggregates={"check_size": "sum"})
    return encode(setup.windows.aggregate("investors", query, SYSTEM))


def by_stage_bare(setup: Setup) -> Any:
    return encode(setup.bare.execute(f"SELECT stage, count(*), sum(check_size) {LIVE} GROUP BY stage").fetchall())


def search(setup: Setup) -> Any:
    setup.windows.forget()
    return encode(setup.query(search="riverstone", limit=100))


def search_bare(setup: Setup) -> Any:
    words = ("name", "next_step", "email", "phone", "website", "notes", "city", "country")
    where = f"{LIVE} AND ({' OR '.join(f'{word} LIKE ?' for word in words)})"
    values = ("%riverstone%",) * len(words)
    rows = setup.bare.execute(
        f"SELECT id, {', '.join(COLUMNS)} {where} ORDER BY position, id LIMIT 100", values
    ).fetchall()
    return encode((rows, setup.bare.execute(f"SELECT count(*) {where}", values).fetchone()))


OPERATIONS: list[tuple[str, Callable[[Setup], Any], Callable[[Setup], Any], int]] = [
    ("B  filtered, sorted view, first 100, with total", view, view_bare, 4),
    ("C  read all, pages of 5,000", read_all, read_all_bare, 1),
    ("   window in the middle against the first one", middle, first, 4),
    ("   footer: sum, average, max, filled", footer, footer_bare, 1),
    ("   groups by stage with sums", by_stage, by_stage_bare, 1),
    ("   search for a word, with total", search, search_bare, 1),
]


def timed(call: Callable[[Setup], Any], setup: Setup, times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        call(setup)
    return (time.perf_counter() - started) / times * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        storage = SqliteDatabase(folder / "crm.sqlite3")
        prepare(storage, folder)
        units = Units(storage)
        ensure_builtin(units)
        fill(units, options.rows)
        windows = Windows(units, SchemaCache(), Settings(units, Config(folder, "")))
        setup = Setup(windows, sqlite3.connect(folder / "crm.sqlite3"), options.rows)
        names = setup.query(**VIEW).columns[0]
        assert list(names) == dataset.view_expected(options.rows), "the view's answer is wrong"
        assert read_all(setup) == read_all_bare(setup) == options.rows
        windows.settle()
        gc.freeze()  # as the server does once it is ready
        print(f"{options.rows:,} rows; medians of {options.repeat}\n")
        print("| operation | ours, ms | bare, ms | ratio |\n|---|---|---|---|")
        for title, ours, bare, times in OPERATIONS:
            pairs = [(timed(ours, setup, times), timed(bare, setup, times)) for _ in range(options.repeat)]
            mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
            ratio = statistics.median(one / other for one, other in pairs)
            print(f"| {title} | {mine:,.2f} | {theirs:,.2f} | {ratio:.2f} |")
        windows.close()
        storage.close()


if __name__ == "__main__":
    main()
