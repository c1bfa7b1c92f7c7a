"""Settings of plugins: valid or refused, upgraded, secrets sealed and never shown."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, SecretStr

from crm_core.contracts import PluginInfo
from crm_core.contracts.actor import SYSTEM
from crm_core.errors import Invalid, PluginProblem
from crm_core.services.plugins.form import MASK, PURPOSE, Form, Unfit
from crm_core.services.secrets import Sealed, Vault
from tests.core.host.desk import Desk
from tests.core.host.parcels import Parcels

Desks = Callable[..., Desk]
KEY = "k" * 40

MAILER = """
from typing import Annotated
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from crm_core import PluginInfo, hookimpl
from crm_core.contracts import HealthCheck, Verdict

class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    server: str
    port: Annotated[int, Field(ge=1)] = 25
    password: SecretStr = SecretStr("")

PLUGIN = PluginInfo(name="mailer", title="Mailer", summary="x", settings=Settings)
seen = []

@hookimpl
def crm_health_checks(ctx):
    return [HealthCheck("server", lambda: Verdict(True, ctx.settings.server))]

@hookimpl
def crm_started(ctx):
    seen.append((ctx.settings.server, ctx.settings.password.get_secret_value()))
    if ctx.settings.server == "bad.example":
        raise ValueError(f"login with {ctx.settings.password.get_secret_value()} refused")
