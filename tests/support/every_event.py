"""Every event once, with its words kept by hand: the line in the history, and who is told."""

from datetime import timedelta

from cases import events
from cases.events.reminding import Muted, Phoned
from tests.support.builders import NOW

SOON, LATER = NOW + timedelta(hours=5), NOW + timedelta(hours=48)

# The event; its line in the history; how its message begins ("" = nobody is told); who is told.
EVERY: list[tuple[events.Event, str, str, list[str]]] = [
    (
        events.Registered(
            number="YQ-20261120-009", title="t", reporter="lihang", level="一级", lead="chengguan"
        ),
        "登记, 建议一级",
        "【待定级】",
        ["值班员", "舆情办主任"],
    ),
    (events.Joined(reporter="lihang", place=2), "并入第 2 位报告", "", []),
    (
        events.Supplemented(text="已到现场"),
        "补充: 已到现场",
        "【补充】",
        ["chengguan", "值班员", "舆情办主任"],
    ),
    (
        events.Withdrawn(reason="产权未移交"),
        "撤回: 产权未移交",
        "【已撤回】",
        ["chengguan", "值班员", "舆情办主任"],
    ),
    (
        events.GradeSuggested(level="一级", reason="产权未移交"),
        "建议一级",
        "【建议等级】",
        ["舆情办主任"],
    ),
    (events.GradeConfirmed(level="一级"), "定一级", "", []),
    (
        events.GradeChanged(was="二级", level="一级", reason="产权未移交"),
        "二级改一级: 产权未移交",
        "【等级变更】",
        ["chengguan", "值班员", "分管领导"],
    ),
    (
        events.RulesApplied(7, "规则册 city3 第 2 版", ("市城管局签收: 11:00 → 12:00",)),
        "改按规则册 city3 第 2 版办理",
        "【时限变更】",
        ["chengguan", "值班员"],
    ),
    (
        events.SignoffAsked(lead="chengguan", coop=("zhujian",), demand="查清", deadline=SOON),
        "报请签批, 拟交市城管局",
        "【请签批】",
        ["分管领导"],
    ),
    (events.SignoffGranted(words="同意"), "签批: 同意", "", []),
    (
        events.SignoffRefused(words="同意"),
        "签批未同意: 同意",
        "【签批退回】",
        ["值班员", "舆情办主任"],
    ),
    (
        events.Assigned(
            assignment=7001,
            unit="chengguan",
            part="lead",
            at=NOW,
            by="liuyang",
            demand="查清",
            deadline=SOON,
        ),
        "交市城管局主办",
        "【交办】",
        ["chengguan", "chengguan 群"],
    ),
    (
        events.Moved(assignment=7001, unit="chengguan", to="zhujian", reason="产权未移交"),
        "由市城管局转市住建局: 产权未移交",
        "【已转出】",
        ["chengguan"],
    ),
    (
        events.Upheld(assignment=7001, unit="chengguan", reason="产权未移交"),
        "裁定仍由市城管局办理: 产权未移交",
        "【裁定】",
        ["chengguan"],
    ),
    (
        events.Signed(assignment=7001, unit="chengguan", by="liuyang", at=NOW),
        "市城管局签收",
        "",
        [],
    ),
    (
        events.Declined(assignment=7001, unit="chengguan", reason="产权未移交", suggest="住建局"),
        "市城管局申请退回: 产权未移交",
        "【请裁定退回】",
        ["值班员", "舆情办主任"],
    ),
    (
        events.Reported(assignment=7001, unit="chengguan", kind="首报", seq=1, text="已到现场"),
        "市城管局首报: 已到现场",
        "【首报】",
        ["值班员", "舆情办主任"],
    ),
    (
        events.Verified(assignment=7001, unit="chengguan", verdict="属实", text="已到现场"),
        "市城管局核实属实: 已到现场",
        "【核实】",
        ["值班员", "舆情办主任"],
    ),
    (
        events.CloseRequested(assignment=7001, unit="chengguan", text="已到现场"),
        "市城管局申请办结: 已到现场",
        "【请确认办结】",
        ["值班员", "分管领导"],
    ),
    (
        events.Closed(words="同意", at=NOW),
        "办结: 同意",
        "【已办结】",
        ["chengguan", "wangxiaoyu", "值班员"],
    ),
    (
        events.SentBack(reason="产权未移交"),
        "退回重办: 产权未移交",
        "【退回重办】",
        ["chengguan", "值班员"],
    ),
    (
        events.ReplyDrafted(unit="chengguan", version=1, draft="您好", by="liuyang"),
        "市城管局报回应稿第 1 稿",
        "【请审核回应稿】",
        ["审核员", "舆情办主任"],
    ),
    (events.ReplyPassed(version=1, words="同意"), "第 1 稿审核通过, 报领导签发", "", []),
    (events.ReplyReturned(version=1, reason="产权未移交"), "第 1 稿退回: 产权未移交", "", []),
    (events.ReplyIssued(version=1, words="同意"), "签发第 1 稿: 同意", "", []),
    (
        events.ReplyIssuedWithEdit(version=1, words="同意", by="liuyang"),
        "第 1 稿改后可发: 同意",
        "【改后发布】",
        ["舆情办主任"],
    ),
    (
        events.Published(version=1, channel="官微", url="https://weibo.com/1", at=NOW, until=LATER),
        "发布第 1 稿 (官微)",
        "【已发布】",
        ["值班员", "分管领导", "舆情办主任"],
    ),
    (
        events.StepWaived(step="签收", reason="产权未移交"),
        "不需签收: 产权未移交",
        "【不开签收】",
        ["chengguan", "值班员"],
    ),
    (
        events.ReportedUp(text="已到现场"),
        "特报已上报: 已到现场",
        "【已上报】",
        ["chengguan", "值班员", "舆情办主任"],
    ),
    (
        events.PressPlanned(at=NOW, place="三楼"),
        "安排发布会 (三楼)",
        "【发布会】",
        ["chengguan", "值班员", "舆情办主任"],
    ),
    (
        events.PressHeld(text="已到现场", url="https://weibo.com/1"),
        "发布会已开: 已到现场",
        "【发布会已开】",
        ["chengguan", "值班员", "舆情办主任"],
    ),
    (events.TrackingChecked(nth=1, text="态势平稳"), "第 1 次跟踪核对: 无新情况, 态势平稳", "", []),
    (
        events.Rebounded(text="又有人发了视频"),
        "跟踪发现新情况: 又有人发了视频",
        "【反弹】",
        ["chengguan", "值班员", "分管领导", "舆情办主任"],
    ),
    (
        events.InstructionProposed(
            number=1,
            by="liuyang",
            words="同意",
            units=("chengguan", "zhujian"),
            lead="chengguan",
            demand="查清",
            deadline=SOON,
        ),
        "批示: 同意",
        "【批示待办】",
        ["舆情办主任"],
    ),
    (events.InstructionExecuted(number=1, words="同意"), "照批示交办", "", []),
    (events.InstructionDropped(number=1), "批示不按此办", "【批示】", ["值班员"]),
    (
        events.OrderGiven(
            assignment=7001,
            unit="chengguan",
            by="liuyang",
            words="同意",
            demand="查清",
            deadline=SOON,
        ),
        "批示交市城管局",
        "【批示】",
        ["chengguan"],
    ),
    (
        events.OrderAnswered(unit="chengguan", to="zhouguohua", text="已到现场"),
        "市城管局已报批示办理情况",
        "【批示办理情况】",
        ["zhouguohua"],
    ),
    (
        events.PassedUpward(to="主要领导", words="同意"),
        "报主要领导阅示: 同意",
        "【请阅示】",
        ["主要领导"],
    ),
    (
        events.SeatGranted(kind="首报", role="分管领导", words="同意", left=()),
        "分管领导同意: 同意",
        "",
        [],
    ),
    (
        events.ExtensionAsked(assignment=7001, unit="chengguan", until=LATER, reason="产权未移交"),
        "市城管局申请延期: 产权未移交",
        "【请批延期】",
        ["值班员", "分管领导"],
    ),
    (
        events.ExtensionGranted(assignment=7001, unit="chengguan", until=LATER, words="同意"),
        "延期同意: 同意",
        "【延期同意】",
        ["chengguan", "wangxiaoyu", "值班员"],
    ),
    (
        events.ExtensionDenied(assignment=7001, unit="chengguan", words="同意", until=LATER),
        "延期未同意: 同意",
        "【延期未同意】",
        ["chengguan", "值班员"],
    ),
    (
        events.Merged(into="YQ-20261120-004"),
        "并入 1120-004",
        "【已合并】",
        ["chengguan", "wangxiaoyu"],
    ),
    (
        events.Absorbed(numbers=("YQ-20261120-009",), reporters=("lihang",)),
        "1120-009 并入本件",
        "【并入】",
        ["chengguan"],
    ),
    (
        events.Released(number="YQ-20261120-009", reporters=("lihang",)),
        "1120-009 拆出",
        "【已拆分】",
        ["chengguan", "值班员"],
    ),
    (
        events.CaseRefused(reason="产权未移交", path="信访渠道"),
        "不予受理: 产权未移交",
        "【不予受理】",
        ["chengguan", "wangxiaoyu", "值班员"],
    ),
    (
        events.EndAsked(reason="产权未移交"),
        "报请终止响应: 产权未移交",
        "【请批终止响应】",
        ["分管领导"],
    ),
    (
        events.ResponseEnded(words="同意", at=NOW),
        "终止响应: 同意",
        "【响应终止】",
        ["chengguan", "wangxiaoyu", "值班员"],
    ),
    (
        events.EndDenied(words="同意"),
        "未同意终止响应: 同意",
        "【终止响应未同意】",
        ["值班员", "舆情办主任"],
    ),
    (events.Archived(review=True), "归档", "【已归档】", ["值班员", "舆情办主任"]),
    (
        events.Reopened(reason="产权未移交", nth=1),
        "第 1 次重开: 产权未移交",
        "【重新打开】",
        ["chengguan", "wangxiaoyu", "值班员"],
    ),
    (
        events.Restored(was="closed", state="assigned"),
        "撤销「已办结」",
        "【恢复】",
        ["chengguan", "wangxiaoyu", "值班员"],
    ),
    (
        events.Supervised(kind="挂牌督办"),
        "挂牌督办",
        "【挂牌督办】",
        ["chengguan", "chengguan 单位分管领导", "chengguan 群", "值班员", "舆情办主任"],
    ),
    (
        events.SupervisionEnded(kind="挂牌督办"),
        "解除督办",
        "【解除督办】",
        ["chengguan", "值班员", "舆情办主任"],
    ),
    (
        events.MeetingCalled(at=NOW, place="三楼", units=("chengguan", "zhujian")),
        "会商 (三楼)",
        "【会商】",
        ["chengguan", "zhujian", "值班员", "舆情办主任"],
    ),
    (
        events.MeetingConcluded(text="已到现场"),
        "会商结论: 已到现场",
        "【会商结论】",
        ["chengguan", "值班员", "舆情办主任"],
    ),
    (
        events.CoopRequested(
            assignment=7001, unit="chengguan", units=("zhujian",), reason="产权未移交"
        ),
        "市城管局请市住建局协办",
        "【请求协办】",
        ["值班员", "舆情办主任"],
    ),
    (
        events.HandedOff(assignment=7001, unit="chengguan", to="heqing", name="张科长"),
        "市城管局转给张科长",
        "【转办】",
        ["heqing"],
    ),
    (
        events.SectionSigned(assignment=7001, unit="chengguan", by="liuyang", at=NOW),
        "市城管局科室签收",
        "【科室已签收】",
        ["chengguan"],
    ),
    (
        events.Urged(unit="chengguan", words="同意"),
        "催办市城管局",
        "【催办】",
        ["chengguan", "chengguan 群"],
    ),
    (
        events.Reminded(step="签收", holder="chengguan", slot="due", audience="联络员", due_at=NOW),
        "",
        "",
        [],
    ),
    (
        Phoned(step="签收", holder="chengguan", whom="刘洋", until=LATER),
        "已电话通知刘洋 (签收)",
        "",
        [],
    ),
    (Muted(userid="liuyang", until=LATER), "免打扰到 11-22 10:00", "", []),
]
