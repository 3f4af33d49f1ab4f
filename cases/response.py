"""What a case says in public and upward: the reply text, leaders' orders, 特报, 发布会."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

RESPOND = "回应"  # the names of the steps that the office can say are not needed
PRESS = "发布会"


class ReplyStage(StrEnum):
    """Where the text of the public answer stands."""

    DRAFTED = "drafted"  # the office checks it (审核)
    REVIEWED = "reviewed"  # the leader of the level is asked (签发)
    RETURNED = "returned"  # to be written again
    CONDITIONAL = "conditional"  # agreed under a condition: not publishable until the edit is in
    ISSUED = "issued"  # may be published, word for word
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """The words officers use."""
        return _LABELS[self]


_LABELS = {
    ReplyStage.DRAFTED: "回应稿待审核",
    ReplyStage.REVIEWED: "回应稿待签发",
    ReplyStage.RETURNED: "回应稿退回修改",
    ReplyStage.CONDITIONAL: "原则同意, 待按批示修改",
    ReplyStage.ISSUED: "已签发待发布",
    ReplyStage.PUBLISHED: "已发布",
}
_WITH_OTHERS = frozenset({ReplyStage.DRAFTED, ReplyStage.REVIEWED})


@dataclass(frozen=True, slots=True)
class Reply:
    """The latest version of the text; earlier versions stand in the history."""

    version: int
    text: str  # exactly as drafted: what is approved is what is published
    unit: str
    drafted_by: str
    stage: ReplyStage = ReplyStage.DRAFTED
    condition: str = ""  # the leader's, verbatim, until the edit is found to be in
    conditional_by: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A leader's order to a unit that has not reported on it yet (批示)."""

    unit: str
    by: str
    words: str  # verbatim


@dataclass(frozen=True, slots=True)
class Instruction:
    """A leader's free words read as tasks; nothing happens until somebody entitled taps."""

    number: int
    by: str
    words: str  # verbatim
    units: tuple[str, ...]
    lead: str = ""
    demand: str = ""
    deadline: datetime | None = None  # the leader's own, in natural hours: overrides the rulebook


@dataclass(frozen=True, slots=True)
class Response:
    """Everything of a case that is said in public or upward."""

    reply: Reply | None = None
    published: int = 0  # how many statements are out
    waived: tuple[str, ...] = ()  # steps the office has said, with a reason, are not needed
    reported_up: bool = False  # 特报
    press_held: bool = False
    tracking_until: datetime | None = None  # 跟踪: until when a rebound is looked for
    published_at: datetime | None = None  # of the last statement: every look counts from it
    looks: int = 0  # how often it was looked since
    instructions: int = 0  # counted, so that an old tap never means a new order
    instruction: Instruction | None = None
    orders: tuple[Order, ...] = ()
    awaits_answer: bool = False  # reported done without a public answer: the office has to say
    decider: str = ""  # the role to which the decision was passed upward (阅示)

    @property
    def is_answered(self) -> bool:
        """Whether the case has its public answer, or the office has said that it needs none."""
        return self.published > 0 or RESPOND in self.waived

    @property
    def is_under_review(self) -> bool:
        """Whether the office or a leader has the text."""
        return self.reply is not None and self.reply.stage in _WITH_OTHERS

    def without_open_reply(self) -> "Response":
        """The same where the unit has changed: its unpublished text goes with it."""
        if self.reply is None or self.reply.stage is ReplyStage.PUBLISHED:
            return self
        return replace(self, reply=replace(self.reply, stage=ReplyStage.RETURNED))


NOTHING_SAID = Response()
