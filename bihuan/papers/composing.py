"""From the words of a paper to its Word file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bihuan.documents.form_layout import Field, FormSheet, Note, Row, form_bytes
from bihuan.documents.official_layout import Annex, OfficialDraft, official_bytes
from bihuan.documents.word_parts import Table
from bihuan.papers.facts import deadline_words, masked
from bihuan.papers.kinds import COLOUR_NAME, COLOUR_WORDS, Colour
from bihuan.papers.rules import DocumentKind
from bihuan.papers.templating import form_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bihuan.ledger.models import Problem
    from bihuan.papers.kinds import PaperKind
    from bihuan.papers.templating import FormLine

LIST_NAME: Final = "问题清单"
LIST_HEADER: Final = ("序号", "编号", "问题", "牵头单位", "配合单位", "整改期限")
DECIDED: Final = "审定结果"
LIST_WIDTHS: Final = (6, 17, 29, 14, 14, 20)
LIST_FROM: Final = 2
"""From two problems on they stand in an annex."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is set: the title, the paragraphs (of a form: its lines), and who sends it to whom.

    `decided`: problem id -> what a sitting decided of it, which then stands in the list instead of the deadline.
    """

    kind: PaperKind
    document_kind: DocumentKind
    title: str
    text: str
    values: Mapping[str, str]
    addressed_to: Sequence[str] = ()
    copies_to: Sequence[str] = ()
    signed_by: str = ""
    dated: date | None = None
    address: str = ""
    decided: Mapping[Any, str] = field(default_factory=dict)
    annexes: Sequence[Annex] = ()


def word_file(words: Words, problems: Sequence[Problem], supporting: Mapping[Any, str]) -> bytes:
    """The Word file of a paper. `supporting`: problem id -> the units that help, for the list."""
    if words.kind.is_form:
        return form_bytes(_form(words, problems, supporting))
    return official_bytes(_official(words, problems, supporting))


def _official(words: Words, problems: Sequence[Problem], supporting: Mapping[Any, str]) -> OfficialDraft:
    is_record = words.document_kind in {DocumentKind.RECORD, DocumentKind.MINUTES}
    several = len(problems) >= LIST_FROM
    return OfficialDraft(
        title=words.title,
        body=words.text.splitlines(),
        addressed_to=words.addressed_to,
        annexes=[
            *([Annex(LIST_NAME, list_table(problems, supporting, words.decided))] if several else ()),
            *words.annexes,
        ],
        signed_by="" if is_record else words.signed_by,
        dated=words.dated,
        has_date=not is_record,
        copies_to=words.copies_to,
        keep=[*words.addressed_to, words.signed_by],
    )


def _form(words: Words, problems: Sequence[Problem], supporting: Mapping[Any, str]) -> FormSheet:
    lines = form_lines(words.text, words.values)
    colour = words.values.get(COLOUR_NAME, "")
    shade = next((one.value for one, said in COLOUR_WORDS.items() if said == colour), "")
    pieces = [_piece(line, problems, supporting) for line in lines]
    return FormSheet(
        title=words.title,
        pieces=pieces,
        address=words.address,
        band=f"{colour}督办" if shade else "",
        shade=shade,
        landscape=any(isinstance(piece, Table) for piece in pieces),
    )


def _piece(line: FormLine, problems: Sequence[Problem], supporting: Mapping[Any, str]) -> Row | Note | Table:
    if line.is_list:
        return list_table(problems, supporting)
    if line.note:
        return Note(line.note)
    return Row([Field(cell.label, cell.value, to_sign=cell.signed) for cell in line.cells])


def list_table(
    problems: Sequence[Problem], supporting: Mapping[Any, str], decided: Mapping[Any, str] | None = None
) -> Table:
    """问题清单: six columns, so it lies on its side; the head is repeated on every page."""
    rows = [
        [
            str(number),
            problem.problem_no,
            masked(problem.title),
            problem.lead_unit.name if problem.lead_unit else "",
            supporting.get(problem.pk, ""),
            decided.get(problem.pk, "") if decided else deadline_words(problem),
        ]
        for number, problem in enumerate(problems, start=1)
    ]
    header = (*LIST_HEADER[:-1], DECIDED) if decided else LIST_HEADER
    return Table(header, rows, widths=LIST_WIDTHS)


def colour_said(code: str) -> str:
    """The words of a colour as they stand in a form; nothing for what is no colour."""
    return COLOUR_WORDS[Colour(code)] if code in set(Colour) else ""
