"""What a citizen's message wants: to complain, to ask, to suggest or to thank.

General rules of how such messages are worded; a message that both asks and complains counts as a complaint.
"""

from __future__ import annotations

import re

from bihuan.intake.extraction.cues import Disposition, problem_weight

_GRIEVANCE = re.compile(
    r"投诉|举报|反映|反应(?=.{0,20}(?:问题|情况))|控诉|扰民|噪音|噪声|污染|臭味|恶臭|异味|灰尘|粉尘|油烟|违规|违法|违章|违建|非法|拖欠|欠薪|乱收|强制|强迫|强行|逼|骗|诈骗|虚假|假冒|伪劣|"
    r"忽悠|坑|黑心|霸王条款|不作为|乱作为|推诿|踢皮球|敷衍|态度(?:恶劣|很差|极差|差|蛮横)|无人(?:管|问|理|处理)|没人(?:管|理|处理)|不管|不理|置之不理|不闻不问|无果|拖延|一拖再拖|迟迟|至今(?:未|没|无)|"
    r"一直(?:未|没|不|拖)|始终(?:未|没|不)|仍(?:未|然没|没|旧)|还(?:没|未)|(?:都|也|却)(?:没|未|不)|未(?:能|见|予|得|曾|办|解决|落实)|没有(?:人|解决|回复|任何)|得不到|无法|不能(?:正常)?|难以|困难|严重|"
    r"危险|隐患|事故|危害|伤害|受伤|安全(?:隐患|问题)|破损|损坏|破坏|坍塌|开裂|漏水|渗水|积水|坑洼|烂尾|堵塞|拥堵|停水|停电|质量(?:问题|差|太差)|脏乱差|恶劣|苦不堪言|怨声载道|忍无可忍|民不聊生|痛苦|"
    r"睡不|影响(?:了)?.{0,12}(?:生活|休息|学习|出行|健康|睡眠|居民|业主|营业|安全|居住)|不公平|不公|不合理|不透明|黑幕|暗箱|贪污|受贿|腐败|侵占|侵权|侵犯|霸占|克扣|罚款|扣(?:工资|钱|款)|高价|暴利|太高|过高|贵得|"
    r"官僚|滥用|偷|打人|殴打|威胁|恐吓|赌博|传销|黑社会|混混|无证|超载|超标|占用|占道|乱停|乱摆|堆放|乱扔|焚烧|排放|偷排|差劲|太差|气愤|愤怒|欺负|欺骗|欺诈|讨说法|维权|还我|为什么(?!.{0,4}(?:呢|能))|凭什么|"
    r"何时才能|什么时候才|请(?:求)?.{0,16}(?:查处|调查|严查|制止|取缔|整治|整顿|严惩|主持公道|介入|关停|管管|管一管|彻查|核查)|希望.{0,16}(?:查处|严查|整治|制止|管管|取缔|解决)|恳求|恳请|呼吁|不满|失望|心寒|敢怒|主持公|工资(?:低|只|才|还|都|太)|待遇(?:低|差|不)"
)
_QUESTION = re.compile(
    r"咨询|请问|想问|问一下|想了解|了解一下|请教|询问|是否(?!应)|能否|可否|有没有|怎么(?:办理|申请|办|领|算|交|查)|"
    r"如何(?:办理|申请|领取|计算|缴纳|查询)|什么(?:时候|条件|手续|材料|政策|标准|流程)|多久"
)
# A complaint asks too, but only for effect.
_WEAK_QUESTION = re.compile(r"是不是|如何|哪里|多少|吗[？?。]?|呢[？?]")
_ENOUGH_SIGNS = 4
_SUGGESTION = re.compile(
    r"建议|提议|希望(?:能|可以|政府|市里|增加|开通|设立|建)|应该|应当|不妨|可以考虑|能不能|是否可以|可否|倡议|献策|盼(?:望)?|期盼|期待|请求(?:增设|增加|开通|修建|安装)|打造|发展"
)
_THANKS = re.compile(
    r"感谢信|表扬|点赞|致谢|感谢.{0,20}(?:医生|护士|民警|同志|工作人员|老师|领导的关心|单位|医院)|衷心(?:的|地)?感谢|非常感谢|热情|耐心|拾金不昧|好人好事|锦旗"
)
_TITLE_SUGGESTS = re.compile(r"建议|提议|设想|应发展|应该发展|献策|倡议|建言")
_TITLE_ASKS = re.compile(
    r"咨询|请问|请教|询问|是否|能否|可否|吗[？?]?$|如何|怎么|什么|多少|多久|何时|哪|能不能"
)
_TITLE_THANKS = re.compile(r"感谢|表扬|点赞|致谢|赞")
_TITLE_COMPLAINS = re.compile(
    r"投诉|举报|反映|扰民|噪音|污染|违规|违法|违章|违建|非法|拖欠|欠薪|乱收|不作为|严重|隐患|骗|强制|迟迟|没人管|无人管|为何|难|问题|太|不(?:合理|公|给|发|管|办)"
)


def intent_of(title: str, text: str) -> Disposition:
    """PROBLEM for a complaint, CONTEXT for a question, REQUIREMENT for a suggestion, PRAISE for thanks."""
    in_title = {*_TITLE_COMPLAINS.findall(title), *_GRIEVANCE.findall(title)}
    grievance = 1.0 * len(set(_GRIEVANCE.findall(text))) + 1.5 * len(in_title)
    grievance += 0.4 * min(problem_weight(text), _ENOUGH_SIGNS)
    question = (
        1.5 * len(_QUESTION.findall(text))
        + 0.8 * len(_WEAK_QUESTION.findall(text))
        + 2.5 * bool(_TITLE_ASKS.search(title))
    )
    suggestion = 1.2 * len(_SUGGESTION.findall(text)) + 3.5 * bool(_TITLE_SUGGESTS.search(title))
    thanks = 2.0 * len(set(_THANKS.findall(text))) + 4.0 * bool(_TITLE_THANKS.search(title))
    # Long messages bear more of every sign; what counts is which sign prevails.
    best = max(question, suggestion, thanks)
    if grievance >= best and grievance > 0:
        return Disposition.PROBLEM
    if thanks == best and thanks > 0:
        return Disposition.PRAISE
    if suggestion == best and suggestion > 0:
        return Disposition.REQUIREMENT
    return Disposition.CONTEXT if question > 0 else Disposition.PROBLEM
