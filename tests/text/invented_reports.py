"""Invented letters about invented places, in pairs of which we know whether they tell of the same problem.

A world of places and matters; a problem is one matter at one place, and several people write about it, each in words of
their own. Pairs that are not the same problem are made to look alike: the same matter at another place, often in
the same words, or another matter at the same place. `python -m tests.text.invented_reports` says where they part best.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

from bihuan.text.similarity import CountedCorpus, Report, likeness

# What it is about, in several words | what is wrong with it | what comes of it.
_MATTERS = """
搅拌站/搅拌厂/混凝土公司|夜里生产噪音大/粉尘满天飞/没有手续就开工/离居民楼太近|晚上根本睡不着/窗户不敢开/衣服晒出去全是灰
电梯/升降梯/直梯|经常停运/多次困人/急坠/一直没人维修|老人下不了楼/上下班全靠爬楼/孩子被关过半小时
烧烤店/夜宵摊/大排档|油烟直排/营业到凌晨/污水倒在路边/桌椅占满人行道|满屋子都是烟味/走路只能绕到车道上/夏天臭气熏天
幼儿园/幼托机构/托管班|收费太高/没有公办学位/随意涨价/强制兴趣班|年轻父母负担不起/孩子没地方上学/比去年多交几千块
物业公司/物业/物管|乱收停车费/不履行服务/强行涨物业费/公共收益不公开|垃圾几天没人清/保安形同虚设/业主交了钱没有服务
房产证/不动产权证/产权证|交房多年办不下来/开发商一拖再拖/资料交了没消息/土地抵押不能办|孩子入学受影响/户口迁不进来/房子无法过户
断头路/未通的道路/半截路|修了一半停工/多年没有打通/迟迟不动工/围挡一直不拆|上班要绕三公里/高峰堵得水泄不通/救护车进不来
路灯/照明灯/街灯|晚上不亮/坏了没人修/装了不通电/亮一盏灭一盏|学生下晚自习摸黑走/已经摔伤过人/女孩子不敢独行
公交线路/公交车/公交班次|等车要一小时/收车太早/绕行不停靠/取消后没有替代|老人出行不便/上班经常迟到/只能花钱打车
自来水/生活用水/水管|经常停水/水质发黄/水压太低/三天两头爆管|高层洗澡都没有水/烧开一层水垢/家里要储水过日子
广场舞/音响/跳舞队|音量太大/早上六点就开始/劝阻不听/占用活动场地|孩子没法写作业/病人休息不好/报警也只管一会儿
垃圾站/垃圾中转站/垃圾房|建在窗户下面/臭味难闻/清运不及时/污水横流|苍蝇蚊子成群/一楼住户常年关窗/影响身体健康
工地/施工现场/建筑工程|深夜打桩/渣土车扬尘/墙体震裂/没有围挡|老人心脏受不了/墙上裂了好几条缝/路面全是泥
停车位/车位/地下车库|只卖不租/价格太高/被改成仓库/人防车位违规出售|业主只能停在路边/天天被贴罚单/消防通道被堵死
拖欠工资/欠薪/工钱没发|老板失联/一拖就是半年/包工头推给公司/多次讨要无果|一家老小等钱过年/孩子学费交不上/几十个工友没有着落
安置房/回迁房/安置小区|迟迟不分房/质量差到处漏水/面积缩水/过渡费停发|租房住了五年/老人等不到新房/墙皮一碰就掉
学校食堂/学生餐/营养餐|饭菜有异物/价格高分量少/强制在校用餐/卫生不达标|孩子拉肚子/回家都喊饿/家长不放心
下水道/排水管/污水管|一下雨就堵/反水到家里/井盖丢失/多年没有清淤|一楼泡在水里/出门要蹚水/家具全部泡坏
红绿灯/信号灯/路口交通灯|设置不合理/绿灯只有几秒/一直闪黄灯/该装没有装|过马路全靠跑/已经出过几次事故/学生上学很危险
开发商/房企/地产公司|虚假宣传/延期交房/配套没有兑现/擅自改变规划|一边还贷一边租房/说好的学校没了踪影/退房无门
违章建筑/违建/私搭乱建|楼顶加盖/占用绿地/挡住采光/举报后仍在施工|楼下终日不见阳光/消防车开不进来/邻居纷纷效仿
医保报销/医药费报销/异地就医报销|手续太繁琐/比例太低/跑了几趟不给办/系统查不到缴费|看病钱还是借的/老人来回奔波/大病拖垮一家人
健身房/游泳馆/美容店|关门跑路/会员卡不退钱/合同霸王条款/换老板不认账|几千块打了水漂/几百名会员受骗/投诉没有下文
化工厂/塑料厂/砖厂|半夜偷排废气/废水流进水塘/刺鼻气味/环评没有公示|庄稼都枯了/井水不敢喝/孩子咳嗽不停
基站/信号塔/通信铁塔|离住户太近/夜里偷偷安装/没有征求意见/担心辐射|孕妇不敢住/全楼居民反对/头疼失眠
供暖/天然气/燃气管道|迟迟没有接通/初装费太高/压力不足/冬天用不上|做饭还在换煤气罐/老人冻得生病/邻近的早就通了
养猪场/养殖场/养鸡场|粪便直排/臭味熏人/建在水源上游/没有环保设施|鱼塘的鱼都死了/几十户不敢开窗/蚊蝇成灾
高压线/变电站/配电房|离房屋不到十米/嗡嗡作响/线路老化/经常跳闸|一刮风就冒火花/夏天空调带不动/家电烧坏了
高速噪音/铁路噪音/高架桥噪声|没有隔音屏/昼夜不停/货车鸣笛/超过标准|整夜无法入睡/玻璃跟着震/老人神经衰弱
共享单车/电动车/三轮车|乱停乱放/占用盲道/上楼充电/无人管理|行人被挤到马路上/楼道随时可能起火/盲人没法走
""".strip().splitlines()

_TITLES = (
    "{place}{thing}{wrong}",
    "反映{place}{thing}{wrong}的问题",
    "{area}{place}{thing}{wrong}何时能解决",
    "投诉{place}附近{thing}{wrong}",
    "{thing}{wrong}，{place}居民苦不堪言",
    "请关注{area}{place}的{thing}问题",
    "{place}{thing}影响生活，请求处理",
    "关于{place}{thing}的投诉",
)
_FACTS = (
    "我是{area}{place}的居民，这里的{thing}{wrong}。",
    "{place}的{thing}{wrong}，{outcome}。",
    "{thing}{wrong}，大家意见很大。",
    "自从去年以来，{thing}{wrong}，{outcome}。",
    "{outcome}，{place}住户怨声载道。",
    "因为{thing}的事情，{outcome}。",
    "不仅{wrong}，而且{outcome}。",
)
_FILLING = """
尊敬的领导您好，打扰您了。/我们向社区反映过很多次，每次都说正在协调。/打过热线，工单显示已办结，实际上什么都没有变。/有关部门互相推诿，让我们找这个找那个。
/老百姓的要求并不高，只想安安静静过日子。/网上也有不少人发帖，一直没有正面答复。/希望领导百忙之中抽空过问一下。/这样的情况持续了很久，实在没有办法才来这里留言。
/我们都是普通工薪家庭，经不起折腾。/去年也有人投诉过，当时答应年底前整改。/不知道到底归哪个部门管。/附近住着上千户人家，老人小孩特别多。/派人来看过一次，拍了照片就走了。
/如果再不处理，我们只能继续向上级反映。/相信政府会给我们一个满意的答复。/几个月过去了，杳无音信。/说好的文明城市，怎么能这样。/请给出明确的时间表。/恳请实地调查，不要只听一面之词。
/我本人也在现场看到过。/邻居们签了联名信。/每次检查之前就停几天，检查一过照旧。/与当初的承诺完全不一样。/影响了整个片区的形象。/一家三代人都住在这里。/业主群里天天在讨论这件事。
""".replace("\n", "").split("/")
_ENDINGS = ["请尽快处理。", "望回复，谢谢！", "盼早日解决。", "恳请领导督促落实。", "请给个说法。", "谢谢。"]

_FIRST = "锦翠碧云枫柳桂兰梅竹松柏荷莲月星晨朝金银玉龙凤鹤鹭紫青丹霞静安宁和祥瑞福康泰盛昌丰润澜湾岭溪"
_LAST = "园苑府庭居城湖山台轩阁坊洲汀岸林峰谷泉桥"
_KINDS = (
    "小区",
    "花园",
    "新村",
    "公寓",
    "社区",
    "家园",
    "国际",
    "一期",
    "村",
    "镇",
    "路",
    "大道",
    "市场",
    "学校",
    "",
)
_AREAS = ("东山区", "西河区", "南屏区", "北关区", "临江县", "高新区", "开发区", "石桥镇")


@dataclass(frozen=True)
class Pair:
    """Two letters of the world, by number, and whether they tell of the same problem."""

    one: int
    other: int
    same: bool


def _place(chance: random.Random) -> tuple[str, str, str]:
    """Its area, its name in full, and in short as some write it."""
    name = "".join(chance.sample(_FIRST, 2)) + chance.choice(_LAST)
    return chance.choice(_AREAS), name + chance.choice(_KINDS), name


def _letter(chance: random.Random, place: tuple[str, str, str], matter: str) -> Report:
    things, wrongs, outcomes = (part.split("/") for part in matter.split("|"))
    area, full, short = place

    def said(form: str) -> str:
        return form.format(
            area=area if chance.random() < 0.6 else "",
            place=full if chance.random() < 0.6 else short,
            thing=chance.choice(things),
            wrong=chance.choice(wrongs),
            outcome=chance.choice(outcomes),
        )

    sentences = [said(form) for form in chance.sample(_FACTS, chance.randint(1, 4))]
    sentences += chance.sample(_FILLING, chance.randint(1, 7))
    chance.shuffle(sentences)
    return Report(said(chance.choice(_TITLES)), "".join(sentences) + chance.choice(_ENDINGS))


def world(seed: int, *, problems: int = 700, places: int = 160) -> tuple[list[Report], list[Pair]]:
    """Letters, and as many pairs of the same problem as of different ones that look alike."""
    chance = random.Random(seed)
    somewhere = [_place(chance) for _ in range(places)]
    known = sorted({(chance.randrange(places), chance.randrange(len(_MATTERS))) for _ in range(problems)})
    letters: list[Report] = []
    about: list[tuple[int, int]] = []
    for place, matter in known:
        for _ in range(chance.choice((1, 1, 2, 2, 3, 4))):
            letters.append(_letter(chance, somewhere[place], _MATTERS[matter]))
            about.append((place, matter))
    order = range(len(letters))
    same = [Pair(one, other, same=True) for one, other in pairwise(order) if about[one] == about[other]]
    other_place = [
        Pair(
            one,
            chance.choice([at for at in order if about[at][1] == about[one][1] and about[at] != about[one]]),
            same=False,
        )
        for one in chance.sample(order, len(same) // 2)
        if sum(about[at][1] == about[one][1] and about[at] != about[one] for at in order)
    ]
    other_matter = [
        Pair(one, chance.choice(found), same=False)
        for one in chance.sample(order, len(same) // 2)
        if (found := [at for at in order if about[at][0] == about[one][0] and about[at] != about[one]])
    ]
    return letters, same + other_place + other_matter


def judged(seed: int, **size: int) -> list[tuple[bool, float]]:
    """Every pair of a world with the score the product gives it."""
    letters, pairs = world(seed, **size)
    corpus = CountedCorpus(letter.text for letter in letters)
    return [(pair.same, likeness(letters[pair.one], letters[pair.other], corpus).score) for pair in pairs]


def balanced_accuracy(rows: list[tuple[bool, float]], threshold: float) -> float:
    same = [score >= threshold for truth, score in rows if truth]
    other = [score < threshold for truth, score in rows if not truth]
    return (sum(same) / len(same) + sum(other) / len(other)) / 2


def area_under_curve(rows: list[tuple[bool, float]]) -> float:
    """How often a pair of the same problem scores higher than another pair."""
    same = [score for truth, score in rows if truth]
    other = [score for truth, score in rows if not truth]
    return sum((a > b) + (a == b) / 2 for a in same for b in other) / (len(same) * len(other))


def best_threshold(rows: list[tuple[bool, float]]) -> float:
    """In hundredths; the middle where several are equally good."""
    steps = [step / 100 for step in range(1, 100)]
    best = max(balanced_accuracy(rows, step) for step in steps)
    good = [step for step in steps if balanced_accuracy(rows, step) >= best - 0.002]
    return good[len(good) // 2]


if __name__ == "__main__":
    for count in (100, 250, 700):
        for number in range(2):
            scored = judged(number, problems=count, places=count // 2)
            threshold = best_threshold(scored)
            print(count, number, threshold, round(balanced_accuracy(scored, threshold), 4))  # noqa: T201
