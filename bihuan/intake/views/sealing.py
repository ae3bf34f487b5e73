"""The second person's work: draw the sample, answer passage by passage, seal; and the certificate that comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bihuan.intake import actions, queries
from bihuan.intake.forms import SealForm, numbers_given
from bihuan.intake.sealing import sample_page
from bihuan.intake.sealing.proof_words import said_of
from bihuan.intake.sealing.proving import prove
from bihuan.intake.views.finding import find_batch
from bihuan.journal.errors import NotVisible, Refused
from bihuan.organizations.action_pages import ActionPage, act_on_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from bihuan.ledger.models import Batch

OK = 200


@require_safe
def sample(request: HttpRequest, batch: UUID) -> HttpResponse:
    """The passages to look at again, or the button that draws them."""
    found = find_batch(request, batch)
    return render(request, "intake/sample.html", _context(request, found))


def _context(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    meter = queries.meter_of(queries.standing_of(batch))
    actor = request.actor  # type: ignore[attr-defined]
    return {
        "batch": batch,
        "meter": meter,
        "seal": sample_page.seal_offer(batch, meter, actor),
        "sample": sample_page.sample_view(batch, actor),
        "crumbs": [*crumbs_to(batch), {"words": _("抽查复核"), "url": ""}],
    }


@require_POST
def draw(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Draw the sample of this person at this state."""
    found = find_batch(request, batch)
    try:
        actions.draw_sample(found, actor=request.actor)  # type: ignore[attr-defined]
    except NotVisible:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("intake:sample", found.pk)


@require_POST
def check(request: HttpRequest, batch: UUID) -> HttpResponse:
    """One answer. A script gets the changed passage and the head of the page, a plain form the page again."""
    found = find_batch(request, batch)
    status, places = OK, numbers_given(request.POST, "places")
    try:
        actions.check_passages(
            found,
            places=places,
            agrees=request.POST.get("answer") == "agrees",
            reason=request.POST.get("reason", ""),
            actor=request.actor,  # type: ignore[attr-defined]
        )
    except NotVisible:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        status = refused.status
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('intake:sample', args=[found.pk])}#s-{places[0] if places else 1}")
    return render(
        request, "intake/sample_changes.html", {**_context(request, found), "places": places}, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def seal(request: HttpRequest, batch: UUID) -> HttpResponse:
    """The last step, once the whole sample agrees."""
    found = find_batch(request, batch)
    context = _context(request, found)
    if request.method != "POST" and not context["seal"].possible:
        messages.warning(request, context["seal"].why_not or _("这个批次已经封账。"))
        return redirect("intake:batch", found.pk)
    if request.method != "POST" and not (context["sample"] and context["sample"].carries):
        return redirect("intake:sample", found.pk)
    page = ActionPage(
        title=_("封账：%(batch)s") % {"batch": found.title},
        done=lambda _result: reverse("intake:batch", args=[found.pk]),
        consequence=_("封账后本批次的片段和候选不能再改；漏记的问题要另建补充批次。"),
        submit_label=_("封账"),
        said=_("已封账。"),
        cancel_url=reverse("intake:sample", args=[found.pk]),
        crumbs=crumbs_to(found),
        template="intake/seal.html",
        context={"batch": found, "meter": context["meter"], "sample": context["sample"]},
    )

    def call(values: dict[str, Any], meta: dict[str, Any]) -> None:
        actions.seal_batch.call(**meta)(found, actor=request.actor)  # type: ignore[attr-defined]

    return act_on_form(request, SealForm, page, call, subjects=[found])


@require_safe
def certificate(request: HttpRequest, batch: UUID, number: int) -> HttpResponse:
    """A certificate proved again, now: every point with what was found."""
    found = find_batch(request, batch)
    row = found.certificates.select_related("file__blob").filter(number=number).first()
    if row is None:
        raise Http404
    row.batch = found
    proof = prove(row)
    crumbs = [*crumbs_to(found), {"words": _("完整性证明"), "url": ""}]
    context = {"batch": found, "certificate": row, "proof": proof, "said": said_of(proof), "crumbs": crumbs}
    return render(request, "intake/certificate.html", context)


def crumbs_to(batch: Batch) -> list[dict[str, str]]:
    """The way to a page below the batch's."""
    return [
        {"words": _("摸底"), "url": reverse("intake:list")},
        {"words": batch.code, "url": reverse("intake:batch", args=[batch.pk])},
    ]
