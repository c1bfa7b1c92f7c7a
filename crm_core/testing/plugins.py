"""The contract of a plugin as a whole."""

from crm_core.contracts import PluginInfo
from crm_core.host.discovery import Found, load
from crm_core.host.manager import Manager
from crm_core.testing.contract import must


def check_plugin(name: str, module: str) -> PluginInfo:
    """The module (`my_plugin.plugin`) can be imported, its manifest fits the entry point's name, its hooks are ours."""
    plugin = load(Found(name, "here", module, bundled=False))
    must(not plugin.problem, plugin.problem)
    assert plugin.module is not None
    assert plugin.info is not None
    manager = Manager()
    problem = manager.load(name, plugin.module)
    must(not problem, f"Its hooks do not fit: {problem}")
    must(manager.hooks(name), "It implements no hook, so it does nothing.")
    must(plugin.info.title.strip() and plugin.info.summary.strip(), "It has no title or no summary to show to admins.")
    return plugin.info
