"""What a restore does not take back: who may come in, the audit trail, and the numbers that clients hold on to."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlmodel import SQLModel

import crm_core.models as models
from crm_core import clock
from crm_core.contracts.actor import Actor
from crm_core.contracts.snapshot import Manifest
from crm_core.models.tables import APP_SETTINGS, CHANGES, EVENTS, STATE, USERS
from crm_core.services import events
from crm_core.services.records.journal import RESTORE
from crm_core.services.records.work import Entry, Meta, chain, text_of
from crm_core.storage import state
from crm_core.storage.statements import run

_MODULES = ("account", "second_factor")
_BATCH = 1_000


def account_tables() -> list[sa.Table]:
    """Every table about coming in, people first."""
    found = (getattr(models, name) for name in models.__all__)
    kinds = (kind for kind in found if isinstance(kind, type) and issubclass(kind, SQLModel))
    names = {str(kind.__tablename__) for kind in kinds if kind.__module__.rpartition(".")[2] in _MODULES}
    return [SQLModel.metadata.tables[name] for name in sorted(names, key=lambda name: (name != USERS.name, name))]


def same_crm(live: Connection, candidate: Connection) -> bool:
    """Whether a backup is of this CRM: its history began the same, and no number stands for two people."""
    first = sa.select(CHANGES.c.hash).order_by(CHANGES.c.id).limit(1)
    began = live.execute(first).scalar(), candidate.execute(first).scalar()
    if None not in began and began[0] != began[1]:
        return False
    query = sa.select(USERS.c.id, USERS.c.created_at)
    here = {row.id: row.created_at for row in live.execute(query)}
    there = {row.id: row.created_at for row in candidate.execute(query)}
    common = here.keys() & there.keys()
    alike = all(here[key] == there[key] for key in common)
    return alike and (bool(common) or None not in began)


def carry_over(live: Connection, candidate: Connection, settings: Sequence[str]) -> str:
    """Bring what stays as it is into the data that is about to come back; answers `kept` or `replaced` accounts.

    People, their passwords, factors, sessions and tokens stay: a restore must not let in somebody who was put out. So
    do the `settings` with these keys. The audit trail goes on. A backup of another CRM brings its own people, and
    nobody is signed in.
    """
    tables = account_tables()
    if not same_crm(live, candidate):
        for table in tables:
            if table.name == "sessions":
                candidate.execute(sa.delete(table))
        return "replaced"
    run(candidate, "PRAGMA defer_foreign_keys = ON")
    for table in tables:
        if table is USERS:
            known = sa.select(USERS.c.id)
            candidate.execute(sa.delete(USERS).where(USERS.c.id.in_([row.id for row in live.execute(known)])))
        else:
            candidate.execute(sa.delete(table))
        _copy(live, candidate, table, sa.select(table))
    kept = APP_SETTINGS.c.key.in_(settings)
    candidate.execute(sa.delete(APP_SETTINGS).where(kept))
    _copy(live, candidate, APP_SETTINGS, sa.select(APP_SETTINGS).where(kept))
    last = candidate.execute(sa.select(sa.func.max(EVENTS.c.id))).scalar() or 0
    _copy(live, candidate, EVENTS, sa.select(EVENTS).where(EVENTS.c.id > last).order_by(EVENTS.c.id))
    return "kept"


def _copy(source: Connection, target: Connection, table: sa.Table, query: sa.Select[Any]) -> None:
    result = source.execution_options(yield_per=_BATCH).execute(query)
    for rows in result.partitions(_BATCH):
        target.execute(sa.insert(table), [dict(row._mapping) for row in rows])


def number(
    live: state.State, candidate: Connection, actor: Actor, backup: str, manifest: Manifest, safety: str, accounts: str
) -> int:
    """Give the restored data a version that neither side ever had, with an entry of its history and an event.

    So no client takes a change of the one past for one of the other, and no cache holds a schema of the other.
    """
    then = state.current(candidate)
    version = max(live.version, then.version) + 1
    who = actor if accounts == "kept" else Actor(None, actor.name, actor.role)
    reason = f"Backup of {manifest.created_at}"
    meta = Meta(version, clock.now_text(), who.user_id, RESTORE, reason)
    before = {"version": live.version}
    after = {"version": then.version, "backup": backup, "safety": safety}
    entry = Entry(RESTORE, 0, 0, RESTORE, before, after)
    last = candidate.execute(sa.select(CHANGES.c.hash).order_by(CHANGES.c.id.desc()).limit(1)).scalar() or b""
    texts = text_of(before), text_of(after)
    candidate.execute(
        sa.insert(CHANGES).values(
            version=version, entity=RESTORE, table_id=0, entity_id=0, op=RESTORE, before=texts[0], after=texts[1],
            at=meta.at, actor_id=meta.actor_id, source=meta.source, reason=meta.reason,
            hash=chain(last, meta, entry, *texts),
        )
    )  # fmt: skip
    schema_version = max(live.schema_version, then.schema_version) + 1
    candidate.execute(
        sa.update(STATE).values(
            version=version, schema_version=schema_version, updated_at=meta.at, updated_by=meta.actor_id
        )
    )
    data = {**after, "from": live.version, "accounts": accounts, "by": actor.name}
    events.record(candidate, "backup.restored", who, subject=backup, version=version, at=meta.at, data=data)
    return version
