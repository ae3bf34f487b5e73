"""云川市: units, posts and people. All invented."""

from __future__ import annotations

from typing import Final

from bihuan.organizations.models import Role
from bihuan.organizations.structure import PersonRow, PostRow, Structure, UnitRow

PASSWORD: Final = "yunchuan-2026"  # noqa: S105  (of people who do not exist; printed by make demo)

# code, name, short name, kind, level, parent, jurisdiction, party committee
UNITS: Final = (
    ("YC", "云川市人民政府", "云川市", "government", 3, "", True, "中共云川市委"),
    ("YC-ZG", "云川市问题整改工作办公室", "市整改办", "party", 3, "YC", False, ""),
    ("YC-DC", "云川市人民政府督查室", "市督查室", "oversight", 3, "YC", False, ""),
    ("YC-SJ", "云川市审计局", "市审计局", "oversight", 3, "YC", False, "市审计局党组"),
    ("YC-XC", "云川市委巡察工作办公室", "市委巡察办", "oversight", 3, "YC", False, ""),
    ("YC-FG", "云川市发展和改革委员会", "市发改委", "department", 3, "YC", False, "市发改委党组"),
    ("YC-GX", "云川市工业和信息化局", "市工信局", "department", 3, "YC", False, "市工信局党组"),
    ("YC-CZ", "云川市财政局", "市财政局", "department", 3, "YC", False, "市财政局党组"),
    ("YC-RS", "云川市人力资源和社会保障局", "市人社局", "department", 3, "YC", False, "市人社局党组"),
    ("YC-ZR", "云川市自然资源局", "市自然资源局", "department", 3, "YC", False, "市自然资源局党组"),
    ("YC-ST", "云川市生态环境局", "市生态环境局", "department", 3, "YC", False, "市生态环境局党组"),
    ("YC-ZJ", "云川市住房和城乡建设局", "市住建局", "department", 3, "YC", False, "市住建局党组"),
    ("YC-CG", "云川市城市管理执法局", "市城管局", "department", 3, "YC", False, "市城管局党组"),
    ("YC-JT", "云川市交通运输局", "市交通局", "department", 3, "YC", False, "市交通局党组"),
    ("YC-SL", "云川市水利局", "市水利局", "department", 3, "YC", False, "市水利局党组"),
    ("YC-NY", "云川市农业农村局", "市农业农村局", "department", 3, "YC", False, "市农业农村局党组"),
    ("YC-WJ", "云川市卫生健康委员会", "市卫健委", "department", 3, "YC", False, "市卫健委党组"),
    ("YC-JY", "云川市教育局", "市教育局", "department", 3, "YC", False, "市委教育工委"),
    ("YC-YJ", "云川市应急管理局", "市应急管理局", "department", 3, "YC", False, "市应急管理局党委"),
    ("YC-XF", "云川市消防救援支队", "市消防支队", "department", 3, "YC", False, ""),
    ("YC-SC", "云川市市场监督管理局", "市市场监管局", "department", 3, "YC", False, "市市场监管局党组"),
    ("YC-XZ", "云川市行政审批服务局", "市行政审批局", "department", 3, "YC", False, "市行政审批局党组"),
    ("YC-TJ", "云川市统计局", "市统计局", "department", 3, "YC", False, "市统计局党组"),
    ("YC-SJJ", "云川市数据局", "市数据局", "department", 3, "YC", False, ""),
    ("YC-RX", "云川市12345政务服务热线中心", "市12345热线", "institution", 3, "YC-SJJ", False, ""),
    ("YC-HJ", "云川市生态环境监测站", "市环境监测站", "institution", 3, "YC-ST", False, ""),
    (
        "YC-GQ",
        "云川高新技术产业开发区管理委员会",
        "高新区管委会",
        "territory",
        4,
        "YC",
        False,
        "高新区党工委",
    ),
    ("PQ", "平桥县人民政府", "平桥县", "territory", 4, "YC", True, "中共平桥县委"),
    ("PQ-ZG", "平桥县问题整改工作办公室", "平桥县整改办", "party", 4, "PQ", False, ""),
    ("PQ-DC", "平桥县人民政府督查室", "平桥县督查室", "oversight", 4, "PQ", False, ""),
    ("PQ-SL", "平桥县水利局", "平桥县水利局", "department", 4, "PQ", False, "平桥县水利局党组"),
    ("PQ-ST", "云川市生态环境局平桥分局", "平桥分局", "department", 4, "PQ", False, ""),
    ("PQ-GX", "平桥县工业和信息化局", "平桥县工信局", "department", 4, "PQ", False, ""),
    ("PQ-ZJ", "平桥县住房和城乡建设局", "平桥县住建局", "department", 4, "PQ", False, ""),
    ("PQ-SY", "平桥县石堰镇人民政府", "石堰镇", "territory", 5, "PQ", False, "石堰镇党委"),
    ("PQ-QL", "平桥县清岚镇人民政府", "清岚镇", "territory", 5, "PQ", False, "清岚镇党委"),
    ("PQ-SY-GK", "石堰镇沟口村村民委员会", "沟口村", "territory", 6, "PQ-SY", False, ""),
    ("PQ-SY-HD", "石堰镇河东村村民委员会", "河东村", "territory", 6, "PQ-SY", False, ""),
    ("QL", "青岚县人民政府", "青岚县", "territory", 4, "YC", False, "中共青岚县委"),
    ("QL-NY", "青岚县农业农村局", "青岚县农业农村局", "department", 4, "QL", False, ""),
    ("QL-CZ", "青岚县财政局", "青岚县财政局", "department", 4, "QL", False, ""),
    ("QL-JY", "青岚县教育局", "青岚县教育局", "department", 4, "QL", False, ""),
    ("QL-WJ", "青岚县卫生健康局", "青岚县卫健局", "department", 4, "QL", False, ""),
    ("QL-BY", "青岚县白云镇人民政府", "白云镇", "territory", 5, "QL", False, "白云镇党委"),
    ("QL-BY-SX", "白云镇松溪村村民委员会", "松溪村", "territory", 6, "QL-BY", False, ""),
    ("LQ", "临渠县人民政府", "临渠县", "territory", 4, "YC", False, "中共临渠县委"),
    ("LQ-CZ", "临渠县财政局", "临渠县财政局", "department", 4, "LQ", False, ""),
    ("LQ-WJ", "临渠县卫生健康局", "临渠县卫健局", "department", 4, "LQ", False, ""),
    ("LQ-NY", "临渠县农业农村局", "临渠县农业农村局", "department", 4, "LQ", False, ""),
    ("LQ-HQ", "临渠县横渠镇人民政府", "横渠镇", "territory", 5, "LQ", False, "横渠镇党委"),
    ("BY", "北塬区人民政府", "北塬区", "territory", 4, "YC", False, "中共北塬区委"),
    ("BY-ZJ", "北塬区住房和城乡建设局", "北塬区住建局", "department", 4, "BY", False, ""),
    ("BY-CG", "北塬区城市管理执法局", "北塬区城管局", "department", 4, "BY", False, ""),
    ("BY-JP", "北塬区锦屏街道办事处", "锦屏街道", "territory", 5, "BY", False, "锦屏街道党工委"),
    ("BY-JP-YJ", "锦屏街道云锦社区居民委员会", "云锦社区", "territory", 6, "BY-JP", False, ""),
    ("WL", "望岭区人民政府", "望岭区", "territory", 4, "YC", False, "中共望岭区委"),
    ("WL-JY", "望岭区教育局", "望岭区教育局", "department", 4, "WL", False, ""),
    ("WL-YJ", "望岭区应急管理局", "望岭区应急局", "department", 4, "WL", False, ""),
    ("WL-WL", "望岭区五里街道办事处", "五里街道", "territory", 5, "WL", False, "五里街道党工委"),
    ("WL-WL-BS", "五里街道碧水社区居民委员会", "碧水社区", "territory", 6, "WL-WL", False, ""),
    ("SYS", "云川市大数据运维中心", "市数据运维中心", "institution", 3, "YC", False, ""),
)

