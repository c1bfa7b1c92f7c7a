"""Is the data as the CRM wrote it? The database file's soundness, and the history's chain of hashes."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from crm_core.contracts import Storage
from crm_core.models.tables import CHANGES
from crm_core.services.records import journal
from crm_core.storage import state
from crm_core.storage.unit import Units

_MOST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: every problem in words, and where the history ends.

    `last_hash` (hexadecimal) stands for the whole history up to `version`; kept somewhere else, it shows later whether
    that history is still there.
    """

    problems: tuple[str, ...]
    version: int = 0
    entries: int = 0
    last_hash: str = ""


def verify(storage: Storage, path: Path, noted: str = "") -> Found:
    """Check the database, also while a server writes to it; `noted` is a last hash from an earlier time."""
    broken = storage.verify(path)
    if len(broken) > _MOST:
        broken = [*broken[:_MOST], f"… and {len(broken) - _MOST} more problems of the file"]
    found = history(storage, noted)
    return Found((*broken, *found.problems), found.version, found.entries, found.last_hash)


def history(storage: Storage, noted: str = "") -> Found:
    """Check the history alone; `noted` as in `verify`."""
    try:
        with Units(storage).read() as session:
            return _history(session.connection(), noted.strip().lower())
    except Exception as error:  # whatever damage makes the driver or the decoder say is a finding too
        return Found((f"The history cannot be read: {error}",))


def _history(connection: Connection, noted: str) -> Found:
    """All of it in one transaction, so that what is written meanwhile confuses nothing."""
    problems = []
    bad = journal.verify_chain(connection)
    if bad is not None:
        at = connection.execute(select(CHANGES.c.version).where(CHANGES.c.id == bad)).scalar()
        problems.append(f"The history was changed: row {bad} (version {at}) does not follow from the rows before it.")
    entries = connection.execute(select(func.count()).select_from(CHANGES)).scalar() or 0
    newest = select(CHANGES.c.version, CHANGES.c.hash).order_by(CHANGES.c.id.desc()).limit(1)
    version, last = connection.execute(newest).one_or_none() or (0, b"")
    now = state.current(connection).version
    if now != version:
        problems.append(f"The data is at version {now}, but the history ends at version {version}.")
    if noted and noted not in (bytes(row[0]).hex() for row in connection.execute(select(CHANGES.c.hash))):
        problems.append(
            f"The noted hash {noted[:64]} is not in the history: what it stood for was cut off or rewritten."
        )
    return Found(tuple(problems), version, entries, bytes(last).hex())
