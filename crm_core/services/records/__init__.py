"""Every write of the team's data goes through `Records.apply`: check, write, log, number, in one transaction."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, insert, select

from crm_core import clock, ids
from crm_core.contracts.actor import Actor
from crm_core.contracts.change import Applied, ChangeSet, ChangeView, FieldOp, InsertStored, RecordOp, TableOp
from crm_core.errors import Conflict, Invalid, NotFound, Refused
from crm_core.models.tables import IDEMPOTENCY_KEYS
from crm_core.services.computed import Graphs
from crm_core.services.records import (
    computed_fields,
    fields,
    journal,
    merges,
    operations,
    patches,
    recalculate,
    tables,
    undo,
    unmerging,
    views,
)
from crm_core.services.records.conflicts import stale, version_conflict
from crm_core.services.records.work import Entry, Meta, Work
from crm_core.services.settings import Settings
from crm_core.storage import state
from crm_core.storage.schema import SchemaCache
from crm_core.storage.unit import Units

MAX_MISSED = 200
"""Change sets a reconnecting client is told one by one; a longer absence answers `reset`."""

_KEPT_DAYS = 30


class Records:
    """The one door for writes of records, fields, views and tables, and the history behind it."""

    def __init__(
        self,
        units: Units,
        schemas: SchemaCache,
        settings: Settings,
        graphs: Graphs | None = None,
        stale: Callable[[], None] = lambda: None,
        witness: Callable[[Work], None] = lambda work: None,
    ) -> None:
        """`stale` is called after a commit that left computed fields to the background, `witness` before each commit,
        with what was done."""
        self._units, self._schemas, self._settings = units, schemas, settings
        self._graphs, self._stale, self._witness = graphs or Graphs(), stale, witness

    def apply(self, change: ChangeSet, actor: Actor) -> Applied:
        """Apply a change set whole or not at all.

        Raises Invalid (`invalid_cells`, with one fault per bad cell), NotFound, Refused, and Conflict
        (`version_conflict`) when a cell was changed since `base_version`.
        """
        return self._commit(_request(change, actor))

    def apply_each(self, asked: Sequence[tuple[ChangeSet, Actor]]) -> list[Applied | Exception]:
        """Several change sets, each as `apply` does it, with one commit for all; what `apply` raises is an answer."""
        written = self._units.write_each([partial(self._write, _request(change, actor)) for change, actor in asked])
        return [answer if isinstance(answer, Exception) else self._kept(*answer) for answer in written]

    def undo(self, version: int, actor: Actor, *, force: bool = False, idempotency_key: str | None = None) -> Applied:
        """Take one version back by a new change set; `force` also overwrites cells that were changed since."""

        def run(work: Work) -> None:
            undo.run(work, _backwards(work, version), version, force=force)

        change = ChangeSet(ops=(), source=f"undo:{version}", idempotency_key=idempotency_key)
        digest = hashlib.sha256(f"undo {version} {force}".encode()).digest()
        return self._commit(_Request(run, change, actor, digest))

    def unmerge(self, version: int, actor: Actor) -> tuple[Applied, unmerging.Kept]:
        """Take a merge back also when its records were changed since; answers which of these cells stay as they are.

        Raises NotFound (`unknown_version`, `unknown_merge`) and Conflict (`merge_undone`, `merged_since`).
        """
        kept: unmerging.Kept = []

        def run(work: Work) -> None:
            kept.extend(unmerging.run(work, _backwards(work, version), version))

        change = ChangeSet(ops=(), source=f"undo:{version}")
        return self._commit(_Request(run, change, actor, b"")), kept

    def _commit(self, request: "_Request") -> Applied:
        with self._units.writing() as connection:
            written = self._write(request, connection)
        return self._kept(*written)

    def _kept(self, applied: Applied, work: Work | None) -> Applied:
        """What follows the commit."""
        if work is not None:
            self._schemas.keep(work.schema)
            if work.deferred:
                self._stale()
        return applied

    def _write(self, request: "_Request", connection: Connection) -> tuple[Applied, Work | None]:
        """Do what is asked in the open transaction; a request repeated gets its first answer, and no work is done."""
        run, change, actor, digest = request
        if actor.scope != "write":
            raise Refused("read_only_token", "This token may only read.", "Use a token with the scope write.")
        if change.idempotency_key and (answer := _answered(connection, change.idempotency_key, actor, digest)):
            return answer, None
        work = self._work(connection, change, actor)
        schema = work.schema
        run(work)
        operations.refuse_faults(work.faults)
        if work.conflicts:
            raise version_conflict(work)
        if work.touched:
            if work.schema_changed:
                computed_fields.settle(work, schema)
            recalculate.follow(work, schema)
            self._witness(work)
            work.close()
        applied = self._answer(work)
        if change.idempotency_key:
            _remember(connection, change.idempotency_key, actor, digest, applied)
        return applied, work

    def _work(self, connection: Connection, change: ChangeSet, actor: Actor) -> Work:
        before = state.current(connection)
        base = before.version if change.base_version is None else change.base_version
        if base > before.version or (base < before.version and base < journal.restored_at(connection)):
            raise Conflict(
                "version_ahead",
                f"The change is based on version {base}, which is not in the past of what is here now.",
                "The data was restored from a backup; reload.",
                extra={"version": before.version},
            )
        if change.expected_version is not None and change.expected_version != before.version:
            raise stale(change.expected_version, before, patches.who(connection, before.updated_by))
        schema = self._schemas.at(connection, before.schema_version, keep=False)
        zone = self._settings.team().time_zone
        return Work(
            connection, self._schemas, self._graphs, before, schema, actor, zone, clock.now_text(), change.source,
            change.reason, change.base_version, change.create_options,
        )  # fmt: skip

    def _answer(self, work: Work) -> Applied:
        meta = work.meta if work.touched else work.meta._replace(version=work.before.version)
        view = patches.view(work.connection, work.graphs.of(work.schema), meta, work.entries, work.zone)
        return Applied(meta.version, work.created, work.lost, view)

    def since(self, version: int, actor: Actor | None = None) -> tuple[list[ChangeView], int, bool]:
        """The change sets after `version`: (changes, current version, reset).

        `reset` True means that too many were missed, or that the version is unknown here: read everything again.
        """
        with self._units.read() as session:
            connection = session.connection()
            now = state.current(connection)
            if version > now.version or version < 0 or now.version - version > MAX_MISSED:
                return [], now.version, True
            if version < now.version and version < journal.restored_at(connection):
                return [], now.version, True
            graph = self._graphs.of(self._schemas.at(connection, now.schema_version))
            zone = self._settings.team().time_zone
            changes = []
            for number in range(version + 1, now.version + 1):
                found = journal.listed(connection, number)
                if found is not None:
                    changes.append(patches.view(connection, graph, *found, zone))
            return changes, now.version, False

    def history(self, table_ref: str, record: str, offset: int = 0, limit: int = 100) -> dict[str, Any]:
        """A record's changes, newest first, with values in wire form: `{items, total, names}`."""
        if not (0 <= offset < 2**63 and 1 <= limit <= 1000):
            raise Invalid("bad_limit", "offset must be 0 or more and limit from 1 to 1000.")
        with self._units.read() as session:
            connection = session.connection()
            now = state.current(connection)
            schema = self._schemas.at(connection, now.schema_version)
            table = schema.table(table_ref)
            key = ids.try_record(table.id, record)
            rows, total = journal.of_record(connection, table.id, key or 0, offset, limit)
            if not total:
                raise NotFound("unknown_record", f"{table.name} has no record {record[:40]!r}.")
            return patches.history(connection, schema, table, rows, total)


