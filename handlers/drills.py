"""Drills (演练): begun and ended, their steps set as timers, their result read back."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases import commands, events
from cases.beijing import say_moment
from cases.case_clocks import OFFICE
from cases.drills.marking import MARK, marked
from cases.drills.scenario import Scenario, Step, kept, minutes, steps_of
from cases.drills.sheet import Call, DrillSheet, Link, outcome_of
from cases.drills.story_time import StoryTime
from cases.errors import RefusalError
from cases.events.reminding import Phoned
from cases.model import Case
from cases.notices import Notice, Priority, ToRole
from cases.people import Person, Role
from cases.permissions import LEADERS
from cases.wording import drills as words
from handlers.carry_out import carry_out
from handlers.desk import Act, Desk
from handlers.drafting import order_of_drill
from handlers.post import Origin, Post
from storage.cases import Entry
from storage.clocks import Clock
from storage.drills import Drill, NewDrill
from storage.states import ClockState, SubjectType
from storage.timers import NewTimer
from storage.work import Work

TIMER = "演练"
END = "end"
_TOLD = (Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR, *sorted(LEADERS))
_RESULT_TO = (Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR)
_CALL = "phone-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which drill is to begin, and how fast (0: as it is written)."""

    scenario: Scenario
    by: Person
    speed: int = 0


def begin(work: Work, desk: Desk, wanted: Wanted, now: datetime) -> Drill:
    """Begin a drill, set the moments of its steps, and tell those who take part.

    Raises:
        RefusalError: another one is under way.
    """
    other = work.drills.under_way()
    if other is not None:
        raise RefusalError(f"演练「{other.name}」还在进行, 请先回复: 结束演练")
    scenario, by = wanted.scenario, wanted.by
    story = scenario.starts or now
    pace = wanted.speed or scenario.speed
    drill = work.drills.begin(NewDrill(scenario.name, kept(scenario), now, by.userid, story, pace))
    time = time_of(drill)
    moments = [(f"step-{nth}", step.after) for nth, step in enumerate(scenario.steps)]
    for slot, after in (*moments, (END, scenario.lasts)):
        at = time.to_real(drill.story_at + minutes(after))
        work.timers.set(_timer(drill, slot, at))
    said = words.begun(scenario.name, scenario.about, pace, say_moment(story))
    _tell(work, desk, drill, (said, "begin", _TOLD), now)
    _audit(work, drill, by, "drill.begin", now)
    return drill


def _timer(drill: Drill, slot: str, at: datetime) -> NewTimer:
    return NewTimer(
        subject_type=SubjectType.TASK,
        subject_id=drill.id,
        kind=TIMER,
        slot=slot,
        addressee="",
        generation=1,
        due_at=at,
        leaves_at=at,
    )


def _tell(
    work: Work, desk: Desk, drill: Drill, what: tuple[str, str, tuple[Role, ...]], now: datetime
) -> None:
    text, slot, roles = what
    notices = [
        Notice(ToRole(role), marked(text), "drill", "演练", Priority.NOTICE, is_optional=True)
        for role in roles
    ]
    Post(work, desk, now).tell(notices, Origin("drill", str(drill.id), slot))


def _audit(work: Work, drill: Drill, by: Person, action: str, now: datetime) -> None:
    work.audit.append(
        actor=by.userid,
        role="、".join(sorted(by.roles)),
        action=action,
        object_type="drill",
        object_id=str(drill.id),
        result="done",
        details={"name": drill.name, "speed": drill.speed},
        now=now,
    )


def end(work: Work, desk: Desk, drill: Drill, by: Person, now: datetime) -> DrillSheet | None:
    """End a drill: its open cases are withdrawn with all that waited; None when it was over."""
    over = replace(drill, ended_at=now, ended_by=by.userid)
    result = sheet(work, over, now)  # as it stood: ending it settles every clock
    if not work.drills.end(drill.id, by.userid, now):
        return None
    for case_id in work.drills.cases(drill.id):
        case = work.cases.load(case_id)
        if case.is_open:
            command = commands.Withdraw("演练结束", by_office=True)
            carry_out(work, desk, case, command, Act(by, "结束演练", ""), now=now)
        work.outbox.cancel_for_case(case_id, "演练已结束", now)
    _tell(work, desk, drill, (words.sheet_words(result, now), "end", _RESULT_TO), now)
    _audit(work, drill, by, "drill.end", now)
    order_of_drill(work, desk, drill.id, now)
    return result


