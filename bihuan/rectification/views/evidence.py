"""A piece of evidence with all its versions, two of them side by side; and the form that brings a corrected file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.journal import access
from bihuan.journal.action import Refused
from bihuan.ledger.lifecycle_words import Who
from bihuan.ledger.sight import can_see
from bihuan.rectification import actions
from bihuan.rectification.actions.evidence_versions import refuse_unreplaceable
from bihuan.rectification.evidence_forms import ReplaceEvidenceForm
from bihuan.rectification.evidence_versions import VersionRead, versions_of, words_compared
from bihuan.rectification.models import Evidence
from bihuan.rectification.policy import holds
from bihuan.rectification.verbs import LABELS, Verb
from bihuan.rectification.views.serving import Request
from bihuan.rectification.views.steps import Step, act_on_chosen, of_problem
from bihuan.text.changes import after_of, before_of

if TYPE_CHECKING:
    import uuid

    from django.http import HttpResponse

PREVIEW: Final = "page"


@require_safe
def evidence(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Every version with who handed it in, when and why it was replaced."""
    found = _seen(request, pk)
    versions = versions_of(found)
    older, newer = _chosen(versions, request.GET.get("against", ""))
    problem = found.problem
    context: dict[str, Any] = {
        "evidence": found,
        "problem": problem,
        "title": found.caption,
        "crumbs": [
            {"words": problem.problem_no, "url": reverse("desk:problem", args=[problem.pk])},
            {"words": _("佐证各版本"), "url": ""},
        ],
        "versions": [_line(one, found, older) for one in versions],
        "older": older and _shown(older),
        "newer": _shown(newer),
        "is_pair": older is not None and older.is_picture and newer.is_picture,
        "words_url": _words_url(found, older, newer),
        "acts": _acts(request, found),
    }
    return render(request, "rectification/evidence.html", context)


@require_safe
def evidence_words(request: Request, pk: uuid.UUID, number: int) -> HttpResponse:
    """What changed in the words between a version and the newest; read by a child process, so asked for by itself."""
    found = _seen(request, pk)
    older = next((one for one in versions_of(found) if one.number == number), None)
    if older is None or older.number == found.version:
        raise Http404
    pieces = words_compared(older.file, found.file)
    context = {
        "evidence": found,
        "title": found.caption,
        "readable": pieces is not None,
        "before": before_of(pieces or []),
        "after": after_of(pieces or []),
        "older": name_of(older.number),
        "newer": name_of(found.version),
        "crumbs": [{"words": found.caption, "url": reverse("rectification:evidence", args=[found.pk])}],
    }
    return render(request, "rectification/evidence_words.html", context)


def replace_evidence(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A corrected file for a proof that is there."""
    form = of_problem(ReplaceEvidenceForm)
    return act_on_chosen(request, pk, Step(Verb.REPLACE_EVIDENCE, actions.replace_evidence, form))


def name_of(number: int) -> str:
    """第 2 版."""
    return _("第 %(n)d 版") % {"n": number}


def _seen(request: Request, pk: uuid.UUID) -> Evidence:
    related = ("problem__jurisdiction", "problem__lead_unit", "file__blob")
    found: Evidence | None = Evidence.objects.filter(pk=pk).select_related(*related).first()
    if found is None or not can_see(request.actor, found.problem):
        raise Http404
    if found.problem.channel_id is not None:
        access.record(request.actor, "restricted:rectification.evidence", subjects=[found.problem])
    return found


def _chosen(versions: list[VersionRead], against: str) -> tuple[VersionRead | None, VersionRead]:
    """The newest, and the one beside it: the one asked for, else the one before."""
    newest, *earlier = versions
    asked = next((one for one in earlier if str(one.number) == against), None)
    return asked or next(iter(earlier), None), newest


def _line(one: VersionRead, evidence: Evidence, older: VersionRead | None) -> dict[str, Any]:
    address = reverse("rectification:evidence", args=[evidence.pk])
    return _shown(one) | {
        "beside_url": f"{address}?against={one.number}" if one.number != evidence.version else "",
        "is_beside": older is not None and older.number == one.number,
    }


def _shown(one: VersionRead) -> dict[str, Any]:
    file = one.file
    return {
        "name": name_of(one.number),
        "file": file.name,
        "url": reverse("files:download", args=[file.pk]),
        "preview_url": reverse("files:preview", args=[file.pk, PREVIEW]) if one.is_picture else "",
        "kind": file.name.rpartition(".")[2].upper()[:6],
        "caption": one.caption,
        "taken_on": one.taken_on,
        "author": one.author,
        "uploaded_at": file.uploaded_at,
        "digest": file.blob.sha256,
        "reason": one.reason,
        "replaced_on": one.replaced_on,
        "replaced_by": one.replaced_by,
        "cited_by": "、".join(one.cited_by),
    }


def _words_url(evidence: Evidence, older: VersionRead | None, newer: VersionRead) -> str:
    if older is None or older.is_picture or newer.is_picture:
        return ""
    return reverse("rectification:evidence_words", args=[evidence.pk, older.number])


def _acts(request: Request, evidence: Evidence) -> dict[str, Any] | None:
    """Bringing a corrected file, for who does the work."""
    if not holds(request.actor, evidence.problem, Who.DOING_UNIT):
        return None
    label = LABELS[Verb.REPLACE_EVIDENCE]
    try:
        refuse_unreplaceable(evidence)
    except Refused as refused:
        return {"allowed": [], "denied": [{"label": label, "why": str(refused)}]}
    url = reverse("rectification:replace_evidence", args=[evidence.problem_id])
    return {
        "allowed": [
            {
                "label": label,
                "url": f"{url}?evidence={evidence.pk}",
                "consequence": _("原来的版本连同理由保留。"),
            }
        ]
    }
