"""A step of a drill has come: it is heard as if it had been typed, with the mark before it."""

from datetime import datetime

from cases.drills.marking import MARK
from cases.drills.scenario import CASE, Step
from cases.messages import Heard, HeardKind
from cases.notices import ToRole
from cases.people import Person, Role
from handlers import drills
from handlers.desk import Desk
from handlers.hear import Hearing
from handlers.post import people_of
from storage.drills import Drill
from storage.timers import DueTimer
from storage.work import Work

_CLOCK = Person("duban", "督办", frozenset({Role.OFFICE_DIRECTOR}))  # ends what nobody ends


def ring(work: Work, timer: DueTimer, now: datetime, desk: Desk) -> None:
    """Let the next words of a drill be heard, or end it at its time."""
    drill = work.drills.drill(timer.subject_id)
    if drill.ended_at is not None:
        work.timers.skipped(timer.id, now, "演练已结束")
        return
    if timer.slot == drills.END:
        drills.end(work, desk, drill, _CLOCK, now)
        work.timers.fired(timer.id, now, "演练到时结束")
        return
    step = drills.step_of(drill, timer.slot)
    speaker = None if step is None else _speaker(work, step, now)
    if step is None or speaker is None:
        work.timers.skipped(timer.id, now, f"名录里没有{step.by.value if step else '这一步'}")
        return
    Hearing(desk)(work, _heard(work, (drill, timer.slot), step, speaker, now), now)
    work.timers.fired(timer.id, now, f"演练: {step.by.value}发话")


def _speaker(work: Work, step: Step, now: datetime) -> Person | None:
    return next(iter(people_of(work, ToRole(step.by), now)), None)


def _heard(
    work: Work, which: tuple[Drill, str], step: Step, speaker: Person, now: datetime
) -> Heard:
    drill, slot = which
    cases = work.drills.cases(drill.id)
    number = work.cases.load(cases[-1]).number if cases else ""
    return Heard(
        key=f"drill:{drill.id}:{slot}",
        channel="app",
        agent_id="",
        sender=speaker.userid,
        kind=HeardKind.TEXT,
        sent_at=now,
        text=MARK + step.says.replace(CASE, number),
    )
