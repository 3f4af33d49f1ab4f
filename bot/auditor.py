"""Watches the watcher: its own process, which only reads, and tells by a path of its own.

It looks for timers that are due and have not rung, messages that wait, callbacks that wait, a
pulse that does not beat, a database that does not answer and a clock that jumps. What it finds
goes through a command (SMS, telephone gateway, mail): not through the platform, which may be what
has failed. It keeps nothing in the database.
"""

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.wording.moments import span
from storage.database import Database
from storage.errors import Unavailable
from storage.work import Work

logger = logging.getLogger(__name__)

_TIMER_LATE = timedelta(minutes=2)
_MESSAGE_LATE = timedelta(minutes=5)
_CALLBACK_LATE = timedelta(minutes=2)
_BEAT_LATE = timedelta(minutes=1)
_JUMP = timedelta(seconds=5)
_AGAIN = timedelta(hours=1)
_COUNTED = 200
_HELD = "outbox.held."  # alarms of ways out that are shut until somebody mends a setting
_COMMAND_SECONDS = 30

Clock = Callable[[], datetime]


class Fault(StrEnum):
    """What can be found; the value is how the administrators call it."""

    DATABASE = "数据库没有应答"
    TIMERS = "提醒到点未响"
    HELD = "发送已暂停"
    MESSAGES = "消息发不出去"
    CALLBACKS = "来信没有处理"
    BEAT = "计时心跳停了"
    JUMP = "时钟跳变"


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched: the database, the engine's clock, this machine's clock, where it is said."""

    database: Database
    clock: Clock  # decides what is due; of a demonstration it is shifted
    wall: Clock  # this machine's, compared with its steady clock
    command: tuple[str, ...]  # argv; {text} in any of them is what was found
    steady: Callable[[], float] = time.monotonic


class Auditor:
    """Looks again and again; a fault is told when it begins, every hour, and when it ends."""

    def __init__(self, watched: Watched) -> None:
        """Begin without any fault known."""
        self._watched = watched
        self._told: dict[Fault, datetime] = {}
        self._last: tuple[datetime, float] | None = None

    def look(self) -> Mapping[Fault, str]:
        """Look once and tell what is new; return every fault found, with its words."""
        found = {**self._jump(), **self._in_database()}
        now = self._watched.wall()
        for fault, text in found.items():
            told = self._told.get(fault)
            is_new = told is None or not timedelta(0) <= now - told < _AGAIN
            if is_new and self._tell(f"督办告警: {fault}。{text}"):
                self._told[fault] = now
        for fault in [one for one in self._told if one not in found]:
            if fault is Fault.JUMP or self._tell(f"督办告警解除: {fault}, 已恢复。"):
                del self._told[fault]
        return found

    def watch(self, every: float, stop: threading.Event) -> None:
        """Look every `every` seconds until told to stop."""
        while True:
            found = self.look()
            logger.info("看过一遍, %s", "、".join(found) or "没有发现")
            if stop.wait(every):
                return

    def _jump(self) -> dict[Fault, str]:
        wall, steady = self._watched.wall(), self._watched.steady()
        last, self._last = self._last, (wall, steady)
        if last is None:
            return {}
        jumped = (wall - last[0]) - timedelta(seconds=steady - last[1])
        if abs(jumped) <= _JUMP:
            return {}
        way = "向前" if jumped > timedelta(0) else "向后"
        seconds = abs(jumped).total_seconds()
        return {Fault.JUMP: f"系统时钟{way}跳了 {seconds:.0f} 秒, 请检查时间同步。"}

    def _in_database(self) -> dict[Fault, str]:
        try:
            now = self._watched.clock()
            with self._watched.database.read() as work:
                return _faults(work, now)
        except Unavailable as error:
            return {Fault.DATABASE: f"消息会先进救生艇, 提醒停发。({error})"}

    def _tell(self, text: str) -> bool:
        """Run the command; False when it failed, so that the next look tries again."""
        argv = [part.replace("{text}", text) for part in self._watched.command]
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
                argv, check=False, timeout=_COMMAND_SECONDS, stdin=subprocess.DEVNULL
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            logger.error("通知命令没有运行成 (%s): %s", type(error).__name__, text)  # noqa: TRY400
            return False
        if done.returncode != 0:
            logger.error("通知命令失败 (%s): %s", done.returncode, text)
        return done.returncode == 0


def run_auditor(watched: Watched, *, every: float, once: bool) -> int:
    """Look once, or until a signal ends it; return the exit status: 1 if the one look found any."""
    auditor = Auditor(watched)
    if once:
        return 1 if auditor.look() else 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    auditor.watch(every, stop)
    return 0


def _faults(work: Work, now: datetime) -> dict[Fault, str]:
    found: dict[Fault, str] = {}
    late = work.timers.due(now - _TIMER_LATE, _COUNTED)
    if late:
        first = late[0]
        found[Fault.TIMERS] = (
            f"{_many(len(late))} 条, 最早的 {first.kind} {first.slot} "
            f"已晚 {span(now - first.leaves_at)}。"
        )
    held = [alarm for alarm in work.alarms.sounding() if alarm.kind.startswith(_HELD)]
    if held:  # a wrong setting: in chat nobody can be told of it
        found[Fault.HELD] = f"{held[0].text} (共 {len(held)} 个通道)"
    if _is_late(oldest := work.outbox.oldest_waiting(now), now, _MESSAGE_LATE) and oldest:
        found[Fault.MESSAGES] = f"最老的已等 {span(now - oldest)}, 请检查网络和企业微信凭证。"
    if _is_late(heard := work.inbox.oldest_waiting(), now, _CALLBACK_LATE) and heard:
        found[Fault.CALLBACKS] = f"最早的已等 {span(now - heard)}。"
    beat = work.settings.last_beat()
    if beat is None:
        found[Fault.BEAT] = "从没有心跳, 请确认服务已经启动。"
    elif now - beat > _BEAT_LATE:
        found[Fault.BEAT] = f"上一次在 {span(now - beat)}前, 提醒和升级都不会发出。"
    return found


def _is_late(moment: datetime | None, now: datetime, limit: timedelta) -> bool:
    return moment is not None and now - moment > limit


def _many(count: int) -> str:
    return f"至少 {count}" if count == _COUNTED else str(count)
