"""Rows as tests write them: only what a test is about has to be said."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

from cases.model import Case, Proposal, State
from storage.cases import NewCase, NewLink
from storage.clocks import Clock, NewClock
from storage.database import Database
from storage.inbox import InboxRecord
from storage.outbox import NewMessage
from storage.states import Channel, SubjectType
from storage.timers import NewTimer
from storage.work import Work

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 09:00 in Beijing
SECOND = timedelta(seconds=1)

Answer = TypeVar("Answer")


def heard(key: str, sender: str = "wang") -> InboxRecord:
    return InboxRecord(
        key=key,
        channel=Channel.APP,
        agent_id="1000002",
        sender=sender,
        created_at=NOW,
        received_at=NOW,
        envelope=b"sealed " + key.encode(),
        timestamp="1763600400",
        nonce="n0nce",
        signature="5" * 40,
    )


def message(key: str, *, priority: int = 1, next_at: datetime = NOW) -> NewMessage:
    return NewMessage(
        key=key,
        kind="notice",
        channel=Channel.APP,
        recipient="li",
        payload=f'{{"content":"{key}"}}',
        reason="交办通知",
        priority=priority,
        next_at=next_at,
        mentions=("li",),
    )


def reminder(key: str, clock: Clock, *, channel: Channel = Channel.APP) -> NewMessage:
    return NewMessage(
        key=key,
        kind="remind",
        channel=channel,
        recipient="li",
        payload="{}",
        reason="签收提醒",
        priority=4,
        next_at=NOW,
        case_id=clock.case_id,
        clock_id=clock.id,
        generation=clock.generation,
    )


def timer(slot: str = "D-1", *, leaves_at: datetime = NOW, clock: Clock | None = None) -> NewTimer:
    return NewTimer(
        subject_type=SubjectType.CASE,
        subject_id=1,
        kind="签收",
        slot=slot,
        addressee="holder",
        generation=1 if clock is None else clock.generation,
        due_at=leaves_at,
        leaves_at=leaves_at,
        clock_id=None if clock is None else clock.id,
        case_id=None if clock is None else clock.case_id,
    )


def new_clock(case_id: int | None = None, step: str = "签收", holder: str = "zjj") -> NewClock:
    return NewClock(
        case_id=case_id,
        subject_type=SubjectType.CASE,
        subject_id=case_id or 1,
        step=step,
        holder=holder,
        started_at=NOW,
        counted_at=NOW,
        due_at=NOW + timedelta(minutes=15),
        basis="natural",
        computation=("09:00 起", "加 15 分钟"),
    )


def link(key: str) -> NewLink:
    return NewLink(
        link_key=key,
        url=f"https://{key}?from=share",
        canonical=f"https://{key}",
        platform="微博",
        kind="item",
        item_id="1",
        needs_expansion=False,
        added_by="wang",
        at=NOW,
    )


def open_case(work: Work, title: str = "路灯不亮", *, reported_by: str = "wang") -> Case:
    book = work.rulebooks.in_force()
    if book is None:
        book = work.rulebooks.add("city3", {}, digest="d", by="zhao", now=NOW)
        work.rulebooks.put_in_force(book.id)
    return work.cases.add(
        NewCase(
            number=work.cases.take_number(NOW.date()),
            title=title,
            state=State.REPORTED,
            rulebook_id=book.id,
            reported_by=reported_by,
            reported_at=NOW,
            proposal=Proposal(level="三级"),
        )
    )


def all_at_once(database: Database, times: int, act: Callable[[Work], Answer]) -> list[Answer]:
    """Carry `act` out in `times` threads that start together, each in its own transaction."""
    together = Barrier(8)

    def once(nth: int) -> Answer:
        if nth < together.parties:
            together.wait()
        return database.run(act)

    with ThreadPoolExecutor(together.parties) as pool:
        return list(pool.map(once, range(times)))
