"""Deadlines in a message: which of its times is one, and for what."""

import re
from datetime import datetime

from cases.chat.message import Message
from cases.chat.times import DURATION, Moment, amount_of, find_moments, local
from cases.working_time import WorkingCalendar

_MARK_AFTER = re.compile(
    r"\s*(?:整|钟)?\s*(?:之前|以前|前|之内|以内|内|止|截止|为限|必须|务必|一定要?|必|"
    "给我|给个|要|就要|得|反馈|回复|回话|答复|报|首报|初报|办结|办完|见|拿出|上报|"
    "提交|出结果|报我|交|之后给)"
)
_MARK_BEFORE = re.compile(
    "(?:限期?|最多到?|最迟|最晚|不晚于|不迟于|截至|截止到?|延期?至|延期?到|宽限到|"
    "宽限至|延长至|延长到|推迟到|改到|改至|放宽到|到|至|给(?:你们?|他们)?|期限[::]?|"
    r"时限[::]?)\s*$"
)
_SPAN_BEFORE = re.compile(r"(?:限期?|再?给(?:你们?|他们)?|最多|务必|请?在|于)\s*$")
_SPAN_AFTER = re.compile(
    r"\s*(?:之?内|以内|之?后|[前,]?\s?(?:首报|初报|上?报|反馈|回复|回话|答复|办结|办完|"
    "办理完毕|处理完|给我|给|见|出|到场|完成|解决|必须|务必|要|拿))"
)
_MUST = re.compile(r"\s*(?:之?内|里)?\s*(?:必须|务必|一定|必|要办完|要办结)")
_KINDS = (
    ("first_report", re.compile("首报|初报|先报|初步报告|初步情况|速报")),
    ("close", re.compile("办结|办完|处理完|处置完|结案|销号|办理完毕|整改到位|整改完|完成整改")),
    ("response", re.compile("回应|答复网友|回复网友|公开|发布|对外")),
)

# The published calendar; the operator's own days off count where the clock is set (`workdays`).
_CALENDAR = WorkingCalendar()


def iso(at: datetime | None) -> str | None:
    """Return a time as the contract writes it."""
    return at.isoformat() if at else None


def deadline_of(message: Message) -> dict[str, object]:
    """Return the slots deadline, deadline_kind and workdays, as far as the message gives them."""
    text = message.said
    moments = find_moments(text, message.now)
    chosen = next((m for m in moments if _is_marked(m, text)), None)
    if chosen is None:
        later = [m for m in moments if not m.is_span and m.at >= message.now]
        chosen = later[-1] if later else None
    if chosen is None:
        return {}
    found: dict[str, object] = {"deadline": iso(_due(chosen, text, message.now))}
    if chosen.workdays:
        found["workdays"] = chosen.workdays
    kind = next(
        (name for name, words in _KINDS if words.search(text, max(chosen.start - 6, 0))), None
    )
    return found | ({"deadline_kind": kind} if kind else {})


def _is_marked(moment: Moment, text: str) -> bool:
    before, after = text[: moment.start], text[moment.end :]
    if moment.is_span:
        has_tail = text[moment.start : moment.end].endswith(("内", "后"))
        return has_tail or bool(_SPAN_AFTER.match(after) or _SPAN_BEFORE.search(before))
    if text[moment.start : moment.end].endswith("前"):
        return True
    return bool(_MARK_AFTER.match(after) or _MARK_BEFORE.search(before))


def _due(moment: Moment, text: str, now: datetime) -> datetime:
    if moment.workdays:
        return local(_CALENDAR.add_working_days(now, moment.workdays))
    is_today = moment.at.date() == now.date()
    if is_today and not moment.has_clock and _MUST.match(text, moment.end):
        return moment.at.replace(hour=23, minute=59, second=59)  # 今天必须…: to the last minute
    return moment.at


def extension_of(message: Message) -> dict[str, object]:
    """Return until when, or by how much, an extension is asked or granted."""
    found: dict[str, object] = {}
    for match in DURATION.finditer(message.said):
        amount = amount_of(match)
        if amount is None:
            continue
        name = {
            "工": "extend_workdays",
            "小": "extend_hours",
            "钟": "extend_hours",
            "h": "extend_hours",
            "天": "extend_days",
            "日": "extend_days",
            "自": "extend_days",
            "周": "extend_weeks",
            "星": "extend_weeks",
            "礼": "extend_weeks",
        }.get(match["unit"][0])
        if name:
            found.setdefault(name, int(amount) if amount == int(amount) else amount)
    moments = [m for m in find_moments(message.said, message.now) if not m.is_span]
    chosen = next(
        (m for m in moments if _is_marked(m, message.said)), moments[-1] if moments else None
    )
    if chosen:
        found["deadline"] = iso(_due(chosen, message.said, message.now))
    return found
