"""The checks see what they are for: an offer that breaks its contract is told so."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_core.contracts import Exporter, Importer, NoSettings, SheetRow
from crm_core.errors import Invalid
from crm_core.testing import check_exporter, check_importer, check_plugin, check_refusal, check_storage
from plugins.sqlite.database import SqliteDatabase


def write(table: Any, options: Any) -> Iterator[bytes]:
    for row in table.texts():
        yield "\t".join(row).encode()


GOOD = Exporter("tabs", "Tabs", "text/plain", ".tabs", write)


def whole(table: Any, options: Any) -> Iterator[bytes]:
    yield b"".join(write(table, options))


def changing(table: Any, options: Any) -> Iterator[bytes]:
    yield str(id(object())).encode() + bytes(len(seen))
    seen.append(1)


seen: list[int] = []


@pytest.mark.parametrize(
    ("exporter", "sentence"),
    [
        (replace(GOOD, suffix="tabs"), "is no .ending"),
        (replace(GOOD, media_type="text"), "not kind/format"),
        (replace(GOOD, write=lambda table, options: iter(["text"])), "yields str, not bytes"),  # type: ignore[list-item]
        (replace(GOOD, write=whole), "reads the whole table"),
        (replace(GOOD, write=changing), "the same table is not the same"),
    ],
)
def test_a_bad_exporter_is_told(exporter: Exporter, sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        check_exporter(exporter)


def test_a_good_exporter_passes() -> None:
    assert check_exporter(GOOD).startswith(b"plain\tAda")


class Sheet:
    dialect: dict[str, Any] = {}

    def __init__(self, header: list[Any], rows: Callable[[], Iterable[Any]]) -> None:
        self.header = header
        self.rows: Any = rows


def importer(header: list[Any], rows: Callable[[], Iterable[Any]], suffix: str = ".x") -> Importer:
    return Importer("x", "X", (suffix,), lambda path, settings: Sheet(header, rows), NoSettings())


once = iter([SheetRow(1, ["a"])])


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (importer([], lambda: iter([])), "header is empty"),
        (importer([1], lambda: iter([])), "not of texts"),
        (importer(["a"], lambda: iter([]), ".X"), "not a lower-case .ending"),
        (importer(["a"], list), "gives a list, not an iterator"),
        (importer(["a"], lambda: iter([SheetRow(2, ["x"]), SheetRow(2, ["y"])])), "do not grow"),
        (importer(["a"], lambda: iter([SheetRow(0, ["x"])])), "not a number from 1"),
        (importer(["a"], lambda: iter([SheetRow(1, [5])])), "a cell that is no text"),  # type: ignore[list-item]
        (importer(["a"], lambda: iter([SheetRow(1, ["x"], " ")])), "a problem without a reason"),
        (importer(["a"], lambda: once), "Read twice, the rows differ"),
    ],
)
def test_a_bad_importer_is_told(bad: Importer, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=sentence):
        check_importer(bad, tmp_path / "file.x")


def test_a_refusal_that_does_not_come_is_told(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"file\.x should be refused"):
        check_refusal(importer(["a"], lambda: iter([])), tmp_path / "file.x")


def test_a_refusal_is_given_back(tmp_path: Path) -> None:
    def refuse(path: Path, settings: Any) -> Any:
        raise Invalid("bad_file", "It is empty.")

    assert check_refusal(replace(importer(["a"], list), open=refuse), tmp_path / "file.x").code == "bad_file"


def test_a_plugin_that_cannot_be_imported_is_told() -> None:
    with pytest.raises(AssertionError, match="No module named"):
        check_plugin("x", "no_such_module_anywhere")


class Forgetful(SqliteDatabase):
    """Opens a new file each time."""

    opened = 0

    def __init__(self, path: Path) -> None:
        Forgetful.opened += 1
        super().__init__(path.with_name(f"{Forgetful.opened}-{path.name}"))


class Blind(SqliteDatabase):
    def verify(self, path: Path) -> list[str]:
        return []


class Talkative(SqliteDatabase):
    def explain(self, error: BaseException) -> Any:
        return super().explain(error) or Invalid("odd", "Something is odd.")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [(Forgetful, "no such table"), (Blind, "damaged file is called sound"), (Talkative, "is swallowed")],
)
def test_a_bad_storage_is_told(kind: type[SqliteDatabase], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=sentence):
        check_storage(lambda: kind(tmp_path / "x.sqlite3"), tmp_path)
