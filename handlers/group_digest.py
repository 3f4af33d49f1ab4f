"""Many notices for one group at one time become one post: a storm rings it once."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.notices import Priority
from cases.payload import robot_text
from cases.wording.digest import group_text
from handlers.daily_line import MERGED
from storage.outbox import NewMessage
from storage.records import MessageRecord
from storage.states import Channel
from storage.work import Work

FEW = 4  # fewer are posted one by one
KIND = "group-digest"
_LATELY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Posted:
    """A post in one line, with whom it mentions."""

    line: str
    mentions: tuple[str, ...]


def merge_posts(work: Work, robot: str, now: datetime) -> None:
    """Merge the notices for a group that nobody has begun to post; an unsent merger joins in.

    Posts of a clock stay by themselves: they are dropped with their clock.
    """
    waiting = work.records.unsent_posts(robot, now - _LATELY)
    if len(waiting) < FEW and not any(one.kind == KIND for one in waiting):
        return
    merged = [one for one in waiting if work.records.supersede(one.id, MERGED)]
    posted = [line for one in merged for line in _lines(one)]
    if not posted:
        return
    mentions = tuple(dict.fromkeys(userid for one in posted for userid in one.mentions))
    text = group_text([one.line for one in posted])
    work.outbox.put(
        NewMessage(
            key=f"{KIND}|{robot}|{now.isoformat()}|{merged[-1].id}",
            kind=KIND,
            channel=Channel.ROBOT,
            recipient=robot,
            payload=robot_text(text, mentions),
            reason=f"同一时刻给本群的 {len(posted)} 条通知合并为一条",
            priority=int(Priority.NOTICE),
            next_at=now,
            mentions=mentions,
        )
    )


def _lines(message: MessageRecord) -> list[_Posted]:
    body = json.loads(message.payload)["text"]
    mentions = tuple(body.get("mentioned_list", ()))
    head, *rest = str(body["content"]).splitlines()
    if message.kind == KIND:
        items = [line.removeprefix("· ") for line in rest if line.startswith("· ")]
        return [_Posted(item, mentions) for item in items]
    return [_Posted(f"{head} {rest[0]}" if rest else head, mentions)]
