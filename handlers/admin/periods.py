"""特殊时期: started and ended on the page by the very act that does it in chat."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from cases.beijing import in_beijing
from cases.chat.period_words import PeriodDeed, PeriodWish
from cases.errors import RefusalError
from cases.permissions import Action
from handlers import period_talk
from handlers.admin.deed import Deed, Proposed, State, Undoing, Wish, WrongFieldsError
from handlers.desk import Desk
from handlers.pages.fields import Field, FieldKind, Option
from handlers.period_talk import described
from handlers.talk import Talk
from storage.periods import KeptPeriod
from storage.work import Work

KIND, BACK = "period", "/admin/duty"
_LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class ShownPeriod:
    """A period that lasts or is to come."""

    name: str
    words: str
    is_now: bool


def ahead(wish: Wish) -> tuple[ShownPeriod, ...]:
    """Return the periods that are not over, the earliest first."""
    return tuple(
        ShownPeriod(one.name, described(one, wish.now), one.covers(wish.now))
        for one in _ahead(wish)
    )


def _ahead(wish: Wish) -> list[KeptPeriod]:
    return [one for one in wish.work.periods.all() if one.ends_at > wish.now]


def kinds(desk: Desk) -> tuple[str, ...]:
    """Return the kinds of periods that the operator has written down."""
    return tuple(kind.name for kind in desk.periods)


def fields(wish: Wish) -> tuple[Field, ...]:
    """Return the form for starting one."""
    options = tuple(Option(name, name) for name in kinds(wish.desk))
    return (
        Field("name", "特殊时期", FieldKind.CHOICE, options=options),
        Field("until", "到哪天 (含当天)", FieldKind.DAY),
    )


def propose(wish: Wish) -> Proposed:
    """Say what starting it would change.

    Raises:
        WrongFieldsError: naming each field that cannot be so.
    """
    name, until = wish.given.text("name"), wish.given.day("until")
    if name not in kinds(wish.desk):
        raise WrongFieldsError({"name": "请从值守文件里写好的特殊时期里选"})
    today = in_beijing(wish.now).date()
    if until is None or not today <= until <= today + _LONGEST:
        raise WrongFieldsError({"until": "请写今天或以后、一年以内的日期, 例如 2027-08-31"})
    words = f"启动{name}值守到{until.year}年{until.month}月{until.day}日"
    does = (f"{name}值守现在启动, 到 {until} 24:00; 有关人员收到通知, 各项时限不变。",)
    carry = partial(_carry, wish, PeriodWish(PeriodDeed.START, name), words)
    return Proposed(KIND, name, words, does, _state(wish.work, name), carry, plans=True)


def propose_ending(wish: Wish) -> Proposed:
    """Say what ending it would change.

    Raises:
        RefusalError: none of that name lasts or is to come.
    """
    name = wish.subject
    if name not in {one.name for one in _ahead(wish)}:
        raise RefusalError("这个特殊时期没有在安排中。")
    words = f"结束{name}值守"
    does = (f"{name}值守现在结束 (还没开始的取消); 值班、夜间免打扰和监测轮次恢复平时。",)
    carry = partial(_carry, wish, PeriodWish(PeriodDeed.END, name), words)
    return Proposed(KIND, name, words, does, _state(wish.work, name), carry, plans=True)


def _carry(wish: Wish, wanted: PeriodWish, words: str) -> State:
    talk = Talk(wish.work, wish.desk, wish.by, f"admin:{wish.now.isoformat()}", words, wish.now)
    talk.spoken = words
    period_talk.wished(talk, wanted)
    return _state(wish.work, wanted.name)


def _state(work: Work, name: str) -> State:
    mine = [one for one in work.periods.all() if one.name == name]
    return {f"{one.id}": one.ends_at.isoformat() for one in mine}


def _no_fields(_wish: Wish) -> tuple[Field, ...]:
    return ()


DEED = Deed("period", "特殊时期", Action.PERIOD, BACK, fields, propose)
ENDING = Deed("period-end", "结束特殊时期", Action.PERIOD, BACK, _no_fields, propose_ending)
UNDOING = Undoing(Action.PERIOD, BACK, None)
