"""群机器人与来源密钥: a test post, a key given or taken back. Secrets of files stay in files."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from cases.errors import RefusalError
from cases.notices import Notice, Priority, ToRole
from cases.people import OTHER_DOOR, Role
from cases.permissions import Action
from cases.wording.moments import clock_time
from handlers.admin.deed import Deed, Proposed, State, Undoing, Wish, WrongFieldsError
from handlers.pages.fields import Field
from handlers.post import Origin, Post
from storage.records import LastPost
from storage.source_keys import SourceKey
from storage.states import Channel, OutboxState
from storage.work import Work

SOURCE, TEST, BACK = "source", "robot.test", "/admin/doors"
USED = "source.used."  # settings: when a source of the configuration last reported
_NAME = re.compile(r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿 ·_\-]{0,31}")
_LOOK_BACK = timedelta(days=30)
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Configured:
    """What the configuration names; their secrets stay in its files."""

    robots: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    smart_robot: str = ""
    smart_mode: str = ""
    anchors: Path | None = None  # the file that says how far the audit was anchored


@dataclass(frozen=True, slots=True)
class ShownRobot:
    """A group robot: which units post by it, and what became of its last post."""

    name: str
    units: str
    last: str
    is_bad: bool
    is_configured: bool


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A key of the reports interface."""

    id: int  # 0: of the configuration
    name: str
    state: str
    issued: str
    last: str
    is_live: bool


def robots(work: Work, configured: Configured, now: datetime) -> tuple[ShownRobot, ...]:
    """Return every group robot that is configured, or that a unit names."""
    units = work.people.units()
    named = [unit.robot for unit in units if unit.robot]
    shown = []
    for name in dict.fromkeys((*configured.robots, *named)):
        last = work.records.last_post(Channel.ROBOT, now - _LOOK_BACK, name)
        words, is_bad = _became(last, now)
        of = "、".join(unit.name for unit in units if unit.robot == name)
        shown.append(ShownRobot(name, of, words, is_bad, name in configured.robots))
    return tuple(shown)


def smart_robot(work: Work, now: datetime) -> str:
    """Return in words what became of the last answer of the intelligent robot."""
    return _became(work.records.last_post(Channel.AIBOT, now - _LOOK_BACK), now)[0]


def _became(last: LastPost | None, now: datetime) -> tuple[str, bool]:
    if last is None:
        return "30 天内没有发过", False
    when = clock_time(last.sent_at or last.first_at, now)
    if last.state is OutboxState.SENT:
        return f"{when} 已发出", False
    if last.state is OutboxState.FAILED:
        return f"{when} 没有送到: {last.error or '平台拒收'}", True
    return f"{when} 排队" if last.state is not OutboxState.CANCELLED else f"{when} 已撤下", False


def sources(work: Work, configured: Configured, now: datetime) -> tuple[ShownSource, ...]:
    """Return every key of the reports interface, those of the configuration first."""
    filed = [
        ShownSource(0, name, "配置文件里", "", _when(_used_at(work, name), now), is_live=True)
        for name in configured.sources
    ]
    return (*filed, *(_shown(work, key, now) for key in work.source_keys.all()))


def _shown(work: Work, key: SourceKey, now: datetime) -> ShownSource:
    by, at = work.people.name_of(key.issued_by), clock_time(key.issued_at, now)
    state = "有效"
    if key.revoked_at is not None:
        who = work.people.name_of(key.revoked_by or "")
        state = f"已作废 {clock_time(key.revoked_at, now)} {who}"
    used = _when(key.last_used_at, now)
    return ShownSource(key.id, key.name, state, f"{at} {by}", used, key.revoked_at is None)


def _when(at: datetime | None, now: datetime) -> str:
    return clock_time(at, now) if at else "还没用过"


def _used_at(work: Work, name: str) -> datetime | None:
    kept = work.settings.get(USED + name)
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None


def note_use(work: Work, name: str, now: datetime) -> None:
    """Note that a source of the configuration reported, once a minute at most."""
    last = _used_at(work, name)
    if last is None or last <= now - _NOTED_EVERY:
        work.settings.put(USED + name, now.isoformat())


