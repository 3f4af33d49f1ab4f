"""The health of the service in words: whether it beats, what waits, what is shut, what is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.lamp import Lamp
from cases.wording.moments import clock_time, span
from handlers.brake import described
from storage.states import Channel
from storage.work import Work

_BEAT_LATE = timedelta(minutes=1)  # it is noted every ten seconds
_LATE = timedelta(minutes=5)  # a message or a callback has waited too long
_NAMED = 3  # ways out that are called by name
_LANES: dict[str, str] = {
    Channel.APP: "应用消息",
    Channel.ROBOT: "群机器人",
    Channel.APPCHAT: "应用群聊",
    Channel.AIBOT: "智能机器人",
}
_HELD = "outbox.held."  # alarms of ways out that are shut until somebody mends a setting

_LINGERS = timedelta(minutes=1)  # past its moment it is tried, and either open or shut anew
_WHY = {
    "faults": "暂时连不上",
    "limit": "发得太密, 平台要求暂停",
    "configuration": "设置有误, 暂停",
}  # by `bot.breakers.Cause`


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing the service says about itself; the colour is never all that says it."""

    name: str
    lamp: Lamp
    words: str


def health_strip(work: Work, now: datetime) -> tuple[Sign, ...]:
    """Return what the office should know of the service before it relies on it."""
    return (
        _beat(work.settings.last_beat(), now),
        _waiting(work, now),
        _ways_out(work, now),
        _brake(work, now),
        *_trial(work, now),
    )


def _beat(beat: datetime | None, now: datetime) -> Sign:
    if beat is None:
        return Sign("计时", Lamp.RED, "还没有开始, 提醒不会发出, 请管理员查看")
    ago = now - beat
    if ago > _BEAT_LATE:
        return Sign("计时", Lamp.RED, f"已停 {span(ago)}, 提醒和升级不会发出, 请管理员查看")
    return Sign("计时", Lamp.GREEN, f"正常, 上次 {clock_time(beat, now)}")


def _waiting(work: Work, now: datetime) -> Sign:
    heard, late = work.inbox.waiting_count(), work.outbox.late_count(now)
    oldest = [work.inbox.oldest_waiting(), work.outbox.oldest_waiting(now)]
    since = min((moment for moment in oldest if moment is not None), default=None)
    parts = [f"来信待办 {heard} 条"] if heard else []
    parts += [f"待发 {late} 条"] if late else []
    if since is None or not parts:
        return Sign("消息", Lamp.GREEN, "没有积压")
    is_late = now - since > _LATE
    if is_late:
        parts.append(f"最早的已等 {span(now - since)}")
    return Sign("消息", Lamp.YELLOW if is_late else Lamp.GREEN, ", ".join(parts))


def _ways_out(work: Work, now: datetime) -> Sign:
    kinds = {one.kind for one in work.alarms.sounding() if one.kind.startswith(_HELD)}
    cut = {kind.removeprefix(_HELD) for kind in kinds}
    paused = [one for one in work.settings.shut_lanes() if one.lane not in cut]
    paused = [one for one in paused if one.until > now - _LINGERS]
    said = [f"{_named(sorted(cut))}已断, 请管理员运行 doctor 查看"] if cut else []
    for cause, why in _WHY.items():
        lanes = [one for one in paused if one.cause == cause]
        if lanes:
            again = clock_time(max(one.until for one in lanes), now)
            said.append(f"{_named([one.lane for one in lanes])}{why}, {again} 自动再试, 消息不丢")
    if said:
        return Sign("发送", Lamp.RED if cut else Lamp.YELLOW, "; ".join(said))
    return Sign("发送", Lamp.GREEN, "畅通")


def _named(lanes: Sequence[str]) -> str:
    more = f"等 {len(lanes)} 个" if len(lanes) > _NAMED else ""
    return "、".join(_called(lane) for lane in lanes[:_NAMED]) + more


def _called(lane: str) -> str:
    """Return how a way out is called: 应用消息, 群机器人市城管局."""
    channel, _, robot = lane.partition(":")
    return f"{_LANES.get(channel, channel)}{robot}"


def _brake(work: Work, now: datetime) -> Sign:
    pulled = work.brakes.pulled()
    if not pulled:
        return Sign("紧急暂停", Lamp.GREEN, "没有")
    what = "、".join(described(work, one) for one in pulled)
    since = clock_time(min(one.since for one in pulled), now)
    held = sum(one.count for one in work.brakes.held(now))
    words = f"自 {since} 起暂停{what}, 压住 {held} 条, 恢复请说「恢复发送」"
    return Sign("紧急暂停", Lamp.RED, words)


def _trial(work: Work, now: datetime) -> tuple[Sign, ...]:
    trial = work.trials.current()
    if trial is None:
        return ()
    held = len(work.trials.waiting())
    words = (
        f"自 {clock_time(trial.since, now)} 起只对舆情办说话, 压住 {held} 条, 正式运行用 go-live"
    )
    return (Sign("试运行", Lamp.YELLOW, words),)
