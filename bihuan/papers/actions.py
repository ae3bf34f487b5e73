"""Drafting papers, entering back what the document office gave them, and keeping the words they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.documents.official_lines import is_document_no, right_document_no
from bihuan.files.taking_in import Incoming, Upload, prepare, take_in
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.journal.errors import RetryAction
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.authority import unit_of
from bihuan.organizations.models import Unit
from bihuan.organizations.tree import home_of
from bihuan.papers.drafting import Wish, draft, draft_again, kind_named
from bihuan.papers.kinds import offered_names
from bihuan.papers.models import Paper, PaperTemplate
from bihuan.papers.policy import is_of_office, may_draft, may_handle, may_keep_templates
from bihuan.papers.queries import papers_seen
from bihuan.papers.templating import LONGEST_BODY, faults_in
from bihuan.papers.verbs import Verb
from bihuan.papers.wording import refusal_of_text

ONE_DAY: Final = timedelta(days=1)
LONGEST_TEMPLATE_TITLE: Final = 200


@action(Verb.DRAFT, may=may_draft)
def draft_paper(  # noqa: PLR0913  (a paper is its kind, its parties and what its drafter adds)
    problems: Sequence[Problem],
    *,
    kind: str,
    recipients: Sequence[Unit] = (),
    others: Sequence[str] = (),
    copies: Sequence[Unit] = (),
    other_copies: Sequence[str] = (),
    signed_by: str = "",
    dated: date | None = None,
    given: Mapping[str, str] | None = None,
    actor: Actor,
) -> Paper:
    """Draft one paper about one or several problems; the kind of document follows from whom it goes to."""
    unit = unit_of(actor)
    if unit is None or not problems:
        raise Refused(_("没有说明哪个单位为哪些问题行文。"), accepted=_("请在自己的岗位上，从问题页起草。"))
    wish = Wish(
        kind=kind,
        recipients=recipients,
        others=others,
        copies=copies,
        other_copies=other_copies,
        signed_by=signed_by,
        dated=dated,
        given=dict(given or {}),
    )
    as_office = is_of_office(actor, problems[0].jurisdiction)
    return draft(problems, wish, sender=home_of(unit), as_office=as_office)


@action(Verb.REDRAFT, may=may_handle)
def redraft_paper(
    paper: Paper,
    *,
    given: Mapping[str, str] | None = None,
    title: str = "",
    text: str = "",
    actor: Actor,
) -> None:
    """The next edition of a draft: from today's facts, or with title and text as somebody changed them."""
    if paper.state != Paper.State.DRAFT:
        raise Refused(
            _("文书“%(state)s”，不能重新起草。") % {"state": paper.get_state_display()},
            accepted=_("只有草稿可以重新起草；已印发的有错误，作废后另行起草。"),
        )
    if len(text) > LONGEST_BODY:
        raise Refused(_("正文太长。"), accepted=_("最多 20000 字。"), field="text")
    draft_again(paper, given or {}, title=title, text=text)


def _read_copy(arguments: Mapping[str, Any]) -> object:
    """The signed copy is looked at before any lock is held, and before that whether this person may hand it in."""
    upload = arguments.get("signed_copy")
    if upload is None:
        return None
    may_handle(arguments["actor"], [arguments["paper"]], arguments)
    return upload if isinstance(upload, Incoming) else prepare(upload)


@action(Verb.ENTER, may=may_handle, ahead=_read_copy)
def enter_document_no(
    paper: Paper,
    *,
    issued_on: date,
    document_no: str = "",
    signed_copy: Upload | Incoming | None = None,
    reason: str = "",
    actor: Actor,
) -> None:
    """What the document office gave: number, day and signed copy. Entered again with a reason, it corrects."""
    if paper.state == Paper.State.VOID:
        raise Refused(_("文书已作废，不能回填。"), accepted=_("请为新起草的文书回填。"))
    corrects = paper.state == Paper.State.ISSUED
    if corrects:
        current().because(refuse_empty(reason, _("更正理由")))
    elif signed_copy is None:
        raise Refused(_("没有签发件。"), accepted=_("请上传签发件的扫描件或照片。"), field="signed_copy")
    paper.document_no = _right_no(actor, paper, document_no)
    paper.issued_on = _right_day(paper, issued_on)
    found = current().found_ahead
    if isinstance(found, Incoming):
        paper.signed_copy = take_in(found, subject_kind=Paper.Stream.kind, subject=paper.pk)
    paper.state = Paper.State.ISSUED
    paper.entered_by = actor.person
    paper.save()


