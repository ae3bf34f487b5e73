"""What people may send in the administration pages; each form's fields are named as its action's arguments."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.organizations import choices
from bihuan.organizations.models import Body, BodyMember, PostKind, Role, UnitKind, UnitLevel


class ReasonForm(forms.Form):
    """Only why."""

    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea)


class UnitForm(forms.Form):
    """A new unit."""

    name = forms.CharField(label=_("单位名称"), max_length=120)
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    code = forms.CharField(
        label=_("单位代码"), max_length=40, help_text=_("全市唯一，导入导出和交换时以它为准")
    )
    kind = forms.ChoiceField(label=_("类别"), choices=UnitKind.choices)
    level = forms.TypedChoiceField(label=_("层级"), choices=UnitLevel.choices, coerce=int)
    parent = choices.unit_field(_("上级单位"), required=False)
    party_committee = forms.CharField(label=_("党委（党组）"), max_length=120, required=False)
    is_jurisdiction = forms.BooleanField(label=_("自设整改办，为独立辖区"), required=False)
    opened_on = forms.DateField(label=_("设立日期"), required=False)


class RenameUnitForm(forms.Form):
    """Another name for a unit."""

    name = forms.CharField(label=_("新名称"), max_length=120)
    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    party_committee = forms.CharField(label=_("党委（党组）"), max_length=120, required=False)
    reason = forms.CharField(label=_("依据"), max_length=500, required=False, widget=forms.Textarea)


class MoveUnitForm(forms.Form):
    """Another place in the tree."""

    parent = choices.unit_field(_("新的上级单位"))
    reason = forms.CharField(label=_("依据"), max_length=500, required=False, widget=forms.Textarea)


class MergeUnitForm(forms.Form):
    """Into which unit this one goes."""

    into = choices.unit_field(_("并入单位"))
    reason = forms.CharField(label=_("依据"), max_length=500, widget=forms.Textarea)


class CloseUnitForm(forms.Form):
    """Who takes over from a closed unit."""

    successor = choices.unit_field(_("承接单位"), required=False)
    reason = forms.CharField(label=_("依据"), max_length=500, widget=forms.Textarea)


class SuccessorForm(forms.Form):
    """Who takes over from a unit that is closed already."""

    successor = choices.unit_field(_("承接单位"))
    reason = forms.CharField(label=_("依据"), max_length=500, widget=forms.Textarea)


class JurisdictionForm(forms.Form):
    """Whether the unit has its own rectification office."""

    is_jurisdiction = forms.BooleanField(label=_("自设整改办，为独立辖区"), required=False)


class LineForm(forms.Form):
    """A superior by trade."""

    superior = choices.unit_field(_("条线上级单位"))


class StewardForm(forms.Form):
    """Which sector or source the unit stands for, and where."""

    held = forms.ChoiceField(label=_("领域或来源"), choices=choices.stewardship_codes)
    territory = choices.unit_field(_("地域范围"), help_text=_("该单位及其以下全部单位"))


class PostForm(forms.Form):
    """A new post in the unit of the page."""

    kind = forms.ChoiceField(label=_("类别"), choices=PostKind.choices)
    name = forms.CharField(label=_("岗位名称"), max_length=80)
    section = forms.CharField(label=_("科室"), max_length=80, required=False)
    serves = choices.post_field(_("服务岗位"), required=False, help_text=_("仅领导秘书填写"))
    portfolio = forms.MultipleChoiceField(
        label=_("分管领域"),
        choices=lambda: choices.codes("sector"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("仅分管负责人填写，可多选"),
    )


class RevisePostForm(forms.Form):
    """Name, section and portfolio of a post."""

    name = forms.CharField(label=_("岗位名称"), max_length=80)
    section = forms.CharField(label=_("科室"), max_length=80, required=False)
    portfolio = forms.MultipleChoiceField(
        label=_("分管领域"),
        choices=lambda: choices.codes("sector"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )


class AppointForm(forms.Form):
    """Who takes the post."""

    person = choices.person_field(_("任职人员"))
    since = forms.DateField(label=_("任职日期"), required=False, help_text=_("不填为今天"))


class EndTenureForm(forms.Form):
    """When the holder leaves."""

    until = forms.DateField(
        label=_("免职日期"), required=False, help_text=_("不填为今天；自这一天起不再任职")
    )
    reason = forms.CharField(label=_("依据"), max_length=500, required=False, widget=forms.Textarea)


class HandOverForm(forms.Form):
    """Who takes over."""

    incoming = choices.person_field(_("接任人员"))
    reason = forms.CharField(label=_("依据"), max_length=500, required=False, widget=forms.Textarea)


class RoleForm(forms.Form):
    """A role to give."""

    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    reason = forms.CharField(label=_("依据"), max_length=500, widget=forms.Textarea)


class StandInForm(forms.Form):
    """Who stands in, and how long."""

    person = choices.person_field(_("代理人"))
    since = forms.DateField(label=_("自"))
    last_day = forms.DateField(label=_("至"), help_text=_("含这一天"))
    reason = forms.CharField(label=_("事由"), max_length=200)


class PersonForm(forms.Form):
    """A new person."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    external_id = forms.CharField(label=_("统一身份标识"), max_length=120, required=False)


class RenamePersonForm(forms.Form):
    """A corrected name."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    reason = forms.CharField(label=_("依据"), max_length=500, required=False, widget=forms.Textarea)


class MobileForm(forms.Form):
    """A mobile number; empty takes it away."""

    mobile = forms.CharField(
        label=_("手机号"), max_length=40, required=False, help_text=_("加密保存，也可用来登录；留空即清除")
    )


class EmailForm(forms.Form):
    """An e-mail address; empty takes it away."""

    email = forms.CharField(
        label=_("邮箱"), max_length=254, required=False, help_text=_("加密保存；留空即清除")
    )


class AccountForm(forms.Form):
    """User name and first password."""

    user_name = forms.CharField(label=_("用户名"), max_length=150)
    password = forms.CharField(
        label=_("初始密码"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("不少于 10 位，请本人登录后修改"),
    )
    is_active = forms.BooleanField(label=_("允许登录"), required=False, initial=True)


class BodyForm(forms.Form):
    """A new body."""

    name = forms.CharField(label=_("机构名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类别"), choices=Body.Kind.choices)
    jurisdiction = choices.unit_field(_("所属辖区"))
    since = forms.DateField(label=_("成立日期"), required=False, help_text=_("不填为今天"))


class MemberForm(forms.Form):
    """A post that joins."""

    post = choices.post_field(_("岗位"))
    role = forms.ChoiceField(label=_("职务"), choices=BodyMember.Role.choices, initial=BodyMember.Role.MEMBER)


class ImportForm(forms.Form):
    """A workbook of units, posts and people."""

    file = forms.FileField(label=_("工作簿"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods"}))
    only_good = forms.BooleanField(
        label=_("有不对的行时，只导入没有问题的行"), required=False, help_text=_("不勾选则一行都不导入")
    )
