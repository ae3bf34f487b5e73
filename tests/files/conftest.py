"""The small city, for the tests of this room."""

from __future__ import annotations

from tests.organizations.cast import cast, client_as, open_account

__all__ = ["cast", "client_as", "open_account"]
