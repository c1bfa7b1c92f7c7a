"""Makes the indexes that reads of large tables ask for: off the request, one after the other."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Hashable
from datetime import timedelta

from crm_core import clock
from crm_core.storage.queries.indexes import Plan, is_large, last_use, make, mark_used
from crm_core.storage.unit import Units

_AGAIN_SECONDS = 60.0
_STALE_HOURS = 1
_MAX_KNOWN = 4_096
_log = logging.getLogger("crm.indexes")


class Indexing:
    """Takes wishes from reads and fulfils them in a thread of its own, which ends when there is nothing to do."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._lock = threading.Lock()
        self._asked: dict[Hashable, float] = {}
        self._wishes: deque[Plan] = deque()
        self._thread: threading.Thread | None = None
        self._closed = False

    def wish(self, question: Hashable, plan: Callable[[], Plan | None]) -> None:
        """Note that a question was asked; `plan` is called only if nothing was done about it lately."""
        now = clock.monotonic()
        if now - self._asked.get(question, -_AGAIN_SECONDS) < _AGAIN_SECONDS:
            return
        wanted = plan()
        with self._lock:
            if len(self._asked) >= _MAX_KNOWN:
                self._asked.clear()
            self._asked[question] = now
            if wanted is None or self._closed or wanted in self._wishes:
                return
            self._wishes.append(wanted)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="crm-indexes", daemon=True)
                self._thread.start()

    def settle(self) -> None:
        """Wait until every wish so far is fulfilled (for benchmarks and tests)."""
        while (thread := self._thread) is not None:
            thread.join()

    def close(self) -> None:
        """Take no more wishes and wait for the index under way."""
        with self._lock:
            self._closed = True
            self._wishes.clear()
        self.settle()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._wishes:
                    self._thread = None
                    return
                plan = self._wishes.popleft()
            try:
                self._fulfil(plan)
            except Exception:
                _log.warning("The index %s could not be made; reads stay as they are.", plan.name, exc_info=True)

    def _fulfil(self, plan: Plan) -> None:
        with self._units.read() as session:
            connection = session.connection()
            used = last_use(connection, plan)
            if used is None and not is_large(connection, plan.table):
                return
        if used is None:
            with self._units.write() as session:
                make(session.connection(), plan)
            _log.info("Made the index %s on %s: %s.", plan.name, plan.table.physical, plan.terms)
        elif used < clock.to_text(clock.now() - timedelta(hours=_STALE_HOURS)):
            with self._units.write() as session:
                mark_used(session.connection(), plan)
