"""The form of one action on an approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.approvals.matters import matter_label
from bihuan.approvals.models import Approval
from bihuan.approvals.policy import may_see
from bihuan.journal.action import NotVisible
from bihuan.organizations.action_pages import ActionPage, act_on_form
from bihuan.organizations.pages import ActionView

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


class ApprovalForm(ActionView):
    """Form, sent, refused in place, or back to the approval's page."""

    model = Approval
    related = ("asked_unit", "asked_post")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For whoever does not see the approval there is none."""
        actor = getattr(request, "actor", None)
        if actor is not None and not may_see(actor, self.subject):
            raise NotVisible(_("没有找到这条记录。"))
        return super().dispatch(request, *args, **kwargs)

    def following(self, result: Any) -> str:
        """Back to the approval."""
        return reverse("approvals:detail", args=[self.subject.pk])

    def answer(self) -> HttpResponse:
        """Show, send, refuse in place, or lead on."""
        page = ActionPage(
            title=self.title,
            done=self.following,
            consequence=self.consequence,
            submit_label=self.submit_label or self.title,
            said=_("已办理：%(title)s") % {"title": self.title},
            cancel_url=self.following(None),
            subjects=[f"{matter_label(self.subject.matter)}：{self.subject.title}"],
            labels={name: field.label for name, field in self.form_class.base_fields.items()},
        )
        return act_on_form(self.request, self.form, page, self.perform, subjects=self.subjects)
