"""The 通报 of last month: its office is reminded in time, and again when the day has passed.

The scorecard says until which day of the month it goes out (`publish_by`; 10 by default). Said
with the morning report, each reminder once: a second morning finds its message put already.
"""

from datetime import datetime

from cases.beijing import in_beijing
from cases.broadcasts import BroadcastKind
from cases.notices import Notice, Priority, ToRole
from cases.papers.model import Kind
from cases.people import Role
from cases.scores.months import Month, month_of
from handlers.desk import Desk
from handlers.drafting import order_of_period
from handlers.post import Origin, Post
from storage.work import Work

_DAYS_BEFORE = 3
_OFFICE = (Role.OFFICE_DIRECTOR, Role.ASSESSOR)


def after_broadcast(
    work: Work, desk: Desk, kind: BroadcastKind, slot: datetime, now: datetime
) -> None:
    """After the morning report: remind of the 通报 of last month where it has not gone out."""
    rules = desk.rulebook(desk.rulebook_in_force).scores
    month, day = month_of(slot).before, in_beijing(slot).day
    if kind is not BroadcastKind.MORNING or rules is None:
        return
    if day < max(1, rules.publish_by - _DAYS_BEFORE) or not _is_awaited(work, month):
        return
    is_late = day > rules.publish_by
    draft = _draft(work, desk, month, slot)
    until = f"{rules.publish_by} 日前要发" + (", 已经过了" if is_late else "")
    text = (
        f"【考核】{month.said}考核通报还没有发, {until}。"
        f"先看全文请回复「发{month}考核通报」, 看过再点发出。{draft}"
    )
    roles = (*_OFFICE, Role.DEPUTY_LEADER) if is_late else _OFFICE
    notices = [
        Notice(ToRole(role), text, "score-due", "考核通报提醒", Priority.DIGEST, is_optional=True)
        for role in roles
    ]
    slot_name = f"{'late' if is_late else 'due'}.{month}"
    Post(work, desk, now).tell(notices, Origin("score", "0", slot_name))


def _is_awaited(work: Work, month: Month) -> bool:
    """Whether there was anything to score in the month and its notice has not gone out."""
    had_cases = work.scores.had_cases(month.starts, month.ends)
    return had_cases and work.scores.notice(str(month)) is None


def _draft(work: Work, desk: Desk, month: Month, slot: datetime) -> str:
    """Order the 通报 on paper, once; return what is said about it."""
    if Kind.BULLETIN not in desk.drafts:
        return ""
    if work.papers.find(Kind.BULLETIN, "", str(month)) is None:
        order_of_period(work, Kind.BULLETIN, str(month), now=slot)
    return "通报的文稿已起草, 请一并核。"
