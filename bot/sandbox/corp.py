"""The make-believe corp: apps, members, departments, robots and limits, read from a JSON file."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path

from bot.sandbox.fields import Json, mapping, mappings, text, texts, whole

ROOT_DEPARTMENT = 1
CONTACTS = 0  # stands for contact synchronisation where an app has its number
_AES_KEY = re.compile(r"[0-9A-Za-z]{43}")
_TOKEN = re.compile(r"[0-9A-Za-z]{1,32}")


class BadConfigError(Exception):
    """Everything that is wrong with the configuration, one line each."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class App:
    """A self-built app (自建应用)."""

    agentid: int
    secret: str
    token: str = ""
    aes_key: str = ""
    callback_url: str = ""
    name: str = "督办"
    visible: frozenset[str] = frozenset()  # casefolded; empty = all
    trusted_domains: tuple[str, ...] = ()  # for OAuth; empty = any
    home_url: str = ""  # 应用主页: what the workbench opens


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the corp (成员); `group` is the unit the page sorts them under."""

    userid: str
    name: str
    position: str = ""
    group: str = ""
    mobile: str = ""
    department: int = ROOT_DEPARTMENT
    licensed: bool = True

    @property
    def key(self) -> str:
        """The userid as it is compared: without regard to case."""
        return self.userid.casefold()


@dataclass(frozen=True, slots=True)
class Robot:
    """A group robot (群机器人) and the group it stands in."""

    key: str
    name: str  # of the group
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SmartRobot:
    """An intelligent robot (智能机器人): a URL for callbacks, a secret for the long connection."""

    botid: str
    name: str = "督办助手"
    token: str = ""
    aes_key: str = ""
    callback_url: str = ""
    secret: str = ""
    encrypted_ids: bool = False
    groups: tuple[str, ...] = ()  # the groups it stands in, by name


@dataclass(frozen=True, slots=True)
class Department:
    """A department (部门); 1 is the root."""

    number: int
    name: str
    parent: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The platform's limits (pages 90312, 99110, 94888); tests and demos may lower them."""

    member_per_minute: int = 30
    member_per_hour: int = 1000
    robot_per_minute: int = 20
    chat_member_per_minute: int = 200
    chat_member_per_day: int = 10000
    api_per_minute: int = 10000
    wrong_secrets_per_hour: int = 30
    token_seconds: int = 7200
    callback_seconds: float = 5.0
    callback_tries: int = 4
    callback_pause: float = 1.0  # seconds before a repeat; the platform does not say
    hang_seconds: float = 60.0  # how long a fault leaves a client waiting at most


@dataclass(frozen=True, slots=True)
class Corp:
    """The whole configuration."""

    corpid: str
    name: str
    apps: tuple[App, ...]
    members: tuple[Member, ...]
    robots: tuple[Robot, ...]
    smart_robots: tuple[SmartRobot, ...] = ()
    contacts: App | None = None  # contact synchronisation (通讯录同步): a secret and a callback
    departments: tuple[Department, ...] = ()
    trusted_ips: tuple[str, ...] = ()
    clock_file: Path | None = None
    next_moment_url: str = ""
    limits: Limits = field(default_factory=Limits)
    faults: tuple[Json, ...] = ()

    def member(self, userid: str) -> Member | None:
        """Return the member of this userid, whatever its case."""
        wanted = userid.casefold()
        return next((member for member in self.members if member.key == wanted), None)

    def app(self, agentid: int) -> App | None:
        """Return the app of this number."""
        return next((app for app in self.apps if app.agentid == agentid), None)

    def speakers(self) -> tuple[App, ...]:
        """Return everybody who may have a token: the apps and contact synchronisation."""
        return self.apps if self.contacts is None else (*self.apps, self.contacts)

    def within(self, department: int) -> tuple[Member, ...]:
        """Return the members of a department; the root holds everybody."""
        if department == ROOT_DEPARTMENT:
            return self.members
        return tuple(member for member in self.members if member.department == department)

    def group_members(self, group: str) -> frozenset[str]:
        """Return the casefolded userids in the group of this name."""
        return frozenset(
            userid.casefold()
            for robot in self.robots
            if robot.name == group
            for userid in robot.members
        )


