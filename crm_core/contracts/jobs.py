"""Scheduled work that plugins offer."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cron:
    """Once a day at `hour`:`minute` of the IANA time zone `zone`; only on `weekdays` (0: Monday) where given."""

    hour: int
    minute: int = 0
    zone: str = "UTC"
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, `seconds` after the last time it began."""

    seconds: float


Schedule = Cron | Every


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done by itself while the plugin is on.

    `when` is a schedule, or asks a policy for it each time (None: not now). `run` does the work and says in a few words
    what it did; those words, or the error, are kept in the log of runs. One run of a job at a time; what was missed
    several times is done once. With `catch_up` a run that was missed while the CRM was not running is made up for.
    """

    name: str
    when: Schedule | Callable[[], Schedule | None]
    run: Callable[[], str | None]
    catch_up: bool = False

    def schedule(self) -> Schedule | None:
        """The schedule as of now."""
        return self.when() if callable(self.when) else self.when
