"""Pages of approvals: what waits for me, one approval with its route, and the forms to act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.approvals import actions, forms, presenting, queries
from bihuan.approvals.matters import matter_label, part_of
from bihuan.approvals.models import Approval
from bihuan.approvals.pages import ApprovalForm
from bihuan.approvals.policy import may_see
from bihuan.files.taking_in import prepare
from bihuan.journal.action import NotVisible
from bihuan.messages.queries import mark_link_read
from bihuan.organizations.pages import SignedInPage, record_or_404
from bihuan.organizations.tables import table

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from bihuan.approvals.models import Step


class Approvals(SignedInPage):
    """Three piles: to decide, to confirm, asked for."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw them."""
        asked = queries.waited_for_by(self.actor).prefetch_related("steps__post__unit")[:200]
        context = {
            "title": _("审批"),
            "piles": [
                _steps_table(
                    _("等我审批"),
                    queries.waiting_for(self.actor)[:200],
                    _("没有等您审批的事"),
                    _("有新的会出现在这里和工作台。"),
                ),
                _steps_table(
                    _("等我复核的纸面审批"),
                    queries.to_confirm_by(self.actor)[:200],
                    _("没有待复核的登记"),
                    _("同事登记的纸面审批由您对照签批件复核。"),
                ),
                _asked_table(asked),
            ],
        }
        return render(request, "approvals/list.html", context)


def _steps_table(caption: str, steps: Iterable[Step], none: str, then: str) -> dict[str, Any]:
    heads = [
        ("title", _("内容")),
        ("matter", _("事项")),
        ("step", _("环节")),
        ("unit", _("提请单位")),
        ("since", _("到达")),
    ]
    rows = [
        (
            str(step.pk),
            reverse("approvals:detail", args=[step.approval_id]),
            [
                step.approval.title,
                matter_label(step.approval.matter),
                step.name,
                str(step.approval.asked_unit or ""),
                timezone.localtime(step.pending_since) if step.pending_since else None,
            ],
        )
        for step in steps
    ]
    return table(caption, heads, rows, empty=(none, then))


def _asked_table(asked: Iterable[Approval]) -> dict[str, Any]:
    heads = [("title", _("内容")), ("matter", _("事项")), ("who", _("在谁手里")), ("since", _("提请"))]
    rows = []
    for one in asked:
        at = next((step for step in one.steps.all() if step.state in {"pending", "to_confirm"}), None)
        who = f"{at.post.unit} · {at.post.name}" if at else ""
        cells = [one.title, matter_label(one.matter), who, timezone.localtime(one.asked_at)]
        rows.append((str(one.pk), reverse("approvals:detail", args=[one.pk]), cells))
    empty = (_("您没有在途的提请"), _("从问题页或交办单提请审批后，进展在这里看。"))
    return table(_("我提请的"), heads, rows, empty=empty)


class ApprovalPage(SignedInPage):
    """One approval: what is asked, its route, signed copies, and what may be done."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Draw the page; looking at it reads the message that led here."""
        approval: Approval = record_or_404(Approval, pk, "asked_unit", "asked_post")
        if not may_see(self.actor, approval):
            raise NotVisible(_("没有找到这条记录。"))
        if self.actor.person is not None:
            mark_link_read(self.actor.person, request.path)
        steps = queries.steps_of(approval)
        copies = presenting.signed_copies(steps)
        context = {
            "title": approval.title,
            "crumbs": [
                {"words": _("审批"), "url": reverse("approvals:list")},
                {"words": matter_label(approval.matter), "url": ""},
            ],
            "facts": presenting.facts_of(approval, steps),
            "route": presenting.route_piece(approval, steps),
            "copies": {"files": copies} if copies else None,
            "matter_url": part_of(approval),
            "decision": presenting.decision_of(self.actor, approval),
            "acts": presenting.acts_of(self.actor, approval),
        }
        return render(request, "approvals/detail.html", context)


class Decide(ApprovalForm):
    """Agree."""

    verb, form_class, title = actions.decide, forms.OpinionForm, gettext_lazy("同意")
    consequence = gettext_lazy("转入下一环节；最后一环节同意后立即生效。")

    def fixed(self) -> dict[str, Any]:
        """Not agreeing is another form."""
        return {"approve": True}


class Return(ApprovalForm):
    """Send back."""

    verb, form_class, title = actions.return_approval, forms.ReturnForm, gettext_lazy("退回")
    consequence = gettext_lazy("退回提请人，可补正后重新提请。")


class RecordPaper(ApprovalForm):
    """Record what was decided on paper."""

    verb, form_class = actions.record_paper_decision, forms.PaperForm
    title = gettext_lazy("登记纸面审批")
    consequence = gettext_lazy("须由第二人对照签批件复核后生效。")

    def arguments(self, data: dict[str, Any]) -> dict[str, Any]:
        """The scan is checked and stored before the action; the action makes its row."""
        upload = data.pop("upload")
        approve = data.pop("outcome") == "approve"
        return {**data, "approve": approve, "signed_copy": prepare(upload, name=upload.name)}


class ConfirmPaper(ApprovalForm):
    """A second person confirms."""

    verb, title = actions.confirm_paper_decision, gettext_lazy("复核无误")
    consequence = gettext_lazy("纸面审批按登记内容生效。")


class RefusePaper(ApprovalForm):
    """A second person finds a mistake."""

    verb, form_class, title = actions.refuse_paper_decision, forms.ReasonForm, gettext_lazy("复核不符")
    consequence = gettext_lazy("退回重新登记。")


class AddSigner(ApprovalForm):
    """Another post on the route."""

    verb, form_class, title = actions.add_signer, forms.SignerForm, gettext_lazy("加签")


class Withdraw(ApprovalForm):
    """Take it back."""

    verb, form_class, title = actions.withdraw, forms.ReasonForm, gettext_lazy("撤回")
    consequence = gettext_lazy("审批终止，不发生效力。")
