"""After an outage: from when to when nothing was sent, and what became of what was due."""

from datetime import datetime, timedelta

from cases.notices import Notice, Priority, ToRole
from cases.people import Role
from cases.wording.duty import stretch
from cases.wording.moments import span
from handlers.desk import Desk
from handlers.post import Origin, Post
from storage.work import Work

_SHORT = timedelta(minutes=10)  # told though nothing was missed in it
_HEARS = (Role.ADMINISTRATOR, Role.OFFICE_DIRECTOR, Role.DUTY_OFFICER)


def tell_outage(work: Work, desk: Desk, since: datetime, now: datetime) -> None:
    """Tell the office and the administrators once; a short one that cost nothing is no news."""
    found = work.records.caught_up(since, now)
    if not found.late and not found.left_out and now - since < _SHORT:
        return
    text = (
        f"【停机】{stretch(since, now, now)} 停机 {span(now - since)}; "
        f"补发 {found.late} 条, 作废 {found.left_out} 条。"
    )
    if found.left_out:
        text += "作废的是同一时限更早的提醒和过时的播报, 不再补发。"
    told = [Notice(ToRole(role), text, "outage", "停机补发", Priority.NOTICE) for role in _HEARS]
    Post(work, desk, now).tell(told, Origin("outage", since.isoformat(), ""))
