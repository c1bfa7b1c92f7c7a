"""The contract of a database plugin's Storage."""

import threading
from collections.abc import Callable
from pathlib import Path

from crm_core.contracts import Storage
from crm_core.errors import CrmError
from crm_core.storage.unit import Units
from crm_core.testing.contract import must, must_raise

_THREADS = 8
_TIMES = 10


def check_storage(open_storage: Callable[[], Storage], folder: Path) -> None:
    """Every promise of `crm_core.contracts.Storage`, on a database that is empty at first.

    `open_storage` opens the same database each time; `folder` takes the snapshots.
    """
    storage = open_storage()
    try:
        _units_hold(storage)
        _readers_see_one_state(storage)
        _writers_queue(storage)
        _text_folds(storage)
        _errors_are_explained(storage)
        _snapshots_are_whole(storage, folder)
        _restoring_is_whole(storage, folder)
    finally:
        storage.close()
    storage = open_storage()
    try:
        must(_count(storage) == 2 + _THREADS * _TIMES, "What was committed is not there after closing and opening.")
    finally:
        storage.close()


def _execute(storage: Storage, sql: str) -> None:
    with Units(storage).write() as session:
        session.connection().exec_driver_sql(sql)


def _count(storage: Storage) -> int:
    with Units(storage).read() as session:
        return int(session.connection().exec_driver_sql("SELECT count(*) FROM contract").scalar_one())


def _units_hold(storage: Storage) -> None:
    _execute(storage, "CREATE TABLE contract (id INTEGER PRIMARY KEY, name TEXT)")
    _execute(storage, "INSERT INTO contract (name) VALUES ('ÄRGER')")
    with (
        must_raise(ZeroDivisionError, "An exception inside a unit of work is swallowed."),
        Units(storage).write() as session,
    ):
        session.connection().exec_driver_sql("INSERT INTO contract (name) VALUES ('lost')")
        _ = 1 / 0
    must(_count(storage) == 1, "A unit of work that failed left something behind.")
    with must_raise(ZeroDivisionError, "An exception is swallowed."), Units(storage).write() as session:
        session.connection().exec_driver_sql("CREATE TABLE contract_half (id INTEGER)")
        _ = 1 / 0
    with (
        must_raise(Exception, "A table made in a unit of work that failed is there."),
        Units(storage).read() as session,
    ):
        session.connection().exec_driver_sql("SELECT * FROM contract_half")


def _readers_see_one_state(storage: Storage) -> None:
    with Units(storage).read() as session:
        before = session.connection().exec_driver_sql("SELECT count(*) FROM contract").scalar_one()
        writer = threading.Thread(target=_execute, args=(storage, "INSERT INTO contract (name) VALUES ('later')"))
        writer.start()
        writer.join(30)
        must(not writer.is_alive(), "An open reader stops a writer.")
        after = session.connection().exec_driver_sql("SELECT count(*) FROM contract").scalar_one()
        must(before == after, "A reader sees what was written after it began.")
    must(_count(storage) == before + 1, "A new reader does not see what was committed.")


def _writers_queue(storage: Storage) -> None:
    units, problems = Units(storage), list[BaseException]()

    def write() -> None:
        try:
            for _ in range(_TIMES):
                with units.write() as session:
                    session.connection().exec_driver_sql("INSERT INTO contract (name) VALUES ('many')")
                with units.read() as session:
                    session.connection().exec_driver_sql("SELECT count(*) FROM contract").scalar_one()
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=write) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    must(not problems, f"{_THREADS} threads cannot write and read at once: {problems[:1]}")
    must(_count(storage) == 2 + _THREADS * _TIMES, "Writes of several threads were lost.")


def _text_folds(storage: Storage) -> None:
    with Units(storage).read() as session:
        found = session.connection().exec_driver_sql("SELECT count(*) FROM contract WHERE crm_fold(name) = 'ärger'")
        must(found.scalar_one() == 1, "The function crm_fold(text) does not ignore case beyond ASCII.")
        empty = session.connection().exec_driver_sql("SELECT crm_fold(NULL)").scalar_one()
        must(empty is None, "crm_fold(NULL) is not NULL.")


def _errors_are_explained(storage: Storage) -> None:
    must(storage.name.strip(), "It has no name.")
    must(
        storage.explain(ValueError("a defect of ours")) is None, "A defect of ours is explained as a database problem."
    )
    problem = storage.explain(ValueError())
    must(problem is None or isinstance(problem, CrmError), "An explanation is not a CrmError.")


def _snapshots_are_whole(storage: Storage, folder: Path) -> None:
    to = folder / "contract-snapshot.sqlite3"
    with Units(storage).read() as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM contract").scalar_one()
        storage.snapshot(to)
    must(to.is_file() and storage.verify(to) == [], "A snapshot is not a sound file.")
    must([path.name for path in folder.iterdir() if path.name.startswith(to.name)] == [to.name], "It left other files.")
    damaged = folder / "contract-damaged.sqlite3"
    content = to.read_bytes()
    damaged.write_bytes(content[:100] + bytes(len(content) - 100))
    must(storage.verify(damaged), "A damaged file is called sound.")
    must(storage.verify(folder / "contract-nowhere.sqlite3"), "A file that is not there is called sound.")


def _restoring_is_whole(storage: Storage, folder: Path) -> None:
    to = folder / "contract-restore.sqlite3"
    storage.snapshot(to)
    before = _count(storage)
    _execute(storage, "CREATE TABLE contract_later (id INTEGER)")
    _execute(storage, "INSERT INTO contract (name) VALUES ('later')")
    with Units(storage).read() as session:
        seen = session.connection().exec_driver_sql("SELECT count(*) FROM contract").scalar_one()
        storage.restore(to)
        again = session.connection().exec_driver_sql("SELECT count(*) FROM contract").scalar_one()
        must(seen == again == before + 1, "Who reads while it is restored sees something else than before.")
    must(_count(storage) == before, "What was written after the snapshot is still there after restoring it.")
    with must_raise(Exception, "A table made after the snapshot is there."), Units(storage).read() as session:
        session.connection().exec_driver_sql("SELECT * FROM contract_later")
    damaged = folder / "contract-damaged.sqlite3"
    with must_raise(Exception, "A damaged file is restored."):
        storage.restore(damaged)
    must(_count(storage) == before, "A restore that failed changed something.")
    _execute(storage, "UPDATE contract SET name = name")
