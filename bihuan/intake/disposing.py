"""What became of each passage: said by a person, one by one or section by section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.intake.forgetting import forget_words
from bihuan.intake.keeping import next_k, refuse_if_sealed, seal_off
from bihuan.intake.models import Candidate, Disposition, IntakeDocument, Passage
from bihuan.intake.quoting import text_of, title_of
from bihuan.intake.rereading import read_again
from bihuan.intake.sharing import refuse_moved_passage
from bihuan.journal.action import Refused
from bihuan.journal.wording import listed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from bihuan.journal.open_action import Actor

LIVE = (Candidate.State.PROPOSED, Candidate.State.CONFIRMED)
NEEDS_REASON = {
    Disposition.NOT_A_PROBLEM: (
        gettext_lazy("请写明为什么不是问题。"),
        gettext_lazy("一句话即可，例如“属于其他批次”。"),
    ),
    Disposition.DUPLICATE: (
        gettext_lazy("请写明与哪一段或哪一件重复。"),
        gettext_lazy("写段号（如 ¶ 12）或问题编号。"),
    ),
}


def refuse_if_closed(document: IntakeDocument) -> None:
    """Neither a sealed batch nor a withdrawn document is worked on any more."""
    refuse_if_sealed(document.batch)
    if document.state == IntakeDocument.State.WITHDRAWN:
        raise Refused(
            _("“%(file)s”已经撤回。") % {"file": document.name}, accepted=_("请改办本批次的其他文件。")
        )


def passages_of(document: IntakeDocument, numbers: Iterable[int]) -> list[Passage]:
    """The named passages; a number the document does not have is refused."""
    wanted = sorted(set(numbers))
    found = list(Passage.objects.filter(document=document, n__in=wanted))
    missing = sorted(set(wanted) - {passage.n for passage in found})
    if missing or not wanted:
        raise Refused(
            _("没有选中任何片段。") if not wanted else _("这份文件没有第 %(n)s 段。") % {"n": missing[0]},
            accepted=_("请从片段列表中选择。"),
        )
    return found


def decide(row: Passage | Candidate, actor: Actor) -> None:
    """Who says so; somebody standing in speaks for two."""
    row.decided_by, row.decided_for = actor.person, actor.on_behalf_of


def dispose_of(
    document: IntakeDocument,
    numbers: Sequence[int],
    disposition: str,
    *,
    reason: str,
    shown: Mapping[str, str],
    actor: Actor,
) -> None:
    """The body of `intake.dispose`."""
    refuse_if_closed(document)
    kind = _known(disposition)
    passages = passages_of(document, numbers)
    for passage in passages:
        refuse_moved_passage(passage, shown)
        _refuse_held(passage)
    if kind in NEEDS_REASON and not reason.strip():
        message, accepted = NEEDS_REASON[kind]
        raise Refused(message, accepted=accepted, field="reason")
    _settle_candidates(document, passages, kind)
    # A reason written about a clue would say of it what nobody here may keep.
    why = "" if kind == Disposition.CLUE else reason.strip()[:200]
    for passage in passages:
        passage.disposition, passage.reason = kind, why
        decide(passage, actor)
    sealed = _sealed_off(passages, document) if kind == Disposition.CLUE else []
    Passage.objects.save_all(passages)
    if sealed:
        forget_words(document, sealed)


def _sealed_off(passages: Sequence[Passage], document: IntakeDocument) -> list[tuple[Passage, str]]:
    """The passages with the words that stood in them until now."""
    sealed = []
    for passage in passages:
        words = passage.text
        seal_off(passage, document)
        sealed.append((passage, words))
    return sealed


def accept_proposals_of(document: IntakeDocument, numbers: Sequence[int], actor: Actor) -> int:
    """The body of `intake.accept_proposals`: passages somebody has decided already are left as they are."""
    refuse_if_closed(document)
    open_ones = [passage for passage in passages_of(document, numbers) if not passage.disposition]
    covered = covered_numbers(document)
    taken = []
    for passage in open_ones:
        proposed = passage.proposed
        if not proposed or (proposed == Disposition.PROBLEM and passage.n not in covered):
            continue
        passage.disposition = proposed
        decide(passage, actor)
        taken.append(passage)
    if not taken:
        raise Refused(
            _("这里没有可以按建议交代的片段。"),
            accepted=_("没有建议的片段，请逐段用 1 至 5 交代。"),
        )
    Passage.objects.save_all(taken)
    return len(taken)


def covered_numbers(document: IntakeDocument) -> set[int]:
    """The passages a proposed or confirmed candidate stands on; without its words, for a long letter has thousands."""
    live = Candidate.objects.filter(document=document, state__in=LIVE)
    return {n for numbers in live.values_list("passages", flat=True) for n in numbers}


def standing_on(document: IntakeDocument, numbers: Container[int]) -> list[Candidate]:
    """The proposed and confirmed candidates that stand on any of these passages, with all they hold."""
    live = Candidate.objects.filter(document=document, state__in=LIVE)
    wanted = [pk for pk, held in live.values_list("pk", "passages") if any(n in numbers for n in held)]
    return list(Candidate.objects.filter(pk__in=wanted))


def _known(disposition: str) -> Disposition:
    if disposition not in Disposition.values:
        raise Refused(
            _("没有“%(word)s”这种交代。") % {"word": disposition},
            accepted=listed(str(label) for label in Disposition.labels),
            field="disposition",
        )
    return Disposition(disposition)


def _refuse_held(passage: Passage) -> None:
    if passage.clue is not None:
        raise Refused(
            _("¶ %(n)s 是线索，已封存待移交，不能改作别的。") % {"n": passage.n},
            accepted=_("由线索接收岗办理移交。"),
            n=passage.n,
        )


def _settle_candidates(document: IntakeDocument, passages: Sequence[Passage], kind: Disposition) -> None:
    """Candidates follow their passages: a problem needs one, anything else leaves the one it was in."""
    if kind == Disposition.PROBLEM:
        covered = covered_numbers(document)
        bare = [passage for passage in passages if passage.n not in covered]
        if bare:
            propose(document, bare)
        return
    numbers = {passage.n for passage in passages}
    for candidate in standing_on(document, numbers):
        if candidate.state == Candidate.State.CONFIRMED:
            raise Refused(
                _("¶ %(n)s 的问题已经入账，不能改作“%(kind)s”。")
                % {"n": min(numbers.intersection(candidate.passages)), "kind": kind.label},
                accepted=_("入账的问题请在台账里办理：并案、移送、不属实或终止。"),
            )
        _take_out(document, candidate, numbers)


def _take_out(document: IntakeDocument, candidate: Candidate, numbers: set[int]) -> None:
    left = [n for n in candidate.passages if n not in numbers]
    if left:
        candidate.passages = left
        candidate.text = text_of(Passage.objects.filter(document=document, n__in=left).order_by("n"))
    else:
        candidate.state = Candidate.State.DROPPED
    candidate.save()


def propose(
    document: IntakeDocument,
    passages: Sequence[Passage],
    *,
    title: str = "",
    text: str = "",
    marked: Mapping[str, str] | None = None,
) -> Candidate:
    """A candidate made after reading; its words are read as those of any other. `marked` says whose idea it was."""
    k = next_k(document)
    text = text or text_of(passages)
    made: Candidate = Candidate.objects.create(
        document=document,
        k=k,
        title=(title.strip() or title_of(text))[:200],
        text=text,
        passages=[passage.n for passage in passages],
        origins=[k],
        proposals={**read_again(document.batch, passages), **(marked or {})},
    )
    return made
