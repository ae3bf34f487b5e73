"""What happens to an office's classifier: asked for, measured, taken into use, rolled back, set aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bihuan.files.taking_in import Incoming, take_in
from bihuan.journal.action import Actor, Refused, action, current, system_only
from bihuan.journal.errors import RetryAction
from bihuan.learning.models import LearnedModel
from bihuan.learning.policy import may_roll_back, may_train
from bihuan.learning.rules import Reason
from bihuan.learning.verbs import LearningVerb
from bihuan.ledger.steps import refuse_empty
from bihuan.organizations.models import Unit
from bihuan.policies.queries import policy_for, quote

POLICY: Final = "learning"
# A training that has not answered for so long was lost with its worker.
LOST_AFTER: Final = timedelta(hours=6)
State = LearnedModel.State


@action(LearningVerb.ASK_TRAINING, may=may_train)
def ask_training(*, jurisdiction: Unit, actor: Actor) -> LearnedModel:
    """Have the worker learn from the labels confirmed so far; whether the new model is used is decided by measuring."""
    from bihuan.learning.jobs import train

    act = current()
    quote(policy_for(POLICY, jurisdiction=jurisdiction, on=act.today))
    _end_lost(jurisdiction)
    last = LearnedModel.objects.filter(jurisdiction=jurisdiction).aggregate(last=Max("version"))["last"]
    model = LearnedModel(
        jurisdiction=jurisdiction, version=(last or 0) + 1, asked_by=actor.person, asked_at=act.now
    )
    try:
        with transaction.atomic():
            model.save()
    except IntegrityError as error:
        raise RetryAction(f"model version {model.version} was given out meanwhile") from error
    act.defer(train, model=str(model.pk))
    return model


def _end_lost(place: Unit) -> None:
    """One training at a time; one that never answered stands in nobody's way."""
    waiting = LearnedModel.objects.filter(jurisdiction=place, state=State.ASKED).first()
    if waiting is None:
        return
    if current().now - waiting.asked_at < LOST_AFTER:
        raise Refused(
            _("第 %(version)s 版正在学习。") % {"version": waiting.version},
            accepted=_("学完会在“分类学习”页给出结果。"),
        )
    current().lock([waiting])
    waiting.state, waiting.failure = State.FAILED, "lost"
    waiting.save()


@action(LearningVerb.MEASURE, may=system_only)
def measure(
    model: LearnedModel,
    *,
    file: Incoming,
    examples: int,
    held_back: int,
    measures: Mapping[str, Any],
    verdict: str,
    actor: Actor,
) -> None:
    """A training came to its end: its file, and what it was measured at beside the model in use."""
    if model.state != State.ASKED:
        raise Refused(_("这一版已经有结果。"))
    quote(policy_for(POLICY, jurisdiction=model.jurisdiction, on=current().today))
    model.file = take_in(file, subject_kind=LearnedModel.Stream.kind, subject=model.pk)
    model.state, model.verdict = State.MEASURED, verdict
    model.examples, model.held_back, model.measures = examples, held_back, dict(measures)
    model.save()


@action(LearningVerb.FAIL, may=system_only)
def fail(model: LearnedModel, *, failure: str, examples: int = 0, actor: Actor) -> None:
    """A training came to no end; `failure` says why."""
    if model.state != State.ASKED:
        raise Refused(_("这一版已经有结果。"))
    model.state, model.failure, model.examples = State.FAILED, failure, examples
    model.save()


@action(LearningVerb.ADOPT, may=system_only)
def adopt(model: LearnedModel, *, actor: Actor) -> None:
    """Take a model into use that was measured to be better."""
    if model.state != State.MEASURED or model.verdict != Reason.BETTER:
        raise Refused(_("只有测得更好的新模型才能启用。"))
    quote(policy_for(POLICY, jurisdiction=model.jurisdiction, on=current().today))
    _put_in_force(model)


@action(LearningVerb.ROLL_BACK, may=may_roll_back)
def roll_back(model: LearnedModel, *, reason: str, actor: Actor) -> None:
    """Go back to a version that was in use before."""
    current().because(refuse_empty(reason, _("理由")))
    if model.state != State.FORMER:
        raise Refused(
            _("第 %(version)s 版%(state)s，不能退回到它。")
            % {"version": model.version, "state": model.get_state_display()},
            accepted=_("只能退回到曾经在用的版本。"),
        )
    _put_in_force(model)


@action(LearningVerb.SET_ASIDE, may=may_roll_back)
def set_aside(model: LearnedModel, *, reason: str, actor: Actor) -> None:
    """Work without a model of one's own: with the superior's, or with the keyword profiles."""
    current().because(refuse_empty(reason, _("理由")))
    if model.state != State.IN_FORCE:
        raise Refused(_("这一版没有在用。"), accepted=_("只能停用在用的版本。"))
    model.state, model.in_force_since = State.FORMER, None
    model.save()


def _put_in_force(model: LearnedModel) -> None:
    act = current()
    before = LearnedModel.objects.filter(jurisdiction=model.jurisdiction_id, state=State.IN_FORCE).first()
    if before is not None:
        act.lock([before])
        before.state, before.in_force_since = State.FORMER, None
        before.save()
        act.fact(model, replaces=before.version)
    model.state, model.in_force_since = State.IN_FORCE, act.now
    model.save()
