"""Many reminders for one person at one moment become one message (勿扰: 并入汇总)."""

import json
from datetime import datetime

from cases.notices import Priority
from cases.payload import app_text
from cases.wording.digest import Reminder, digest_text
from handlers.daily_line import MERGED
from handlers.desk import Desk
from storage.outbox import NewMessage
from storage.records import MessageRecord
from storage.states import Channel
from storage.timers import DueTimer
from storage.work import Work

FEW = 4  # fewer are sent one by one
TOP_ROWS = (1, 2)
KIND = "digest"


def gather(work: Work, desk: Desk, timer: DueTimer, now: datetime) -> None:
    """Merge what the timer has just put with the other reminders of the same beat, per person.

    Only reminders of rows 3 and 4 that nobody has begun to send; answers, escalations and top
    grades always leave by themselves. A digest still unsent is merged into the next.
    """
    if timer.clock_id is None:
        return
    for userid in sorted(work.records.reminded_now(timer.clock_id, now)):
        unsent = work.records.unsent_of(userid, now, int(Priority.REMINDER))
        if len(unsent) < FEW and not any(one.kind == KIND for one in unsent):
            continue
        waiting = [one for one in unsent if one.kind == KIND or not _is_top(work, desk, one)]
        if len(waiting) >= FEW or any(one.kind == KIND for one in waiting[:-1]):
            _merge(work, desk, userid, waiting, now)


def _is_top(work: Work, desk: Desk, message: MessageRecord) -> bool:
    clock = work.clocks.get(message.clock_id) if message.clock_id is not None else None
    if clock is None or clock.case_id is None:
        return True  # not a reminder of a case: left alone
    case = work.cases.load(clock.case_id)
    row = desk.rulebook(case.rulebook_id).clocks.row(case.working_level)
    return case.is_drill or row in TOP_ROWS


def _merge(
    work: Work, desk: Desk, userid: str, waiting: list[MessageRecord], now: datetime
) -> None:
    merged = [one for one in waiting if work.records.supersede(one.id, MERGED)]
    if not merged:
        return
    # Read from the reminders themselves: an earlier digest may not have had room for all of them.
    reminders = [_in_one_line(one) for one in work.records.merged_since(userid, now, MERGED)]
    key = f"digest|{userid}|{now.isoformat()}|{merged[-1].id}"
    text = digest_text(reminders)
    work.outbox.put(
        NewMessage(
            key=key,
            kind=KIND,
            channel=Channel.APP,
            recipient=userid,
            payload=app_text(desk.agent_id, userid, text, key=key),
            reason=f"同一时刻 {len(reminders)} 条提醒合并为一条",
            priority=int(Priority.REMINDER),
            next_at=now,
        )
    )


def _in_one_line(message: MessageRecord) -> Reminder:
    content = str(json.loads(message.payload)["text"]["content"])
    head, *rest = content.splitlines()
    said = f"{head} {rest[0]}" if rest else head
    taps = [line.split(": ", 1)[1] for line in rest if line.startswith("回复数字即可: ")]
    return Reminder(f"{said} [{taps[0]}]" if taps else said)
