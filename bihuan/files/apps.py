"""The files room."""

from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "bihuan.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.files.verification import found_in_files
        from bihuan.journal.verify.others import register_verifier

        register_verifier(found_in_files)
