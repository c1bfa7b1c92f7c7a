"""Which version of the program this is, for what is written down about a backup."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("venture-crm")
except PackageNotFoundError:  # run from a checkout that was not installed
    VERSION = "0"
