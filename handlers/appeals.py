"""申诉 and its ruling: a point is never deleted, a ruling adds what gives it back."""

from dataclasses import dataclass
from datetime import datetime

from cases.encoding import wecom_field
from cases.errors import RefusalError
from cases.masking import mask
from cases.notices import Choice, Notice, ToRole, ToUnit
from cases.people import Role
from cases.permissions import Action
from cases.scores.counting import Point
from cases.scores.months import Month
from cases.wording import scores as words
from cases.wording.moments import clock_time
from handlers import scores
from handlers.desk import Desk
from handlers.post import Origin, Post
from handlers.talk import Talk
from storage.scores import NewScoreEntry, ScoreEntry
from storage.states import ScoreEntryKind, SubjectType
from storage.timers import DueTimer, NewTimer
from storage.work import Work

TIMER = "申诉"
_REASON_BYTES = 600


@dataclass(frozen=True, slots=True)
class Disputed:
    """The point that is appealed against."""

    month: Month
    unit: str
    point: Point
    case_id: int | None


def appeal(talk: Talk, disputed: Disputed, reason: str) -> str:
    """申诉: kept, and put to the office with the working days it has.

    Raises:
        RefusalError: no reason, too late, or appealed against before.
    """
    point, month = disputed.point, disputed.month
    if not reason:
        raise RefusalError(
            f"请写明理由, 例如: 申诉 {words.short(point.number)} {point.fact}, 当时停电"
        )
    if point.points >= 0:
        raise RefusalError("加分不用申诉。")
    rules, _ = scores.rules_of(talk.work, talk.desk, month)
    ends = scores.appeal_ends(talk.desk, rules, talk.work.scores.notice(str(month)))
    if ends is not None and talk.now > ends:
        over = clock_time(ends, talk.now)
        raise RefusalError(f"{month.said}考核的申诉到 {over} 为止, 已经过了。")
    before = [e for e in talk.work.scores.entries(str(month)) if e.point == point.key]
    if before:
        raise RefusalError("这一分已经申诉过, 不再受理; 回复「考核」看裁定结果。")
    number = _keep(talk, disputed, mask(reason))
    until = scores.working_days_on(talk.desk, talk.now, rules.appeal_days)
    _remind_at(talk.work, number, until)
    note(talk, "score.appeal", number, {"point": point.key})
    by = clock_time(until, talk.now)
    _put(talk, disputed, (number, mask(reason)), by)
    return f"申诉第 {number} 号已报舆情办, {by} 前裁定, 结果会告诉您。"


def _keep(talk: Talk, disputed: Disputed, said: str) -> int:
    return talk.work.scores.add(
        NewScoreEntry(
            str(disputed.month),
            ScoreEntryKind.APPEAL,
            disputed.unit,
            said,
            talk.person.userid,
            talk.now,
            point=disputed.point.key,
            fact=disputed.point.fact.value,
            case_id=disputed.case_id,
        )
    )


def _put(talk: Talk, disputed: Disputed, what: tuple[int, str], by: str) -> None:
    number, said = what
    unit = talk.work.people.unit(disputed.unit)
    text = (
        f"【考核申诉】第 {number} 号 {unit.name if unit else disputed.unit}\n"
        f"{words.point_words(disputed.point)}\n理由: {wecom_field(said, _REASON_BYTES)}\n"
        f"请在 {by} 前裁定, 例如: 申诉{number} 成立, 理由"
    )
    choices = (
        Choice("成立", (f"申诉{number} 成立",)),
        Choice("不成立", (f"申诉{number} 不成立",)),
    )
    notice = Notice(ToRole(Role.OFFICE_DIRECTOR), text, "appeal", "考核申诉", choices=choices)
    Post(talk.work, talk.desk, talk.now).tell((notice,), Origin("score", str(number), "appeal"))


def note(talk: Talk, action: str, what: object, details: dict[str, object]) -> None:
    """Write down in the audit what somebody has added to the scores."""
    talk.work.audit.append(
        actor=talk.person.userid,
        role="、".join(sorted(talk.person.roles)),
        action=action,
        object_type="score",
        object_id=str(what),
        result="done",
        details=details,
        now=talk.now,
    )


def _remind_at(work: Work, number: int, at: datetime) -> None:
    work.timers.set(
        NewTimer(
            subject_type=SubjectType.TASK,
            subject_id=number,
            kind=TIMER,
            slot="due",
            addressee="",
            generation=1,
            due_at=at,
            leaves_at=at,
        )
    )


def ring(work: Work, timer: DueTimer, now: datetime, desk: Desk) -> None:
    """The days for a ruling are over: whoever has not ruled is reminded, and the leader told."""
    waiting = next((a for a in work.scores.appeals_open() if a.id == timer.subject_id), None)
    if waiting is None:
        work.timers.skipped(timer.id, now, "申诉已经裁定")
        return
    text = (
        f"【超时】考核申诉第 {waiting.id} 号还没有裁定。"
        f"请舆情办主任回复: 申诉{waiting.id} 成立 (或不成立), 理由"
    )
    roles = (Role.OFFICE_DIRECTOR, Role.DEPUTY_LEADER)
    notices = [Notice(ToRole(role), text, "appeal-late", "申诉裁定超时") for role in roles]
    Post(work, desk, now).tell(notices, Origin("score", str(waiting.id), "late"))
    work.timers.fired(timer.id, now, "申诉裁定超时提醒")


def rule(talk: Talk, number: int, reason: str, *, upheld: bool) -> str:
    """裁定: upheld, the point is given back by a new entry; the old one stands.

    Raises:
        RefusalError: no such appeal, ruled on before, or not upheld without a reason.
    """
    talk.permit(Action.RULE_ON_APPEAL)
    found = talk.work.scores.entry(number)
    if found is None or found.kind is not ScoreEntryKind.APPEAL:
        raise RefusalError(f"没有第 {number} 号申诉。")
    if not any(one.id == number for one in talk.work.scores.appeals_open()):
        raise RefusalError(f"第 {number} 号申诉已经裁定, 不再更改。")
    if not upheld and not reason:
        raise RefusalError(f"不成立要写明理由, 例如: 申诉{number} 不成立, 已按时提醒三次")
    said = mask(reason) or "情况属实"
    talk.work.scores.add(_ruling(talk, found, said, upheld=upheld))
    note(talk, "score.ruling", number, {"point": found.point, "upheld": upheld})
    result = "成立, 扣分已补回" if upheld else "不成立"
    text = f"【考核申诉】第 {number} 号{result}: {wecom_field(said, _REASON_BYTES)}"
    notice = Notice(ToUnit(found.unit_id), text, "ruling", "申诉裁定")
    Post(talk.work, talk.desk, talk.now).tell((notice,), Origin("score", str(number), "ruling"))
    return f"申诉第 {number} 号{result}, 已告知该单位。"


def _ruling(talk: Talk, found: ScoreEntry, said: str, *, upheld: bool) -> NewScoreEntry:
    return NewScoreEntry(
        found.month,
        ScoreEntryKind.RULING,
        found.unit_id,
        said,
        talk.person.userid,
        talk.now,
        point=found.point,
        fact=found.fact,
        case_id=found.case_id,
        appeal_id=found.id,
        upheld=upheld,
    )