def _name_field(_wish: Wish) -> tuple[Field, ...]:
    return (Field("name", "来源名称", hint="例如 城市监测; 登记时写作 导入:城市监测"),)


def propose_key(wish: Wish) -> Proposed:
    """Say what giving a key means.

    Raises:
        WrongFieldsError: the name cannot be so.
    """
    name = wish.given.text("name")
    if not _NAME.fullmatch(name):
        raise WrongFieldsError({"name": "来源名称应为 1 到 32 个汉字、字母或数字, 例如 城市监测"})
    live = [one for one in wish.work.source_keys.all() if one.name == name and not one.revoked_at]
    also = f"{name}已有 {len(live)} 个有效密钥, 都继续有效; 换好后请作废旧的。"
    does = (
        f"给来源「{name}」发一个新密钥, 立即可用于 POST /api/reports。",
        f"以此密钥报来的登记为「{OTHER_DOOR}{name}」。",
        *((also,) if live else ()),
        "密钥只在下一页显示一次, 库里只留摘要; 请当场交给对方。",
    )
    carry = partial(_issue, wish, name)
    return Proposed(SOURCE, name, f"发来源密钥 {name}", does, {}, carry)


def _issue(wish: Wish, name: str) -> State:
    key = secrets.token_urlsafe(32)
    number = wish.work.source_keys.issue(name, key, by=wish.by.userid, now=wish.now)
    wish.shown_once.append(key)
    return {"key": number, "live": True}


def propose_revoking(wish: Wish) -> Proposed:
    """Say what taking a key back means.

    Raises:
        RefusalError: there is none, or it has been.
    """
    found = next((one for one in wish.work.source_keys.all() if str(one.id) == wish.subject), None)
    if found is None or found.revoked_at is not None:
        raise RefusalError("没有这个密钥, 或已经作废。")
    does = (f"「{found.name}」的这个密钥立即作废, 对方再报会得到 401; 不能恢复, 可另发新的。",)
    before: State = {"key": found.id, "live": True}
    title = f"作废来源密钥 {found.name}"
    return Proposed(SOURCE, found.name, title, does, before, partial(_revoke, wish, found.id))


def _revoke(wish: Wish, key_id: int) -> State:
    wish.work.source_keys.revoke(key_id, wish.by.userid, wish.now)
    return {"key": key_id, "live": False}


def propose_test(wish: Wish) -> Proposed:
    """Say what a test post is.

    Raises:
        RefusalError: no such name could be a robot's.
    """
    name = wish.subject
    if not _NAME.fullmatch(name):
        raise RefusalError("没有这个群机器人。")
    does = (f"群机器人「{name}」在它的群里发一条测试消息, 不 @ 任何人。",)
    return Proposed(TEST, name, f"测试群机器人 {name}", does, {}, partial(_test, wish, name))


def _test(wish: Wish, name: str) -> State:
    text = (
        f"【测试】{wish.by.name}在督办管理页测试本群机器人, 收到即为正常, 不用回复。"
        "本群里的话督办听不到。"
    )
    notice = Notice(ToRole(Role.ADMINISTRATOR), text, "robot-test", "测试消息", Priority.NOTICE)
    Post(wish.work, wish.desk, wish.now).post(
        name, notice, Origin("robot", name, wish.now.isoformat())
    )
    return {"sent": wish.now.isoformat()}


def _no_fields(_wish: Wish) -> tuple[Field, ...]:
    return ()


KEY = Deed("source", "来源密钥", Action.ADMINISTER, BACK, _name_field, propose_key)
REVOKE = Deed("source-end", "作废密钥", Action.ADMINISTER, BACK, _no_fields, propose_revoking)
ROBOT_TEST = Deed("robot-test", "测试消息", Action.ADMINISTER, BACK, _no_fields, propose_test)
NOT_UNDONE = Undoing(Action.ADMINISTER, BACK, None)
