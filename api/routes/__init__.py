"""All routes, by resource. A module here has a list `ROUTES` of its handlers; this is the one place that joins them.

Handlers are plain functions with `sync_to_thread=True` that ask for `crm: NamedDependency[Crm]`,
`actor: NamedDependency[Actor]`, `signed_in: NamedDependency[SignedIn | None]`, `client: NamedDependency[Client]` by
name; bodies are `data: JSONBody[SomeStruct]`, parameters `FromPath[…]` and `FromQuery[…]`; answers are structs of
`api/shapes/`. One path a handler. Errors are raised as CrmError; `api/problems.py` turns them into answers.
Who may call them stands in `opt` (see `api/guards.py`), the group in the API's description in `tags`.
"""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from api.routes import (
    account,
    activity,
    admin,
    attachments,
    changes,
    comments,
    dashboards,
    entry,
    exports,
    formulas,
    fundraising,
    health,
    imports,
    merging,
    metrics,
    plugins,
    requests,
    second_factor,
    security,
    tables,
)

ROUTES: Sequence[ControllerRouterHandler] = [
    *entry.ROUTES,
    *account.ROUTES,
    *second_factor.ROUTES,
    *admin.ROUTES,
    *security.ROUTES,
    *plugins.ROUTES,
    *tables.ROUTES,
    *changes.ROUTES,
    *attachments.ROUTES,
    *comments.ROUTES,
    *merging.ROUTES,
    *imports.ROUTES,
    *activity.ROUTES,
    *requests.ROUTES,
    *exports.ROUTES,
    *formulas.ROUTES,
    *fundraising.ROUTES,
    *dashboards.ROUTES,
    *health.ROUTES,
    *metrics.ROUTES,
]
