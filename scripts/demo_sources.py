"""Write the demonstration city's source documents as real files: Word, PDF and Excel, in the style of real ones.

Run it after changing a text; the files it writes are part of the project. Everything in them is invented.
"""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

LINE = 34  # characters of the report to a line; a sentence breaks where the line is full
FOLDER = Path(__file__).resolve().parents[1] / "bihuan" / "demo" / "sources"

ENVIRONMENT = """
# 云川市人民政府督查室关于生态环境问题专项督查的反馈意见
根据市政府2026年督查计划，2026年1月12日至2月10日，市政府督查组对全市生态环境突出问题开展了专项督查。现将有关情况反馈如下。
## 一、主要进展和成效
各县区、各部门认真落实生态文明建设要求，生态环境质量持续改善。2025年，全市优良天数比例达到86.3%，同比提高2.1个百分点；漱玉河出境断面水质由Ⅳ类提升到Ⅲ类。建成县级以上污水处理厂9座，完成农村生活污水治理行政村132个。
## 二、存在的主要问题
### （一）落实督察整改责任不够有力
1．部分县区对反馈问题整改重视不够，以文件落实文件、以会议推进工作。望岭区、青岚县2024年以来先后印发方案9份，其中6份未明确责任人和完成时限。
2．云川市生态环境局对整改销号审核把关不严，上一轮督查指出的苍屏岭采石场生态修复问题，现场仅覆土未复绿即上报完成。
### （二）水环境问题仍然突出
3．平桥县石堰镇三家砂石加工企业长期将洗砂废水经暗管排入石堰沟，沟底淤积灰白泥浆约1.8公里，下游漱玉河断面悬浮物多次超标。当地有关部门日常监管流于形式，群众多次反映未得到有效解决。
4．临渠县横渠镇4家规模养殖场粪污贮存池未防渗，雨季溢流入漱玉河，2025年7月至9月下游取水口氨氮浓度三次超过地表水Ⅲ类标准。
5．北塬区城区雨污混接点63处长期未改造，雨季仍有污水直排，涉及锦屏街道等5个街道。
### （三）固体废物处置监管缺位
6．高新区两家铸造企业将除尘灰露天堆存于厂区北侧坡地，约2300吨，未采取防扬散、防渗漏措施。
7．平桥县清岚镇建筑垃圾消纳场超范围接收工业固体废物，现场检查发现油泥约40吨。
### （四）生态修复进展缓慢
8．苍屏岭北麓历史遗留采石面21处，应于2025年底前完成修复，截至督查进驻时仅完成8处。
## 三、整改要求
各责任单位要深入学习贯彻习近平生态文明思想，切实扛起生态环境保护政治责任。要抓紧研究制定整改方案，在收到反馈意见后30个工作日内报市整改工作领导小组办公室。上述问题应于2026年12月31日前整改到位，其中第3项应于2026年10月31日前完成。对督查发现的责任追究问题，按规定移送有关部门处理。
"""

PARTY = """
# 中共云川市委第二巡察组关于巡察临渠县卫生健康局党组的反馈意见
根据市委统一部署，2026年3月2日至4月17日，市委第二巡察组对临渠县卫生健康局党组开展了常规巡察。现将巡察情况反馈如下。
## 一、巡察发现的主要问题
（一）落实上级决策部署有差距。乡镇卫生院设备配置论证不充分，2023年以来采购的彩色超声、数字X光机等17台（套）设备闲置，涉及资金317万元。
（二）基层医疗服务存在短板。横渠镇等6个乡镇卫生院夜间急诊无人值守，群众就医不便问题反映集中。
（三）财务管理不规范。局机关及3家下属单位公务用车维修费报销审核不严，存在先维修后审批、维修清单不完整等问题，涉及46笔28.7万元。
（四）党建主体责任落实不到位。2025年局党组专题研究党建工作仅1次，民主生活会对照检查材料相互雷同。
（五）有群众反映，局药政股原股长赵某某收受医药代表礼金，在药品采购中谋取私利。
## 二、意见建议
局党组要把整改作为政治任务，制定整改方案，3个月内集中整改，并于2026年7月31日前报送集中整改进展情况。
"""

AUDIT = [
    "云川市审计局审计报告",
    "云审报〔2026〕17号",
    "被审计单位：云川市财政局",
    "审计项目：2025年度市级预算执行和其他财政收支情况",
    "",
    "一、审计评价意见",
    "审计结果表明，2025年市级预算执行总体较好，财政收入稳步增长，民生支出得到保障。",
    "",
    "二、审计发现的主要问题",
    "（一）专项债券资金闲置。市财政局拨付的3个项目专项债券资金2600万元闲置超过一年，不符合《中华人民共和国预算法》的规定。",
    "（二）惠企资金未及时兑付。2025年产业扶持资金1240万元滞留市财政局专户，未在规定的90日内兑付给37户企业。",
    "（三）国有资产处置收益未及时上缴。市机关事务管理中心等2家单位资产处置收益86.5万元未上缴国库。",
    "（四）保障性住房租金应收未收。市住建局管理的公共租赁住房租金412.7万元长期未收缴，欠缴户数1136户。",
    "",
    "三、审计建议和整改要求",
    "市财政局等单位应自收到本报告之日起60日内完成整改，并将整改结果书面报告市审计局，同时向社会公告。",
]

