"""Whole or not at all: conflicts with people's edits, changes in between, cancelling, crashes, related records."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm_core import ids
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.change import ArchiveField, CreateField, NewField
from crm_core.contracts.imports import Skip, Target, ToField
from crm_core.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable
from crm_core.models.tables import EVENTS
from crm_core.services.imports import operations, runs
from crm_core.services.imports.folder import KEPT, Folder, Upload
from crm_core.services.imports.jobs import Job
from tests.core.imports.conftest import Office, opened

FILE = "Name,City,Check size\nAcme,Bonn,1000\nBeta,Paris,2000\n"


def test_a_cell_that_somebody_changed_since_the_last_import_stays_and_is_told(office: Office) -> None:
    office.bring(FILE)
    office.edit("Acme", city="Rome")
    view = office.bring(FILE.replace("1000", "1500"))
    assert (view.counts.conflicts, view.counts.updated, view.counts.unchanged) == (1, 0, 1)
    (row,) = office.found(view, "conflict")
    assert [(cell.before, cell.after, cell.conflict) for cell in row.cells] == [
        ("Rome", "Bonn", True),
        (1000.0, 1500.0, False),
    ]
    assert office.table()["Acme"] == {"Name": "Acme", "City": "Rome", "Check size": 1500}


def test_a_conflict_that_was_left_open_stays_one(office: Office) -> None:
    office.bring(FILE)
    office.edit("Acme", city="Rome")
    for _ in range(3):
        assert office.bring(FILE).counts.conflicts == 1
    office.edit("Acme", city="Bonn")
    assert office.bring(FILE).counts.conflicts == 0
    assert office.bring(FILE.replace("Bonn", "Oslo")).counts.updated == 1


def test_what_nobody_touched_is_updated_by_the_next_file(office: Office) -> None:
    office.bring(FILE)
    office.edit("Beta", city="Rome")
    view = office.bring(FILE.replace("Bonn", "Oslo").replace("Paris", "Rome"))
    assert (view.counts.updated, view.counts.conflicts, view.counts.unchanged) == (1, 0, 1)


def test_the_first_import_of_a_shape_has_no_conflicts(office: Office) -> None:
    office.add(name="Acme", city="Rome")
    assert office.bring(FILE).counts.updated == 1


def test_an_undone_import_is_no_edit_by_a_person(office: Office) -> None:
    office.bring(FILE)
    second = office.bring(FILE.replace("Bonn", "Oslo"))
    office.imports.undo(second.id, SYSTEM)
    assert office.table()["Acme"]["City"] == "Bonn"
    assert office.bring(FILE.replace("Bonn", "Oslo")).counts.updated == 1


def test_undo_tells_of_edits_made_since_unless_forced(office: Office) -> None:
    office.bring(FILE)
    second = office.bring(FILE.replace("Bonn", "Oslo"))
    office.edit("Acme", city="Rome")
    with pytest.raises(Conflict) as caught:
        office.imports.undo(second.id, SYSTEM)
    assert caught.value.code == "version_conflict"
    assert office.imports.get(second.id).status == "applied"
    assert office.imports.undo(second.id, SYSTEM, force=True).status == "undone"
    assert office.table()["Acme"]["City"] == "Bonn"


def test_what_changed_after_the_preview_is_compared_again(office: Office) -> None:
    view = office.compare(FILE)
    assert view.counts.created == 2
    office.add(name="ACME", city="Rome")
    office.imports.apply(view.id, SYSTEM)
    view = office.imports.wait(view.id)
    assert (view.status, view.counts.created, view.counts.updated) == ("applied", 1, 1)
    assert {name: cells["City"] for name, cells in office.table().items()} == {"ACME": "Bonn", "Beta": "Paris"}


def test_a_field_that_went_away_after_the_preview_stops_the_import(office: Office) -> None:
    office.go(CreateField("investors", NewField("Region", "text")))
    view = office.compare(FILE.replace("City", "Region"))
    office.go(ArchiveField(office.crm.tables.fields("investors")[-1].id))
    office.imports.apply(view.id, SYSTEM)
    view = office.imports.wait(view.id)
    assert view.status == "failed"
    assert view.problem
    assert view.problem.code == "bad_mapping"
    assert office.table() == {}


def test_one_change_set_that_names_the_import(office: Office) -> None:
    view = office.bring(FILE)
    changes, _, _ = office.crm.records.since(0)
    assert [(change.version, change.source) for change in changes] == [(1, f"import:{view.id}")]
    with office.crm.units.read() as session:
        told = session.connection().execute(select(EVENTS.c.subject).where(EVENTS.c.kind == "import.finished"))
        assert told.scalars().all() == [view.id]


MANY = "Name,City,Region\n" + "".join(f"Investor {n},City {n % 7},Region {n % 3}\n" for n in range(9_000))


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Work that stops at its third step until it is let go: (reached, let go)."""
    reached, go = threading.Event(), threading.Event()
    steps = iter(range(10**9))
    plain = Job.reach

    def reach(job: Job, done: int) -> None:
        if next(steps) == 2:
            reached.set()
            assert go.wait(20)
        plain(job, done)

    monkeypatch.setattr(Job, "reach", reach)
    yield reached, go
    go.set()


