"""Totals already counted, so that scrolling through a window does not count all rows again for each page."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

MAX_TOTALS = 512


class Totals:
    """The latest counts by what was asked at which version; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, int] = OrderedDict()

    def get(self, key: Hashable) -> int | None:
        with self._lock:
            total = self._known.get(key)
            if total is not None:
                self._known.move_to_end(key)
            return total

    def put(self, key: Hashable, total: int) -> None:
        with self._lock:
            self._known[key] = total
            if len(self._known) > MAX_TOTALS:
                self._known.popitem(last=False)