HAZARDS = (
    ("序号", "问题描述", "责任单位", "来源", "整改时限", "涉及金额（万元）", "点位"),
    (
        1,
        "望岭区11所民办幼儿园消防通道被占用、堵塞，未按要求设置应急照明。",
        "望岭区教育局",
        "安全生产大检查",
        "2026-11-23",
        "",
        "望岭区",
    ),
    (
        2,
        "润和冷链物流有限公司液氨库房与居民住宅安全距离不足，未开展安全评价。",
        "云川市应急管理局",
        "安全生产大检查",
        "2026年12月30日",
        "",
        "高新区纬三路",
    ),
    (
        3,
        "危化品停车场与加油站混用出入口，未设置车辆引导和防撞设施。",
        "云川高新技术产业开发区管理委员会",
        "安全生产大检查",
        "2026.12.2",
        "",
        "高新区",
    ),
    (
        4,
        "云锦苑小区216户房屋因开发商欠缴税费无法办理不动产登记，居民多年反映。",
        "云川市自然资源局",
        "12345热线",
        "2027-03-31",
        "",
        "北塬区云锦社区",
    ),
    (
        5,
        "老旧小区加装电梯停工，施工围挡占用消防通道，居民出行受阻。",
        "北塬区住房和城乡建设局",
        "12345热线",
        "45982",
        "",
        "北塬区锦屏街道",
    ),
    (
        6,
        "工程建设项目审批超法定时限27件，平均超期11个工作日。",
        "云川市行政审批服务局",
        "企业诉求",
        "2026-12-22",
        "",
        "",
    ),
)

RUNNING = (
    ("云川市2024年度督察问题整改台账", "", "", "", "", "", "", ""),
    ("", "", "", "", "", "", "", ""),
    ("编号", "问题", "问题描述", "责任单位", "来源", "整改时限", "状态", "完成时间"),
    (
        "2024-011",
        "苍屏岭采石面覆土后复采",
        "苍屏岭采石面修复不到位，覆土后又复采，生态修复未达标。",
        "云川市自然资源局",
        "生态环境保护督察",
        "2025-06-30",
        "已销号",
        "2025-06-12",
    ),
    (
        "2024-019",
        "农机购置补贴重复申领",
        "青岚县农机购置补贴核查发现重复申领38.6万元。",
        "青岚县农业农村局",
        "审计",
        "2025-09-30",
        "已销号",
        "2025-09-11",
    ),
    (
        "2024-023",
        "村级集体资产出租合同未备案",
        "青岚县43份村级集体资产出租合同未按规定备案。",
        "青岚县农业农村局",
        "市委巡察",
        "2026-11-20",
        "整改中",
        "",
    ),
    (
        "2024-027",
        "基层重复报表未清理",
        "基层减负专项检查发现重复报表19项未清理。",
        "望岭区人民政府",
        "市委巡察",
        "2026-12-31",
        "整改中",
        "",
    ),
)


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(exist_ok=True)
    word("01-生态环境专项督查反馈意见.docx", ENVIRONMENT)
    pdf("02-市级预算执行审计报告.pdf", AUDIT)
    sheet("03-安全隐患与诉求清单.xlsx", HAZARDS, merged_title=False)
    word("04-市委巡察反馈意见.docx", PARTY)
    sheet("05-在办台账.xlsx", RUNNING, merged_title=True)


def word(name: str, text: str) -> None:
    """A feedback letter: title centred, headings in black, body in a document face."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "FangSong", Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    for line in text.strip().splitlines():
        level = len(line) - len(line.lstrip("#"))
        paragraph = document.add_paragraph()
        run = paragraph.add_run(line.lstrip("# "))
        if level == 1:
            paragraph.alignment, run.bold, run.font.size = WD_ALIGN_PARAGRAPH.CENTER, True, Pt(20)
        elif level:
            run.bold = True
        else:
            paragraph.paragraph_format.first_line_indent = Pt(32)
    document.save(str(FOLDER / name))


def pdf(name: str, lines: list[str]) -> None:
    """A report with text a program can read, its lines broken where the page ends."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(str(FOLDER / name), pagesize=A4, invariant=1)
    height = 780.0
    for number, paragraph in enumerate(lines):
        page.setFont("STSong-Light", 18 if number == 0 else 13)
        indented = paragraph if number == 0 or not paragraph else f"\u3000\u3000{paragraph}"
        for line in [indented[at : at + LINE] for at in range(0, len(indented), LINE)] or [""]:
            page.drawString(200 if number == 0 else 72, height, line)
            height -= 26
    page.setFont("STSong-Light", 10)
    page.drawString(285, 40, "— 1 —")
    page.save()


def sheet(name: str, rows: tuple[tuple[object, ...], ...], *, merged_title: bool) -> None:
    """A list as an office keeps it."""
    book = xlsxwriter.Workbook(str(FOLDER / name))
    page = book.add_worksheet("清单")
    for number, row in enumerate(rows):
        if number == 0 and merged_title:
            page.merge_range(0, 0, 0, len(row) - 1, row[0])
            continue
        for place, value in enumerate(row):
            page.write(number, place, value)
    page.set_column(1, 2, 40)
    book.close()


if __name__ == "__main__":
    main()
