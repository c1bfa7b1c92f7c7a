"""Counts how often something happened lately, per key, in this process's memory."""

import math
import threading
from collections.abc import Hashable

from crm_core import clock

_FULL = 20_000


class Meter:
    """At most `most` times in `seconds` for each key, in windows that begin with the first time."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self._lock = threading.Lock()
        self._windows: dict[Hashable, tuple[float, int]] = {}

    def take(self, key: Hashable) -> int:
        """Count one; 0 when that is within the limit, else the seconds until the next one will be."""
        now = clock.monotonic()
        with self._lock:
            end, count = self._windows.get(key, (0.0, 0))
            if end <= now:
                self._sweep(now)
                end, count = now + self.seconds, 0
            if count >= self.most:
                return max(1, math.ceil(end - now))
            self._windows[key] = (end, count + 1)
            return 0

    def give_back(self, key: Hashable) -> None:
        """Take back one count."""
        with self._lock:
            end, count = self._windows.get(key, (0.0, 0))
            if count > 1:
                self._windows[key] = (end, count - 1)
            else:
                self._windows.pop(key, None)

    def _sweep(self, now: float) -> None:
        """Forget windows that have ended, once there are many keys; a flood of keys then loses the oldest."""
        if len(self._windows) >= _FULL:
            live = {key: window for key, window in self._windows.items() if window[0] > now}
            self._windows = dict(list(live.items())[-_FULL // 2 :])
