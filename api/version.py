"""The version of the installed program."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("venture-crm")
except PackageNotFoundError:  # run from a checkout that was not installed
    VERSION = "0"
