"""One transaction over everything that is remembered, as one small store for each part."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, text

from storage.admin import AdminChangeStore
from storage.alarms import AlarmStore
from storage.approvals import ApprovalStore
from storage.audit import AuditStore, Sealing
from storage.behind import BehindStore
from storage.board import BoardStore
from storage.brakes import BrakeStore
from storage.budgets import BudgetStore
from storage.cards import CardStore
from storage.case_lists import CaseListStore
from storage.cases import CaseStore
from storage.chats import ChatStore
from storage.clocks import ClockStore
from storage.columns import is_postgres
from storage.day_sums import DaySumStore
from storage.drills import DrillStore
from storage.evidence import EvidenceStore
from storage.gathering import GatheringStore
from storage.hushes import HushStore
from storage.inbox import InboxStore
from storage.intake import IntakeStore
from storage.leases import LeaseStore
from storage.library import LibraryStore
from storage.openings import OpeningStore
from storage.outbox import OutboxStore
from storage.paper_counts import PaperCounts
from storage.papers import PaperStore
from storage.people import PeopleStore
from storage.periods import PeriodStore
from storage.questions import QuestionStore
from storage.records import RecordStore
from storage.retention import RetentionStore
from storage.robot_users import RobotUserStore
from storage.roster import RosterStore
from storage.rulebooks import RulebookStore
from storage.scores import ScoreStore
from storage.sessions import SessionStore
from storage.settings import SettingStore
from storage.source_keys import SourceKeyStore
from storage.stale import StaleStore
from storage.statistics import StatisticsStore
from storage.subject import SubjectStore
from storage.timers import TimerFloor, TimerStore
from storage.titles import TitleStore
from storage.tokens import TokenStore
from storage.trials import TrialStore
from storage.wake import NOTIFY_CHANNEL

_NOTIFY = text(f"SELECT pg_notify('{NOTIFY_CHANNEL}', '')")


@dataclass(frozen=True, slots=True)
class Shared:
    """What all transactions of one process share."""

    sealing: Sealing
    timer_floor: TimerFloor
    notifies: bool  # whether other processes listen for our commits


class Work:
    """The stores of one transaction. Valid inside its `with` block only."""

    def __init__(self, connection: Connection, shared: Shared, *, only_reads: bool) -> None:
        self._connection, self._shared = connection, shared
        self.inbox = InboxStore(connection)
        self.brakes = BrakeStore(connection, TrialStore(connection))
        self.outbox = OutboxStore(connection, self.brakes)
        self.timers = TimerStore(connection, shared.timer_floor)
        self.clocks = ClockStore(connection, self.timers, self.outbox)
        self.cases = CaseStore(connection, only_reads=only_reads)
        self.evidence = EvidenceStore(connection)
        self.intake = IntakeStore(connection)
        self.case_lists = CaseListStore(connection)
        self.people = PeopleStore(connection)
        self.audit = AuditStore(connection, shared.sealing)
        self.cards = CardStore(connection)
        self.chats = ChatStore(connection)
        self.questions = QuestionStore(connection)
        self.approvals = ApprovalStore(connection)
        self.rulebooks = RulebookStore(connection)
        self.tokens = TokenStore(connection)
        self.budgets = BudgetStore(connection)
        self.alarms = AlarmStore(connection)
        self.roster = RosterStore(connection)
        self.periods = PeriodStore(connection)
        self.hushes = HushStore(connection)
        self.records = RecordStore(connection)
        self.settings = SettingStore(connection)
        self.leases = LeaseStore(connection)
        self.robot_users = RobotUserStore(connection)
        self.sessions = SessionStore(connection)
        self.openings = OpeningStore(connection)
        self.board = BoardStore(connection)

    @cached_property
    def gathering(self) -> GatheringStore:
        """Reminders that wait for the others of their moment."""
        return GatheringStore(self._connection)

    @property
    def subjects(self) -> SubjectStore:
        """What is kept about somebody, wherever it is."""
        return SubjectStore(self._connection)

    @cached_property
    def drills(self) -> DrillStore:
        """The drills."""
        return DrillStore(self._connection)

    @property
    def trials(self) -> TrialStore:
        """The trial, which holds messages as a brake does."""
        return self.brakes.trials

    @cached_property
    def papers(self) -> PaperStore:
        """Papers: ordered, printed, checked, sent."""
        return PaperStore(self._connection)

    @property
    def counts(self) -> PaperCounts:
        """What periodicals count."""
        return PaperCounts(self._connection)

    @property
    def statistics(self) -> StatisticsStore:
        """The facts that statistics are made of."""
        return StatisticsStore(self._connection)

    @property
    def behind(self) -> BehindStore:
        """What stands behind numbers of the statistics."""
        return BehindStore(self._connection)

    @property
    def day_sums(self) -> DaySumStore:
        """What each day adds to the statistics, kept ready."""
        return DaySumStore(self._connection)

    @property
    def stale(self) -> StaleStore:
        """What is no longer as it was kept."""
        return StaleStore(self._connection)

    @property
    def titles(self) -> TitleStore:
        """Finding cases by their titles."""
        return TitleStore(self._connection)

    @cached_property
    def scores(self) -> ScoreStore:
        """What scores are counted from."""
        return ScoreStore(self._connection)

    @cached_property
    def library(self) -> LibraryStore:
        """The case library."""
        return LibraryStore(self._connection)

    @property
    def retention(self) -> RetentionStore:
        """Erasing what has been kept long enough."""
        return RetentionStore(self._connection)

    @property
    def admin_changes(self) -> AdminChangeStore:
        """What administrators changed on the pages."""
        return AdminChangeStore(self._connection)

    @property
    def source_keys(self) -> SourceKeyStore:
        """Keys of the reports interface that were given on the pages."""
        return SourceKeyStore(self._connection)

    @property
    def wakes(self) -> bool:
        """Whether this transaction has made something to do for others."""
        made = self.outbox.has_put or self.timers.has_set or self.evidence.has_added
        made = made or self.brakes.has_released or self.papers.has_ordered
        return self.inbox.has_kept or self.robot_users.has_wanted or made

    def finish(self) -> None:
        """Write what belongs at the very end of the transaction."""
        self.audit.write()
        if self.wakes and self._shared.notifies and is_postgres(self._connection):
            self._connection.execute(_NOTIFY)
