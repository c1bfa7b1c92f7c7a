"""Units of work: the one place where transactions begin and end.

`read()` gives a consistent snapshot. `write()` gives the only writer; when its block ends without an error, the work is
on disk. `write_each()` is for many short pieces of work at once, as edits are (api/lane.py): they share one commit, and
one that fails takes nothing of the others with it.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVar

from sqlalchemy import Connection
from sqlmodel import Session

from crm_core.contracts import Storage
from crm_core.errors import CrmError, Unavailable
from crm_core.storage.statements import run

MAINTENANCE_SECONDS = 5
"""After how long someone who was refused during maintenance may try again."""

T = TypeVar("T")
_log = logging.getLogger("crm.storage")


class Units:
    """Units of work on one Storage; safe to use from many threads."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self._writer = threading.Lock()
        self._inside = threading.local()
        self._after_commit: list[Callable[[], None]] = []
        self._maintenance: tuple[int, str] | None = None
        self.commit_sizes: Counter[int] = Counter()
        """How many commits held how many pieces of work, since the start."""

    def on_commit(self, tell: Callable[[], None]) -> Callable[[], None]:
        """Have `tell` called after every commit (a nudge, in the committing thread); returns what takes it back."""
        self._after_commit.append(tell)
        return lambda: self._after_commit.remove(tell)

    @contextmanager
    def maintenance(self, doing: str) -> Iterator[None]:
        """Let nobody but this thread in while the block runs: others are refused (`maintenance`) and may try again.

        It begins when the writes under way have ended. Reads under way go on seeing what they saw.
        """
        with self._writer:
            self._check_open()
            self._maintenance = (threading.get_ident(), doing)
        try:
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
    def write(self) -> Iterator[Session]:
        """The writing session; the end of the block makes its work durable, an exception undoes all of it."""
        with (
            self.writing() as connection,
            Session(bind=connection, autoflush=False, join_transaction_mode="rollback_only") as session,
        ):
            yield session
            session.flush()

    @contextmanager
    def writing(self, *, works: int = 1) -> Iterator[Connection]:
        """As `write`, for work (or several `works`) without ORM objects: a session costs about as much as an edit."""
        if getattr(self._inside, "write", False):
            raise RuntimeError("A unit of work was opened inside another one: pass the session on instead.")
        self._inside.write = True
        try:
            with self._writer:
                self._check_open()
                with self._transaction() as connection:
                    yield connection
                self.commit_sizes[works] += 1
        except BaseException as error:
            explained = self._explained(error)
            if explained is error:
                raise
            raise explained from error
        finally:
            self._inside.write = False
        for tell in tuple(self._after_commit):
            try:
                tell()
            except Exception:
                _log.exception("A listener failed after a commit; the commit stands.")

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """The writing connection in a transaction; whatever happens, the next writer gets a sound one."""
        connection = self.storage.writer()
        try:
            with connection.begin():
                yield connection
        finally:
            try:
                connection.close()
            except Exception:
                _log.exception("The writing connection could not be given back; a new one is opened.")
                with suppress(Exception):
                    connection.invalidate()

    def write_each(self, works: Sequence[Callable[[Connection], T]]) -> list[T | Exception]:
        """Run each piece of work in turn and commit once for all; one that fails is undone alone and answers its error.

        When the commit itself fails, nothing of any stands, and that error is raised.
        """
        answers: list[T | Exception] = []
        with self.writing(works=len(works)) as connection:
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

    def _explained(self, error: BaseException) -> BaseException:
        if isinstance(error, CrmError) or not isinstance(error, Exception):
            return error
        return self.storage.explain(error) or error
