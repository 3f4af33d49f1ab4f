"""State × Command, the specification kept by hand: + = it happens, . = refused."""

from datetime import timedelta

from cases import commands as do
from cases.model import State
from tests.support.builders import NOW

SOON, LATER = NOW + timedelta(hours=5), NOW + timedelta(days=3)

# What waits for another command first (a text, a proposal, a wish) happens in no state alone.
#                  REP GRA APP ASS SIG VER HAN DRA REV TRA CLR CLO WIT ARC MER REF
TABLE = """
Join               +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
Supplement         +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
Withdraw           +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
SuggestGrade       +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
ConfirmGrade       +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
ApplyRules         +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
Assign             .   +   +   .   .   .   .   .   .   .   .   .   .   .   .   .
GrantSignoff       .   .   +   .   .   .   .   .   .   .   .   .   .   .   .   .
RefuseSignoff      .   .   +   .   .   .   .   .   .   .   .   .   .   .   .   .
Transfer           .   .   .   +   +   +   +   +   +   +   .   .   .   .   .   .
AddCoop            .   .   .   +   +   +   +   +   +   +   +   .   .   .   .   .
Sign               .   .   .   +   +   +   +   +   +   +   +   .   .   .   .   .
Decline            .   .   .   +   +   +   .   .   .   .   .   .   .   .   .   .
UpholdAssignment   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
Report             .   .   .   +   +   +   +   +   +   +   .   .   .   .   .   .
Verify             .   .   .   +   +   +   +   +   +   +   .   .   .   .   .   .
RequestClose       .   .   .   +   +   +   +   .   .   +   .   .   .   .   .   .
Close              .   .   .   .   .   .   .   .   .   .   +   .   .   .   .   .
SendBack           .   .   .   .   .   .   .   .   .   .   +   .   .   .   .   .
Urge               .   .   .   +   +   +   +   +   +   +   .   .   .   .   .   .
Remind             +   +   +   +   +   +   +   +   +   +   +   +   .   +   .   .
DraftReply         .   .   .   +   +   +   +   +   +   +   +   .   .   .   .   .
PassReply          .   .   .   .   .   .   .   +   .   .   .   .   .   .   .   .
ReturnReply        .   .   .   .   .   .   .   +   +   .   .   .   .   .   .   .
IssueReply         .   .   .   .   .   .   .   .   +   .   .   .   .   .   .   .
IssueWithEdit      .   .   .   .   .   .   .   .   +   .   .   .   .   .   .   .
Publish            .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
WaiveStep          +   +   +   +   +   +   +   +   +   .   +   .   .   .   .   .
ReportUp           +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
PlanPress          +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
HoldPress          +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
ProposeInstruction +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
ExecuteInstruction .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
DropInstruction    .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
PassUpward         .   .   +   .   .   .   .   .   +   .   +   .   .   .   .   .
AskExtension       .   .   .   +   +   +   +   +   +   +   .   .   .   .   .   .
GrantExtension     .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
DenyExtension      .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
Merge              +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
Absorb             +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
Release            +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
RefuseCase         +   +   +   +   +   +   .   .   .   .   .   .   .   .   .   .
AskEnd             +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
EndResponse        +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
KeepResponding     .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
Archive            .   .   .   .   .   .   .   .   .   .   .   +   .   .   .   .
Reopen             .   .   .   .   .   .   .   .   .   .   .   +   .   +   .   .
Restore            .   .   .   .   .   .   .   .   .   .   .   +   +   +   +   +
Supervise          +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
EndSupervision     .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
CallMeeting        +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
ConcludeMeeting    +   +   +   +   +   +   +   +   +   +   +   .   .   .   .   .
RequestCoop        .   .   .   +   +   +   +   +   +   +   .   .   .   .   .   .
Restrict           +   +   +   +   +   +   +   +   +   +   +   +   +   +   +   +
CheckTracking      .   .   .   .   .   .   .   .   .   +   .   .   .   .   .   .
RecordCallBack     .   .   .   +   +   +   +   +   +   +   +   +   .   +   .   .
SetImprovement     .   .   .   .   .   .   .   .   .   .   .   +   .   +   .   .
FinishImprovement  .   .   .   .   .   .   .   .   .   .   .   +   .   +   .   .
HandOff            .   .   .   +   +   +   +   +   +   +   .   .   .   .   .   .
"""
STATES = [
    State.REPORTED,
    State.GRADED,
    State.APPROVED,
    State.ASSIGNED,
    State.SIGNED,
    State.VERIFYING,
    State.HANDLING,
    State.REPLY_DRAFT,
    State.REVIEWING,
    State.TRACKING,
    State.CLOSE_REQUESTED,
    State.CLOSED,
    State.WITHDRAWN,
    State.ARCHIVED,
    State.MERGED,
    State.REFUSED,
]
ONE_OF_EACH: dict[str, do.Command] = {
    "Join": do.Join("lihang"),
    "Supplement": do.Supplement("又有人拍了视频"),
    "Withdraw": do.Withdraw("外地的事"),
    "SuggestGrade": do.SuggestGrade("一级", "央视已联系采访"),
    "ConfirmGrade": do.ConfirmGrade("一级", "央视已报道"),
    "ApplyRules": do.ApplyRules(7, "规则册 city3 第 2 版", ("市城管局签收: 11:00 → 12:00",)),
    "Assign": do.Assign("zhujian"),
    "GrantSignoff": do.GrantSignoff("同意"),
    "RefuseSignoff": do.RefuseSignoff("再核实"),
    "Transfer": do.Transfer("zhujian", "不归城管"),
    "AddCoop": do.AddCoop(("zhujian",)),
    "Sign": do.Sign("chengguan"),
    "Decline": do.Decline("chengguan", "产权未移交"),
    "UpholdAssignment": do.UpholdAssignment("chengguan", "由城管办理"),
    "Report": do.Report("chengguan", "续报", "正在抽排"),
    "Verify": do.Verify("chengguan", "属实", ""),
    "RequestClose": do.RequestClose("chengguan", "已排干"),
    "Close": do.Close("同意"),
    "SendBack": do.SendBack("照片没有附上"),
    "Urge": do.Urge("chengguan"),
    "DraftReply": do.DraftReply("chengguan", "经查, …"),
    "PassReply": do.PassReply("要素齐全"),
    "ReturnReply": do.ReturnReply("缺依据"),
    "IssueReply": do.IssueReply("同意"),
    "IssueWithEdit": do.IssueWithEdit("删去个别"),
    "Publish": do.Publish("官微", "https://weibo.com/1/P0w7ex6A3", NOW, 24),
    "WaiveStep": do.WaiveStep("回应", "已当面答复"),
    "ReportUp": do.ReportUp("已报市委办"),
    "PlanPress": do.PlanPress(NOW, "三楼"),
    "HoldPress": do.HoldPress("通报了情况", ""),
    "ProposeInstruction": do.ProposeInstruction("请住建局阅处", ("zhujian",)),
    "ExecuteInstruction": do.ExecuteInstruction(1),
    "DropInstruction": do.DropInstruction(1),
    "PassUpward": do.PassUpward("主要领导", "拟同意, 请王市长阅示"),
    "AskExtension": do.AskExtension("chengguan", LATER, "需做水质检测", SOON),
    "GrantExtension": do.GrantExtension("同意延期"),
    "DenyExtension": do.DenyExtension("不同意"),
    "Merge": do.Merge("YQ-20261120-004"),
    "Absorb": do.Absorb(("YQ-20261120-009",), ("lihang",)),
    "Release": do.Release("YQ-20261120-009", ("lihang",)),
    "RefuseCase": do.RefuseCase("已进入诉讼", "请通过司法途径解决"),
    "AskEnd": do.AskEnd("三天无新增"),
    "EndResponse": do.EndResponse("同意终止"),
    "KeepResponding": do.KeepResponding("继续关注"),
    "Archive": do.Archive(),
    "Reopen": do.Reopen("又炒起来了"),
    "Restore": do.Restore(),
    "Supervise": do.Supervise("挂牌督办"),
    "EndSupervision": do.EndSupervision(),
    "CallMeeting": do.CallMeeting(SOON, "三楼", ("zhujian",)),
    "ConcludeMeeting": do.ConcludeMeeting("由城管三天内修复"),
    "RequestCoop": do.RequestCoop("chengguan", ("weijian",), "配合流调"),
    "Restrict": do.Restrict(on=True),
    "CheckTracking": do.CheckTracking(has_news=False, text="态势平稳"),
    "RecordCallBack": do.RecordCallBack("满意", solved=True),
    "SetImprovement": do.SetImprovement(1, "chengguan", "更换老旧管网", LATER),
    "FinishImprovement": do.FinishImprovement(1, "chengguan", "已更换"),
    "HandOff": do.HandOff("chengguan", "heqing", "何青"),
    "Remind": do.Remind("签收", "chengguan", "due", "联络员", NOW),
}
ROWS = [
    (name, state, mark == "+")
    for line in TABLE.strip().splitlines()
    for name, *marks in [line.split()]
    for state, mark in zip(STATES, marks, strict=True)
]
