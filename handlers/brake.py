"""The emergency brake: hold messages at once, show what waits, let it leave; never clocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.chat.brake_words import BrakeDeed, BrakeKind, BrakeWish
from cases.errors import RefusalError
from cases.notices import Choice, Notice, Priority, ToRole
from cases.people import Role
from cases.permissions import Action
from cases.wording.moments import clock_time
from handlers.post import Origin, Post
from handlers.talk import Talk
from storage.brakes import Brake, Held
from storage.states import BrakeScope
from storage.work import Work

PLACES = {
    BrakeKind.ESCALATION: Priority.ESCALATION,
    BrakeKind.REMINDER: Priority.REMINDER,
    BrakeKind.NOTICE: Priority.NOTICE,
    BrakeKind.DIGEST: Priority.DIGEST,
}
_CALLED = {
    Priority.CLICK: "答复",
    Priority.ANSWER: "答复",
    Priority.TOP_GRADE: "最高等级件的消息",
    Priority.ESCALATION: "升级提醒",
    Priority.REMINDER: "提醒",
    Priority.NOTICE: "通知",
    Priority.DIGEST: "播报和汇总",
}
_ALWAYS = "登记、计时和对本人的答复照常。"
_HOW = (BrakeDeed.SEND_ALL, BrakeDeed.SEND_LATEST, BrakeDeed.SEND_NONE)
_LABELS = {
    BrakeDeed.SEND_ALL: "全部发出",
    BrakeDeed.SEND_LATEST: "同一事项只发最新一条",
    BrakeDeed.SEND_NONE: "这些作废, 以后的照常发",
}

COMMAND = "command"
USUAL = "brake.usual"  # the setting with the busiest ten minutes of each of the last days
_WINDOW = timedelta(minutes=10)
_DAYS = 7
_TIMES_USUAL = 4
_NEVER_BELOW = 300  # messages in ten minutes that are no reason to be alarmed by themselves


def wished(talk: Talk, wish: BrakeWish) -> str:
    """Carry out what is wanted of the brake, and answer.

    Raises:
        RefusalError: it may not be done, or not so.
    """
    talk.permit(Action.BRAKE)
    match wish.deed:
        case BrakeDeed.PULL:
            return _pull(talk, wish)
        case BrakeDeed.SHOW:
            return _shown(talk)
        case BrakeDeed.ASK:
            return _ask(talk)
        case BrakeDeed.SEND_ALL | BrakeDeed.SEND_LATEST | BrakeDeed.SEND_NONE:
            return _release(talk, wish.deed)


def _pull(talk: Talk, wish: BrakeWish) -> str:
    scope, what = _scope(talk.work, wish)
    post = Post(talk.work, talk.desk, talk.now)
    if not hold(post, (scope, what), Cause(talk.person.userid, talk.words)):
        raise RefusalError("已经暂停着了。回复「恢复发送」看等着的消息。")
    held = described(talk.work, talk.work.brakes.pulled()[-1])
    return f"已暂停{held}。{_ALWAYS}恢复请回复「恢复发送」, 会先列出等着的消息再问您。"


def _scope(work: Work, wish: BrakeWish) -> tuple[BrakeScope, str]:
    if wish.kind is not None:
        return BrakeScope.KIND, str(int(PLACES[wish.kind]))
    if not wish.unit:
        return BrakeScope.ALL, ""
    found = [
        unit
        for unit in work.people.units()
        if wish.unit in (unit.name, *unit.aliases) or unit.name.endswith(wish.unit)
    ]
    if len(found) != 1:
        raise RefusalError(
            f"没有认出「{wish.unit}」是哪个单位, 请写全称, 例如: 暂停市城管局的发送。"
            "暂停全部请回复「暂停发送」。"
        )
    return BrakeScope.UNIT, found[0].id


@dataclass(frozen=True, slots=True)
class Cause:
    """Who pulls or releases a brake, and in which words.

    `by` is a userid, "" where the service does it by itself, COMMAND at the command line.
    """

    by: str
    reason: str = ""


def hold(post: Post, what: tuple[BrakeScope, str], cause: Cause) -> bool:
    """Pull a brake, write it down and tell those who watch; False where it is pulled already."""
    work, now = post.work, post.now
    if not work.brakes.pull(*what, by=cause.by, reason=cause.reason, now=now):
        return False
    brake = work.brakes.pulled()[-1]
    _audit(post, "brake.pulled", brake, cause, {"scope": brake.scope, "what": brake.what})
    text = (
        f"【紧急暂停】{_name(work, cause.by)}已暂停{described(work, brake)}。原因: {cause.reason}\n"
        f"{_ALWAYS}恢复请回复「恢复发送」。"
    )
    _tell(post, "brake", text, brake, cause)
    return True


def _audit(
    post: Post, action: str, brake: Brake, cause: Cause, details: Mapping[str, object]
) -> None:
    post.work.audit.append(
        actor=cause.by,
        role="",
        action=action,
        object_type="brake",
        object_id=str(brake.id),
        result="done",
        details={**details, "reason": cause.reason},
        now=post.now,
    )


def _tell(post: Post, kind: str, text: str, brake: Brake, cause: Cause) -> None:
    roles = (Role.ADMINISTRATOR, Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR)
    notices = [
        Notice(ToRole(role), text, kind, "紧急暂停", Priority.ANSWER, is_optional=True)
        for role in roles
    ]
    post.tell(notices, Origin("brake", str(brake.id), kind), doer=cause.by)


def described(work: Work, brake: Brake) -> str:
    """Return what a brake holds, in words."""
    match brake.scope:
        case BrakeScope.ALL:
            return "全部消息的发送"
        case BrakeScope.VOLUME:
            return "除答复和最高等级件以外消息的发送"
        case BrakeScope.KIND:
            return f"{_CALLED[Priority(int(brake.what))]}的发送"
        case BrakeScope.RESTORED:
            return "备份时刻之前的消息, 以及提醒、升级和播报的发送"
        case BrakeScope.UNIT:
            unit = work.people.unit(brake.what)
            return f"给{unit.name if unit else brake.what}的消息的发送"


def _shown(talk: Talk) -> str:
    pulled = talk.work.brakes.pulled()
    if not pulled:
        return "没有暂停, 消息照常发送。"
    lines = [
        f"{clock_time(brake.since, talk.now)} 起暂停{described(talk.work, brake)} "
        f"({_name(talk.work, brake.by)})"
        for brake in pulled
    ]
    return "\n".join([*lines, waiting_words(talk.work.brakes.held(talk.now), talk.now)])


def waiting_words(held: Sequence[Held], now: datetime) -> str:
    """Return what would leave at once, in one line."""
    if not held:
        return "现在没有等着的消息。"
    total = sum(one.count for one in held)
    kinds = "、".join(f"{_CALLED[Priority(one.priority)]} {one.count}" for one in held)
    oldest = clock_time(min(one.oldest for one in held), now)
    return f"等着的消息 {total} 条: {kinds}; 最早的是 {oldest}。"


def _ask(talk: Talk) -> str:
    if not talk.work.brakes.pulled():
        return "没有暂停, 消息照常发送。"
    held = talk.work.brakes.held(talk.now)
    if not held:
        return _release(talk, BrakeDeed.SEND_ALL)
    choices = tuple(Choice(_LABELS[how], (f"恢复发送,{how}",)) for how in _HOW)
    talk.say(f"{waiting_words(held, talk.now)}怎么恢复?", choices)
    return ""


def _release(talk: Talk, how: BrakeDeed) -> str:
    if not talk.work.brakes.pulled():
        return "没有暂停, 消息照常发送。"
    post = Post(talk.work, talk.desk, talk.now)
    sent, dropped = let_go(post, how, Cause(talk.person.userid, talk.words))
    return f"已恢复发送: 发出 {sent} 条, 作废 {dropped} 条。"


def let_go(post: Post, how: BrakeDeed, cause: Cause) -> tuple[int, int]:
    """Release all brakes; return how many held messages leave, and how many never will."""
    work, now = post.work, post.now
    waiting = sum(one.count for one in work.brakes.held(now))
    dropped = 0
    if how is not BrakeDeed.SEND_ALL:
        keep = how is BrakeDeed.SEND_LATEST
        why = f"暂停期间{'已有更新的一条' if keep else '作废'}, {_name(work, cause.by)}决定"
        dropped = work.brakes.drop(why, now, keep_latest=keep)
    sent = waiting - dropped
    released = work.brakes.release(cause.by, now)
    for brake in released:
        counts = {"how": how, "sent": sent, "dropped": dropped}
        _audit(post, "brake.released", brake, cause, counts)
    for brake in released[:1]:  # said once: the counts are of all of them together
        named = "、".join(described(work, one).removesuffix("的发送") for one in released)
        by = _name(work, cause.by)
        text = f"{by}已恢复{named}的发送: 共发出 {sent} 条, 作废 {dropped} 条。"
        _tell(post, "brake-off", text, brake, cause)
    return sent, dropped


def _name(work: Work, userid: str) -> str:
    person = work.people.person(userid) if userid else None
    if person is not None:
        return person.name
    return "管理员在服务器上" if userid else "系统自动"


def watch_volume(post: Post) -> bool:
    """Pull the brake when far more is said than usual; whether it was pulled just now.

    Usual is the busiest ten minutes of the seven days before today, so that a flood which swells
    for minutes does not make itself usual; far more is four times that, and never below 300.
    Answers do not count.
    """
    work, now = post.work, post.now
    said = work.records.said_between(now - _WINDOW, now, above=int(Priority.ANSWER))
    usual, today = _usual(work, now), now.date().isoformat()
    most = max((count for day, count in usual.items() if day != today), default=0)
    if said > max(_NEVER_BELOW, _TIMES_USUAL * most):
        reason = f"10 分钟内有 {said} 条消息要发, 平时最多 {most} 条"
        return hold(post, (BrakeScope.VOLUME, ""), Cause("", reason))
    if said > usual.get(today, -1):
        work.settings.put(USUAL, usual | {today: said})
    return False


def _usual(work: Work, now: datetime) -> dict[str, int]:
    kept = work.settings.get(USUAL)
    first = (now - timedelta(days=_DAYS)).date().isoformat()
    days = kept if isinstance(kept, dict) else {}
    return {day: count for day, count in days.items() if day >= first and isinstance(count, int)}
