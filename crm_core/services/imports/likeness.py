"""Whether a row of the file says of a record what the CRM shows already, although it is written otherwise."""

from collections.abc import Sequence
from typing import Any

from crm_core.contracts import SheetRow
from crm_core.services.imports.existing import Existing, matching
from crm_core.services.imports.mapping import Plan, Slot
from crm_core.services.imports.namesakes import several_of


class Likeness:
    """Compares rows with records of the table itself, cell by cell."""

    def __init__(self, existing: Existing, plan: Plan) -> None:
        self._existing, self._plan = existing, plan

    def agrees(self, row: SheetRow, values: Sequence[Any], now: Sequence[Any]) -> bool:
        """Whether a row says of a record what the CRM shows already."""
        return all(
            value == now[n] or slot.linking or self.same(n, row, value, now[n])
            for n, (slot, value) in enumerate(zip(self._plan.slots, values, strict=True))
        )

    def same(self, n: int, row: SheetRow, value: Any, now: Any) -> bool:
        """Whether a cell says the same as the record although it is stored otherwise (rounded, in another order)."""
        slot = self._plan.slots[n]
        if slot.field.kind.name == "link" and value and now and self._same_links(slot, value, now):
            return True
        if n == self._plan.key and (
            matching(value) == matching(now) or self._existing.formerly(slot.field, value, now)
        ):
            return True
        return not slot.linking and now is not None and self._existing.shown(slot.field, now) == row.cells[slot.column]

    def _same_links(self, slot: Slot, value: Sequence[Any], now: Sequence[int]) -> bool:
        """Whether links are the same whatever their order, names that several records have told apart by them."""
        if len(value) != len(now):
            return False
        try:
            found = several_of(value, self._existing.by_name(slot.field.options["table"]).several, now)
        except LookupError:
            return False
        return set(found) == set(now)
