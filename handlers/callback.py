"""回访: what the citizen said when called back; the result only, never who it was."""

from cases import commands
from cases.errors import RefusalError
from cases.model import State
from cases.permissions import Action
from handlers import said
from handlers.references import case_meant
from handlers.said import Slots
from handlers.talk import Talk
from storage.cases import NewReport
from storage.states import ReportKind

_ENDED = (State.CLOSED, State.ARCHIVED)


def result(talk: Talk, slots: Slots) -> str:
    """回访结果: kept with the case, also where it is closed already."""
    case = case_meant(talk, slots, lambda one: one.is_open, verb="记回访结果")
    talk.permit(Action.SUPPLEMENT, case)
    number, heard = case.short_number, said.text(slots, "result")
    if not heard:
        raise RefusalError(f"请写明回访结果, 例如: {number} 回访了, 群众满意 (或不满意、未联系上)")
    text = f"回访结果: {heard}"
    if case.is_open:
        talk.do(case, Action.SUPPLEMENT, commands.Supplement(text))
    elif case.state not in _ENDED:
        raise RefusalError(f"{number} {case.state.label}, 没有可回访的。")
    who = talk.person.userid
    talk.work.cases.add_report(
        NewReport(case.id, ReportKind.SUPPLEMENT, who, talk.now, text, talk.key)
    )
    again = f" 要重新办理请舆情办回复「{number} 重新打开, 群众不满意」。" if _is_bad(heard) else ""
    return f"{number} 回访结果「{heard}」已记录。{again}"


def _is_bad(heard: str) -> bool:
    return heard == "不满意"
