"""值班表: one shift edited, or a whole table taken in; what has begun is history and stays."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from cases.beijing import at_beijing, in_beijing
from cases.duty import Gap, Shift, gaps
from cases.errors import RefusalError
from cases.people import Person, Role
from cases.permissions import Action
from cases.wording.duty import stretch
from handlers.admin.changing import UNDO
from handlers.admin.deed import Deed, Proposed, State, Undoing, Wish, WrongFieldsError
from handlers.pages.fields import Field, FieldKind, Option
from handlers.setup import PAGES, ROSTER_OWNER
from storage.admin import AdminChange
from storage.states import ShiftSource
from storage.work import Work

KIND, BACK = "roster", "/admin/duty"
_LONGEST = timedelta(hours=72)  # as in a roster's file
_FARTHEST = timedelta(days=400)
_LOOK = timedelta(hours=48)
_A_WEEK = timedelta(days=7)
_MOST_ROWS, _MOST_LINES = 1500, 12
_COLUMNS = 3
_KEEP, _DROP = "保留", "取消这一班"
_HEADS = ("person", "人员", "姓名", "账号", "值班员")


@dataclass(frozen=True, slots=True)
class ShownShift:
    """One shift as the page shows it."""

    id: int
    name: str
    words: str
    origin: str  # 值班表, 聊天里报的, 汛期
    starts_at: datetime
    ends_at: datetime
    may_edit: bool


@dataclass(frozen=True, slots=True)
class DayOfWeek:
    """One day with its shifts."""

    day: date
    is_today: bool
    shifts: tuple[ShownShift, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday, and the gaps of the next 48 hours."""

    monday: date
    days: tuple[DayOfWeek, ...]
    gaps: tuple[str, ...]
    has_roster: bool


def week(work: Work, monday: date, now: datetime) -> Week:
    """Return the roster of a week."""
    start = at_beijing(monday, time(0))
    shifts = work.roster.shifts(start, start + _A_WEEK)
    shown = [(shift, _shown(work, shift, now)) for shift in shifts]
    today = in_beijing(now).date()
    days = tuple(
        DayOfWeek(
            day,
            day == today,
            tuple(one for shift, one in shown if in_beijing(shift.starts_at).date() == day),
        )
        for day in (monday + timedelta(days=nth) for nth in range(7))
    )
    near = work.roster.shifts(now - _LOOK, now + _LOOK)
    return Week(monday, days, tuple(_gap(one, now) for one in gaps(near, now)), bool(near))


def _gap(gap: Gap, now: datetime) -> str:
    return f"{stretch(gap.starts_at, gap.ends_at, now)} 没有人值班"


def _shown(work: Work, shift: Shift, now: datetime) -> ShownShift:
    start, end = in_beijing(shift.starts_at), in_beijing(shift.ends_at)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"次日 {end:%H:%M}"
    if end.date() > start.date() + timedelta(days=1):
        until = f"{end.month}月{end.day}日 {end:%H:%M}"
    origin = "聊天里报的" if shift.said else f"{shift.period}值班表" if shift.period else ""
    may_edit = not origin and shift.starts_at > now
    name = work.people.name_of(shift.userid)
    words = f"{start:%H:%M} 至 {until}"
    return ShownShift(shift.id, name, words, origin, shift.starts_at, shift.ends_at, may_edit)


def _officers(work: Work) -> list[Person]:
    return [p for p in work.people.people() if p.is_any(Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR)]


def _shift(wish: Wish) -> Shift | None:
    """The shift to come that the subject names, None for a new one.

    Raises:
        RefusalError: it has begun, is not of the roster, or is not there.
    """
    if not wish.subject:
        return None
    ahead = wish.work.roster.shifts(wish.now, wish.now + _FARTHEST)
    found = next((one for one in ahead if str(one.id) == wish.subject), None)
    if found is None:
        raise RefusalError("没有这一班, 或已经值完。")
    if found.said or found.period:
        raise RefusalError("聊天里报的班和特殊时期的班不在这里改。")
    if found.starts_at <= wish.now:
        raise RefusalError("这一班已经开始, 请当班人在聊天里「交班」。")
    return found


def fields(wish: Wish) -> tuple[Field, ...]:
    """Return the form of one shift."""
    shift = _shift(wish)
    who = shift.userid if shift else ""
    people = _officers(wish.work)
    options = tuple(Option(one.userid, one.name, one.userid == who) for one in people)
    if shift and who not in {one.userid for one in people}:
        options = (Option(who, wish.work.people.name_of(who), is_set=True), *options)
    keep = (Option(_KEEP, _KEEP, is_set=True), Option(_DROP, _DROP))
    return (
        Field("person", "值班人", FieldKind.CHOICE, options=options),
        Field("start", "开始", FieldKind.MOMENT, value=_local(shift.starts_at) if shift else ""),
        Field("end", "结束", FieldKind.MOMENT, value=_local(shift.ends_at) if shift else ""),
        *((Field("keep", "这一班", FieldKind.CHOICE, options=keep),) if shift else ()),
    )


