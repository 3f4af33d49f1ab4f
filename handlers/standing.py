"""Standing arrangements set in chat: stand-ins (代), and who is asked (依次, 全部, 任一)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cases.approvals import Kind
from cases.beijing import in_beijing
from cases.chat.times import find_moments
from cases.errors import RefusalError
from cases.people import Person, Role
from cases.permissions import LEADERS, Action
from cases.wording.moments import clock_time
from handlers import said
from handlers.arrangements import DELEGATES, PANELS
from handlers.said import Slots
from handlers.talk import Talk

_KINDS = {"签批": Kind.SIGNOFF, "签发": Kind.DRAFT, "办结": Kind.CLOSE}
_DAY = timedelta(days=1)
_SAME_MONTH = re.compile(
    "(?P<month>[0-9]{1,2}月)(?P<first>[0-9]{1,2}[日号])(?P<to>[到至-])(?P<last>[0-9]{1,2}[日号])"
)
_THIS_WEEK = re.compile("[本这]周(?![一二三四五六日天末])")
_SUNDAY = 6
_AWAY = re.compile("我|本人|(?:我|本人)?(?:要|去)?(?:出差|外出|请假|休假|开会|学习|培训|病假|年假)")
_DECIDES = LEADERS | {Role.OFFICE_DIRECTOR}


def days_said(words: str, now: datetime) -> tuple[datetime, datetime]:
    """Return from when to when: 11月21日到25日 is to the end of the 25th of the same month.

    Raises:
        RefusalError: no day is named.
    """
    whole = _SAME_MONTH.sub(r"\g<month>\g<first>\g<to>\g<month>\g<last>", words)
    moments = find_moments(whole, now)
    days = [moment.at for moment in moments if not moment.is_span]
    days = days or [moment.at for moment in moments]  # 出差3天
    if not days and _THIS_WEEK.search(whole):
        local = in_beijing(now)
        days = [local + timedelta(days=_SUNDAY - local.weekday())]
    if not days:
        raise RefusalError("请写明到哪天, 例如: 周国华11月21日到25日由王建平代签")
    first = days[0].replace(hour=0, minute=0, second=0, microsecond=0)
    start = first if len(days) > 1 else now
    return start, days[-1].replace(hour=0, minute=0, second=0, microsecond=0) + _DAY


def leave(talk: Talk, slots: Slots) -> str:
    """我…出差, 由王建平代签: the speaker's own decisions go to another until then."""
    who = said.text(slots, "stand_in")
    if not who:
        raise RefusalError("请写明时间和代理人, 例如: 我11月21日到25日出差, 由王建平代签")
    return _put(talk, talk.person, person_named(talk, who), days_said(talk.words, talk.now))


def stand_in_set(talk: Talk, names: tuple[str, ...], words: str) -> str:
    """周国华11月21日到25日由王建平代签: set by whoever keeps the directory or runs the office."""
    absent = _absent(talk, names[0])
    if absent is not talk.person:  # one's own decisions are one's own to hand on
        talk.permit(Action.STANDING)
    return _put(talk, absent, person_named(talk, names[1]), days_said(words, talk.now))


def _absent(talk: Talk, name: str) -> Person:
    # 出差3天,由王建平代签: nobody is named, so the speaker is meant.
    is_own = name == talk.person.name or _AWAY.fullmatch(name)
    return talk.person if is_own else person_named(talk, name)


def person_named(talk: Talk, name: str) -> Person:
    """Return the one person of this name.

    Raises:
        RefusalError: nobody is called so, or several are.
    """
    found = [person for person in talk.work.people.people() if person.name == name]
    if len(found) != 1:
        raise RefusalError(f"名录里找不到唯一的「{name}」, 请写名录里的姓名。")
    return found[0]


def _put(talk: Talk, absent: Person, other: Person, times: tuple[datetime, datetime]) -> str:
    if not absent.is_any(*_DECIDES):
        raise RefusalError(f"{absent.name}没有审批事项, 不用设代理人; 值班换班请说「换班」。")
    if absent.userid == other.userid or not other.is_any(*_DECIDES):
        raise RefusalError("代理人要是另一位领导或舆情办主任。")
    starts, ends = (moment.astimezone(UTC) for moment in times)
    if ends <= max(starts, talk.now):
        raise RefusalError("代理的截止时间已经过了, 请重新写。")
    kept = talk.work.settings.get(DELEGATES)
    known = dict(kept) if isinstance(kept, Mapping) else {}
    new = {"to": other.userid, "from": starts.isoformat(), "until": ends.isoformat()}
    talk.work.settings.put(DELEGATES, known | {absent.userid: new})
    _audit(talk, "StandInSet", absent.userid, new)
    until = clock_time(ends, talk.now)
    return f"已记下: {absent.name}的审批由{other.name}代到 {until}, 记录中注明「代」。"


def panel_set(talk: Talk, names: tuple[str, ...]) -> str:
    """一级签发由分管领导、主要领导依次同意: several are asked."""
    talk.permit(Action.STANDING)
    level, kind, mode, *titles = names
    grading = talk.desk.rulebook(talk.desk.rulebook_in_force).grading
    level_names = [one.name for one in grading.levels]
    known = {role.value for role in _DECIDES}
    if level not in level_names or not set(titles) <= known:
        raise RefusalError(
            f"等级请写{'、'.join(level_names)}, 审批人请写{'、'.join(sorted(known))}。"
        )
    kept = talk.work.settings.get(PANELS)
    panels = dict(kept) if isinstance(kept, Mapping) else {}
    new = {"mode": mode, "roles": list(dict.fromkeys(titles))}
    talk.work.settings.put(PANELS, panels | {f"{level} {_KINDS[kind].value}": new})
    _audit(talk, "PanelSet", f"{level}{kind}", new)
    return f"已设置: {level}{kind}由{'、'.join(titles)}{mode}同意, 从下一次报请起。"


def _audit(talk: Talk, action: str, what: str, details: Mapping[str, object]) -> None:
    talk.work.audit.append(
        actor=talk.person.userid,
        role="、".join(sorted(talk.person.roles)),
        action=action,
        object_type="setting",
        object_id=what,
        result="done",
        details=dict(details),
        now=talk.now,
    )
