"""The checks behind `/readyz`."""

from collections.abc import Callable

from api.shapes.health import Check, Readiness
from crm_core.crm import Crm
from crm_core.errors import CrmError
from crm_core.storage.migrate import CORE, CORE_MIGRATIONS, pending
from crm_core.storage.state import current


def readiness(crm: Crm) -> Readiness:
    """Ask the database, its migrations and the plugins' own checks; critical failures make the whole unready."""
    found = [
        (_checked("database", lambda: _database(crm)), True),
        (_checked("migrations", lambda: _migrations(crm)), True),
    ]
    found += [(Check(check.name, check.ok, check.detail), check.critical) for check in crm.plugins.health()]
    ready = all(check.ok or not critical for check, critical in found)
    return Readiness("ready" if ready else "unready", [check for check, _ in found])


def _checked(name: str, ask: Callable[[], str]) -> Check:
    try:
        return Check(name, True, ask())
    except CrmError as error:
        return Check(name, False, error.message)


def _database(crm: Crm) -> str:
    with crm.units.read() as session:
        return f"{crm.units.storage.name}, version {current(session.connection()).version}"


def _migrations(crm: Crm) -> str:
    with crm.units.read() as session:
        todo = pending(session.connection(), CORE, CORE_MIGRATIONS)
    if todo:
        raise CrmError("pending_migrations", f"Not run yet: {', '.join(todo)}")
    return "up to date"
