from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.queries.world import World, make_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = make_world(Path(tmp_path_factory.mktemp("reading")))
    yield made
    made.close()
