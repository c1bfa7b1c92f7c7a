"""Functions that read and write codes: JSON and hashes."""

import hashlib
import json
from typing import Any

from plugins.formulas.functions.declare import Fails, function
from plugins.formulas.limits import MAX_DEPTH, check_items
from plugins.formulas.values import RunError, Value, not_finite, quoted

HASHES = ("sha256", "sha1", "md5", "sha512")


def json_get(text: str, path: str) -> Value:
    """The value at a path such as a.b.0 in a JSON text; blank when there is nothing there."""
    if text.count("[") + text.count("{") > 10 * MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise RunError("limit", f"The JSON is nested more than {MAX_DEPTH} levels deep.")
    try:
        found: Any = json.loads(text) if text else None
    except (ValueError, RecursionError):
        raise RunError("bad_argument", f"{quoted(text)} is not JSON.") from None
    for step in filter(None, path.replace("[", ".").replace("]", "").split(".")):
        if isinstance(found, list):
            index = int(step) if step.lstrip("-").isdecimal() and len(step) < 9 else len(found)
            found = found[index] if -len(found) <= index < len(found) else None
        else:
            found = found.get(step) if isinstance(found, dict) else None
    return _value(found)


def _depth(text: str) -> int:
    deep = most = 0
    for letter in text:
        deep += (letter in "[{") - (letter in "]}")
        most = max(most, deep)
    return most


def _value(found: Any) -> Value:
    if isinstance(found, bool) or found is None or isinstance(found, str):
        return found
    if isinstance(found, int | float):
        try:
            number = float(found)
        except OverflowError:
            raise not_finite(float("inf")) from None
        if number - number != 0.0:
            raise not_finite(number)
        return number
    if isinstance(found, list):
        check_items(len(found))
        return tuple(_value(item) for item in found)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def hash_name(name: str) -> str:
    """The exact name of a hash."""
    found = name.strip().lower().replace("-", "")
    if found not in HASHES:
        raise RunError("bad_argument", f"{quoted(name)} is no hash. Use {', '.join(HASHES)}.")
    return found


def hashed(text: str, name: str = "sha256") -> str:
    """The hash of a text's UTF-8 bytes in hexadecimal digits."""
    return hashlib.new(hash_name(name), text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


C: Any = {"category": "codes"}
FUNCTIONS = (
    function(
        "HASH",
        "text: text, [algorithm: text]",
        "text",
        hashed,
        "The hash of a text: sha256 if nothing else is given, sha1, md5 or sha512.",
        ('LEFT(HASH("abc"), 8)', "ba7816bf"),
        ('HASH("abc", "md5")', "900150983cd24fb0d6963f7d28e17f72"),
        **C,
    ),
    function(
        "JSON_GET",
        "json: text, path: text",
        "any",
        json_get,
        "The value at a path in a JSON text.",
        ('JSON_GET("{\\"a\\": [1, {\\"b\\": 2}]}", "a.1.b")', 2),
        ('JSON_GET("{", "a")', Fails("bad_argument")),
        **C,
    ),
)
