"""Kinds of events in groups: what a person filters by, and what only admins see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_core.contracts.actor import Actor
from crm_core.errors import Invalid
from crm_core.services.events import EVENT_KINDS


@dataclass(frozen=True)
class Group:
    """A group: the beginnings of its kinds, and whether the whole team sees it."""

    name: str
    starts: tuple[str, ...]
    team: bool = False


GROUPS = (
    Group("records", ("records.",), team=True),
    Group("imports", ("import.",), team=True),
    Group("comments", ("comment.", "activity."), team=True),
    Group("requests", ("request.",), team=True),
    Group("mail", ("mail.", "outbox.", "digest.")),
    Group("automation", ("automation.", "job.")),
    Group("backups", ("backup.", "restore.")),
    Group("people", ("user.", "invite.")),
    Group("security", ("access.", "token.", "export.")),
    Group("plugins", ("plugin.",)),
    Group("system", ("",)),
)
"""In the order people see them. Kinds of no other group belong to the last one, which admins see."""


def group_of(kind: str) -> Group:
    """The group of a kind of event."""
    return next(group for group in GROUPS if kind.startswith(group.starts))


def visible(actor: Actor) -> Sequence[str]:
    """The kinds of events an actor may see."""
    return [kind for kind in EVENT_KINDS if actor.is_admin or group_of(kind).team]


def chosen(actor: Actor, wanted: Sequence[str]) -> Sequence[str]:
    """The kinds that groups or kinds name, of those the actor may see; Invalid (`unknown_activity`) for other names."""
    kinds = visible(actor)
    if not wanted:
        return kinds
    by_name: Mapping[str, list[str]] = {
        **{group.name: [kind for kind in kinds if group_of(kind) is group] for group in GROUPS},
        **{kind: [kind] for kind in kinds},
    }
    for name in wanted:
        if name not in by_name:
            known = ", ".join(group.name for group in GROUPS if actor.is_admin or group.team)
            raise Invalid("unknown_activity", f"There is no activity of the kind {name[:40]!r}.", f"Kinds: {known}.")
    found = {kind for name in wanted for kind in by_name[name]}
    return [kind for kind in kinds if kind in found]
