"""What the words about an event need beside the case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cases.people import Role
from cases.wording.moments import clock_time


@dataclass(frozen=True, slots=True)
class Telling:
    """What the words need beside the case: names, moments, and who decides at this level."""

    now: datetime
    title: str  # already encoded for chat
    source: str  # 抖音 · 王小雨 报
    link: str = ""
    units: Mapping[str, str] = field(default_factory=dict)  # unit id -> name
    people: Mapping[str, str] = field(default_factory=dict)  # userid -> name
    dues: Mapping[str, datetime] = field(default_factory=dict)  # step -> due, of this event
    confirmer: Role = Role.OFFICE_DIRECTOR  # who confirms the grade
    approver: Role = Role.DEPUTY_LEADER  # who signs off and closes
    informed: tuple[Role, ...] = ()  # leaders whom the rulebook has told at this level (告知范围)
    informs_unit_leader: bool = False
    top_grade: bool = False
    deciders: tuple[Role, ...] = (Role.DEPUTY_LEADER,)  # who is asked to decide now
    mentions: tuple[str, ...] = ()
    listed: bool = False  # the office is shown it in a list, not by itself
    past: tuple[str, ...] = ()  # past cases like it, in words: at most two

    def unit(self, unit_id: str) -> str:
        """The unit's name as the directory has it."""
        return self.units.get(unit_id, unit_id)

    def person(self, userid: str) -> str:
        """The person's name as the directory has it."""
        return self.people.get(userid, userid)

    def when(self, step: str) -> str:
        """The moment by which `step` is due, in words; "" where no clock runs."""
        due = self.dues.get(step)
        return clock_time(due, self.now) if due else ""
