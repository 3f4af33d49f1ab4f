"""Intelligent robots (智能机器人): what is said to them, what they may answer (page 101039)."""

import hashlib
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.sandbox.answers import RefusalError
from bot.sandbox.cards import check_card
from bot.sandbox.contacts import open_userid
from bot.sandbox.corp import Member, SmartRobot
from bot.sandbox.fields import Json, mapping, size, text, texts
from bot.sandbox.messages import Message, Place
from bot.sandbox.reading import Door, links_of, mentions_of, words_of
from bot.sandbox.windows import Limit
from bot.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

STREAM_BYTES = 20480
STREAM_SECONDS = 360.0  # six minutes; error 846608 says ten, the stricter is played
RESPONSE_SECONDS = 3600.0  # life of a response_url
REPLY_SECONDS = 86400.0  # a conversation may be answered for a day over the long connection
MOST_OPEN = 3  # interactions in progress for one person
CHAT_RATE = (Limit(30, 60.0), Limit(1000, 3600.0))


class Cause(StrEnum):
    """Why a robot is spoken to; each allows other replies (page 101031)."""

    MESSAGE = "message"
    ENTER = "enter_chat"
    CARD = "template_card_event"
    FEEDBACK = "feedback_event"


@dataclass(slots=True)
class Interaction:
    """One thing said to a robot, and its answer so far."""

    robot: SmartRobot
    member: Member
    place: Place
    cause: Cause
    msgid: str
    at: float
    card: Message | None = None  # the card that was pressed
    stream_id: str = ""
    stream: Message | None = None
    finished: bool = False
    answered: int = 0
    response_code: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    response_used: bool = False

    def chatid(self) -> str:
        """Return the id of the group as robots know it; "" in a single chat."""
        return chatid_of(self.place.name) if self.place.kind == "group" else ""


def chatid_of(group: str) -> str:
    """Return the id by which robots know a group."""
    return "wr" + hashlib.sha256(group.encode()).hexdigest()[:28]