def load_corp(path: Path) -> Corp:
    """Read the configuration file.

    Raises:
        BadConfigError: the file is missing, is no JSON, or holds faults (all are named).
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadConfigError([f"读不到配置文件 {path}: {error.strerror}"]) from error
    except (ValueError, RecursionError) as error:
        raise BadConfigError([f"配置文件 {path} 不是有效的 JSON: {error}"]) from error
    return read_corp(mapping(raw))


def read_corp(raw: Json) -> Corp:
    """Build the corp from decoded JSON.

    Raises:
        BadConfigError: naming every fault at once.
    """
    apps = tuple(_app(item) for item in mappings(raw.get("apps")))
    departments = _departments(raw)
    numbers = {department.name: department.number for department in departments}
    members = tuple(_member(item, numbers) for item in mappings(raw.get("members")))
    corp = Corp(
        corpid=text(raw, "corpid"),
        name=text(raw, "name") or "云溪市",
        apps=apps,
        members=members,
        robots=tuple(_robot(item) for item in mappings(raw.get("robots"))),
        smart_robots=tuple(_smart_robot(item) for item in mappings(raw.get("smart_robots"))),
        contacts=_contacts(mapping(raw.get("contacts"))),
        departments=departments,
        trusted_ips=texts(raw.get("trusted_ips")),
        clock_file=Path(text(raw, "clock_file")) if text(raw, "clock_file") else None,
        next_moment_url=text(raw, "next_moment_url"),
        limits=_limits(mapping(raw.get("limits"))),
        faults=tuple(mappings(raw.get("faults"))),
    )
    checks = (_faults_of_apps, _faults_of_people, _faults_of_robots, _faults_of_smart_robots)
    found = [fault for check in checks for fault in check(corp)]
    if found:
        raise BadConfigError(found)
    return corp


def _app(raw: Json) -> App:
    return App(
        agentid=whole(raw, "agentid"),
        secret=text(raw, "secret"),
        token=text(raw, "token"),
        aes_key=text(raw, "aes_key"),
        callback_url=text(raw, "callback_url"),
        home_url=text(raw, "home_url"),
        name=text(raw, "name") or "督办",
        visible=frozenset(userid.casefold() for userid in texts(raw.get("visible"))),
        trusted_domains=texts(raw.get("trusted_domains")),
    )


def _contacts(raw: Json) -> App | None:
    if not raw:
        return None
    return App(
        agentid=CONTACTS,
        secret=text(raw, "secret"),
        token=text(raw, "token"),
        aes_key=text(raw, "aes_key"),
        callback_url=text(raw, "callback_url"),
        name="通讯录同步",
    )


def _departments(raw: Json) -> tuple[Department, ...]:
    root = Department(ROOT_DEPARTMENT, text(raw, "name") or "云溪市", 0)
    names = dict.fromkeys(text(item, "group") for item in mappings(raw.get("members")))
    units = [name for name in names if name]
    return (root, *(Department(n, name, ROOT_DEPARTMENT) for n, name in enumerate(units, 2)))


def _member(raw: Json, numbers: dict[str, int]) -> Member:
    group = text(raw, "group")
    return Member(
        userid=text(raw, "userid"),
        name=text(raw, "name") or text(raw, "userid"),
        position=text(raw, "position"),
        group=group,
        mobile=text(raw, "mobile"),
        department=numbers.get(group, ROOT_DEPARTMENT),
        licensed=raw.get("licensed") is not False,
    )


def _robot(raw: Json) -> Robot:
    return Robot(text(raw, "key"), text(raw, "name"), texts(raw.get("members")))


def _smart_robot(raw: Json) -> SmartRobot:
    return SmartRobot(
        botid=text(raw, "botid"),
        name=text(raw, "name") or "督办助手",
        token=text(raw, "token"),
        aes_key=text(raw, "aes_key"),
        callback_url=text(raw, "callback_url"),
        secret=text(raw, "secret"),
        encrypted_ids=raw.get("encrypted_ids") is True,
        groups=texts(raw.get("groups")),
    )


def _limits(raw: Json) -> Limits:
    known = {one.name: one.type for one in fields(Limits)}
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise BadConfigError([f"limits 里没有这一项: {name}" for name in unknown])
    bad = [
        name for name, value in raw.items() if isinstance(value, bool | str | list | dict | None)
    ]
    if bad:
        raise BadConfigError([f"limits.{name} 应为数字" for name in bad])
    return Limits(**{name: _number(value) for name, value in raw.items()})  # type: ignore[arg-type]


def _number(value: object) -> float | int:
    return value if isinstance(value, int | float) else 0


def _twice(values: Iterable[str]) -> list[str]:
    seen: dict[str, int] = {}
    for value in values:
        seen[value] = seen.get(value, 0) + 1
    return [value for value, count in seen.items() if count > 1]


def _faults_of_apps(corp: Corp) -> Iterable[str]:
    if not corp.corpid:
        yield "缺少 corpid"
    if not corp.apps:
        yield "apps 里至少要有一个应用"
    for app in corp.apps:
        where = f"apps 里 agentid={app.agentid} 的应用"
        if app.agentid <= 0:
            yield f"{where}: agentid 应为正整数"
        if not app.secret:
            yield f"{where}: 缺少 secret"
        if app.callback_url and not (_AES_KEY.fullmatch(app.aes_key)):
            yield f"{where}: aes_key 应为 43 位字母和数字"
        if app.callback_url and not _TOKEN.fullmatch(app.token):
            yield f"{where}: token 应为 1 到 32 位字母和数字"
    yield from (f"apps 里 agentid 重复: {one}" for one in _twice(str(a.agentid) for a in corp.apps))
    yield from (
        f"两个应用用了同一个 secret: {one[:4]}…"
        for one in _twice(a.secret for a in corp.speakers())
    )


def _faults_of_people(corp: Corp) -> Iterable[str]:
    if corp.contacts is not None and not corp.contacts.secret:
        yield "contacts 缺少 secret"
    if any(not member.userid for member in corp.members):
        yield "members 里有人没有 userid"
    yield from (f"members 里 userid 重复: {one}" for one in _twice(m.key for m in corp.members))
    known = {member.key for member in corp.members}
    for app in corp.apps:
        for userid in sorted(app.visible - known):
            yield f"apps 里 agentid={app.agentid} 的 visible 不认识: {userid}"


def _faults_of_robots(corp: Corp) -> Iterable[str]:
    known = {member.key for member in corp.members}
    for robot in corp.robots:
        if not robot.key or not robot.name:
            yield f"robots 里有一个缺少 key 或 name: {robot.name or robot.key or '?'}"
        for userid in robot.members:
            if userid.casefold() not in known:
                yield f"群 {robot.name} 的成员不认识: {userid}"
    yield from (f"robots 里 key 重复: {one[:4]}…" for one in _twice(r.key for r in corp.robots))


def _faults_of_smart_robots(corp: Corp) -> Iterable[str]:
    groups = {robot.name for robot in corp.robots}
    for robot in corp.smart_robots:
        where = f"smart_robots 里的 {robot.botid or '?'}"
        if not robot.botid:
            yield f"{where}: 缺少 botid"
        if bool(robot.callback_url) == bool(robot.secret):
            yield f"{where}: callback_url (回调) 和 secret (长连接) 应填一个, 只填一个"
        if robot.callback_url and not _AES_KEY.fullmatch(robot.aes_key):
            yield f"{where}: aes_key 应为 43 位字母和数字"
        if robot.callback_url and not _TOKEN.fullmatch(robot.token):
            yield f"{where}: token 应为 1 到 32 位字母和数字"
        yield from (f"{where}: 没有这个群: {name}" for name in robot.groups if name not in groups)
    yield from (f"botid 重复: {one}" for one in _twice(r.botid for r in corp.smart_robots))
