"""An intelligent robot in callback mode: encrypted JSON there and back, and refreshed streams."""

import asyncio
import json
import secrets
from dataclasses import dataclass

import httpx

from bot.sandbox.answers import RefusalError
from bot.sandbox.callbacks import Courier, Delivery, Try
from bot.sandbox.corp import SmartRobot
from bot.sandbox.envelope import (
    BrokenEnvelopeError,
    Keys,
    Sealed,
    open_reply_json,
    post_json,
    seal,
)
from bot.sandbox.fields import Json, mapping
from bot.sandbox.smart import STREAM_SECONDS, Cause, Interaction, SmartRobots

_REFRESH_SECONDS = 1.0  # the platform does not say how often it asks


@dataclass(frozen=True, slots=True)
class SmartCourier:
    """Carries what is said to robots to their callback addresses, and their answers back."""

    robots: SmartRobots
    courier: Courier

    async def deliver(self, made: Interaction, body: dict[str, object]) -> Delivery:
        """Deliver with the platform's repeats; events of cards are sent once only (page 101027)."""
        limits = self.robots.world.corp.limits
        most = limits.callback_tries if made.cause is Cause.MESSAGE else 1
        tries: list[Try] = []
        while len(tries) < most:
            if tries:
                await asyncio.sleep(limits.callback_pause)
            tries.append(await self._once(made, body, number=len(tries) + 1))
            if tries[-1].status == httpx.codes.OK:
                break
        good = tries[-1].status == httpx.codes.OK
        if good and made.stream is not None and not made.finished:
            self.courier.keep(self._refresh(made))
        return Delivery(made.msgid, made.msgid, delivered=good, tries=tuple(tries))

    async def _once(self, made: Interaction, body: dict[str, object], *, number: int) -> Try:
        world = self.robots.world
        robot = made.robot
        # The receiveid of an internal robot is empty, unlike an app's (page 101033).
        keys = Keys(robot.token, robot.aes_key, "")
        plain = json.dumps(body, ensure_ascii=False).encode()
        at = int(world.clock.now())
        sealed = seal(keys, plain, timestamp=at, random=secrets.token_bytes(24))
        one = await self.courier.post(
            robot.callback_url, sealed.query(), post_json(sealed), content_type="application/json"
        )
        world.log.write(
            {
                "kind": "callback",
                "t": round(world.clock.now(), 3),
                "api": "aibot/callback",
                "key": made.msgid,
                "msgid": made.msgid,
                "agentid": robot.botid,
                "userid": made.member.userid,
                "type": str(body.get("msgtype", "")),
                "try": number,
                "http": one.status,
                "error": one.error,
                "seconds": round(one.seconds, 4),
            }
        )
        if one.status == httpx.codes.OK and one.body.strip():
            self._take(made, keys, sealed, one.body)
        return one

    def _take(self, made: Interaction, keys: Keys, sealed: Sealed, body: bytes) -> None:
        world = self.robots.world
        fault = None
        reply: Json = {}
        try:
            reply = mapping(json.loads(open_reply_json(keys, body, nonce=sealed.nonce)))
            self.robots.reply(made, reply)
        except (BrokenEnvelopeError, RefusalError, ValueError) as error:
            fault = str(error)
        line = {"kind": "reply", "api": "aibot/reply", "key": made.msgid, "fault": fault}
        world.log.write({**line, "t": round(world.clock.now(), 3), "reply": reply})
        world.bell.ring()

    async def _refresh(self, made: Interaction) -> None:
        """Ask for the rest of a stream until it is finished or six minutes are over."""
        world = self.robots.world
        pause = min(_REFRESH_SECONDS, world.corp.limits.callback_pause)
        while not made.finished and world.clock.now() - made.at < STREAM_SECONDS:
            await asyncio.sleep(max(pause, 0.02))
            body: dict[str, object] = {"msgtype": "stream", "stream": {"id": made.stream_id}}
            await self._once(made, self.robots.packet(made, body), number=1)


async def verify(courier: Courier, robot: SmartRobot) -> dict[str, object]:
    """Play the console saving a robot's callback address (receiveid "")."""
    keys = Keys(robot.token, robot.aes_key, "")
    return await courier.ask_echo(robot.callback_url, keys)
