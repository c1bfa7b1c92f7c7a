"""How fast a CSV file is imported, as a ratio to the least that any program must do: csv → sqlite3 executemany.

    .venv/bin/python bench/imports.py [ROWS] [REPETITIONS]

Each repetition runs both on the same file and disk, so that the ratio holds on any machine. "import" is everything:
upload, column statistics and suggestions, conversion of 20 typed columns, comparison with the table, one change set
with a hash-chained history row per record, and the commit. "again" imports the same file into the filled table.
"""

from __future__ import annotations

import csv
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.crm import Crm, open_crm
from crm_core.host import Host

WORDS = (
    "met",
    "at",
    "demo",
    "day",
    "liked",
    "the",
    "team",
    "asked",
    "about",
    "churn",
    "wants",
    "the",
    "next",
    "quarter",
)
HEADER = (
    "Name", "Type", "Stage", "List", "Owner name", "Check size", "Committed", "Probability", "Last contact",
    "Next step", "Email", "Phone", "Website", "Notes", "Tags", "City", "Country", "Score", "Created at", "Priority",
)  # fmt: skip


def write_file(path: Path, rows: int) -> None:
    """The same made-up investors for the same number of rows."""
    pick = random.Random(20261123)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(rows):
            amount = pick.randrange(10, 5_000) * 1_000
            writer.writerow([
                f"Investor {n:06d}", pick.choice(["Angel", "VC", "Bank"]), pick.choice(["First call", "Passed"]),
                pick.choice(["main", "follow_up"]), pick.choice(["Ada", "Bruno", "Chen"]), f"${amount:,}.00",
                f"${amount // 2:,}.00", f"{pick.randrange(101)}%",
                f"{pick.randrange(1, 13)}/{pick.randrange(1, 29)}/2026", "Send deck",
                f"deals{n}@example.com", f"+49 30 {pick.randrange(10**6, 10**7)}",
                f"https://investor-{n}.example/", " ".join(pick.choices(WORDS, k=36)),
                ", ".join(pick.sample(["ai", "b2b", "climate", "infra"], 2)), pick.choice(["Berlin", "Paris"]),
                "Germany", pick.randrange(1000) / 10,
                f"2026-{pick.randrange(1, 13):02}-11T09:{pick.randrange(60):02}:00Z",
                pick.randrange(1, 6),
            ])  # fmt: skip


def load_bare(file: Path, database: Path) -> float:
    """The least: parse the file and insert its texts in one transaction that is synced at its end."""
    started = time.perf_counter()
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    columns = ", ".join(f"c{n}" for n in range(len(HEADER)))
    connection.execute(f"CREATE TABLE investors ({columns})")
    with file.open(newline="", encoding="utf-8") as source, connection:
        reader = csv.reader(source)
        next(reader)
        connection.executemany(f"INSERT INTO investors VALUES ({', '.join('?' * len(HEADER))})", reader)
    connection.close()
    return time.perf_counter() - started


def load_whole(crm: Crm, file: Path) -> tuple[float, int]:
    """The import through the CRM's own service: (seconds, rows created or found unchanged)."""
    started = time.perf_counter()
    with crm.imports.upload() as upload, file.open("rb") as source:
        while block := source.read(1 << 20):
            upload.write(block)
        view = crm.imports.start("investors", file.name, upload, SYSTEM)
    crm.imports.preview(view.id, view.mapping, None, SYSTEM)
    crm.imports.wait(view.id)
    crm.imports.apply(view.id, SYSTEM)
    view = crm.imports.wait(view.id)
    if view.status != "applied" or view.counts.errors:
        raise SystemExit(f"the import went wrong: {view.status} {view.counts} {view.problem}")
    return time.perf_counter() - started, view.counts.created + view.counts.unchanged


def main(rows: int, repetitions: int) -> None:
    """Run both in turn and print medians, ratios and the memory of the whole process."""
    bare: list[float] = []
    whole: list[float] = []
    again: list[float] = []
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as name:
        folder = Path(name)
        file = folder / "investors.csv"
        write_file(file, rows)
        for number in range(repetitions):
            bare.append(load_bare(file, folder / f"bare{number}.sqlite3"))
            crm = open_crm(from_env({}, data_dir=folder / f"crm{number}"), Host.discover())
            for times in (whole, again):
                seconds, done = load_whole(crm, file)
                assert done == rows
                times.append(seconds)
            crm.close()
    least = statistics.median(bare)
    print(f"{rows:,} rows × {len(HEADER)} columns, medians of {repetitions}, peak memory "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")  # fmt: skip
    for title, times in (("bare csv → sqlite3", bare), ("import", whole), ("import again", again)):
        seconds = statistics.median(times)
        print(f"{title:20} {seconds:7.2f} s {rows / seconds:9,.0f} rows/s {seconds / least:6.1f} × bare")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]), *(100_000, 3)[len(sys.argv) - 1 :])
