"""A real-looking Airtable export goes in by its suggestions alone, and a second time changes nothing."""

from __future__ import annotations

from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.imports import Skip, ToField, ToNew, ToRelated
from tests.core.imports.conftest import Office

KINDS = {
    "Warm intro?": "checkbox",
    "Fit (1-5)": "number",
    "AUM": "currency",
    "Call length": "duration",
    "Pitch deck": "url",
    "Next Meeting": "date_time",
    "Primary region": "single_select",
    "Relationship Owner": "single_select",
}


def test_every_column_finds_its_place(office: Office, pipeline: bytes) -> None:
    view = office.read(pipeline)
    assert view.dialect == {"encoding": "utf-8", "bom": True, "newline": "crlf", "delimiter": ","}
    assert view.rows == 6
    names = {field.id: field.name for table in office.crm.tables.catalogue(SYSTEM).tables for field in table.fields}
    places: dict[str, str] = {}
    for column in view.columns:
        target = column.suggestion
        if isinstance(target, ToField | ToRelated):
            places[column.name] = names[target.field]
        elif isinstance(target, ToNew):
            places[column.name] = f"new {target.kind}"
        else:
            places[column.name] = "skipped"
    expected = {
        "LP Name": "Name", "Investor Type": "Type", "Stage": "Stage", "Check Size": "Check size",
        "Committed": "Committed", "Probability": "Probability", "Last Contact": "Last contact", "Tags": "Tags",
        "Email Address": "Email", "Phone Number": "Phone", "Website": "Website", "HQ City": "City",
        "Country": "Country", "Notes": "Notes", "Contact Name": "Name", "Contact Email": "Email",
        "Contact Title": "Title", "Fund": "Name", "Commitment Amount": "Amount", "Commitment Status": "Status",
        "Created": "skipped", **{name: f"new {kind}" for name, kind in KINDS.items()},
    }  # fmt: skip
    assert places == expected
    assert isinstance(view.columns[-1].suggestion, Skip)
    assert "filled by the CRM" in view.columns[-1].notice


def test_the_values_arrive(office: Office, pipeline: bytes) -> None:
    view = office.bring(pipeline)
    assert (view.counts.created, view.counts.errors) == (6, 0), office.faults(view)
    acme = office.table()["🚀 Acme Capital, LLC"]
    assert acme["Check size"] == 1_000_000
    assert acme["Probability"] == 0.5
    assert acme["Last contact"] == "2026-11-23"
    assert acme["Next Meeting"] == "2026-12-01T14:30:00.000Z"
    assert acme["Tags"] == ["climate", "AI, data"]
    assert acme["Warm intro?"] is True
    assert acme["AUM"] == 1_250_000_000
    assert acme["Call length"] == 5400
    assert acme["Pitch deck"] == "https://dl.airtable.example/.attachments/abc/deck%20v2.pdf"
    assert acme["Notes"] == 'Met at demo day.\nLiked the team, asked about "churn".\n\nWants Q4 numbers'
    assert acme["Contacts"] == ["Ann Lee"]
    assert acme["Commitments"] == ["🚀 Acme Capital, LLC – Fund I"]
    assert office.table()["Müller & Söhne Beteiligungen"]["Last contact"] == "2026-03-04"
    assert "Warm intro?" not in office.table()["Solo Angel"]
    assert set(office.table("funds")) == {"Fund I", "Fund II"}
    assert len(office.table("contacts")) == len(office.table("commitments")) == 4
    assert office.table("commitments")["Nordic Pension – Fund I"]["Status"] == "committed"


def test_a_second_time_changes_nothing_and_the_mapping_is_remembered(office: Office, pipeline: bytes) -> None:
    first = office.bring(pipeline)
    before, version = office.table(), office.version
    again = office.read(pipeline)
    assert again.saved_mapping
    assert not any(isinstance(target, ToNew) for target in again.mapping)
    second = office.bring(pipeline)
    assert (second.counts.created, second.counts.updated, second.counts.conflicts) == (0, 0, 0)
    assert second.counts.unchanged == 6
    assert second.version is None
    assert office.version == version == first.version
    assert office.table() == before


def test_undo_takes_back_everything_in_one_step(office: Office, pipeline: bytes) -> None:
    office.add(name="Before")
    view = office.bring(pipeline)
    assert view.version is not None
    assert office.imports.undo(view.id, SYSTEM).status == "undone"
    assert set(office.table()) == {"Before"}
    assert [office.table(table) for table in ("contacts", "funds", "commitments")] == [{}, {}, {}]
    names = {field.name for field in office.crm.tables.fields("investors")}
    assert "AUM" not in names
    again = office.bring(pipeline)
    assert again.counts.created == 6


def test_an_own_export_comes_back_unchanged(office: Office, pipeline: bytes) -> None:
    office.bring(pipeline)
    for table in ("investors", "contacts", "funds", "commitments"):
        exported = b"".join(office.imports.export(table, "csv", SYSTEM).blocks)
        view = office.compare(exported, table)
        counts = view.counts
        assert (counts.created, counts.updated, counts.conflicts, counts.errors) == (0, 0, 0, 0), office.found(view)
        assert counts.unchanged == len(office.table(table)) > 0


def test_the_rows_of_the_preview_show_each_cell(office: Office, pipeline: bytes) -> None:
    view = office.compare(pipeline)
    rows = office.found(view, "create")
    assert [row.line for row in rows] == [2, 6, 7, 8, 10, 11]
    assert rows[0].name == "🚀 Acme Capital, LLC"
    cells = {cell.field: cell.after for cell in rows[0].cells}
    assert cells["AUM"] == 1_250_000_000
    assert cells["Primary region"] == "North America"
    assert all(cell.before is None for cell in rows[0].cells)
    assert office.imports.rows(view.id, "update", 0, 10).total == 0
    assert [row.line for row in office.imports.rows(view.id, None, 4, 1).rows] == [10]
