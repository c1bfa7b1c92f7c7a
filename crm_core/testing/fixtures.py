"""pytest fixtures for plugin authors: `pytest_plugins = ["crm_core.testing.fixtures"]`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_core.config import from_env
from crm_core.crm import Crm, open_crm
from crm_core.host import Host


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Crm]:
    """A whole CRM with every installed plugin, on an empty database in the test's folder."""
    opened = open_crm(from_env({}, data_dir=tmp_path / "data"), Host.discover())
    try:
        yield opened
    finally:
        opened.close()
