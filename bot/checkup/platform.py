"""Checks of the line to WeCom: clock, token, trusted address, visible range, callback, robots."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from bot.checkup.finding import Finding, Verdict, ok
from bot.gateway import Sent
from bot.wecom.address_book import read_contacts
from bot.wecom.callback import PROBE
from bot.wecom.client import MediaError, PlatformError, WeComClient
from bot.wecom.crypto import Keyring
from bot.wecom.error_codes import explain
from cases.cards import Button, Card, app_card
from cases.contacts import Contacts, Status
from cases.payload import robot_text
from cases.people import Person, Role
from handlers.people_events import PROBE_KEY
from storage.states import Channel

_OFF, _FAR_OFF = timedelta(seconds=30), timedelta(minutes=5)
_KEY_ROLES = (
    Role.DUTY_OFFICER,
    Role.OFFICE_DIRECTOR,
    Role.DEPUTY_LEADER,
    Role.CHIEF_LEADER,
    Role.LIAISON,
    Role.UNIT_LEADER,
    Role.ADMINISTRATOR,
)
_NOT_IN_GROUP = (93000, 93001, 93004, 93006, 93008, 93019)


@dataclass(frozen=True, slots=True)
class Reached:
    """The line, and what is compared with it."""

    client: WeComClient
    agent_id: int
    keyring: Keyring
    address: str  # the public address of the callback; "" where none is set
    robots: tuple[str, ...]
    people: tuple[Person, ...]
    now: datetime  # this machine's clock, unshifted


def clock(line: Reached) -> Iterator[Finding]:
    """Whether the platform answers, and this machine's clock agrees with its."""
    try:
        theirs = line.client.platform_time()
    except PlatformError as fault:
        yield Finding(
            "连通",
            Verdict.BAD,
            f"连不上企业微信: {fault}",
            "消息发不出去",
            "检查服务器能否访问配置里 api_base 的地址, 以及防火墙和代理设置",
        )
        return
    yield ok("连通", "能连上企业微信")
    off = abs(theirs - line.now)
    if off <= _OFF:
        yield ok("时钟", f"与平台相差 {off.total_seconds():.0f} 秒")
        return
    yield Finding(
        "时钟",
        Verdict.BAD if off > _FAR_OFF else Verdict.WARN,
        f"本机时钟与平台相差 {off.total_seconds():.0f} 秒",
        "时限会算错; 相差 10 分钟以上时收到的消息会被隔离",
        "打开时间同步 (chrony 或 systemd-timesyncd)",
    )


def token(line: Reached) -> Iterator[Finding]:
    """Whether the Secret gives a token, and this address may use it."""
    try:
        line.client.ask("getcallbackip")
    except PlatformError as fault:
        name = "可信 IP" if fault.errcode == _TRUSTED_IP else "凭证"
        yield Finding(name, Verdict.BAD, str(fault), "应用的所有消息都发不出去", _fix(fault))
        return
    yield ok("凭证", "Secret 有效, 能取得 access_token")
    yield ok("可信 IP", "本机出口 IP 可以调用接口")


_TRUSTED_IP = 60020


def _fix(fault: PlatformError) -> str:
    if fault.errcode is None:
        return "检查网络后再运行一次"
    return explain(fault.errcode).fix


def visible(line: Reached) -> Iterator[Finding]:
    """Whether the app is on, and everybody of the directory can hear it."""
    try:
        app = line.client.ask("agent/get", {"agentid": str(line.agent_id)})
        contacts = read_contacts(line.client.ask)
    except PlatformError as fault:
        why = "不知道谁收得到消息"
        yield Finding("可见范围", Verdict.BAD, str(fault), why, _fix(fault))
        return
    if app.get("close"):
        why, fix = "谁也收不到消息", "在管理后台启用该应用"
        yield Finding("可见范围", Verdict.BAD, "应用已停用", why, fix)
    found = list(_unheard(line.people, contacts))
    yield from found
    if not found:
        yield ok("可见范围", f"名录里 {len(line.people)} 人都在应用可见范围")