Held = tuple[threading.Event, threading.Event]


def cancelled(office: Office, import_id: str, held: Held) -> str:
    """Cancel work that is in its midst; answers the state afterwards."""
    reached, go = held
    assert reached.wait(20)
    threading.Timer(0.05, go.set).start()
    return office.imports.cancel(import_id, SYSTEM).status


def test_work_that_waits_its_turn_is_told_at_once(office: Office, held: Held) -> None:
    first, second = office.read(MANY), office.compare(FILE)
    third = office.read(FILE)
    office.imports.preview(first.id, first.mapping, None, SYSTEM)
    assert held[0].wait(20)
    office.imports.apply(second.id, SYSTEM)
    office.imports.preview(third.id, third.mapping, None, SYSTEM)
    assert office.imports.get(second.id).status == "applying"
    assert [view.status for view in office.imports.list()] == ["comparing", "applying", "comparing"]
    with pytest.raises(Conflict):
        office.imports.preview(third.id, third.mapping, None, SYSTEM)
    held[1].set()
    assert office.imports.wait(third.id).status == "compared"
    assert office.imports.get(second.id).status == "applied"


def test_cancel_while_comparing(office: Office, held: Held) -> None:
    view = office.read(MANY)
    office.imports.preview(view.id, view.mapping, None, SYSTEM)
    assert held[0].wait(20)
    now = office.imports.get(view.id)
    assert (now.status, now.progress.total) == ("comparing", 9000)
    assert 0 < now.progress.done < 9000
    with pytest.raises(Conflict):
        office.imports.preview(view.id, view.mapping, None, SYSTEM)
    assert cancelled(office, view.id, held) == "cancelled"
    office.imports.preview(view.id, view.mapping, None, SYSTEM)
    assert office.imports.wait(view.id).counts.created == 9000


def test_cancel_while_applying_takes_everything_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    view = office.compare(MANY)
    reached, go = threading.Event(), threading.Event()
    plain = Job.advance

    def advance(job: Job, rows: int) -> None:
        if job.progress.done >= 2000 and not reached.is_set():
            reached.set()
            assert go.wait(20)
        plain(job, rows)

    monkeypatch.setattr(Job, "advance", advance)
    office.imports.apply(view.id, SYSTEM)
    assert reached.wait(20)
    assert office.imports.get(view.id).status == "applying"
    assert cancelled(office, view.id, (reached, go)) == "cancelled"
    assert office.version == 0
    assert office.table() == {}
    assert "Region" not in {field.name for field in office.crm.tables.fields("investors")}
    with pytest.raises(Conflict):
        office.imports.apply(view.id, SYSTEM)
    assert office.bring(MANY).counts.created == 9000


