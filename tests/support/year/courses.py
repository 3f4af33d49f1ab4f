"""The course of every case as the list of commands has it: which clock runs for whom until when.

Nothing of the engine's is asked: the commands, the rulebook's data, and the rules that a clock
starts and ends by (docs/time.md) are all there is.
"""

from dataclasses import dataclass, field, replace

from tests.support.year.book import Book
from tests.support.year.script import ENDS, Act, Deed, Script

OFFICE = "office"
CASE, PART, ASKED = "case", "assignment", "approval"
_NEVER = (1 << 60, 0)

_GIVEN = ("签收", "首报", "办结")

Order = tuple[int, int]  # a moment, and the phase within it


@dataclass(slots=True)
class Clock:
    """One clock at one deadline and grade; another deadline or ladder is another one."""

    case: int  # its id
    subject: tuple[str, int]
    step: str
    holder: str
    level: str
    since: int  # the deadline counts from here
    counted: Order  # when it was counted: no rung is due before
    due: int
    is_leaders: bool = False
    started: Order = (0, 0)  # from when on it runs as it is here
    ended: Order = _NEVER
    goes_on: "Clock | None" = None  # the same clock on another ladder, until it ended


@dataclass(slots=True)
class _Part:
    unit: str
    is_lead: bool
    is_signed: bool = False
    deadline: int = 0


@dataclass(slots=True)
class _Case:
    id: int
    level: str
    registered: int
    parts: list[_Part] = field(default_factory=list)
    lead: int = 0  # the number of the leading part, from 1; 0: none
    reports: int = 0
    published: int = 0
    looks: int = 0  # since the publication
    told_up: bool = False
    answered: bool = False
    no_press: bool = False
    plan: str = ""
    running: list[Clock] = field(default_factory=list)
    drafts: list[tuple[Order, bool]] = field(default_factory=list)  # a text waits for 审核 or not
    levels: list[tuple[Order, str]] = field(default_factory=list)
    ended: Order = _NEVER


