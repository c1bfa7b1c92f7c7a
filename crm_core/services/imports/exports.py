"""Files out: a table in a format that a plugin writes, streamed."""

import logging
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from crm_core import clock
from crm_core.contracts import Exporter, ExportTable
from crm_core.contracts.actor import Actor
from crm_core.errors import Invalid, Unavailable
from crm_core.host import Host, Item
from crm_core.services import events
from crm_core.storage.unit import Units

_log = logging.getLogger("crm.exports")


class Export(NamedTuple):
    """A file on its way out; `blocks` reads the table as it is taken."""

    filename: str
    media_type: str
    blocks: Iterator[bytes]


def exporter(host: Host, name: str) -> Item[Exporter]:
    """The exporter of that name; Invalid (`unknown_format`)."""
    exporters = host.registry.exporters
    if name not in exporters:
        known = ", ".join(sorted(exporters)) or "none; switch a plugin on that writes some"
        raise Invalid("unknown_format", f"Nothing here writes the format {name[:40]!r}.", f"Formats: {known}.")
    return exporters[name]


def write(item: Item[Exporter], table: ExportTable, options: Mapping[str, str]) -> Export:
    """Start writing; what fails at the beginning is raised here, before anything is sent."""
    blocks = item.stream(item.offer.write, table, options)
    first = next(blocks, b"")
    stem = "".join(c if c.isascii() and c.isalnum() else "-" for c in table.name.lower()).strip("-") or "table"
    return Export(f"{stem}-{clock.now():%Y-%m-%d}{item.offer.suffix}", item.offer.media_type, chain([first], blocks))


def tell(units: Units, actor: Actor, table: str, form: str) -> None:
    """Log that somebody exported; an export goes on even when nothing can be written (a full disk)."""
    try:
        with units.write() as session:
            events.record(session.connection(), "export.made", actor, subject=table, data={"format": form})
    except Unavailable as error:
        _log.warning("An export is not in the log of events: %s", error)
