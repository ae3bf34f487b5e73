"""What the tests of this room share beside the city."""

from __future__ import annotations

from tests.static_files import plain_static

__all__ = ["plain_static"]
