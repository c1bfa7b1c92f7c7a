"""For plugin authors: check that what a plugin offers keeps its contract.

Each function raises AssertionError with a sentence saying what is broken; call them from your own tests. The fixture
`crm` (a whole CRM in a folder of the test's own) comes with `pytest_plugins = ["crm_core.testing.fixtures"]`.
"""

from crm_core.testing.files import check_exporter, check_importer, check_refusal, export_table
from crm_core.testing.formulas import check_formula_function, fields_of, formula_engine
from crm_core.testing.plugins import check_plugin
from crm_core.testing.storages import check_storage

__all__ = [
    "check_exporter",
    "check_formula_function",
    "check_importer",
    "check_plugin",
    "check_refusal",
    "check_storage",
    "export_table",
    "fields_of",
    "formula_engine",
]
