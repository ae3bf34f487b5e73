"""What the pages of this room show: how good the predictions were, where they went wrong, and the versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from bihuan.learning.actions import ask_training, roll_back, set_aside
from bihuan.learning.classifiers import model_in_force
from bihuan.learning.live import PAIR, live_of
from bihuan.learning.models import LearnedModel
from bihuan.learning.verbs import LABELS, LearningVerb
from bihuan.learning.words import outcome_words, percent, thousandths, version_words
from bihuan.ledger.models import Sector
from bihuan.ledger.taxonomy import in_tree_order
from bihuan.organizations.pages import acts
from bihuan.organizations.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.journal.action import Actor
    from bihuan.learning.live import Confusion, Live, Tally
    from bihuan.organizations.models import Unit
    from bihuan.organizations.pages import Offer

MOST_CONFUSIONS: Final = 15
MOST_VERSIONS: Final = 20
# Fewer predictions than this say little of a sector.
FEW: Final = 10


class SectorNames:
    """Labels of sectors with the one above, read once."""

    def __init__(self) -> None:
        self.rows = in_tree_order(Sector.objects.all())
        self._labels = {row.code: row.label for row in self.rows}

    def of(self, code: str) -> str:
        """``生态环境 / 水污染``; a code nobody knows any more stays as it is."""
        above = self._labels.get(code.rpartition(".")[0])
        own = self._labels.get(code, code)
        return f"{above} / {own}" if above else own


def page_context(actor: Actor, place: Unit) -> dict[str, Any]:
    """The page of a place. The number of queries depends neither on problems nor on versions."""
    names, live = SectorNames(), live_of(actor, place)
    models = list(LearnedModel.objects.filter(jurisdiction=place).order_by("-version")[:MOST_VERSIONS])
    used = model_in_force(place)
    return {
        "title": _("分类学习"),
        "sub": _used_words(used, place),
        "figures": figures(live.whole),
        "sectors": sectors_table(live, names),
        "confusions": confusions_table(live.confusions, names),
        "versions": versions_table(models),
        "waiting": any(model.state == LearnedModel.State.ASKED for model in models),
        "acts": acts(actor, _offers(place, models)),
    }


def _used_words(used: LearnedModel | None, place: Unit) -> str:
    if used is None:
        return _("现在按程序自带的关键词建议领域；还没有启用从本级标签学来的模型。")
    if used.jurisdiction_id != place.pk:
        return _("现在沿用上级的模型（%(version)s）。") % {"version": version_words(used)}
    return _("在用：%(version)s，学自 %(count)s 条本级已确认的领域。") % {
        "version": version_words(used),
        "count": used.examples,
    }


def _offers(place: Unit, models: Iterable[LearnedModel]) -> list[Offer]:
    offers: list[Offer] = [
        (
            LABELS[LearningVerb.ASK_TRAINING],
            reverse("learning:train"),
            _Of(ask_training, place),
            (),
            _("在后台学习；在留作检验的条目上确实更好才启用。"),
        )
    ]
    used = next((model for model in models if model.state == LearnedModel.State.IN_FORCE), None)
    if used is not None:
        then = _("改用上级的模型或程序自带的关键词；以后可以退回到这一版。")
        url = reverse("learning:set_aside", args=[used.pk])
        offers.append((LABELS[LearningVerb.SET_ASIDE], url, set_aside, (used,), then))
    return offers


class _Of:
    """A verb whose place is known, as `acts` asks it."""

    def __init__(self, verb: Any, place: Unit) -> None:
        self._verb, self._place = verb, place

    def may(self, actor: Actor, subjects: Any, arguments: Any) -> None:
        self._verb.may(actor, subjects, {"jurisdiction": self._place})


def figures(tally: Tally) -> list[dict[str, Any]]:
    """The whole in four numbers."""
    error = tally.calibration_error
    return [
        {"label": _("已有人工结论的建议"), "value": tally.count, "note": _("不含限定知悉范围的")},
        {
            "label": _("有把握而给出建议"),
            "value": percent(tally.spoke, tally.count),
            "note": _("%(count)s 条") % {"count": tally.spoke},
        },
        {
            "label": _("给出的建议说对"),
            "value": percent(tally.right_spoken, tally.spoke),
            "note": _("%(right)s / %(count)s 条") % {"right": tally.right_spoken, "count": tally.spoke},
        },
        {
            "label": _("把握与实际相差"),
            "value": "—" if error is None else f"{100 * error:.0f} %",
            "note": _("越小越说得准自己有几分把握"),
        },
    ]


def sectors_table(live: Live, names: SectorNames) -> dict[str, Any]:
    """One line a sector, in the order of the tree; those with few predictions say so."""
    heads = [
        ("title", _("人工确认的领域")),
        ("count", _("条数")),
        ("spoke", _("给出建议")),
        ("silent", _("没有把握")),
        ("right", _("建议说对")),
        ("best", _("含参考说对")),
        ("error", _("把握相差")),
    ]
    order = {row.code: at for at, row in enumerate(names.rows)}
    codes = sorted(live.sectors, key=lambda code: (order.get(code, len(order)), code))
    rows = [(code, _ledger(sector=code), _cells(live.sectors[code], names.of(code))) for code in codes]
    empty = (_("还没有可以对照的建议"), _("摸底中确认的候选入账以后，程序的建议和人工结论会在这里对照。"))
    return table(_("各领域的准确率"), heads, rows, empty=empty)


def _cells(tally: Tally, name: str) -> list[Any]:
    error = tally.calibration_error
    few = [name, {"piece": "chip", "words": _("条数少，仅供参考")}] if tally.count < FEW else name
    return [
        few,
        tally.count,
        tally.spoke,
        tally.count - tally.spoke,
        percent(tally.right_spoken, tally.spoke),
        percent(tally.right, tally.count),
        "—" if error is None else f"{100 * error:.0f} %",
    ]


def confusions_table(confusions: Iterable[Confusion], names: SectorNames) -> dict[str, Any]:
    """Where it went wrong most often, each with the way to those very problems."""
    heads = [
        ("title", _("程序建议")),
        ("said", _("人工确认")),
        ("count", _("条数")),
        ("spoke", _("其中有把握")),
        ("rows", _("条目")),
    ]
    rows = []
    for one in list(confusions)[:MOST_CONFUSIONS]:
        url = _ledger(proposed=f"{one.proposed}{PAIR}{one.said}")
        link = {"piece": "link", "words": _("在台账中查看"), "url": url} if url else ""
        cells = [names.of(one.proposed), names.of(one.said), one.count, one.spoke, link]
        rows.append((f"{one.proposed}-{one.said}", "", cells))
    return table(_("最常混淆"), heads, rows, empty=(_("没有混淆"), _("建议和人工结论不一致时列在这里。")))


def versions_table(models: Iterable[LearnedModel]) -> dict[str, Any]:
    """The versions with their measures, newest first."""
    heads = [
        ("no", _("版本")),
        ("state", _("状态")),
        ("asked", _("发起")),
        ("examples", _("学了 / 检验")),
        ("old", _("原来的准确率")),
        ("new", _("新的准确率")),
        ("outcome", _("结论")),
    ]
    rows = [
        (
            str(model.pk),
            reverse("learning:model", args=[model.pk]),
            [
                version_words(model),
                {"piece": "chip", "words": model.get_state_display(), "tone": _tone(model)},
                model.asked_at,
                f"{model.examples} / {model.held_back}",
                thousandths(model.measures.get("old", {}).get("accuracy")),
                thousandths(model.measures.get("new", {}).get("accuracy")),
                outcome_words(model),
            ],
        )
        for model in models
    ]
    empty = (_("还没有学过"), _("确认了足够多的候选以后，可以让程序从本级的领域标签学习。"))
    return table(_("各版模型"), heads, rows, empty=empty)


def _tone(model: LearnedModel) -> str:
    return "ok" if model.state == LearnedModel.State.IN_FORCE else "plain"


def model_context(actor: Actor, model: LearnedModel) -> dict[str, Any]:
    """One version: what it was measured at beside the one it was to replace."""
    offers: list[Offer] = []
    if model.state == LearnedModel.State.FORMER:
        then = _("立即改用这一版；理由留痕。")
        url = reverse("learning:roll_back", args=[model.pk])
        offers.append((LABELS[LearningVerb.ROLL_BACK], url, roll_back, (model,), then))
    if model.state == LearnedModel.State.IN_FORCE:
        then = _("改用上级的模型或程序自带的关键词；以后可以退回到这一版。")
        url = reverse("learning:set_aside", args=[model.pk])
        offers.append((LABELS[LearningVerb.SET_ASIDE], url, set_aside, (model,), then))
    return {
        "title": _("分类模型 · %(version)s") % {"version": version_words(model)},
        "crumbs": [{"words": _("分类学习"), "url": reverse("learning:page")}],
        "outcome": outcome_words(model),
        "facts": _facts(model),
        "measures": _measures_table(model),
        "acts": acts(actor, offers) if offers else None,
        "waiting": model.state == LearnedModel.State.ASKED,
    }


def _facts(model: LearnedModel) -> list[dict[str, Any]]:
    size = model.measures.get("bytes")
    return [
        {"label": _("状态"), "value": model.get_state_display()},
        {"label": _("发起"), "value": model.asked_at},
        {"label": _("启用"), "value": model.in_force_since or "—"},
        {"label": _("学了"), "value": _("%(count)s 条") % {"count": model.examples}},
        {"label": _("留作检验"), "value": _("%(count)s 条") % {"count": model.held_back}},
        {"label": _("学习用时"), "value": _("%(count)s 秒") % {"count": model.measures.get("seconds", "—")}},
        {"label": _("模型大小"), "value": f"{size / 1e6:.1f} MB" if size else "—"},
        {"label": _("文件校验值"), "value": model.file.blob.sha256 if model.file else "—"},
    ]


def _measures_table(model: LearnedModel) -> dict[str, Any]:
    names = {
        "accuracy": _("准确率（含参考）"),
        "macro_f1": _("各领域平均（宏平均 F1）"),
        "coverage": _("有把握而给出建议"),
        "accuracy_when_speaking": _("给出的建议说对"),
        "calibration_error": _("把握与实际相差"),
    }
    old, new = model.measures.get("old", {}), model.measures.get("new", {})
    rows = [
        (name, "", [label, thousandths(old.get(name)), thousandths(new.get(name))])
        for name, label in names.items()
    ]
    heads = [("title", _("在同一批留作检验的条目上")), ("old", _("原来")), ("new", _("这一版"))]
    return table(_("检验结果"), heads, rows if new else [], empty=(_("没有检验结果"), outcome_words(model)))


def _ledger(**conditions: str) -> str:
    try:
        return reverse("desk:ledger") + "?" + urlencode(conditions)
    except NoReverseMatch:
        return ""
