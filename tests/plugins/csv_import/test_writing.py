"""Tables as CSV and JSON: what spreadsheets may not run, numbers that stay numbers, blocks instead of one whole."""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.contracts import ExportTable, PluginContext
from plugins.csv_import import plugin
from plugins.csv_import.escaping import escape, unescape
from plugins.csv_import.settings import CsvSettings
from plugins.csv_import.writer import write_csv, write_json

NO_CRM: Any = None


def table(rows: Sequence[Sequence[str]], *kinds: str) -> ExportTable:
    fields = [{"name": f"{kind} {n}", "kind": kind} for n, kind in enumerate(kinds)]
    names = [field["name"] for field in fields]
    return ExportTable("Sample", fields, lambda: rows, lambda: (dict(zip(names, row, strict=True)) for row in rows))


def read(blocks: bytes) -> list[list[str]]:
    text = blocks.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'="])
def test_text_that_a_spreadsheet_would_run_is_escaped(start: str) -> None:
    written = b"".join(write_csv(table([[f"{start}1"]], "text"), {}))
    assert read(written)[1] == [f"'{start}1"]
    plain = b"".join(write_csv(table([[f"{start}1"]], "text"), {"escape": "false"}))
    assert read(plain)[1] == [f"{start}1"]


@pytest.mark.parametrize("kind", ["number", "currency", "percent", "duration"])
def test_negative_numbers_stay_numbers(kind: str) -> None:
    assert read(b"".join(write_csv(table([["-5"]], kind), {})))[1] == ["-5"]


def test_a_phone_number_is_text_and_is_escaped() -> None:
    assert read(b"".join(write_csv(table([["+49 30 1"]], "phone"), {})))[1] == ["'+49 30 1"]


def test_a_headline_is_escaped_too() -> None:
    fields = [{"name": "=cmd()", "kind": "text"}]
    written = b"".join(write_csv(ExportTable("T", fields, list, list), {}))
    assert read(written) == [["'=cmd()"]]


def test_lines_end_as_the_standard_says_and_accents_survive_excel() -> None:
    written = b"".join(write_csv(table([["Zoë", 'a "b"\nc']], "text", "text"), {}))
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == 2
    assert read(written)[1] == ["Zoë", 'a "b"\nc']


@given(st.text())
def test_escaping_is_taken_back(text: str) -> None:
    assert unescape(escape(text)) == text
    assert escape(text)[:1] not in tuple("=+-@\t\r")


def test_json_holds_names_kinds_and_values() -> None:
    written = json.loads(b"".join(write_json(table([["Ada", "1"], ["Bo", "2"]], "text", "number"), {})))
    assert written["table"] == "Sample"
    assert written["fields"] == [{"name": "text 0", "kind": "text"}, {"name": "number 1", "kind": "number"}]
    assert written["records"] == [{"text 0": "Ada", "number 1": "1"}, {"text 0": "Bo", "number 1": "2"}]


@pytest.mark.parametrize("count", [0, 1, 500, 501, 1000])
def test_json_of_any_length_is_one_object(count: int) -> None:
    written = b"".join(write_json(table([["x"]] * count, "text"), {}))
    assert len(json.loads(written)["records"]) == count


def test_crm_exporters_offers_csv_and_json(tmp_path: Path) -> None:
    ctx = PluginContext("csv_import", CsvSettings(), NO_CRM, tmp_path, logging.getLogger("test"))
    offered = {exporter.name: exporter for exporter in plugin.crm_exporters(ctx)}
    assert set(offered) == {"csv", "json"}
    assert offered["csv"].media_type == "text/csv"
    assert b"Ada" in b"".join(offered["csv"].write(table([["Ada"]], "text"), {}))