def _local(moment: datetime) -> str:
    return f"{in_beijing(moment):%Y-%m-%dT%H:%M}"


def propose(wish: Wish) -> Proposed:
    """Say what one shift would become.

    Raises:
        WrongFieldsError: naming each field that cannot be so.
        RefusalError: nothing would change, or it may not be changed here.
    """
    before = _shift(wish)
    drops = before is not None and wish.given.text("keep") == _DROP
    after = () if drops else (_read(wish),)
    old = (before,) if before is not None else ()
    if [_key(one) for one in old] == [_key(one) for one in after]:
        raise RefusalError("和现在一样, 没有要改的。")
    verb = "取消一班" if drops else "改一班" if old else "加一班"
    return _proposed(wish, old, after, f"{verb}: {_said(wish, (*after, *old)[0])}")


def _read(wish: Wish) -> Shift:
    faults = {}
    person = wish.work.people.person(wish.given.text("person"))
    if person is None:
        faults["person"] = "值班人不在名录里, 请从列表里选"
    start, end = _moment(wish, "start", faults), _moment(wish, "end", faults)
    if start and start <= wish.now:
        faults["start"] = "开始应在现在之后"
    if start and start > wish.now + _FARTHEST:
        faults["start"] = f"开始应在 {_FARTHEST.days} 天以内"
    if start and end and not timedelta(0) < end - start <= _LONGEST:
        faults["end"] = "结束应晚于开始, 一个班最长 72 小时"
    if faults or person is None or start is None or end is None:
        raise WrongFieldsError(faults)
    return Shift(person.userid, start, end)


def _moment(wish: Wish, name: str, faults: dict[str, str]) -> datetime | None:
    try:
        written = wish.given.moment(name)
    except RefusalError as refusal:
        faults[name] = str(refusal)
        return None
    if not written:
        faults[name] = "请填时间"
        return None
    return datetime.fromisoformat(written)


def table_fields(_wish: Wish) -> tuple[Field, ...]:
    """Return the form for a whole table."""
    hint = "一行一班, 三列: 人员 (姓名或账号), 开始, 结束\n李娜,2026-11-20 18:00,2026-11-21 08:30"
    return (
        Field("rows", "值班表", FieldKind.AREA, is_required=False, hint=hint),
        Field("file", "或选一个文件 (XLSX、CSV)", FieldKind.FILE, is_required=False),
    )


def propose_table(wish: Wish) -> Proposed:
    """Say what a table would change: it takes the place of the shifts to come within its time.

    Raises:
        WrongFieldsError: naming each row that cannot be so.
        RefusalError: nothing would change.
    """
    after = tuple(one for one in _read_table(wish) if one.starts_at > wish.now)
    if not after:
        raise WrongFieldsError({"rows": "表里没有现在以后的班"})
    first = min(one.starts_at for one in after)
    last = max(one.starts_at for one in after)
    ahead = wish.work.roster.shifts(first, last + timedelta(seconds=1))
    old = [
        one
        for one in ahead
        if not one.said and not one.period and max(first, wish.now) <= one.starts_at <= last
    ]
    keys = {_key(one) for one in after}
    dropped = tuple(one for one in old if _key(one) not in keys)
    kept = {_key(one) for one in old}
    added = tuple(one for one in after if _key(one) not in kept)
    if not (dropped or added):
        raise RefusalError("和现在一样, 没有要改的。")
    days = f"{in_beijing(first):%Y-%m-%d} 至 {in_beijing(last):%Y-%m-%d}"
    return _proposed(wish, dropped, added, f"导入值班表 {days}")


def _read_table(wish: Wish) -> list[Shift]:
    text = wish.given.long_text("rows").replace("\t", ",").replace("，", ",")
    rows = list(csv.reader(io.StringIO(text)))
    if len(rows) > _MOST_ROWS:
        raise WrongFieldsError({"rows": f"最多 {_MOST_ROWS} 行, 请分几次导入"})
    by_name: dict[str, list[str]] = {}
    for person in wish.work.people.people():
        by_name.setdefault(person.name, []).append(person.userid)
        by_name.setdefault(person.userid, []).append(person.userid)
    found, faults = [], []
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0] in _HEADS):
            continue
        shift = _row(cells, by_name)
        if isinstance(shift, Shift):
            found.append(shift)
        else:
            faults.append(f"第 {number} 行: {shift}")
    if faults:
        more = f" (共 {len(faults)} 行有误)" if len(faults) > _MOST_LINES else ""
        raise WrongFieldsError({"rows": "; ".join(faults[:_MOST_LINES]) + more})
    return found


