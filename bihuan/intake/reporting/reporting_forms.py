"""Keeping the forms superiors send: each a record with versions, its columns matched once and remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from bihuan.documents.errors import DocumentError
from bihuan.files.queries import content_of
from bihuan.files.taking_in import Incoming, take_in
from bihuan.intake.models import ReportingForm, ReportingFormVersion
from bihuan.intake.policy import has_desk, may_keep_forms
from bihuan.intake.refusals import refusal_of
from bihuan.intake.reporting.form_columns import FACTS, FormColumn, style_of, styles_of
from bihuan.intake.reporting.form_filling import read_form
from bihuan.intake.verbs import IntakeVerb
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.organizations.authority import jurisdiction_of
from bihuan.organizations.models import Unit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bihuan.files.models import FileReference

SUBJECT: Final = "reporting_form"
KINDS: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}


def forms_seen(actor: Actor | None) -> QuerySet[ReportingForm]:
    """The forms of the office the actor works in."""
    forms: QuerySet[ReportingForm] = ReportingForm.objects.filter(withdrawn=False).order_by("name")
    place = jurisdiction_of(actor) if actor is not None and has_desk(actor) else None
    return forms.none() if place is None else forms.filter(jurisdiction=place)


def latest(form: ReportingForm) -> ReportingFormVersion:
    """The version in use."""
    found: ReportingFormVersion = form.versions.select_related("file__blob").get(number=form.version)
    return found


def columns_of(version: ReportingFormVersion) -> list[FormColumn]:
    """What each column asks for."""
    return [FormColumn.from_plain(plain) for plain in version.columns]


@action(IntakeVerb.KEEP_FORM, may=may_keep_forms)
def keep_form(*, jurisdiction: Unit, name: str, file: Incoming, actor: Actor) -> ReportingForm:
    """Remember a form under a name. The same name again is its next version, and takes over columns of equal header."""
    kind = KINDS.get(file.media_type)
    if kind is None:
        raise Refused(
            _("表样要是 .xlsx 或 .docx。"), accepted=_("旧格式请先用 Excel、WPS 另存为新格式。"), field="file"
        )
    if not name.strip():
        raise Refused(_("请给表样起个名字。"), accepted=_("如“省整改办月报表”。"), field="name")
    known = ReportingForm.objects.filter(
        jurisdiction=jurisdiction, name=name.strip(), withdrawn=False
    ).first()
    form: ReportingForm = known or ReportingForm(jurisdiction=jurisdiction, name=name.strip())
    if known is not None:
        current().lock([form])
    before = {column.header: column for column in columns_of(latest(form))} if known is not None else {}
    form.version += 1
    form.save()
    reference = take_in(file, subject_kind=SUBJECT, subject=form.pk)
    try:
        layout, proposed = read_form(content_of(reference), kind, file.name)
    except DocumentError as error:
        raise refusal_of(error, file.name) from error
    columns = [_taken_over(column, before) for column in proposed]
    _write(form, file=reference, kind=kind, layout=layout.plain, columns=columns)
    return form


def _taken_over(column: FormColumn, before: Mapping[str, FormColumn]) -> FormColumn:
    known = before.get(column.header)
    if known is None:
        return column
    return FormColumn(column.index, column.header, known.fact, known.style, 1.0)


@action(IntakeVerb.MATCH_FORM, may=may_keep_forms)
def match_form(form: ReportingForm, *, columns: Sequence[Mapping[str, str]], actor: Actor) -> ReportingForm:
    """Say what each column asks for (`fact`, `style`, in the order of the columns): the next version of the form."""
    version = latest(form)
    known = columns_of(version)
    if len(columns) != len(known):
        raise Refused(_("列数对不上。"), accepted=_("请重新打开表样页。"))
    for given in columns:
        fact, style = given.get("fact", ""), given.get("style", "")
        if fact not in {"", *FACTS} or (style and style not in styles_of(fact)):
            raise Refused(_("没有“%(fact)s”这一项。") % {"fact": fact or style})
    matched = [
        _matched(column, given.get("fact", ""), given.get("style", ""))
        for column, given in zip(known, columns, strict=True)
    ]
    form.version += 1
    form.save()
    _write(form, file=version.file, kind=version.kind, layout=version.layout, columns=matched)
    return form


def _matched(column: FormColumn, fact: str, style: str) -> FormColumn:
    """As a person said; where they named no unit of money, the header's own holds."""
    style = style or style_of(fact, column.header)
    return FormColumn(column.index, column.header, fact, style, 1.0)


@action(IntakeVerb.WITHDRAW_FORM, may=may_keep_forms)
def withdraw_form(form: ReportingForm, *, actor: Actor) -> None:
    """A form nobody asks for any more; its history stays."""
    form.withdrawn = True
    form.save()


def _write(
    form: ReportingForm,
    *,
    file: FileReference,
    kind: str,
    layout: Mapping[str, int],
    columns: Sequence[FormColumn],
) -> None:
    ReportingFormVersion.objects.create(
        form=form,
        number=form.version,
        file=file,
        kind=kind,
        layout=dict(layout),
        columns=[column.plain for column in columns],
    )
