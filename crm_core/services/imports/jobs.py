"""Background work of imports: one at a time, with progress that anyone may ask for, and a way to stop it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from crm_core.contracts.imports import Progress, Status
from crm_core.errors import Conflict


class Cancelled(Exception):
    """The work was asked to stop."""


class Job:
    """One piece of work: what it does, how far it is, and whether it shall stop."""

    def __init__(self, doing: Status, total: int) -> None:
        self.doing = doing
        self.progress = Progress(0, total)
        self._stop = threading.Event()
        self.ended = threading.Event()

    def stop(self) -> None:
        """Ask the work to end at its next step."""
        self._stop.set()

    def reach(self, done: int) -> None:
        """Note how many rows are done; raises Cancelled when the work was asked to stop."""
        if self._stop.is_set():
            raise Cancelled
        self.progress = Progress(done, self.progress.total)

    def advance(self, rows: int) -> None:
        """Note that so many more rows are done."""
        self.reach(self.progress.done + rows)


class Jobs:
    """Runs work by import key; a second piece of work for the same import is refused."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "crm-import")
        self._lock = threading.Lock()
        self._running: dict[int, Job] = {}

    def get(self, key: int) -> Job | None:
        """The work under way for an import, queued work included."""
        with self._lock:
            return self._running.get(key)

    def start(self, key: int, doing: Status, total: int, run: Callable[[Job], None]) -> None:
        """Queue work; Conflict (`import_busy`) when the import has some already."""
        job = Job(doing, total)
        with self._lock:
            if key in self._running:
                raise Conflict("import_busy", "This import is being worked on already.", "Wait, or cancel it.")
            self._running[key] = job

        def work() -> None:
            try:
                run(job)
            finally:
                _give_back()
                with self._lock:
                    del self._running[key]
                job.ended.set()

        try:
            self._pool.submit(work)
        except RuntimeError:
            with self._lock:
                del self._running[key]
            raise Conflict("stopping", "The CRM is stopping.", "Try again when it runs.") from None

    def wait(self, key: int, timeout: float | None = None) -> bool:
        """Wait until an import has no work under way; False when it still has after so many seconds."""
        job = self.get(key)
        return job is None or job.ended.wait(timeout)

    def close(self) -> None:
        """Stop what runs and wait for its end."""
        with self._lock:
            running = list(self._running.values())
        for job in running:
            job.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _give_back() -> None:
    """Return the memory that a large file took to the system; glibc keeps what is freed, others do not.

    100,000 rows of 20 columns leave about 20 MiB to give back; a server runs for months after an import.
    """
    import ctypes  # only here, so that no start waits for it

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