class Courses:
    """Follows the commands of one town."""

    def __init__(self, book: Book, script: Script) -> None:
        self._book, self.script = book, script
        self._cases: dict[int, _Case] = {}
        self._by_id: dict[int, _Case] = {}
        self.clocks: list[Clock] = []
        for act in script.acts:
            if act.case >= 0:
                self._follow(act)
        self._of_case: dict[int, list[Clock]] = {}
        for clock in self.clocks:
            self._of_case.setdefault(clock.case, []).append(clock)
        self._tops = [
            case
            for case in self._cases.values()
            if any(book.rows[level] == 1 for _, level in case.levels)
        ]

    def ends(self) -> dict[int, Order]:
        """When each case ended, by its id."""
        return {case.id: case.ended for case in self._cases.values()}

    def is_text_awaited(self, case: int, at: Order) -> bool:
        """Whether a text for the public waits for the office at that moment (审核)."""
        waits = [is_text for since, is_text in self._by_id[case].drafts if since < at]
        return bool(waits) and waits[-1]

    def running(self, case: int, at: int) -> list[Clock]:
        """The clocks of a case that run at a moment, what happens at that very moment done."""
        now = (at, 9)
        return [one for one in self._of_case.get(case, []) if one.started <= now < one.ended]

    def level_at(self, case: int, at: int) -> str:
        """The level of a case at a moment."""
        return [level for since, level in self._by_id[case].levels if since <= (at, 9)][-1]

    def told_of_top_grades(self, at: Order) -> set[str]:
        """Who hears of the cases of row 1 that are open then, as the rulebook names them."""
        told: set[str] = set()
        for case in self._tops:
            if at < case.ended:
                level = [one for since, one in case.levels if since < at][-1:]
                told.update(*(self._book.told[one] for one in level if self._book.rows[one] == 1))
        return told

    def _follow(self, act: Act) -> None:  # noqa: C901, PLR0912, PLR0915 - the whole course at a glance
        now = (act.at, act.phase)
        if act.deed is Deed.REGISTER:
            case = _Case(self.script.ids[act.case], act.level, act.at)
            case.levels.append((now, act.level))
            self._cases[act.case] = self._by_id[case.id] = case
            self._start(case, now, (CASE, 0), "定级交办", OFFICE)
            self._whole(case, now)
            return
        case = self._cases[act.case]
        own, lead = (CASE, 0), (PART, case.lead)
        match act.deed:
            case Deed.CONFIRM:
                if act.level != case.level:
                    self._regrade(case, now, act.level)
            case Deed.REGRADE:
                self._regrade(case, now, act.level)
            case Deed.ASK_SIGNOFF:
                case.plan = act.unit
                self._stop(case, now, own, "定级交办", "签批")
                self._start(case, now, own, "签批", OFFICE)
            case Deed.REFUSE_SIGNOFF:
                self._stop(case, now, own, "签批")
                self._start(case, now, own, "定级交办", OFFICE)
            case Deed.SIGNOFF:
                self._stop(case, now, own, "签批")
                self._give(case, now, case.plan)
            case Deed.ASSIGN:
                self._give(case, now, act.unit)
            case Deed.COOP:
                case.parts.append(_Part(act.unit, is_lead=False))
                self._start(case, now, (PART, len(case.parts)), "签收", act.unit)
            case Deed.SIGN:
                nth = self._part_of(case, act.unit)
                case.parts[nth - 1].is_signed = True
                self._stop(case, now, (PART, nth), "签收")
            case Deed.DECLINE:
                self._stop_all(case, now, case.lead)
                self._start(case, now, own, "定级交办", OFFICE)
                self._hand_over(case, now, OFFICE)
            case Deed.UPHOLD:
                self._stop(case, now, own, "定级交办")
                steps = ("首报", "办结") if case.parts[case.lead - 1].is_signed else _GIVEN
                for step in steps:
                    self._start(case, now, lead, step, act.unit)
                self._hand_over(case, now, act.unit)
            case Deed.TRANSFER:
                self._stop_all(case, now, case.lead)
                self._give(case, now, act.unit)
            case Deed.REPORT:
                self._report(case, now, is_last=act.is_last)
            case Deed.REPORT_UP:
                case.told_up = True
                self._stop(case, now, own, "上报")
            case Deed.WAIVE:
                case.answered = True
                self._stop(case, now, own, "回应")
            case Deed.PRESS:
                case.no_press = True
                self._stop(case, now, own, "发布会")
            case Deed.DRAFT:
                case.drafts.append((now, True))
                self._stop(case, now, own, "审核", "签发")
                self._start(case, now, own, "审核", OFFICE)
            case Deed.PASS:
                case.drafts.append((now, False))
                self._stop(case, now, own, "审核")
                self._start(case, now, own, "签发", OFFICE)
            case Deed.ISSUE:
                self._stop(case, now, own, "签发")
                self._start(case, now, lead, "发布", case.parts[case.lead - 1].unit)
            case Deed.PUBLISH:
                case.answered = True
                self._stop(case, now, own, "回应")
                self._stop(case, now, lead, "发布")
                case.published, case.looks = act.at, 0
                self._look_next(case, now)
            case Deed.LOOK:
                self._stop(case, now, lead, "跟踪")
                case.looks += 1
                self._look_next(case, now)
            case Deed.EXTEND:
                self._start(case, now, (ASKED, case.lead), "审核", OFFICE)
            case Deed.GRANT:
                self._stop(case, now, (ASKED, case.lead), "审核")
                case.parts[case.lead - 1].deadline = act.until
                if self._stop(case, now, lead, "办结"):
                    self._close_by(case, now, act.until)
            case Deed.DENY:
                self._stop(case, now, (ASKED, case.lead), "审核")
            case Deed.ASK_CLOSE:
                self._stop_all(case, now, case.lead)
                self._start(case, now, own, "审核", OFFICE)
            case Deed.SEND_BACK:
                self._stop(case, now, own, "审核")
                deadline = case.parts[case.lead - 1].deadline
                if deadline:
                    self._close_by(case, now, deadline)
                else:
                    self._start(case, now, lead, "办结", case.parts[case.lead - 1].unit)
            case Deed.PHONE | Deed.MUTE:
                pass  # they hold reminders, never a clock
            case _:
                assert act.deed in ENDS
        if act.deed in ENDS:
            case.ended = now
            for clock in case.running:
                clock.ended = now
            case.running.clear()
            if act.deed is Deed.CLOSE and case.published:  # asked once more what is still ahead
                self._look_next(case, now)

    def _part_of(self, case: _Case, unit: str) -> int:
        """The part a unit has, the latest where it had several; the leading one if none is said."""
        if not unit:
            return case.lead
        return max(nth for nth, part in enumerate(case.parts, start=1) if part.unit == unit)

    def _whole(self, case: _Case, now: Order) -> None:
        """What runs for the whole case from 登记, unless it runs or is met."""
        holder = case.parts[case.lead - 1].unit if case.lead else OFFICE
        wanted = (
            ("上报", OFFICE, case.told_up),
            ("回应", holder, case.answered),
            ("发布会", OFFICE, case.no_press),
        )
        for step, who, is_met in wanted:
            if not is_met and all(one.step != step for one in case.running):
                self._start(case, now, (CASE, 0), step, who, since=case.registered)

    def _give(self, case: _Case, now: Order, unit: str) -> None:
        """交办: the unit's clocks start, and it answers for the public answer from now on."""
        case.parts.append(_Part(unit, is_lead=True))
        case.lead = len(case.parts)
        self._stop(case, now, (CASE, 0), "定级交办")
        for step in _GIVEN:
            self._start(case, now, (PART, case.lead), step, unit)
        self._hand_over(case, now, unit)

    def _report(self, case: _Case, now: Order, *, is_last: bool) -> None:
        part = case.parts[case.lead - 1]
        if not part.is_signed:
            part.is_signed = True
            self._stop(case, now, (PART, case.lead), "签收")
        case.reports += 1
        self._stop(case, now, (PART, case.lead), "首报", "续报")
        if not is_last:
            self._start(case, now, (PART, case.lead), "续报", part.unit, nth=case.reports)

    def _look_next(self, case: _Case, now: Order) -> None:
        """跟踪: every look counts from the publication."""
        unit = case.parts[case.lead - 1].unit
        subject, nth = (PART, case.lead), case.looks + 1
        due = self._book.due(case.level, "跟踪", case.published, nth)
        while case.ended == now and due is not None and due <= now[0]:
            nth += 1
            due = self._book.due(case.level, "跟踪", case.published, nth)
        self._start(case, now, subject, "跟踪", unit, since=case.published, nth=nth)

    def _hand_over(self, case: _Case, now: Order, holder: str) -> None:
        """回应 goes to another holder, who has until the same moment."""
        for clock in [one for one in case.running if one.step == "回应" and one.holder != holder]:
            self._stop(case, now, (CASE, 0), "回应")
            self._run(case, replace(clock, holder=holder, counted=now, ended=_NEVER), now)

    def _regrade(self, case: _Case, now: Order, level: str) -> None:
        """Every deadline counts anew from its own start; a leader's own stands."""
        book = self._book
        case.level = level
        case.levels.append((now, level))
        for clock in list(case.running):
            nth = {"续报": max(case.reports, 1), "跟踪": case.looks + 1}.get(clock.step, 1)
            due = clock.due if clock.is_leaders else book.due(level, clock.step, clock.since, nth)
            if due == clock.due and self._rhythm(clock) == self._rhythm(
                replace(clock, level=level)
            ):
                clock.level = level
                continue
            clock.ended = now
            case.running.remove(clock)
            if due is not None:
                again = replace(clock, level=level, counted=now, due=due, ended=_NEVER)
                if due == clock.due:  # the same deadline, another ladder: nothing is said twice
                    again.counted, again.goes_on = clock.counted, clock
                self._run(case, again, now)
        self._whole(case, now)

    def _rhythm(self, clock: Clock) -> tuple[str, int]:
        """What decides when the rungs of a clock leave, beside its deadline."""
        row = self._book.rows[clock.level]
        return self._book.ladder(clock.level, clock.step).name, 1 if row in {1, 2} else row

    def _start(  # noqa: PLR0913 - one clock, spelled out
        self,
        case: _Case,
        now: Order,
        subject: tuple[str, int],
        step: str,
        holder: str,
        *,
        since: int | None = None,
        nth: int = 1,
    ) -> None:
        start = now[0] if since is None else since
        due = self._book.due(case.level, step, start, nth)
        if due is not None:
            clock = Clock(case.id, subject, step, holder, case.level, start, now, due)
            self._run(case, clock, now)

    def _close_by(self, case: _Case, now: Order, until: int) -> None:
        unit = case.parts[case.lead - 1].unit
        subject = (PART, case.lead)
        clock = Clock(case.id, subject, "办结", unit, case.level, now[0], now, until)
        clock.is_leaders = True
        self._run(case, clock, now)

    def _run(self, case: _Case, clock: Clock, now: Order) -> None:
        clock.started = now
        case.running.append(clock)
        self.clocks.append(clock)

    def _stop(self, case: _Case, now: Order, subject: tuple[str, int], *steps: str) -> bool:
        ending = [one for one in case.running if one.subject == subject and one.step in steps]
        for clock in ending:
            clock.ended = now
            case.running.remove(clock)
        return bool(ending)

    def _stop_all(self, case: _Case, now: Order, part: int) -> None:
        """Nothing more is awaited of a part, nor of a leader about it."""
        for clock in list(case.running):
            if clock.subject in {(PART, part), (ASKED, part)}:
                clock.ended = now
                case.running.remove(clock)
