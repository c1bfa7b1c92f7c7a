"""A whole CRM in a temporary folder, and short ways to import into it and to look at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM, Actor
from crm_core.contracts.change import ChangeSet, Create, CreateRecord, Op, Update, UpdateRecord
from crm_core.contracts.imports import ImportView, RowView, Target
from crm_core.contracts.query import Query
from crm_core.crm import Crm, open_crm
from crm_core.host import Host

DATA = Path(__file__).parent / "data"


class Office:
    """An open CRM. People's edits go by `edit`, files by `bring`."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self.imports = crm.imports

    def read(self, data: bytes | str, table: str = "investors", name: str = "file.csv") -> ImportView:
        with self.imports.upload() as upload:
            upload.write(data.encode() if isinstance(data, str) else data)
            return self.imports.start(table, name, upload, SYSTEM)

    def compare(
        self,
        data: bytes | str,
        table: str = "investors",
        mapping: list[Target] | None = None,
        key: str | None = None,
        change: Callable[[list[Target]], None] | None = None,
    ) -> ImportView:
        view = self.read(data, table)
        chosen = view.mapping if mapping is None else mapping
        if change:
            change(chosen)
        self.imports.preview(view.id, chosen, key, SYSTEM)
        view = self.imports.wait(view.id)
        assert view.status == "compared", view.problem
        return view

    def bring(self, data: bytes | str, table: str = "investors", **rest: Any) -> ImportView:
        """Import a file whole."""
        view = self.compare(data, table, **rest)
        self.imports.apply(view.id, SYSTEM)
        view = self.imports.wait(view.id)
        assert view.status == "applied", view.problem
        return view

    def found(self, view: ImportView, outcome: str | None = None) -> list[RowView]:
        return self.imports.rows(view.id, outcome, 0, 1000).rows

    def faults(self, view: ImportView) -> list[tuple[int, str | None]]:
        """Line and column of every error."""
        return [(e.line, e.column) for row in self.found(view, "error") for e in row.errors]

    def table(self, table: str = "investors") -> dict[str, dict[str, Any]]:
        """Records by display name, cells by field name, with names instead of ids and without empty cells."""
        catalogue = {t.key: t for t in self.crm.tables.catalogue(SYSTEM).tables}
        fields = {field.id: field for field in catalogue[table].fields}
        window = self.crm.windows.query(table, Query(limit=5000), SYSTEM)
        people = {person.public_id: person.name for person in self.crm.users.everyone()}
        options = {
            field.id: {choice["id"]: choice["name"] for choice in field.options.get("choices", ())}
            for field in fields.values()
        }

        def plain(field: str, value: Any) -> Any:
            if isinstance(value, list):
                return [plain(field, item) for item in value]
            return options[field].get(value) or window.names.get(value) or people.get(value) or value

        records: dict[str, dict[str, Any]] = {}
        for row in zip(*window.columns, strict=True):
            cells = {
                fields[key].name: plain(key, value) if isinstance(value, (str, list)) else value
                for key, value in zip(window.fields, row, strict=True)
                if value is not None and fields[key].kind not in ("created_time", "modified_time")
            }
            name = str(cells.get("Name", ""))
            assert name not in records, f"{name} is there twice"
            records[name] = cells
        return records

    def id_of(self, name: str, table: str = "investors") -> str:
        window = self.crm.windows.query(table, Query(search=name, limit=1), SYSTEM)
        return window.ids[0]

    def go(self, *ops: Op, actor: Actor = SYSTEM) -> int:
        return self.crm.records.apply(ChangeSet(ops=list(ops), source="grid"), actor).version

    def edit(self, name: str, table: str = "investors", **cells: Any) -> int:
        """A person's edit of one record."""
        return self.go(Update(table, [UpdateRecord(self.id_of(name, table), cells)]))

    def add(self, table: str = "investors", **cells: Any) -> int:
        return self.go(Create(table, [CreateRecord(cells)]))

    @property
    def version(self) -> int:
        return self.imports.version()


def opened(folder: Path) -> Crm:
    config = from_env({"CRM_SECRET_KEY": "k" * 40}, data_dir=folder)
    return open_crm(config, Host.discover())


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a fresh database, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    opened(folder).close()
    return folder


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Iterator[Office]:
    folder = tmp_path / "data"
    shutil.copytree(template, folder)
    crm = opened(folder)
    yield Office(crm)
    crm.close()


@pytest.fixture
def pipeline() -> bytes:
    """A pipeline as Airtable's "Download CSV" gives it: byte order mark, CRLF, breaks in cells, local dates, emoji."""
    return (DATA / "investor-pipeline.csv").read_bytes()
