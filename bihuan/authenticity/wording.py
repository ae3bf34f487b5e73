"""Each doubt in words: what was compared with what, and what the difference is. Nothing is called true here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.authenticity.models import AuthenticityFlag
from bihuan.journal.wording import listed, strung
from bihuan.organizations.models import Person
from bihuan.rectification.independence_facts import PART_WORDS

if TYPE_CHECKING:
    from bihuan.ledger.models import Problem

Kind = AuthenticityFlag.Kind
Others = Mapping[str, "Problem"]
WHY_TIME: Final = {
    "after_upload": gettext_lazy("照片写的拍摄时间 %(taken)s 晚于上传的 %(against)s。"),
    "before_is_later": gettext_lazy("“整改前”拍摄于 %(taken)s，晚于最早的“整改后”照片 %(against)s。"),
    "before_found": gettext_lazy("“整改后”拍摄于 %(taken)s，那时问题还没有发现（%(against)s）。"),
    "before_work": gettext_lazy("“整改后”拍摄于 %(taken)s，早于交办的 %(against)s。"),
    "claimed_later": gettext_lazy("填写的形成日期是 %(against)s，照片拍摄于 %(taken)s。"),
}
WHY_DATE: Final = {
    "signed_after_upload": gettext_lazy("文件落款 %(dated)s，晚于上传的 %(against)s。"),
    "signed_after_claim": gettext_lazy("文件落款 %(dated)s，填写的形成日期却是 %(against)s。"),
    "begun_after_claim": gettext_lazy("文件没有落款，%(dated)s 才开始编写，填写的形成日期却是 %(against)s。"),
}


def sentence_of(flag: AuthenticityFlag, others: Others) -> str:
    """The doubt in one or two sentences, for somebody who may know of the problems in `others`."""
    said = SAID[Kind(flag.kind)](flag, flag.facts, others)
    about = flag.evidence.caption if flag.evidence else ""
    return _("《%(caption)s》：%(said)s") % {"caption": about, "said": said} if about else said


def _elsewhere(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    """Which problem it is, where the reader may know of it; else only that there is one."""
    if facts["other_problem"] == str(flag.problem_id):
        return _("本问题第 %(round)d 轮") % {"round": facts.get("other_round", flag.round)}
    other = others.get(facts["other_problem"])
    return other.problem_no if other is not None else _("另一个问题（不在您的知悉范围）")


def _same_file(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    where = _elsewhere(flag, facts, others)
    return _("一字不差的同一份文件，先前已用作%(where)s的佐证。") % {"where": where}


def _near_photo(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    words = {"where": _elsewhere(flag, facts, others), "bits": facts["bits"]}
    return (
        _(
            "与先前%(where)s的一张照片几乎相同（两种图像指纹 128 位中 %(bits)d 位不同），可能经过裁剪、缩放或另存。"
        )
        % words
    )


def _same_scene(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    return _("与“整改前”照片几乎相同（128 位中 %(bits)d 位不同），看不出整改。") % {"bits": facts["bits"]}


def _photo_time(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    return WHY_TIME[facts["why"]] % {"taken": facts["taken"], "against": facts["against"]}


def _photo_place(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    words = {"metres": f"{facts['metres']:,}", "most": f"{facts['most']:,}"}
    return _("照片写的拍摄位置离点位 %(metres)s 米，规则以 %(most)s 米为限。") % words


def _document_date(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    return WHY_DATE[facts["why"]] % {"dated": facts["dated"], "against": facts["against"]}


def _early_completion(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    words = {"completed": facts["completed"], "first": facts["first_proof"]}
    return _("%(completed)s 已报告完成，最早一份有日期的佐证却是 %(first)s。") % words


def _visit_burst(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    words = {"visit": facts["visit"], "acts": facts["acts"], "all": facts["all"], "quiet": facts["quiet"]}
    return (
        _(
            "事先通知 %(visit)s 来检查；此前 %(quiet)d 天没有动静，到检查前几天才集中上传和报告 %(acts)d 次（共 %(all)d 次）。"
        )
        % words
    )


def _copied_progress(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    own = facts["other_problem"] == str(flag.problem_id)
    where = _("本问题") if own else _elsewhere(flag, facts, others)
    words = {"where": where, "on": facts["other_on"], "share": facts["share"]}
    said = _("进展文字与%(where)s %(on)s 的报告 %(share)d%% 相同，数字也没有变化") % words
    return strung([said, _("原文：%(text)s") % {"text": _shortened(flag)}])


def _only_promise(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    return _("报告完成，却没有写一件做了的事、一个日期或数字：%(text)s") % {"text": _shortened(flag)}


def _shortened(flag: AuthenticityFlag, most: int = 60) -> str:
    text = flag.report.facts if flag.report else ""
    return text if len(text) <= most else f"{text[:most]}…"


def _two_roles(flag: AuthenticityFlag, facts: Mapping[str, Any], others: Others) -> str:
    person = Person.objects.filter(pk=facts["person"]).first()
    roles = listed(PART_WORDS[role] for role in PART_WORDS if role.value in facts["roles"])
    return _("%(person)s同一个人%(roles)s。") % {"person": person.name if person else "", "roles": roles}


SAID: Final[Mapping[Kind, Callable[[AuthenticityFlag, Mapping[str, Any], Others], str]]] = {
    Kind.SAME_FILE: _same_file,
    Kind.NEAR_PHOTO: _near_photo,
    Kind.SAME_SCENE: _same_scene,
    Kind.PHOTO_TIME: _photo_time,
    Kind.PHOTO_PLACE: _photo_place,
    Kind.DOCUMENT_DATE: _document_date,
    Kind.EARLY_COMPLETION: _early_completion,
    Kind.VISIT_BURST: _visit_burst,
    Kind.COPIED_PROGRESS: _copied_progress,
    Kind.ONLY_PROMISE: _only_promise,
    Kind.TWO_ROLES: _two_roles,
}