# sign-in name, person, unit, post, kind of post, roles
PEOPLE: Final = (
    ("hansz", "韩述舟", "YC", "副市长", "deputy_in_charge", (Role.DECIDER,)),
    ("luocy", "陆承岳", "YC", "市长", "principal", ()),
    ("shenyan", "沈砚", "YC-ZG", "市整改办拟办岗", "handler", (Role.COORDINATOR,)),
    ("linzy", "林知远", "YC-ZG", "市整改办审核岗", "section_head", (Role.REVIEWER,)),
    ("sujin", "苏谨", "YC-ZG", "专线保管岗", "staff", (Role.CHANNEL_KEEPER,)),
    ("yanjun", "严峻", "YC-DC", "督查室验收岗", "staff", (Role.ACCEPTOR,)),
    ("wengu", "温故", "YC-SJ", "审计局回头看岗", "staff", (Role.INSPECTOR,)),
    ("qianshen", "钱慎", "YC-SJ", "审计局认定岗", "section_head", (Role.SOURCE_AUTHORITY,)),
    ("wenzy", "闻子渊", "YC-ST", "市生态环境局督察整改科科长", "section_head", ()),
    ("duheng", "杜衡", "YC-ST", "市生态环境局局长", "principal", ()),
    ("hejin", "何谨言", "YC-SL", "市水利局局长", "principal", ()),
    ("xianan", "夏安", "YC-SL", "市水利局河湖科经办", "handler", ()),
    ("jiangwan", "江婉", "YC-CZ", "市财政局监督科经办", "handler", ()),
    ("luyuan", "鲁原", "YC-CZ", "市财政局局长", "principal", ()),
    ("chensu", "陈溯", "YC-YJ", "市应急管理局危化科经办", "handler", ()),
    ("fangming", "方明", "YC-ZJ", "市住建局物业科经办", "handler", ()),
    ("hexy", "贺云岫", "PQ", "平桥县副县长", "deputy_in_charge", ()),
    ("weitian", "魏田", "PQ", "平桥县县长", "principal", ()),
    ("boyn", "柏一宁", "PQ-SL", "平桥县水利局河湖科经办", "handler", ()),
    ("cenxi", "岑溪", "PQ-SL", "平桥县水利局联络员", "liaison", ()),
    ("zhunq", "祝南乔", "PQ-SY", "石堰镇镇长", "principal", ()),
    ("shilei", "石磊", "PQ-SY", "石堰镇河长办经办", "handler", ()),
    ("tianye", "田野", "QL-NY", "青岚县农业农村局经办", "handler", ()),
    ("guanyi", "管一", "SYS", "系统管理岗", "staff", (Role.SYSTEM_ADMINISTRATOR,)),
    ("guaner", "管贰", "SYS", "安全管理岗", "staff", (Role.SECURITY_ADMINISTRATOR,)),
    ("guansan", "管叁", "SYS", "安全审计岗", "staff", (Role.LOG_AUDITOR,)),
)
PORTFOLIOS: Final = {"平桥县副县长": ("risk.ecology", "risk.ecology.water"), "副市长": ("risk", "people")}

