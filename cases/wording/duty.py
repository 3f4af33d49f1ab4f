"""The words of the duty desk: shifts, the card of a handover (交接班)."""

from dataclasses import dataclass
from datetime import datetime

from cases.beijing import in_beijing
from cases.encoding import wecom_field
from cases.wording.moments import clock_time

_MOST = 6
_WORDS_BYTES = 400


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One case handed over: what it waits for next."""

    number: str
    title: str
    state: str
    step: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandoverCard:
    """What is handed over, by whom to whom; `counted` is how many cases the speaker named."""

    leaves: str
    takes: str
    at: datetime
    open_cases: tuple[OpenCase, ...]
    words: str
    counted: int | None


def stretch(start: datetime, end: datetime, now: datetime) -> str:
    """Return from when to when: 18:00 至 明天 08:30."""
    same_day = in_beijing(start).date() == in_beijing(end).date()
    until = f"{in_beijing(end):%H:%M}" if same_day else clock_time(end, now)
    return f"{clock_time(start, now)} 至 {until}"


def handover_card(card: HandoverCard) -> str:
    """Return the card: the open cases as the database has them, beside what was said."""
    count = len(card.open_cases)
    lines = [f"【交班】{card.leaves} → {card.takes} {clock_time(card.at, card.at)}"]
    if card.counted is not None and card.counted != count:
        lines.append(f"未结 {count} 件 (交班人说 {card.counted} 件, 请核对)")
    else:
        lines.append(f"未结 {count} 件")
    for one in card.open_cases[:_MOST]:
        due = ""
        if one.due_at is not None:
            late = ", 已超时" if one.due_at < card.at else ""
            due = f", {one.step} {clock_time(one.due_at, card.at)}{late}"
        lines.append(f"· {one.number} {wecom_field(one.title, 60)}: {one.state}{due}")
    if count > _MOST:
        lines.append(f"· … 另有 {count - _MOST} 件, 可回复「列一下在办的」")
    lines.append(f"交班人说: {wecom_field(card.words, _WORDS_BYTES)}")
    return "\n".join(lines)
