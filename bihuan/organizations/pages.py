"""Pages for those who are signed in, and the form of an action about one record.

    class RenameUnit(ActionView):
        verb, model, form_class, title = actions.rename_unit, Unit, RenameUnitForm, _("单位更名")

The subject is the record the address names. A refusal comes back over the form with every word still typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.utils.translation import gettext as _
from django.views import View

from bihuan.journal import access
from bihuan.journal.action import NotAllowed
from bihuan.organizations.action_pages import ActionPage, act_on_form
from bihuan.organizations.tables import page_of

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from bihuan.journal.action import Actor, Authority, Verb
    from bihuan.journal.records import Record

UNPROCESSABLE = 422
Offer = tuple[Any, str, Any, tuple[Any, ...], Any]


def record_or_404(model: type[Record], pk: uuid.UUID, *related: str) -> Any:
    """The record, or the page that says it is not there."""
    found = model.objects.select_related(*related).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


class SignedInPage(View):
    """A page for those who are signed in; with `authority`, for those it lets through."""

    authority: ClassVar[tuple[Authority, ...]] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask who comes before anything is read."""
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None:
            return redirect_to_login(request.get_full_path())
        self.actor = actor
        for authority in self.authority:
            self.ask(authority)
        return super().dispatch(request, *args, **kwargs)

    def ask(self, authority: Authority, subjects: tuple[Any, ...] = (), **arguments: Any) -> None:
        """Let the actor through or raise; that somebody was turned away at a page is entered in the access log."""
        try:
            authority(self.actor, subjects, arguments)
        except NotAllowed:
            match = self.request.resolver_match
            where = match.view_name if match else ""
            access.record(self.actor, f"refused:{where}", outcome="NotAllowed", path=self.request.path[:200])
            raise


class ActionView(SignedInPage):
    """The form of one action (see `bihuan.organizations.action_pages`) about the record its address names."""

    verb: ClassVar[Verb[..., Any]]
    model: ClassVar[type[Record] | None] = None
    related: ClassVar[tuple[str, ...]] = ()
    form_class: type[forms.Form] = forms.Form
    title: ClassVar[Any] = ""
    consequence: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = ""

    subject: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the subject the address names."""
        super().setup(request, *args, **kwargs)
        if self.model is not None and getattr(request, "actor", None) is not None:
            self.subject = record_or_404(self.model, kwargs["pk"], *self.related)

    @property
    def subjects(self) -> tuple[Any, ...]:
        """The positional arguments of the action."""
        return () if self.subject is None else (self.subject,)

    def fixed(self) -> dict[str, Any]:
        """Arguments that come from the address rather than from the form."""
        return {}

    def initial(self) -> dict[str, Any]:
        """What the form shows at first."""
        return {}

    def arguments(self, data: dict[str, Any]) -> dict[str, Any]:
        """The cleaned fields as the action takes them."""
        return data

    def following(self, result: Any) -> str:
        """Where one goes when it is done: to the subject's page."""
        return page_of(self.subject)

    def leaving(self) -> str:
        """Where one goes without doing it."""
        return page_of(self.subject) if self.subject is not None else ""

    def subject_words(self) -> str:
        """What the form acts on, in words."""
        return str(getattr(self.subject, "name", self.subject))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, for those who may send it."""
        self.ask(self.verb.may, self.subjects, **self.fixed())
        return self.answer()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the form to the action."""
        return self.answer()

    def answer(self) -> HttpResponse:
        """Show, send, refuse in place, or lead on."""
        page = ActionPage(
            title=self.title,
            done=self.following,
            consequence=self.consequence,
            submit_label=self.submit_label or self.title,
            said=_("已办理：%(title)s") % {"title": self.title},
            cancel_url=self.leaving(),
            subjects=[self.subject_words()] if self.subject is not None else [],
            labels={name: field.label for name, field in self.form_class.base_fields.items()},
        )
        return act_on_form(self.request, self.form, page, self.perform, subjects=self.subjects)

    def form(self, *sent: Any) -> forms.Form:
        """The form as sent, or a fresh one."""
        return self.form_class(*sent) if sent else self.form_class(initial=self.initial())

    def perform(self, data: dict[str, Any], meta: dict[str, Any]) -> Any:
        """Call the action, once however often the button is pressed."""
        call = self.verb.call(**meta)
        return call(*self.subjects, **{**self.arguments(data), **self.fixed()}, actor=self.actor)


def acts(actor: Actor, offers: list[Offer]) -> dict[str, list[dict[str, Any]]]:
    """What may be done and what may not and why: (label, address, verb, subjects, consequence) each."""
    allowed, denied = [], []
    for label, url, verb, subjects, consequence in offers:
        try:
            verb.may(actor, subjects, {})
        except NotAllowed as refusal:
            denied.append({"label": label, "why": str(refusal)})
        else:
            allowed.append({"label": label, "url": url, "consequence": consequence})
    return {"allowed": allowed, "denied": denied}
