"""Saved views: a slice of the ledger somebody comes back to."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bihuan.journal.action import Actor, NotVisible, Refused, action, anyone_signed_in
from bihuan.ledger.models import SavedView
from bihuan.ledger.saved_views import views_of
from bihuan.ledger.steps import refuse_empty
from bihuan.ledger.verbs import LedgerVerb

MOST_VIEWS = 20


@action(LedgerVerb.SAVE_VIEW, may=anyone_signed_in)
def save_view(*, name: str, query: str, actor: Actor) -> SavedView:
    """Keep the filters under a name, for oneself."""
    mine = views_of(actor)
    if mine.count() >= MOST_VIEWS:
        raise Refused(_("最多保存 %(most)d 个视图。") % {"most": MOST_VIEWS}, accepted=_("请先删除不用的。"))
    if mine.filter(name=name).exists():
        raise Refused(_("已有同名视图。"), accepted=_("请换个名称。"), field="name")
    made: SavedView = SavedView.objects.create(
        person_id=actor.person, name=refuse_empty(name, _("名称")), query=query, position=mine.count()
    )
    return made


@action(LedgerVerb.FORGET_VIEW, may=anyone_signed_in)
def forget_view(view: SavedView, *, actor: Actor) -> None:
    """A view no longer wanted loses its name and is shown no more; its history stays."""
    if view.person_id != actor.person:
        raise NotVisible(_("没有找到这个视图。"))
    view.name = ""
    view.save()
