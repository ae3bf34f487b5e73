"""The verbs of this room and the kinds of its records, in the words people read in a history."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

LABELS: Final = {
    "organizations.create_unit": _("设立单位"),
    "organizations.rename_unit": _("单位更名"),
    "organizations.move_unit": _("调整隶属"),
    "organizations.merge_units": _("合并单位"),
    "organizations.close_unit": _("撤销单位"),
    "organizations.name_successor": _("补明承接单位"),
    "organizations.set_jurisdiction": _("设立或撤销整改办辖区"),
    "organizations.set_line": _("建立条线指导关系"),
    "organizations.end_line": _("解除条线指导关系"),
    "organizations.steward": _("确定行业主管或来源归口"),
    "organizations.end_stewardship": _("解除行业主管或来源归口"),
    "organizations.create_person": _("登记人员"),
    "organizations.rename_person": _("更正姓名"),
    "organizations.set_mobile": _("登记手机号"),
    "organizations.set_email": _("登记邮箱"),
    "organizations.set_account": _("开通或重置账号"),
    "organizations.depart": _("人员离职"),
    "organizations.create_post": _("设置岗位"),
    "organizations.revise_post": _("调整岗位"),
    "organizations.close_post": _("撤销岗位"),
    "organizations.appoint": _("任职"),
    "organizations.end_tenure": _("免职"),
    "organizations.hand_over": _("工作交接"),
    "organizations.grant_role": _("授予角色"),
    "organizations.withdraw_role": _("收回角色"),
    "organizations.create_body": _("成立机构"),
    "organizations.add_member": _("增加成员"),
    "organizations.end_membership": _("成员退出"),
    "organizations.end_body": _("撤销机构"),
    "organizations.appoint_stand_in": _("委托代理"),
    "organizations.end_stand_in": _("结束代理"),
    "organizations.keep_vacancies": _("登记或销去岗位空缺"),
    "organizations.import_structure": _("导入机构和人员"),
}

KINDS: Final = {
    "unit": _("单位"),
    "post": _("岗位"),
    "person": _("人员"),
    "body": _("机构"),
    "stand_in": _("代理"),
    "handover": _("工作交接"),
    "vacancy": _("岗位空缺"),
}
