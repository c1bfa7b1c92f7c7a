"""What the server writes to standard error: lines for people, or one JSON object a line; never the team's data.

A message is a fixed sentence with names of ours (plugins, imports, routes) filled in. Errors are shown by their type,
code and place in the program, not by their text, because that may quote a cell, a mail or a query.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from crm_core.errors import CrmError

REQUEST: ContextVar[str] = ContextVar("crm_request", default="")
"""The id of the request that is being answered; threads that work for it have it too."""

FORMATS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")
ACCESS = logging.getLogger("crm.access_log")
"""One line a request at the level info, by route template."""

_MOST_FRAMES = 40
ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def to_stderr(form: str = "text", level: str = "warning") -> None:
    """Send all logs of this process to standard error, in one of FORMATS, from one of LEVELS up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one.formatter, _Plain)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in ("alembic", "apscheduler", "asyncio", "sqlalchemy", "uvicorn"):
        logging.getLogger(name).setLevel("DEBUG" if level == "debug" else "WARNING")


def named(error: BaseException) -> str:
    """An error without its text: its type, and the code where it has one of ours or of SQLite's."""
    code = error.code if isinstance(error, CrmError) else getattr(error, "sqlite_errorname", None)
    inner = getattr(error, "orig", None)
    if code is None and isinstance(inner, BaseException):
        return f"{type(error).__name__}({named(inner)})"
    return f"{type(error).__name__}[{code}]" if code else type(error).__name__


def places(error: BaseException) -> list[str]:
    """Where an error and its causes were raised: type, then file, line and function of each frame, the last first."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(lines) < _MOST_FRAMES:
        seen.add(id(current))
        lines.append(named(current))
        frames = reversed(traceback.extract_tb(current.__traceback__))
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return lines[:_MOST_FRAMES]


class _Plain(logging.Formatter):
    """The sentence of a record, errors among its parts by name only."""

    def sentence(self, record: logging.LogRecord) -> str:
        arguments = record.args
        if isinstance(arguments, tuple):
            arguments = tuple(named(one) if isinstance(one, BaseException) else one for one in arguments)
        try:
            text = str(record.msg) % arguments if arguments else str(record.msg)
        except (TypeError, ValueError, KeyError):
            text = str(record.msg)
        return text.partition("\n")[0] if record.name in ("asyncio", "uvicorn.error") else text

    def error(self, record: logging.LogRecord) -> BaseException | None:
        return record.exc_info[1] if record.exc_info else None


class _Text(_Plain):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(" ", "milliseconds")[:23]
        request = REQUEST.get()
        tail = f" [{request}]" if request else ""
        lines = [f"{moment} {record.levelname} {record.name}: {self.sentence(record)}{tail}"]
        error = self.error(record)
        return "\n".join(lines + ([f"    {line}" for line in places(error)] if error else []))


class _Json(_Plain):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.sentence(record),
        }
        if REQUEST.get():
            line["request"] = REQUEST.get()
        line |= getattr(record, "facts", {})
        error = self.error(record)
        if error is not None:
            line["error"], line["trace"] = named(error), places(error)
        return json.dumps(line, ensure_ascii=False)
