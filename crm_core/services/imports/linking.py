"""The links of a row: to records of its names, told apart where several have one, made where none has."""

from collections.abc import Sequence
from typing import Any

from crm_core.contracts import SheetRow
from crm_core.services.imports.existing import Existing
from crm_core.services.imports.likeness import Likeness
from crm_core.services.imports.mapping import Plan, Slot
from crm_core.services.imports.namesakes import several_of
from crm_core.services.imports.related import Feeding, Related, RowError


class Linking:
    """Turns what link cells name into keys of records; `places` are the slots that are links."""

    def __init__(self, existing: Existing, plan: Plan, related: Related, likeness: Likeness) -> None:
        self._existing, self._plan, self._related, self._likeness = existing, plan, related, likeness
        self.places = [n for n, slot in enumerate(plan.slots) if slot.field.kind.name == "link"]

    def linked(
        self, row: SheetRow, values: Sequence[Any], now: Sequence[Any] | None, feeding: Feeding
    ) -> Sequence[Any]:
        """Values whose links point to records: what the CRM shows already stays, names without one become records."""
        if not self.places:
            return values
        result = list(values)
        for n in self.places:
            slot = self._plan.slots[n]
            table = slot.field.options["table"]
            if slot.linking:
                ref = feeding.refs.get(table)
                before = list(now[n] or ()) if now else []
                if ref is None or ref in before:
                    result[n] = now[n] if now else None
                else:
                    result[n] = [*before, ref] if slot.field.options["many"] else [ref]
            elif values[n] and any(type(item) is not int for item in values[n]):
                if now is not None and self._likeness.same(n, row, values[n], now[n]):
                    result[n] = now[n]
                    continue
                found = self._told_apart(slot, table, values[n], now[n] if now else None)
                result[n] = [self._target(slot, table, item, feeding) for item in found]
        return result

    def _told_apart(self, slot: Slot, table: int, items: Sequence[Any], now: Sequence[int] | None) -> Sequence[Any]:
        """Links where a name that several records have stands for those which the record is linked with already."""
        several = self._existing.by_name(table).several
        try:
            return several_of(items, several, now or ())
        except LookupError as error:
            name, other = str(error.args[0])[:60], self._existing.schema.by_id[table].name
            raise RowError(f"More than one record of {other} is called {name!r}.", slot.name) from None

    def _target(self, slot: Slot, table: int, item: int | str, feeding: Feeding) -> int:
        if type(item) is int:
            return item
        name = str(item)
        if table == self._plan.table.id:
            raise RowError(
                f"There is no record {name[:60]!r} yet; import once without this column, then again with it.", slot.name
            )
        return self._related.make_named(table, name, feeding)