def _unheard(people: Iterable[Person], contacts: Contacts) -> Iterator[Finding]:
    members = {one.userid.casefold(): one for one in contacts.members}
    for person in people:
        member = members.get(person.userid)
        is_key = person.is_any(*_KEY_ROLES)
        if member is None or not member.is_here:
            yield Finding(
                "可见范围",
                Verdict.BAD if is_key else Verdict.WARN,
                f"{person.name} ({person.userid}) 不在应用可见范围, 或已停用",
                f"收不到任何消息; 角色: {'、'.join(sorted(person.roles)) or '无'}",
                "在管理后台把其部门加入应用可见范围; 已离职的请从名录去掉",
            )
        elif member.status == Status.NOT_YET:
            yield Finding(
                "可见范围",
                Verdict.WARN,
                f"{person.name} ({person.userid}) 还没有激活企业微信",
                "消息只能在其激活后看到",
                "请本人安装并登录企业微信",
            )


def callback(line: Reached) -> Iterator[Finding]:
    """Whether a signed question to the public address comes back opened."""
    if not line.address:
        yield Finding(
            "回调",
            Verdict.WARN,
            "没有设置对外地址 ([server] base_url), 没有检查回调",
            "企业微信的消息从这个地址进来",
            "设好后再运行一次",
        )
        return
    echo = secrets.token_hex(10)
    moment = str(int(line.now.timestamp()))
    sealed = line.keyring.seal(
        echo.encode(), timestamp=moment, nonce=f"{PROBE}{secrets.token_hex(4)}"
    )
    query = {
        "msg_signature": sealed.signature,
        "timestamp": sealed.timestamp,
        "nonce": sealed.nonce,
        "echostr": sealed.encrypted,
    }
    try:
        heard = line.client.fetch(f"{line.address}?{urlencode(query)}")
    except MediaError as fault:
        said = f"没有应答 ({str(fault).replace('企业微信', '')})"
    else:
        if heard == echo.encode():
            yield ok("回调", f"{line.address} 验证通过")
            return
        said = "回答的内容不对"
    yield Finding(
        "回调",
        Verdict.BAD,
        f"{line.address} {said}",
        "收不到任何人的消息和按钮",
        "确认服务已启动、反向代理指向它、Token 和 EncodingAESKey 与管理后台一致, "
        "且代理没有改动网址里的加号",
    )


def robots(line: Reached, *, sends: bool) -> Iterator[Finding]:
    """Whether each group robot is still in its group; posts only where asked to."""
    words = "督办自检: 看到这条说明本群能收到督办的通知。" if sends else ""
    for name in line.robots:
        # An empty text is refused once the key has been accepted: nobody sees anything.
        outcome = line.client.send(Channel.ROBOT, name, robot_text(words, ()))
        errcode = getattr(outcome, "errcode", 0)
        if isinstance(outcome, Sent) or (not sends and errcode and errcode not in _NOT_IN_GROUP):
            yield ok(f"群机器人 {name}", "已发出测试消息" if sends else "密钥有效, 没有发消息")
            continue
        yield Finding(
            f"群机器人 {name}",
            Verdict.BAD,
            outcome.text,
            "该单位的群收不到交办和提醒 (联络员仍会收到私聊)",
            explain(errcode).fix if errcode else "检查网络后再运行一次",
        )


def key_people(line: Reached, run: str) -> Iterator[Finding]:
    """Send everybody who matters a card with one button: 我能收到吗."""
    for person in line.people:
        if not person.is_any(*_KEY_ROLES):
            continue
        card = Card(
            "督办自检: 我能收到吗",
            "看到这张卡片请按一下按钮, 不会产生任何办理事项。",
            buttons=(Button("我收到了", PROBE_KEY),),
        )
        key = f"doctor|{run}|{person.userid}"
        payload = app_card(line.agent_id, person.userid, card, key=key)
        outcome = line.client.send(Channel.APP, person.userid, payload)
        if isinstance(outcome, Sent) and person.userid not in outcome.invalid:
            yield ok(f"收信 {person.name}", "已提交给企业微信; 是否看到, 以本人按按钮为准")
            continue
        said = "没有许可或不在可见范围" if isinstance(outcome, Sent) else outcome.text
        yield Finding(
            f"收信 {person.name}",
            Verdict.BAD,
            f"{person.name} ({person.userid}) 收不到: {said}",
            f"角色: {'、'.join(sorted(person.roles))}",
            "核对其账号、应用可见范围和接口许可",
        )
