"""Units of work: the one place where transactions begin and end.

`read()` gives a consistent snapshot. `write()` gives the only writer; when its block ends without an error, the work is
on disk. Writers that queue up share one commit (group commit): those after the first run in a savepoint of their own,
so one that fails takes nothing of the others with it, and all are told only after the shared commit.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

from sqlalchemy import Connection
from sqlmodel import Session

from crm_core.contracts import Storage
from crm_core.errors import CrmError, Unavailable
from crm_core.storage.statements import run

MAX_GROUP = 32
MAINTENANCE_SECONDS = 5
"""After how long someone who was refused during maintenance may try again."""

T = TypeVar("T")
_log = logging.getLogger("crm.storage")


class _Group:
    """Writers that share one commit."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.members = 0
        self.done = threading.Event()
        self.error: BaseException | None = None


class Units:
    """Units of work on one Storage; safe to use from many threads."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self._writer = threading.Lock()
        self._count = threading.Lock()
        self._waiting = 0
        self._group: _Group | None = None
        self._inside = threading.local()
        self._after_commit: list[Callable[[], None]] = []
        self._maintenance: tuple[int, str] | None = None

    def on_commit(self, tell: Callable[[], None]) -> Callable[[], None]:
        """Have `tell` called after every commit (a nudge, in the committing thread); returns what takes it back."""
        self._after_commit.append(tell)
        return lambda: self._after_commit.remove(tell)

    @contextmanager
    def maintenance(self, doing: str) -> Iterator[None]:
        """Let nobody but this thread in while the block runs: others are refused (`maintenance`) and may try again.

        It begins when the writes under way have ended. Reads under way go on seeing what they saw.
        """
        with self._count:
            self._check_open()
            self._maintenance = (threading.get_ident(), doing)
        try:
            with self._writer:
                if self._group is not None:
                    self._finish(self._group)
            yield
        finally:
            self._maintenance = None

    def _check_open(self) -> None:
        if self._maintenance is not None and self._maintenance[0] != threading.get_ident():
            raise Unavailable(
                "maintenance",
                f"{self._maintenance[1]}; it takes a few moments.",
                "Try again in a moment; nothing of the request was done.",
                extra={"retry_after": MAINTENANCE_SECONDS},
            )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database, whatever is written meanwhile."""
        self._check_open()
        try:
            connection = self.storage.reader()
            try:
                with Session(bind=connection, autoflush=False) as session:
                    yield session
            finally:
                connection.close()
        except CrmError:
            raise
        except Exception as error:
            raise self._explained(error) from error

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Session]:
        """The writing session; the end of the block makes its work durable, an exception undoes all of it.

        Work that may take long (an import, a restore) asks to be `alone`, so that no short edit waits for its end to be
        acknowledged.
        """
        with (
            self.writing(alone=alone) as connection,
            Session(bind=connection, autoflush=False, join_transaction_mode="rollback_only") as session,
        ):
            yield session
            session.flush()

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Connection]:
        """As `write`, for work that needs no ORM objects: a session costs about as much as an edit."""
        if getattr(self._inside, "write", False):
            raise RuntimeError("A unit of work was opened inside another one: pass the session on instead.")
        self._inside.write = True
        try:
            group = self._enter(alone)
            try:
                yield group.connection
                if group.members:
                    run(group.connection, "RELEASE SAVEPOINT unit")
            except BaseException as error:
                self._undo(group)
                explained = self._explained(error)
                if explained is error:
                    raise
                raise explained from error
            self._leave(group, alone)
        finally:
            self._inside.write = False
        for tell in tuple(self._after_commit):
            try:
                tell()
            except Exception:
                _log.exception("A listener failed after a commit; the commit stands.")

    def write_each(self, works: Sequence[Callable[[Connection], T]]) -> list[T | Exception]:
        """Run each piece of work in turn and commit once for all; one that fails is undone alone and answers its error.

        When the commit itself fails, nothing of any stands, and that error is raised.
        """
        answers: list[T | Exception] = []
        with self.writing() as connection:
            for work in works:
                run(connection, "SAVEPOINT each")
                try:
                    answers.append(work(connection))
                except Exception as error:
                    answers.append(self._taken_back(connection, error))
                run(connection, "RELEASE SAVEPOINT each")
        return answers

    def _taken_back(self, connection: Connection, error: Exception) -> Exception:
        """Undo one piece of work of several; raises its error when the database gave up the whole transaction."""
        try:
            run(connection, "ROLLBACK TO SAVEPOINT each")
        except Exception:
            raise error from None
        explained = self._explained(error)
        return explained if isinstance(explained, Exception) else error

    def _enter(self, alone: bool) -> _Group:
        """Take the writer's place in the open group, or begin one."""
        with self._count:
            self._waiting += 1
        self._writer.acquire()
        with self._count:
            self._waiting -= 1
        try:
            self._check_open()
            if self._group is not None and alone:
                self._finish(self._group)
            if self._group is None:
                connection = self.storage.writer()
                connection.begin()
                self._group = _Group(connection)
            if self._group.members:
                run(self._group.connection, "SAVEPOINT unit")
            return self._group
        except BaseException as error:
            if self._group is not None:
                self._fail(self._group, error)
            self._writer.release()
            raise self._explained(error) from error

    def _leave(self, group: _Group, alone: bool) -> None:
        """Commit, or leave that to the next writer in the queue; return only when the work is durable."""
        group.members += 1
        with self._count:
            hand_over = self._waiting > 0 and group.members < MAX_GROUP and not alone
        if hand_over:
            self._writer.release()
            group.done.wait()
        else:
            self._finish(group)
            self._writer.release()
        if group.error is not None:
            raise self._explained(group.error) from group.error

    def _undo(self, group: _Group) -> None:
        """Take back one writer's work; the others of its group keep theirs."""
        try:
            if group.members:
                run(group.connection, "ROLLBACK TO SAVEPOINT unit")
                run(group.connection, "RELEASE SAVEPOINT unit")
        except BaseException as error:  # the database gave up the whole transaction (disk full): nobody's work stands
            self._fail(group, error)
        else:
            if group.members:
                self._finish(group)
            else:
                self._fail(group, None)
        self._writer.release()

    def _finish(self, group: _Group) -> None:
        self._group = None
        try:
            group.connection.get_transaction().commit()  # type: ignore[union-attr]
        except BaseException as error:
            group.error = error
        self._close(group)
        group.done.set()

    def _fail(self, group: _Group, error: BaseException | None) -> None:
        self._group = None
        group.error = error
        self._close(group)
        group.done.set()

    def _close(self, group: _Group) -> None:
        """Roll back what is left and give the connection up; whatever happens, the next writer gets its turn."""
        try:
            if group.connection.in_transaction():
                group.connection.rollback()
            group.connection.close()
        except Exception:
            _log.exception("The writing connection could not be given back; a new one is opened.")
            with suppress(Exception):
                group.connection.invalidate()

    def _explained(self, error: BaseException) -> BaseException:
        if isinstance(error, CrmError) or not isinstance(error, Exception):
            return error
        return self.storage.explain(error) or error
