"""Find the installed plugins and read their manifests; whatever is wrong with one is kept as a reason, never raised."""

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from types import ModuleType, UnionType
from typing import Any

from pydantic import BaseModel

from crm_core.contracts import PLUGIN_API, PluginInfo

GROUP = "venture_crm"
BUNDLED = "venture-crm"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED = {"core", "t"}  # "t": the tables of the team begin so
_KINDS: dict[str, type | UnionType] = {
    "title": str,
    "summary": str,
    "version": str,
    "settings_version": int,
    "migrations": str | None,
    "on_by_default": bool,
    "pinned": bool,
}
_README_LIMIT = 65_536


@dataclass(frozen=True, slots=True)
class Found:
    """One installed plugin: its entry point, and after loading either its manifest or why it is broken."""

    name: str
    origin: str
    target: str
    bundled: bool
    loaded: bool = False
    module: ModuleType | None = None
    info: PluginInfo | None = None
    problem: str = ""
    readme: str = ""


def find() -> list[Found]:
    """Every entry point of the group, bundled plugins first, then by name; nothing is imported yet.

    When two packages claim one name, the first keeps it and the other is listed as broken under `name@package`.
    """
    points = sorted(entry_points(group=GROUP), key=lambda point: (not _is_bundled(point), point.name, point.value))
    found: dict[str, Found] = {}
    for point in points:
        new = Found(point.name, _origin(point), point.value, _is_bundled(point))
        first = found.setdefault(point.name, new)
        if first.target != new.target or first.origin != new.origin:
            reason = f"The packages {first.origin} and {new.origin} both call their plugin {point.name}."
            name = f"{point.name}@{new.origin.split()[0]}"
            found[name] = replace(new, name=name, loaded=True, problem=reason)
    return list(found.values())


def load(found: Found) -> Found:
    """Import a plugin and check its manifest. A plugin may do anything at import but end the process."""
    if found.loaded:
        return found
    try:
        module = importlib.import_module(found.target.partition(":")[0].strip())
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return replace(found, loaded=True, problem=f"Its import failed: {explain(error)}")
    info = vars(module).get("PLUGIN")
    problem = "; ".join(_problems(found.name, info))
    return replace(
        found,
        loaded=True,
        module=module,
        info=info if isinstance(info, PluginInfo) and not problem else None,
        problem=f"Its manifest is wrong: {problem}." if problem else "",
        readme=_readme(module),
    )


def explain(error: BaseException) -> str:
    """An exception in one short line: its kind and what it says."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = "(its text cannot be read)"
    return f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__


def is_name(name: str) -> bool:
    """Whether a plugin may be called this; one that may not never ran, so nothing stored is its own."""
    return _NAME.fullmatch(name) is not None and name not in _RESERVED


def _problems(name: str, info: object) -> Iterator[str]:
    """What is wrong with a manifest, part by part; a frozen dataclass checks no types by itself."""
    if not isinstance(info, PluginInfo):
        yield "PLUGIN is missing" if info is None else f"PLUGIN is a {type(info).__name__}, not a PluginInfo"
        return
    given: dict[str, Any] = {part.name: getattr(info, part.name) for part in fields(info)}
    if not isinstance(given["name"], str) or not is_name(given["name"]):
        yield f"the name {info.name!r} is reserved or not lower-case letters, digits and underscores (at most 40)"
    elif info.name != name:
        yield f"it calls itself {info.name}, but its entry point is {name}"
    if info.api != PLUGIN_API:
        yield f"it is written for plugin interface {info.api!r}, this is {PLUGIN_API}"
    for part, kind in _KINDS.items():
        if not isinstance(given[part], kind):
            yield f"{part} is a {type(given[part]).__name__}"
    if not (isinstance(given["settings"], type) and issubclass(given["settings"], BaseModel)):
        yield "settings is not a pydantic model"
    for part in ("requires", "talks_to"):
        if not isinstance(given[part], tuple) or not all(isinstance(item, str) for item in given[part]):
            yield f"{part} is not a tuple of texts"
    if info.upgrade is not None and not callable(given["upgrade"]):
        yield "upgrade cannot be called"


def _is_bundled(point: EntryPoint) -> bool:
    return point.dist is not None and point.dist.name.lower().replace("_", "-") == BUNDLED


def _origin(point: EntryPoint) -> str:
    """The package a plugin came with, and its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist is not None else "an unknown package"


def _readme(module: ModuleType) -> str:
    """The README.md of the package the plugin's module stands in; empty when there is none."""
    if not module.__package__:
        return ""
    try:
        return files(module.__package__).joinpath("README.md").read_text("utf-8")[:_README_LIMIT]
    except (OSError, ValueError, ModuleNotFoundError):
        return ""
