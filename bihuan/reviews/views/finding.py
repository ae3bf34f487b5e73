"""Finding what a page is about for this reader, and serving the form of a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from bihuan.journal import access
from bihuan.messages.queries import mark_link_read
from bihuan.organizations.action_pages import ActionPage, act_on_record
from bihuan.reviews import pages
from bihuan.reviews.models import CoordinationRequest, MonthlyReview, ReviewSheet
from bihuan.reviews.offers import CONSEQUENCES
from bihuan.reviews.policy import sees_request, sees_review, sees_sheet
from bihuan.reviews.verbs import LABELS, Verb

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from bihuan.journal.action import Verb as Action
    from bihuan.journal.records import Record
    from bihuan.organizations.acting import Request


def find_review(request: Request, pk: uuid.UUID) -> MonthlyReview:
    """The call, for its office."""
    found = MonthlyReview.objects.select_related("jurisdiction").filter(pk=pk).first()
    return _seen(request, found, found is not None and sees_review(request.actor, found))  # type: ignore[no-any-return]


def find_sheet(request: Request, pk: uuid.UUID) -> ReviewSheet:
    """The sheet, for its unit, those above it and the office; another unit's is not there."""
    found = ReviewSheet.objects.select_related("unit", "above", "review__jurisdiction").filter(pk=pk).first()
    return _seen(request, found, found is not None and sees_sheet(request.actor, found))  # type: ignore[no-any-return]


def find_request(request: Request, pk: uuid.UUID) -> CoordinationRequest:
    """The request, for both units, the office, and the leading group once it was asked."""
    rows = CoordinationRequest.objects.select_related("problem", "asking_unit", "asked_unit", "jurisdiction")
    found = rows.filter(pk=pk).first()
    return _seen(request, found, found is not None and sees_request(request.actor, found))  # type: ignore[no-any-return]


def _seen(request: Request, found: Any, sees: bool) -> Any:  # noqa: FBT001  (the one question asked of it)
    if found is None:
        raise Http404
    if not sees:
        name = f"refused:reviews.{type(found).Stream.kind}"
        access.record(request.actor, name, outcome="NotVisible", subjects=[found])
        raise Http404
    return found


def read_what_led_here(request: Request) -> None:
    """Looking at the page a message points to is reading it."""
    if request.actor.person is not None:
        mark_link_read(request.actor.person, request.path)


def serve(
    request: Request,
    verb: Verb,
    action: Action[..., Any],
    subject: Record,
    *,
    back: str,
    form: Callable[..., Any] = Form,
    said: str = "",
    done: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """The form of a verb on one record. Authority is asked before anything is typed."""
    action.may(request.actor, [subject], {})
    page = ActionPage(
        title=LABELS[verb],
        consequence=CONSEQUENCES[verb],
        submit_label=LABELS[verb],
        subjects=[str(subject)],
        crumbs=pages.crumbs(),
        cancel_url=back,
        done=done or (lambda _result: back),
        said=said or _("已办理：%(title)s") % {"title": LABELS[verb]},
        labels={field.attname: field.verbose_name for field in subject._meta.concrete_fields},
    )
    return act_on_record(request, action, subject, page, form_class=form)
