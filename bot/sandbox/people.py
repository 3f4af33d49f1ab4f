"""What a person does in the chat: type, forward, send a picture, press; and who hears of it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.sandbox.callbacks import Courier, Forged
from bot.sandbox.cards import card_type, keys_of, menu_of
from bot.sandbox.corp import App, Member
from bot.sandbox.fields import Json, text
from bot.sandbox.media import Upload
from bot.sandbox.messages import Message, Place
from bot.sandbox.packets import Element, Packet, Raw, selected
from bot.sandbox.world import World

UNHEARD = "机器人听不到群里的普通消息, 请私聊应用「{app}」"
NO_CALLBACK = "应用没有设置接收消息的地址, 没有人收到这条消息"
# One white pixel, and the head of an AMR file: stand-ins for a photograph and a voice message.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
_CONTACT_CHANGES = ("create_user", "update_user", "delete_user")
_NOT_HERE = ("2", "5")  # Status: disabled, left
VOICE = b"#!AMR\n" + bytes(32)


class CannotError(Exception):
    """Something a person cannot do in the chat, in words for them; `status` is the HTTP status."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class Act:
    """What came of an act: the message shown, and the packets to be delivered."""

    app: App | None = None
    packets: tuple[Packet, ...] = ()
    message: Message | None = None
    note: str = ""
    forged: Forged | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a card."""

    userid: str
    key: str
    msgid: str = ""
    task_id: str = ""
    chosen: Sequence[tuple[str, Sequence[str]]] = field(default_factory=tuple)
    forwarded: bool = False  # pressed by somebody it was passed on to
    joined_names: bool = False  # of a robot's card: told as the table of its page spells it


class People:
    """Carries out what people do."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world = world
        self._courier = courier

    def member(self, userid: str) -> Member:
        """Return a member who is still here; raises CannotError."""
        member = self._world.corp.member(userid)
        if member is None:
            raise CannotError(f"没有这位成员: {userid or '(空)'}", 404)
        if member.key in self._world.left:
            raise CannotError(f"{member.name} 已离开企业", 409)
        return member

    def app(self, agentid: int, member: Member) -> App:
        """Return the app a member writes to (the first one for 0); raises CannotError."""
        apps = self._world.corp.apps
        app = apps[0] if agentid == 0 else self._world.corp.app(agentid)
        if app is None:
            raise CannotError(f"没有这个应用: {agentid}", 404)
        if not self._world.may_see(app, member.key):
            raise CannotError(f"{member.name} 不在应用「{app.name}」的可见范围", 403)
        return app

    def write(self, userid: str, agentid: int, msgtype: str, part: Json) -> Act:
        """Send a message of one of the six types to an app (there is no file towards an app).

        Raises:
            CannotError: unknown person, app or type, or an empty message.
        """
        member = self.member(userid)
        app = self.app(agentid, member)
        fields = self._fields(msgtype, part)
        words = {"link": text(part, "title"), "text": text(part, "text")}.get(msgtype, "")
        msgid = str(secrets.randbelow(9 * 10**18) + 10**18)
        message = self._world.messages.add(
            Message(
                at=self._world.clock.now(),
                place=Place("app", str(app.agentid)),
                author=member.key,
                readers=frozenset({member.key}),
                msgtype=msgtype,
                part=dict(part),
                text=words or f"[{msgtype}]",
                note="" if app.callback_url else NO_CALLBACK,
                msgid=msgid,
            )
        )
        if not app.callback_url:
            return Act(message=message, note=NO_CALLBACK)
        element: Element = ("MsgType", msgtype)
        packet = self._courier.packet(app, member.userid, msgtype, [element, *fields], msgid=msgid)
        return Act(app, (packet,), message)

    def _fields(self, msgtype: str, part: Json) -> list[Element]:
        if msgtype == "text":
            if not text(part, "text").strip():
                raise CannotError("消息是空的")
            return [("Content", text(part, "text"))]
        if msgtype == "link":
            return self._link(part)
        if msgtype == "location":
            return _location(part)
        if msgtype in {"image", "voice", "video"}:
            return self._media(msgtype)
        raise CannotError(f"成员发给应用的消息没有这种类型: {msgtype} (文件也不会送达)")

    def _link(self, part: Json) -> list[Element]:
        if not text(part, "url"):
            raise CannotError("转发的链接缺少 url")
        return [
            ("Title", text(part, "title")),
            ("Description", text(part, "description")),
            ("Url", text(part, "url")),
            ("PicUrl", text(part, "picurl")),
        ]

    def _media(self, msgtype: str) -> list[Element]:
        now = self._world.clock.now()
        data = PIXEL if msgtype == "image" else VOICE
        media = self._world.media.keep(
            Upload(f"{msgtype}.bin", data), msgtype, scope="corp", now=now
        )
        found: list[Element] = [("MediaId", media.media_id)]
        extra: Mapping[str, Element] = {
            "image": ("PicUrl", "http://wework.example/picture.png"),
            "voice": ("Format", "amr"),
            "video": ("ThumbMediaId", media.media_id),
        }
        return [*found, extra[msgtype]]

    def write_in_group(self, userid: str, place: Place, words: str) -> Act:
        """Type into a group: people see it, no app and no webhook robot hears it (decision 11).

        Raises:
            CannotError: unknown person or group, not a member, or an empty message.
        """
        member = self.member(userid)
        readers = self.readers(place)
        if member.key not in readers:
            raise CannotError(f"{member.name} 不在这个群里", 403)
        if not words.strip():
            raise CannotError("消息是空的")
        note = UNHEARD.format(app=self._world.corp.apps[0].name)
        now = self._world.clock.now()
        message = self._world.messages.add(
            Message(now, place, member.key, readers, "text", {"text": words}, words, note=note)
        )
        heard = {"kind": "unheard", "t": round(now, 3), "place": str(place), "userid": member.key}
        self._world.log.write({**heard, "text": words})
        return Act(message=message, note=note)

    def readers(self, place: Place) -> frozenset[str]:
        """Return who is in a group; raises CannotError for one that does not exist."""
        found = self._world.readers(place)
        if not found:
            raise CannotError(f"没有这个群: {place.name or '(空)'}", 404)
        return found

    def press(self, press: Press) -> Act:
        """Press a button of a card, which tells the app (template_card_event, page 90240).

        Raises:
            CannotError: no such card or button, not a recipient, or the button is used up.
        """
        member = self.member(press.userid)
        message = self._card(press, member)
        reader = member.key if member.key in message.readers else ""
        card = message.card_for(reader)
        keys, menu = keys_of(card), menu_of(card)
        if press.key not in {*keys, *menu}:
            raise CannotError(f"卡片上没有这个按钮: {press.key or '(空)'}", 404)
        if press.key in keys and text(card, "replace_text"):
            raise CannotError(f"按钮已变为「{text(card, 'replace_text')}」, 不能再按", 409)
        app = self.app(int(message.place.name), member)
        if not app.callback_url:
            return Act(note=NO_CALLBACK)
        event = "template_card_event" if press.key in keys else "template_card_menu_event"
        fields: list[Element | Raw] = [
            ("EventKey", press.key),
            ("TaskId", message.task_id),
            ("CardType", card_type(message.part)),
            ("ResponseCode", self._world.new_code(app.agentid, message.msgid)),
        ]
        if press.chosen and press.key in keys:
            fields.append(selected(press.chosen))
        return Act(app, (self._event(app, member, event, fields),), message)

    def _card(self, press: Press, member: Member) -> Message:
        messages = self._world.messages
        found = (
            messages.by_msgid(press.msgid)
            if press.msgid
            else messages.by_task(press.task_id, member.key) or messages.by_task(press.task_id)
        )
        if found is None or found.msgtype != "template_card" or found.place.kind != "app":
            raise CannotError("没有这张卡片", 404)
        if member.key not in found.readers and not press.forwarded:
            raise CannotError(f"{member.name} 没有收到这张卡片 (转发得来的请加 forwarded)", 403)
        if found.recalled:
            raise CannotError("这张卡片已被撤回", 409)
        return found

    def _event(
        self, app: App, member: Member, event: str, fields: Sequence[Element | Raw]
    ) -> Packet:
        named: list[Element | Raw] = [("MsgType", "event"), ("Event", event), *fields]
        return self._courier.packet(app, member.userid, event, named)

    def event(self, userid: str, agentid: int, name: str, fields: Mapping[str, str]) -> Act:
        """Raise any other event; subscribe and unsubscribe also change who is in the corp.

        Raises:
            CannotError: unknown person or app, or an event without a name.
        """
        if not name:
            raise CannotError("缺少事件名 event")
        known = self._world.corp.member(userid)
        if name == "subscribe" and known is not None:
            self._world.left.discard(known.key)
        member = self.member(userid)
        app = self.app(agentid, member)
        if name == "unsubscribe":
            self._world.left.add(member.key)
        if not app.callback_url:
            return Act(note=NO_CALLBACK)
        elements: list[Element | Raw] = [("EventKey", fields.get("EventKey", ""))]
        elements += [(key, held) for key, held in fields.items() if key != "EventKey"]
        return Act(app, (self._event(app, member, name, elements),))

    def contact(self, userid: str, kind: str, fields: Mapping[str, str]) -> Act:
        """Change the contacts as an administrator does: create_user, update_user, delete_user.

        Raises:
            CannotError: another kind, an unknown person, or nobody hears of contacts.
        """
        if kind not in _CONTACT_CHANGES:
            raise CannotError(
                f"通讯录没有这种变更: {kind or '(空)'} (可用: {' '.join(_CONTACT_CHANGES)})"
            )
        known = self._world.corp.member(userid)
        if known is None:
            raise CannotError(f"没有这位成员: {userid or '(空)'}", 404)
        if kind == "delete_user" or fields.get("Status") in _NOT_HERE:
            self._world.left.add(known.key)
        else:
            self._world.left.discard(known.key)
        contacts = self._world.corp.contacts
        if contacts is None or not contacts.callback_url:
            return Act(note=NO_CALLBACK)
        named: list[Element | Raw] = [
            *(("MsgType", "event"), ("Event", "change_contact")),
            *(("ChangeType", kind), ("UserID", known.userid)),
            *fields.items(),
        ]
        return Act(contacts, (self._courier.packet(contacts, "sys", "change_contact", named),))


def _location(part: Json) -> list[Element]:
    return [
        ("Location_X", text(part, "latitude") or "23.134"),
        ("Location_Y", text(part, "longitude") or "113.358"),
        ("Scale", "15"),
        ("Label", text(part, "label") or "云溪市人民广场"),
        ("AppType", "wxwork"),
    ]
