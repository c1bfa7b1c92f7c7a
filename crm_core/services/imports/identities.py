"""What tells the records of a related table apart, kept up to date while rows make and change them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from crm_core.kinds import FieldDef
from crm_core.services.imports.existing import Existing, matching
from crm_core.services.imports.mapping import Slot
from crm_core.storage.schema import TableDef

Parents = tuple[int | None, ...]
"""The records that links to one point to, in the order of `Part.parents`; None where there is none."""

Identity = tuple[Any, ...]


class Part(NamedTuple):
    """One related table of a mapping: its slots, and its links to the table itself and to other parts, by table key.

    `above` says that the table itself links to this one, so that it is fed before the row's own record.
    """

    table: TableDef
    slots: tuple[Slot, ...]
    links: Mapping[int, FieldDef]
    above: bool

    @property
    def email(self) -> int | None:
        """The place of the slot that knows a record by its address."""
        return next((n for n, slot in enumerate(self.slots) if slot.field.kind.name == "email"), None)

    @property
    def name(self) -> int | None:
        """The place of the slot that names a record."""
        return next((n for n, slot in enumerate(self.slots) if slot.field.primary), None)

    @property
    def parents(self) -> dict[int, FieldDef]:
        """The links to one, by table key: a record belongs to what they point to."""
        return {table: field for table, field in self.links.items() if not field.options["many"]}


class Identities:
    """The records of one part by e-mail address, by name and by nothing, each together with what they belong to."""

    def __init__(self, existing: Existing, part: Part) -> None:
        self._part = part
        self._parents = list(part.parents.values())
        self._email = None if part.email is None else part.slots[part.email].field
        self._name = None if part.name is None else part.slots[part.name].field
        named = [field for field in (self._email, self._name) if field is not None]
        self._index: dict[Identity, tuple[int, ...]] = {}
        for key, values in existing.columns(part.table, [*named, *self._parents]):
            cells = {field.id: value for field, value in zip(named, values, strict=False)}
            for identity in self._of(cells, tuple(values[len(named) :])):
                self._index[identity] = (*self._index.get(identity, ()), key)

        self._add_merged(existing, named)

    def _add_merged(self, existing: Existing, named: Sequence[FieldDef]) -> None:
        """What merged records were known by stands for the records they were merged into."""
        merged = existing.merged(self._part.table)
        if not merged:
            return
        for key, values in existing.raw(self._part.table, merged, [*named, *self._parents]):
            cells = {field.id: value for field, value in zip(named, values, strict=False)}
            parents = []
            for field, linked in zip(self._parents, values[len(named) :], strict=True):
                above = existing.merged(existing.schema.by_id[field.options["table"]])
                parents.append(above.get(linked, linked))
            for identity in self._of(cells, tuple(parents)):
                self._index.setdefault(identity, (merged[key],))

    def _of(self, cells: Mapping[int, Any], parents: Parents) -> Iterator[Identity]:
        if self._email is not None and cells.get(self._email.id):
            yield ("e", matching(cells[self._email.id]), *parents)
        if self._name is not None and cells.get(self._name.id):
            yield ("n", matching(cells[self._name.id]), *parents)
        if any(parents):
            yield ("p", *parents)

    def _of_record(self, cells: Mapping[int, Any]) -> Iterator[Identity]:
        return self._of(cells, tuple((cells.get(field.id) or (None,))[0] for field in self._parents))

    def candidates(self, values: Sequence[Any], parents: Parents) -> tuple[int, ...]:
        """The records that a row may mean: by its address, else by its name, else by what they belong to.

        A record of that address which belongs to nobody yet is as good as one that belongs to the row's.
        """
        email = None if self._part.email is None else values[self._part.email]
        name = None if self._part.name is None else values[self._part.name]
        found: tuple[int, ...] = ()
        if email:
            known = ("e", matching(email))
            found = self._index.get((*known, *parents), ()) or self._index.get((*known, *(None for _ in parents)), ())
        if name and not found:
            return self._index.get(("n", matching(name), *parents), ())
        if not email and not name and any(parents):
            return self._index.get(("p", *parents), ())
        return found

    def move(self, record: int, before: Mapping[int, Any] | None, after: Mapping[int, Any]) -> Callable[[], None]:
        """Note that a record was made (`before` is None) or changed; answers how to take that back."""
        old = list(self._of_record(before)) if before is not None else []
        new = list(self._of_record(after))
        saved = {identity: self._index.get(identity) for identity in (*old, *new)}
        for identity in old:
            self._index[identity] = tuple(key for key in self._index.get(identity, ()) if key != record)
        for identity in new:
            if record not in self._index.get(identity, ()):
                self._index[identity] = (*self._index.get(identity, ()), record)

        def undo() -> None:
            for identity, keys in saved.items():
                if keys is None:
                    self._index.pop(identity, None)
                else:
                    self._index[identity] = keys

        return undo
