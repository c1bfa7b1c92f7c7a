"""CSV files as programs and people write them: encoding, delimiter, lines, broken rows, files that are no CSV."""

from __future__ import annotations

import csv
import io
import logging
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.contracts import PluginContext, SheetRow
from crm_core.errors import Invalid
from plugins.csv_import import plugin
from plugins.csv_import.reader import FIELD_LIMIT, CsvSheet
from plugins.csv_import.settings import CsvSettings

NO_CRM: Any = None


def sheet(folder: Path, data: bytes | str, **settings: Any) -> CsvSheet:
    path = folder / "file.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return CsvSheet(path, CsvSettings(**settings))


def rows(found: CsvSheet) -> list[tuple[int, list[str]]]:
    """The sound rows; fails on a broken one."""
    result = []
    for row in found.rows():
        assert row.problem is None, row
        result.append((row.line, list(row.cells)))
    return result


def broken(found: CsvSheet) -> list[SheetRow]:
    return [row for row in found.rows() if row.problem is not None]


@pytest.mark.parametrize(
    ("encoding", "bom", "name"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8-sig", b"", "utf-8"),
        ("utf-16", b"", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-32", b"", "utf-32"),
    ],
)
def test_unicode_files_with_and_without_a_mark(tmp_path: Path, encoding: str, bom: bytes, name: str) -> None:
    found = sheet(tmp_path, bom + 'Name,Größe\r\n"Zoë 🦦","1\n2"\r\n'.encode(encoding))
    assert found.header == ["Name", "Größe"]
    assert rows(found) == [(2, ["Zoë 🦦", "1\n2"])]
    assert found.dialect["encoding"] == name
    assert found.dialect["bom"] is (encoding != "utf-8")
    assert found.dialect["newline"] == "crlf"
    assert found.dialect["notices"] == []


def test_a_file_that_is_not_unicode_is_read_as_windows_and_says_so(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Name;Größe\nMüller – Söhne;5 €\n".encode("cp1252"))
    assert rows(found) == [(2, ["Müller – Söhne", "5 €"])]
    assert found.dialect["encoding"] == "cp1252"
    assert "not UTF-8" in found.dialect["notices"][0]


def test_the_fallback_encoding_is_a_setting(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Name\nŁódź, Kraków\n".encode("cp1250"), fallback_encoding="cp1250")
    assert found.header == ["Name"]
    assert next(found.rows()).cells[0] == "Łódź"


def test_some_broken_bytes_spoil_only_their_rows(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Name\nZoë\nÜmlaut\n".encode() + b"bad \xff byte\n")
    assert [list(row.cells) for row in found.rows()] == [["Zoë"], ["Ümlaut"], ["bad \udcff byte"]]
    assert "no valid utf-8" in found.dialect["notices"][0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(("newline", "name"), [("\n", "lf"), ("\r\n", "crlf"), ("\r", "cr")])
def test_every_delimiter_and_line_end(tmp_path: Path, delimiter: str, newline: str, name: str) -> None:
    table = [["Name", "Amount", "Note"], ["Ada", "1,5", "a;b|c"], ["Bo", "2,5", "x\ty"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(table)
    found = sheet(tmp_path, out.getvalue())
    assert found.dialect["delimiter"] == delimiter
    assert found.dialect["newline"] == name
    assert found.header == table[0]
    assert rows(found) == [(2, table[1]), (3, table[2])]


def test_excels_first_line_names_the_delimiter(tmp_path: Path) -> None:
    assert rows(sheet(tmp_path, "sep=;\r\nA;B\r\n1;2\r\n")) == [(3, ["1", "2"])]


def test_one_column_without_any_delimiter(tmp_path: Path) -> None:
    assert rows(sheet(tmp_path, "Name\nAda\n\nBo\n")) == [(2, ["Ada"]), (4, ["Bo"])]


def test_lines_are_counted_through_quoted_breaks_and_blank_lines(tmp_path: Path) -> None:
    found = sheet(tmp_path, 'A,B\r\n"one\r\ntwo\r\nthree",1\r\n\r\nx,2\r\n"y\nz",3\r\nlast,4')
    assert rows(found) == [
        (2, ["one\r\ntwo\r\nthree", "1"]),
        (6, ["x", "2"]),
        (7, ["y\nz", "3"]),
        (9, ["last", "4"]),
    ]


def test_ragged_rows_are_named_and_the_others_stand(tmp_path: Path) -> None:
    found = sheet(tmp_path, "A,B,C\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n")
    assert [(row.line, row.column) for row in broken(found)] == [(3, "C"), (4, None)]
    assert "2 cells, the header 3" in (broken(found)[0].problem or "")
    assert [row.line for row in found.rows() if row.problem is None] == [2, 5]


def test_a_quote_that_is_never_closed_is_named_with_its_lines(tmp_path: Path) -> None:
    found = sheet(tmp_path, 'A,B\nx,1\n"y,2\nz,3\n')
    assert [row.line for row in found.rows()] == [2, 3]
    problem = broken(found)[0].problem or ""
    assert "never closed" in problem
    assert "line 3 to line 4" in problem


def test_text_after_a_closing_quote_spoils_one_row(tmp_path: Path) -> None:
    found = sheet(tmp_path, 'A,B\n"x"y,1\nz,3\n')
    assert [(row.line, row.problem is None) for row in found.rows()] == [(2, False), (3, True)]


def test_nul_characters_reach_the_cell_and_not_the_start(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Name,Amount\nA\0da,1\nBo,2\nCy,3\nDi,4\n")
    assert [row.cells[0] for row in found.rows()] == ["A\0da", "Bo", "Cy", "Di"]


def test_columns_get_names_of_their_own(tmp_path: Path) -> None:
    found = sheet(tmp_path, "Name,name,,Name\n1,2,3,4\n")
    assert found.header == ["Name", "name (2)", "Column 3", "Name (3)"]
    assert len(found.dialect["notices"]) == 3


@given(st.lists(st.sampled_from(["", "a", "A", "b", "a (2)", "Column 1", "Column 2"]), min_size=1, max_size=12))
def test_unique_names_whatever_the_header(names: Sequence[str]) -> None:
    from plugins.csv_import.reader import unique_header

    found = unique_header(list(names), [])
    assert all(found)
    assert len({name.casefold() for name in found}) == len(names)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"  \r\n \n", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"PK\x03\x04" + bytes(60), "not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "not_text"),
        (b"%PDF-1.7 x", "not_text"),
        ("Name,Amount\nAda,1\n".encode("utf-16-le"), "not_text"),
        (b"\xff\xfeN\x00a\x00m", "bad_encoding"),
        (b'"Name,Amount\nAda,1\n', "bad_header"),
        (",".join(f"c{n}" for n in range(10_000)).encode(), "too_many_columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        sheet(tmp_path, data)
    assert caught.value.code == code
    assert caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("size", [200, 3_000, 100_000])
@pytest.mark.parametrize("seed", range(4))
def test_bytes_of_anything_but_text_are_refused_and_never_read_as_an_old_encoding(
    tmp_path: Path, size: int, seed: int
) -> None:
    with pytest.raises(Invalid, match="not_text"):
        sheet(tmp_path, random.Random(seed).randbytes(size))
    with pytest.raises(Invalid, match="not_text"):
        sheet(tmp_path, b"Name,Amount\r\nZo\xe9,1\r\n" + random.Random(seed).randbytes(size))


def test_a_header_alone_is_a_file_without_rows(tmp_path: Path) -> None:
    assert rows(sheet(tmp_path, "Name,Amount")) == []


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@given(
    st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(texts, min_size=width, max_size=width), max_size=8)),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_writer_writes_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], delimiter: str, newline: str
) -> None:
    width = len(table[0]) if table else 2
    header = [f"Column {n}" for n in range(width)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows([header, *table])
    found = sheet(tmp_path_factory.mktemp("csv"), out.getvalue())
    assert found.header == header
    from plugins.csv_import.escaping import unescape

    expected = [[unescape(cell) for cell in row] for row in table if width == 1 or any(row)]
    read = [list(row.cells) for row in found.rows() if any(row.cells) or width > 1]
    assert [row for row in read if any(row)] == [row for row in expected if any(row)]
    assert all(row.problem is None for row in found.rows())


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_in_another_way(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    try:
        found = sheet(tmp_path_factory.mktemp("csv"), data)
    except Invalid:
        return
    lines = [row.line for row in found.rows()]
    assert lines == sorted(lines)


def test_crm_started_and_crm_stopping_move_pythons_limit_of_a_cell(tmp_path: Path) -> None:
    ctx = PluginContext("csv_import", CsvSettings(), NO_CRM, tmp_path, logging.getLogger("test"))
    before = csv.field_size_limit()
    try:
        plugin.crm_started(ctx)
        assert csv.field_size_limit() == FIELD_LIMIT
        assert rows(sheet(tmp_path, f"A\n{'x' * 200_000}\n"))[0][1][0] == "x" * 200_000
        plugin.crm_stopping(ctx)
        assert csv.field_size_limit() < FIELD_LIMIT
        assert "16 MB" in (broken(sheet(tmp_path, f"A\n{'x' * 200_000}\n"))[0].problem or "")
    finally:
        csv.field_size_limit(before)


def test_crm_importers_offers_csv_by_its_endings(tmp_path: Path) -> None:
    ctx = PluginContext("csv_import", CsvSettings(), NO_CRM, tmp_path, logging.getLogger("test"))
    (importer,) = plugin.crm_importers(ctx)
    assert {".csv", ".tsv", ".txt"} <= set(importer.suffixes)
    (tmp_path / "a.csv").write_text("Name\nAda\n")
    assert importer.open(tmp_path / "a.csv", importer.settings).header == ["Name"]
