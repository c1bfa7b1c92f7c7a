"""Select options that an import brings: those of rows that are taken, not of rows with an error or cells that stay."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm_core.services.imports.readers import ColumnReader
from crm_core.services.imports.store import Row


class NewOptions:
    """Notes, batch by batch, which of the options that `readers` met are used."""

    def __init__(self, own: Sequence[ColumnReader], others: Sequence[ColumnReader]) -> None:
        self._own, self._others = own, others
        self._used: dict[int, set[str]] = {}

    def note(self, rows: Sequence[Row]) -> None:
        """Note what a batch of compared rows brings."""
        growing = {n: reader.field.id for n, reader in enumerate(self._own) if reader.new_options}
        for row in rows if growing else ():
            for n, field in growing.items() if row.values else ():
                self._note(field, row.values[n])
            for n, _, after, conflict in row.cells:
                if n in growing and not conflict:
                    self._note(growing[n], after)

    def _note(self, field: int, value: Any) -> None:
        """Note names of options that do not exist yet: a text in a list, or alone where a number would stand."""
        names = value if type(value) is list else [value]
        self._used.setdefault(field, set()).update(name for name in names if type(name) is str)

    def by_field(self, related: Iterable[Mapping[int, Any]]) -> dict[int, list[str]]:
        """The options by field key, in the order they appear; `related` are the cells of all related records."""
        for cells in related:
            for key, value in cells.items():
                self._note(key, value)
        found: dict[int, list[str]] = {}
        for reader in (*self._own, *self._others):
            used = self._used.get(reader.field.id, set())
            names = [name for name in reader.new_options if name in used]
            if names:
                found[reader.field.id] = names
        return found
