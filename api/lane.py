"""The lane of edits: one thread applies them, and those that come in while it syncs share the next commit.

A thread for each edit would spend its time waiting for the others and for the interpreter's lock; and the event loop
itself must not wait for a disk.
"""

import asyncio
import threading
from queue import Empty, SimpleQueue
from typing import NamedTuple

from crm_core.contracts.actor import Actor
from crm_core.contracts.change import Applied, ChangeSet
from crm_core.services.records import Records

MOST = 32
"""How many edits share a commit: nobody waits for more than these."""


class _Waiting(NamedTuple):
    change: ChangeSet
    actor: Actor
    answer: asyncio.Future[Applied]


class Lane:
    """Applies change sets in the order in which they come in."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="crm-edits")
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what is waiting."""
        self._queue.put(None)
        self._thread.join()

    async def apply(self, change: ChangeSet, actor: Actor) -> Applied:
        """As `Records.apply`; the answer comes when the change is on disk."""
        waiting = _Waiting(change, actor, self._loop.create_future())
        self._queue.put(waiting)
        return await waiting.answer

    def _run(self) -> None:
        open_ = True
        while open_:
            batch = self._next()
            open_ = batch[-1] is not None
            asked = [one for one in batch if one is not None]
            if asked:
                answers = self._applied(asked)
                self._loop.call_soon_threadsafe(_tell, asked, answers)

    def _next(self) -> list[_Waiting | None]:
        """What waits, up to MOST; waits for the first."""
        batch = [self._queue.get()]
        try:
            while batch[-1] is not None and len(batch) < MOST:
                batch.append(self._queue.get_nowait())
        except Empty:
            pass
        return batch

    def _applied(self, asked: list[_Waiting]) -> list[Applied | Exception]:
        try:
            return self._records.apply_each([(one.change, one.actor) for one in asked])
        except Exception as error:  # the commit failed: nothing of any of them stands
            return [error] * len(asked)


def _tell(asked: list[_Waiting], answers: list[Applied | Exception]) -> None:
    for one, answer in zip(asked, answers, strict=True):
        if one.answer.done():  # cancelled
            continue
        if isinstance(answer, Exception):
            one.answer.set_exception(answer)
        else:
            one.answer.set_result(answer)
