"""After the public answer in chat (跟踪): anything new? Nothing, or the case is handled again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cases import commands
from cases.case_clocks import TRACK
from cases.model import Case, State
from cases.notices import Choice
from cases.office_phrases import PhraseKind, find_answer
from cases.permissions import Action
from cases.wording.moments import clock_time
from handlers.clockwork import Clockwork
from handlers.references import case_meant
from handlers.talk import Talk

_ASKED_BEFORE = timedelta(hours=1)  # the question comes an hour before the look is due


def nothing_new(talk: Talk, written: str, text: str) -> str:
    """无新情况: the next look has its own moment; what is steady may be closed before it."""
    case = _watched(talk, written)
    awaited = [c for c in talk.work.clocks.running(case.id) if c.step == TRACK.value]
    clockwork = Clockwork(talk.work, talk.desk, talk.now)
    nth = clockwork.look_of(case, awaited[0]) if awaited else 0
    command = commands.CheckTracking(has_news=False, text=text, nth=nth)
    changed = talk.do(case, Action.TRACK, command)
    number, looks = case.short_number, changed.case.response.looks
    said = f"{number} 第 {looks} 次跟踪核对已记录: 无新情况。"
    ahead = [c for c in talk.work.clocks.running(case.id) if c.step == TRACK.value]
    next_ = f"下次核对 {clock_time(ahead[0].due_at, talk.now)}。" if ahead else "跟踪核对已完成。"
    if not changed.case.is_open:
        return said + next_
    close = Choice("申请办结", (f"{case.number} 已办结, 跟踪期内无新情况",))
    is_unit = talk.person.unit_id is not None
    done = f"{said}{next_}平稳请回复「{number} 已办结, …」"
    talk.say(done, (close,) if is_unit else (), changed.case)
    return ""


def something_new(talk: Talk, written: str, text: str) -> str:
    """有新情况: back to 处置, or reopened where it was closed; the office hears it."""
    case = _watched(talk, written)
    if case.is_open:
        return rebounded(talk, case, text)
    changed = talk.do(case, Action.TRACK, commands.CheckTracking(has_news=True, text=text))
    return (
        f"{case.short_number} 已重新打开 (第 {changed.case.reopened} 次), 已告知舆情办。"
        f"请先签收, 回复「收到 {case.short_number}」, 再续报新情况。"
    )


def rebounded(talk: Talk, case: Case, text: str) -> str:
    """Take a watched case back to 处置 with what is new."""
    talk.do(case, Action.TRACK, commands.CheckTracking(has_news=True, text=text))
    number = case.short_number
    return (
        f"{number} 已回到处置, 已告知舆情办和领导。请续报新情况, 例如「{number} 续报: …」; "
        f"需要再回应请报「{number} 拟回复: …」"
    )


def _watched(talk: Talk, written: str) -> Case:
    closed = still_asked(talk, written)
    if len(closed) == 1:
        talk.is_about_drill = talk.is_about_drill or closed[0].is_drill
        return closed[0]
    return case_meant(
        talk, {"case": written}, lambda one: one.state is State.TRACKING, verb="核对跟踪情况"
    )


def still_asked(talk: Talk, written: str) -> list[Case]:
    """Return the closed cases the speaker's unit is still asked about, by the number it says.

    Days later people still say 001: of an open case that is found by itself, of these here.
    """
    if not written:
        return []
    cases = [case for case, _ in _looked_after(talk)]
    return [c for c in cases if not c.is_open and c.number.endswith(written)]


def _looked_after(talk: Talk) -> list[tuple[Case, datetime]]:
    """Return the cases the speaker's unit looks after, each with the moment of its next look."""
    unit = talk.person.unit_id
    running = talk.work.clocks.running_of(unit) if unit else ()
    return [
        (talk.work.cases.load(clock.case_id), clock.due_at)
        for clock in running
        if clock.step == TRACK.value and clock.case_id
    ]


def answered(talk: Talk, words: str) -> Callable[[], str] | None:
    """Return what answers 「答复后有无新情况?」; None where the speaker is not being asked."""
    found = find_answer(words)
    if found is None:
        return None
    asked = [
        case
        for case, due in _looked_after(talk)
        if due - talk.now <= _ASKED_BEFORE and case.number.endswith(found.case)
    ]
    if not asked or (not found.case and talk.case is not None):
        return None
    act = something_new if found.kind is PhraseKind.SOMETHING_NEW else nothing_new
    if len(asked) == 1:
        return lambda: act(talk, asked[0].number, found.rest)
    return lambda: _which(talk, asked, words)


def _which(talk: Talk, asked: list[Case], words: str) -> str:
    choices = tuple(
        Choice(f"{case.short_number} {case.title[:14]}", (f"{case.number} {words}",))
        for case in asked[:6]
    )
    talk.say("说的是哪一件?", choices)
    return ""
