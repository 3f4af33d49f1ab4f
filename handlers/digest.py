"""Many reminders for one person at one moment become one message (勿扰: 并入汇总)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.notices import Priority
from cases.payload import app_text
from cases.wording.digest import Reminder, digest_text
from handlers.daily_line import MERGED
from handlers.desk import Desk
from storage.gathering import DIGEST, Unsent, Waiting
from storage.outbox import NewMessage
from storage.records import MessageRecord
from storage.states import Channel
from storage.work import Work

FEW = 4  # fewer are sent one by one
PACE = 50  # seconds between two digests of one crowd for one person: a long one gives three at most
_OF_CROWD = timedelta(seconds=5)  # the beats of several replicas begin so far apart at most


@dataclass(frozen=True, slots=True)
class Look:
    """A look at what waits: when, whether its beat is over, and the last that rang a crowd."""

    now: datetime
    is_over: bool = True
    crowd: datetime | None = None


def gather(work: Work, desk: Desk, waiting: Waiting, look: Look) -> bool:
    """Make one digest of what waits for a person, or let few go; whether some of it still waits.

    Only reminders of rows 3 and 4 wait at all; answers, escalations and top grades leave by
    themselves. A digest still unsent is merged into the next. While a crowd rings, which takes a
    while, few wait for more, and after a digest the next is at least `PACE` away.
    """
    rows = work.gathering.lock(waiting.ids)
    if not rows:
        return False
    unsent = work.gathering.unsent(waiting.recipient)
    pace = f"digest:{waiting.recipient}"
    is_of_crowd = look.crowd is not None and rows[0].first_at <= look.crowd + _OF_CROWD
    was_told = is_of_crowd and work.budgets.used(pace, PACE, look.now) > 0
    if unsent is None and was_told:
        return True
    if not look.is_over and (unsent is not None or len(rows) < FEW):
        return True  # more of them is to come, and nothing of it has left
    if unsent is None and len(rows) < FEW:
        work.gathering.let_go([one.id for one in rows])
        return False
    _merge(work, desk, waiting.recipient, (rows, unsent))
    if unsent is None:
        work.budgets.take(pace, 1, PACE, look.now)
    return False


def _merge(
    work: Work, desk: Desk, userid: str, what: tuple[Sequence[MessageRecord], Unsent | None]
) -> None:
    rows, unsent = what
    earlier = []
    # Read from the reminders themselves: the digest may not have had room for all of them.
    if unsent is not None and work.records.supersede(unsent.id, MERGED):
        earlier = work.gathering.held_by(unsent)
    merged = [*earlier, *rows]
    moment = min(one.first_at for one in merged)
    # One made anew without what is done meanwhile holds fewer: never the same key.
    key = f"{DIGEST}|{userid}|{moment.isoformat()}|{merged[-1].id}|{len(merged)}"
    work.gathering.merge([one.id for one in merged], key, MERGED)
    text = digest_text([_in_one_line(one) for one in merged])
    work.outbox.put(
        NewMessage(
            key=key,
            kind=DIGEST,
            channel=Channel.APP,
            recipient=userid,
            payload=app_text(desk.agent_id, userid, text, key=key),
            reason=f"同一时刻 {len(merged)} 条提醒合并为一条",
            priority=int(Priority.REMINDER),
            next_at=moment,
        )
    )


def _in_one_line(message: MessageRecord) -> Reminder:
    content = str(json.loads(message.payload)["text"]["content"])
    head, *rest = content.splitlines()
    said = f"{head} {rest[0]}" if rest else head
    taps = [line.split(": ", 1)[1] for line in rest if line.startswith("回复数字即可: ")]
    return Reminder(f"{said} [{taps[0]}]" if taps else said)
