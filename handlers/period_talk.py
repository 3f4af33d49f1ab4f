"""启动汛期值守到8月31日, 结束两会值守, 特殊时期: what the office says about special periods."""

from datetime import UTC, datetime, time

from cases.beijing import at_beijing, end_of_day, in_beijing
from cases.chat.period_words import PeriodDeed, PeriodWish
from cases.chat.times import Moment, find_moments
from cases.errors import RefusalError
from cases.permissions import Action
from cases.special_periods import PeriodKind
from cases.wording.periods import differences, span_words, until_words
from handlers import periods
from handlers.talk import Talk
from storage.periods import KeptPeriod

_MOST = 6
_LONGEST_DAYS = 400
_NO_ROTA = "[]"


def wished(talk: Talk, wish: PeriodWish) -> str:
    """Carry out what is wanted of a special period, and answer.

    Raises:
        RefusalError: it may not be done, or not so.
    """
    if wish.deed is PeriodDeed.LIST:
        return listed(talk)
    talk.permit(Action.PERIOD)
    kind = _meant(talk, wish.name)
    return _end(talk, kind) if wish.deed is PeriodDeed.END else _start(talk, kind)


def _meant(talk: Talk, name: str) -> PeriodKind:
    kinds = talk.desk.periods
    if not kinds:
        raise RefusalError("还没有设定特殊时期, 请管理员在配置的 [duty] periods 里写上值守文件。")
    found = next((kind for kind in kinds if kind.is_called(name)), None)
    if found is None:
        names = "、".join(kind.name for kind in kinds)
        raise RefusalError(f"值守文件里没有「{name}」, 有: {names}。要加请找管理员。")
    return found


def _start(talk: Talk, kind: PeriodKind) -> str:
    starts_at, ends_at = _lasts(talk)
    same = _of_name(talk, kind, starts_at, ends_at)
    if same is not None:
        return _moved(talk, kind, same, ends_at)
    period = periods.keep(
        talk.work,
        kind,
        (starts_at, ends_at),
        by=talk.person.userid,
        now=talk.now,
        words=talk.words,
    )
    if period is None:
        raise RefusalError(f"{kind.name}已经启动过, 回复「特殊时期」看安排。")
    periods.set_timers(talk.work, talk.desk, talk.now)
    periods.follow(talk.work, talk.desk, talk.now)
    if period.starts_at <= talk.now:
        periods.tell_start(talk.work, talk.desk, period, talk.now, doer=talk.person.userid)
    _audit(talk, "PeriodStarted", period)
    return f"已设: {described(period, talk.now)}。有关人员开始时会收到通知, 各项时限不变。"


def _lasts(talk: Talk) -> tuple[datetime, datetime]:
    found = [one for one in find_moments(talk.spoken, talk.now) if one.has_day]
    if not found:
        raise RefusalError("请写明到哪天, 例如: 启动汛期值守到8月31日")
    first = found[0] if len(found) > 1 else None
    starts_at = max(_from(first), talk.now) if first is not None else talk.now
    ends_at = _until(found[-1])
    if ends_at <= starts_at:
        raise RefusalError("结束时间应在开始和现在之后, 请重新写, 例如: 启动汛期值守到8月31日")
    if (ends_at - starts_at).days > _LONGEST_DAYS:
        raise RefusalError("一段特殊时期最长一年, 请重新写结束日期。")
    return starts_at, ends_at


def _from(moment: Moment) -> datetime:
    clock = moment.at.astimezone(UTC)
    return clock if moment.has_clock else at_beijing(in_beijing(clock).date(), time(0))


def _until(moment: Moment) -> datetime:
    is_hour = moment.has_clock and not moment.is_span
    ends = moment.at if is_hour else end_of_day(in_beijing(moment.at).date())
    return ends.astimezone(UTC)


def _of_name(
    talk: Talk, kind: PeriodKind, starts_at: datetime, ends_at: datetime
) -> KeptPeriod | None:
    """The period of this kind that touches the time, not over yet."""
    return next(
        (
            one
            for one in talk.work.periods.all()
            if one.name == kind.name
            and one.ends_at > talk.now
            and one.starts_at < ends_at
            and starts_at < one.ends_at
        ),
        None,
    )


def _moved(talk: Talk, kind: PeriodKind, period: KeptPeriod, ends_at: datetime) -> str:
    if ends_at == period.ends_at:
        raise RefusalError(f"{span_words(period, talk.now)} 已经在安排中, 不用再启动。")
    talk.work.periods.change(period.id, ends_at, kind.rules, periods.turns_text(kind), said=True)
    changed = talk.work.periods.get(period.id)
    if changed is None:  # pragma: no cover - it has just been changed
        raise AssertionError
    periods.put_shifts(talk.work, kind, changed, talk.person.userid, talk.now)
    periods.set_timers(talk.work, talk.desk, talk.now)
    periods.follow(talk.work, talk.desk, talk.now)
    _audit(talk, "PeriodMoved", changed)
    return f"{kind.name}的结束时间已改为 {until_words(ends_at, talk.now)}。"


def _end(talk: Talk, kind: PeriodKind) -> str:
    mine = [one for one in talk.work.periods.all() if one.name == kind.name]
    period = next((one for one in mine if one.ends_at > talk.now), None)
    if period is None:
        raise RefusalError(f"现在没有{kind.name}值守。回复「特殊时期」看安排。")
    has_begun = period.starts_at <= talk.now
    periods.cancel(talk.work, period, talk.person.userid, talk.now)
    periods.follow(talk.work, talk.desk, talk.now)
    _audit(talk, "PeriodEnded", period)
    if not has_begun:
        return f"已取消: {span_words(period, talk.now)}。"
    periods.tell_end(talk.work, talk.desk, period, talk.now, doer=talk.person.userid)
    return f"{kind.name}值守已结束, 已通知有关人员。"


def _audit(talk: Talk, action: str, period: KeptPeriod) -> None:
    talk.work.audit.append(
        actor=talk.person.userid,
        role="、".join(sorted(talk.person.roles)),
        action=action,
        object_type="special_period",
        object_id=str(period.id),
        result="done",
        details={"name": period.name, "until": period.ends_at.isoformat(), "words": talk.words},
        now=talk.now,
    )


def listed(talk: Talk) -> str:
    """特殊时期: those that last and those to come."""
    talk.permit(Action.LIST)
    ahead = [one for one in talk.work.periods.all() if one.ends_at > talk.now]
    if not ahead:
        names = "、".join(kind.name for kind in talk.desk.periods)
        more = f"可以启动的有: {names}。" if names else ""
        return f"现在和以后没有安排特殊时期。{more}"
    lines = [
        f"{'现在' if one.covers(talk.now) else '以后'}: {described(one, talk.now)}"
        for one in ahead[:_MOST]
    ]
    return "\n".join(lines)


def described(period: KeptPeriod, now: datetime) -> str:
    """Return a period with what is different."""
    rota = differences(period.rules, has_rota=period.turns != _NO_ROTA)
    return f"{span_words(period, now)}, {'; '.join(rota)}"


def lines_now(talk: Talk) -> list[str]:
    """Return what the periods that last now change, a line each."""
    return [
        f"特殊时期: {described(one, talk.now)}"
        for one in talk.work.periods.all()
        if one.covers(talk.now)
    ]
