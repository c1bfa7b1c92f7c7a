"""The demo fund: complete, linked, and never poured over data that is there."""

from pathlib import Path

from api.demo import INVESTORS, fill
from crm_core.config import from_env
from crm_core.contracts.actor import SYSTEM
from crm_core.contracts.query import Filter, Query
from crm_core.crm import open_crm
from crm_core.host import Host


def test_the_demo_fund_fills_an_empty_database_once(tmp_path: Path) -> None:
    crm = open_crm(from_env({}, data_dir=tmp_path), Host.discover())
    try:
        assert fill(crm)
        version = crm.records.since(0)[1]
        assert version == 1
        assert crm.windows.query("investors", Query(limit=1), SYSTEM).total == INVESTORS
        names = crm.windows.query("investors", Query(fields=["name"], limit=INVESTORS), SYSTEM).columns[0]
        assert len(set(names)) == INVESTORS
        unlinked = Filter(any_of=[Filter(field="investor", op="is_empty"), Filter(field="fund", op="is_empty")])
        assert crm.windows.query("commitments", Query(filter=unlinked), SYSTEM).total == 0
        lonely = Filter(field="investor", op="is_empty")
        assert crm.windows.query("tasks", Query(filter=lonely), SYSTEM).total == 0
        assert crm.windows.query("tasks", Query(), SYSTEM).total > 5
        funds = crm.fundraising.summary()["by_fund"]
        assert funds[1]["soft"] > 0
        assert funds[1]["hard"] > 0
        assert not fill(crm)
        assert crm.records.since(0)[1] == version
    finally:
        crm.close()
