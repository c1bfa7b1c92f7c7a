"""Events that are no change of records, in words. Each function answers the sentence after who did it."""

from collections.abc import Callable, Mapping
from typing import Any

from crm_core import ids
from crm_core.contracts.activity import Part
from crm_core.services.activity.words import Words, several, shortened
from crm_core.services.events import EVENT_KINDS
from crm_core.storage.queries.feed import Event

Data = Mapping[str, Any]
Sentence = Callable[[Words, Event, Data], list[Part]]


def tell(words: Words, event: Event, data: Data) -> list[Part]:
    """The sentence of an event; a kind without one of its own is told by its description."""
    sentence = _SENTENCES.get(event.kind)
    return sentence(words, event, data) if sentence else _plain(words, event, data)


def _plain(words: Words, event: Event, data: Data) -> list[Part]:
    """The kind's description, with what it is about."""
    text = EVENT_KINDS.get(event.kind, event.kind).rstrip(".")
    about = [Part(" · "), Part(shortened(event.subject), "thing")] if event.subject else []
    return [Part(text[:1].lower() + text[1:]), *about]


def _thing(text: object) -> Part:
    return Part(shortened(str(text)), "thing")


def _signed_in(words: Words, event: Event, data: Data) -> list[Part]:
    return [Part("signed in"), *_from(data)]


def _from(data: Data) -> list[Part]:
    return [Part(" from "), _thing(data["address"])] if data.get("address") else []


def _failed(words: Words, event: Event, data: Data) -> list[Part]:
    who = [Part(" as "), words.person(event.subject)] if event.subject else [Part(" as somebody unknown")]
    return [Part("refused a sign-in"), *who, *_from(data)]


def _factor(words: Words, event: Event, data: Data) -> list[Part]:
    if data.get("what") == "reset":
        return [Part("took away all second factors of "), words.person(event.subject)]
    name = [Part(" "), _thing(data["name"])] if data.get("name") else []
    factor = {"app": "an authenticator app", "passkey": "a passkey", "recovery_codes": "recovery codes"}
    return [Part(f"{data.get('what', 'changed')} {factor.get(str(data.get('factor')), 'a second factor')}"), *name]


def _factor_failed(words: Words, event: Event, data: Data) -> list[Part]:
    return [Part("refused a second factor of "), words.person(event.subject), *_from(data)]


def _backup(verb: str) -> Sentence:
    def sentence(words: Words, event: Event, data: Data) -> list[Part]:
        size = f", {int(data['size']) / 2**20:.1f} MB" if data.get("size") else ""
        problem = f": {shortened(str(data['problem']))}" if data.get("problem") else ""
        name = [_thing(event.subject)] if event.subject else [Part("the nightly one")]
        return [Part(f"{verb} "), *name, *([Part(size + problem)] if size + problem else [])]

    return sentence


def _signed_out(words: Words, event: Event, data: Data) -> list[Part]:
    if event.subject.startswith("usr"):
        return [Part("signed out "), words.person(event.subject), Part(" everywhere")]
    return [Part(f"signed out {event.subject}" if event.subject.startswith("every") else "signed out")]


def _denied(words: Words, event: Event, data: Data) -> list[Part]:
    code = str(data.get("code", "")).replace("_", " ")
    why = Part(f" ({code})" if code else "")
    if event.actor_id is None:
        return [Part("refused "), _thing(event.subject), Part(" to somebody unknown"), *_from(data), why]
    return [Part("was refused "), _thing(event.subject), why]


def _of_person(verb: str) -> Sentence:
    def sentence(words: Words, event: Event, data: Data) -> list[Part]:
        changed = ", ".join(f"{key} to {_said(value)}" for key, value in data.items() if key in _SHOWN)
        return [Part(f"{verb} "), words.person(event.subject), *([Part(f": {changed}")] if changed else [])]

    return sentence


_SHOWN = ("name", "role", "active", "email")


def _said(value: Any) -> str:
    pair = value if isinstance(value, list) and len(value) == 2 else [None, value]
    return {True: "yes", False: "no"}.get(pair[1]) or shortened(str(pair[1])) if pair[1] is not None else "none"


def _invited(words: Words, event: Event, data: Data) -> list[Part]:
    return [Part("invited "), _thing(data.get("email", "somebody")), Part(f" as {data.get('role', 'member')}")]


def _token(words: Words, event: Event, data: Data) -> list[Part]:
    return [Part("made the API token "), _thing(data.get("name", "")), Part(f" ({data.get('scope', '')})")]


