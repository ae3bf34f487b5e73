"""Drafting inside an open action: for this room's verbs, and for a reaction that drafts what another room decided.

A reaction calls `draft([problem], Wish(kind="supervision_letter", recipients=[unit], given={…}), sender=office_of(place))`
and has the paper, its file and its event in the transaction of what it reacts to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.documents.official_lines import written_date
from bihuan.files.gate import refuse_marked_text
from bihuan.files.taking_in import prepare, take_in
from bihuan.journal.action import Refused, current
from bihuan.ledger.lifecycle_words import STATE_WORDS, State
from bihuan.ledger.models import InvolvementRole
from bihuan.ledger.numbering import facts_for, next_number
from bihuan.ledger.rigour import policy_of
from bihuan.ledger.steps import units_in
from bihuan.organizations.models import Role, Unit
from bihuan.organizations.queries import coordinators_of
from bihuan.papers import rules, templating
from bihuan.papers.composing import Words, colour_said, word_file
from bihuan.papers.facts import JOINED, values_for
from bihuan.papers.kind_facts import decided_of
from bihuan.papers.kinds import (
    CLOSING_WORDS,
    COLOUR_NAME,
    DOCUMENT_WORDS,
    KINDS,
    MINUTES,
    PaperKind,
    offered_names,
)
from bihuan.papers.matters import matter_of
from bihuan.papers.models import Paper, PaperSubject, PaperTemplate
from bihuan.papers.queries import problems_of, standing_of, words_for
from bihuan.papers.rules import DocumentKind, Fault
from bihuan.papers.starting_words import Words as Template
from bihuan.papers.wording import not_now, refusal_of, refusal_of_text

if TYPE_CHECKING:
    from bihuan.documents.official_layout import Annex
    from bihuan.journal.records import Record
    from bihuan.ledger.models import Problem

NUMBERING: Final = "numbering.paper"
LONGEST_GIVEN: Final = 2_000
LONGEST_TITLE: Final = 500
LONGEST_NAME: Final = 120
MOST_PROBLEMS: Final = 1_000
FILE_NAME: Final = 80
QUOTED_FROM: Final = 8
"""Characters from which a line is known again as one of the ledger's."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants drafted. `others` and `other_copies` are bodies outside the tree, by name."""

    kind: str
    recipients: Sequence[Unit] = ()
    others: Sequence[str] = ()
    copies: Sequence[Unit] = ()
    other_copies: Sequence[str] = ()
    signed_by: str = ""
    dated: date | None = None
    given: Mapping[str, str] = field(default_factory=dict)


def office_of(place: Unit) -> Unit:
    """The unit in which the rectification office of a place sits, for papers the program drafts in its name."""
    posts = coordinators_of(place, (Role.COORDINATOR, Role.REVIEWER))
    return posts[0].unit if posts else place


def draft(problems: Sequence[Problem], wish: Wish, *, sender: Unit, as_office: bool = True) -> Paper:
    """One paper about these problems, with its Word file. Refuses what may not be sent so, or not now."""
    kind = kind_named(wish.kind)
    first = _fitting(kind, problems)
    paper = Paper(
        kind=kind.code,
        jurisdiction=first.jurisdiction,
        channel=first.channel,
        from_unit=sender,
        by_office=as_office,
        signed_by=_short_enough(wish.signed_by.strip() or sender.name, "signed_by"),
        addressed_to=_parties(wish.recipients, wish.others) if kind.has_recipients else [],
        copies_to=_parties(wish.copies, wish.other_copies) if kind.has_recipients else [],
        dated=wish.dated,
        drafted_by=current().actor.person,
        drafted_on=current().today,
    )
    paper.document_kind = _document_kind(kind, paper, wish)
    if kind.is_form:
        paper.paper_no = _next_no(first)
    words, template = words_for(kind.code, first.jurisdiction, current().today)
    _set(paper, problems, words, template, _checked(kind, wish.given))
    paper.save()
    PaperSubject.objects.bulk_create([PaperSubject(paper=paper, problem=one) for one in problems])
    return paper


def draft_about(about: Record, wish: Wish, *, place: Unit, sender: Unit) -> Paper:
    """One paper of the office of a place, made of a record of the room that calls; its kind is one of that room's."""
    kind = kind_named(wish.kind)
    paper = Paper(
        kind=kind.code,
        about=about.pk,
        jurisdiction=place,
        from_unit=sender,
        by_office=True,
        signed_by=_short_enough(wish.signed_by.strip() or sender.name, "signed_by"),
        addressed_to=_parties(wish.recipients, wish.others),
        copies_to=_parties(wish.copies, wish.other_copies),
        dated=wish.dated,
        drafted_by=current().actor.person,
        drafted_on=current().today,
    )
    paper.document_kind = _document_kind(kind, paper, wish)
    words, template = words_for(kind.code, place, current().today)
    _set(paper, [], words, template, _checked(kind, wish.given))
    paper.save()
    return paper


