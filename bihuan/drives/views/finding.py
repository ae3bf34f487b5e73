"""Finding the drive or line a page is about, and serving the form of a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from bihuan.drives import pages
from bihuan.drives.models import Drive, DriveLine
from bihuan.drives.offers import CONSEQUENCES
from bihuan.drives.policy import sees_drive, sees_line
from bihuan.drives.verbs import LABELS, Verb
from bihuan.journal import access
from bihuan.messages.queries import mark_link_read
from bihuan.organizations.action_pages import ActionPage, act_on_record

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from bihuan.journal.action import Verb as Action
    from bihuan.journal.records import Record
    from bihuan.organizations.acting import Request


def find_drive(request: Request, pk: uuid.UUID) -> Drive:
    """The drive, for its office; to everybody else it does not exist."""
    found = Drive.objects.select_related("batch__jurisdiction", "plan").filter(pk=pk).first()
    if found is None:
        raise Http404
    if not sees_drive(request.actor, found):
        access.record(request.actor, "refused:drives.drive", outcome="NotVisible", subjects=[found])
        raise Http404
    return found  # type: ignore[no-any-return]


def find_line(request: Request, pk: uuid.UUID) -> DriveLine:
    """The line, for its unit and the office; another unit's is not there."""
    found = DriveLine.objects.select_related("unit", "drive__batch__jurisdiction").filter(pk=pk).first()
    if found is None:
        raise Http404
    if not sees_line(request.actor, found):
        access.record(request.actor, "refused:drives.line", outcome="NotVisible", subjects=[found])
        raise Http404
    return found  # type: ignore[no-any-return]


def read_what_led_here(request: Request) -> None:
    """Looking at the page a message points to is reading it."""
    if request.actor.person is not None:
        mark_link_read(request.actor.person, request.path)


def serve(  # noqa: PLR0913  (what differs from verb to verb)
    request: Request,
    verb: Verb,
    action: Action[..., Any],
    subject: Record,
    *,
    back: str,
    form: Callable[..., Any] = Form,
    given: Callable[[dict[str, Any]], dict[str, Any]] = dict,
    template: str = "web/action_form.html",
    said: str = "",
    about: str = "",
    consequence: Any = "",
) -> HttpResponse:
    """The form of a verb on one record; `about` says which part of it.

    Authority is asked before anything is typed, stored or read.
    """
    action.may(request.actor, [subject], {})
    page = ActionPage(
        title=LABELS[verb],
        consequence=consequence or CONSEQUENCES[verb],
        submit_label=LABELS[verb],
        subjects=[" · ".join(filter(None, (_named(subject), about)))],
        crumbs=[*pages.crumbs(), {"words": _named(subject), "url": back}],
        cancel_url=back,
        done=lambda _result: back,
        said=said or _("已办理：%(title)s") % {"title": LABELS[verb]},
        labels={field.attname: field.verbose_name for field in subject._meta.concrete_fields},
        template=template,
    )
    return act_on_record(request, action, subject, page, form_class=form, given=given)


def _named(subject: Record) -> str:
    """A line by its drive and its unit; everything else by itself."""
    return f"{subject.drive} · {subject.unit.name}" if isinstance(subject, DriveLine) else str(subject)
