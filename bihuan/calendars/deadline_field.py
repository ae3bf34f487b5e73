"""A field for a deadline: whoever sets one learns at once whether people work on that day, and how much time it leaves.

A deadline on a day of rest is not refused: sources set them ("by the end of August"). It is only never set unknowingly.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy


class DeadlineField(forms.DateField):
    """A date of which the page tells what day it is, once it is chosen; without a script it is a date field."""

    tells_of_its_day = True

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What asks for the words, and where they go: behind the field, where the component leaves room for them."""
        return {
            **super().widget_attrs(widget),
            "hx-get": reverse_lazy("calendars:about_day"),
            "hx-trigger": "change",
            "hx-target": "next [data-about-day]",
            # The place stays, for the day may be changed again.
            "hx-swap": "innerHTML",
        }