"""


def test_a_plugin_without_its_settings_needs_setup_and_comes_on_when_it_has_them(parcels: Parcels, desk: Desks) -> None:
    parcels.add("mailer", MAILER, readme="# Mailer")
    here = desk()
    view = here.plugins.enable("mailer", SYSTEM)
    assert (view.state, view.reason) == ("needs_setup", "server: Field required.")
    assert view.settings_schema["properties"]["password"]["writeOnly"]
    assert view.readme == "# Mailer"
    view = here.plugins.configure("mailer", {"server": "mail.example", "password": "hunter22"}, SYSTEM)
    assert view.state == "on"
    assert view.settings == {"server": "mail.example", "port": 25, "password": MASK}
    assert [check.detail for check in here.plugins.health() if check.name == "mailer: server"] == ["mail.example"]
    assert here.events("plugin.configured") == [("mailer", {"settings": ["password", "server"]})]


def test_a_secret_lies_sealed_in_the_database_and_is_kept_when_it_is_not_sent(parcels: Parcels, desk: Desks) -> None:
    module = parcels.add("mailer", MAILER)
    here = desk()
    here.plugins.configure("mailer", {"server": "mail.example", "password": "hunter22"}, SYSTEM)
    here.plugins.enable("mailer", SYSTEM)
    here.plugins.configure("mailer", {"port": 26}, SYSTEM)
    here.plugins.configure("mailer", {"password": MASK, "server": "other.example"}, SYSTEM)
    seen = __import__(f"{module}.plugin", fromlist=["seen"]).seen
    assert seen == [("mail.example", "hunter22")] * 2 + [("other.example", "hunter22")]
    everything = json.dumps([here.rows("SELECT * FROM app_settings"), here.rows("SELECT * FROM events")])
    assert "hunter22" not in everything
    assert b"hunter22" not in (here.config.data_dir / "crm.sqlite3").read_bytes()
    assert here.plugins.configure("mailer", {"password": ""}, SYSTEM).settings["password"] == ""


def test_settings_that_are_wrong_are_refused_one_by_one_and_nothing_changes(parcels: Parcels, desk: Desks) -> None:
    parcels.add("mailer", MAILER)
    here = desk()
    here.plugins.configure("mailer", {"server": "mail.example"}, SYSTEM)
    before = here.rows("SELECT * FROM app_settings")
    with pytest.raises(Invalid) as caught:
        here.plugins.configure("mailer", {"port": 0, "colour": "red", "password": ["secret!"]}, SYSTEM)
    assert sorted(fault.pointer for fault in caught.value.faults) == ["/colour", "/password", "/port"]
    assert "secret!" not in str(caught.value)
    assert here.rows("SELECT * FROM app_settings") == before


def test_settings_the_plugin_does_not_start_with_are_refused_and_the_old_ones_stay(
    parcels: Parcels, desk: Desks
) -> None:
    parcels.add("mailer", MAILER)
    here = desk()
    here.plugins.configure("mailer", {"server": "mail.example", "password": "hunter22"}, SYSTEM)
    here.plugins.enable("mailer", SYSTEM)
    with pytest.raises(PluginProblem) as caught:
        here.plugins.configure("mailer", {"server": "bad.example"}, SYSTEM)
    assert caught.value.code == "settings_refused"
    assert "hunter22" not in str(caught.value)
    view = here.plugins.show("mailer", SYSTEM)
    assert (view.state, view.settings["server"]) == ("on", "mail.example")
    assert "hunter22" not in json.dumps(here.events())


def test_another_secret_key_asks_for_the_secret_again(parcels: Parcels, desk: Desks) -> None:
    parcels.add("mailer", MAILER)
    first = desk(CRM_SECRET_KEY=KEY)
    first.plugins.configure("mailer", {"server": "mail.example", "password": "hunter22"}, SYSTEM)
    first.plugins.enable("mailer", SYSTEM)
    first.plugins.close()
    again = desk(CRM_SECRET_KEY="other" * 8)
    view = again.plugins.show("mailer", SYSTEM)
    assert view.state == "needs_setup"
    assert "password cannot be read with this CRM_SECRET_KEY" in view.reason
    assert view.settings["server"] == "mail.example"
    assert again.plugins.configure("mailer", {"password": "hunter23"}, SYSTEM).state == "on"


class Old(BaseModel):
    host: str = "h"


class New(BaseModel):
    server: str
    token: SecretStr = SecretStr("")


def info(model: type[BaseModel], **more: Any) -> PluginInfo:
    return PluginInfo(name="x", title="X", summary="x", settings=model, **more)


def upgrade(version: int, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"server": values["host"], "token": f"v{version}"}


def test_settings_of_an_older_version_are_upgraded_and_of_a_newer_refused() -> None:
    vault = Vault(KEY, PURPOSE)
    stored = Form(info(Old), vault).dump(Old(host="a"))
    newer = Form(info(New, settings_version=3, upgrade=upgrade), vault)
    assert newer.load(stored) == New(server="a", token=SecretStr("v1"))
    with pytest.raises(Unfit, match="saved by a newer version"):
        Form(info(Old), vault).load(newer.dump(newer.load(stored)))


def test_an_upgrade_that_fails_is_a_reason() -> None:
    def fail(version: int, values: Mapping[str, Any]) -> Mapping[str, Any]:
        raise KeyError("gone")

    form = Form(info(New, settings_version=2, upgrade=fail), Vault(KEY, PURPOSE))
    with pytest.raises(Unfit, match="upgrade of settings from version 1 to 2 failed with KeyError"):
        form.load({"version": 1, "values": {}})
    assert form.changed({"version": 1, "values": {}}, {"server": "s"}) == New(server="s")


def test_the_upgraded_settings_are_saved_at_switch_on(parcels: Parcels, desk: Desks) -> None:
    parcels.add("mailer", MAILER)
    first = desk()
    first.plugins.configure("mailer", {"server": "mail.example"}, SYSTEM)
    first.close()
    for path in parcels.folder.glob("*mailer/plugin.py"):
        newer = (
            ', settings=Settings, settings_version=2, upgrade=lambda v, old: dict(old, server="new." + old["server"]))'
        )
        path.write_text(MAILER.replace(", settings=Settings)", newer))
    parcels.forget()
    again = desk()
    assert again.plugins.enable("mailer", SYSTEM).settings["server"] == "new.mail.example"
    assert json.loads(again.rows("SELECT value FROM app_settings")[0][0])["version"] == 2
    assert not again.plugins.follow()


def test_a_secret_opens_only_in_its_own_place() -> None:
    vault = Vault(KEY, PURPOSE)
    sealed = vault.seal("s", "one/token")
    assert vault.open(sealed, "one/token") == "s"
    for broken, place in ((sealed, "two/token"), (sealed[:-4], "one/token"), ("%%", "one/token"), ("", "one/token")):
        with pytest.raises(Sealed):
            vault.open(broken, place)


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)

    label: str = ""
    key: SecretStr = SecretStr("")


class Deep(BaseModel):
    parts: list[Part] = []
    named: dict[str, Part] = {}
    plain: dict[str, int] = {}


secrets = st.text(min_size=1).filter(lambda text: text != MASK)
parts = st.builds(Part, label=st.text(), key=secrets.map(SecretStr))


@given(st.builds(Deep, parts=st.lists(parts, max_size=3), named=st.dictionaries(st.text(), parts, max_size=3)))
def test_settings_come_back_as_they_were_and_masks_change_nothing(deep: Deep) -> None:
    """Stored and loaded they are the same; what is shown, sent back, changes nothing; no secret is in either."""
    form = Form(info(Deep), Vault(KEY, PURPOSE))
    stored = json.loads(json.dumps(form.dump(deep)))
    assert form.load(stored) == deep
    shown = form.shown(stored)
    assert form.changed(stored, json.loads(json.dumps(shown))) == deep
    assert all(part["key"] == MASK for part in [*shown["parts"], *shown["named"].values()])
    kept = {str(part["key"]) for part in [*stored["values"]["parts"], *stored["values"]["named"].values()]}
    assert all("$sealed" in text for text in kept)
