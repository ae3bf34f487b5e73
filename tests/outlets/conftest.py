"""What the tests of this room share."""

from __future__ import annotations

import socket

import pytest

from tests.outlets.hostile import stand_in
from tests.static_files import plain_static

__all__ = ["plain_static", "stand_in"]


@pytest.fixture
def unused_port() -> int:
    """A port nobody listens on: it was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
