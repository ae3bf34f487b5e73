"""As many made-up reports as wanted, each told by its number alone, and the same matter said again.

A report is one matter at one place. Places have names of their own (a quarter of a million are possible) and a few
problems each; matters are said in one of several wordings, with figures. So a ledger of a million has what a real one
has: words that stand in every tenth row, names that stand in four, and neighbours that differ in the name alone. Whoever
asks for `said_again(number, …)` knows which row it repeats.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# The thing in several words | what is wrong with it | what was seen there | what comes of it.
_MATTERS: Final = """
搅拌站/混凝土搅拌场/拌合站|夜间生产噪声超标/粉尘无组织排放/未办环评擅自投产|骨料露天堆放未覆盖/运输车辆带泥上路/喷淋设施停用|周边居民长期无法休息/附近道路积尘严重
二次供水设施/小区水箱/加压泵房|水箱多年未清洗/水质浑浊发黄/水压不足|水质检测记录缺失/泵房门锁损坏/管道锈蚀渗漏|高层住户经常用不上水/居民自行购买桶装水
住宅电梯/老旧电梯/客梯|频繁停运/多次困人/维保流于形式|维保记录与现场不符/应急电话无人接听/检验标志过期|老人上下楼困难/业主多次投诉未果
污水处理站/生活污水处理设施/污水处理厂|长期停运/出水超标/直排入河|进水泵损坏未修/在线监测数据缺失/药剂台账造假|下游河段水体发黑/村民反映强烈
养殖场/生猪养殖点/养鸡场|粪污直排/异味扰民/建在禁养区内|沉淀池满溢/雨污没有分流/没有粪污消纳协议|沟渠水体富营养化/附近农户不敢开窗
建筑工地/在建项目/施工现场|扬尘管控不力/超时施工/围挡不闭合|裸土未覆盖/冲洗平台未启用/塔吊喷淋关闭|周边空气质量下降/居民投诉不断
高标准农田/农田建设项目/田间工程|建成后无人管护/灌排渠系损坏/机井不通电|泵站配电箱被盗/渠道淤塞长草/管护协议未签|耕地浇不上水/农户自行拉管抽水
农村饮水工程/集中供水点/村级水厂|工程长期不能正常运行/消毒设备闲置/时常断水|水源井水量不足/净水药剂过期/供水管网漏损|群众到邻村挑水/季节性缺水突出
危险化学品企业/化工企业/储罐区|重大隐患整改不到位/特殊作业管理混乱/报警装置失效|动火票证代签/可燃气体探头未校验/应急物资过期|存在较大安全风险/员工不会使用防护器材
消防通道/消防车通道/登高场地|被车辆长期占用/设置固定隔离桩/堆放杂物|消火栓无水/标线磨损不清/疏散门上锁|救援车辆无法进入/一旦起火后果严重
专项资金/补助资金/项目资金|滞留未拨付/被挤占挪用/闲置两年以上|拨付手续不全/结余未收回/支出凭证缺失|项目推进缓慢/惠民政策没有落地
惠民补贴/养老补贴/低保金|审核把关不严/超范围发放/违规领取|死亡人员继续领取/未按月比对信息/公示内容不全|财政资金流失/群众有意见
工程招投标/政府采购项目/招标项目|应招未招/肢解发包/围标串标|投标文件雷同/未按规定公示/评标专家未回避|造成不良影响/增加财政支出
办公用房/单位用房/业务用房|超标准使用/违规出租/长期空置|租金未上缴/隔断遮挡/台账与实际不符|国有资产收益流失/干部群众有反映
涉企收费/检查收费/服务收费|违规收费/强制中介服务/检查频次过多|未公示收费依据/同一事项重复检查/票据不规范|增加企业负担/影响营商环境
政务服务事项/审批事项/窗口办事|超时办结/体外循环/要求重复提交材料|办事指南与实际不一致/一次性告知未落实/系统数据未共享|企业群众多跑路/满意率偏低
拖欠农民工工资/欠薪问题/工资支付|专户未足额存储/实名制管理缺位/总包未代发|考勤记录造假/分包失联/保证金未缴纳|几十名工人讨薪/引发集体上访
断头路/未贯通道路/市政道路|多年未打通/破损严重/施工停滞|征地拆迁未完成/路面坑洼积水/临时便道未硬化|群众绕行数公里/早晚高峰拥堵
背街小巷/老旧小区/居民楼院|排水管网堵塞/私拉电线充电/环境卫生差|化粪池外溢/飞线跨楼/垃圾清运不及时|雨天倒灌进屋/存在火灾隐患
垃圾中转站/垃圾填埋场/生活垃圾收集点|渗滤液外渗/清运不及时/臭气扰民|防渗膜破损/除臭设备停用/台账记录不实|蚊蝇滋生/住户常年关窗
饮用水水源地/水源保护区/取水口|保护区内存在违规建设/标识牌缺失/围网破损|农家乐仍在经营/一级保护区内种植/巡查记录补填|威胁供水安全/水质波动
河道/行洪河段/沟渠|违规围垦/非法采砂/建筑垃圾倾倒|河长巡河走过场/阻水桥涵未拆/砂石堆未清理|影响行洪安全/岸线受损
矿山/采石场/砂石矿|越界开采/生态修复滞后/排土场不稳定|边坡未分级/截排水沟缺失/修复基金未提取|山体裸露/存在滑坡隐患
农村改厕/户厕改造/旱厕改造|建成后无法使用/虚报完成数/质量不达标|厕具破损/冬季冻裂/粪污无人抽|群众弃用/财政投入浪费
学校食堂/配餐企业/营养餐|食材采购不规范/留样制度不落实/卫生不达标|索证索票不全/从业人员无健康证/冷库温度超标|家长多次反映/存在食品安全风险
校车/学生接送车/营运客车|超员载客/带病运行/动态监控不在线|驾驶员资质过期/安全带缺失/报警未处置|学生出行安全没有保障/家长担忧
养老机构/敬老院/日间照料中心|消防验收未通过/护理人员不足/长期闲置|喷淋系统未通水/入住协议不规范/服务记录造假|老人安全隐患突出/设施空置浪费
定点医疗机构/乡镇卫生院/村卫生室|过度诊疗/串换项目收费/药品短缺|病历与收费不符/设备闲置/医师挂证|医保基金流失/群众就医不便
不动产权证/房屋产权证/回迁房办证|交房多年未办理/资料移交不全/土地抵押未解除|开发企业失联/规划核实未通过/税费未缴清|影响子女入学/业主多次上访
安置房/回迁小区/棚改项目|逾期未交付/质量渗漏/过渡费停发|外墙脱落/配套管网未接通/验收资料缺失|群众长期在外租房/被征迁户不满
物业服务/小区物业/物业企业|公共收益不公开/服务质量差/拒不移交资料|监控大面积损坏/绿化枯死/保安脱岗|业主拒交费用/矛盾激化
公交线路/城乡公交/客运班线|班次太少/擅自停运/站点设置不合理|候车亭破损/报站系统失灵/车辆老旧|群众出行不便/学生步行上学
充电桩/充电设施/公共充电站|建成未投用/故障率高/被燃油车占用|扫码无响应/收费未公示/雨棚倒塌|新能源车主无处充电/投诉增多
秸秆禁烧/露天焚烧/秸秆处置|火点频发/离田率低/虚报综合利用率|收储点未建成/网格员缺位/补贴未兑现|空气污染加重/影响高速行车
产业园区/开发区/标准厂房|批而未供土地多/入驻率低/配套管网缺失|厂房长期闲置/亩均税收低/环保手续不全|招商项目无法落地/土地资源浪费
数据系统/信息化项目/业务平台|重复建设/建成不用/数据不共享|验收流于形式/等级保护未测评/运维费虚列|基层重复填报/资金绩效低下
防汛物资/应急物资库/救援装备|储备不足/账实不符/过期未更换|水泵无法启动/冲锋舟漏气/出入库无记录|汛期保障能力不足/应急响应迟缓
森林防火/林区管护/防火隔离带|火源管控不严/巡护不到位/设施损毁|检查站无人值守/视频监控掉线/祭祀用火未劝阻|森林火险偏高/发生过荒火
山洪灾害预警/地质灾害点/监测预警设备|设备离线/责任人不清/预案照搬照抄|雨量站数据中断/避险路线图未张贴/未组织演练|群众转移不及时/存在伤亡风险
耕地/永久基本农田/流出耕地|非农化反弹/恢复整改不实/撂荒|种植草皮/硬化地面未拆除/图斑举证造假|耕地保有量下降/被上级通报
集体资产/村级账务/村集体资金|合同不规范/发包价格过低/账目不公开|承包费拖欠/白条入账/民主程序缺失|村民信访不断/集体收益受损
驻村帮扶/防返贫监测/扶贫车间|监测对象漏报/带贫作用弱/资产闲置|帮扶台账突击补填/入户走访不实/收益未分配|群众认可度不高/存在返贫风险
噪声扰民/广场舞音响/商铺外放|夜间音量超标/劝导无效/多部门推诿|未划定活动区域/执法记录缺失/分贝仪未启用|学生无法复习/老人彻夜难眠
违法建设/私搭乱建/屋顶加盖|拆除不彻底/查处后反弹/顶风新建|执法文书未送达/停工通知贴后继续施工/审批档案缺失|邻里纠纷增多/消防间距不足
餐饮油烟/夜市烧烤/露天排档|油烟直排/占道经营/油污入管|净化器未清洗/店外搭棚/泔水倒入雨水口|楼上住户无法开窗/人行道油腻湿滑
燃气管道/瓶装液化气/燃气用户|老旧管网未改造/违规倒灌/入户安检走过场|阀井积水/软管超期/报警器未安装|存在泄漏爆炸风险/居民忧心
公共停车场/路内泊位/地下车库|乱收费/违规改变用途/管理缺位|未明码标价/人防车位出售/道闸私设|停车难问题突出/车辆乱停挤占道路
桥梁/农村公路/隧道|病害未处置/限载标志缺失/养护资金不到位|支座脱空/护栏缺损/照明熄灭|通行安全隐患大/大型车辆冒险通行
""".strip().splitlines()
_FIRST: Final = (
    "锦翠碧云枫柳桂兰梅竹松柏荷莲月星晨朝金银玉龙凤鹤鹭紫青丹霞静安宁和祥瑞福康泰盛昌丰润澜湾岭溪"
    "东西南北上下前后大小新老石沙白黑黄红双三五七九马牛羊鸡鱼鸭李王张陈刘赵周吴郑孙杨朱胡林郭何高罗"
    "平长永兴文武仁义礼智信德明光华阳春秋河江湖海"
)
_LAST: Final = "园苑府庭居城山台轩阁坊洲汀岸峰谷泉桥店庄屯沟坪坝塘冲"
_KINDS: Final = ("小区", "花园", "社区", "村", "组", "路段", "片区", "工业园", "街", "市场", "一期", "家园")
_AREAS: Final = (
    "东陵县",
    "西坪县",
    "南溪区",
    "北渡区",
    "临川县",
    "高新区",
    "经开区",
    "望城镇",
    "石梁乡",
    "古渡镇",
)
_OPENINGS: Final = (
    "{month}月{date}日现场检查发现，", "群众来电反映，", "督查组暗访时看到，", "审计延伸调查发现，", "据信访件反映，",
    "巡查台账显示，", "经核查，", "抽查{count}处点位发现，", "暗访视频显示，", "座谈时基层干部反映，", "",
)  # fmt: skip
_FIGURES: Final = (
    "涉及{count}户{people}人。", "涉及金额{money}万元。", "面积约{area}亩。", "已持续{count}个月。", "超过标准{percent}%。",
    "距最近住户{metres}米。", "应完成{people}处，实际完成{count}处。", "", "",
)  # fmt: skip
_CLOSINGS: Final = (
    "责任单位虽多次回复已整改，但问题依旧。", "属地与主管部门职责不清，长期无人牵头。", "整改时限已过，仍未销号。",
    "要求限期整改并举一反三。", "建议由主管部门牵头核实处理。", "此前交办件反馈办结，与现场不符。", "",
)  # fmt: skip
PROBLEMS_A_PLACE: Final = 4
_MADE: Final = "made-report"


class Again(StrEnum):
    """In what way a report says again what another said."""

    SAME_WORDS = "same_words"
    NEARLY_SAME_WORDS = "nearly_same_words"
    OTHER_WORDS = "other_words"


@dataclass(frozen=True, slots=True)
class Report:
    """What becomes a problem's title, text and site."""

    title: str
    text: str
    site: str


