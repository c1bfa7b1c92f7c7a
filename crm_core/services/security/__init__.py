"""Is it safe to let others in? A checklist computed from the running system, each point with what to do about it."""

from collections.abc import Sequence

from crm_core.config import Config
from crm_core.services.access.policy import Policies
from crm_core.services.plugins import Plugins
from crm_core.services.security import around, people, process
from crm_core.services.security.finding import Finding, Seen
from crm_core.storage.unit import Units

__all__ = ["Finding", "Security", "Seen"]


class Security:
    """The checklist for admins."""

    def __init__(self, units: Units, config: Config, policies: Policies, plugins: Plugins) -> None:
        self._units = units
        self._config = config
        self._policies = policies
        self._plugins = plugins

    def status(self, seen: Seen) -> Sequence[Finding]:
        """Every point, in the order of the list; `seen` is what the edge knows of the request that asks."""
        policy = self._policies.get()
        with self._units.read() as session:
            return [
                *process.findings(self._config, seen),
                *people.findings(session, policy),
                *around.findings(session, self._plugins, policy),
            ]
