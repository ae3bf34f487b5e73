"""What administrators watch: who has which role, who looked at what, what was done."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from bihuan.journal.timesource import today
from bihuan.journal.wording import name_of
from bihuan.organizations import logs, policy
from bihuan.organizations.authority import requires_role
from bihuan.organizations.models import Role, RoleGrant, Tenure
from bihuan.organizations.pages import SignedInPage
from bihuan.organizations.spans import in_force
from bihuan.organizations.tables import page_of, table

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from bihuan.journal.models import AccessEntry, JournalEvent

WHAT = (
    ("sign_in", _("登录")),
    ("sign_out", _("退出")),
    ("refused:", _("被拒绝的操作")),
    ("personal:", _("查看个人信息")),
    ("outlets:", _("试发消息")),
    ("page:", _("管理员打开页面")),
    ("sent:", _("送往语言模型")),
)
OUTCOMES = {
    "done": _("成功"),
    "failed": _("失败"),
    "seen": _("已查看"),
    "sent": _("已送出"),
    "refused": _("已拒绝"),
    "NotAllowed": _("无权限"),
    "NotVisible": _("不可见"),
}


class Roles(SignedInPage):
    """Which posts have which roles, and who holds them: for the security administrator and the log auditor."""

    authority = (requires_role(Role.SECURITY_ADMINISTRATOR, Role.LOG_AUDITOR, Role.SYSTEM_ADMINISTRATOR),)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the list."""
        order = list(Role.values)
        grants = sorted(
            RoleGrant.objects.filter(in_force(today()), post__closed_on__isnull=True).select_related(
                "post__unit"
            ),
            key=lambda one: (order.index(one.role), one.post.unit.name, one.post.name),
        )
        held = Tenure.objects.filter(in_force(today()), post__in=[one.post_id for one in grants])
        names = dict(held.values_list("post_id", "person__name"))
        rows = [
            (
                str(one.pk),
                page_of(one.post),
                [
                    one.get_role_display(),
                    {"piece": "link", "words": one.post.name, "url": page_of(one.post)},
                    one.post.unit.name,
                    names.get(one.post_id, _("空缺")),
                    one.since,
                ],
            )
            for one in grants
        ]
        heads = [
            ("role", _("角色")),
            ("post", _("岗位")),
            ("unit", _("单位")),
            ("who", _("现任")),
            ("since", _("自")),
        ]
        empty = (_("还没有授予角色"), _("在岗位页上由安全管理员授予。"))
        context = {"title": _("角色"), "table": table(_("角色"), heads, rows, empty=empty), "tab": "roles"}
        return render(request, "organizations/list.html", context)


class AccessLog(SignedInPage):
    """Sign-ins, refusals, reads of personal data, pages administrators opened: for the log auditor."""

    authority = (policy.reads_logs,)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw one page of the log."""
        what, outcome = request.GET.get("what", ""), request.GET.get("outcome", "")
        before = request.GET.get("before", "")
        entries = logs.access_page(
            what=what,
            outcome=outcome,
            name=request.GET.get("q", "").strip(),
            before=int(before) if before.isdigit() else None,
        )
        shown = entries[: logs.PAGE]
        people, posts = logs.names_of(shown)
        pager = _pager(request, str(shown[-1].pk) if len(entries) > logs.PAGE else "")
        heads = [
            ("at", _("时间")),
            ("who", _("人员")),
            ("post", _("岗位")),
            ("title", _("事项")),
            ("outcome", _("结果")),
            ("address", _("来源地址")),
        ]
        rows = [(str(one.pk), "", _entry(one, people, posts)) for one in shown]
        context = {
            "title": _("访问日志"),
            "tab": "access",
            "filters": _filters(
                request, [("what", _("事项"), WHAT), ("outcome", _("结果"), OUTCOMES.items())]
            ),
            "table": table(_("访问日志"), heads, rows, empty=(_("没有符合的记录"), ""), pager=pager),
        }
        return render(request, "organizations/list.html", context)


def _entry(one: AccessEntry, people: dict[uuid.UUID, str], posts: dict[uuid.UUID, str]) -> list[Any]:
    head, _colon, rest = one.what.partition(":")
    words = dict(WHAT).get(head) or dict(WHAT).get(f"{head}:") or head
    about = one.detail.get("path") or (logs.verb_label(rest) if head == "refused" else rest)
    who = people.get(one.person) if one.person else one.detail.get("typed")
    return [
        _moment(one.at),
        who or _("未登录"),
        posts.get(one.post) if one.post else None,
        f"{words} {about}".strip(),
        OUTCOMES.get(one.outcome, one.outcome),
        one.address or None,
    ]


class Journal(SignedInPage):
    """What was done, by whom, to which kind of record; never the contents: for the log auditor."""

    authority = (policy.reads_logs,)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw one page of the journal."""
        verb = request.GET.get("verb", "")
        name = request.GET.get("q", "").strip()
        events = logs.journal_page(verb=verb, name=name, before=_before(request.GET))
        shown = events[: logs.PAGE]
        last = shown[-1] if len(events) > logs.PAGE else None
        cursor = f"{last.recorded_at.isoformat()}_{last.stream}_{last.seq}" if last else ""
        heads = [
            ("at", _("记录时间")),
            ("title", _("事项")),
            ("who", _("办理人")),
            ("post", _("岗位")),
            ("kind", _("对象")),
            ("seq", _("序号")),
        ]
        rows = [(f"{one.stream}-{one.seq}", "", _event(one)) for one in shown]
        context = {
            "title": _("操作日志"),
            "tab": "journal",
            "filters": _filters(request, [("verb", _("事项"), logs.known_verbs())]),
            "table": table(
                _("操作日志"), heads, rows, empty=(_("没有符合的记录"), ""), pager=_pager(request, cursor)
            ),
        }
        return render(request, "organizations/list.html", context)


