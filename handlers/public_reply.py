"""The public answer in chat: 拟稿, 发布, 不需公开回应; 特报 and 发布会."""

import re
from datetime import datetime, timedelta

from cases import commands, events
from cases.case_clocks import TRACK
from cases.deadlines import due, for_look
from cases.encoding import wecom_field
from cases.errors import RefusalError
from cases.model import Case
from cases.notices import Choice, Notice, ToRole
from cases.people import Role
from cases.permissions import Action
from cases.public_answer import Earlier, Finding, check, self_check, unmet
from cases.response import PRESS, RESPOND, ReplyStage
from cases.wording.moments import clock_time
from cases.wording.numbers import number_said
from handlers import library, said
from handlers.desk import Desk
from handlers.post import Origin, Post
from handlers.references import Wanted, case_meant, in_hand
from handlers.said import Slots
from handlers.talk import Talk
from handlers.units_meant import own_unit

_ANSWERED = (1, 2, 3)  # rows of the matrix whose cases are answered in public
_WATCHED_ELSE = 24  # hours of 跟踪 where the rulebook sets no time
_TIME = re.compile("[0-9一二三四五六七八九十]点|[0-9]:[0-9]|今天|明天|上午|下午")


_MOST_AGAINST = 3


def draft(talk: Talk, slots: Slots) -> str:
    """拟稿: the text is checked first; what is in order goes to the office."""
    case = case_meant(talk, slots, _may_draft(talk), verb="报回应稿")
    text = said.text(slots, "draft")
    if not text:
        raise RefusalError(f"请把全文发来, 例如: {case.short_number} 拟回复: 经核实, …")
    return _submit(talk, case, text, overrules=False)


def submit_anyway(talk: Talk, written: str, text: str) -> str:
    """仍报审: the unit overrules what may be overruled; the office sees what was found."""
    case = case_meant(talk, {"case": written}, in_hand(talk.person), verb="报回应稿")
    return _submit(talk, case, text, overrules=True)


def _may_draft(talk: Talk) -> Wanted:
    own = talk.person.unit_id
    return lambda case: case.lead is not None and case.lead.unit_id == own


def _submit(talk: Talk, case: Case, text: str, *, overrules: bool) -> str:
    talk.permit(Action.DRAFT, case)
    found = [*check(text, _earlier(talk, case)), *_condition(case, text)]
    if found and (not overrules or any(finding.must for finding in found)):
        return _to_mend(talk, case, text, found)
    command = commands.DraftReply(unit=own_unit(talk), text=text)
    changed = talk.do(case, Action.DRAFT, command)
    reply = changed.case.response.reply
    version = reply.version if reply else 1
    noted = f"自查意见 {len(found)} 条已一并注明。" if found else "自查通过。"
    if found:
        _tell_checkers(talk, changed.case, found)
    said_so = f"{case.short_number} 第 {version} 稿已报舆情办审核。{noted}签发后会通知您发布。"
    return "\n".join([said_so, *_said_before(talk, changed.case, text)])


def _said_before(talk: Talk, case: Case, text: str) -> list[str]:
    """Show what was said in public about the like before, and what of it the text is against."""
    if case.is_drill or case.restricted:
        return []
    work, desk = talk.work, talk.desk
    against = library.against(work, desk, case, text)[:_MOST_AGAINST]
    lines = [f"与以前的说法不一致 ({number_said(c.number, talk.now)}): {c.what}" for c in against]
    before = library.wordings(work, desk, library.about(case), talk.now, but=case.id)
    lines += [f"以前的口径 {one}" for one in before]
    if against:
        said = "\n".join(f"· 「{c.now}」: {c.what}" for c in against)
        notice = Notice(
            ToRole(Role.OFFICE_DIRECTOR),
            f"【口径核对】{case.short_number} 的回应稿与以前的说法不一致, 请核对:\n{said}",
            "against",
            "回应稿与旧口径不一致",
        )
        origin = Origin("case", str(case.id), f"{case.version}.against", case=case)
        Post(work, desk, talk.now).tell((notice,), origin)
    return lines


def _tell_checkers(talk: Talk, case: Case, found: list[Finding]) -> None:
    text = f"【自查意见】{case.short_number} 的回应稿, 单位未改:\n{self_check(found)}"
    notice = Notice(ToRole(Role.OFFICE_DIRECTOR), text, "self-check", "回应稿自查意见")
    origin = Origin("case", str(case.id), f"{case.version}.self-check", case=case)
    Post(talk.work, talk.desk, talk.now).tell((notice,), origin)


def _condition(case: Case, text: str) -> list[Finding]:
    reply = case.response.reply
    if reply is None or not reply.condition:
        return []
    return [Finding("批示未落实", line, must=True) for line in unmet(reply.condition, text)]


def _to_mend(talk: Talk, case: Case, text: str, found: list[Finding]) -> str:
    number = case.short_number
    said_so = f"{number} 的回应稿还没有报出, 请先改好再发:\n{self_check(found)}"
    if any(finding.must for finding in found):
        return said_so
    anyway = Choice("不改, 仍报审", (f"仍报审 {case.number} {text}",))
    talk.say(said_so, (anyway,), case)
    return ""


