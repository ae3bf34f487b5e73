"""What an administrator fills in for each way, and what a person ticks for themselves.

Secrets are never filled in again: an empty field keeps what is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.messages.kinds import Matter
from bihuan.organizations.choices import unit_field
from bihuan.outlets.checking import METHODS, MOST_PORT, ROBOTS_PER_MINUTE, SECURITY
from bihuan.outlets.ways import ROBOTS, Way

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bihuan.outlets.models import Outlet

KEPT: Final = _("已保存，不再显示；留空即不变。")


def _secret(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=500,
        help_text=help_text,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
    )


class OutletForm(forms.Form):
    """What all ways have; the fields of a way stand between the name and the pace."""

    settings_of: ClassVar[tuple[str, ...]] = ()
    secrets_of: ClassVar[tuple[str, ...]] = ()
    last: ClassVar[tuple[str, ...]] = ("intranet", "site", "matters", "per_minute")

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("如“市政务邮箱”“水务局工作群”。"))
    intranet = forms.BooleanField(
        label=_("对方在内网"),
        required=False,
        help_text=_("不勾选时，内网地址一律不连接，以防被引向内部系统。"),
    )
    site = forms.CharField(
        label=_("本系统的访问地址"), max_length=200, help_text=_("消息里的链接以它开头，收件人要能打开。")
    )
    matters = forms.MultipleChoiceField(
        label=_("只发这些事项"),
        choices=Matter.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选即全部都发。"),
    )
    per_minute = forms.IntegerField(label=_("每分钟最多几条"), min_value=1, initial=ROBOTS_PER_MINUTE)

    def __init__(self, *sent: Any, outlet: Outlet | None = None, **options: Any) -> None:
        super().__init__(*sent, **options)
        if outlet is None:
            self.fields["unit"] = unit_field(_("为哪个单位"), help_text=_("它和它的下级都经这个渠道。"))
        else:
            self._fill_in(outlet)
        names = [name for name in self.fields if name not in (*self.last, "unit", "name")]
        self.order_fields(["unit", "name", *names, *self.last])

    def _fill_in(self, outlet: Outlet) -> None:
        known = {
            "name": outlet.name,
            "site": outlet.site,
            "matters": outlet.matters,
            "intranet": outlet.intranet,
            "per_minute": outlet.per_minute,
        }
        for name, value in (known | outlet.settings).items():
            if name in self.fields:
                self.fields[name].initial = value
        for name in self.secrets_of:
            self.fields[name].help_text = KEPT

    @classmethod
    def arguments(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        """The cleaned fields as the actions take them."""
        parts = (*cls.settings_of, *cls.secrets_of)
        plain = {name: value for name, value in data.items() if name not in parts and name != "seen"}
        return plain | {
            "settings": {name: data[name] for name in cls.settings_of},
            "secrets": {name: data[name] for name in cls.secrets_of},
        }


class MailForm(OutletForm):
    """A mail server."""

    settings_of = ("host", "port", "security", "user", "sender")
    secrets_of = ("password",)

    host = forms.CharField(label=_("邮件服务器"), max_length=200)
    port = forms.IntegerField(label=_("端口"), min_value=1, max_value=MOST_PORT, initial=465)
    security = forms.ChoiceField(label=_("加密"), choices=list(SECURITY.items()))
    user = forms.CharField(label=_("用户名"), max_length=200, required=False, help_text=_("不需登录的留空。"))
    password = _secret(_("密码"))
    sender = forms.CharField(
        label=_("发件人"), max_length=200, help_text=_("如 整改办 <zgb@example.gov.cn>。")
    )


class RobotForm(OutletForm):
    """A group robot: its address is its key."""

    secrets_of: ClassVar[tuple[str, ...]] = ("url",)

    url = _secret(_("机器人地址（Webhook）"), _("从群设置里复制；里面有密钥，保存后不再显示。"))

    def __init__(self, *sent: Any, outlet: Outlet | None = None, **options: Any) -> None:
        super().__init__(*sent, outlet=outlet, **options)
        if outlet is None:
            self.fields["url"].required = True
            self.fields["unit"].help_text = _("群是哪个单位的；发给这个单位的人的消息，群里说一次。")
        elif "sign" in self.fields:
            self.fields["sign"].help_text = _("已保存，不再显示；换机器人地址时一并填写。")


class SigningRobotForm(RobotForm):
    """One whose calls may have to be signed (WeCom's never are)."""

    secrets_of = ("url", "sign")

    sign = _secret(_("加签密钥"), _("机器人开了加签（签名校验）才填。"))


class GatewayForm(OutletForm):
    """A short message gateway."""

    settings_of = ("url", "method", "format", "body", "header", "success_field", "success_value")
    secrets_of = ("secret",)

    url = forms.CharField(
        label=_("网关地址"), max_length=500, help_text=_("参数里可以写 {mobile} {text} {marker} {secret}。")
    )
    method = forms.ChoiceField(label=_("请求方式"), choices=[(one, one) for one in METHODS])
    format = forms.ChoiceField(label=_("请求体"), choices=[("json", "JSON"), ("form", _("表单"))])
    body = forms.CharField(
        label=_("请求体模板"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=_('JSON 如 {"phone": "{mobile}", "content": "{text}"}；表单每行一个 名称=值。'),
    )
    header = forms.CharField(
        label=_("请求头"),
        max_length=300,
        required=False,
        help_text=_("如 Authorization: Bearer {secret}；密钥只写 {secret}，不要写在模板里。"),
    )
    secret = _secret(_("密钥"), _("模板里的 {secret}。"))
    success_field = forms.CharField(
        label=_("答复里看哪一项"),
        max_length=100,
        required=False,
        help_text=_("如 code 或 result.0.status；留空即看整个答复。"),
    )
    success_value = forms.CharField(
        label=_("等于什么算成功"), max_length=100, help_text=_("如 0、true、OK。")
    )


def form_for(way: str) -> type[OutletForm]:
    """The form of a way."""
    if way in ROBOTS:
        return RobotForm if way == Way.WECOM else SigningRobotForm
    return MailForm if way == Way.MAIL else GatewayForm


class WayForm(forms.Form):
    """Which way the new outlet takes."""

    way = forms.ChoiceField(label=_("类别"), choices=Way.choices, widget=forms.RadioSelect)
