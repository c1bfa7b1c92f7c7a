"""The only source of time, so that tests can move it and nothing else reads the machine's clock."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_source: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 - replaced by tests as a whole


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _source()


def now_text() -> str:
    """The current moment as stored in the database: ISO 8601, UTC, milliseconds (`2026-11-23T09:30:00.000Z`)."""
    return to_text(_source())


def to_text(moment: datetime) -> str:
    """An aware moment in the stored form, which sorts as text in the order of time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def today(zone: str) -> date:
    """The current calendar day in the IANA time zone `zone`."""
    return _source().astimezone(ZoneInfo(zone)).date()


def monotonic() -> float:
    """Seconds that only grow: for measuring and waiting, never for storing."""
    return time.monotonic()


def worked() -> float:
    """Seconds of a processor that this thread has used so far: for measuring how much work something is."""
    return time.thread_time()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (aware); for tests."""
    global _source
    before, _source = _source, lambda: moment
    try:
        yield
    finally:
        _source = before
