"""电话通知 by command: a call for each who is late, beside what the duty officer is shown."""

from collections.abc import Iterable
from datetime import datetime

from cases.model import Case
from cases.notices import Priority
from cases.people import Person
from cases.phone_call import KIND, PhoneCall, payload_of
from cases.wording.reminders import Awaited, by_phone
from storage.clocks import Clock
from storage.outbox import NewMessage
from storage.states import Channel
from storage.work import Work


def place(work: Work, clock: Clock, case: Case, people: Iterable[Person], *, now: datetime) -> None:
    """Let the operator's command call these people about the clock; who has no phone is left out.

    The call belongs to the clock: it is not made once the step is done, and never twice.
    """
    awaited = Awaited(clock.step, "", clock.due_at)
    for person in people:
        if not person.phone:
            continue
        call = PhoneCall(person.phone, person.name, case.number, by_phone(case, awaited, now))
        subject = f"{clock.subject_type}.{clock.subject_id}"
        work.outbox.put(
            NewMessage(
                key=f"{KIND}|{subject}|{clock.step}|{person.userid}|{clock.generation}",
                kind=KIND,
                channel=Channel.APP,
                recipient=person.userid,
                payload=payload_of(call),
                reason=f"{clock.step}超时, 电话通知 (命令)",
                priority=int(Priority.ESCALATION),
                next_at=now,
                case_id=case.id,
                clock_id=clock.id,
                generation=clock.generation,
            )
        )
