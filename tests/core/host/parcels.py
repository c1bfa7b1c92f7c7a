"""Third-party plugins as real installed distributions: a module and its .dist-info in a folder on sys.path."""

import importlib
import itertools
import sys
import textwrap
from pathlib import Path

_numbers = itertools.count(1)

EXPORTER = """
from crm_core import PluginInfo, hookimpl
from crm_core.contracts import Exporter

PLUGIN = PluginInfo(name="{name}", title="{name}", summary="Writes one format.")

def write(table, options):
    yield table.name.encode()

@hookimpl
def crm_exporters(ctx):
    return [Exporter("{format}", "{format}", "text/plain", ".{format}", write)]
"""
"""A plugin that works: one exporter, called `format`."""


class Parcels:
    """Installs distributions into one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, source: str, *, package: str = "", readme: str = "", version: str = "1.0") -> str:
        """Install a plugin module called `name` with this source; answers the module's name."""
        module = f"parcel_{next(_numbers)}_{name.replace('-', '_')}"
        home = self.folder / module
        home.mkdir()
        (home / "__init__.py").write_text("")
        (home / "plugin.py").write_text(textwrap.dedent(source))
        if readme:
            (home / "README.md").write_text(readme)
        package = package or f"parcel-{name.replace('_', '-')}"
        info = self.folder / f"{package.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[venture_crm]\n{name} = {module}.plugin\n")
        importlib.invalidate_caches()
        return module

    def exporter(self, name: str, format: str = "") -> str:
        """Install a plugin that works and offers one exporter."""
        return self.add(name, EXPORTER.format(name=name, format=format or name))

    def forget(self) -> None:
        """Take the modules of this folder out of the process again."""
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", "") or "").startswith(str(self.folder)):
                del sys.modules[name]
        importlib.invalidate_caches()