@dataclass(slots=True)
class SmartRobots:
    """The robots' conversations, whichever way they are connected."""

    world: World
    interactions: dict[str, Interaction] = field(default_factory=dict)  # by msgid
    talked: dict[tuple[str, str], tuple[Place, Member]] = field(default_factory=dict)

    def robot(self, botid: str) -> SmartRobot | None:
        """Return the robot of this id."""
        return next((one for one in self.world.corp.smart_robots if one.botid == botid), None)

    def begin(
        self, robot: SmartRobot, member: Member, place: Place, cause: Cause = Cause.MESSAGE
    ) -> Interaction:
        """Note that a person speaks to a robot.

        Raises:
            RefusalError: three answers to this person are still in progress.
        """
        now = self.world.clock.now()
        going = [
            one
            for one in self.interactions.values()
            if (one.robot, one.member) == (robot, member) and _is_open(one, now)
        ]
        if cause is Cause.MESSAGE and len(going) >= MOST_OPEN:
            raise RefusalError(846607, "too many interactions in progress")
        made = Interaction(robot, member, place, cause, secrets.token_urlsafe(24), now)
        self.interactions[made.msgid] = made
        chat = made.chatid() or member.key
        self.talked[robot.botid, chat] = (place, member)
        if not made.chatid() and robot.encrypted_ids:  # a chat is named as its person is
            self.talked[robot.botid, open_userid(self.world, member.userid)] = (place, member)
        return made

    def packet(
        self, made: Interaction, body: Json, *, response_base: str = ""
    ) -> dict[str, object]:
        """Return the JSON that a robot receives; a response_url only in callback mode."""
        robot, member = made.robot, made.member
        shown = open_userid(self.world, member.userid) if robot.encrypted_ids else member.userid
        found: dict[str, object] = {"msgid": made.msgid, "aibotid": robot.botid}
        if made.cause is not Cause.MESSAGE:
            found["create_time"] = int(made.at)
        if made.place.kind == "group":
            found |= {"chatid": made.chatid(), "chattype": "group"}
        else:
            found["chattype"] = "single"
        found["from"] = {"userid": shown}
        if response_base and made.cause in {Cause.MESSAGE, Cause.CARD}:
            found["response_url"] = (
                f"{response_base}/cgi-bin/aibot/response?response_code={made.response_code}"
            )
        return {**found, **body}

    def reply(self, made: Interaction, body: Json, *, socket: bool = False) -> None:
        """Take a robot's answer to what was said to it.

        Raises:
            RefusalError: a kind that may not answer this, too long, too late, or a wrong card.
        """
        if made.cause is Cause.CARD:
            self._update(made, body)
        elif made.cause is Cause.FEEDBACK:
            raise RefusalError(40008, "only an empty reply is allowed")
        elif made.cause is Cause.ENTER:
            self._put(made, body, allowed={"text", "template_card"})
        elif text(body, "msgtype") in {"stream", "stream_with_template_card"}:
            self._stream(made, body)
        else:
            pushed = {"markdown", "file", "image", "voice", "video"} if socket else set()
            self._put(made, body, allowed={"template_card", *pushed})
            made.finished = True
        made.answered += 1

    def _put(self, made: Interaction, body: Json, *, allowed: set[str]) -> Message:
        msgtype = text(body, "msgtype")
        if msgtype not in allowed:
            raise RefusalError(40008, f"msgtype not allowed here: {msgtype[:32]!a}")
        return self.show(made.robot, made.place, made.member, msgtype, mapping(body.get(msgtype)))

    def show(
        self, robot: SmartRobot, place: Place, member: Member, msgtype: str, part: Json
    ) -> Message:
        """Show a message of a robot in a conversation.

        Raises:
            RefusalError: 40058 too long, 44004 empty, 42014 repeated task_id, or a wrong card.
        """
        world = self.world
        task_id = ""
        if msgtype == "template_card":
            check_card(part)
            task_id = text(part, "task_id")
            if task_id and (f"robot:{robot.botid}", task_id) in world.tasks:
                raise RefusalError(42014, "task_id duplicate")
            world.tasks.add((f"robot:{robot.botid}", task_id))
        elif msgtype in {"markdown", "text", "stream"}:
            _check_length(part)
        readers = world.readers(place) or frozenset({member.key})
        written = "markdown" if msgtype == "stream" else msgtype
        return world.messages.add(
            Message(
                at=world.clock.now(),
                place=place,
                author="smart",
                readers=readers,
                msgtype=written,
                part=dict(part),
                text=words_of(written, part),
                mentions=mentions_of(Door.ROBOT, written, part) if place.kind == "group" else (),
                task_id=task_id,
                owner=robot.botid,
            )
        )

    def _stream(self, made: Interaction, body: Json) -> None:
        part = mapping(body.get("stream"))
        if made.finished:
            raise RefusalError(846606, "stream already finished")
        if self.world.clock.now() - made.at >= STREAM_SECONDS:
            raise RefusalError(846608, "stream message update expired (>6 minutes)")
        if made.stream is None:
            made.stream_id = text(part, "id")
            if not made.stream_id:
                raise RefusalError(40063, "stream.id missing")
            made.stream = self.show(made.robot, made.place, made.member, "stream", part)
        elif text(part, "id") != made.stream_id:
            raise RefusalError(40058, "stream.id changed")
        else:
            _check_length(part)
            made.stream.part, made.stream.text = dict(part), text(part, "content")
            self.world.messages.changed(made.stream)
        made.finished = part.get("finish") is True
        card = mapping(body.get("template_card"))
        if card:
            self.show(made.robot, made.place, made.member, "template_card", card)

    def _update(self, made: Interaction, body: Json) -> None:
        card = mapping(body.get("template_card"))
        if text(body, "response_type") != "update_template_card" or made.card is None:
            raise RefusalError(93050, "invalid response_type")
        check_card(card, update=True)
        if text(card, "task_id") not in {"", made.card.task_id}:
            raise RefusalError(42016, "task_id not found")
        named = {one.casefold() for one in texts(body.get("userids"))}
        blank: Mapping[str, object] = dict.fromkeys(made.card.part, None)
        for reader in made.card.readers if not named else made.card.readers & named:
            made.card.cards[reader] = {**blank, **card, "task_id": made.card.task_id}
        self.world.messages.changed(made.card)

    def push(self, robot: SmartRobot, body: Json) -> Message:
        """Carry out aibot_send_msg: to a chat in which somebody has spoken to the robot.

        Raises:
            RefusalError: nobody has, the chat's rate is used up, or a wrong message.
        """
        now = self.world.clock.now()
        chat = text(body, "chatid")
        found = self.talked.get((robot.botid, chat)) or self.talked.get(
            (robot.botid, chat.casefold())
        )
        if found is None:
            raise RefusalError(93006, "invalid chatid")
        if not self.world.windows.take(f"smart:{robot.botid}:{chat}", CHAT_RATE, now):
            raise RefusalError(846607, "send limited")
        place, member = found
        msgtype = text(body, "msgtype")
        if msgtype not in {"markdown", "template_card", "file", "image", "voice", "video"}:
            raise RefusalError(40008)
        return self.show(robot, place, member, msgtype, mapping(body.get(msgtype)))

    def respond(self, code: str, body: Json) -> Message:
        """Carry out a POST to a response_url: once, within the hour (page 101138).

        Raises:
            RefusalError: 60140 for the code, 40008 for the kind, or a wrong message.
        """
        made = next((i for i in self.interactions.values() if i.response_code == code), None)
        late = made is not None and self.world.clock.now() - made.at >= RESPONSE_SECONDS
        if made is None or made.response_used or late:
            raise RefusalError(60140)
        shown = self._put(made, body, allowed={"markdown", "template_card"})
        made.response_used = made.finished = True
        return shown

    def describe(self, shown: Message) -> dict[str, object]:
        """Return what stands in the log of a robot's message."""
        return {
            "msgid": shown.msgid,
            "task_id": shown.task_id,
            "msgtype": shown.msgtype,
            "text": shown.text,
            "place": str(shown.place),
            "shown_to": sorted(shown.readers),
            "visible": True,
            "links": links_of(shown.msgtype, shown.part),
        }


def _is_open(one: Interaction, now: float) -> bool:
    return one.stream is not None and not one.finished and now - one.at < STREAM_SECONDS


def _check_length(part: Json) -> None:
    if size(text(part, "content")) > STREAM_BYTES:
        raise RefusalError(40058, f"content exceed max length {STREAM_BYTES}")
