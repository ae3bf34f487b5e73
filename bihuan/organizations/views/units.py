"""The tree, a unit's page, and the forms that change units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.journal.wording import listed
from bihuan.organizations import actions, choices, policy, queries
from bihuan.organizations.forms import (
    CloseUnitForm,
    JurisdictionForm,
    LineForm,
    MergeUnitForm,
    MoveUnitForm,
    PostForm,
    RenameUnitForm,
    StewardForm,
    SuccessorForm,
    UnitForm,
)
from bihuan.organizations.models import Stewardship, Unit, UnitLine
from bihuan.organizations.pages import ActionView, Offer, SignedInPage, acts, record_or_404
from bihuan.organizations.tables import link, page_of, section, table, until
from bihuan.organizations.tree import upwards

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse

WHOLE_TREE = 400
TOP_LEVELS = 2


class Units(SignedInPage):
    """The tree: whole where it is small, otherwise its top; or what a search finds."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw the tree or the finds."""
        words = request.GET.get("q", "").strip()
        found = queries.search_units(words) if words else None
        context: dict[str, Any] = {
            "words": words,
            "found": found,
            "may_change": policy.may(policy.keeps_structure, self.actor),
        }
        if found is None:
            levels = None if queries.open_units().count() <= WHOLE_TREE else TOP_LEVELS
            context["branches"] = queries.branches(levels=levels)
        return render(request, "organizations/units.html", context)


