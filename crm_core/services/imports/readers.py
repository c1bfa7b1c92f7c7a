"""Turn the cells of one column into stored values, each different text once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_core.contracts.imports import DecimalSign, Order
from crm_core.kinds import CellError, FieldDef
from crm_core.kinds.choices import MAX_CHOICES, pack, split_names
from crm_core.kinds.text import MAX_CHARACTERS
from crm_core.names import MAX_NAME, is_text
from crm_core.services.imports.existing import Several
from crm_core.services.imports.guess import NAMED_URL, plain

_REMEMBERED = 5_000
_FORMATS = {"mdy": "us", "dmy": "european"}


class Bad(str):
    """The place of a value that cannot be read; the text is the reason."""

    __slots__ = ()


@dataclass(frozen=True)
class Lookups:
    """What names in cells stand for: people by name or address, and records by display name, per table."""

    people: Mapping[str, int | None]
    records: Callable[[int, str], Any]


class _Values(dict[str, Any]):
    """Text → value, filled as texts are met; when full, the rest is read anew each time."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        super().__init__()
        self._read = read
        self.bad = False

    def __missing__(self, text: str) -> Any:
        value = self._read(text)
        if type(value) is Bad:
            self.bad = True
        if len(self) < _REMEMBERED:
            self[text] = value
        return value


class ColumnReader:
    """Reads one column for one field.

    Values are in the field's stored form, except: a select option that does not exist yet is its name, a multi select
    with such options a list of numbers and names, links a list of record keys or of what `Lookups.records` answered.
    """

    def __init__(
        self,
        field: FieldDef,
        zone: str,
        lookups: Lookups,
        order: Order | None = None,
        decimal: DecimalSign | None = None,
    ) -> None:
        self.field = field
        if order and "format" in field.options and field.kind.family in ("date", "moment"):
            field = replace(field, options={**field.options, "format": _FORMATS[order]})
        self._as, self._zone, self._lookups, self._decimal = field, zone, lookups, decimal
        self._new: dict[str, str] = {}
        self._texts = field.kind.name in ("text", "long_text")
        self._values = _Values(self._read)

    @property
    def met_bad(self) -> bool:
        """Whether any cell so far could not be read."""
        return self._values.bad

    @property
    def new_options(self) -> Sequence[str]:
        """Select options met so far that the field lacks, in the order they appear."""
        return tuple(self._new.values())

    def read_all(self, cells: Sequence[str]) -> list[Any]:
        """The cells of one batch as values; None for an empty one, Bad for one that cannot be read."""
        if self._texts and _sound(cells):
            return [cell or None for cell in cells]
        return list(map(self._values.__getitem__, cells))

    def _read(self, text: str) -> Any:
        try:
            return self._special(text) if text else None
        except CellError as error:
            return Bad(f"{error.detail} {error.hint}".strip())

    def _special(self, text: str) -> Any:
        field, name = self._as, self._as.kind.name
        if name in ("single_select", "multi_select"):
            return self._options(text)
        if name == "user":
            return self._person(text)
        if name == "link":
            return self._links(text)
        if name == "url" and (match := NAMED_URL.fullmatch(text.strip())):
            text = match[1]
        elif field.kind.family == "number" and name != "duration":
            text = plain(text, self._decimal)
        return field.kind.read(text, field, self._zone)

    def _options(self, text: str) -> Any:
        field = self._as
        whole = field.choice_numbers.get(text) or field.choice_numbers.get(text.casefold().strip())
        if field.kind.name == "single_select":
            return whole or (self._option(text) if text.strip() else None)
        if whole:
            return pack([whole])
        found = list(dict.fromkeys(self._option(name) for name in split_names(text)))
        numbers = [item for item in found if type(item) is int]
        return pack(numbers) if len(numbers) == len(found) else found

    def _option(self, text: str) -> int | str:
        name = text.strip()
        number = self._as.choice_numbers.get(name) or self._as.choice_numbers.get(name.casefold())
        if number:
            return number
        if len(name) > MAX_NAME or not is_text(name):
            raise CellError("bad_option", f"{name[:40]!r} cannot be an option.", f"Use 1 to {MAX_NAME} characters.")
        if len(self._new) + len(self._as.choices) >= MAX_CHOICES and name.casefold() not in self._new:
            raise CellError("too_many_options", f"{self.field.name} would have more than {MAX_CHOICES:,} options.")
        return self._new.setdefault(name.casefold(), name)

    def _person(self, text: str) -> int | None:
        name = text.strip()
        if not name:
            return None
        if name.casefold() not in self._lookups.people:
            raise CellError("unknown_user", f"Nobody of the team is called {name[:60]!r}.", "Invite the person first.")
        key = self._lookups.people[name.casefold()]
        if key is None:
            raise CellError("unknown_user", f"More than one person is called {name[:60]!r}.", "Use the e-mail address.")
        return key

    def _links(self, text: str) -> list[Any] | None:
        names = split_names(text)
        if not self._as.options["many"]:
            whole = text.strip()
            found = self._target(whole) if whole else None
            if type(found) is str and whole.startswith('"') and len(names) == 1:
                found = self._target(names[0])
            return None if found is None else [found]
        targets = dict.fromkeys(self._target(name) for name in names)
        if not any(type(target) is Several for target in targets):
            return list(targets) or None
        every = [self._target(name) for name in names]
        return [target for n, target in enumerate(every) if type(target) is Several or target not in every[:n]]

    def _target(self, name: str) -> Any:
        """The record of that name; a name as Airtable exports links is taken without its address."""
        find, table = self._lookups.records, self._as.options["table"]
        found = find(table, name)
        return find(table, _unlinked(name)) if type(found) is str and NAMED_URL.fullmatch(name) else found


def _unlinked(name: str) -> str:
    match = NAMED_URL.fullmatch(name)
    return name[: name.rindex(f"({match[1]}")].strip() if match else name


def _sound(cells: Sequence[str]) -> bool:
    """Whether texts can be stored as they are, so that a batch of them needs no reading one by one."""
    joined = "".join(cells)
    return (
        is_text(joined)
        and "\r" not in joined
        and (len(joined) <= MAX_CHARACTERS or max(map(len, cells)) <= MAX_CHARACTERS)
    )