def draft_again(paper: Paper, given: Mapping[str, str], *, title: str = "", text: str = "") -> None:
    """The next edition: from today's facts and the words in force today, or from words changed by hand."""
    problems = problems_of(paper)
    kind = paper.sort
    typed = {name: paper.named_values.get(name, "") for name in kind.asks} | _checked(kind, given)
    words, template = words_for(kind.code, paper.jurisdiction, current().today)
    paper.edition += 1
    paper.by_hand = bool(text or title)
    held = paper.template if paper.by_hand else template
    _set(paper, problems, Template(title or words.title, text or words.body), held, typed)
    paper.save()


def kind_named(code: str) -> PaperKind:
    """The kind, or a refusal that names those there are."""
    if code not in KINDS:
        raise Refused(
            _("没有这种文书。"),
            accepted=JOINED.join(str(kind.label) for kind in KINDS.values()),
            field="kind",
        )
    return KINDS[code]


def _fitting(kind: PaperKind, problems: Sequence[Problem]) -> Problem:
    """The problems belong together, and each is where this kind of paper has its time."""
    if not problems or len(problems) > MOST_PROBLEMS:
        raise Refused(_("一份文书写 1 至 %(most)d 个问题。") % {"most": MOST_PROBLEMS})
    first = problems[0]
    if kind.of_matter:
        raise Refused(_("“%(kind)s”不从问题起草。") % {"kind": kind.label}, field="kind")
    if len(problems) > 1 and not kind.several:
        raise Refused(
            _("“%(kind)s”一份只写一个问题。") % {"kind": kind.label},
            accepted=_("请分别起草。"),
            code="single",
        )
    for problem in problems:
        if problem.jurisdiction_id != first.jurisdiction_id or problem.channel_id != first.channel_id:
            raise Refused(_("一份文书里的问题必须属于同一整改办、同一知悉范围。"), accepted=_("请分别起草。"))
        if State(problem.state) not in kind.states:
            raise not_now(kind, problem.problem_no, STATE_WORDS[State(problem.state)].zh)
    return first


def _parties(units: Sequence[Unit], names: Sequence[str]) -> list[dict[str, str | None]]:
    others = [_short_enough(name.strip(), "others") for name in names if name.strip()]
    parties: list[dict[str, str | None]] = [{"unit": str(unit.pk), "name": unit.name} for unit in units]
    return [*parties, *({"unit": None, "name": name} for name in dict.fromkeys(others))]


def _short_enough(name: str, field: str) -> str:
    if len(name) > LONGEST_NAME:
        raise Refused(
            _("“%(name)s…”太长。") % {"name": name[:20]},
            accepted=_("单位名称最多 %(most)d 字。") % {"most": LONGEST_NAME},
            field=field,
        )
    return name


def _document_kind(kind: PaperKind, paper: Paper, wish: Wish) -> DocumentKind:
    """By the relation of the parties; a body outside the tree commands nobody here and is commanded by none."""
    sender = standing_of(paper.from_unit, as_office=paper.by_office)
    level = [rules.Relation.LEVEL]
    to = [rules.relation_of(sender, standing_of(unit)) for unit in wish.recipients] + level * bool(
        wish.others
    )
    copied = [rules.relation_of(sender, standing_of(unit)) for unit in wish.copies]
    found = rules.document_kind(kind.purpose, set(to))
    if isinstance(found, Fault):
        raise refusal_of(found, kind)
    faults = rules.faults_of(found, "", matters=1, recipients=len(paper.addressed_to), copies=copied)
    if faults:
        raise refusal_of(faults[0], kind)
    return found


def _next_no(first: Problem) -> str:
    """The number of a form is ours; of restricted problems it counts in their channel's own series."""
    facts = facts_for(first.jurisdiction, first.source, current().today)
    if first.channel is not None:
        return next_number(
            f"表单-{first.channel.number_pattern}", facts, f"paper of channel {first.channel.code}"
        )
    return next_number(policy_of(first, NUMBERING).body["pattern"], facts, "paper")


def _checked(kind: PaperKind, given: Mapping[str, str]) -> dict[str, str]:
    """What the drafter typed: only what the kind asks for, and not without end."""
    unknown = sorted(set(given) - set(kind.asks))
    if unknown:
        raise Refused(
            _("“%(kind)s”没有“%(name)s”这一项。") % {"kind": kind.label, "name": unknown[0][:40]},
            accepted=_("可以填写：%(names)s。") % {"names": JOINED.join(kind.asks) or _("无")},
            field="given",
        )
    long = [name for name, value in given.items() if len(value) > LONGEST_GIVEN]
    if long:
        raise Refused(_("“%(name)s”太长。") % {"name": long[0]}, accepted=_("最多 2000 字。"), field="given")
    checked = {name: str(value).strip() for name, value in given.items()}
    if COLOUR_NAME in checked:
        checked[COLOUR_NAME] = colour_said(checked[COLOUR_NAME]) or checked[COLOUR_NAME]
    return checked


