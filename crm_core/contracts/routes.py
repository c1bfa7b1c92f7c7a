"""HTTP handlers that plugins offer."""

from typing import Any

RouteLike = Any
"""A Litestar route handler, controller or router. The core knows no web framework, so it does not look inside."""
