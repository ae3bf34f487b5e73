"""Asking for a trial of lights or ladder, and the page that shows how far it is and what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from bihuan.deadlines.reapplication_pages import title_of
from bihuan.deadlines.reapplications import ask_reapplication
from bihuan.deadlines.trial import pages
from bihuan.deadlines.trial.asking import CODES, a_year_before
from bihuan.deadlines.trial.running import begin, progress_of
from bihuan.journal.timesource import today
from bihuan.organizations.action_pages import ActionPage, act_on_form
from bihuan.policies.models import Policy
from bihuan.policies.policy import may_read

if TYPE_CHECKING:
    import uuid

    from bihuan.deadlines.models import PolicyTrial
    from bihuan.organizations.acting import Request


class TrialForm(forms.Form):
    """Which cases: those whose clocks began between two days."""

    since = forms.DateField(label=gettext_lazy("起算不早于"), initial=lambda: a_year_before(today()))
    until = forms.DateField(label=gettext_lazy("起算不晚于"), initial=today)

    def clean(self) -> dict[str, Any]:
        """The days the right way round."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("不早于开始的日期。"))
        return cleaned


def ask(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Ask for a trial of one version, in force or still to come."""
    policy = Policy.objects.select_related("jurisdiction").filter(pk=pk).first()
    if policy is None or policy.code not in CODES or not may_read(request.actor, policy.jurisdiction):
        raise Http404
    ask_reapplication.may(request.actor, [policy], {})
    page = ActionPage(
        title=_("试算：%(rule)s") % {"rule": title_of(policy)},
        consequence=_("按当时的进展、日期和节假日重走一遍，与实际对照；只看，什么也不改。"),
        submit_label=_("试算"),
        cancel_url=reverse("policies:detail", args=[policy.pk]),
        done=lambda row: reverse("deadlines:trial", args=[row.pk]),
    )

    def call(cleaned: dict[str, Any], _meta: dict[str, Any]) -> PolicyTrial:
        return begin(policy, request.actor, cleaned["since"], cleaned["until"])

    return act_on_form(request, TrialForm, page, call)


@require_safe
def trial(request: Request, pk: uuid.UUID) -> HttpResponse:
    """How far it is, or what came out; to whoever asked, in the same post, while they may still ask."""
    row = progress_of(pk)
    if row is None or (row.person, row.post) != (request.actor.person, request.actor.post):
        raise Http404
    ask_reapplication.may(request.actor, [row.policy], {})
    asked = {name: str(request.GET.get(name, "")) for name in ("unit", "grade")}
    return render(request, "deadlines/trial.html", pages.page_of_trial(request.actor, row, asked))
