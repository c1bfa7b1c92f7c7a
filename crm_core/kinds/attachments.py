"""Attachments: files of the data folder, each named by the hash of what is in it, with the name people gave it.

Stored as one text: the names, one a line, then an empty sign (`\x1f`), then the whole list as JSON. So filters and
sorts see the names alone, in any database.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from crm_core.kinds.base import CellError, FieldDef, Kind
from crm_core.names import is_text

MAX_FILES = 100
MAX_FILE_NAME = 200
BETWEEN = "\x1f"
"""What stands between the names and the list; no name holds it."""

_HEX = frozenset("0123456789abcdef")


class File(msgspec.Struct):
    """One attached file; `size` in bytes and `type` come from the file itself, never from who attached it."""

    hash: str
    name: str
    size: int = 0
    type: str = ""


_decode = msgspec.json.Decoder(list[File]).decode


def pack(files: Sequence[File]) -> str | None:
    """Files in stored form."""
    if not files:
        return None
    return "\n".join(file.name for file in files) + BETWEEN + msgspec.json.encode(files).decode()


def unpack(stored: str) -> list[File]:
    """The inverse of pack."""
    return _decode(stored.partition(BETWEEN)[2])


def is_hash(text: object) -> bool:
    """Whether it names a file: 64 lower-case hexadecimal digits."""
    return isinstance(text, str) and len(text) == 64 and set(text) <= _HEX


def tidy_file_name(given: str) -> str:
    """A file's name without its folders and without signs that nobody sees; the ending stays when it is too long."""
    last = given.replace("\\", "/").rpartition("/")[2]
    tidy = " ".join("".join(sign if sign.isprintable() else " " for sign in last).split()).strip(". ")
    if len(tidy) > MAX_FILE_NAME:
        dot = tidy.rfind(".", -20)
        ending = tidy[dot:] if dot > 0 else ""
        tidy = tidy[: MAX_FILE_NAME - len(ending)].rstrip() + ending
    return tidy if tidy and is_text(tidy) else "file"


class Attachment(Kind):
    """Any number of files. The engine checks that they were uploaded and says what they are."""

    name: ClassVar[str] = "attachment"
    family = "file"

    def read(self, value: object, field: FieldDef, zone: str) -> str | None:
        if value is None or value == "" or value == []:
            return None
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise CellError("bad_attachment", "A list of uploaded files was expected.", "Upload the file first.")
        if len(value) > MAX_FILES:
            raise CellError("too_many_files", f"A cell holds at most {MAX_FILES} files.")
        found: dict[tuple[str, str], File] = {}
        for item in value:
            given = item if isinstance(item, Mapping) else {}
            hash, name = given.get("hash"), given.get("name", "")
            if not is_hash(hash) or not isinstance(name, str):
                raise CellError("bad_attachment", "A file needs its hash and a name.", "Upload the file first.")
            file = File(str(hash), tidy_file_name(name))
            found.setdefault((file.hash, file.name), file)
        return pack(list(found.values()))

    def wire(self, stored: Any, field: FieldDef) -> list[dict[str, Any]]:
        return [msgspec.structs.asdict(file) for file in unpack(stored)]

    def text(self, stored: Any, field: FieldDef, zone: str) -> str:
        names = str(stored).partition(BETWEEN)[0].split("\n")
        return ", ".join(f'"{name}"' if "," in name else name for name in names)