class UnitPage(SignedInPage):
    """A unit: who answers, who sits where, what is tied to it, what may be done."""

    def get(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Draw the page."""
        unit: Unit = record_or_404(Unit, pk, "successor")
        context = {
            "title": unit.name,
            "crumbs": _crumbs(unit),
            "chips": _chips(unit),
            "sections": [
                section(_("谁负责"), facts=_answering(unit)),
                section(_("岗位与人员"), table=_seats(unit)),
                section(_("下级单位"), table=_children(unit)),
                section(_("条线与归口"), table=_ties(unit)),
            ],
            "acts": acts(self.actor, offers) if (offers := _offers(unit)) else None,
        }
        return render(request, "organizations/record.html", context)


def _crumbs(unit: Unit) -> list[dict[str, Any]]:
    above = [{"words": one.name, "url": page_of(one)} for one in reversed(upwards(unit)[1:])]
    return [
        {"words": _("单位"), "url": reverse("organizations:units")},
        *above,
        {"words": str(unit), "url": ""},
    ]


def _chips(unit: Unit) -> list[Any]:
    chips: list[Any] = [unit.get_kind_display(), unit.get_level_display()]
    if unit.is_jurisdiction:
        chips.append(_("自设整改办"))
    if unit.closed_on is not None:
        chips.append(_("已于 %(day)s 撤销") % {"day": unit.closed_on.isoformat()})
    return chips


def _answering(unit: Unit) -> list[dict[str, Any]]:
    first = queries.first_responsible_person(unit)
    person: Any = link(first.person)
    if first.person is not None and first.from_above:
        person = [person, _("本单位主要负责人空缺，由上级“%(unit)s”承担") % {"unit": first.unit.name}]
    facts = [
        {"label": _("第一责任人"), "value": person},
        {"label": _("主体责任"), "value": queries.party_committee_of(unit) or None},
        {"label": _("单位代码"), "value": unit.code},
        {"label": _("设立日期"), "value": unit.opened_on},
    ]
    if unit.successor is not None:
        facts.append({"label": _("承接单位"), "value": link(unit.successor)})
    return facts


def _seats(unit: Unit) -> dict[str, Any]:
    rows = []
    for seat in queries.seats_in(unit):
        stand_in = seat.stand_in
        standing = (
            _("%(person)s 代理至 %(day)s") % {"person": stand_in.person.name, "day": until(stand_in.until)}
            if stand_in
            else ""
        )
        holder = link(seat.holder.person) if seat.holder else _("空缺")
        cells = [seat.post.name, seat.post.get_kind_display(), holder, standing, listed(seat.roles)]
        rows.append((str(seat.post.pk), page_of(seat.post), cells))
    return table(
        _("岗位与人员"),
        [
            ("name", _("岗位")),
            ("kind", _("类别")),
            ("who", _("任职")),
            ("for", _("代理")),
            ("roles", _("角色")),
        ],
        rows,
        empty=(_("还没有岗位"), _("先设置主要负责人、经办人和联络员岗位，再任职。")),
    )


def _children(unit: Unit) -> dict[str, Any]:
    below = [branch for branch in queries.branches(under=unit, levels=2) if branch.depth == 1]
    return table(
        _("下级单位"),
        [("name", _("单位")), ("kind", _("类别")), ("who", _("主要负责人")), ("posts", _("岗位数"))],
        [
            (
                str(one.unit.pk),
                page_of(one.unit),
                [one.unit.name, one.unit.get_kind_display(), one.principal or _("空缺"), one.posts],
            )
            for one in below
        ],
        empty=(_("没有下级单位"), ""),
    )


def _ties(unit: Unit) -> dict[str, Any]:
    ties = queries.ties_of(unit)
    rows: list[tuple[str, str, list[Any]]] = [
        ("", "", [_("接受指导"), link(line.superior), line.since]) for line in ties["superiors"]
    ]
    rows += [("", "", [_("指导"), link(line.unit), line.since]) for line in ties["guided"]]
    for one in ties["stewardships"]:
        words = f"{choices.label_of(one.kind, one.code)} · {one.territory.name}"
        rows.append(("", "", [one.get_kind_display(), words, one.since]))
    return table(
        _("条线与归口"),
        [("kind", _("关系")), ("what", _("对象")), ("since", _("自"))],
        rows,
        empty=(_("没有条线指导或归口关系"), _("条线上级和行业主管部门由此获得知悉范围。")),
    )


def _offers(unit: Unit) -> list[Offer]:
    def at(name: str) -> str:
        return reverse(f"organizations:{name}", args=[unit.pk])

    if unit.closed_on is not None:
        words = NameSuccessor.consequence
        offer = (_("补明承接单位"), at("name_successor"), actions.name_successor, (unit,), words)
        return [] if queries.standing_successor(unit) else [offer]
    offers: list[Offer] = [
        (_("设置岗位"), at("create_post"), actions.create_post, (), ""),
        (_("设立下级单位"), at("create_child"), actions.create_unit, (), ""),
        (_("更名"), at("rename_unit"), actions.rename_unit, (unit,), _("历史记录仍用当时的名称。")),
        (_("调整隶属"), at("move_unit"), actions.move_unit, (unit,), _("连同全部下级单位一起移动。")),
        (_("建立条线指导"), at("set_line"), actions.set_line, (unit,), _("条线上级可见本单位及以下的问题。")),
        (_("确定归口"), at("steward"), actions.steward, (unit,), _("可见该领域或来源在辖区内的问题。")),
        (_("辖区设置"), at("set_jurisdiction"), actions.set_jurisdiction, (unit,), ""),
        (
            _("合并到另一单位"),
            at("merge_unit"),
            actions.merge_units,
            (unit,),
            _("岗位、下级单位和归口一并转移。"),
        ),
        (_("撤销"), at("close_unit"), actions.close_unit, (unit,), _("须先撤销全部岗位。")),
    ]
    ties = queries.ties_of(unit)
    if ties["superiors"]:
        offers.insert(5, (_("解除条线指导"), at("end_line"), actions.end_line, (unit,), ""))
    if ties["stewardships"]:
        offers.insert(-3, (_("解除归口"), at("end_stewardship"), actions.end_stewardship, (unit,), ""))
    return offers


class CreateUnit(ActionView):
    """A new unit, below the one the address names if it names one."""

    verb, form_class, title = actions.create_unit, UnitForm, _("设立单位")

    def initial(self) -> dict[str, Any]:
        """Below which unit, and at its level."""
        parent = self.kwargs.get("pk")
        if parent is None:
            return {}
        unit = record_or_404(Unit, parent)
        return {"parent": str(parent), "level": unit.level}

    def following(self, result: Any) -> str:
        """To the new unit."""
        return page_of(result)


class CreatePost(ActionView):
    """A new post in a unit."""

    verb, form_class, title = actions.create_post, PostForm, _("设置岗位")

    def fixed(self) -> dict[str, Any]:
        """The unit of the page."""
        return {"unit": record_or_404(Unit, self.kwargs["pk"])}

    def following(self, result: Any) -> str:
        """To the new post, where somebody can be appointed."""
        return page_of(result)


class OfUnit(ActionView):
    """An action on the unit the address names."""

    model = Unit


class RenameUnit(OfUnit):
    """Another name."""

    verb, form_class, title = actions.rename_unit, RenameUnitForm, _("单位更名")
    consequence = _("此前的记录仍显示当时的名称。")

    def initial(self) -> dict[str, Any]:
        """The present names."""
        unit = self.subject
        return {"name": unit.name, "short_name": unit.short_name, "party_committee": unit.party_committee}


class MoveUnit(OfUnit):
    """Another place in the tree."""

    verb, form_class, title = actions.move_unit, MoveUnitForm, _("调整隶属")
    consequence = _("本单位及其全部下级一起移动，谁能看见它们随之改变。")


class MergeUnit(OfUnit):
    """Into another unit."""

    verb, form_class, title = actions.merge_units, MergeUnitForm, _("合并单位")
    consequence = _("岗位、下级单位、条线和归口转给并入单位，本单位随即撤销。")

    def perform(self, data: dict[str, Any], meta: dict[str, Any]) -> Any:
        """The verb merges several; here it is one."""
        return self.verb.call(**meta)([self.subject], **data, actor=self.actor)


class CloseUnit(OfUnit):
    """The end of a unit."""

    verb, form_class, title = actions.close_unit, CloseUnitForm, _("撤销单位")


class NameSuccessor(OfUnit):
    """Who takes over, said afterwards."""

    verb, form_class, title = actions.name_successor, SuccessorForm, _("补明承接单位")
    consequence = _("整改办随后把它没有办完的问题转给承接单位，期限不变。")


class SetJurisdiction(OfUnit):
    """Its own rectification office, or not."""

    verb, form_class, title = actions.set_jurisdiction, JurisdictionForm, _("辖区设置")
    consequence = _("自设整改办的辖区有自己的整改办人员、政策和编号。")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"is_jurisdiction": self.subject.is_jurisdiction}


class SetLine(OfUnit):
    """Guidance by trade."""

    verb, form_class, title = actions.set_line, LineForm, _("建立条线指导")


class EndLine(OfUnit):
    """The end of guidance."""

    verb, form_class, title = actions.end_line, LineForm, _("解除条线指导")

    def initial(self) -> dict[str, Any]:
        """The only superior there is, if there is one."""
        line = UnitLine.objects.filter(unit=self.subject, until__isnull=True).first()
        return {"superior": str(line.superior_id)} if line else {}


def held_and_where(data: dict[str, Any]) -> dict[str, Any]:
    """The one choice of a sector or a source, as the two facts it stands for."""
    kind, _colon, code = data["held"].partition(":")
    return {"kind": kind, "code": code, "territory": data["territory"]}


class Steward(OfUnit):
    """Stewardship of a sector or a source."""

    verb, form_class, title = actions.steward, StewardForm, _("确定归口")

    def arguments(self, data: dict[str, Any]) -> dict[str, Any]:
        """Kind and code apart."""
        return held_and_where(data)


class EndStewardship(OfUnit):
    """The end of a stewardship."""

    verb, form_class, title = actions.end_stewardship, StewardForm, _("解除归口")

    def arguments(self, data: dict[str, Any]) -> dict[str, Any]:
        """Kind and code apart."""
        return held_and_where(data)

    def initial(self) -> dict[str, Any]:
        """The only one there is, if there is one."""
        held = Stewardship.objects.filter(unit=self.subject, until__isnull=True).first()
        return {"held": f"{held.kind}:{held.code}", "territory": str(held.territory_id)} if held else {}
