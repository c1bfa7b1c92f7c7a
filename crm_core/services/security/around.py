"""The checklist's points about what stands around: backups and the hosts that plugins talk to."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from crm_core import clock
from crm_core.contracts.actor import SYSTEM
from crm_core.models import Event
from crm_core.services.access.policy import Policy
from crm_core.services.plugins import Plugins
from crm_core.services.security.finding import Finding

FRESH = timedelta(days=2)
_PLUGIN = "backups"


def findings(session: Session, plugins: Plugins, policy: Policy) -> Iterator[Finding]:
    """Every point about backups and outgoing calls."""
    yield _backups(session, plugins)
    yield _egress(plugins, policy)


def _backups(session: Session, plugins: Plugins) -> Finding:
    """By the plugin's own health checks, and by the log, which has every backup that proved itself."""
    key, title = "backups", "Backups"
    checks = [check for check in plugins.health() if check.name.partition(":")[0] == _PLUGIN]
    failed = [check.detail for check in checks if not check.ok]
    kind = col(Event.kind) == "backup.verified"
    last = session.exec(select(Event.at).where(kind).order_by(col(Event.id).desc()).limit(1)).first()
    if not checks:
        text = "The plugin Backups is off: nothing is kept if this disk fails."
        return Finding(key, title, "problem", text, "Switch it on under Settings, Plugins, and set where they go.")
    if failed:
        text = "; ".join(failed)
        return Finding(key, title, "problem", f"{text[:1].upper()}{text[1:]}.", "Make one now, and look why it failed.")
    if last is None:
        text = "None was made and proved yet."
        return Finding(key, title, "attention", text, "Make one now, and keep a copy on another machine.")
    age = clock.now() - datetime.fromisoformat(last)
    if age > FRESH:
        text = f"The last one that proved itself is {age.days} days old."
        return Finding(key, title, "problem", text, "Make one now, and look at the policy for nightly ones.")
    return Finding(key, title, "ok", f"The last one was made and proved itself on {last[:10]} at {last[11:16]} UTC.")


def _egress(plugins: Plugins, policy: Policy) -> Finding:
    key, title = "egress", "Outgoing calls of plugins"
    talking = {view.title: view.talks_to for view in plugins.list(SYSTEM) if view.state == "on" and view.talks_to}
    named = "; ".join(f"{plugin}: {', '.join(hosts)}" for plugin, hosts in talking.items())
    own = f" Hosts of the own network that plugins may reach: {', '.join(policy.allowed_hosts)}."
    own = own if policy.allowed_hosts else ""
    if talking:
        text = f"Data may leave for other hosts. {named}.{own}"
        return Finding(key, title, "attention", text, "Switch off the plugins that you do not need.")
    return Finding(key, title, "ok", f"No plugin that is on talks to another host.{own}")
