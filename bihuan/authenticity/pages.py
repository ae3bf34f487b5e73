"""What the pages of this room show, as plain values the interface draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.authenticity.models import AuthenticityFlag
from bihuan.authenticity.offers import may_weigh_now
from bihuan.authenticity.policy import sees_doubts
from bihuan.authenticity.queries import flags_seen, others_seen
from bihuan.authenticity.wording import sentence_of
from bihuan.files.facts import known_facts
from bihuan.ledger.sight import can_see
from bihuan.organizations.models import Person
from bihuan.policies.models import Policy
from bihuan.rectification.evidence_versions import as_of, number_of
from bihuan.rectification.models import Evidence

if TYPE_CHECKING:
    from bihuan.journal.action import Actor
    from bihuan.ledger.models import Problem

Weight = AuthenticityFlag.Weight
TONES: Final = {
    Weight.OPEN: "notice",
    Weight.FOUND_TRUE: "strong",
    Weight.EXPLAINED: "ok",
    Weight.UNFOUNDED: "plain",
}
PREVIEW: Final = "page"


def flags_on_page(actor: Actor, problem: Problem) -> dict[str, Any] | None:
    """The section of a problem's page; none where there is nothing this person may know of."""
    flags = list(flags_seen(actor, problem))
    if not flags:
        return None
    others = others_seen(actor, flags)
    weighs = may_weigh_now(actor, problem)
    waiting = sum(flag.weight == Weight.OPEN for flag in flags)
    note = ngettext("%(count)d 条待判断", "%(count)d 条待判断", waiting) % {"count": waiting}
    return {
        "note": note if waiting else _("都已判断"),
        "flags": [
            {
                "title": flag.get_kind_display(),
                "sentence": [sentence_of(flag, others), *_result(flag)],
                "acts": list(_acts(flag, weighs=weighs and flag.round == problem.round)),
            }
            for flag in flags
        ],
    }


def _result(flag: AuthenticityFlag) -> list[Any]:
    return [*_version(flag), *_weighed(flag)]


def _version(flag: AuthenticityFlag) -> list[Any]:
    """Which version of a proof is doubted, where there are several."""
    if flag.evidence is None or flag.evidence.version == 1:
        return []
    return [
        {"piece": "chip", "words": _("第 %(n)d 版") % {"n": flag.facts.get("version", 1)}, "tone": "plain"}
    ]


def _weighed(flag: AuthenticityFlag) -> list[Any]:
    chip = {"piece": "chip", "words": flag.get_weight_display(), "tone": TONES[Weight(flag.weight)]}
    return [chip, flag.reason] if flag.reason else [chip]


def _acts(flag: AuthenticityFlag, *, weighs: bool) -> Any:
    if weighs:
        label = _("判断") if flag.weight == Weight.OPEN else _("改判")
        yield {"label": label, "url": reverse("authenticity:weigh", args=[flag.pk]), "how": "dialog"}
    yield {"label": _("对照"), "url": reverse("authenticity:detail", args=[flag.pk]), "how": "link"}


def page_of_one(actor: Actor, flag: AuthenticityFlag) -> dict[str, Any]:
    """One doubt: what raised it, the two files beside each other, and what was said of it."""
    problem = flag.problem
    others = others_seen(actor, [flag])
    weighs = may_weigh_now(actor, problem) and flag.round == problem.round
    return {
        "flag": flag,
        "title": flag.get_kind_display(),
        "crumbs": [{"words": problem.problem_no, "url": reverse("desk:problem", args=[problem.pk])}],
        "sentence": sentence_of(flag, others),
        "facts": _facts(flag),
        "pictures": list(_pictures(actor, flag)),
        "acts": {
            "allowed": [
                {
                    "label": _("判断疑点"),
                    "url": reverse("authenticity:weigh", args=[flag.pk]),
                    "consequence": _("写明属实、已说明或不成立，连同理由记入日志；结论作出以前可以改。"),
                    "primary": True,
                }
            ]
        }
        if weighs
        else None,
    }


def _facts(flag: AuthenticityFlag) -> list[dict[str, Any]]:
    policy = Policy.objects.filter(pk=flag.policy_id).first()
    rule = _("%(title)s 第 %(version)d 版") % {
        "title": policy.title if policy else "",
        "version": flag.policy_version,
    }
    pairs: list[tuple[str, Any]] = [
        (
            _("问题"),
            {
                "piece": "link",
                "words": str(flag.problem),
                "url": reverse("desk:problem", args=[flag.problem_id]),
            },
        ),
        (_("轮次"), _("第 %(round)s 轮") % {"round": flag.round}),
        (_("提出日期"), flag.raised_on),
        (_("所依规则"), rule),
        (_("判断"), _weighed(flag)[:1]),
    ]
    if flag.weight != Weight.OPEN:
        person = Person.objects.filter(pk=flag.weighed_by).first()
        pairs += [
            (_("判断理由"), flag.reason),
            (_("判断人"), person.name if person else None),
            (_("判断日期"), flag.weighed_on),
        ]
    return [{"label": label, "value": value} for label, value in pairs]


def _pictures(actor: Actor, flag: AuthenticityFlag) -> Any:
    """The file that raised the doubt and the one it was compared with, each only to who sees its problem."""
    ids = [flag.evidence_id, flag.facts.get("other") if "bits" in flag.facts else None]
    rows = Evidence.objects.filter(pk__in=[one for one in ids if one]).select_related("file__blob", "problem")
    for row in sorted(rows, key=lambda row: row.pk != flag.evidence_id):
        if not can_see(actor, row.problem):
            continue
        is_ours = row.pk == flag.evidence_id
        shown = as_of(row, flag.facts.get("version", 1) if is_ours else flag.facts.get("other_version"))
        file = shown.file
        found = (
            known_facts([file.blob.sha256]).get(file.blob.sha256) if sees_doubts(actor, row.problem) else None
        )
        drawn = file.blob.kept and file.blob.media_type.startswith("image/")
        yield {
            "heading": _("这一份") if is_ours else _("对照的一份"),
            "name": file.name,
            "url": reverse("files:download", args=[file.pk]),
            "preview_url": reverse("files:preview", args=[file.pk, PREVIEW]) if drawn else "",
            "kind": file.name.rpartition(".")[2].upper()[:6],
            "facts": [
                {"label": label, "value": value}
                for label, value in (
                    (_("问题"), str(row.problem)),
                    (_("种类"), row.get_kind_display()),
                    (_("版本"), _("第 %(n)d 版") % {"n": number_of(shown)} if row.version > 1 else None),
                    (_("说明"), shown.caption),
                    (_("填写的形成日期"), shown.taken_on),
                    (_("上传"), file.uploaded_at),
                    (_("相机所记时间"), found.taken_at if found else None),
                    (_("相机所记位置"), _spot(found)),
                    (_("设备"), found.device if found else ""),
                    (_("落款日期"), found.signed_on if found else None),
                    (_("开始编写"), found.begun_on if found else None),
                )
                if value
            ],
        }


def _spot(found: Any) -> str:
    if found is None or found.latitude is None:
        return ""
    return f"{found.latitude:.5f}, {found.longitude:.5f}"
