"""Import runs in the database: one row each, read and written whole."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, insert, select, update

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.imports import Counts, Problem, Skip, Status, Target, ToField, ToNew
from crm_core.errors import NotFound
from crm_core.models import ImportRun
from crm_core.models.tables import CHANGES
from crm_core.services.imports.compare import Since
from crm_core.storage.schema import TableDef

_RUNS: Any = ImportRun.__table__  # type: ignore[attr-defined]


NO_KEY = 0
"""Stands for the key field of a run whose rows are all new, as somebody chose."""


class Tally(Counts):
    """Counts as stored: with the file's number of rows, and the CRM's version when the import was applied."""

    rows: int = 0
    seen: int | None = None


class Run(NamedTuple):
    """An import's row with its JSON read."""

    key: int
    importer: str
    table_id: int
    filename: str
    header_hash: str
    status: Status
    dialect: dict[str, Any]
    mapping: list[Target]
    key_field: int | None
    counts: Tally
    version: int | None
    problem: Problem | None
    created_at: str
    created_by: int | None

    @property
    def public_id(self) -> str:
        return ids.encode("imp", self.key)

    @property
    def source(self) -> str:
        """What history and events call the change set of this import."""
        return f"import:{self.public_id}"


_READ = [
    _RUNS.c[name]
    for name in ("id", "importer", "table_id", "filename", "header_hash", "status", "dialect", "mapping", "key_field",
                 "counts", "version", "problem", "created_at", "created_by")
]  # fmt: skip


def _run(row: Any) -> Run:
    found = row._asdict()
    found["key"] = found.pop("id")
    found["dialect"] = json.loads(found["dialect"])
    found["mapping"] = msgspec.json.decode(found["mapping"], type=list[Target])
    found["counts"] = msgspec.json.decode(found["counts"], type=Tally)
    found["problem"] = msgspec.json.decode(found["problem"], type=Problem) if found["problem"] else None
    return Run(**found)


def load(connection: Connection, public_id: str) -> Run:
    """One run; NotFound (`unknown_import`)."""
    key = ids.try_decode("imp", public_id)
    row = connection.execute(select(*_READ).where(_RUNS.c.id == key)).first() if key else None
    if row is None:
        raise NotFound("unknown_import", f"There is no import {public_id[:40]!r}.", "It may have been removed.")
    return _run(row)


def latest(connection: Connection, limit: int) -> list[int]:
    """The keys of the newest runs."""
    return list(connection.execute(select(_RUNS.c.id).order_by(_RUNS.c.id.desc()).limit(limit)).scalars())


def add(connection: Connection, run: Run, file_hash: str) -> int:
    """Insert a run; answers its key."""
    values = {**_columns(run), "file_hash": file_hash, "created_at": run.created_at, "created_by": run.created_by}
    fixed = {
        "importer": run.importer,
        "table_id": run.table_id,
        "filename": run.filename,
        "header_hash": run.header_hash,
    }
    result = connection.execute(insert(_RUNS).values(**values, **fixed))
    key: int = result.inserted_primary_key[0]  # type: ignore[index]
    return key


def save(connection: Connection, run: Run) -> None:
    """Write what changes of a run as it goes on."""
    connection.execute(update(_RUNS).where(_RUNS.c.id == run.key).values(**_columns(run)))


def _columns(run: Run) -> dict[str, Any]:
    return {
        "status": run.status,
        "dialect": json.dumps(run.dialect),
        "mapping": msgspec.json.encode(run.mapping).decode(),
        "key_field": run.key_field,
        "counts": msgspec.json.encode(run.counts).decode(),
        "version": run.version,
        "problem": msgspec.json.encode(run.problem).decode() if run.problem else None,
        "updated_at": clock.now_text(),
    }


def shape_of(importer: str, header: Sequence[str]) -> str:
    """What makes two files the same shape, so that a mapping fits both."""
    return hashlib.sha256(json.dumps([importer, *header]).encode()).hexdigest()


def _family(connection: Connection, table: TableDef, shape: str) -> list[Run]:
    """Imports of the same shape into the table that were applied, newest first; undone ones too."""
    query = (
        select(*_READ)
        .where(_RUNS.c.header_hash == shape, _RUNS.c.table_id == table.id, _RUNS.c.status.in_(("applied", "undone")))
        .order_by(_RUNS.c.id.desc())
    )
    return [_run(row) for row in connection.execute(query)]


def saved_mapping(connection: Connection, table: TableDef, shape: str) -> tuple[list[Target], int | None] | None:
    """The mapping and key field of the last applied import of this shape, as far as the table still has them."""
    run = next((run for run in _family(connection, table, shape) if run.status == "applied"), None)
    if run is None:
        return None
    names = {field.name.casefold(): field for field in table.fields}
    known = {field.public_id for field in table.fields}
    mapping: list[Target] = []
    for target in run.mapping:
        if isinstance(target, ToNew) and (made := names.get(" ".join(target.name.split()).casefold())):
            mapping.append(ToField(field=made.public_id, order=target.order, decimal=target.decimal))
        elif isinstance(target, ToField) and target.field not in known:
            mapping.append(Skip())
        else:
            mapping.append(target)
    return mapping, run.key_field if run.key_field in table.by_id else None


def since(connection: Connection, table: TableDef, shape: str) -> Since | None:
    """From when on edits by people are conflicts for a new import of this shape; None for the first one.

    That is the last import after which file and table agreed, so that a conflict left open stays one.
    """
    family = _family(connection, table, shape)
    applied = [run for run in family if run.status == "applied" and run.counts.seen is not None]
    if not applied:
        return None
    base = next((run for run in applied if not run.counts.conflicts), applied[-1])
    undone = frozenset(f"undo:{run.version}" for run in family if run.version is not None)
    return Since(base.counts.seen or 0, undone)


def applied_as(connection: Connection, run: Run) -> int | None:
    """The version an import was committed as; None when it was not."""
    query = select(CHANGES.c.version).where(CHANGES.c.source == run.source).limit(1)
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def started_by(actor: Actor, importer: str, table: TableDef, filename: str, shape: str) -> Run:
    """A new run, not stored yet."""
    return Run(
        0,
        importer,
        table.id,
        filename,
        shape,
        "read",
        {},
        [],
        None,
        Tally(),
        None,
        None,
        clock.now_text(),
        actor.user_id,
    )
