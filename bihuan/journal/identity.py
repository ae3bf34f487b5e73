"""Ids are UUIDv7 made here, in Python: levels and sites exchange records, so no database counter can name them."""

from __future__ import annotations

import uuid

import uuid_utils.compat


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: unique across sites and roughly in order of time."""
    return uuid_utils.compat.uuid7()
