"""试运行: everything is computed, only the office is spoken to; and the day it goes live."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from cases.beijing import at_beijing, in_beijing
from cases.encoding import wecom_field
from cases.model import Case
from cases.notices import Notice, Priority, Recipient, ToRole, ToUnit
from cases.people import Role
from cases.wording.moments import clock_time
from handlers.desk import Desk
from handlers.post import Origin, Post
from storage.clocks import Clock
from storage.states import Channel
from storage.trials import SPOKEN_TO, Unsaid
from storage.work import Work

PLACES = {
    Priority.TOP_GRADE: "最高等级件",
    Priority.ESCALATION: "升级提醒",
    Priority.REMINDER: "提醒",
    Priority.NOTICE: "通知",
    Priority.DIGEST: "播报",
}
NOT_SENT = "试运行期间只算不发"
_MOST_LINES, _MOST_CASES = 20, 12
_TITLE_BYTES = 60


def begin(work: Work, by: str, now: datetime) -> bool:
    """Begin a trial; False where one is under way."""
    if not work.trials.begin(by, now):
        return False
    _audit(work, "trial.begun", by, {}, now)
    return True


def begin_once(work: Work, now: datetime) -> bool:
    """Begin the trial that the configuration asks for, unless one was ended here before."""
    return not work.trials.ended() and begin(work, "configuration", now)


def tell_evening(work: Work, desk: Desk, evening: time, now: datetime) -> bool:
    """Give the office the day's list once, from `evening` on; whether it was given now."""
    trial = work.trials.current()
    today = at_beijing(in_beijing(now).date(), evening)
    if trial is None or now < today or trial.listed_until >= today:
        return False
    unsaid = work.trials.unsaid(trial.listed_until, now)
    text = evening_words(work, unsaid, trial.listed_until, now)
    told = [
        Notice(ToRole(role), text, "trial-list", "试运行: 今日本应发出", Priority.DIGEST)
        for role in SPOKEN_TO
    ]
    Post(work, desk, now).tell(told, Origin("trial", "list", today.isoformat()))
    work.trials.listed(now)
    return True


def evening_words(work: Work, unsaid: Sequence[Unsaid], since: datetime, now: datetime) -> str:
    """Return the day's list in the words of chat."""
    head = f"今日本应发出 {len(unsaid)} 条 ({clock_time(since, now)} 以来"
    if not unsaid:
        return f"{head}), 没有要发给舆情办以外的人的。今后的提醒照常计算。"
    names = _Names(work)
    lines = [f"{head}, 都没有发): {counted(unsaid)}。"]
    lines += [names.line(one, now) for one in unsaid[:_MOST_LINES]]
    if len(unsaid) > _MOST_LINES:
        lines.append(f"… 另有 {len(unsaid) - _MOST_LINES} 条, 管理员运行 main.py trial 看全部")
    return "\n".join(lines)


def counted(unsaid: Sequence[Unsaid]) -> str:
    """Return how many of each kind, the most urgent first."""
    kinds = Counter(one.priority for one in unsaid)
    return "、".join(f"{PLACES[Priority(place)]} {kinds[place]}" for place in sorted(kinds))


def listing(work: Work, unsaid: Sequence[Unsaid], now: datetime) -> list[str]:
    """Return each message in a line: when, to whom, about what, why."""
    names = _Names(work)
    return [names.line(one, now) for one in unsaid]


class _Names:
    """How recipients and cases are called, each looked up once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._units = {unit.id: unit.name for unit in work.people.units()}
        self._people = {person.userid: person for person in work.people.people()}
        self._cases: dict[int, Case] = {}

    def line(self, one: Unsaid, now: datetime) -> str:
        about = f" {self._case(one.case_id)}" if one.case_id is not None else ""
        return f"{clock_time(one.first_at, now)} {self._recipient(one)}{about} {one.reason}"

    def _recipient(self, one: Unsaid) -> str:
        if one.channel is Channel.ROBOT:
            return f"{one.recipient}群"
        person = self._people.get(one.recipient.casefold())
        if person is None:
            return "案件工作群" if one.channel is Channel.APPCHAT else one.recipient
        unit = self._units.get(person.unit_id or "", "")
        return f"{person.name} ({unit})" if unit else person.name

    def _case(self, case_id: int) -> str:
        if case_id not in self._cases:
            self._cases[case_id] = self._work.cases.load(case_id)
        return self._cases[case_id].short_number


@dataclass(frozen=True, slots=True)
class Departure:
    """What going live does: how much is cancelled, and the one summary for each who has cases."""

    unsaid: tuple[Unsaid, ...]
    summaries: tuple[tuple[Recipient, str], ...]


def departure(work: Work, now: datetime) -> Departure:
    """Return what going live would do now; nothing is changed."""
    found = list(_of_units(work, now))
    asked = work.approvals.pending()
    for role in sorted({row.asked_role for row in asked}):
        mine = sum(row.asked_role == role for row in asked)
        if Role(role) not in SPOKEN_TO:
            text = f"督办已正式运行。等您批示的有 {mine} 件, 请回复「我的待办」查看。"
            found.append((ToRole(Role(role)), text))
    return Departure(tuple(work.trials.waiting()), tuple(found))


def go_live(post: Post, by: str) -> Departure:
    """End the trial: what was not said never is, who has cases is told once, clocks go on."""
    work, now = post.work, post.now
    found = departure(work, now)
    dropped = work.trials.drop(NOT_SENT)
    work.trials.end(by, now)
    origin = Origin("trial", "live", now.isoformat())
    for to, text in found.summaries:
        notice = Notice(to, text, "trial-live", "试运行结束, 在办汇总", Priority.NOTICE)
        post.tell((notice,), origin)
    text = (
        f"试运行结束, 从现在起提醒发给所有人。作废 {dropped} 条, 汇总 {len(found.summaries)} 条。"
    )
    told = [
        Notice(ToRole(role), text, "trial-ended", "试运行结束", Priority.NOTICE, is_optional=True)
        for role in SPOKEN_TO
    ]
    post.tell(told, origin)
    _audit(work, "trial.ended", by, {"dropped": dropped, "summaries": len(found.summaries)}, now)
    return found


def _of_units(work: Work, now: datetime) -> Iterator[tuple[Recipient, str]]:
    """One summary for the liaison of each unit with a running clock."""
    for unit in work.people.units():
        running = work.clocks.running_of(unit.id)
        if not running:
            continue
        first: dict[int, Clock] = {}
        for clock in running:
            if clock.case_id is not None:
                first.setdefault(clock.case_id, clock)
        lines = [_due(work.cases.load(case_id), clock, now) for case_id, clock in first.items()]
        shown = lines[:_MOST_CASES]
        if len(lines) > _MOST_CASES:
            shown.append(f"… 另有 {len(lines) - _MOST_CASES} 件, 回复「我的待办」看全部")
        head = f"督办已正式运行, 今后的交办和提醒发给您。贵单位在办 {len(lines)} 件, 请以下面为准:"
        yield ToUnit(unit.id), "\n".join([head, *shown])


def _due(case: Case, clock: Clock, now: datetime) -> str:
    title = wecom_field(case.title, _TITLE_BYTES)
    late = " (已超时)" if clock.due_at < now else ""
    until = clock_time(clock.due_at, now)
    return f"{case.short_number}《{title}》{case.working_level} {clock.step} {until}{late}"


def _audit(work: Work, action: str, by: str, details: dict[str, object], now: datetime) -> None:
    work.audit.append(
        actor=by,
        role="",
        action=action,
        object_type="trial",
        object_id="",
        result="done",
        details=details,
        now=now,
    )