class _Request(NamedTuple):
    """One change set that somebody asks for: what does its work, and the digest of the request it repeats, if any."""

    run: Callable[[Work], None]
    change: ChangeSet
    actor: Actor
    digest: bytes


def _request(change: ChangeSet, actor: Actor) -> _Request:
    def run(work: Work) -> None:
        for number, op in enumerate(change.ops):
            pointer = f"/ops/{number}"
            if isinstance(op, RecordOp | InsertStored):
                operations.run(work, op, pointer)
            elif isinstance(op, FieldOp):
                fields.run(work, op, pointer)
            elif isinstance(op, TableOp):
                tables.run(work, op, pointer)
            else:
                views.run(work, op, pointer)
            if number and any(op == merges.MERGE for _, _, op in work.counts):
                raise merges.alone(pointer)

    return _Request(run, change, actor, _digest(change) if change.idempotency_key else b"")


def _backwards(work: Work, version: int) -> Iterator[tuple[Meta, Entry]]:
    """The history of a version from its last row back; NotFound (`unknown_version`) when there is none."""
    known = 0 < version <= work.before.version
    found = journal.of_version(work.connection, version if known else 0, backwards=True)
    first = next(found, None)
    if first is None:
        raise NotFound("unknown_version", f"There is no version {version} to undo.", "Look at the history.")
    return chain((first,), found)


def _digest(change: ChangeSet) -> bytes:
    if not isinstance(change.ops, (list, tuple)):
        raise Invalid("bad_request", "A change set with an idempotency key needs its operations as a list.")
    content = (change.ops, change.base_version, change.expected_version, change.reason, change.create_options)
    return hashlib.sha256(msgspec.json.encode(content)).digest()


def _answered(connection: Connection, key: str, actor: Actor, digest: bytes) -> Applied | None:
    """The first answer to a repeated request, or None; Conflict when the key was used for something else."""
    mine = (IDEMPOTENCY_KEYS.c.actor_id == (actor.user_id or 0)) & (IDEMPOTENCY_KEYS.c.key == key)
    row = connection.execute(select(IDEMPOTENCY_KEYS).where(mine)).one_or_none()
    if row is None:
        return None
    if row.digest != digest:
        raise Conflict("key_reused", "This idempotency key was used for another request.", "Use a new key per request.")
    return msgspec.json.decode(row.answer, type=Applied)


def _remember(connection: Connection, key: str, actor: Actor, digest: bytes, applied: Applied) -> None:
    now = clock.now()
    old = clock.to_text(now - timedelta(days=_KEPT_DAYS))
    connection.execute(delete(IDEMPOTENCY_KEYS).where(IDEMPOTENCY_KEYS.c.at < old))
    row = {
        "actor_id": actor.user_id or 0,
        "key": key,
        "digest": digest,
        "answer": msgspec.json.encode(applied).decode(),
        "at": clock.to_text(now),
    }
    connection.execute(insert(IDEMPOTENCY_KEYS).values(**row))
