"""Time zones by their IANA names, from the tz database."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from plugins.formulas.dates.moments import MAX_MS, MIN_MS, date_of
from plugins.formulas.values import RunError, quoted


@lru_cache(maxsize=1024)
def zone_of(name: str) -> str:
    """The zone's exact name, found case-blind."""
    wanted = name.strip().lower()
    found = _by_lower().get({"client": "utc", "gmt": "etc/gmt"}.get(wanted, wanted))
    if found is None:
        raise RunError("bad_timezone", f"{quoted(name)} is not a time zone. Use an IANA name such as Europe/Berlin.")
    return found


@lru_cache(maxsize=1)
def _by_lower() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def zone_names() -> list[str]:
    """Every zone there is."""
    return sorted(available_timezones())


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def shift(ms: int, zone: str) -> tuple[int, str]:
    """How far a zone's clocks are ahead of UTC at a moment, in milliseconds, and the zone's abbreviation then."""
    if not zone:
        return 0, "UTC"
    if not MIN_MS + 86_400_000 <= ms <= MAX_MS - 86_400_000:
        return 0, "UTC"
    seconds = ms // 1000 % 86_400
    day = date_of(ms)
    at = datetime(
        day.year, day.month, day.day, seconds // 3600, seconds // 60 % 60, seconds % 60, tzinfo=ZoneInfo("UTC")
    ).astimezone(_zone(zone))
    ahead = at.utcoffset() or timedelta(0)
    return ahead // timedelta(milliseconds=1), at.tzname() or ""
