"""What a case is: its states, its assignments, and everything a decision about it needs."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cases.response import NOTHING_SAID, Response


class State(StrEnum):
    """Where a case stands: the procedure's steps, then the ends that are not 办结."""

    REPORTED = "reported"
    TRIAGE = "triage"
    GRADED = "graded"
    APPROVED = "approved"
    ASSIGNED = "assigned"
    SIGNED = "signed"
    VERIFYING = "verifying"
    HANDLING = "handling"
    REPLY_DRAFT = "reply_draft"
    REVIEWING = "reviewing"
    PUBLISHED = "published"
    TRACKING = "tracking"
    CLOSE_REQUESTED = "close_requested"
    CLOSED = "closed"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The word officers use."""
        return _LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self not in ENDED


_LABELS = {
    State.REPORTED: "待定级",
    State.TRIAGE: "研判中",
    State.GRADED: "已定级待交办",
    State.APPROVED: "待签批",
    State.ASSIGNED: "已交办待签收",
    State.SIGNED: "已签收",
    State.VERIFYING: "核实中",
    State.HANDLING: "处置中",
    State.REPLY_DRAFT: "已报回应稿",
    State.REVIEWING: "回应稿审核中",
    State.PUBLISHED: "已发布",
    State.TRACKING: "跟踪中",
    State.CLOSE_REQUESTED: "申请办结",
    State.CLOSED: "已办结",
    State.ARCHIVED: "已归档",
    State.WITHDRAWN: "已撤回",
    State.MERGED: "已合并",
    State.REFUSED: "不予受理",
}

ENDED = frozenset({State.CLOSED, State.ARCHIVED, State.WITHDRAWN, State.MERGED, State.REFUSED})


class Part(StrEnum):
    """A unit's part in a case."""

    LEAD = "lead"  # 主办
    COOP = "coop"  # 协办

    @property
    def label(self) -> str:
        """The word officers use."""
        return "主办" if self is Part.LEAD else "协办"


class AssignmentState(StrEnum):
    """Where one unit stands with its part."""

    ASSIGNED = "assigned"
    SIGNED = "signed"
    DONE = "done"
    DECLINED = "declined"  # asked to return it (退回), the office has not ruled yet
    MOVED = "moved"  # taken away: returned or transferred (转办)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit's part in a case, with its own clocks."""

    id: int
    unit_id: str
    part: Part
    state: AssignmentState
    assigned_by: str
    assigned_at: datetime
    signed_by: str | None = None
    signed_at: datetime | None = None
    demand: str = ""
    deadline: datetime | None = None  # a leader's or the office's own, overrides the rulebook
    handed_to: str | None = None  # the person of a section the liaison gave it to
    hand_signed_at: datetime | None = None  # when that person signed too

    @property
    def unsigned_section(self) -> str | None:
        """The person of a section whose signature is awaited, by userid."""
        return self.handed_to if self.hand_signed_at is None else None

    @property
    def is_live(self) -> bool:
        """Whether the unit still holds its part."""
        return self.state is not AssignmentState.MOVED


@dataclass(frozen=True, slots=True)
class Plan:
    """Units the office has decided on while the 签批 is awaited."""

    lead: str
    coop: tuple[str, ...] = ()
    demand: str = ""
    deadline: datetime | None = None
    report_by: datetime | None = None  # 首报, where the order names a time for it
    respond_by: datetime | None = None  # 回应, likewise


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rulebook and the duty catalogue propose; a human decides."""

    level: str
    reasons: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    would_change: tuple[str, ...] = ()  # 再有省级媒体报道即为一级
    lead: str | None = None
    coop: tuple[str, ...] = ()
    unit_reason: str = ""
    unit_question: str | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """More time a unit has asked for (延期), not yet ruled on."""

    assignment: int
    unit: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case as it stands. Storage keeps it; only `lifecycle` changes it."""

    id: int
    number: str  # YQ-20261120-007
    title: str
    state: State
    rulebook_id: int
    reported_by: str
    reported_at: datetime
    proposal: Proposal
    summary: str = ""
    appeal: str = ""
    platform: str = ""
    source_media: str = ""
    event_at: datetime | None = None
    level: str | None = None  # confirmed by a human, never before
    plan: Plan | None = None
    assignments: tuple[Assignment, ...] = ()
    reporters: tuple[str, ...] = ()  # in order; the first is who reported it
    missing: tuple[str, ...] = ()  # essentials nobody has given yet
    returns: int = 0  # 退回 already ruled on: after a ruling no second return
    extensions: int = 0  # 延期 granted so far, at most two
    extension: Extension | None = None  # asked for and not ruled on
    reports: int = 0  # 首报, 续报 … so far
    verdict: str | None = None
    supervised: bool = False  # 挂牌督办
    restricted: bool = False
    merged_into: str | None = None
    closed_at: datetime | None = None
    ending: str | None = None  # why the response should end (终止响应); a leader has to agree
    ended_from: State | None = None  # where it stood before it ended
    reopened: int = 0  # 反弹重开 so far
    linked_to: str | None = None  # the number of the case it was split off from, or rebounds
    drill: int | None = None  # the drill (演练) it was registered in: for ever, it is no real case
    version: int = 0
    response: Response = NOTHING_SAID  # the public answer, 特报, 发布会, leaders' orders
    facts: dict[str, object] = field(default_factory=dict)  # ticked flags, units as named

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state.is_open

    @property
    def is_drill(self) -> bool:
        """Whether it belongs to a drill: counted nowhere, marked wherever it is spoken of."""
        return self.drill is not None

    @property
    def short_number(self) -> str:
        """The part people say on the same day: 007."""
        return self.number.rsplit("-", 1)[1]

    @property
    def working_level(self) -> str:
        """The confirmed level, or the proposed one while nobody has confirmed."""
        return self.level or self.proposal.level

    @property
    def lead(self) -> Assignment | None:
        """The 主办 unit's assignment, if it has been made."""
        return next((a for a in self.assignments if a.is_live and a.part is Part.LEAD), None)

    def of_unit(self, unit_id: str) -> Assignment | None:
        """The live assignment of one unit."""
        return next((a for a in self.assignments if a.is_live and a.unit_id == unit_id), None)
