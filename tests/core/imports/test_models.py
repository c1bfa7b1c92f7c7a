"""Imports against a plain model: what is applied, what a second time does, what undo leaves, what an export gives."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import Delete
from crm_core.contracts.query import Query
from crm_core.services.imports.existing import matching
from tests.core.imports.conftest import Office, opened

FIELDS = ("Name", "City", "Check size", "Stage", "Tags", "Last contact", "Probability", "Notes")
KEEP = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))

names = st.sampled_from(["Acme", "ACME ", "Beta", "Zürich 再", "=evil", "o'Neill", "'=x", "a,b", 'q"uote'])
plain = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8)
row = st.fixed_dictionaries(
    {
        "Name": names,
        "City": st.sampled_from(["", "Bonn", "São Paulo", "-", "@home"]),
        "Check size": st.sampled_from(["", "1,000.00", "-5.00", "0.10", "12,345,678.90"]),
        "Stage": st.sampled_from(["", "First call", "Passed", "New stage", "Other, stage"]),
        "Tags": st.sampled_from(["", "ai", "ai, climate", '"x, y", ai']),
        "Last contact": st.sampled_from(["", "2026-11-23", "2025-01-02"]),
        "Probability": st.sampled_from(["", "50%", "0%", "100%"]),
        "Notes": st.one_of(st.just(""), plain, st.just("two\nlines")),
    }
)
tables = st.lists(row, max_size=7)


@pytest.fixture(scope="module")
def shared(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One CRM for all examples of a test; `emptied` cleans it."""
    folder = tmp_path_factory.mktemp("models") / "data"
    shutil.copytree(template, folder)
    crm = opened(folder)
    yield Office(crm)
    crm.close()


def emptied(office: Office) -> Office:
    ids = office.crm.windows.query("investors", Query(limit=5000), SYSTEM).ids
    if ids:
        office.go(Delete("investors", ids))
    with office.crm.units.write() as session:  # each example is the first import of its shape
        session.connection().exec_driver_sql("DELETE FROM import_runs")
    return office


def written(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, FIELDS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def shown(office: Office) -> dict[str, dict[str, str]]:
    """The table as a person reads it, by matching name."""
    exported = b"".join(office.imports.export("investors", "csv", SYSTEM, None, {"escape": "false"}).blocks)
    reader = csv.DictReader(io.StringIO(exported.decode("utf-8-sig"), newline=""))
    return {matching(cells["Name"]): {name: cells[name] for name in FIELDS} for cells in reader}


def unescaped(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].lstrip("'")[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def applied(table: dict[str, dict[str, str]], rows: list[dict[str, str]]) -> tuple[dict[str, Any], int]:
    """The model: each row sets its cells, the first row of a key wins, the others are errors."""
    result = {key: dict(cells) for key, cells in table.items()}
    seen: set[str] = set()
    errors = 0
    for given_row in rows:
        cells = {name: unescaped(text) for name, text in given_row.items()}
        key = matching(cells["Name"])
        if key in seen:
            errors += 1
            continue
        seen.add(key)
        if key in result:
            cells["Name"] = result[key]["Name"]
        result[key] = cells
    return result, errors


@KEEP
@given(tables, tables)
def test_applying_equals_the_model_and_a_second_time_changes_nothing(
    shared: Office, first: list[dict[str, str]], second: list[dict[str, str]]
) -> None:
    office = emptied(shared)
    model: dict[str, Any] = {}
    for rows in (first, second):
        before = shown(office)
        model, errors = applied(model, rows)
        view = office.bring(written(rows), mapping=_mapping(office))
        assert view.counts.errors == errors
        assert shown(office) == model
        again = office.bring(written(rows), mapping=_mapping(office))
        assert (again.counts.created, again.counts.updated, again.counts.conflicts) == (0, 0, 0), office.found(again)
        assert shown(office) == model
        if view.version is not None:
            office.imports.undo(view.id, SYSTEM)
            assert shown(office) == before
            office.bring(written(rows), mapping=_mapping(office))
            assert shown(office) == model


@KEEP
@given(tables, st.booleans())
def test_an_export_comes_back_unchanged_and_fills_another_table_alike(
    shared: Office, rows: list[dict[str, str]], escape: bool
) -> None:
    office = emptied(shared)
    office.bring(written(rows), mapping=_mapping(office))
    table = shown(office)
    choices = {"escape": str(escape).lower()}
    exported = b"".join(office.imports.export("investors", "csv", SYSTEM, None, choices).blocks)
    view = office.compare(exported)
    assert (view.counts.created, view.counts.updated, view.counts.errors) == (0, 0, 0), office.found(view)
    assert view.counts.unchanged == len(table)
    if escape:
        emptied(office)
        office.bring(exported)
        assert shown(office) == table


def _mapping(office: Office) -> list[Any]:
    from crm_core.contracts.imports import ToField

    return [ToField(field=name) for name in FIELDS]