def _row(cells: Sequence[str], by_name: dict[str, list[str]]) -> Shift | str:
    if len(cells) != _COLUMNS:
        return f"应有三列 (人员, 开始, 结束), 现在是 {len(cells)} 列"
    ids = set(by_name.get(cells[0], by_name.get(cells[0].casefold(), ())))
    if len(ids) != 1:
        return f"「{cells[0][:20]}」{'不止一人, 请写账号' if ids else '不在名录中'}"
    start, end = _written(cells[1]), _written(cells[2])
    if start is None or end is None:
        return f"时间「{(cells[1] if start is None else cells[2])[:30]}」应写成 2026-11-20 18:00"
    if not timedelta(0) < end - start <= _LONGEST:
        return "结束应晚于开始, 一个班最长 72 小时"
    return Shift(ids.pop(), start, end)


def _written(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    return at_beijing(moment.date(), moment.time()) if moment.tzinfo is None else None


def _key(shift: Shift) -> tuple[str, datetime, datetime]:
    return shift.userid, shift.starts_at, shift.ends_at


def _proposed(
    wish: Wish, old: Sequence[Shift], new: Sequence[Shift], title: str, undone: State | None = None
) -> Proposed:
    does = [f"去掉: {_said(wish, one)}。" for one in old[:_MOST_LINES]]
    does += [f"加上: {_said(wish, one)}。" for one in new[:_MOST_LINES]]
    if max(len(old), len(new)) > _MOST_LINES:
        does.append(f"… 共去掉 {len(old)} 班, 加上 {len(new)} 班。")
    does += _new_gaps(wish, old, new)
    if wish.work.settings.get(ROSTER_OWNER) != PAGES:
        does.append("此后值班表以管理页为准, 启动时不再照配置里的值班表文件改。")
    before = {"shifts": _listed(old)} if undone is None else undone
    carry = partial(_carry, wish, tuple(old), tuple(new))
    return Proposed(KIND, "", title, tuple(does), before, carry, plans=True)


def _carry(wish: Wish, old: tuple[Shift, ...], new: tuple[Shift, ...]) -> State:
    if wish.work.roster.drop(old) != len(old):
        raise RefusalError("值班表刚才又改过, 请重新看一遍。")
    wish.work.roster.add(new, source=ShiftSource.ROSTER, by=wish.by.userid, at=wish.now)
    wish.work.settings.put(ROSTER_OWNER, PAGES)
    return {"shifts": _listed(new)}


def _said(wish: Wish, shift: Shift) -> str:
    name = wish.work.people.name_of(shift.userid)
    return f"{name} {stretch(shift.starts_at, shift.ends_at, wish.now)}"


def _new_gaps(wish: Wish, old: Sequence[Shift], new: Sequence[Shift]) -> list[str]:
    near = wish.work.roster.shifts(wish.now - _LOOK, wish.now + _LOOK)
    gone = {_key(one) for one in old}
    later = [one for one in near if _key(one) not in gone] + list(new)
    before = set(gaps(near, wish.now))
    return [
        f"留意: 48 小时内 {_gap(one, wish.now)}。"
        for one in gaps(later, wish.now)
        if one not in before
    ]


def _listed(shifts: Sequence[Shift]) -> list[list[str]]:
    return [[one.userid, one.starts_at.isoformat(), one.ends_at.isoformat()] for one in shifts]


def _unlisted(state: State) -> tuple[Shift, ...]:
    rows = state.get("shifts")
    return tuple(
        Shift(str(who), datetime.fromisoformat(str(start)), datetime.fromisoformat(str(end)))
        for who, start, end in (rows if isinstance(rows, list) else ())
    )


def restore(wish: Wish, change: AdminChange) -> Proposed:
    """Propose that the shifts be again what they were before a change.

    Raises:
        RefusalError: they were changed again since, or have begun.
    """
    made, was = _unlisted(change.after), _unlisted(change.before)
    if any(one.starts_at <= wish.now for one in (*made, *was)):
        raise RefusalError("其中有的班已经开始, 不能撤销; 请逐班改。")
    ahead = {_key(one) for one in wish.work.roster.shifts(wish.now, wish.now + _FARTHEST)}
    if any(_key(one) not in ahead for one in made):
        raise RefusalError("这几班后来又改过, 请先撤销后来的那次, 或直接再改。")
    return _proposed(wish, made, was, f"{UNDO}{change.title}", change.after)


DEED = Deed("shift", "一班", Action.ARRANGE, BACK, fields, propose)
TABLE = Deed(
    "roster",
    "导入值班表",
    Action.ARRANGE,
    BACK,
    table_fields,
    propose_table,
    "表里第一班到最后一班之间, 还没开始的班都换成表里的; 别的不动。",
)
UNDOING = Undoing(Action.ARRANGE, BACK, restore)
