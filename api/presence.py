"""Who looks at which table and stands in which cell.

Nothing of it is stored: it lives as long as the sockets that said it, and a socket that falls silent is forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

LEASE_SECONDS = 75.0
"""A page says where it is every 25 s; one that missed that three times is not there any more."""
MOST_PEOPLE = 50
"""People listed per table; the rest is only counted."""
LONGEST = 400
"""Characters of a message that is read at all."""

Key = TypeVar("Key")
TableId = Annotated[str, Meta(pattern="^tbl[0-9A-Za-z]{14}$")]
ViewId = Annotated[str, Meta(pattern="^viw[0-9A-Za-z]{14}$")]
RecordId = Annotated[str, Meta(pattern="^rec[0-9A-Za-z]{14}$")]
FieldId = Annotated[str, Meta(pattern="^fld[0-9A-Za-z]{14}$")]


class Here(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page says of itself: the table it shows, and the cell its person stands in; no table means away."""

    type: Literal["here"]
    table: TableId | None = None
    view: ViewId | None = None
    record: RecordId | None = None
    field: FieldId | None = None


class Someone(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person at a table, where the page that moved last is."""

    user: str
    name: str
    view: str | None = None
    record: str | None = None
    field: str | None = None


class People(msgspec.Struct, frozen=True, tag="presence", tag_field="type"):
    """Everybody at a table, who came first before who came later; `more` are not listed."""

    table: str
    people: list[Someone]
    more: int


@dataclass(frozen=True)
class _Stay:
    user: str
    name: str
    place: Here
    joined: float
    moved: float
    renewed: float


def read(text: str) -> Here | None:
    """What a page says, or None when it says nothing that is understood."""
    if len(text) > LONGEST:
        return None
    try:
        return msgspec.json.decode(text, type=Here)
    except msgspec.MsgspecError:
        return None


class Presence(Generic[Key]):
    """Where every open page is. Keys are sockets; a person with several is shown once, where they moved last."""

    def __init__(self, lease: float = LEASE_SECONDS) -> None:
        self._lease = lease
        self._stays: dict[Key, _Stay] = {}
        self._changed: set[str] = set()

    def put(self, key: Key, user: str, name: str, place: Here, now: float) -> None:
        """Note where a page is; saying the same again only says that it is still there."""
        if place.table is None:
            self.drop(key)
            return
        old = self._stays.get(key)
        if old is not None and old.place == place and old.name == name:
            self._stays[key] = _Stay(user, name, place, old.joined, old.moved, now)
            return
        stayed = old is not None and old.place.table == place.table
        if old is not None and not stayed:
            self.drop(key)
        self._stays[key] = _Stay(user, name, place, old.joined if old and stayed else now, now, now)
        self._changed.add(place.table)

    def drop(self, key: Key) -> None:
        """Forget a page: it closed, or it shows something else."""
        old = self._stays.pop(key, None)
        if old is not None and old.place.table is not None:
            self._changed.add(old.place.table)

    def expire(self, now: float) -> None:
        """Forget the pages that fell silent."""
        for key in [key for key, stay in self._stays.items() if stay.renewed + self._lease < now]:
            self.drop(key)

    def table(self, key: Key) -> str | None:
        """The table that a page shows."""
        stay = self._stays.get(key)
        return stay.place.table if stay else None

    def changed(self) -> Sequence[str]:
        """The tables where somebody came, moved or left since the last call."""
        tables, self._changed = sorted(self._changed), set()
        return tables

    def people(self, table: str) -> People:
        """Everybody at a table."""
        joined: dict[str, float] = {}
        latest: dict[str, _Stay] = {}
        for stay in self._stays.values():
            if stay.place.table != table:
                continue
            joined[stay.user] = min(stay.joined, joined.get(stay.user, stay.joined))
            if stay.user not in latest or stay.moved >= latest[stay.user].moved:
                latest[stay.user] = stay
        order = sorted(latest, key=lambda user: (joined[user], user))
        listed = [_someone(latest[user]) for user in order[:MOST_PEOPLE]]
        return People(table, listed, len(order) - len(listed))


def _someone(stay: _Stay) -> Someone:
    place = stay.place
    return Someone(stay.user, stay.name, place.view, place.record, place.field)


class Allowance:
    """How much one page may say: a burst, then so many messages a second."""

    def __init__(self, burst: float, per_second: float, now: float) -> None:
        self._burst, self._per_second = burst, per_second
        self._left, self._at = burst, now

    def take(self, now: float) -> bool:
        """Use up one message; False when there is none left."""
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
