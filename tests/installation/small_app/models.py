"""None; but Django tells only apps with this module that migrations have run."""

from __future__ import annotations
