"""The pages of this room, for the two desks of a place; others are told that there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.learning import actions, pages
from bihuan.learning.forms import ReasonForm
from bihuan.learning.models import LearnedModel
from bihuan.learning.policy import place_of
from bihuan.learning.verbs import LABELS, LearningVerb
from bihuan.learning.words import version_words
from bihuan.organizations.pages import ActionView, SignedInPage

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse

    from bihuan.organizations.models import Unit


class DeskPage(SignedInPage):
    """A page about the classifier of the actor's own place."""

    def place(self) -> Unit:
        """The place, or nothing at all."""
        found = place_of(self.actor)
        if found is None:
            raise Http404
        return found

    def model_here(self, pk: uuid.UUID) -> LearnedModel:
        """A version of this place."""
        found: LearnedModel | None = (
            LearnedModel.objects.select_related("jurisdiction", "file__blob")
            .filter(pk=pk, jurisdiction=self.place())
            .first()
        )
        if found is None:
            raise Http404
        return found


class Learning(DeskPage):
    """Live accuracy, confusions, versions."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the page."""
        return render(request, "learning/page.html", pages.page_context(self.actor, self.place()))


class Model(DeskPage):
    """One version."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Draw the page."""
        return render(request, "learning/model.html", pages.model_context(self.actor, self.model_here(pk)))


class Train(ActionView, DeskPage):
    """Ask for a training."""

    verb = actions.ask_training
    title = LABELS[LearningVerb.ASK_TRAINING]
    consequence = _("在后台学习本级已确认的领域；在留作检验的条目上确实更好才启用，否则在用的不变。")

    def fixed(self) -> dict[str, Any]:
        return {"jurisdiction": self.place()}

    def leaving(self) -> str:
        return reverse("learning:page")

    def following(self, result: Any) -> str:
        return reverse("learning:page")


class AboutModel(ActionView, DeskPage):
    """An act on one version, with its reason."""

    form_class = ReasonForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        actor = getattr(request, "actor", None)
        if actor is not None:
            self.actor = actor
            self.subject = self.model_here(kwargs["pk"])

    def subject_words(self) -> str:
        return version_words(self.subject)

    def leaving(self) -> str:
        return reverse("learning:model", args=[self.subject.pk])

    def following(self, result: Any) -> str:
        return reverse("learning:page")


class RollBack(AboutModel):
    """Back to a version that was in use."""

    verb = actions.roll_back
    title = LABELS[LearningVerb.ROLL_BACK]


class SetAside(AboutModel):
    """No model of one's own for now."""

    verb = actions.set_aside
    title = LABELS[LearningVerb.SET_ASIDE]
