"""The English of the reasons that stand in the table of `lifecycle.py`; a test fails on one that is missing here."""

from __future__ import annotations

from typing import Final

REASONS_IN_ENGLISH: Final[dict[str, str]] = {
    # Into the ledger, and triage.
    "照单全收，逐条登记": "everything on the source's list is taken, item by item",
    "边审边改的问题也要独立验收，自称已改不算数": "what was fixed during the audit is accepted independently too: saying so proves nothing",
    "先有拟办意见，才能交办：谁牵头、谁配合、何时完成": "handling is proposed before anything is assigned: who leads, who supports, by when",
    "交办异议或退回之后重新拟办，不必从头登记": "after a decline or a return handling is proposed anew, without registering again",
    "审批人不同意拟办意见": "the approver does not agree with the proposed handling",
    # Ways out of the ledger.
    "并案的是问题，不是反馈条目：每个来源仍要得到自己的答复": "problems are merged, not findings: every source still gets an answer of its own",
    "属纪检监察、司法等机关职权的，移送有权机关并留回执": "what belongs to discipline or judicial bodies goes to the competent one, against a receipt",
    "不属实是要举证的结论，来源是上级的由来源机关认可": "“unfounded” is a conclusion to be proved; where the source stands above, the source authority agrees to it",
    "终止办理须书面审核；对象灭失、职能划转等使整改失去意义": "termination takes a written review; its object is gone or its duty has passed elsewhere, so that rectifying makes no sense",
    # Assignment.
    "交办单经批准后一次下达，批次内的问题同时交办": "an approved order is issued once and assigns all its problems at the same time",
    "异议到了规定次数，由整改办提出、领导小组决定，不再推来推去": "after as many declines as policy allows the office proposes and the leading group decides, so that it is not pushed around any more",
    "签收即开始计算方案时限": "the time for the plan begins with the acknowledgement",
    "一般问题立行立改，不为方案而方案": "a minor problem is fixed at once; no plan is made for the plan's sake",
    "不属本单位职责的，在期限内说明理由并提出应由谁办；会议或领导指定的不得退回": "who does not answer for it says so within the limit, with the reason and the unit that does; what a meeting or a leader fixed may not be declined",
    # Planning.
    "方案写明目标、任务、措施、责任和时限，报有权机关审批": "the plan states goal, tasks, measures, responsibility and time, and goes to whoever may approve it",
    "方案经批准才是承诺，整改自此按方案核对": "only an approved plan is an undertaking; from then on the work is checked against it",
    "方案不实、降低标准的退回重报": "an empty plan, or one that lowers the standard, goes back",
    # A round that begins with the work under way.
    "反弹重开的一轮要有新的方案和新的时限，不能拿上一轮的方案交账": "a round that a rebound opens has a plan and dates of its own; the plan of the round before does not answer for it",
    "本轮方案经批准才是承诺，整改自此按方案核对": "only an approved plan of this round is an undertaking; from then on the work is checked against it",
    # Rectification.
    "每月一次预填的调度表，不要求天天打卡": "one prefilled sheet a month; nobody checks in daily",
    "措施交给下级承担，责任仍在牵头单位": "a subordinate carries the measure, the lead unit still answers for it",
    "改目标、改措施、改时限，由原审批层级或以上决定": "goal, measures and dates are changed by whoever approved them first, or somebody above",
    "到期前申请，经批准才延期；首次期限永远保留": "an extension is asked for before the deadline and takes approval; the first deadline stays for good",
    "诉讼、季节等客观原因使整改无法进行，经批准停表，定好何时恢复": "where a lawsuit or the season stops the work, the clock is stopped by approval, with a date on which it resumes",
    "原因消除或恢复日期已到，时限继续计算": "the cause is gone or the day has come; time counts again",
    # Acceptance and public notice.
    "先自验，再申请独立验收；验收对照的是本轮批准的方案": "the unit checks itself before it applies for independent acceptance; what is accepted is measured by the approved plan of this round",
    "谁验收谁负责；验收结果先公示，听取异议": "who accepts answers for it; the result goes under notice first, open to objections",
    "按规定销号后公示，或经批准不公示的，直接提请审定": "where notice follows closure by rule, or is waived by approval, the closure review is next",
    "验收不通过要说清缺什么；退回次数计入考核": "who does not accept says what is missing; returns count in the assessment",
    "公示期内的异议经核实成立，退回整改": "an objection within the period was found to be right; the work goes on",
    "公示期满无异议，提请销号审定": "the period ended without objection; the closure review is next",
    # Closure and what comes after.
    "集体审定，凭会议纪要或文号销号": "the body decides together; the minutes or the document number close the problem",
    "审定认为未整改到位": "the review finds the rectification inadequate",
    "长期坚持的事项转入常态，不计入已销号": "what is to be kept up becomes a standing duty, and is not counted as closed",
    "转常态不是放下，定期核查": "a standing duty is not laid down: it is checked regularly",
    "长效机制见效后仍可提请销号审定": "once the lasting mechanism works, closure may still be proposed",
    "常态核查发现反弹，重新整改": "the check of a standing duty found a rebound; it is rectified again",
    "销号后报上级备案": "the superior is told for the record after closure",
    "上级不予备案，写明哪一关不符合，撤回销号，本轮继续整改": "the superior refused the filing and named the gate; the closure is withdrawn and the round goes on",
    "销号后公示期内异议成立，撤回销号，本轮继续整改": "an objection to the notice after closure was right; the closure is withdrawn and the round goes on",
    "销号后公示期满无异议": "the notice after closure ended without objection",
    "回头看确认成效保持；看的人不是验收的人": "the look-back confirms that the result holds; who looks back is not who accepted",
    "反弹即重开，轮次加一，原轮次的材料不动": "a rebound reopens it as one more round; the papers of the round before stay as they are",
    "非销号办结的同样回头看，确认处理得当": "other endings are looked back at too, to confirm that they were right",
    "原处理不当的重新登记研判，轮次加一": "what was wrongly ended is registered and triaged anew, as one more round",
    "承接已有台账：记明来自哪个文件哪一行，不补造审批": "a running ledger is taken over: each row says its file and line, and no approval is invented",
}  # fmt: skip
