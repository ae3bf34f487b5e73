"""The forms of the steps one problem takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse

from bihuan.rectification import actions, forms, level_forms, money_forms
from bihuan.rectification.circumstances import running_notice
from bihuan.rectification.deliberation_forms import take_deliberation
from bihuan.rectification.exemplars import require_exemplar
from bihuan.rectification.first_promises import promises
from bihuan.rectification.levels import level_words, levels_passed
from bihuan.rectification.measures import plans_of_round
from bihuan.rectification.models import Objection, Plan
from bihuan.rectification.panel_reading import read_panels
from bihuan.rectification.panels import sitting_panel
from bihuan.rectification.plan_forms import PlanForm
from bihuan.rectification.plan_versions import last_written
from bihuan.rectification.verbs import Verb
from bihuan.rectification.views.serving import Deed, Request, page_of, seen_problem, serve

if TYPE_CHECKING:
    import uuid

    from bihuan.journal.action import Actor
    from bihuan.journal.action import Verb as Action
    from bihuan.ledger.models import Problem
    from bihuan.organizations.action_pages import Meta

AnyForm: TypeAlias = Callable[..., Any]
FormOf: TypeAlias = Callable[["Problem", "Actor"], AnyForm]


@dataclass(frozen=True)
class Step:
    """One verb on one problem: its action, and the form that asks for its arguments."""

    verb: Verb
    action: Action[..., Any]
    form_for: FormOf

    def view(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        """Show or carry out."""
        problem = seen_problem(request, pk)

        def call(cleaned: dict[str, Any], meta: Meta) -> Any:
            return self.action.call(**meta)(problem, actor=request.actor, **given(cleaned))

        return serve(
            request,
            Deed(
                verb=self.verb,
                action=self.action,
                form=self.form_for(problem, request.actor),
                call=call,
                subjects=[problem],
                back=page_of(problem),
                **_beside(self.verb, problem),
            ),
        )


def _beside(verb: Verb, problem: Problem) -> dict[str, Any]:
    """Whoever judges reads what was first approved beside what holds now, what levels below found and what
    a panel signed.
    """
    if verb not in {
        Verb.ACCEPT,
        Verb.ACCEPT_LEVEL,
        Verb.RETURN_ACCEPTANCE,
        Verb.RECORD_EXTERNAL_ACCEPTANCE,
    }:
        return {}
    panel = sitting_panel(problem)
    read = read_panels([panel])[0] if panel is not None else None
    context = {"promises": promises(problem), "panel": read, "levels": level_words(levels_passed(problem))}
    return {"template": "rectification/judge_form.html", "context": context}


def given(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The arguments of the action: what the form carries for itself is left out."""
    return take_deliberation({name: value for name, value in cleaned.items() if name != "seen"})


def plain(form: AnyForm) -> FormOf:
    """A form that needs to know nothing of the problem."""
    return lambda _problem, _actor: form


def of_problem(form: AnyForm) -> FormOf:
    """A form that offers what the problem has."""
    return lambda problem, _actor: partial(form, problem=problem)


def of_both(form: AnyForm) -> FormOf:
    """A form that offers what the problem has, and fills in what this person may change of it."""
    return lambda problem, actor: partial(form, problem=problem, actor=actor)


STEPS = {
    step.verb: step
    for step in (
        Step(Verb.DECLINE, actions.decline, plain(forms.DeclineForm)),
        Step(Verb.REPORT_PROGRESS, actions.report_progress, of_both(forms.ProgressForm)),
        Step(Verb.ADD_EVIDENCE, actions.add_evidence, of_problem(forms.EvidenceForm)),
        Step(Verb.ASK_EXTENSION, actions.ask_extension, plain(forms.ExtensionForm)),
        Step(Verb.ASK_SUSPENSION, actions.ask_suspension, plain(forms.SuspensionForm)),
        Step(Verb.RESUME, actions.resume, plain(forms.ReasonForm)),
        Step(Verb.APPLY_ACCEPTANCE, actions.apply_acceptance, of_problem(forms.ApplyForm)),
        Step(Verb.ACCEPT, actions.accept, plain(forms.AcceptForm)),
        Step(Verb.ACCEPT_LEVEL, actions.accept_level, plain(forms.AcceptForm)),
        Step(Verb.REFUSE_FILING, actions.refuse_filing, plain(level_forms.RefuseFilingForm)),
        Step(Verb.RETURN_ACCEPTANCE, actions.return_acceptance, plain(forms.ReturnAcceptanceForm)),
        Step(Verb.RECORD_EXTERNAL_ACCEPTANCE, actions.record_external_acceptance, plain(forms.ExternalForm)),
        Step(Verb.RETURN_CLOSURE, actions.return_closure, plain(forms.ReturnForm)),
        Step(Verb.CHECK_STANDING_DUTY, actions.check_standing_duty, plain(forms.CheckForm)),
        Step(Verb.PROPOSE_CLOSURE, actions.propose_closure, of_problem(forms.ProposeClosureForm)),
        Step(Verb.RECORD_MONEY, actions.record_money, plain(money_forms.MoneyForm)),
        Step(Verb.CORRECT_MONEY, actions.correct_money, of_problem(money_forms.CorrectForm)),
        Step(Verb.ASK_REDUCTION, actions.ask_reduction, plain(money_forms.ReductionForm)),
        Step(Verb.DECIDE_REDUCTION, actions.decide_reduction, of_problem(money_forms.DecideReductionForm)),
        Step(Verb.END_NOTICE, actions.end_notice, plain(forms.NothingForm)),
    )
}