def test_a_defect_midway_leaves_nothing_behind(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: Any) -> Any:
        raise RuntimeError("midway")

    view = office.compare(FILE.replace("City", "Region"))
    monkeypatch.setattr(operations.Operations, "_own_creates", explode)
    office.imports.apply(view.id, SYSTEM)
    view = office.imports.wait(view.id)
    assert (view.status, view.problem and view.problem.code) == ("failed", "import_failed")
    assert "midway" not in str(view.problem)
    assert office.version == 0
    assert "Region" not in {field.name for field in office.crm.tables.fields("investors")}
    monkeypatch.undo()
    office.imports.preview(view.id, view.mapping, None, SYSTEM)
    office.imports.wait(view.id)
    office.imports.apply(view.id, SYSTEM)
    assert office.imports.wait(view.id).status == "applied"


def _died(office: Office, import_id: str, status: Any) -> None:
    """Write what a program leaves that died in the midst of this step."""
    with office.crm.units.write() as session:
        run = runs.load(session.connection(), import_id)
        runs.save(session.connection(), run._replace(status=status, version=None))


def test_a_program_that_died_before_the_commit_left_nothing(office: Office) -> None:
    view = office.compare(FILE)
    for status in ("comparing", "applying"):
        _died(office, view.id, status)
        found = office.imports.get(view.id)
        assert (found.status, found.problem and found.problem.code) == ("failed", "import_interrupted")
    office.imports.preview(view.id, view.mapping, None, SYSTEM)
    assert office.imports.wait(view.id).counts.created == 2


def test_a_program_that_died_after_the_commit_had_imported(office: Office) -> None:
    view = office.bring(FILE)
    _died(office, view.id, "applying")
    assert office.imports.list()[0].status == "applied"
    assert office.imports.get(view.id).version == view.version
    assert office.imports.undo(view.id, SYSTEM).status == "undone"


def test_another_programs_import_is_left_alone(office: Office) -> None:
    view = office.compare(FILE)
    _died(office, view.id, "applying")
    with Folder(office.crm.config.data_dir, ids.decode("imp", view.id)).working():
        assert office.imports.get(view.id).status == "applying"
        with pytest.raises(Conflict):
            office.imports.cancel(view.id, SYSTEM)
    assert office.imports.get(view.id).status == "failed"


def test_two_programs_on_one_data_folder(office: Office, pipeline: bytes) -> None:
    other = Office(opened(office.crm.config.data_dir))
    try:
        other.bring(pipeline)
        assert len(office.table()) == 6
        assert office.bring(pipeline).counts.unchanged == 6
    finally:
        other.crm.close()


def test_closing_stops_what_runs_and_takes_it_back(office: Office, held: Held) -> None:
    view = office.read(MANY)
    office.imports.preview(view.id, view.mapping, None, SYSTEM)
    assert held[0].wait(20)
    threading.Timer(0.05, held[1].set).start()
    office.imports.close()
    assert office.imports.get(view.id).status == "cancelled"
    with pytest.raises(Conflict):
        office.imports.preview(view.id, view.mapping, None, SYSTEM)


def test_one_row_feeds_records_that_are_linked(office: Office) -> None:
    data = (
        "Investor,Contact name,Contact email,Fund,Commitment amount,Commitment status\n"
        "Acme,Ann,ann@a.example,Fund I,100,prospect\n"
        "Acme,Bob,bob@a.example,Fund II,200,signed\n"
        "Beta,Ann,ANN@a.example,,,\n"
        "Gamma,,,Fund I,,\n"
    )
    view = office.bring(data)
    assert (view.counts.created, view.counts.updated, view.counts.errors) == (3, 1, 0), office.faults(view)
    assert office.table()["Beta"]["Contacts"] == ["Ann"]  # a contact has one investor: Beta has an Ann of its own
    assert office.table()["Acme"]["Contacts"] == ["Ann", "Bob"]
    assert office.table("commitments")["Acme – Fund II"] == {
        "Name": "Acme – Fund II", "Investor": ["Acme"], "Fund": ["Fund II"], "Status": "signed", "Amount": 200
    }  # fmt: skip
    assert office.bring(data).counts.unchanged == 4


