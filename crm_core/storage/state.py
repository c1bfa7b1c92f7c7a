"""The version numbers every read and write starts from."""

from typing import NamedTuple

from sqlalchemy import Connection

from crm_core.storage.statements import run

_STATE = "SELECT version, schema_version, updated_at, updated_by FROM fundraising_state WHERE id = 1"


class State(NamedTuple):
    """One row of `fundraising_state`: versions and who moved them last."""

    version: int
    schema_version: int
    updated_at: str
    updated_by: int | None


def current(connection: Connection) -> State:
    """The state this connection's transaction sees."""
    return State(*run(connection, _STATE).fetchone())