def _earlier(talk: Talk, case: Case) -> Earlier:
    told = [
        entry.event.text
        for entry in talk.work.cases.history(case.id)
        if isinstance(entry.event, events.Reported | events.Verified)
    ]
    phones = tuple(person.phone for person in talk.work.people.people() if person.phone)
    return Earlier(verdict=case.verdict or "", statements=tuple(told), phones=phones)


def published(talk: Talk, slots: Slots) -> str:
    """发布: by the unit or the spokesperson, with link, channel and time; 回应 ends here."""
    case = case_meant(talk, slots, _is_issued, verb="登记发布")
    at = said.moment(slots, "time") or talk.now
    command = commands.Publish(
        channel=said.text(slots, "channel"),
        url=said.text(slots, "url"),
        at=at,
        watch_hours=watch_hours(talk.desk, case, at),
    )
    changed = talk.do(case, Action.PUBLISH, command)
    until = changed.case.response.tracking_until
    watch = clock_time(until, talk.now) if until else ""
    looks = [c for c in talk.work.clocks.running(case.id) if c.step == TRACK.value]
    first = f" (首次核对 {clock_time(looks[0].due_at, talk.now)})" if looks else ""
    return (
        f"{case.short_number} 发布已登记, 回应时限到此为止。请跟踪到 {watch}{first}; "
        f"平稳后回复「{case.short_number} 已办结, …」"
    )


def watch_hours(desk: Desk, case: Case, at: datetime) -> int:
    """How long after `at` a case is watched for something new, in hours, by its rulebook."""
    rules = desk.rulebook(case.rulebook_id).clocks
    rule = rules.rule(case.working_level, TRACK)
    looks = [rule.later_from] if rule.later is not None else range(2, 2 + len(rule.looks))
    last = [look for nth in looks if (look := for_look(rule, nth)) is not None]
    ends = due(last[-1] if last else rule, at, rules.calendar(desk.days_off))
    return round((ends.at - at) / timedelta(hours=1)) if ends is not None else _WATCHED_ELSE


def _is_issued(case: Case) -> bool:
    reply = case.response.reply
    return reply is not None and reply.stage is ReplyStage.ISSUED


def no_answer(talk: Talk, written: str, reason: str) -> str:
    """不需公开回应: said by the office, with a reason."""
    case = case_meant(talk, {"case": written}, _not_answered, verb="免除公开回应")
    talk.do(case, Action.WAIVE, commands.WaiveStep(step=RESPOND, reason=reason))
    return f"{case.short_number} 已记录不需公开回应, 回应时限到此为止。"


def no_press(talk: Talk, written: str, reason: str) -> str:
    """不开发布会: said by the office, with a reason."""
    case = case_meant(talk, {"case": written}, lambda one: one.is_open, verb="免除发布会")
    talk.do(case, Action.WAIVE, commands.WaiveStep(step=PRESS, reason=reason))
    return f"{case.short_number} 已记录不开发布会, 不再提醒。"


def _not_answered(case: Case) -> bool:
    return case.is_open and not case.response.is_answered


def reported_up(talk: Talk, written: str, text: str) -> str:
    """特报已报: the office says that the upper office has been told."""
    case = case_meant(
        talk, {"case": written}, lambda one: not one.response.reported_up, verb="登记上报"
    )
    talk.do(case, Action.REPORT_UP, commands.ReportUp(text=text))
    return f"{case.short_number} 已记录上报, 上报时限到此为止。"


def press_planned(talk: Talk, slots: Slots) -> str:
    """发布会 fixed or moved: when and where."""
    case = case_meant(talk, slots, _wants_press, verb="安排发布会")
    at = said.moment(slots, "time")
    place = said.text(slots, "place")
    place = "" if _TIME.search(place) else place  # 今天16点 is no place
    talk.do(case, Action.PRESS, commands.PlanPress(at=at, place=place))
    when = clock_time(at, talk.now) if at else ""
    return f"{case.short_number} 发布会定在 {when}, 已通知有关单位。开完请回复「发布会已开, …」"


def press_held(talk: Talk, slots: Slots) -> str:
    """发布会 held: its record ends its clock."""
    case = case_meant(talk, slots, _wants_press, verb="登记发布会")
    record = commands.HoldPress(text=said.text(slots, "text"), url=said.text(slots, "url"))
    talk.do(case, Action.PRESS, record)
    return f"{case.short_number} 发布会已有记录, 发布会时限到此为止。"


def _wants_press(case: Case) -> bool:
    return case.is_open and not case.response.press_held


def needs_answer(talk: Talk, case: Case) -> bool:
    """Whether a case of this level is answered in public before it is closed: rows 1 to 3."""
    row = talk.desk.rulebook(case.rulebook_id).clocks.row(case.working_level)
    return row in _ANSWERED


def reply_line(case: Case, now: datetime) -> str:
    """Return where the public answer stands, in one line; "" where there is nothing to say."""
    response = case.response
    if response.reply is not None:
        watch = response.tracking_until
        until = f", 跟踪到 {clock_time(watch, now)}" if watch and response.published else ""
        condition = wecom_field(response.reply.condition, 200)
        more = f": {condition}" if condition else ""
        return f"回应稿第 {response.reply.version} 稿 {response.reply.stage.label}{more}{until}"
    return "不需公开回应" if RESPOND in response.waived else ""
