"""A plugin's settings between the form, the database and the plugin: valid, upgraded, secrets sealed and write-only."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import to_jsonable_python

from crm_core.contracts import PluginInfo
from crm_core.errors import Fault, Invalid
from crm_core.services.secrets import Sealed, Vault

MASK = "**********"
"""How pydantic shows a secret that is set; sent back, it leaves the secret as it is."""

PURPOSE = "plugin settings"
"""What a Vault for the secrets in settings is made for."""

_SEALED = "$sealed"


class Unfit(Exception):
    """Stored settings cannot be used; the text is the reason, without any value."""


class Form:
    """Reads and writes the settings of one plugin in their stored form: `{"version": 1, "values": {…}}`."""

    def __init__(self, info: PluginInfo, vault: Vault) -> None:
        self._info = info
        self._vault = vault

    def load(self, stored: Mapping[str, Any] | None) -> BaseModel:
        """The settings as the plugin gets them, upgraded if they are old; Unfit when there is something to fill in."""
        values = self._values(stored)
        try:
            return self._model(values)
        except ValidationError as error:
            raise Unfit("; ".join(fault.detail for fault in _faults(error))) from error
        except Exception as error:
            raise Unfit(f"The check of its settings failed with {type(error).__name__}") from error

    def changed(self, stored: Mapping[str, Any] | None, given: Mapping[str, Any]) -> BaseModel:
        """Stored settings with the members in `given` replaced; Invalid (`bad_settings`) with a fault per member."""
        values = self._usable(stored)
        model, shown = self._info.settings, self.shown(stored)
        known = {part.alias or name for name, part in model.model_fields.items()}
        faults = [
            Fault("unknown_setting", f"{name} is not a setting of {self._info.title}.", f"/{name}")
            for name in given
            if name not in known and model.model_config.get("extra", "ignore") == "ignore"
        ]
        values |= {name: _unmask(value, shown.get(name), values.get(name)) for name, value in given.items()}
        try:
            settings = self._model(values)
        except ValidationError as error:
            faults += _faults(error)
        except Exception as error:
            faults += [Fault("bad_value", f"The check of the settings failed with {type(error).__name__}.")]
        if not faults:
            return settings
        raise Invalid(
            "bad_settings",
            f"These settings of {self._info.title} cannot be taken: {'; '.join(fault.detail for fault in faults)}",
            "Nothing was changed. Correct them and save again.",
            faults=faults,
        )

    def dump(self, settings: BaseModel) -> dict[str, Any]:
        """The stored form."""

        def seal(value: Any, place: str) -> Any:
            if isinstance(value, SecretStr):
                return {_SEALED: self._vault.seal(value.get_secret_value(), place)}
            return _within(value, place, seal)

        values = seal(settings.model_dump(mode="python", by_alias=True), self._info.name)
        return {"version": self._info.settings_version, "values": to_jsonable_python(values)}

    def shown(self, stored: Mapping[str, Any] | None) -> dict[str, Any]:
        """What admins may see: every value, defaults filled in, each secret that is set as MASK."""
        try:
            return self.load(stored).model_dump(mode="json", by_alias=True)
        except Unfit:
            values: dict[str, Any] = _masked((stored or {}).get("values", {}))
            return values

    def schema(self) -> dict[str, Any]:
        """The JSON Schema that the form is drawn from; empty when the model cannot give one."""
        try:
            return self._info.settings.model_json_schema()
        except Exception:
            return {}

    def _model(self, values: Mapping[str, Any]) -> BaseModel:
        return self._info.settings.model_validate_json(json.dumps(values))

    def _usable(self, stored: Mapping[str, Any] | None) -> dict[str, Any]:
        """As much of the stored values as can be read."""
        for forgiving in (False, True):
            try:
                return self._values(stored, forgiving=forgiving)
            except Unfit:
                continue
        return {}

    def _values(self, stored: Mapping[str, Any] | None, *, forgiving: bool = False) -> dict[str, Any]:
        """Stored values with their secrets open, upgraded; `forgiving` leaves out secrets that cannot be opened."""
        if stored is None:
            return {}

        def unseal(value: Any, place: str) -> Any:
            if isinstance(value, Mapping) and _SEALED in value:
                try:
                    return self._vault.open(value[_SEALED], place)
                except Sealed as error:
                    if forgiving:
                        return None
                    member = place.partition("/")[2]
                    raise Unfit(
                        f"The stored secret {member} cannot be read with this CRM_SECRET_KEY; enter it again"
                    ) from error
            return _within(value, place, unseal)

        values: dict[str, Any] = unseal(stored["values"], self._info.name)
        if forgiving:
            values = {name: value for name, value in values.items() if value is not None}
        return self._upgraded(stored["version"], values)

    def _upgraded(self, version: int, values: dict[str, Any]) -> dict[str, Any]:
        known = self._info.settings_version
        if version > known:
            raise Unfit(f"Its settings were saved by a newer version of it ({version}, this one knows {known})")
        if version == known or self._info.upgrade is None:
            return values
        try:
            return dict(self._info.upgrade(version, values))
        except Exception as error:
            raise Unfit(
                f"Its upgrade of settings from version {version} to {known} failed with {type(error).__name__}"
            ) from error


def _within(value: Any, place: str, act: Callable[[Any, str], Any]) -> Any:
    """Do `act` to every member of a mapping or list, and give the rest as it is."""
    if isinstance(value, Mapping):
        return {key: act(item, f"{place}/{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [act(item, f"{place}/{index}") for index, item in enumerate(value)]
    return value


def _masked(value: Any, place: str = "") -> Any:
    return MASK if isinstance(value, Mapping) and _SEALED in value else _within(value, place, _masked)


def _unmask(given: Any, shown: Any, kept: Any) -> Any:
    """What was sent, with each mask at a place that shows one replaced by the secret that is kept there."""
    if given == MASK and shown == MASK:
        return kept
    if isinstance(given, Mapping) and isinstance(shown, Mapping) and isinstance(kept, Mapping):
        return {key: _unmask(item, shown.get(key), kept.get(key)) for key, item in given.items()}
    if isinstance(given, list) and isinstance(shown, list) and isinstance(kept, list):
        padded = [*zip(shown, kept, strict=False)] + [(None, None)] * len(given)
        return [_unmask(item, *padded[index]) for index, item in enumerate(given)]
    return given


def _faults(error: ValidationError) -> list[Fault]:
    """pydantic's findings without the values, which may be secret."""
    return [
        Fault(
            "bad_value",
            f"{'.'.join(str(part) for part in found['loc']) or 'settings'}: {found['msg']}",
            "".join(f"/{part}" for part in found["loc"]),
        )
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def scrubbed(text: str, settings: BaseModel | None) -> str:
    """A text without the secrets of these settings: what a plugin raises is shown, and may quote them."""

    def hide(value: Any, place: str) -> Any:
        nonlocal text
        if isinstance(value, SecretStr) and value.get_secret_value():
            text = text.replace(value.get_secret_value(), MASK)
        return _within(value, place, hide)

    if settings is not None:
        hide(settings.model_dump(mode="python"), "")
    return text
