"""Write a table as CSV or JSON, a block of rows at a time."""

import csv
import io
from collections.abc import Iterator, Mapping

import msgspec

from crm_core.contracts import ExportTable
from plugins.csv_import.escaping import NUMERIC, escape

_BLOCK_ROWS = 500


def write_csv(table: ExportTable, options: Mapping[str, str]) -> Iterator[bytes]:
    """RFC 4180 in UTF-8 with a byte order mark, so that Excel reads accents too; lines end with CRLF.

    Unless `escape` is "false", text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    escaping = options.get("escape", "true") != "false"
    risky = [number for number, field in enumerate(table.fields) if field["kind"] not in NUMERIC] if escaping else []
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    header = [str(field["name"]) for field in table.fields]
    writer.writerow([escape(name) for name in header] if escaping else header)
    for count, row in enumerate(table.texts(), 1):
        cells = list(row)
        for number in risky:
            if cells[number]:
                cells[number] = escape(cells[number])
        writer.writerow(cells)
        if count % _BLOCK_ROWS == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    block = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return block


def write_json(table: ExportTable, options: Mapping[str, str]) -> Iterator[bytes]:
    """One JSON object `{table, fields, records}`; a record maps field names to values as the API gives them."""
    encode = msgspec.json.encode
    yield b'{"table":' + encode(table.name) + b',"fields":' + encode(list(table.fields)) + b',"records":['
    block: list[bytes] = []
    first = True
    for record in table.values():
        block.append(encode(record))
        if len(block) == _BLOCK_ROWS:
            yield (b"\n" if first else b",\n") + b",\n".join(block)
            block, first = [], False
    if block:
        yield (b"\n" if first else b",\n") + b",\n".join(block)
    yield b"\n]}\n"
