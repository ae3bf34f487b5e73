"""Drafting after a decision."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app

from bihuan.papers.following import draft_once


@app.task(name="papers.draft_letters", queue="papers", retry=3)
def draft_letters(*, verb: str, subject: str) -> int:
    """The papers one decision calls for; how many were drafted."""
    return draft_once(verb, uuid.UUID(subject))
