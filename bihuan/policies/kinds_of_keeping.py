"""Policies about what is kept around the cases: grades, numbers, calls to many units, learning, proof, messages."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from bihuan.policies import calling_shapes, evidence_shapes, shapes
from bihuan.policies.kinds import Kind, Start
from bihuan.policies.messaging_shapes import STARTING_MESSAGING, MessagingShape
from bihuan.text.starting_taxonomy import GRADE_MATRIX

OF_KEEPING: Final = (
    Kind(
        "grade_matrix",
        _("等级矩阵"),
        _("性质、影响程度和轻重缓急决定等级；与单位的表现无关。"),
        shapes.GradeMatrixShape,
        (Start({"matrix": {"/".join(key): grade for key, grade in GRADE_MATRIX.items()}}),),
    ),
    Kind(
        "numbering.problem",
        _("问题编号"),
        _("一件一号，不重号。"),
        shapes.NumberingShape,
        (Start({"pattern": "ZG-{year}-{serial:04}"}),),
    ),
    Kind(
        "numbering.order",
        _("交办单编号"),
        _("一单一号，不重号。"),
        shapes.NumberingShape,
        (Start({"pattern": "JB-{year}-{serial:03}"}),),
    ),
    Kind(
        "numbering.paper",
        _("表单编号"),
        _("督办单、签收单等表单的编号；公文的文号由公文系统编，不在这里。"),
        shapes.NumberingShape,
        (Start({"pattern": "BD-{year}-{serial:04}"}),),
    ),
    Kind(
        "seal_sample",
        _("封账抽查"),
        _("封账前由第二人复核多少片段；抽哪些由程序按日志确定，不由人挑。"),
        shapes.SealSampleShape,
        (Start({"percent": 10, "least": 10, "most": 60, "dropped_weight": 3}),),
    ),
    Kind(
        "self_inspection",
        _("自查"),
        _("自查几天内报送、何时提醒；拟定每次自查时可在此范围内另定。"),
        calling_shapes.SelfInspectionShape,
        (Start(calling_shapes.STARTING_SELF_INSPECTION),),
    ),
    Kind(
        "monthly_review",
        _("月调度"),
        _("在办问题多久报一次进展、何时提醒、要不要单位负责人审定。"),
        calling_shapes.MonthlyReviewShape,
        (
            Start(
                calling_shapes.STARTING_REVIEW,
                basis="关于防治“指尖上的形式主义”的若干意见（2023年）",
            ),
        ),
    ),
    Kind(
        "readership",
        _("知悉范围"),
        _("新登记的问题默认让谁知悉。"),
        shapes.ReadershipShape,
        (Start({"ordinary": "ordinary", "work_secret": "restricted"}),),
    ),
    Kind(
        "learning",
        _("分类学习"),
        _("按本级已确认的领域学习；在留作检验的条目上确实更好才启用。"),
        shapes.LearningShape,
        (
            Start(
                {
                    "every_days": 30,
                    "held_back": 20,
                    "least_rows": 30,
                    "least_gain": 1,
                    "most_chance": 10,
                    "accuracy": 90,
                    "most_examples": 5_000,
                    "minutes": 20,
                    "memory": 2048,
                }
            ),
        ),
    ),
    Kind(
        "evidence",
        _("佐证要求"),
        _("每条措施至少要有什么佐证才能申请验收；除此之外不多要。"),
        evidence_shapes.EvidenceShape,
        (Start({"each_measure": True, "photo_words": "照片、影像", "before_too": False}),),
    ),
    Kind(
        "authenticity",
        _("佐证真实性"),
        _("哪些情形提请验收人留意；疑点由人判断，不自动定论。"),
        evidence_shapes.AuthenticityShape,
        (Start(evidence_shapes.STARTING_AUTHENTICITY),),
    ),
    Kind(
        "case_file",
        _("卷宗"),
        _("成批装订的卷宗保留多久供下载；这是台账之外的副本，不宜久留。"),
        shapes.CaseFileShape,
        (Start({"kept_days": 7}),),
    ),
    Kind(
        "messaging",
        _("消息发送"),
        _("消息经渠道发到系统外的时段、合并和必收事项；系统内的消息不受影响。"),
        MessagingShape,
        (Start(STARTING_MESSAGING),),
    ),
    Kind(
        "api_key",
        _("接口密钥"),
        _("别的系统凭密钥办理时，密钥多久失效。"),
        shapes.ApiKeyShape,
        (Start({"proposed_days": 90, "longest_days": 366}),),
    ),
)
