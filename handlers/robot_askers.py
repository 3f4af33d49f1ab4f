"""Who speaks through the intelligent robot: its ids may be encrypted (decision 17)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from cases.messages import Heard
from storage.work import Work

# An id that led to nobody in the directory is asked about again: somebody may have been entered.
ASKED_AGAIN = timedelta(minutes=10)


def known(work: Work, heard: Heard, now: datetime) -> Heard | None:
    """Return the message under its sender's userid, before any permission is asked.

    None: the platform has to be asked first; that is noted. A sender whom it does not know either
    stays a stranger, and is told whom to ask.
    """
    if heard.chat is None or work.people.person(heard.sender) is not None:
        return heard
    asker = work.robot_users.who(heard.chat.asker)
    if asker is not None and asker.userid is not None and work.people.person(asker.userid):
        return replace(heard, sender=asker.userid)
    if asker is None or asker.asked_at is None or now - asker.asked_at >= ASKED_AGAIN:
        work.robot_users.want(heard.chat.asker, now)
        return None
    return replace(heard, sender=asker.userid) if asker.userid else heard


def userid_of(work: Work, asker: str) -> str | None:
    """Return the userid of somebody as the robot names them; None: not known yet, or nobody."""
    if work.people.person(asker) is not None:
        return asker.casefold()
    found = work.robot_users.who(asker)
    return found.userid if found else None


def told(work: Work, found: Mapping[str, str | None], waits_as: str, now: datetime) -> None:
    """Take the platform's answer, and let what these people have said be heard now.

    `found` gives the userid of each id asked about, None of one it does not know; `waits_as` is
    what their messages were put aside for.
    """
    for open_id, userid in found.items():
        work.robot_users.answered(open_id, userid.casefold() if userid else None, now)
        work.inbox.requeue_asked(open_id, waits_as)
