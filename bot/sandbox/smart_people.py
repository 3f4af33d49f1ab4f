"""What people do with intelligent robots: speak to them alone or by @ in a group, press, open."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.sandbox.answers import RefusalError
from bot.sandbox.callbacks import Courier, Delivery
from bot.sandbox.cards import card_type, keys_of, menu_of
from bot.sandbox.corp import Member, SmartRobot
from bot.sandbox.envelope import key_bytes, padded
from bot.sandbox.fields import Json, mapping, text
from bot.sandbox.media import DAYS_3, Upload
from bot.sandbox.messages import Message, Place
from bot.sandbox.people import PIXEL, VOICE, CannotError, Press
from bot.sandbox.smart import Cause, Interaction, SmartRobots
from bot.sandbox.smart_callbacks import SmartCourier
from bot.sandbox.smart_socket import SocketHub
from bot.sandbox.world import World

MEDIA_SECONDS = 300.0  # life of a media address, five minutes
_FILES = {"image": PIXEL, "file": "%PDF-1.4\n% 示例文件\n".encode(), "video": VOICE}
_SINGLE_ONLY = frozenset({"image", "voice", "file", "video"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says to a robot."""

    msgtype: str
    words: str
    quoted: str = ""


@dataclass(slots=True)
class SmartPeople:
    """Carries out what people do with robots."""

    world: World
    courier: Courier
    robots: SmartRobots
    hub: SocketHub
    base: str = ""  # this sandbox's own address, for response_url and media

    def in_place(self, place: Place, words: str) -> SmartRobot | None:
        """Return the robot that hears this: the one spoken to alone, or named with @ in a group."""
        if place.kind == "bot":
            return self.robots.robot(place.name)
        return next(
            (
                one
                for one in self.world.corp.smart_robots
                if place.kind == "group" and place.name in one.groups and f"@{one.name}" in words
            ),
            None,
        )

    async def say(self, member: Member, place: Place, robot: SmartRobot, said: Said) -> Delivery:
        """Say something to a robot and carry its answer back.

        Raises:
            CannotError: a kind that is not heard there, or too many answers still in progress.
        """
        if place.kind == "group" and member.key not in self.world.readers(place):
            raise CannotError(f"{member.name} 不在这个群里", 403)
        if place.kind == "group" and said.msgtype in _SINGLE_ONLY:
            raise CannotError("群里的智能机器人只听得到文字和图文")
        try:
            made = self.robots.begin(robot, member, place)
        except RefusalError as error:
            raise CannotError("机器人还在回复上一条, 请稍候", 409) from error
        readers = self.world.readers(place) or frozenset({member.key})
        shown = said.words or f"[{said.msgtype}]"
        part = {"text": shown, "quoted": said.quoted}
        self.world.messages.add(
            Message(made.at, place, member.key, readers, "text", part, shown, msgid=made.msgid)
        )
        return await self._deliver(made, self._body(robot, said))

    def _body(self, robot: SmartRobot, said: Said) -> dict[str, object]:
        body: dict[str, object] = {"msgtype": said.msgtype}
        if said.msgtype in {"text", "voice"}:  # voice comes already transcribed
            body[said.msgtype] = {"content": said.words or "这是一段语音"}
        elif said.msgtype == "mixed":
            words = {"msgtype": "text", "text": {"content": said.words}}
            picture = {"msgtype": "image", "image": self._media(robot, "image")}
            body["mixed"] = {"msg_item": [words, picture]}
        elif said.msgtype in _FILES:
            body[said.msgtype] = self._media(robot, said.msgtype)
        else:
            raise CannotError(f"智能机器人没有这种消息: {said.msgtype}")
        if said.quoted:
            body["quote"] = {"msgtype": "text", "text": {"content": said.quoted}}
        return body

    def _media(self, robot: SmartRobot, kind: str) -> dict[str, str]:
        """Return where an encrypted file lies for five minutes; the socket mode sends its key."""
        world = self.world
        aes_key = robot.aes_key or _fresh_key()
        key = key_bytes(aes_key)
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        data = encryptor.update(padded(_FILES[kind])) + encryptor.finalize()
        # Kept as if uploaded so long ago that only five of its minutes are left.
        past = world.clock.now() - DAYS_3 + MEDIA_SECONDS
        media = world.media.keep(Upload(kind, data), "file", scope="encrypted", now=past)
        found = {"url": f"{self.base}/sandbox/encrypted/{media.media_id}"}
        return found if robot.aes_key else {**found, "aeskey": aes_key}

    async def enter(self, member: Member, robot: SmartRobot) -> Delivery:
        """Open the single chat for the first time in a day (enter_chat)."""
        made = self.robots.begin(robot, member, Place("bot", robot.botid), Cause.ENTER)
        event = {"eventtype": str(Cause.ENTER)}
        return await self._deliver(made, {"msgtype": "event", "event": event})

    async def feedback(self, member: Member, robot: SmartRobot, fields: Json) -> Delivery:
        """Judge an answer (feedback_event)."""
        made = self.robots.begin(robot, member, Place("bot", robot.botid), Cause.FEEDBACK)
        event = {"eventtype": str(Cause.FEEDBACK), str(Cause.FEEDBACK): dict(fields)}
        return await self._deliver(made, {"msgtype": "event", "event": event})

    async def press(self, member: Member, message: Message, press: Press) -> Delivery:
        """Press a button of a robot's card (template_card_event, sent once).

        Raises:
            CannotError: not a reader, no such button, or the button is used up.
        """
        robot = self.robots.robot(message.owner)
        if robot is None or member.key not in message.readers:
            raise CannotError(f"{member.name} 没有收到这张卡片", 403)
        card = message.card_for(member.key)
        if press.key not in {*keys_of(card), *menu_of(card)}:
            raise CannotError(f"卡片上没有这个按钮: {press.key or '(空)'}", 404)
        made = self.robots.begin(robot, member, message.place, Cause.CARD)
        made.card = message
        event: dict[str, object] = {
            "card_type": str(card_type(message.part)),
            "event_key": press.key,
            "task_id": message.task_id,
        }
        if press.chosen and press.key in keys_of(card):
            event["selected_items"] = {"selected_item": _chosen(press.chosen)}
        if press.joined_names:
            event = {name.replace("_", ""): value for name, value in event.items()}
        body = {"eventtype": str(Cause.CARD), str(Cause.CARD): event}
        return await self._deliver(made, {"msgtype": "event", "event": body})

    async def _deliver(self, made: Interaction, body: dict[str, object]) -> Delivery:
        if made.robot.callback_url:
            packet = self.robots.packet(made, body, response_base=self.base)
            return await SmartCourier(self.robots, self.courier).deliver(made, packet)
        return await self.hub.deliver(made, self.robots.packet(made, body))


def _chosen(chosen: Sequence[tuple[str, Sequence[str]]]) -> list[dict[str, object]]:
    return [
        {"question_key": name, "option_ids": {"option_id": list(options)}}
        for name, options in chosen
    ]


def _fresh_key() -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return "".join(secrets.choice(alphabet) for _ in range(42)) + "A"


def words_of_body(body: Json) -> Said:
    """Return what a control request says: {text, msgtype, quote}."""
    quoted = text(mapping(body.get("quote")), "text") or text(body, "quote")
    return Said(text(body, "msgtype") or "text", text(body, "text"), quoted)