def step_of(drill: Drill, slot: str) -> Step | None:
    """Return the step of a timer's slot, None where it is none."""
    number = slot.removeprefix("step-")
    steps = steps_of(drill.scenario)
    return steps[int(number)] if number.isdigit() and int(number) < len(steps) else None


def time_of(drill: Drill) -> StoryTime:
    """Return what time it is in a drill."""
    return StoryTime(drill.began_at, drill.story_at, drill.speed)


def sheet(work: Work, drill: Drill, now: datetime) -> DrillSheet:
    """Return how a drill went, or goes: for chat, page and paper."""
    cases = [work.cases.load(case_id) for case_id in work.drills.cases(drill.id)]
    until = drill.ended_at or now
    chain: list[Link] = []
    calls: list[Call] = []
    for case in cases:
        # A duty that went to another holder is awaited of that one.
        clocks = [c for c in work.clocks.of_case(case.id) if c.state is not ClockState.MOVED]
        chain += [_link(work, case, clock, until) for clock in clocks]
        calls += _calls(case, clocks, work.cases.history(case.id))
    return DrillSheet(
        name=drill.name,
        about=str(drill.scenario.get("about", "")),
        began_at=drill.began_at,
        ended_at=drill.ended_at,
        story_at=drill.story_at,
        speed=drill.speed,
        by=work.people.name_of(drill.began_by),
        cases=tuple((c.short_number, c.title.removeprefix(MARK), c.state.label) for c in cases),
        chain=tuple(sorted(chain, key=lambda link: (link.asked_at, link.due_at))),
        calls=tuple(sorted(calls, key=lambda call: call.asked_at)),
    )


def _link(work: Work, case: Case, clock: Clock, until: datetime) -> Link:
    unit = work.people.unit(clock.holder)
    # What the end of the drill itself has settled was still awaited when it came.
    ended_at = clock.ended_at if clock.ended_at is not None and clock.ended_at < until else None
    is_done = clock.state is ClockState.SETTLED and ended_at is not None
    done_at = ended_at if is_done else None
    dropped = ended_at is not None and not is_done
    return Link(
        number=case.short_number,
        step=clock.step,
        who=unit.name if unit else "舆情办" if clock.holder == OFFICE else clock.holder,
        asked_at=clock.started_at,
        due_at=clock.due_at,
        done_at=done_at,
        done_by=work.people.name_of(clock.ended_by) if is_done and clock.ended_by else "",
        outcome=outcome_of(
            clock.due_at,
            done_at,
            was_dropped=dropped,
            now=ended_at if dropped and ended_at is not None else until,
        ),
    )


def _calls(case: Case, clocks: list[Clock], history: tuple[Entry, ...]) -> list[Call]:
    found = []
    for entry in history:
        event = entry.event
        if not isinstance(event, events.Reminded) or not event.slot.startswith(_CALL):
            continue
        made = next(
            (
                one
                for one in history
                if isinstance(one.event, Phoned)
                and one.at >= entry.at
                and (one.event.step, one.event.holder) == (event.step, event.holder)
            ),
            None,
        )
        done = next(
            (
                clock.ended_at
                for clock in clocks
                if clock.state is ClockState.SETTLED
                and (clock.step, clock.holder) == (event.step, event.holder)
                and clock.ended_at is not None
                and made is not None
                and clock.ended_at >= made.at
            ),
            None,
        )
        whom = made.event.whom if made and isinstance(made.event, Phoned) else ""
        made_at = made.at if made else None
        found.append(Call(case.short_number, event.step, entry.at, made_at, whom, done))
    return found
