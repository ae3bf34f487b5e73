"""The room that knows where it runs: data folder, embedded server, configuration, doctor."""

from __future__ import annotations

from django.apps import AppConfig


class InstallationConfig(AppConfig):
    name = "bihuan.installation"
    label = "installation"
    verbose_name = "安装"