# unit, what it watches over, code, over which place
STEWARDSHIPS: Final = (
    ("YC-ST", "sector", "risk.ecology", "YC"),
    ("YC-YJ", "sector", "risk.safety", "YC"),
    ("YC-CZ", "sector", "finance", "YC"),
    ("YC-ZJ", "sector", "people.livelihood.city", "YC"),
    ("YC-SJ", "source", "audit", "YC"),
)
# guided unit, line superior (条块)
LINES: Final = (
    ("PQ-SL", "YC-SL"),
    ("PQ-SY", "PQ-SL"),
    ("PQ-ST", "YC-ST"),
    ("QL-NY", "YC-NY"),
    ("LQ-WJ", "YC-WJ"),
)


def structure() -> Structure:
    """The city as the importer takes it: one action sets it up."""
    return Structure(
        units=tuple(
            UnitRow(
                line=line, code=code, name=name, short_name=short, kind=kind, level=level, parent=parent,
                is_jurisdiction=jurisdiction, party_committee=committee,
            )
            for line, (code, name, short, kind, level, parent, jurisdiction, committee) in enumerate(UNITS, start=2)
        ),
        posts=tuple(
            PostRow(line=line, unit=unit, name=post, kind=kind, portfolio=PORTFOLIOS.get(post, ()))
            for line, (_, _, unit, post, kind, _) in enumerate(PEOPLE, start=2)
        ),
        people=tuple(
            PersonRow(
                line=line, name=name, unit=unit, post=post, external_id=f"YC{line:04}", mobile=f"1380000{line:04}",
            )
            for line, (_, name, unit, post, _, _) in enumerate(PEOPLE, start=2)
        ),
    )  # fmt: skip
