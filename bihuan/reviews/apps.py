"""The reviews room."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "bihuan.reviews"
    label = "reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Their verbs stand in modules of their own; programs and logs must know them whatever is imported first.
        from bihuan.papers.matters import Matter, register_matter_of_paper
        from bihuan.reviews import answering, circular, pressing, requests, settling  # noqa: F401

        register_matter_of_paper(circular.KIND, Matter(circular.told_by_id, circular.page_of))
