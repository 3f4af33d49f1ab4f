"""回访: what the citizen said when called back; the result only, never who it was."""

import re

from cases import commands
from cases.errors import RefusalError
from cases.model import State
from cases.permissions import Action
from handlers import said
from handlers.references import case_meant
from handlers.said import Slots
from handlers.talk import Talk
from handlers.tracking import still_asked
from storage.cases import NewReport
from storage.states import ReportKind

_ENDED = (State.CLOSED, State.ARCHIVED)
_UNSOLVED = re.compile("未解决|没有?解决|没解决|没办好|没有?处理好")


def result(talk: Talk, slots: Slots) -> str:
    """回访结果: kept with the case, also where it is closed already."""
    closed = still_asked(talk, said.text(slots, "case"))
    one = closed[0] if len(closed) == 1 else None
    case = one or case_meant(talk, slots, lambda one: one.is_open, verb="记回访结果")
    talk.permit(Action.CALL_BACK, case)
    number, heard = case.short_number, said.text(slots, "result")
    if not heard:
        raise RefusalError(f"请写明回访结果, 例如: {number} 回访了, 群众满意 (或不满意、未联系上)")
    solved = not _UNSOLVED.search(talk.words)
    command = commands.RecordCallBack(heard, solved)
    if not case.is_open and case.state not in _ENDED:
        raise RefusalError(f"{number} {case.state.label}, 没有可回访的。")
    talk.do(case, Action.CALL_BACK, command)
    who = talk.person.userid
    text = f"回访结果: {heard}{'' if solved else ', 未解决'}"
    talk.work.cases.add_report(
        NewReport(case.id, ReportKind.SUPPLEMENT, who, talk.now, text, talk.key)
    )
    again = f" 要重新办理请舆情办回复「{number} 重新打开, 群众不满意」。" if _is_bad(heard) else ""
    return f"{number} 回访结果「{heard}」已记录。{again}"


def _is_bad(heard: str) -> bool:
    return heard == "不满意"
