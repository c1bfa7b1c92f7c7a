"""What the dashboards show beyond the grid's own sums: the pipeline weighted by probability, and promises over time."""

from collections.abc import Sequence

from crm_core import ids
from crm_core.contracts.dashboards import Commitments, FundTarget, Pipeline, Promised, Stage
from crm_core.kinds import FieldDef
from crm_core.storage.queries import dashboards
from crm_core.storage.queries.summary import HARD, SOFT
from crm_core.storage.schema import SchemaCache
from crm_core.storage.state import current
from crm_core.storage.unit import Units


class Dashboards:
    """Reads only; each call is one read transaction and answers the version it saw."""

    def __init__(self, units: Units, schemas: SchemaCache) -> None:
        self._units, self._schemas = units, schemas

    def pipeline(self) -> Pipeline:
        """Investors by stage: how many, their check sizes, and these weighted by probability."""
        with self._units.read() as session:
            connection = session.connection()
            now = current(connection)
            investors = self._schemas.at(connection, now.schema_version).table("investors")
            stage, size = investors.field("stage"), investors.field("check_size")
            rows = dashboards.by_stage(connection, investors)
        found = {row["number"]: row for row in rows}
        order = [*(choice.number for choice in stage.choices), None]
        return Pipeline(
            now.version,
            [
                Stage(
                    None if number is None else stage.choice_ids[number],
                    row["count"],
                    _major(row["check_size"], size),
                    _major(row["weighted"], size),
                    row["without_probability"],
                )
                for number in order
                if (row := found.get(number))
            ],
            _options(stage, dashboards.PASSED),
            _options(investors.field("list"), dashboards.GRAVEYARD),
        )

    def commitments(self) -> Commitments:
        """Soft and hard commitments by fund, month and closing, and the funds with their targets."""
        with self._units.read() as session:
            connection = session.connection()
            now = current(connection)
            schema = self._schemas.at(connection, now.schema_version)
            promises = dashboards.Promises(connection, schema)
            sums, left_out = promises.sums(), promises.of_deleted_investors()
            listed = dashboards.targets(connection, schema)
        funds, given = schema.table("funds"), schema.table("commitments")
        target, amount, closings = funds.field("target"), given.field("amount"), given.field("closing").choice_ids
        soft, hard = (_options(given.field("status"), numbers) for numbers in (SOFT, HARD))
        return Commitments(
            now.version,
            soft,
            hard,
            [
                FundTarget(
                    ids.record(funds.id, row["id"]),
                    str(row["name"] or ""),
                    None if row["target"] is None else _major(row["target"], target),
                )
                for row in listed
            ],
            [
                Promised(
                    None if row["fund"] is None else ids.record(funds.id, row["fund"]),
                    "hard" if row["hard"] else "soft",
                    row["month"],
                    closings.get(row["closing"]),
                    row["count"],
                    _major(row["amount"], amount),
                )
                for row in sums
            ],
            left_out,
        )


def _options(field: FieldDef, numbers: Sequence[int]) -> list[str]:
    """The public ids of those options that the team has not deleted."""
    return [field.choice_ids[number] for number in numbers if number in field.choice_ids]


def _major(stored: float, field: FieldDef) -> float:
    """An amount in major units; a weighted one is rounded to the smallest unit of its currency."""
    return float(field.kind.wire(round(stored), field))