def _event(one: JournalEvent) -> list[Any]:
    who = one.body["who"]
    return [
        _moment(one.recorded_at),
        logs.verb_label(one.verb),
        name_of(who),
        f"{who['unit_name']} · {who['post_name']}".strip(" ·"),
        f"{logs.kind_label(one.kind)} {str(one.stream)[-12:]}",
        one.seq,
    ]


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")


def _before(sent: QueryDict) -> Any:
    parts = sent.get("before", "").split("_")
    try:
        at, stream, seq = parts
        moment = parse_datetime(at)
        return (moment, uuid.UUID(stream), int(seq)) if moment else None
    except ValueError:
        return None


def _pager(request: HttpRequest, cursor: str) -> dict[str, Any]:
    kept = [(name, value) for name, value in request.GET.items() if name != "before" and value]
    first = f"{request.path}?{urlencode(kept)}" if request.GET.get("before") else ""
    following = f"{request.path}?{urlencode([*kept, ('before', cursor)])}" if cursor else ""
    return {"order_words": _("按时间倒序"), "previous_url": first, "next_url": following}


def _filters(request: HttpRequest, choices: list[tuple[str, Any, Any]]) -> dict[str, Any]:
    """The bar of conditions over a log: a person's name, and a few closed lists."""
    sent = {name: value for name, value in request.GET.items() if value and name != "before"}
    chips = []
    drawn = []
    for name, label, options in choices:
        chosen = sent.get(name, "")
        offered = [{"value": value, "label": words, "selected": chosen == value} for value, words in options]
        drawn.append({"name": name, "label": label, "options": offered})
        if chosen:
            words = next((one["label"] for one in offered if one["selected"]), chosen)
            without = urlencode({key: value for key, value in sent.items() if key != name})
            chips.append({"label": label, "value": words, "remove_url": f"{request.path}?{without}"})
    return {
        "url": request.path,
        "chips": chips,
        "choices": drawn,
        "search_value": sent.get("q", ""),
        "search_hint": _("姓名"),
        "clear_url": request.path,
    }


def sections_for(request: Any) -> list[dict[str, Any]]:
    """The lists of the administration area that this person may open, for the row of tabs."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return []
    roles = request.seat_in_use.roles if getattr(request, "seat_in_use", None) else frozenset()
    tabs = [
        ("units", _("单位"), True),
        ("people", _("人员"), True),
        ("bodies", _("领导小组与专班"), True),
        ("stand_ins", _("代理"), True),
        (
            "roles",
            _("角色"),
            bool(roles & {Role.SECURITY_ADMINISTRATOR, Role.LOG_AUDITOR, Role.SYSTEM_ADMINISTRATOR}),
        ),
        ("import", _("导入"), Role.SYSTEM_ADMINISTRATOR in roles),
        ("access", _("访问日志"), Role.LOG_AUDITOR in roles),
        ("journal", _("操作日志"), Role.LOG_AUDITOR in roles),
    ]
    own = [
        {"key": key, "words": words, "url": reverse(f"organizations:{key}")}
        for key, words, may in tabs
        if may
    ]
    # Rules, calendars and outlets are kept by other rooms; an office looks for them in the same place.
    return [
        *own,
        {"key": "policies", "words": _("规则"), "url": reverse("policies:list")},
        {"key": "lists", "words": _("分类"), "url": reverse("ledger:lists")},
        {"key": "calendars", "words": _("日历"), "url": reverse("calendars:this_year")},
        *(
            [{"key": "outlets", "words": _("渠道"), "url": reverse("outlets:list")}]
            if Role.SYSTEM_ADMINISTRATOR in roles
            else []
        ),
    ]
