"""CSV and JSON files: import CSV (Airtable, Excel, Google Sheets), export both."""

import csv
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel

from crm_core import PluginInfo, hookimpl
from crm_core.contracts import Exporter, Importer, PluginContext
from plugins.csv_import.reader import FIELD_LIMIT, CsvSheet
from plugins.csv_import.settings import CsvSettings
from plugins.csv_import.writer import write_csv, write_json

PLUGIN = PluginInfo(
    name="csv_import",
    title="CSV import and export",
    summary="Reads CSV files from Airtable, Excel and Google Sheets; writes tables as CSV and JSON.",
    version="1",
    settings=CsvSettings,
    on_by_default=True,
)

_DEFAULT_LIMIT = csv.field_size_limit()


def _open(path: Path, settings: BaseModel) -> CsvSheet:
    return CsvSheet(path, CsvSettings.model_validate(settings.model_dump()))


@hookimpl
def crm_importers(ctx: PluginContext) -> Iterable[Importer]:
    return [Importer("csv", "CSV file", (".csv", ".tsv", ".tab", ".txt"), _open, ctx.settings)]


@hookimpl
def crm_exporters(ctx: PluginContext) -> Iterable[Exporter]:
    return [
        Exporter("csv", "CSV file", "text/csv", ".csv", write_csv),
        Exporter("json", "JSON file", "application/json", ".json", write_json),
    ]


@hookimpl
def crm_started(ctx: PluginContext) -> None:
    csv.field_size_limit(FIELD_LIMIT)  # Python's 128 KB would refuse cells that the CRM can hold


@hookimpl
def crm_stopping(ctx: PluginContext) -> None:
    csv.field_size_limit(_DEFAULT_LIMIT)
