"""Single and multi select: coloured options with numbers that stay when an option is renamed or moved."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from crm_core import ids
from crm_core.errors import Invalid
from crm_core.kinds.base import CellError, FieldDef, Kind, refuse_unknown
from crm_core.names import MAX_NAME, is_text

COLORS = ("blue", "cyan", "teal", "green", "yellow", "orange", "red", "pink", "purple", "gray")
MAX_CHOICES = 1000


def check_choices(kind: str, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The complete `choices` option: known ids keep their number, new names get the next one."""
    refuse_unknown(kind, given, ("choices",))
    old = {choice["number"]: choice for choice in before.get("choices", ())}
    if "choices" not in given:
        return {"choices": list(old.values()), "next": before.get("next", 1)}
    wanted = given["choices"]
    if not isinstance(wanted, Sequence) or isinstance(wanted, str) or len(wanted) > MAX_CHOICES:
        raise Invalid("bad_field_options", f"choices must be a list of at most {MAX_CHOICES} options.")
    result: list[dict[str, Any]] = []
    number_after = before.get("next", 1)
    by_name = {choice["name"]: number for number, choice in old.items()}
    for item in wanted:
        name, color, public = _parts(item)
        number = ids.try_decode("opt", public) if public else by_name.get(name)
        if number is None or number not in old:
            number, number_after = number_after, number_after + 1
        result.append({"number": number, "name": name, "color": color or _color(old, number)})
    names = [choice["name"].casefold() for choice in result]
    numbers = [choice["number"] for choice in result]
    if len(set(names)) < len(names) or len(set(numbers)) < len(numbers):
        raise Invalid("bad_field_options", "Two options have the same name.", "Give each option a name of its own.")
    return {"choices": result, "next": number_after}


def _parts(item: object) -> tuple[str, str | None, str | None]:
    if isinstance(item, str):
        item = {"name": item}
    if not isinstance(item, Mapping) or not isinstance(item.get("name"), str):
        raise Invalid("bad_field_options", "An option needs a name.", 'Use {"name": "First call", "color": "blue"}.')
    name = item["name"].strip()
    color, public = item.get("color"), item.get("id")
    if not name or len(name) > MAX_NAME or not is_text(name):
        raise Invalid(
            "bad_field_options", "An option's name is empty, too long or not text.", f"Use 1 to {MAX_NAME} characters."
        )
    if color is not None and color not in COLORS:
        raise Invalid(
            "bad_field_options", f"{color!r} is not a colour of an option.", f"Use one of: {', '.join(COLORS)}."
        )
    return name, color, public if isinstance(public, str) else None


def _color(old: Mapping[int, Mapping[str, Any]], number: int) -> str:
    return str(old[number]["color"]) if number in old else COLORS[(number - 1) % len(COLORS)]


def _number(value: object, field: FieldDef) -> int:
    if isinstance(value, str):
        numbers = field.choice_numbers
        number = numbers.get(value) or numbers.get(value.strip()) or numbers.get(value.casefold().strip())
        if number:
            return number
        raise CellError(
            "unknown_option",
            f"{value[:60]!r} is not an option of {field.name}.",
            "Pick one of its options or add it first.",
        )
    raise CellError("bad_option", f"An option of {field.name} was expected (its id or name).")


class SingleSelect(Kind):
    """Stored as the option's number; sorts in the order of the options."""

    name: ClassVar[str] = "single_select"
    family = "choice"
    sql_type = sa.Integer()

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        return check_choices(self.name, given, before)

    def read(self, value: object, field: FieldDef, zone: str) -> int | None:
        return None if value is None or value == "" else _number(value, field)

    def wire(self, stored: Any, field: FieldDef) -> str | None:
        return field.choice_ids.get(stored)

    def wire_column(self, column: Sequence[Any], field: FieldDef) -> Sequence[Any]:
        get = field.choice_ids.get
        return [get(value) for value in column]

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        return field.choice_names.get(stored, "")


def pack(numbers: Sequence[int]) -> str | None:
    """Option numbers in the stored form of a multi select: `|1|3|`, so that LIKE '%|3|%' finds one on any engine."""
    return f"|{'|'.join(map(str, numbers))}|" if numbers else None


def unpack(stored: str) -> list[int]:
    """The inverse of pack."""
    return [int(part) for part in stored.split("|") if part]


class MultiSelect(Kind):
    """A set of options in the order they were chosen; stored packed (see `pack`)."""

    name: ClassVar[str] = "multi_select"
    family = "choices"

    def check_options(self, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        return check_choices(self.name, given, before)

    def read(self, value: object, field: FieldDef, zone: str) -> str | None:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            value = [value] if value in field.choice_numbers else split_names(value)
        if not isinstance(value, Sequence):
            raise CellError("bad_option", f"A list of options of {field.name} was expected.")
        return pack(list(dict.fromkeys(_number(item, field) for item in value)))

    def wire(self, stored: Any, field: FieldDef) -> list[str] | None:
        get = field.choice_ids_packed.get
        return [choice for number in stored.split("|") if (choice := get(number))] or None

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        names = (field.choice_names.get(number, "") for number in unpack(stored))
        return ", ".join(f'"{name}"' if "," in name else name for name in names if name)


def split_names(text: str) -> list[str]:
    """Names joined by commas, as Airtable exports lists; a name with a comma stands in double quotes."""
    names: list[str] = []
    current, quoted = "", False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            names.append(current.strip())
            current = ""
        else:
            current += character
    names.append(current.strip())
    return [name for name in names if name]
