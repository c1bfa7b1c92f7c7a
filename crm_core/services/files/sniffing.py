"""What a file is, told from its content alone: a browser must never run what somebody only called a picture."""

import zipfile
from pathlib import Path

UNKNOWN = "application/octet-stream"
SHOWN = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"))
"""Types that a browser may show by itself; all others are only downloaded. Nothing that can hold a script."""

_HEAD = 4_096
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"ID3", "audio/mpeg"),
)
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def sniff(path: Path) -> str:
    """The media type of a file, `application/octet-stream` when it is none of those known here."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path)
    return "text/plain" if _is_text(head) else UNKNOWN


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return UNKNOWN
    for folder, found in _OFFICE.items():
        if "[Content_Types].xml" in names and any(name.startswith(folder) for name in names):
            return found
    return "application/zip"


def _is_text(head: bytes) -> bool:
    """Whether it reads as UTF-8 without control signs; the last character may be cut off."""
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if len(head) < _HEAD or error.start < _HEAD - 4:
            return False
        text = head[: error.start].decode()
    return not any(sign < " " and sign not in "\t\r\n\f" for sign in text)
