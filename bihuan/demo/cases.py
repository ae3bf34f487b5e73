"""The city's other problems: what, from where, whose, and how each of them goes. All invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Case:
    """`lead`: code of the unit; `by`: sign-in name of who works there; `course`: the name of a course in `courses.py`."""

    title: str
    text: str
    source: str
    sector: str
    lead: str
    by: str
    course: str
    nature: str = "management"
    impact: str = "single"
    urgency: str = "normal"
    kind: str = "by_date"
    days: int = 60
    amount: str = ""


CASES: Final = (
    Case("碧水社区供水管网漏损", "五里街道碧水社区老旧供水管网漏损率达31%，高峰时段六层以上住户无水可用。", "hotline_12345",
         "risk.ecology.water", "YC-SL", "xianan", "plain", "delay", "local", "urgent"),
    Case("漱玉河城区段排口溯源不清", "漱玉河城区段12处雨水排口旱季有水，溯源工作未完成，责任单位不明确。", "media_exposure",
         "risk.ecology.water", "YC-SL", "xianan", "returned", "duty", "local", "urgent"),
    Case("石堰镇河道采砂坑未回填", "石堰镇沟口村河段3处采砂坑未按期回填，存在溺水隐患。", "grid_report", "risk.ecology.water",
         "PQ-SY", "shilei", "plain", "hazard", "local", "urgent"),
    Case("平桥县水库安全管理责任未落实", "平桥县4座小型水库未明确安全管理责任人，汛期值守记录缺失。", "self_inspection",
         "risk.ecology.water", "PQ-SL", "boyn", "extended", "duty", "local", "critical"),
    Case("云锦社区夜间施工噪声扰民", "北塬区锦屏路项目夜间22时后连续施工，云锦社区居民先后4次来电反映。", "hotline_12345",
         "people.livelihood.city", "YC-ZJ", "fangming", "short", "management", "single", "urgent", "immediate", 20),
    Case("物业公共收益未公示", "云锦苑小区物业企业三年未公示电梯广告等公共收益，业主多次反映未得到答复。", "hotline_12345",
         "people.livelihood.city", "YC-ZJ", "fangming", "short", "management", "single", "normal", "immediate", 20),
    Case("老旧小区加装电梯审批时间过长", "全市加装电梯审批平均用时118天，超过承诺时限58天。", "enterprise_appeal",
         "people.livelihood.city", "YC-ZJ", "fangming", "late", "delay", "citywide", "urgent", "by_date", 45),
    Case("公租房租金收缴不到位", "市住建局管理的公共租赁住房租金拖欠412.7万元，涉及1136户。", "self_inspection",
         "people.livelihood.housing", "YC-ZJ", "fangming", "plain", "management", "citywide", "normal", "phased", 120, "4127000"),
    Case("专项债券资金闲置", "3个项目专项债券资金2600万元闲置超过一年。", "self_inspection", "finance", "YC-CZ", "jiangwan",
         "plain", "violation", "citywide", "urgent", "by_date", 75, "26000000"),
    Case("惠企资金滞留", "产业扶持资金1240万元滞留财政专户，未在90日内兑付给37户企业。", "enterprise_appeal",
         "growth.business.policy", "YC-CZ", "jiangwan", "noticed", "delay", "citywide", "urgent", "by_date", 60, "12400000"),
    Case("资产处置收益未上缴", "2家单位资产处置收益86.5万元未上缴国库。", "self_inspection", "finance", "YC-CZ", "jiangwan",
         "short", "violation", "single", "normal", "immediate", 30, "865000"),
    Case("预算绩效目标设置笼统", "2025年度36个项目绩效目标未量化，无法评价。", "congress_deliberation", "finance", "YC-CZ", "jiangwan",
         "planning", "management", "citywide", "urgent"),
    Case("润和冷链液氨库房安全距离不足", "润和冷链物流有限公司液氨库房与居民住宅距离不足，未开展安全评价。", "self_inspection",
         "risk.safety", "YC-YJ", "chensu", "suspended", "hazard", "local", "critical"),
    Case("危化品停车场混用出入口", "高新区危化品停车场与加油站混用出入口，未设置防撞设施。", "grid_report", "risk.safety", "YC-YJ",
         "chensu", "accepting", "hazard", "local", "urgent"),
    Case("加油站应急演练走过场", "抽查9家加油站，7家应急演练记录雷同，现场人员不会使用泄漏切断装置。", "self_inspection", "risk.safety",
         "YC-YJ", "chensu", "plain", "duty", "local", "urgent"),
    Case("粉尘涉爆企业除尘系统未检测", "5家木制品企业除尘系统未按期检测，积尘超标。", "grid_report", "risk.safety", "YC-YJ", "chensu",
         "late", "hazard", "local", "critical", "by_date", 30),
    Case("农机购置补贴重复申领", "核查发现重复申领农机购置补贴38.6万元，涉及11户。", "self_inspection", "finance", "QL-NY", "tianye",
         "declined", "violation", "local", "urgent", "by_date", 60, "386000"),
    Case("高标准农田机井闲置", "白云镇松溪村高标准农田项目配套机井14眼未通电，建成两年未使用。", "media_exposure",
         "growth.region.rural", "QL-NY", "tianye", "plain", "delay", "local", "urgent", "phased", 90),
    Case("村级合同未备案", "青岚县43份村级集体资产出租合同未按规定备案。", "city_party_inspection", "party", "QL-NY", "tianye",
         "late", "management", "local", "urgent", "by_date", 60),
    Case("铸造企业除尘灰露天堆存", "高新区两家铸造企业除尘灰约2300吨露天堆存，未采取防扬散措施。", "hotline_12345",
         "risk.ecology.waste", "YC-ST", "wenzy", "plain", "violation", "local", "urgent"),
    Case("铸造企业厂区扬尘再次反映", "群众再次反映高新区铸造企业厂区北侧扬尘扰民。", "hotline_12345", "risk.ecology.waste", "YC-ST",
         "wenzy", "merged", "violation", "local", "urgent"),
    Case("环境监测站设备停用", "3个乡镇空气监测站因欠费停用两个月，数据缺失未报告。", "self_inspection", "risk.ecology.air", "YC-ST",
         "wenzy", "returned", "duty", "local", "urgent"),
    Case("散乱污企业死灰复燃", "平桥县清岚镇2家已取缔的小塑料加工点恢复生产。", "citizen_report", "risk.ecology.air", "YC-ST", "wenzy",
         "rebound", "violation", "local", "urgent"),
    Case("企业噪声投诉不属实", "群众反映某机械厂夜间噪声超标，经三次监测均达标。", "hotline_12345", "risk.ecology", "YC-ST", "wenzy",
         "unfounded", "management", "single", "normal"),
    Case("环保设施运行台账不全", "抽查15家企业，9家污染治理设施运行台账不全。", "self_inspection", "risk.ecology", "YC-ST", "wenzy",
         "acknowledging", "management", "local", "urgent"),
    Case("秦岭北麓违建排查未完成", "平桥县秦岭北麓生态保护区违建排查进度滞后，38处疑似图斑未核查。", "superior_assignment",
         "risk.ecology.qinling", "YC-ST", "wenzy", "rectifying", "delay", "citywide", "urgent", "phased", 150),
    Case("工业固废贮存不规范", "6家企业一般工业固废贮存场未防渗。", "grid_report", "risk.ecology.waste", "YC-ST", "wenzy",
         "rectifying", "violation", "local", "urgent", "by_date", 90),
    Case("入河排污口规范化建设滞后", "全市应规范化建设的入河排污口86个，仅完成51个。", "government_inspection", "risk.ecology.water",
         "YC-SL", "xianan", "amended", "delay", "citywide", "urgent", "by_date", 100),
    Case("产业链配套不足", "新能源装备产业链本地配套率仅17%，关键铸件全部外购，影响重点项目投产。", "enterprise_appeal",
         "growth.industry.chain", "YC-CZ", "jiangwan", "rectifying", "mechanism", "citywide", "urgent", "phased", 180),
    Case("学校周边交通拥堵", "望岭区碧水小学门前道路狭窄，上下学时段拥堵，家长多次反映。", "citizen_report",
         "people.livelihood.transport", "YC-ZJ", "fangming", "ordering", "mechanism", "local", "urgent"),
    Case("涉企检查频次过高", "某装备制造企业半年内接受5个部门17次检查，影响正常生产。", "enterprise_appeal", "growth.business.law",
         "YC-YJ", "chensu", "deciding", "management", "citywide", "urgent"),
    Case("渣土车抛洒污染路面", "北塬区锦屏路渣土车沿途抛洒，扬尘污染严重。", "hotline_12345", "risk.ecology.air", "YC-ST", "wenzy",
         "ordering", "violation", "local", "urgent"),
    Case("沟口村饮水工程水质不稳定", "石堰镇沟口村集中供水工程消毒设备故障，雨后浑浊。", "grid_report", "risk.ecology.water", "PQ-SY",
         "shilei", "registered", "hazard", "local", "urgent"),
    Case("土地出让金欠缴", "2宗工业用地土地出让金欠缴1830万元，最长已逾期14个月。", "self_inspection", "finance", "YC-CZ", "jiangwan",
         "owing", "violation", "citywide", "urgent", "phased", 150, "18300000"),
    Case("公益岗位补贴超发", "青岚县2个镇超发公益岗位补贴21.4万元，涉及63人。", "self_inspection", "finance", "QL-NY", "tianye",
         "reviewing", "violation", "local", "urgent", "by_date", 70, "214000"),
    Case("备用水源地围网破损", "漱玉河备用水源地一级保护区围网破损380米，警示牌缺失。", "self_inspection", "risk.ecology.water", "YC-SL",
         "xianan", "reviewing", "hazard", "local", "urgent", "by_date", 70),
    Case("小区消防通道被占用", "云锦苑小区2处消防通道被固定隔离桩占用，消防车无法通行。", "self_inspection", "people.livelihood.city", "YC-ZJ",
         "fangming", "reviewing", "hazard", "local", "urgent", "by_date", 70),
    Case("危化企业应急预案未备案", "4家危险化学品经营企业应急预案修订后未备案。", "self_inspection", "risk.safety", "YC-YJ", "chensu",
         "reviewing", "duty", "local", "urgent", "by_date", 70),
)  # fmt: skip
