"""Ask one plugin at a time, so that a failure has a name and takes nothing of the others with it."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crm_core.contracts import Command, PluginContext, RouteLike, Storage
from crm_core.errors import CrmError
from crm_core.host.discovery import explain
from crm_core.host.manager import Manager
from crm_core.host.registry import OFFERS, PICKS

_STORAGE_PARTS = [name for name, value in vars(Storage).items() if inspect.isfunction(value) and name[0] != "_"]


class HookFailed(Exception):
    """One plugin's hook raised, or gave something it should not; the text is the reason, without the plugin's name."""


def storage(manager: Manager, name: str, url: str) -> Storage | None:
    """The Storage a plugin opens for a URL, or None. A CrmError (the folder is read-only) passes as it is."""
    opened: Any = guarded("crm_storage", lambda: manager.call(name, "crm_storage", url=url), passing=(CrmError,))
    if opened is None:
        return None
    lacking = [part for part in (*_STORAGE_PARTS, "name") if not hasattr(opened, part)]
    if lacking:
        raise HookFailed(f"crm_storage gave a {type(opened).__name__} without {', '.join(lacking)}")
    return opened  # type: ignore[no-any-return]


def offers(manager: Manager, name: str, ctx: PluginContext) -> Mapping[str, Sequence[Any]]:
    """Everything a plugin offers, by hook, with the types checked."""
    hooks = manager.hooks(name)
    return {hook: _list(manager, name, hook, kind, ctx=ctx) for hook, kind in OFFERS.items() if hook in hooks}


def commands(manager: Manager, name: str) -> Sequence[Command]:
    """The subcommands a plugin offers."""
    return _list(manager, name, "crm_commands", Command)


def routes(manager: Manager, name: str) -> Sequence[RouteLike]:
    """The HTTP handlers a plugin offers; what they are is for who mounts them to say."""

    def ask() -> list[RouteLike]:
        return [route for given in manager.call(name, "crm_routes") for route in given]

    found: list[RouteLike] = guarded("crm_routes", ask)
    return found


def tell(manager: Manager, name: str, hook: str, ctx: PluginContext) -> None:
    """Call a tell hook; what it answers is ignored."""
    guarded(hook, lambda: manager.call(name, hook, ctx=ctx))


def guarded(what: str, act: Callable[[], Any], *, passing: tuple[type[Exception], ...] = ()) -> Any:
    """Run code of a plugin; whatever it raises, but Ctrl-C and what is `passing`, becomes HookFailed."""
    try:
        return act()
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, HookFailed, *passing)):
            raise
        if isinstance(error, CrmError):
            raise HookFailed(f"{what} says: {error.message}") from error
        raise HookFailed(f"{what} failed with {explain(error)}") from error


def _list(manager: Manager, name: str, hook: str, kind: type[Any], **arguments: Any) -> list[Any]:
    """The offers of one hook: each implementation gives an iterable, which may be a generator that fails half-way."""

    def ask() -> list[Any]:
        found: list[Any] = []
        answer = manager.call(name, hook, **arguments)
        if hook in PICKS:
            return [] if answer is None else [answer]
        for given in answer:
            found.extend(given)
        return found

    found: list[Any] = guarded(hook, ask)
    for offer in found:
        if not isinstance(offer, kind) or not isinstance(offer.name, str) or not offer.name.strip():
            raise HookFailed(f"{hook} offers a {type(offer).__name__}, where a named {kind.__name__} is expected")
    return found
