"""Whether a language model is asked, where texts go, and what left: for the three administrators and the two desks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bihuan.intake.language_model.consulting import WHAT
from bihuan.intake.places import may_see_language_model
from bihuan.journal.models import AccessEntry
from bihuan.organizations.tables import section, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

MOST_ENTRIES = 50


@require_safe
def language_model(request: HttpRequest) -> HttpResponse:
    """Draw the page: two queries, however much was sent."""
    if not may_see_language_model(request):
        raise Http404
    entries = AccessEntry.objects.filter(what=WHAT).order_by("-at", "-pk")[:MOST_ENTRIES]
    context = {
        "title": _("语言模型"),
        "chips": [_("已启用") if settings.LANGUAGE_MODEL else _("未启用")],
        "sections": [
            section(_("现在的设置"), facts=_facts()),
            section(_("什么会离开本系统"), facts=_leaves()),
            section(_("最近送出的"), table=_sent(entries), note=_("只记去处和数量，不记内容。")),
        ],
    }
    return render(request, "organizations/record.html", context)


def _facts() -> list[dict[str, Any]]:
    model = settings.LANGUAGE_MODEL
    if model is None:
        return [
            {"label": _("状态"), "value": _("未启用：没有任何文字送出")},
            {"label": _("怎样启用"), "value": _("由部署人员设置服务地址和模型名称，见运维手册。")},
        ]
    return [
        {"label": _("状态"), "value": _("已启用：收下文件后在后台询问")},
        {"label": _("文字送往"), "value": model.host},
        {"label": _("模型"), "value": model.name},
        {"label": _("传输"), "value": _("加密") if model.url.startswith("https://") else _("未加密（内网）")},
        {"label": _("密钥"), "value": _("已设置") if model.key else _("未设置")},
        {"label": _("每次最长"), "value": _("%(count)s 秒") % {"count": model.seconds}},
    ]


def _leaves() -> list[dict[str, Any]]:
    return [
        {"label": _("会送出"), "value": _("还没有候选的片段，和程序拿不准领域的候选所在的片段")},
        {"label": _("送出前遮盖"), "value": _("证件号、电话、账号、车牌、邮箱和认得出的姓名")},
        {"label": _("从不送出"), "value": _("专线批次、工作秘密文件、带密级标志的片段和问题线索")},
        {"label": _("怎样采用"), "value": _("只采用原文中逐字找得到的摘录和已有的领域，作为候选由人确认")},
    ]


def _sent(entries: Iterable[AccessEntry]) -> dict[str, Any]:
    heads = [
        ("title", _("时间")),
        ("host", _("送往")),
        ("model", _("模型")),
        ("passages", _("片段")),
        ("characters", _("字数")),
        ("masked", _("遮盖")),
    ]
    rows = [
        (
            str(entry.pk),
            "",
            [
                entry.at,
                str(entry.detail.get("host", "")),
                str(entry.detail.get("model", "")),
                len(entry.detail.get("passages", [])),
                entry.detail.get("characters", 0),
                entry.detail.get("masked", 0),
            ],
        )
        for entry in entries
    ]
    return table(_("最近送出的"), heads, rows, empty=(_("没有送出过"), _("启用以后每次送出都在这里留一行。")))
