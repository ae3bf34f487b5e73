"""A project of one page, so that serving can be tested whatever the rooms are up to."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bihuan.installation.configuration import read_configuration

CONFIGURATION = read_configuration()
SECRET_KEY = CONFIGURATION.secret_key
ALLOWED_HOSTS = CONFIGURATION.allowed_hosts
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "bihuan.installation",
    "tests.installation.small_app",
]
DATABASES = {"default": {**CONFIGURATION.database}}
ROOT_URLCONF = "tests.installation.small_settings"
WSGI_APPLICATION = "bihuan.wsgi.application"
STATIC_URL = "/static/"
STATIC_ROOT = CONFIGURATION.data_folder / "static"
USE_TZ = True
# The room's extensions come before the rooms that use them, and those are not here.
MIGRATION_MODULES = {"installation": None}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"


def answer(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return HttpResponse(cursor.fetchone()[0])


urlpatterns = [path("", answer)]
