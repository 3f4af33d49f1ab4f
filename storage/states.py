"""The words that rows are kept in: states, kinds and channels, as stored and as checked."""

from enum import StrEnum


class Channel(StrEnum):
    """The way a message goes in or out."""

    APP = "app"  # the self-built app: direct messages
    ROBOT = "robot"  # a group's webhook robot: out only
    APPCHAT = "appchat"  # a group the app has made: out only
    AIBOT = "aibot"  # the intelligent robot
    SANDBOX = "sandbox"


class InboxState(StrEnum):
    """Where a kept message stands."""

    WAITING = "waiting"
    DONE = "done"
    QUARANTINED = "quarantined"  # authentic but stale, or malformed inside
    ASIDE = "aside"  # raised; the next ones go on without it


class OutboxState(StrEnum):
    """Where a message to be said stands."""

    NEW = "new"
    RETRY = "retry"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"  # dead letter
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How one attempt ended; without an outcome it counts as unknown (R9)."""

    OK = "ok"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class ScoreEntryKind(StrEnum):
    """What is added to the points that are counted from events."""

    GIVEN = "given"  # a point given by hand, with its reason
    APPEAL = "appeal"  # 申诉
    RULING = "ruling"  # what the office decided about an appeal


class BrakeScope(StrEnum):
    """What an emergency brake holds; answers to whoever types always leave."""

    ALL = "all"
    UNIT = "unit"  # what is for the people and the group of one unit
    KIND = "kind"  # one kind of message, by its place in the order of leaving
    VOLUME = "volume"  # pulled by itself: all but answers and the top grades
    RESTORED = "restored"  # what a restored backup still wanted to say


class SubjectType(StrEnum):
    """What a clock or a timer belongs to (decision 3)."""

    CASE = "case"
    ASSIGNMENT = "assignment"
    APPROVAL = "approval"
    TASK = "task"
    BROADCAST = "broadcast"
    ROSTER = "roster"


class ClockState(StrEnum):
    """Whether a clock still runs, and how it ended."""

    RUNNING = "running"
    SETTLED = "settled"  # the step was done
    MOVED = "moved"  # the duty went to another holder
    CANCELLED = "cancelled"  # nobody waits for it any more


class TimerState(StrEnum):
    """Where a moment to wake at stands."""

    PENDING = "pending"
    FIRED = "fired"
    SKIPPED = "skipped"  # fell due in an outage, a later one was said instead (R7)
    CANCELLED = "cancelled"
    ASIDE = "aside"  # raised too often; an alarm says so


class ReportKind(StrEnum):
    """What a report is to its case."""

    NEW = "new"
    REPEAT = "repeat"
    SUPPLEMENT = "supplement"


class EvidenceState(StrEnum):
    """Where a picture or recording stands."""

    WAITING = "waiting"  # to be fetched from the platform
    KEPT = "kept"
    REFUSED = "refused"  # too large, no picture, gone: `reason` says it


class ApprovalKind(StrEnum):
    """What somebody entitled is asked to decide."""

    GRADE = "grade"  # 定级
    SIGNOFF = "signoff"  # 签批
    DRAFT = "draft"  # 回应稿审核
    EXTENSION = "extension"  # 延期
    CLOSE = "close"  # 办结审核
    UPWARD = "upward"  # 上报


class ApprovalState(StrEnum):
    """What became of an approval. Silence leaves it pending for ever (decision 5)."""

    PENDING = "pending"
    GRANTED = "granted"
    CONDITIONAL = "conditional"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ShiftSource(StrEnum):
    """Where a shift of the duty desk comes from; what is said in chat wins over the roster."""

    ROSTER = "roster"
    CHAT = "chat"


class ChangeState(StrEnum):
    """Whether a change of shifts holds: only once the other side has agreed."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"


class HushKind(StrEnum):
    """Why a reminder is held."""

    PHONED = "phoned"  # 电话通知
    MUTE = "mute"  # 免打扰


class CardState(StrEnum):
    """Whether what a card asks is still wanted."""

    OPEN = "open"
    SETTLED = "settled"  # answered, or not wanted any more: pressing says so


class ChatState(StrEnum):
    """Where the group chat of a case stands."""

    ASKED = "asked"  # the platform has not made it yet
    OPEN = "open"
    CLOSED = "closed"  # its case has ended
    FAILED = "failed"  # the platform will not make it; the office was told why


class SignInWay(StrEnum):
    """How somebody signed in to the pages."""

    WECOM = "wecom"  # inside WeCom's client
    QR = "qr"  # on a desktop, by scanning
    LINK = "link"  # by a personal link, used once


class OneTimeKind(StrEnum):
    """What something good for one use is."""

    LINK = "link"  # a personal link for signing in
    STATE = "state"  # of a sign-in with the platform
    CODE = "code"  # of the platform, brought back from there
    FORM = "form"  # pressed once, however often it arrives


class PaperState(StrEnum):
    """Where a paper stands. Silence leaves it where it is (decision 5)."""

    DRAFTING = "drafting"  # a version is being printed
    CHECKING = "checking"  # its checker is asked
    RETURNED = "returned"  # to be written again
    APPROVED = "approved"
    SENT = "sent"

    @property
    def label(self) -> str:
        """The words officers use."""
        return _PAPERS[self]


_PAPERS = {
    PaperState.DRAFTING: "正在生成",
    PaperState.CHECKING: "待核稿",
    PaperState.RETURNED: "退回修改",
    PaperState.APPROVED: "已核定",
    PaperState.SENT: "已报送",
}


class VersionState(StrEnum):
    """Where a version of a paper stands."""

    WAITING = "waiting"  # to be printed
    READY = "ready"
    FAILED = "failed"  # `notes` says why
