"""The gate every call into a plugin's offers goes through: counts it, blames its errors, rests what keeps failing."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from crm_core import clock
from crm_core.errors import CrmError, PluginProblem
from crm_core.host.discovery import explain

_log = logging.getLogger("crm.plugins")


@dataclass(frozen=True, slots=True)
class Patience:
    """`errors` within `window` seconds send a plugin to rest for `rest` seconds, doubled each time up to `longest`."""

    errors: int = 5
    window: float = 60
    rest: float = 60
    longest: float = 900


class Gate:
    """One plugin's gate, made anew at each switch-on; calls through an old one are refused."""

    def __init__(self, owner: str, patience: Patience | None = None, now: Callable[[], float] = clock.monotonic):
        self.owner = owner
        self.last_error = ""
        self._patience = patience or Patience()
        self._now = now
        self._changed = threading.Condition()
        self._running = 0
        self._shut = False
        self._errors: deque[float] = deque(maxlen=self._patience.errors)
        self._rest = self._patience.rest
        self._rests_until: float | None = None

    @property
    def running(self) -> int:
        """How many calls are in the plugin now."""
        return self._running

    @property
    def resting(self) -> bool:
        """Whether calls are refused for a while because too many failed."""
        until = self._rests_until
        return until is not None and self._now() < until

    @contextmanager
    def passing(self, what: str, *, counts: bool = True) -> Iterator[None]:
        """Count a call to `what` while it runs; refuse it when the plugin is off or resting, and blame it if it fails.

        A CrmError is an answer (the file is bad), not a failure of the plugin, and passes as it is. What does not
        `counts` neither sends the plugin to rest nor ends its rest.
        """
        self._enter()
        try:
            yield
        except CrmError:
            raise
        except (Exception, SystemExit) as error:
            _log.error("The plugin %s failed in %s.", self.owner, what, exc_info=error)
            if counts:
                self._failed(error)
            raise PluginProblem(
                "plugin_failed",
                f"The plugin {self.owner} failed in {what}: {explain(error)}",
                "Tell whoever wrote the plugin, or switch it off under Settings, Plugins.",
            ) from error
        else:
            if counts:
                self._worked()
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def shut(self, timeout: float) -> bool:
        """Refuse new calls, then wait up to `timeout` seconds for the running ones; False if some still run."""
        with self._changed:
            self._shut = True
            return self._changed.wait_for(lambda: self._running == 0, timeout)

    def _enter(self) -> None:
        with self._changed:
            if self._shut:
                raise PluginProblem(
                    "plugin_off",
                    f"The plugin {self.owner} is off.",
                    "An admin can switch it on under Settings, Plugins.",
                )
            if self.resting:
                raise PluginProblem(
                    "plugin_resting",
                    f"The plugin {self.owner} rests after too many errors; the last was: {self.last_error}",
                    "It is tried again by itself in a few minutes.",
                )
            self._running += 1

    def _worked(self) -> None:
        if self._rests_until is not None:  # the first call after a rest succeeded
            with self._changed:
                self._rests_until, self._rest = None, self._patience.rest
                self._errors.clear()

    def _failed(self, error: BaseException) -> None:
        with self._changed:
            now = self._now()
            self.last_error = explain(error)
            self._errors.append(now)
            full = len(self._errors) == self._errors.maxlen and now - self._errors[0] <= self._patience.window
            if full or self._rests_until is not None:
                if self._rests_until is not None:
                    self._rest = min(self._rest * 2, self._patience.longest)
                self._rests_until = now + self._rest
                self._errors.clear()
