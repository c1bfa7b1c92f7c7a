"""What a plugin has stored: its tables, its settings, its folder. Removing it for good, after a snapshot."""

import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from crm_core import clock
from crm_core.config import Config
from crm_core.contracts.actor import Actor
from crm_core.errors import Unavailable
from crm_core.host import Status
from crm_core.host.discovery import is_name
from crm_core.services.plugins.book import Book
from crm_core.storage.owners import drop_tables, tables_by_owner
from crm_core.storage.unit import Units


class Removed(msgspec.Struct):
    """What was removed of a plugin. Paths are relative to the data folder; None where there was nothing to keep.

    `snapshot` is the whole database as it was before, `files` where the files of the plugin's folder now lie.
    """

    name: str
    tables: list[str]
    settings: bool
    snapshot: str | None
    files: str | None


class Leftovers:
    """Looks at and removes what plugins have stored."""

    def __init__(self, units: Units, book: Book, config: Config) -> None:
        self._units = units
        self._book = book
        self._data = config.data_dir

    def tables(self, plugins: Collection[str]) -> Mapping[str, list[str]]:
        """The tables of each of these plugins, none for what cannot be a plugin's name."""
        with self._units.read() as session:
            found = tables_by_owner(session.connection(), [name for name in plugins if is_name(name)])
        return {name: found.get(name, []) for name in plugins}

    def has_files(self, name: str) -> bool:
        """Whether there is anything in the plugin's own folder."""
        folder = self._folder(name)
        return is_name(name) and folder.is_dir() and any(folder.iterdir())

    def remove(self, name: str, plugins: Collection[str], kept: Status | None, actor: Actor) -> Removed:
        """Remove all that a plugin that is off has stored; `kept` is the state of one that is still installed.

        The plugin is forgotten last, in the transaction that drops its tables: if the process dies before, it is still
        listed and the removal can be repeated. Its files are moved beside the snapshot.
        """
        tables = sorted(self.tables(plugins)[name])
        settings = self._book.recall(name).settings is not None
        stamp = re.sub(r"\D", "", clock.now_text())
        kept_as = f"snapshots/before-removing-{name}-{stamp}"
        removed = Removed(name, tables, settings, None, None)
        with self._reporting():
            (self._data / "snapshots").mkdir(parents=True, exist_ok=True)
            if tables or settings:
                removed.snapshot = f"{kept_as}.sqlite3"
                self._units.storage.snapshot(self._data / removed.snapshot)
            if self.has_files(name):
                removed.files = kept_as
                shutil.move(self._folder(name), self._data / kept_as)
        try:
            with self._units.write() as session:
                drop_tables(session.connection(), tables)
                self._book.forget(session, name, kept, actor, msgspec.to_builtins(removed))
        except BaseException:
            if removed.files:
                shutil.move(self._data / removed.files, self._folder(name))
            raise
        return removed

    def _folder(self, name: str) -> Path:
        return self._data / "plugins" / name

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unavailable(
                "storage_failed",
                f"What the plugin has stored cannot be kept in {self._data / 'snapshots'} ({error.strerror}).",
                "Nothing was removed. Make room or mend the folder, then repeat.",
            ) from error
