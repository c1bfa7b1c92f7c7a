"""`crm plugins new`: a plugin to start from, as an installable package in a folder of its own."""

import re
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path

from crm_core.errors import Invalid, Refused

KINDS = ("formula",)
_NAME = re.compile(r"[a-z][a-z0-9_]{1,38}")
_PLACES = {
    "pyproject.toml.txt": "pyproject.toml",
    "README.md": "crm_{name}/README.md",
    "__init__.py": "crm_{name}/__init__.py",
    "plugin.py": "crm_{name}/plugin.py",
    "test_plugin.py.txt": "tests/test_plugin.py",
}


def write_plugin(name: str, kind: str, folder: Path) -> Path:
    """Write the plugin `name` of a kind into a new folder `crm-<name>` below `folder`; answers that folder."""
    if not _NAME.fullmatch(name) or iskeyword(name):
        raise Invalid(
            "bad_plugin_name",
            f"A plugin cannot be called {name!r}.",
            "Use 2 to 39 lower-case letters, digits and underscores, beginning with a letter.",
        )
    home = folder / f"crm-{name.replace('_', '-')}"
    if home.exists():
        raise Refused("folder_exists", f"{home} exists already.", "Choose another name, or move the folder away.")
    for source, place in _PLACES.items():
        text = files("api.templates").joinpath(kind, source).read_text("utf-8")
        target = home / place.format(name=name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_named(text, name), "utf-8")
    return home


def _named(text: str, name: str) -> str:
    """The template with the plugin's name in place of `sample`, in each of its spellings."""
    spellings = {
        "crm-sample": f"crm-{name.replace('_', '-')}",
        "SAMPLE": name.upper(),
        "Sample": name.replace("_", " ").capitalize(),
        "sample": name,
    }
    return re.sub("crm-sample|SAMPLE|Sample|sample", lambda found: spellings[found[0]], text)