def _set(
    paper: Paper,
    problems: Sequence[Problem],
    words: Template,
    template: PaperTemplate | None,
    given: Mapping[str, str],
) -> None:
    """Fill in the words, look once more at what the kind of document forbids, and make the file."""
    kind, document_kind = paper.sort, DocumentKind(paper.document_kind)
    title, body = words
    offered = offered_names(kind)
    faults = templating.faults_in(body, offered)
    if faults:
        raise refusal_of_text(faults, offered, field="text")
    told = matter_of(kind.code).tell(paper.about, current().actor) if paper.about else None
    found = told.values if told else values_for(kind, problems)
    values = {**found, "起草日期": written_date(current().today), **given, **_about_paper(paper)}
    paper.title = templating.filled(" ".join(title.split()), values)
    if len(paper.title) > LONGEST_TITLE:
        raise Refused(
            _("标题有 %(count)d 字，太长。") % {"count": len(paper.title)},
            accepted=_("最多 %(most)d 字：请改短标题，或分别起草。") % {"most": LONGEST_TITLE},
            field="title",
        )
    paper.named_values = {name: values[name] for name in sorted(values) if values[name]}
    paper.template = template
    paper.text = body.strip() if kind.is_form else "\n".join(templating.filled_lines(body, values))
    said = _without(found.values(), f"{paper.title}\n{paper.text}")
    _refuse_forbidden(paper, kind, said, len(problems))
    paper.draft = _file_of(paper, problems, document_kind, told.annexes if told else ())


def _about_paper(paper: Paper) -> dict[str, str]:
    document_kind = DocumentKind(paper.document_kind)
    return {
        "主送单位": JOINED.join(one["name"] for one in paper.addressed_to),
        "发文单位": paper.signed_by,
        "文种": DOCUMENT_WORDS[document_kind],
        "结语": CLOSING_WORDS.get(document_kind, ""),
        "表单编号": paper.paper_no,
    }


def _without(quoted: Iterable[str], text: str) -> str:
    """What the drafter and the template say, without what is quoted from the ledger: 未按规定请示报告 may be the problem itself."""
    lines = {line.strip() for value in quoted for line in value.splitlines()}
    for line in sorted(lines, key=len, reverse=True):
        if len(line) >= QUOTED_FROM:
            text = text.replace(line, "")
    return text


def _refuse_forbidden(paper: Paper, kind: PaperKind, said: str, matters: int) -> None:
    document_kind = DocumentKind(paper.document_kind)
    faults = rules.faults_of(document_kind, said, matters=matters, recipients=len(paper.addressed_to))
    if faults:
        asking = rules.requests_in(said) if faults[0] is Fault.REPORT_ASKS else []
        raise refusal_of(faults[0], kind, asking)


def _file_of(
    paper: Paper, problems: Sequence[Problem], document_kind: DocumentKind, annexes: Sequence[Annex]
) -> Any:
    """The Word file, kept with the sight of its paper. Its text has passed the gate for marks of secrecy."""
    supporting = {
        problem.pk: JOINED.join(unit.name for unit in units_in(problem, [InvolvementRole.SUPPORTING]))
        for problem in problems
    }
    typed = "\n".join([paper.title, paper.text, *map(str, paper.named_values.values())])
    named = [*(one.title for one in problems), *(cell for one in annexes for cell in _cells(one))]
    refuse_marked_text("\n".join([typed, *named]), where=str(_("文书")))
    content = word_file(
        Words(
            kind=paper.sort,
            document_kind=document_kind,
            title=paper.title,
            text=paper.text,
            values=paper.named_values,
            addressed_to=[one["name"] for one in paper.addressed_to],
            copies_to=[one["name"] for one in paper.copies_to],
            signed_by=paper.signed_by,
            dated=paper.dated,
            address=address_of(paper, problems),
            decided=decided_of(problems) if paper.kind == MINUTES else {},
            annexes=annexes,
        ),
        problems,
        supporting,
    )
    name = f"{_file_name(paper.title)}.docx"
    incoming = prepare(BytesIO(content), name=name, gated=True)
    return take_in(incoming, subject_kind=Paper.Stream.kind, subject=paper.pk)


def _cells(annex: Annex) -> list[str]:
    return [*annex.paragraphs, *(cell for row in (annex.table.rows if annex.table else ()) for cell in row)]


def _file_name(title: str) -> str:
    kept = "".join(one for one in title if one.isalnum() or one in "（）〔〕、—-_《》")
    return kept[:FILE_NAME] or "文书"


def address_of(paper: Paper, problems: Sequence[Problem]) -> str:
    """What the QR code of a form opens: the problem, or the paper where it is about several; nothing without an address."""
    base = str(settings.CONFIGURATION.address).rstrip("/")
    if not base or not paper.sort.is_form:
        return ""
    if len(problems) == 1:
        return base + reverse("desk:problem", args=[problems[0].pk])
    return base + reverse("papers:paper", args=[paper.pk])
