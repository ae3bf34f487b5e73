"""Importing units, posts and people from a workbook."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.journal.action import NotAllowed, Refused
from bihuan.organizations import policy
from bihuan.organizations.forms import ImportForm
from bihuan.organizations.importing import import_workbook, template_workbook
from bihuan.organizations.pages import UNPROCESSABLE, SignedInPage
from bihuan.organizations.tables import table

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bihuan.organizations.importing import Outcome

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200


class Import(SignedInPage):
    """The form, and after a wrong file its faults with the marked workbook."""

    authority = (policy.keeps_structure,)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self.show(ImportForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Import, or say what is wrong with which row."""
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        file = form.cleaned_data["file"]
        try:
            outcome = import_workbook(
                file.read(), file.name, only_good=form.cleaned_data["only_good"], actor=self.actor
            )
        except NotAllowed:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(form, status=refused.status)
        if outcome.made:
            messages.success(
                request, _("已导入 %(units)d 个单位、%(posts)d 个岗位、%(people)d 人。") % dict(outcome.made)
            )
        if outcome.faults:
            return self.show(form, outcome=outcome, status=200 if outcome.made else UNPROCESSABLE)
        return redirect("organizations:units")

    def show(self, form: ImportForm, *, outcome: Outcome | None = None, status: int = 200) -> HttpResponse:
        """The page."""
        context: dict[str, Any] = {"form": form, "tab": "import", "outcome": outcome}
        if outcome is not None:
            context["faults"] = table(
                _("不对的地方"),
                [
                    ("sheet", _("工作表")),
                    ("line", _("行")),
                    ("column", _("列")),
                    ("title", _("问题")),
                    ("fix", _("应为")),
                ],
                [
                    ("", "", [one.sheet, one.line, one.column, one.message, one.accepted])
                    for one in outcome.faults[:SHOWN]
                ],
            )
            # The file lives in the page alone: nothing of a refused import is kept on the server.
            context["marked"] = f"data:{XLSX};base64,{base64.b64encode(outcome.marked).decode()}"
        return render(self.request, "organizations/import.html", context, status=status)


class Template(SignedInPage):
    """The empty workbook."""

    authority = (policy.keeps_structure,)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Download it."""
        response = HttpResponse(template_workbook(), content_type=XLSX)
        response["Content-Disposition"] = (
            "attachment; filename=\"units.xlsx\"; filename*=UTF-8''%E6%9C%BA%E6%9E%84%E4%BA%BA%E5%91%98.xlsx"
        )
        return response
