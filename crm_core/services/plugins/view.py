"""A plugin as admins see it, and what a health check found."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from crm_core.host import Host, Status
from crm_core.services.plugins.form import Form


class Provided(msgspec.Struct):
    """One thing a plugin gives: the hook it came by, and its name."""

    hook: str
    name: str


class PluginView(msgspec.Struct):
    """One plugin: who it is, how it is, what it gives, its settings (a secret that is set shows as `**********`).

    `removable`: it has stored something, which may be removed now.
    """

    name: str
    title: str
    summary: str
    version: str
    state: str
    reason: str
    next_step: str
    pinned: bool
    provides: list[Provided]
    talks_to: list[str]
    settings_schema: dict[str, Any]
    settings: dict[str, Any]
    readme: str
    removable: bool


class Checked(NamedTuple):
    """What a health check found; `critical` ones make the CRM unready when they fail."""

    name: str
    ok: bool
    detail: str
    critical: bool


def view(
    host: Host, name: str, status: Status, form: Form | None, stored: Mapping[str, Any] | None, *, removable: bool
) -> PluginView:
    """Put together what is known of a plugin, which may be gone or broken."""
    found = host.plugins.get(name)
    info = found.info if found else None
    provides = [Provided(item.hook, item.name) for item in host.registry.items if item.owner == name]
    if name == host.storage_owner:
        provides.insert(0, Provided("crm_storage", name))
    return PluginView(
        name=name,
        title=info.title if info else name,
        summary=info.summary if info else "",
        version=info.version if info else "",
        state=str(status.state),
        reason=status.reason,
        next_step=status.next_step,
        pinned=host.pinned(name),
        provides=provides,
        talks_to=list(info.talks_to) if info else [],
        settings_schema=form.schema() if form else {},
        settings=form.shown(stored) if form else {},
        readme=found.readme if found else "",
        removable=removable,
    )