def submit_plan(request: Request, pk: uuid.UUID) -> HttpResponse:
    """The plan of this round."""
    problem = seen_problem(request, pk)
    form = partial(
        PlanForm,
        problem=problem,
        standing=last_written(plans_of_round(problem)),
        exemplar=_exemplar(request, problem),
    )
    return _plan(request, problem, Verb.SUBMIT_PLAN, actions.submit_plan, form)


def _exemplar(request: Request, problem: Problem) -> Plan | None:
    """The plan whose structure was chosen; one that may not be taken is not there."""
    named = request.POST.get("from") or request.GET.get("from") or ""
    if not named:
        return None
    plan: Plan | None
    try:
        plan = Plan.objects.select_related("problem__lead_unit").filter(pk=named).first()
    except ValidationError:
        plan = None
    if plan is None:
        raise Http404
    require_exemplar(request.actor, problem, plan)
    return plan


def propose_amendment(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Another form of the plan in force."""
    problem = seen_problem(request, pk)
    form = partial(PlanForm, problem=problem, standing=last_written(plans_of_round(problem)), amends=True)
    return _plan(request, problem, Verb.PROPOSE_AMENDMENT, actions.propose_amendment, form)


def _plan(
    request: Request, problem: Problem, verb: Verb, action: Action[..., Any], form: Callable[..., Any]
) -> HttpResponse:
    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return action.call(**meta)(problem, actor=request.actor, **given(cleaned))

    return serve(
        request,
        Deed(
            verb=verb,
            action=action,
            form=form,
            call=call,
            subjects=[problem],
            back=page_of(problem),
            template="rectification/plan_form.html",
        ),
    )


def hand_down(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A measure for a subordinate unit; which one is chosen in the form. Without a plan it is the whole problem."""
    problem = seen_problem(request, pk)

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        arguments = given(cleaned)
        measure = arguments.pop("measure", None)
        if measure is None:
            return actions.hand_down_whole.call(**meta)(problem, actor=request.actor, **arguments)
        return actions.hand_down.call(**meta)(measure, actor=request.actor, **arguments)

    initial = {"measure": request.GET.get("measure", "")}
    form = partial(forms.HandDownForm, problem=problem, initial=initial)
    return serve(
        request,
        Deed(
            verb=Verb.HAND_DOWN,
            action=actions.hand_down,
            form=form,
            call=call,
            subjects=[problem],
            back=page_of(problem),
        ),
    )


def give_back(request: Request, pk: uuid.UUID) -> HttpResponse:
    """A task that goes back to whoever handed it down."""
    return act_on_chosen(request, pk, Step(Verb.GIVE_BACK, actions.give_back, of_problem(forms.GiveBackForm)))


def cite_evidence(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Further measures for a proof that is there."""
    return act_on_chosen(
        request, pk, Step(Verb.CITE_EVIDENCE, actions.cite_evidence, of_problem(forms.CiteForm))
    )


CHOSEN = {Verb.GIVE_BACK: "measure", Verb.CITE_EVIDENCE: "evidence", Verb.REPLACE_EVIDENCE: "evidence"}
"""What the form of a verb lets one choose that it is done to."""


def act_on_chosen(request: Request, pk: uuid.UUID, step: Step) -> HttpResponse:
    """A verb on something of the problem that is chosen in its form; the address may have chosen it already."""
    problem, name = seen_problem(request, pk), CHOSEN[step.verb]

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        arguments = given(cleaned)
        return step.action.call(**meta)(arguments.pop(name), actor=request.actor, **arguments)

    return serve(
        request,
        Deed(
            verb=step.verb,
            action=step.action,
            form=partial(step.form_for(problem, request.actor), initial={name: request.GET.get(name, "")}),
            call=call,
            subjects=[problem],
            back=page_of(problem),
        ),
    )


def hear_objection(request: Request, pk: uuid.UUID) -> HttpResponse:
    """An objection to the notice that runs."""
    problem = seen_problem(request, pk)
    notice = running_notice(problem)
    if notice is None:
        raise Http404

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        return actions.hear_objection.call(**meta)(notice, actor=request.actor, **given(cleaned))

    return serve(
        request,
        Deed(
            verb=Verb.HEAR_OBJECTION,
            action=actions.hear_objection,
            form=forms.ObjectionForm,
            call=call,
            subjects=[notice],
            back=page_of(problem),
            shown=[str(problem)],
        ),
    )


def settle_objection(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Whether an objection holds: if it does, the problem goes back to work."""
    problem = seen_problem(request, pk)
    notice = running_notice(problem)
    waiting = Objection.objects.filter(notice=notice, upheld=None)
    if notice is None or not waiting.exists():
        raise Http404

    def call(cleaned: dict[str, Any], meta: Meta) -> Any:
        verb = actions.object_to_result if cleaned["upheld"] else actions.dismiss_objection
        return verb.call(**meta)(
            notice, objection=cleaned["objection"].pk, finding=cleaned["finding"], actor=request.actor
        )

    return serve(
        request,
        Deed(
            verb=Verb.OBJECT,
            action=actions.dismiss_objection,
            form=partial(forms.SettleForm, waiting=waiting),
            call=call,
            subjects=[notice],
            back=page_of(problem),
            shown=[str(problem)],
        ),
    )
