"""A corrected photograph or document takes the place of the earlier one, which stays readable with the reason."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from bihuan.files.taking_in import Incoming, Upload, take_in
from bihuan.journal.action import Actor, Refused, action, current
from bihuan.ledger.models import Problem
from bihuan.ledger.steps import refuse_empty
from bihuan.rectification.actions.work import refuse_future, refuse_same, refuse_unprovable
from bihuan.rectification.models import Evidence, EvidenceVersion
from bihuan.rectification.policy import may, person_of
from bihuan.rectification.verbs import Verb


@action(Verb.REPLACE_EVIDENCE, may=may(Verb.REPLACE_EVIDENCE))
def replace_evidence(
    evidence: Evidence,
    *,
    upload: Upload | Incoming,
    reason: str,
    caption: str = "",
    taken_on: date | None = None,
    actor: Actor,
) -> EvidenceVersion:
    """Hand in the corrected file of the same proof. Measures that cite it go on citing it, and say which version they saw.

    Not while others judge it: from the application for acceptance on it stands still, until it is returned.
    """
    why = refuse_empty(reason, _("更换理由"))
    current().because(why)
    current().lock([evidence.problem])
    problem = evidence.problem
    refuse_unreplaceable(evidence)
    refuse_future(taken_on)
    file = take_in(upload, subject_kind=Problem.Stream.kind, subject=problem.pk)
    if file.blob_id == evidence.file.blob_id:
        raise Refused(_("与现在的版本完全相同。"), accepted=_("请上传更正后的文件。"), field="upload")
    refuse_same(problem, file)
    earlier: EvidenceVersion = EvidenceVersion.objects.create(
        evidence=evidence,
        number=evidence.version,
        file=evidence.file,
        caption=evidence.caption,
        taken_on=evidence.taken_on,
        author=evidence.author,
        author_principal=evidence.author_principal,
        replaced_on=current().today,
        replaced_by=person_of(actor),
        reason=why,
    )
    evidence.version += 1
    evidence.file, evidence.caption = file, caption.strip() or evidence.caption
    # A date is told anew with each file: the earlier file's day says nothing of this one.
    evidence.taken_on = taken_on
    evidence.author, evidence.author_principal = person_of(actor), actor.on_behalf_of
    evidence.save()
    current().fact(problem, evidence=str(evidence.pk), sha256=file.blob.sha256, version=evidence.version)
    return earlier


def refuse_unreplaceable(evidence: Evidence) -> None:
    """What was judged, or proved an earlier round, is left as it was; writes nothing."""
    problem = evidence.problem
    if evidence.round != problem.round:
        raise Refused(
            _("这是第 %(round)d 轮的佐证，不能更换。") % {"round": evidence.round},
            accepted=_("请为本轮另行上传。"),
        )
    refuse_unprovable(problem)
