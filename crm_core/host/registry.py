"""What the plugins that are on offer, each thing with its owner; immutable, swapped as a whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, ParamSpec, TypeVar

from crm_core.contracts import Exporter, FormulaEngine, FormulaFunction, HealthCheck, Importer, Job
from crm_core.errors import PluginProblem
from crm_core.host.gate import Gate

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """Something a plugin offers. Its functions are called through `call` and `stream` only, never directly:
    so a failure names the plugin, and switching it off waits for what runs."""

    hook: str
    name: str
    owner: str
    offer: T
    gate: Gate

    def call(self, act: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `act` (a function of the offer or of what it gave) answers.

        PluginProblem when the plugin fails (`plugin_failed`), rests (`plugin_resting`) or is off (`plugin_off`).
        """
        with self.gate.passing(f"{self.hook} “{self.name}”"):
            return act(*args, **kwargs)

    def stream(self, act: Callable[P, Iterable[R]], *args: P.args, **kwargs: P.kwargs) -> Iterator[R]:
        """What `act` yields, as it yields it; errors as in `call`, at any step."""
        with self.gate.passing(f"{self.hook} “{self.name}”"):
            yield from act(*args, **kwargs)


OFFERS: Mapping[str, type[Any]] = MappingProxyType(
    {
        "crm_importers": Importer,
        "crm_exporters": Exporter,
        "crm_health_checks": HealthCheck,
        "crm_formula_engine": FormulaEngine,
        "crm_formula_functions": FormulaFunction,
        "crm_jobs": Job,
    }
)
"""Every hook whose answer is kept in the registry, and the type of what it offers."""

OWNED = frozenset({"crm_health_checks", "crm_jobs"})
"""Those of OFFERS that are always shown with their plugin, so that two plugins may use one name."""

PICKS = frozenset({"crm_formula_engine"})
"""Those of OFFERS that give one thing or None, and that one plugin alone may answer."""


def _claims(hook: str, offer: Any, owner: str) -> Iterator[str]:
    """The names an offer takes; each may be taken once over all plugins."""
    if hook == "crm_importers":
        yield from (f"file ending {suffix.lower()}" for suffix in offer.suffixes)
    if hook in PICKS:
        yield hook[4:].replace("_", " ")
        return
    owned = f"{owner}/" if hook in OWNED else ""
    yield f"{hook[4:-1].replace('_', ' ')} {owned}{offer.name.lower()}"


@dataclass(frozen=True)
class Registry:
    """Items by name: `importers`, `exporters`; `health_checks` and `jobs` by `owner/name`; `formula_functions` in
    capitals."""

    items: tuple[Item[Any], ...] = ()
    importers: Mapping[str, Item[Importer]] = field(init=False)
    exporters: Mapping[str, Item[Exporter]] = field(init=False)
    health_checks: Mapping[str, Item[HealthCheck]] = field(init=False)
    jobs: Mapping[str, Item[Job]] = field(init=False)
    formula_functions: Mapping[str, Item[FormulaFunction]] = field(init=False)
    formula_engine: Item[FormulaEngine] | None = field(init=False)

    def __post_init__(self) -> None:
        def by_name(hook: str, key: Callable[[Item[Any]], str]) -> Mapping[str, Item[Any]]:
            return MappingProxyType({key(item): item for item in self.items if item.hook == hook})

        object.__setattr__(self, "importers", by_name("crm_importers", lambda item: item.name))
        object.__setattr__(self, "exporters", by_name("crm_exporters", lambda item: item.name))
        for part, hook in (("health_checks", "crm_health_checks"), ("jobs", "crm_jobs")):
            object.__setattr__(self, part, by_name(hook, lambda item: f"{item.owner}/{item.name}"))
        object.__setattr__(self, "formula_functions", by_name("crm_formula_functions", lambda item: item.name.upper()))
        engines = [item for item in self.items if item.hook == "crm_formula_engine"]
        object.__setattr__(self, "formula_engine", engines[0] if engines else None)

    def importer_for(self, filename: str) -> Item[Importer] | None:
        """The importer that reads files with this name's ending, or None."""
        name = filename.lower()
        return next(
            (item for item in self.importers.values() if name.endswith(tuple(s.lower() for s in item.offer.suffixes))),
            None,
        )

    def adding(self, gate: Gate, offers: Mapping[str, Sequence[Any]]) -> "Registry":
        """A registry with one more plugin's offers by hook; PluginProblem (`plugin_clash`) names both owners."""
        taken = {claim: item.owner for item in self.items for claim in _claims(item.hook, item.offer, item.owner)}
        new = [Item(hook, offer.name, gate.owner, offer, gate) for hook, given in offers.items() for offer in given]
        for item in new:
            for claim in _claims(item.hook, item.offer, item.owner):
                if claim in taken:
                    raise PluginProblem(
                        "plugin_clash",
                        f"The plugins {taken[claim]} and {gate.owner} both offer the {claim}.",
                        f"Switch {taken[claim]} off first, or do without {gate.owner}.",
                    )
                taken[claim] = gate.owner
        return Registry((*self.items, *new))

    def without(self, owner: str) -> "Registry":
        """A registry with nothing of one plugin."""
        return Registry(tuple(item for item in self.items if item.owner != owner))
