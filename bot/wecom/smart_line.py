"""The long connection among replicas: one of them holds it, hears by it and speaks over it.

A lease in the database says who. Its holder renews it every few seconds; when it falls silent,
another has it within 30 s. A holder that cannot renew stops speaking before the lease ends, so
that a machine that slept does not speak beside its successor.
"""

import hashlib
import json
import logging
import random
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.gateway import GiveUp, Outcome, Scope, TryLater, Unknown
from bot.loop import Loop
from bot.wecom.answers import Answer, judge
from bot.wecom.callback import record_of
from bot.wecom.crypto import CallbackKeys, Keyring
from bot.wecom.envelope import Form
from bot.wecom.fields import MalformedError
from bot.wecom.inbound import FRAME, Arrival, identify
from bot.wecom.lifeboat import Lifeboat, LifeboatError
from bot.wecom.smart_files import Upload, upload
from bot.wecom.smart_socket import ASK_SECONDS, LineDownError, LongConnection
from cases.robot_payload import Json
from storage.database import Database
from storage.errors import ConcurrentChange, Unavailable
from storage.inbox import InboxRecord
from storage.states import Channel
from storage.work import Work

logger = logging.getLogger(__name__)

LEASE = "robot.line"
LEASE_LENGTH = timedelta(seconds=25)
_LEASE_SECONDS = LEASE_LENGTH.total_seconds()
_NOT_SUBSCRIBED = 846609
_ALARM = "robot.line"
_RIVAL = "robot.rival"

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Robot:
    """Which robot, and where the platform hears it."""

    bot_id: str
    secret: str = field(repr=False)
    url: str = "wss://openws.work.weixin.qq.com"
    proxy: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often what happens, in seconds. The defaults are those of a production service."""

    renew: float = 8.0  # the lease, while it is ours
    look: float = 3.0  # whether it has become free
    ping: float = 30.0  # page 101463
    silence: float = 45.0  # after which the connection is taken for dead
    backoff: tuple[float, ...] = (1, 2, 5, 10, 30, 60)
    quiet: float = 60.0  # after too many subscriptions, or when another program took the line
    misconfigured: float = 300.0
    alarm: float = 60.0  # how long it may be down before somebody is told


@dataclass(frozen=True, slots=True)
class Times:
    """The clocks of the line: of the door for arrivals, unshifted for leases, and monotonic."""

    door: Clock
    real: Clock
    monotonic: Callable[[], float] = time.monotonic


def frame_keys(secret: bytes) -> CallbackKeys:
    """Return the keys by which frames lie sealed in the inbox, as callbacks do (decision 28).

    A long connection brings them in the clear; what is readable must not be written down before
    it has been looked at for classified matter.
    """
    token = hashlib.sha256(b"robot frames: token" + secret).hexdigest()[:32]
    aes_key = hashlib.sha256(b"robot frames: key" + secret).hexdigest()[:43]
    return CallbackKeys(token, aes_key, "")


class SmartLine:
    """Holds the robot's connection whenever this replica has the lease."""

    def __init__(  # noqa: PLR0913  the composition root hands each part over by name
        self,
        robot: Robot,
        *,
        database: Database,
        lifeboat: Lifeboat,
        keyring: Keyring,
        times: Times,
        rhythm: Rhythm | None = None,
    ) -> None:
        self._robot = robot
        self._database = database
        self._lifeboat = lifeboat
        self._keyring = keyring
        self._times = times
        self._rhythm = rhythm or Rhythm()
        self._owner = secrets.token_hex(8)
        self._connection: LongConnection | None = None
        self._epoch: int | None = None
        self._trusted_until = 0.0
        self._renew_at = 0.0
        self._try_at = 0.0
        self._ping_at = 0.0
        self._failures = 0
        self._down_since: float | None = None
        self._was_replaced = False
        self._is_stale = False
        self._loop = Loop("robot line", wake=database.wake, turn=self.turn)

    @property
    def is_leading(self) -> bool:
        """Whether this replica speaks for the robot."""
        return self._epoch is not None and self._times.monotonic() < self._trusted_until

    @property
    def is_connected(self) -> bool:
        """Whether the robot hears and speaks through this replica just now."""
        connection = self._connection
        return self.is_leading and connection is not None and connection.is_open

    def start(self) -> None:
        """Begin to compete for the lease, and hold the line when it is ours."""
        self._loop.start()

    def stop(self) -> None:
        """Hang up and give the lease to whoever waits."""
        self._loop.stop()
        self._hang_up()
        if self._epoch is not None:
            self._epoch = None
            with suppress(Unavailable, ConcurrentChange):  # it ends by itself
                self._database.run(
                    lambda work: work.leases.release(LEASE, self._owner, self._times.real())
                )

    def turn(self) -> None:
        """Renew what is due, reconnect what broke. Raises Unavailable."""
        if not self._holds():
            self._hang_up()
            return
        connection = self._connection
        if connection is None:
            self._try_to_connect()
        elif self._is_stale or not connection.is_open:
            self._is_stale = False
            self._hang_up()
            self._failed("长连接断开", self._rhythm.quiet if self._was_replaced else 0)
        else:
            self._keep_alive(connection)

    def ask(self, cmd: str, body: Json, req_id: str = "") -> Outcome:
        """Say something over the connection, if this replica holds it."""
        answer = self._ask(cmd, body, req_id)
        return judge(answer) if isinstance(answer, dict) else answer

    def upload(self, file: Upload) -> str:
        """Upload a file in pieces; return its media_id. Raises UploadError."""
        return upload(self._asked, file)

    def _asked(self, cmd: str, body: Json) -> Answer | Outcome:
        answer = self._ask(cmd, body)
        if not isinstance(answer, dict):
            return answer
        if answer.get("errcode") != 0:
            return judge(answer)
        inside = answer.get("body")
        return inside if isinstance(inside, dict) else {}

    def _ask(self, cmd: str, body: Json, req_id: str = "") -> Answer | TryLater | GiveUp | Unknown:
        if self._times.monotonic() > self._trusted_until - ASK_SECONDS or self._epoch is None:
            return GiveUp(0, "没有服务连着机器人", Scope.MESSAGE)
        connection = self._connection
        if connection is None:
            return TryLater(None, "机器人的长连接正在重连", 0)
        answer = connection.ask(cmd, body, req_id)
        if isinstance(answer, dict) and answer.get("errcode") == _NOT_SUBSCRIBED:
            self._is_stale = True  # the next turn connects anew
        return answer

    def _holds(self) -> bool:
        moment = self._times.monotonic()
        if self._epoch is not None and moment >= self._trusted_until:
            self._epoch = None
        if moment < self._renew_at and not self._was_replaced:
            return self._epoch is not None
        before = self._epoch
        self._epoch = self._database.run(
            lambda work: work.leases.hold(LEASE, self._owner, self._times.real(), LEASE_LENGTH)
        )
        if self._epoch is None:
            self._was_replaced = False  # by the replica that has the lease now: as it should be
        else:
            self._trusted_until = moment + _LEASE_SECONDS
        if self._epoch != before:
            logger.info("robot line: %s", "held elsewhere" if self._epoch is None else "held here")
        self._renew_at = moment + (self._rhythm.renew if self._epoch else self._rhythm.look)
        return self._epoch is not None

    def _keep_alive(self, connection: LongConnection) -> None:
        moment = self._times.monotonic()
        if moment - connection.last_heard >= self._rhythm.silence:
            self._hang_up()
            self._failed("长连接没有心跳")
        elif moment >= self._ping_at:
            self._ping_at = moment + self._rhythm.ping
            connection.ping()

    def _try_to_connect(self) -> None:
        if self._times.monotonic() < self._try_at:
            return
        robot = self._robot
        try:
            connection = LongConnection(
                robot.url,
                heard=self._hear,
                proxy=robot.proxy,
                monotonic=self._times.monotonic,
            )
        except LineDownError as fault:
            self._failed(str(fault))
            return
        answer = connection.ask("aibot_subscribe", {"bot_id": robot.bot_id, "secret": robot.secret})
        outcome = judge(answer) if isinstance(answer, dict) else answer
        if isinstance(outcome, (TryLater, GiveUp, Unknown)):
            connection.close()
            self._refused(outcome)
            return
        self._connection = connection
        self._ping_at = self._times.monotonic() + self._rhythm.ping
        self._failures, self._down_since, self._was_replaced = 0, None, False
        self._database.run(self._all_clear)
        self._database.wake.notify()  # what waited for the line may leave

    def _all_clear(self, work: Work) -> None:
        for kind in (_ALARM, _RIVAL):
            work.alarms.end(kind, self._times.door())

    def _refused(self, outcome: TryLater | GiveUp | Unknown) -> None:
        if isinstance(outcome, GiveUp):
            self._down_since = self._times.monotonic() - self._rhythm.alarm  # told at once
            self._failed(outcome.text, self._rhythm.misconfigured)
        else:
            is_limit = isinstance(outcome, TryLater) and outcome.pauses_channel
            self._failed(outcome.text, self._rhythm.quiet if is_limit else 0)

    def _failed(self, why: str, at_least: float = 0) -> None:
        """Note a failure: when to try again, and whether somebody has to know."""
        moment = self._times.monotonic()
        waits = self._rhythm.backoff
        wait = waits[min(self._failures, len(waits) - 1)] * random.uniform(0.8, 1.0)  # noqa: S311  spreads replicas
        self._failures += 1
        self._try_at = moment + max(wait, at_least)
        if self._down_since is None:
            self._down_since = moment
        logger.warning("robot line: %s", why)
        if self._was_replaced:
            self._was_replaced = False
            text = "另有程序用同一个机器人连上了企业微信, 机器人听不到消息。请管理员停掉那个程序。"
            self._sound(_RIVAL, text)
        elif moment - self._down_since >= self._rhythm.alarm:
            self._sound(_ALARM, f"智能机器人的长连接不通: {why}")

    def _sound(self, kind: str, text: str) -> None:
        self._database.run(lambda work: work.alarms.sound(kind, text, self._times.door()))

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _hear(self, frame: Json) -> None:
        """Keep what the platform brings, before anything is done about it; in the reader's thread.

        The platform does not repeat a frame, so there is no ack to hold back: what neither the
        database nor the lifeboat takes is lost, and the log says so.
        """
        body, headers = frame.get("body"), frame.get("headers")
        if not isinstance(body, dict) or not isinstance(headers, dict):
            return
        event = body.get("event")
        if isinstance(event, dict) and event.get("eventtype") == "disconnected_event":
            self._was_replaced = True
            return
        try:
            record = self._record(body | {FRAME: str(headers.get("req_id", ""))})
        except MalformedError:
            logger.warning("robot line: a frame that cannot be kept")
            return
        self._keep(record)

    def _record(self, body: Json) -> InboxRecord:
        received_at = self._times.door()
        timestamp = str(int(received_at.timestamp()))
        plaintext = json.dumps(body, ensure_ascii=False).encode()
        sealed = self._keyring.seal(plaintext, timestamp=timestamp, nonce=secrets.token_hex(8))
        identity = identify(Arrival(plaintext, Form.JSON, Channel.AIBOT, timestamp))
        return record_of(sealed, identity, Channel.AIBOT, received_at.astimezone(UTC))

    def _keep(self, record: InboxRecord) -> None:
        try:
            if not self._lifeboat.holds(record.sender):
                with self._database.callback_work() as work:
                    work.inbox.keep([record])
                return
        except (Unavailable, ConcurrentChange):
            logger.warning("robot line: the database does not answer; a message goes to the boat")
        try:
            self._lifeboat.take([record])
        except LifeboatError:
            logger.exception("robot line: a message was lost")
