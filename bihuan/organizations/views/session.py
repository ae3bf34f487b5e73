"""Switching the post one acts in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.journal.action import NotAllowed
from bihuan.organizations.acting import use_seat

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def switch_post(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own posts from now on."""
    if getattr(request, "actor", None) is None:
        return redirect_to_login(request.get_full_path())
    try:
        post = uuid.UUID(request.POST.get("post", ""))
    except ValueError as error:
        raise NotAllowed(_("这不是您现在的岗位。"), accepted=_("请从您自己的岗位中选择。")) from error
    seat = use_seat(request, post)
    messages.info(request, _("现在以“%(post)s”办理。") % {"post": seat.post.name})
    following = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        following, {request.get_host()}, require_https=request.is_secure()
    ):
        following = "/"
    return redirect(following)
