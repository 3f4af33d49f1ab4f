"""What became of a message, named as it is: 排队 → 已提交 → 已点开 → 已签收."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.model import Case
from cases.people import Person
from cases.permissions import SEES_ALL
from cases.wording.moments import clock_time
from storage.board import CaseMessage
from storage.states import Channel, OutboxState
from storage.work import Work

_QUEUED = frozenset({OutboxState.NEW, OutboxState.RETRY, OutboxState.CLAIMED})


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a message has come; `step` is one of queued, sent, opened, signed, failed, dropped.

    已提交 means that the platform has taken it: nobody can know from outside that it was read.
    """

    step: str
    words: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the page shows it; the text only to whom it concerns."""

    at: datetime
    to: str
    reason: str
    delivery: Delivery
    text: str


def messages(work: Work, person: Person, case: Case, now: datetime) -> tuple[Sent, ...]:
    """Return the messages about the case that this person may see.

    The office and the leaders see all of them; others those to their own unit, and the text of
    what was said to themselves.
    """
    opened = work.openings.of_case(case.id)
    sees_all = person.is_any(*SEES_ALL)
    names = {one.userid: one for one in work.people.people()}
    own_robot = _own_robot(work, person)
    shown = []
    for one in work.board.messages(case.id):
        body = _body(one)
        if not body.keys() & {"msgtype", "call"} and one.state is not OutboxState.FAILED:
            continue  # a card that was brought up to date is no message of its own
        reader = names.get(one.recipient)
        if not (sees_all or _is_own(one, reader, person, own_robot)):
            continue
        to = f"{one.recipient}工作群" if one.channel is Channel.ROBOT else _called(work, one)
        is_whole = sees_all or one.recipient == person.userid
        delivery = delivered(one, case, opened, now)
        card = " (卡片)" if body.get("msgtype") == "template_card" else ""
        text = text_of(body) if is_whole else ""
        shown.append(Sent(one.first_at, to, f"{one.reason}{card}", delivery, text))
    return tuple(shown)


def _called(work: Work, one: CaseMessage) -> str:
    return work.people.name_of(one.recipient)


def _own_robot(work: Work, person: Person) -> str | None:
    unit = work.people.unit(person.unit_id) if person.unit_id else None
    return unit.robot if unit else None


def _is_own(one: CaseMessage, reader: Person | None, person: Person, robot: str | None) -> bool:
    if one.recipient == person.userid:
        return True
    if one.channel is Channel.ROBOT:
        return robot is not None and one.recipient == robot
    return reader is not None and person.unit_id is not None and reader.unit_id == person.unit_id


def delivered(
    one: CaseMessage,
    case: Case,
    opened: Mapping[str, tuple[datetime, datetime]],
    now: datetime,
) -> Delivery:
    """Return how far the message has come, in words that promise no more than is known."""
    if one.state in _QUEUED:
        return Delivery("queued", "排队")
    if one.state is OutboxState.FAILED:
        return Delivery("failed", f"没有送到: {one.error or '平台拒收'}")
    if one.state is OutboxState.CANCELLED or one.sent_at is None:
        return Delivery("dropped", f"没有发: {one.ended_reason or '不再需要'}")
    signed = next(
        (
            part.signed_at
            for part in case.assignments
            if part.signed_by == one.recipient and part.signed_at and part.signed_at >= one.sent_at
        ),
        None,
    )
    if signed is not None:
        return Delivery("signed", f"已签收 {clock_time(signed, now)}")
    last = opened.get(one.recipient)
    if last is not None and last[1] >= one.sent_at:
        return Delivery("opened", f"已点开 {clock_time(last[1], now)}")
    return Delivery("sent", f"已提交 {clock_time(one.sent_at, now)}")


def _body(one: CaseMessage) -> dict[str, object]:
    body = json.loads(one.payload)
    return body if isinstance(body, dict) else {}


def text_of(body: dict[str, object]) -> str:
    """Return the words of a rendered message, whichever kind it is."""
    call = body.get("call")
    if isinstance(call, dict):
        return str(call.get("text", ""))
    part = body.get(str(body.get("msgtype")))
    if not isinstance(part, dict):
        return ""
    title = part.get("main_title")
    above = title if isinstance(title, dict) else {}
    said = (part.get("content"), above.get("title"), above.get("desc"), part.get("sub_title_text"))
    return "\n".join(words for words in said if isinstance(words, str) and words)
