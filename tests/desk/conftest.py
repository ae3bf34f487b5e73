"""The story of the middle rooms, for case files to tell."""

from __future__ import annotations

from tests.rectification.conftest import clock, story

__all__ = ["clock", "story"]
