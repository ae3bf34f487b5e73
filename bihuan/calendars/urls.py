"""Addresses of the calendar."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from bihuan.calendars import views


class DayConverter:
    """A day as ``2026-10-01``."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Django takes the ValueError of a day that does not exist for an address that does not."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """The day as it stands in the address."""
        return value if isinstance(value, str) else value.isoformat()


register_converter(DayConverter, "day")

app_name = "calendars"
urlpatterns = [
    path("", views.this_year, name="this_year"),
    path("about/", views.about, name="about_day"),
    path("<int:year>/", views.year, name="year"),
    path("<int:year>/seed/", views.seed, name="seed"),
    path("<int:year>/open/", views.open_year, name="open"),
    path("<uuid:pk>/announce/", views.announce, name="announce"),
    path("<uuid:pk>/renew/", views.renew, name="renew"),
    path("<uuid:pk>/<day:day>/", views.day, name="day"),
]