def _plugin_switched(words: Words, event: Event, data: Data) -> list[Part]:
    state = str(data.get("state", "")).replace("_", " ")
    reason = f": {shortened(str(data['reason']))}" if data.get("reason") else ""
    return [Part("switched the plugin "), _thing(event.subject), Part(f" to {state}{reason}")]


def _plugin_configured(words: Words, event: Event, data: Data) -> list[Part]:
    names = ", ".join(map(str, data.get("settings", ())))
    return [Part("changed settings of the plugin "), _thing(event.subject), Part(f": {names}" if names else "")]


def _import(words: Words, event: Event, data: Data) -> list[Part]:
    file = _thing(data.get("file", "a file"))
    verb = {"failed": "could not import ", "cancelled": "cancelled the import of "}.get(str(data.get("status")))
    if verb is not None:
        return [Part(verb), file]
    created, updated = int(data.get("created", 0)), int(data.get("updated", 0))
    table = words.table_of_import(event.subject)
    counts = [(verb, number) for verb, number in (("added", created), ("changed", updated)) if number]
    done = [f"{verb} {several(number, table) if table else number}" for verb, number in counts]
    tail = f": {' and '.join(done)}" if done else ", which changed nothing"
    return [Part(f"imported {created + updated:,} rows from " if done else "imported "), file, Part(tail)]


def _export(words: Words, event: Event, data: Data) -> list[Part]:
    return [Part("exported "), _thing(event.subject), Part(f" as {str(data.get('format', '')).upper()}")]


def _request(verb: str) -> Sentence:
    def sentence(words: Words, event: Event, data: Data) -> list[Part]:
        status = str(data.get("status", "")).replace("_", " ")
        tail = [Part(f" to {status}")] if status else []
        return [Part(f"{verb} "), Part(shortened(str(data.get("title", ""))), "thing", event.subject), *tail]

    return sentence


def _at_record(verb: str) -> Sentence:
    def sentence(words: Words, event: Event, data: Data) -> list[Part]:
        kind = {"meeting": "a meeting with", "call": "a call with", "note": "a note on", "mail": "a mail with"}
        about = verb.format(kind.get(str(data.get("kind")), "an activity with"))
        text = [Part(": "), _thing(data["text"])] if data.get("text") else []
        for table in words.schema.tables:
            key = ids.try_record(table.id, event.subject)
            if key is not None:
                return [Part(f"{about} "), words.record(table, key), *text]
        return [Part(f"{about} a record of a table that is gone"), *text]

    return sentence


_SENTENCES: Mapping[str, Sentence] = {
    "access.signed_in": _signed_in,
    "access.sign_in_failed": _failed,
    "access.signed_out": _signed_out,
    "access.denied": _denied,
    "access.password_changed": lambda words, event, data: [
        Part("changed the password of "),
        words.person(event.subject),
    ],
    "access.second_factor_changed": _factor,
    "access.second_factor_failed": _factor_failed,
    "access.confirmed": lambda words, event, data: [Part("confirmed once more who it is"), *_from(data)],
    "access.policy_changed": lambda words, event, data: [Part("changed the security policy")],
    "backup.created": _backup("made the backup"),
    "backup.verified": _backup("proved the backup"),
    "backup.failed": _backup("failed with the backup"),
    "backup.deleted": _backup("took away the backup"),
    "backup.downloaded": _backup("downloaded the backup"),
    "backup.restored": _backup("put back the backup"),
    "backup.policy_changed": lambda words, event, data: [Part("changed the backup policy")],
    "invite.revoked": lambda words, event, data: [Part("took an invitation back")],
    "token.revoked": lambda words, event, data: [Part("revoked an API token")],
    "plugin.data_removed": lambda words, event, data: [Part("removed the data of the plugin "), _thing(event.subject)],
    "user.created": lambda words, event, data: [
        Part("made the account of "),
        words.person(event.subject),
        Part(f" as {data.get('role', 'member')}"),
    ],
    "user.changed": _of_person("changed the account of"),
    "invite.created": _invited,
    "token.created": _token,
    "plugin.switched": _plugin_switched,
    "plugin.configured": _plugin_configured,
    "import.finished": _import,
    "export.made": _export,
    "comment.created": _at_record("commented on"),
    "comment.changed": _at_record("edited a comment on"),
    "comment.deleted": _at_record("deleted a comment on"),
    "activity.logged": _at_record("logged {}"),
    "activity.changed": _at_record("edited {}"),
    "activity.deleted": _at_record("deleted {}"),
    "request.created": _request("asked for"),
    "request.changed": _request("changed the feature request"),
    "request.status_changed": _request("moved the feature request"),
    "request.deleted": _request("withdrew the feature request"),
}