def _right_no(actor: Actor, paper: Paper, typed: str) -> str:
    """The number as the standard writes it; a form has a number of ours and may do without."""
    typed = "".join(typed.split())
    if not typed and paper.sort.is_form:
        return ""
    if not is_document_no(typed):
        meant = right_document_no(typed)
        raise Refused(
            _("文号的写法不对：年份用六角括号〔〕，序号不加“第”、不编虚位。"),
            accepted=_("是否为：%(no)s") % {"no": meant}
            if is_document_no(meant)
            else _("如：云整改〔2026〕3号"),
            field="document_no",
        )
    same = papers_seen(actor).filter(
        document_no=typed, jurisdiction=paper.jurisdiction_id, state=Paper.State.ISSUED
    )
    other = same.exclude(pk=paper.pk).first()
    if other is not None:
        raise Refused(
            _("文号 %(no)s 已用于《%(title)s》。") % {"no": typed, "title": other.title},
            accepted=_("请核对签发件；那一份填错的，先更正那一份。"),
            field="document_no",
        )
    return typed


def _right_day(paper: Paper, day: date) -> date:
    if not paper.drafted_on <= day <= current().today:
        raise Refused(
            _("印发日期不对。"),
            accepted=_("不早于起草日期 %(drafted)s，不晚于今天。")
            % {"drafted": paper.drafted_on.isoformat()},
            field="issued_on",
        )
    return day


@action(Verb.VOID, may=may_handle)
def void_paper(paper: Paper, *, reason: str, actor: Actor) -> None:
    """Take a paper out of use; it stays readable, with the reason."""
    if paper.state == Paper.State.VOID:
        raise Refused(_("文书已经作废。"))
    current().because(refuse_empty(reason, _("作废理由")))
    paper.state = Paper.State.VOID
    paper.save()


@action(Verb.ENACT, may=may_keep_templates)
def enact_template(
    *,
    kind: str,
    jurisdiction: Unit,
    title: str,
    body: str,
    valid_from: date | None = None,
    reason: str = "",
    actor: Actor,
) -> PaperTemplate:
    """New words for a kind of paper, from a day on, for a place and those below it. Papers drafted stay as they are."""
    if not jurisdiction.is_jurisdiction:
        raise Refused(
            _("“%(unit)s”没有自己的整改办，沿用上级模板。") % {"unit": jurisdiction.name},
            field="jurisdiction",
        )
    act = current()
    act.because(reason)
    title, body = _checked_words(kind, title, body)
    first_day = valid_from or act.today
    if first_day < act.today:
        raise Refused(_("新模板不能从过去生效。"), accepted=_("请选今天或以后的日期。"), field="valid_from")
    last = PaperTemplate.objects.filter(kind=kind, jurisdiction=jurisdiction).aggregate(last=Max("version"))
    template = PaperTemplate(
        kind=kind,
        jurisdiction=jurisdiction,
        version=(last["last"] or 0) + 1,
        title=title,
        body=body,
        valid_from=first_day,
    )
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        # Two people made a version at once; the second one becomes the next.
        raise RetryAction(f"{kind}: this version was taken meanwhile") from error
    return template


def _checked_words(kind: str, title: str, body: str) -> tuple[str, str]:
    offered = offered_names(kind_named(kind))
    title = " ".join(refuse_empty(title, _("标题")).split())
    body = "\n".join(line.rstrip() for line in refuse_empty(body, _("正文")).splitlines()).strip()
    if len(title) > LONGEST_TEMPLATE_TITLE or len(body) > LONGEST_BODY:
        raise Refused(_("标题或正文太长。"), accepted=_("标题 200 字、正文 20000 字以内。"), field="body")
    for text, field in ((title, "title"), (body, "body")):
        faults = faults_in(text, offered)
        if faults:
            raise refusal_of_text(faults, offered, field=field)
    return title, body


@action(Verb.WITHDRAW, may=may_keep_templates)
def withdraw_template(
    template: PaperTemplate, *, from_day: date | None = None, reason: str, actor: Actor
) -> None:
    """End a version: from this day on what held before it, above it, or at the beginning holds again."""
    act = current()
    act.because(refuse_empty(reason, _("停用理由")))
    day = from_day or act.today
    if day < act.today:
        raise Refused(_("不能从过去停用。"), accepted=_("请选今天或以后的日期。"), field="from_day")
    last = max(day, template.valid_from) - ONE_DAY
    if template.valid_until is not None and template.valid_until <= last:
        raise Refused(_("这个版本到那时已经失效。"))
    template.valid_until = last
    template.save()
