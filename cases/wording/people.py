"""Words about people who leave, move or come back: for whoever takes over, and for the office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.wording.moments import clock_time

_MOST_ITEMS = 10
_MOST_STEPS = 2


class Way(StrEnum):
    """How it is known. The value is said to the office."""

    UNSUBSCRIBED = "已退出应用可见范围或被停用"
    DELETED = "已从企业微信通讯录删除"
    NOT_SEEN = "已不在企业微信通讯录或应用可见范围"
    DISABLED = "的企业微信账号已停用"
    MOVED = "在企业微信通讯录里已调到别的部门"
    IMPORTED = "按新名册调整"
    RENAMED = "的企业微信账号已改名"
    EDITED = "由管理员在管理页调整"
    STOPPED = "已由管理员在管理页停用"


@dataclass(frozen=True, slots=True)
class Item:
    """One case somebody takes over, with the steps awaited and their deadlines, soonest first."""

    number: str
    title: str  # inert already
    steps: tuple[tuple[str, datetime], ...]


def _listed(items: Sequence[Item], now: datetime) -> str:
    lines = [f"· {one.number}《{one.title}》{_steps(one, now)}" for one in items[:_MOST_ITEMS]]
    if len(items) > _MOST_ITEMS:
        lines.append(f"… 另有 {len(items) - _MOST_ITEMS} 件")
    return "\n".join(lines)


def _steps(item: Item, now: datetime) -> str:
    return "、".join(
        f"{step} {clock_time(due_at, now)}{' 已超时' if due_at < now else ''}"
        for step, due_at in item.steps[:_MOST_STEPS]
    )


def taken_over(unit: str, name: str, way: Way, items: Sequence[Item], now: datetime) -> str:
    """Return what whoever takes over reads: what is awaited of them, and until when."""
    return (
        f"【接办】{unit}联络员{name}{way.value}, 以下 {len(items)} 件由您接办, 时限不变:\n"
        f"{_listed(items, now)}\n签收请回复「收到 编号」, 看全部请回复「我的待办」"
    )


def _cases(items: Sequence[Item]) -> str:
    numbers = [one.number for one in items]
    more = f"等 {len(numbers)} 件" if len(numbers) > _MOST_ITEMS else ""
    return "、".join(numbers[:_MOST_ITEMS]) + more


def passed_on(unit: str, items: Sequence[Item], names: Sequence[str]) -> str:
    """Return what the office reads about the unit: to whom its open clocks have passed."""
    what = f"在办的 {_cases(items)}" if items else "今后的交办"
    return f"{unit}{what} 由{'、'.join(names)} 接办, 时限不变。"


def nobody_left(unit: str, items: Sequence[Item], leaders: Sequence[str]) -> str:
    """Return what office and administrator read where a unit has neither liaison nor deputy."""
    what = f"在办的 {_cases(items)} 没有人接办。" if items else "现在没有在办件。"
    heard = (
        f"提醒暂时改发单位分管领导{'、'.join(leaders)}。"
        if leaders
        else "提醒现在没有人能收到, 请值班员电话联系该单位。"
    )
    return (
        f"{unit}没有联络员, 也没有副联络员 (AB 角)。{what}{heard if items else ''}\n"
        f"下一步: 请该单位报联络员, 由管理员写进名录后运行 "
        f"python main.py people import 名册文件 --apply"
    )


def no_deputy(unit: str) -> str:
    """Return what the office reads where a unit has a liaison and nobody behind."""
    return f"{unit}现在没有副联络员 (AB 角), 请该单位再报一位。"


def role_empty(role: str) -> str:
    """Return what the office reads where nobody holds a role of its own any more."""
    return f"现在没有人是{role}, 该由其办理的事项没有人收到。下一步: 请管理员在名录里指定。"


def changed(name: str, was: str, way: Way, more: Sequence[str]) -> str:
    """Return what the office reads about one person, and what follows from it."""
    head = f"【人员变动】{name} ({was}) {way.value}"
    head += "" if way in (Way.MOVED, Way.IMPORTED, Way.RENAMED, Way.EDITED) else ", 其权限已停止"
    return "\n".join((f"{head}。", *more))


def back(name: str, roles: str) -> str:
    """Return what the office reads about somebody the platform shows again."""
    return (
        f"【人员变动】{name} 又在企业微信通讯录里了, 原有角色 ({roles}) 已恢复。"
        "如不应恢复, 请管理员改名录。"
    )


def not_back(name: str) -> str:
    """Return what the administrator reads about a deleted account that is there again."""
    return (
        f"【人员变动】企业微信通讯录里又有了账号「{name}」。此前该账号已删除, 权限没有自动恢复; "
        "确是本人, 请管理员运行 python main.py people import 名册文件 --apply"
    )


def unsent(count: int, what: Sequence[str]) -> str:
    """Return what the office reads about messages that were still on their way to who has left."""
    reasons = "、".join(dict.fromkeys(what))
    return f"另有 {count} 条还没发出的消息已撤下 ({reasons}), 需要的请另行告知。"
