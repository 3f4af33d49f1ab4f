"""Monitoring rounds: 零报告, and who has said nothing."""

from datetime import datetime, time

from cases.beijing import in_beijing
from cases.broadcasts import BroadcastKind, round_meant, slot_name
from cases.people import Person, Role
from cases.permissions import Action
from handlers import said
from handlers.desk import Desk
from handlers.said import Slots
from handlers.talk import Talk
from storage.work import Work


def rounds_of(desk: Desk) -> tuple[time, ...]:
    """Return the rounds of a day."""
    return tuple(
        clock for one in desk.broadcasts if one.kind is BroadcastKind.ROUND for clock in one.times
    )


def zero_report(talk: Talk, slots: Slots) -> str:
    """零报告: the speaker has looked in this round and found nothing."""
    talk.permit(Action.REPORT)
    slot = round_meant(rounds_of(talk.desk), talk.now, said.text(slots, "round"))
    if slot is None:
        day = f"{in_beijing(talk.now):%Y-%m-%d}"
        name = f"{day} {said.text(slots, 'round')}".strip()
        what = "今天"
    else:
        name = slot_name(slot)
        what = f"{in_beijing(slot):%H:%M} 轮"
    kept = talk.work.roster.zero_report(name, talk.person.userid, talk.words, talk.now)
    return f"已记{what}零报告。" if kept else f"{what}零报告已经记过, 不用再报。"


def missing(
    work: Work, rounds: tuple[time, ...], slot: datetime, now: datetime
) -> tuple[Person, ...]:
    """Return the informants who said nothing in the round of `slot`: no report, no zero report."""
    since = _round_before(rounds, slot)
    done = work.roster.zero_reporters(slot_name(slot)) | work.roster.reporters_since(since, now)
    return tuple(p for p in work.people.with_role(Role.INFORMANT) if p.userid not in done)


def _round_before(rounds: tuple[time, ...], slot: datetime) -> datetime:
    """What was reported since the round before, or since midnight, counts for this one."""
    local = in_beijing(slot)
    before = [clock for clock in rounds if clock < local.time()]
    clock = max(before, default=time(0))
    return local.replace(hour=clock.hour, minute=clock.minute, second=0).astimezone(slot.tzinfo)
