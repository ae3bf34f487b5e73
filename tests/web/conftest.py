"""The shell alone: its own addresses, a demonstration's settings, no database unless a test asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from bihuan.web import places
from tests.browsing import served

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["site"]


@pytest.fixture(autouse=True)
def shell_alone(settings, uncollected_static):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [settings.BASE_DIR / "web" / "templates"]}]
    settings.CSRF_FAILURE_VIEW = "bihuan.web.views.form_expired"
    settings.AXES_LOCKOUT_CALLABLE = "bihuan.web.views.locked_out"
    settings.ROOT_URLCONF = "tests.web.addresses"
    settings.CONFIGURATION = replace(settings.CONFIGURATION, demonstration=True)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def no_places(monkeypatch) -> None:
    """A navigation nobody has registered anything in."""
    monkeypatch.setattr(places, "_places", {})
    monkeypatch.setattr(places, "_suppliers", {})


class SignedIn(AnonymousUser):
    """Somebody who is signed in, without a row: the shell only asks for the name."""

    is_authenticated = True
    username = "lin"

    def get_username(self) -> str:
        return self.username


@pytest.fixture
def request_of():
    """A request of somebody signed in, resolved as the middleware would."""
    from django.urls import resolve

    def make(path: str, user=None, **headers):
        request = RequestFactory(headers=headers).get(path)
        request.user = user or SignedIn()
        request.resolver_match = resolve(request.path)
        return request

    return make


@pytest.fixture
def site(shell_alone) -> Iterator[str]:
    with served() as address:
        yield address
