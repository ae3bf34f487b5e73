"""Pages in tests find their static files where they are written, not where a deployment collects them."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plain_static(settings):
    """No manifest of hashed names, no folder of collected files."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
