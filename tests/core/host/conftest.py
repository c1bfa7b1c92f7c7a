"""A folder of third-party plugins on sys.path, and desks on a data folder of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.core.host.desk import Desk
from tests.core.host.parcels import Parcels


@pytest.fixture
def parcels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parcels]:
    parcels = Parcels(tmp_path / "site")
    monkeypatch.syspath_prepend(str(parcels.folder))
    yield parcels
    parcels.forget()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Opens desks on one data folder; every one is closed at the end."""
    with ExitStack() as opened:

        def open_desk(**options: object) -> Desk:
            made = Desk(tmp_path / "data", **options)  # type: ignore[arg-type]
            opened.callback(made.close)
            return made

        yield open_desk
