"""Background work of intake."""

from __future__ import annotations

import uuid

from procrastinate.contrib.django import app


@app.task(name="intake.consult", queue="language_model", lock="intake.consult", retry=1)
def consult(document: str) -> str:
    """Ask the language model about a document that was read; one at a time, so that a slow model is not pressed."""
    from bihuan.intake.language_model.consulting import consult as ask_about

    return ask_about(uuid.UUID(document))
