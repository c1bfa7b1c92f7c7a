"""The checklist's points about what stands around: backups and the hosts that plugins talk to."""

from collections.abc import Iterator

from crm_core.contracts.actor import SYSTEM
from crm_core.services.access.policy import Policy
from crm_core.services.plugins import Plugins
from crm_core.services.security.finding import Finding

_BACKUPS = "backups"


def findings(plugins: Plugins, policy: Policy) -> Iterator[Finding]:
    """Every point about backups and outgoing calls."""
    yield _backups(plugins)
    yield _egress(plugins, policy)


def _backups(plugins: Plugins) -> Finding:
    """What the plugin says of itself: its health checks tell whether the last backup was made and proved itself."""
    key, title = "backups", "Backups"
    checks = [check for check in plugins.health() if check.name.partition(":")[0] == _BACKUPS]
    if not checks:
        text = "The plugin Backups is off: nothing is kept if this disk fails."
        return Finding(key, title, "problem", text, "Switch it on under Settings, Plugins, and set where they go.")
    failed = [check for check in checks if not check.ok]
    if failed:
        text = " ".join(check.detail for check in failed)
        return Finding(key, title, "problem", text, "Look at the page of backups, and make one now.")
    return Finding(key, title, "ok", " ".join(check.detail for check in checks))


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
