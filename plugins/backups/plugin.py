"""Backups: made every night, proven by a real restore, put back whole or record by record."""

from collections.abc import Iterable

from crm_core import PluginInfo, hookimpl
from crm_core.contracts import Command, HealthCheck, Job, PluginContext, RouteLike, Verdict
from plugins.backups.commands import command

PLUGIN = PluginInfo(
    name="backups",
    title="Backups",
    summary="Makes a backup every night, proves it by restoring it, and brings back what was lost.",
    version="1",
    on_by_default=True,
)


@hookimpl
def crm_jobs(ctx: PluginContext) -> Iterable[Job]:
    from plugins.backups.service import Backups
    from plugins.backups.settings import read_policy

    return [Job("nightly", lambda: read_policy(ctx.crm).schedule(), Backups(ctx).nightly, catch_up=True)]


@hookimpl
def crm_routes() -> Iterable[RouteLike]:
    from plugins.backups.routes import ROUTES  # only who serves needs the web framework

    return ROUTES


@hookimpl
def crm_health_checks(ctx: PluginContext) -> Iterable[HealthCheck]:
    from plugins.backups.service import Backups

    def last() -> Verdict:
        outcome = Backups(ctx).outcome
        if outcome is None:
            return Verdict(True, "no nightly backup was due yet")
        return Verdict(outcome.ok, f"the last nightly backup: {outcome.problem or 'made and verified'} ({outcome.at})")

    return [HealthCheck("last backup", last)]


@hookimpl
def crm_commands() -> Iterable[Command]:
    return [command()]