def test_an_error_in_a_row_leaves_none_of_its_related_records(office: Office) -> None:
    data = "Investor,Contact name,Fund,Commitment amount\nAcme,Ann,Fund I,lots\nBeta,Bob,Fund II,5\n,Cy,Fund III,6\n"
    mapping: list[Target] = office.read("Investor,Contact name,Fund,Commitment amount\nAcme,Ann,Fund I,5\n").mapping
    view = office.bring(data, mapping=mapping)
    assert office.faults(view) == [(2, "Commitment amount"), (4, "Investor")]
    assert set(office.table("contacts")) == {"Bob"}
    assert set(office.table("funds")) == {"Fund II"}


def test_related_records_are_changed_where_they_differ(office: Office) -> None:
    head = "Investor,Contact name,Contact email,Contact title\n"
    office.bring(head + "Acme,Ann,ann@a.example,Partner\n")
    view = office.bring(head + "Acme,Ann Lee,ann@a.example,\n")
    assert view.counts.updated == 1
    (row,) = office.found(view, "update")
    assert [(cell.before, cell.after) for cell in row.cells] == [("Ann", "Ann Lee")]
    assert office.table("contacts")["Ann Lee"]["Title"] == "Partner"


def test_the_table_may_be_the_one_that_links(office: Office) -> None:
    office.add(name="Acme")
    data = "Name,Email,Investor name,Investor city\nAnn,a@a.example,acme,Bonn\nBob,,Beta,Paris\n"
    view = office.bring(data, "contacts")
    assert view.counts.created == 2
    assert {name: cells["Investor"] for name, cells in office.table("contacts").items()} == {
        "Ann": ["Acme"], "Bob": ["Beta"]
    }  # fmt: skip
    assert office.table()["Acme"]["City"] == "Bonn"
    assert office.bring(data, "contacts").counts.unchanged == 2


def test_uploads_have_a_limit_and_leave_nothing(office: Office) -> None:
    uploads = office.crm.config.data_dir / "uploads"
    with Upload(office.crm.config.data_dir, 10) as upload, pytest.raises(TooLarge):
        upload.write(b"x" * 11)
    with pytest.raises(Invalid):
        office.read(b"")
    assert not list(uploads.glob("incoming-*"))


def test_a_data_folder_that_cannot_be_written_is_named(office: Office, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    with pytest.raises(Unavailable) as caught:
        Upload(tmp_path / "plain", 10)
    assert caught.value.code == "read_only"


def test_old_uploads_are_removed_and_their_runs_stay(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_core.services.imports.folder.KEPT", 2)
    assert KEPT > 2
    first = office.bring(FILE)
    for _ in range(2):
        office.read(FILE)
    assert not Folder(office.crm.config.data_dir, 1).path.exists()
    assert office.imports.get(first.id).status == "applied"
    assert office.imports.get(first.id).columns == []
    assert office.imports.rows(first.id, None, 0, 10).total == 0
    assert office.imports.undo(first.id, SYSTEM).status == "undone"
    second = office.imports.list()[-1]
    assert second.id == first.id
    third = office.read(FILE)
    monkeypatch.setattr("crm_core.services.imports.folder.KEPT", 0)
    office.read(FILE)
    with pytest.raises(NotFound) as caught:
        office.imports.preview(third.id, [ToField(field="name"), Skip(), Skip()], None, SYSTEM)
    assert caught.value.code == "import_gone"


def test_work_never_raises_even_when_its_end_cannot_be_written(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise Unavailable("disk_full", "The disk is full.")

    view = office.read(FILE)
    monkeypatch.setattr(runs, "save", refuse)
    office.imports.preview(view.id, view.mapping, None, SYSTEM)
    assert office.imports.wait(view.id).status == "read"


def test_a_second_apply_that_came_in_meanwhile_changes_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    view = office.compare("Name\nAcme\nBeta\n")
    compared = office.imports._settled(view.id)
    office.imports.apply(view.id, SYSTEM)
    first = office.imports.wait(view.id)
    with monkeypatch.context() as patch:
        patch.setattr(office.imports, "_settled", lambda _: compared)  # read before the first one had ended
        office.imports.apply(view.id, SYSTEM)
        office.imports._jobs.wait(compared.key)
    assert office.imports.get(view.id).version == first.version
    assert office.imports.version() == first.version
