"""Which computed fields are up to date: the fingerprint each was computed with last, one document in `app_settings`.

A field whose fingerprint is another than the one kept is stale and is computed anew in the background: after a big
change, a crash in the middle, a plugin that came or went, and when the day turns for what follows the clock.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import Connection, insert, select, update

from crm_core import clock
from crm_core.models.tables import APP_SETTINGS, USERS
from crm_core.services.computed.graph import Graph, Node

KEY = "computed"
STALE = "stale"
MINUTES = 10
"""How often results that follow the minute (NOW) are computed anew."""


def stamp(node: Node, zone: str, people: str) -> str:
    """A node's fingerprint with what else its results belong to: people's names, and the day or minute."""
    if node.names_people:
        return f"{_timed(node, zone)} {people}"
    return _timed(node, zone)


def _timed(node: Node, zone: str) -> str:
    if node.clock == "day":
        return f"{node.fingerprint} {clock.today(zone).isoformat()} {zone}"
    if node.clock == "minute":
        now = clock.now()
        return f"{node.fingerprint} {clock.to_text(now - timedelta(minutes=now.minute % MINUTES))[:16]}"
    return node.fingerprint


def _names(connection: Connection, graph: Graph) -> str:
    """A digest of everyone's name, if any formula shows one."""
    if not any(node.names_people for node in graph.nodes):
        return ""
    rows = connection.execute(select(USERS.c.id, USERS.c.name).order_by(USERS.c.id)).fetchall()
    return blake2b(repr(rows).encode(), digest_size=6).hexdigest()


def kept(connection: Connection) -> dict[str, str]:
    """The fingerprints by field key."""
    row = connection.execute(select(APP_SETTINGS.c.value).where(APP_SETTINGS.c.key == KEY)).first()
    found: dict[str, str] = json.loads(row[0]) if row else {}
    return found


def stale(connection: Connection, graph: Graph, zone: str) -> dict[int, str]:
    """The computed fields whose values are not those of now, each with what was kept for it.

    What needs a plugin that is off is left as it is: when the plugin is back, only what changed is computed anew.
    """
    known, people = kept(connection), _names(connection, graph)
    return {
        node.field.id: known.get(str(node.field.id), "")
        for node in graph.nodes
        if known.get(str(node.field.id)) != stamp(node, zone, people) and not node.is_off
    }


def stale_fields(connection: Connection) -> set[int]:
    """The computed fields that wait for the background since a change."""
    return {int(key) for key, was in kept(connection).items() if was.startswith(STALE)}


def keep(connection: Connection, graph: Graph, fields: Iterable[int], zone: str, at: str) -> None:
    """Note that these fields are up to date."""
    people = _names(connection, graph)
    _write(connection, {str(key): stamp(graph.by_field[key], zone, people) for key in fields}, at, graph)


def mark_stale(connection: Connection, fields: Iterable[int], version: int, at: str) -> set[int]:
    """Note that these fields are to be computed anew since that version; answers those that were not stale before."""
    known, stale = kept(connection), set(fields)
    _write(connection, {str(key): f"{STALE} {version}" for key in stale}, at)
    return {key for key in stale if not known.get(str(key), "").startswith(STALE)}


def _write(connection: Connection, changes: Mapping[str, str], at: str, graph: Graph | None = None) -> None:
    known = kept(connection)
    document = {**known, **changes}
    if graph is not None:
        document = {key: value for key, value in document.items() if int(key) in graph.by_field}
    if document == known:
        return
    values = {"value": json.dumps(document, separators=(",", ":")), "updated_at": at, "updated_by": None}
    if known or connection.execute(select(APP_SETTINGS.c.key).where(APP_SETTINGS.c.key == KEY)).first():
        version = APP_SETTINGS.c.version + 1
        connection.execute(update(APP_SETTINGS).where(APP_SETTINGS.c.key == KEY).values(**values, version=version))
    else:
        connection.execute(insert(APP_SETTINGS).values(key=KEY, **values, version=1))


def next_turn(graph: Graph, zone: str) -> datetime | None:
    """When the next field that follows the clock is to be looked at; None when there is none."""
    clocks = {node.clock for node in graph.nodes}
    now = clock.now()
    if "minute" in clocks:
        return now + timedelta(minutes=MINUTES - now.minute % MINUTES)
    slow = "day" in clocks or any(node.names_people for node in graph.nodes)
    return now + timedelta(minutes=MINUTES) if slow else None
