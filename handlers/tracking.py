"""After the public answer in chat (跟踪): anything new? Nothing, or the case is handled again."""

from cases import commands
from cases.case_clocks import TRACK
from cases.model import Case, State
from cases.notices import Choice
from cases.permissions import Action
from cases.wording.moments import clock_time
from handlers.references import case_meant
from handlers.talk import Talk


def nothing_new(talk: Talk, written: str, text: str) -> str:
    """无新情况: the next look has its own moment, after the last one the unit may ask to close."""
    case = _watched(talk, written)
    changed = talk.do(case, Action.TRACK, commands.CheckTracking(has_news=False, text=text))
    number, looks = case.short_number, changed.case.response.looks
    said = f"{number} 第 {looks} 次跟踪核对已记录: 无新情况。"
    ahead = [c for c in talk.work.clocks.running(case.id) if c.step == TRACK.value]
    if ahead:
        return said + f"下次核对 {clock_time(ahead[0].due_at, talk.now)}。"
    close = Choice("申请办结", (f"{case.number} 已办结, 跟踪期内无新情况",))
    is_unit = talk.person.unit_id is not None
    done = f"{said}跟踪核对已完成, 平稳请回复「{number} 已办结, …」"
    talk.say(done, (close,) if is_unit else (), changed.case)
    return ""


def something_new(talk: Talk, written: str, text: str) -> str:
    """有新情况: back to 处置, the office and the leader of the level hear it."""
    return rebounded(talk, _watched(talk, written), text)


def rebounded(talk: Talk, case: Case, text: str) -> str:
    """Take a watched case back to 处置 with what is new."""
    talk.do(case, Action.TRACK, commands.CheckTracking(has_news=True, text=text))
    number = case.short_number
    return (
        f"{number} 已回到处置, 已告知舆情办和领导。请续报新情况, 例如「{number} 续报: …」; "
        f"需要再回应请报「{number} 拟回复: …」"
    )


def _watched(talk: Talk, written: str) -> Case:
    return case_meant(
        talk, {"case": written}, lambda one: one.state is State.TRACKING, verb="核对跟踪情况"
    )
