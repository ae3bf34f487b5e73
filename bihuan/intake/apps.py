"""The intake room."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "bihuan.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from bihuan.files.policy import register_sight
        from bihuan.intake.origins import passages_of
        from bihuan.intake.policy import sees_certificate, sees_file_of_document, sees_file_of_form
        from bihuan.intake.sealing.certificate import SUBJECT
        from bihuan.ledger.origins import register_locator

        register_sight("intake_document", sees_file_of_document)
        register_sight(SUBJECT, sees_certificate)
        register_sight("reporting_form", sees_file_of_form)
        register_locator(passages_of)
