"""The bundled plugins keep the contracts that plugin authors check theirs against."""

import csv
import io
import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.contracts import Exporter, Importer, PluginContext
from crm_core.host import Host
from crm_core.testing import check_exporter, check_importer, check_plugin, check_refusal, export_table
from plugins.csv_import import plugin as csv_import

BUNDLED = sorted(name for name, plugin in Host.discover().plugins.items() if plugin.bundled)
NO_CRM: Any = None
CTX = PluginContext("csv_import", csv_import.PLUGIN.settings(), NO_CRM, Path(), logging.getLogger("test"))
IMPORTERS: dict[str, Importer] = {item.name: item for item in csv_import.crm_importers(CTX)}
EXPORTERS: dict[str, Exporter] = {item.name: item for item in csv_import.crm_exporters(CTX)}


@pytest.mark.parametrize("name", BUNDLED)
def test_each_bundled_plugin_is_a_plugin(name: str) -> None:
    assert check_plugin(name, f"plugins.{name}.plugin").name == name


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_each_exporter_keeps_the_contract(name: str) -> None:
    check_exporter(EXPORTERS[name])
    check_exporter(EXPORTERS[name], options={"escape": "false"})


@pytest.mark.parametrize("name", sorted(IMPORTERS))
def test_each_importer_keeps_the_contract(name: str, tmp_path: Path) -> None:
    file = tmp_path / "sample.csv"
    file.write_bytes(check_exporter(EXPORTERS[name], options={"escape": "false"}))
    rows = check_importer(IMPORTERS[name], file)
    assert [row.problem for row in rows] == [None] * len(rows)
    assert len(rows) == len(list(export_table().texts()))


@pytest.mark.parametrize("content", [b"", b"\x00\x00\x01\x02"], ids=["empty", "binary"])
@pytest.mark.parametrize("name", sorted(IMPORTERS))
def test_each_importer_refuses_what_is_no_file_of_its_kind(name: str, content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    check_refusal(IMPORTERS[name], file)


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.lists(st.tuples(cells, cells), max_size=8))
def test_a_table_written_as_csv_is_read_back_by_python(rows: list[tuple[str, str]]) -> None:
    written = check_exporter(EXPORTERS["csv"], export_table(rows), {"escape": "false"})
    read = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert read == [["Name", "Note"], *map(list, rows)]
