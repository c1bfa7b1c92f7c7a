"""Every extension point of the CRM, typed and documented; nothing else.

Kinds: **pick** (one answer wanted, two claims are refused), **offer** (asked once when the plugin is switched on and
kept in the registry), **tell** (after the fact, isolated, the result is ignored). Offers do no I/O.
Each hook has a page in `docs/extend/hooks.md` and a test named after it.
"""

from collections.abc import Iterable

import pluggy

from crm_core.contracts import (
    Command,
    Exporter,
    FormulaEngine,
    FormulaFunction,
    HealthCheck,
    Importer,
    Job,
    PluginContext,
    RouteLike,
    Storage,
)

PROJECT = "venture_crm"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def crm_storage(url: str) -> Storage | None:
    """Open the database of a URL scheme, or pass.

    Kind: pick. When called: once at boot, before any database.
    Return: an open Storage when the scheme is yours, else None.
    If it fails: the start stops with your message if nobody else claims it; two claims stop it with both names.
    Example: `plugins/sqlite/plugin.py`. Since: 1.
    """


@hookspec(firstresult=True)
def crm_formula_engine(ctx: PluginContext) -> FormulaEngine | None:
    """Check and evaluate formulas, or pass.

    Kind: pick. When called: at switch-on.
    Return: the engine, which finds the functions of all plugins in `ctx.crm.plugins.registry`; or None.
    If it fails: as crm_importers; while another plugin has the engine the newcomer is refused, naming both.
    Example: `plugins/formulas/plugin.py`. Since: 1.
    """


@hookspec
def crm_formula_functions() -> Iterable[FormulaFunction]:  # type: ignore[empty-body]
    """Offer functions of the formula language.

    Kind: offer. When called: at switch-on; pure.
    Return: functions; their names are case-blind and must be free over all plugins.
    If it fails: as crm_importers. A call that fails later is an error in the cell, which names the plugin.
    Example: `plugins/formulas/plugin.py`. Since: 1.
    """


@hookspec
def crm_importers(ctx: PluginContext) -> Iterable[Importer]:  # type: ignore[empty-body]
    """Offer file formats that people can import.

    Kind: offer. When called: at switch-on.
    Return: importers; their names and suffixes must be free.
    If it fails: the plugin goes to `failed` with the reason, nothing of it stays.
    Example: `plugins/csv_import/plugin.py`. Since: 1.
    """


@hookspec
def crm_exporters(ctx: PluginContext) -> Iterable[Exporter]:  # type: ignore[empty-body]
    """Offer file formats that tables can be exported to.

    Kind: offer. When called: at switch-on.
    Return: exporters; their names must be free.
    If it fails: as crm_importers.
    Example: `plugins/csv_import/plugin.py`. Since: 1.
    """


@hookspec
def crm_health_checks(ctx: PluginContext) -> Iterable[HealthCheck]:  # type: ignore[empty-body]
    """Offer checks for readiness and for the plugin's card.

    Kind: offer. When called: at switch-on; each check again at every `/readyz`.
    Return: checks; a check that raises counts as failed with its message.
    If it fails: as crm_importers.
    Example: `plugins/sqlite/plugin.py`. Since: 1.
    """


@hookspec
def crm_jobs(ctx: PluginContext) -> Iterable[Job]:  # type: ignore[empty-body]
    """Offer work to be done by itself, at an hour or again and again.

    Kind: offer. When called: at switch-on; each job when its time has come, in the process that serves.
    Return: jobs; a schedule may be a function that asks a policy each time.
    If it fails: as crm_importers. A run that fails is kept in the log of runs, and the job runs again at its next time.
    Example: `plugins/backups/plugin.py`. Since: 1.
    """


@hookspec
def crm_routes() -> Iterable[RouteLike]:  # type: ignore[empty-body]
    """Offer HTTP handlers.

    Kind: offer. When called: at boot of the web application, also while the plugin is off; pure.
    Return: Litestar handlers under `/api/`, on paths that nobody else has; import them from the plugin's `routes.py`
    inside the hook. While the plugin is off they answer `plugin_off`.
    If it fails: the others are served, the failure is logged and shown with the plugin.
    Example: `plugins/backups/plugin.py`. Since: 1.
    """


@hookspec
def crm_commands() -> Iterable[Command]:  # type: ignore[empty-body]
    """Offer subcommands of `crm`.

    Kind: offer. When called: whenever the command line starts, also while the plugin is off; pure.
    Return: commands; a name that is taken refuses the newcomer.
    If it fails: the other commands work, the failure is named on standard error.
    Example: `plugins/sqlite/plugin.py`. Since: 1.
    """


@hookspec
def crm_started(ctx: PluginContext) -> None:
    """Open your own resources: the offers are accepted, the plugin is about to be on.

    Kind: tell. When called: last step of switching on. Return: nothing.
    If it fails: the plugin is switched off again and its state says why.
    Example: `plugins/csv_import/plugin.py`. Since: 1.
    """


@hookspec
def crm_stopping(ctx: PluginContext) -> None:
    """Close your own resources: nothing of you is called any more.

    Kind: tell. When called: at switch-off and at shutdown. Return: nothing.
    If it fails: it is logged, the plugin is off all the same.
    Example: `plugins/sqlite/plugin.py`. Since: 1.
    """
