"""Addresses of this room; a problem's own page belongs to the desk."""

from __future__ import annotations

from django.urls import path

from bihuan.rectification.views import (
    applications,
    evidence,
    handling,
    leading,
    moving,
    order_sheet,
    orders,
    panels,
    plans,
    several,
    steps,
)

app_name = "rectification"
urlpatterns = [
    path("orders/", orders.orders, name="orders"),
    path("orders/draft/", orders.draft_order, name="draft_order"),
    path("orders/<uuid:pk>/", orders.order, name="order"),
    path("orders/<uuid:pk>/edit/", orders.edit_order, name="edit_order"),
    path("orders/<uuid:pk>/sheet/", order_sheet.sheet, name="order_sheet"),
    path("orders/<uuid:pk>/items/<uuid:item>/", orders.edit_item, name="edit_item"),
    path("orders/<uuid:pk>/items/<uuid:item>/remove/", orders.remove_item, name="remove_item"),
    path("orders/<uuid:pk>/submit/", orders.submit_order, name="submit_order"),
    path("orders/<uuid:pk>/issue/", orders.issue_order, name="issue_order"),
    path("orders/<uuid:pk>/withdraw/", orders.withdraw_order, name="withdraw_order"),
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
    path("evidence/<uuid:pk>/", evidence.evidence, name="evidence"),
    path("evidence/<uuid:pk>/words/<int:number>/", evidence.evidence_words, name="evidence_words"),
    path("<uuid:pk>/replace-evidence/", evidence.replace_evidence, name="replace_evidence"),
    path("panels/<uuid:pk>/sign/", panels.sign_panel, name="sign_panel"),
    path("panels/<uuid:pk>/replace/", panels.replace_panellist, name="replace_panellist"),
    path("panels/<uuid:pk>/chair/", panels.change_chair, name="change_chair"),
    path("panels/<uuid:pk>/dissolve/", panels.dissolve_panel, name="dissolve_panel"),
    path("<uuid:pk>/set-up-panel/", panels.set_up_panel, name="set_up_panel"),
    path("extensions/<uuid:pk>/", applications.extension, name="extension"),
    path("suspensions/<uuid:pk>/", applications.suspension, name="suspension"),
    path("handling/", handling.handling, name="handling"),
    path("acknowledge/", several.acknowledge, name="acknowledge"),
    path("press/", several.press, name="press"),
    path("orders/<uuid:order>/press/", several.press, name="press_order"),
    path("close/", several.close, name="close"),
    path("standing-duty/", several.to_standing_duty, name="to_standing_duty"),
    path("file/", several.file_closure, name="file"),
    path("units/<uuid:pk>/move-duties/", moving.move_duties, name="move_duties"),
    path("focus/put-on/", leading.put_on_focus, name="put_on_focus"),
    path("focus/take-off/", leading.take_off_focus, name="take_off_focus"),
    path("<uuid:pk>/record-visit/", leading.record_visit, name="record_visit"),
    path("<uuid:pk>/record-instruction/", leading.record_instruction, name="record_instruction"),
    path("<uuid:pk>/answer-instruction/", leading.answer_instruction, name="answer_instruction"),
    path("<uuid:pk>/withdraw-leaders-act/", leading.withdraw_leaders_act, name="withdraw_leaders_act"),
    path("<uuid:pk>/cite-evidence/", steps.cite_evidence, name="cite_evidence"),
    path("<uuid:pk>/submit-plan/", steps.submit_plan, name="submit_plan"),
    path("<uuid:pk>/propose-amendment/", steps.propose_amendment, name="propose_amendment"),
    path("<uuid:pk>/hand-down/", steps.hand_down, name="hand_down"),
    path("<uuid:pk>/exemplars/", plans.exemplars, name="exemplars"),
    path("<uuid:pk>/give-back/", steps.give_back, name="give_back"),
    path("<uuid:pk>/hear-objection/", steps.hear_objection, name="hear_objection"),
    path("<uuid:pk>/settle-objection/", steps.settle_objection, name="object"),
    *(
        path(
            f"<uuid:pk>/{verb.value.partition('.')[2].replace('_', '-')}/",
            step.view,
            name=verb.value.partition(".")[2],
        )
        for verb, step in steps.STEPS.items()
    ),
]