def report(number: int, *, of: int) -> Report:
    """The report with this number, of a ledger of `of`."""
    return _told(number, of, random.Random(f"{_MADE} {number}"), plainly=True)  # noqa: S311  (made-up words)


def said_again(number: int, again: Again, *, of: int) -> Report:
    """The same matter at the same place as report `number`, in the given way."""
    chance = random.Random(f"{_MADE} {number} {again}")  # noqa: S311
    if again is Again.OTHER_WORDS:
        return _told(number, of, chance, plainly=False)
    before = report(number, of=of)
    if again is Again.SAME_WORDS:
        # What copying from a letter into a sheet does: width, white space, a full stop.
        return Report(before.title, before.text.replace("，", ", ").replace("。", "。 "), before.site)
    told = [sentence for sentence in before.text.split("。") if sentence]
    return Report(before.title, f"{'。'.join(told)}。{chance.randint(1, 12)}月已核。", before.site)


def new_report(number: int, *, of: int) -> Report:
    """One that no row of the ledger tells of: of a place that is in it, or of one that is not, by turns."""
    chance = random.Random(f"{_MADE} new {number}")  # noqa: S311
    return _told(of + number if number % 2 else number, of, chance, other=True)


def _told(
    number: int, of: int, chance: random.Random, *, plainly: bool = True, other: bool = False
) -> Report:
    """`plainly` is as the ledger words it. Otherwise thing and outcome have another word; what is wrong stays what it
    is, whoever says it, for another fault at the same place is another problem. `other` is such another fault.
    """
    fixed = random.Random(f"{_MADE} matter {number}")  # noqa: S311
    matter = fixed.randrange(len(_MATTERS))
    if other:
        matter = (matter + 1 + fixed.randrange(len(_MATTERS) - 1)) % len(_MATTERS)
    things, wrongs, seen, outcomes = (part.split("/") for part in _MATTERS[matter].split("|"))
    thing, wrong, fact, outcome = map(fixed.choice, (things, wrongs, seen, outcomes))
    area, name = place(number, of)
    facts = "，".join(chance.sample(seen, 2)) if plainly else fact
    opening, figure, closing = _around(chance)
    if plainly:
        text = f"{opening}{area}{name}{thing}{wrong}，{facts}，{outcome}。{figure}{closing}"
        return Report(f"{name}{thing}{wrong}", text, f"{area}{name}")
    thing, outcome = _another(things, thing, chance), _another(outcomes, outcome, chance)
    text = f"{opening}{outcome}，原因是{name}的{thing}{wrong}。{figure}现场还有{facts}的情况。{closing}"
    return Report(f"反映{name}{thing}{wrong}的情况", text, f"{area}{name}")


def _another(words: list[str], said: str, chance: random.Random) -> str:
    return chance.choice([word for word in words if word != said])


def _around(chance: random.Random) -> tuple[str, str, str]:
    """How it begins, a figure, how it ends."""
    figures = {
        "month": chance.randint(1, 12), "date": chance.randint(1, 28), "count": chance.randint(2, 60),
        "people": chance.randint(60, 4000), "money": round(chance.uniform(1, 3000), 2), "area": chance.randint(3, 900),
        "percent": chance.randint(5, 300), "metres": chance.randint(8, 400),
    }  # fmt: skip
    said = (chance.choice(words) for words in (_OPENINGS, _FIGURES, _CLOSINGS))
    opening, figure, closing = (words.format(**figures) for words in said)
    return opening, figure, closing


def place(number: int, of: int) -> tuple[str, str]:
    """The area and the name of the place a report tells of; some problems are of the same place."""
    home = number % max(1, of // PROBLEMS_A_PLACE) if number < of else number
    fixed = random.Random(f"{_MADE} place {home}")  # noqa: S311
    name = "".join(fixed.sample(_FIRST, 2)) + fixed.choice(_LAST) + fixed.choice(_KINDS)
    return fixed.choice(_AREAS), name
