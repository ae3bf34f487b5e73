"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import settings as examples

from tests import databases
from tests.environment import ensure_test_server

if TYPE_CHECKING:
    import pytest_django

# How long an example takes says more about the machine than about the rule.
examples.register_profile("bihuan", deadline=None, max_examples=50)
# `make soak` looks where nobody has looked yet.
examples.register_profile("soak", deadline=None, max_examples=1000)
examples.load_profile("bihuan")

# The small city every room tests its rules against.
pytest_plugins = ["tests.organizations.cast", "tests.browsing"]


def pytest_configure(config: pytest.Config) -> None:
    """Everybody a test signs in has a password; see there why it is hashed cheaply."""
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickScrypt"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """A copy of the template for this worker, used as the running role."""
    ensure_test_server()
    with django_db_blocker.unblock(), databases.copy_of_template() as name, databases.pointed_at(name):
        yield


@pytest.fixture(autouse=True)
def no_language_left_on() -> Iterator[None]:
    """A command run inside a test speaks the language it was asked for; the next test is not to hear it."""
    yield
    translation.deactivate()


@pytest.fixture
def committed(
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[str]:
    """A database of this test's own, where transactions really commit; yields its name."""
    with django_db_blocker.unblock(), databases.copy_of_template() as name, databases.pointed_at(name):
        yield name


LONG_STORIES = {"journey", "kills", "long"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every database test may write the access log, which has a connection of its own.

    Long stories come first: begun last, one would keep a worker busy while the others have nothing left to do.
    """
    for item in items:
        for marker in item.iter_markers("django_db"):
            marker.kwargs.setdefault("databases", ["default", "access_log"])
    items.sort(key=lambda item: LONG_STORIES.isdisjoint(marker.name for marker in item.iter_markers()))
