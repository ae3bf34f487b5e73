"""One business model, as the doctor knows them: by an inner class `Stream`."""

from __future__ import annotations

from django.db import models


class Kept(models.Model):
    word = models.TextField()

    class Stream:
        kind = "kept"
