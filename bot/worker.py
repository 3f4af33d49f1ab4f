"""The worker: takes kept messages in order, opens them and has each carried out in one go."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.loop import Loop
from bot.turns import Turns
from bot.wecom.crypto import Keyring, RefusedError, Sealed
from bot.wecom.envelope import Form
from bot.wecom.fields import MalformedError
from bot.wecom.inbound import Arrival, understand
from cases.messages import Heard
from storage.database import Database
from storage.errors import Unavailable
from storage.failpoints import Step, hit
from storage.inbox import InboxItem
from storage.states import Channel
from storage.work import Work

logger = logging.getLogger(__name__)

FRESHNESS = timedelta(minutes=10)  # between CreateTime and arrival (R2)
MAX_TRIES = 3

Clock = Callable[[], datetime]
Hear = Callable[[Work, Heard, datetime], None]
Apologise = Callable[[Work, InboxItem, datetime], None]
Known = Callable[[Work, Heard, datetime], Heard | None]
ASKING_WHO = "等企业微信答复用户 ID 是谁"  # put aside until then; see RobotUserStore


@dataclass(frozen=True, slots=True)
class RobotEar:
    """What the worker needs of the intelligent robot, where there is one.

    `known` gives the message its sender's userid, or None while the platform is being asked.
    """

    name: str
    known: Known


class Worker:
    """Carries out what was kept, one transaction for each message.

    `hear` does what a message asks for and answers by outbox rows. `apologise` tells the sender,
    likewise, that his message could not be processed and who has been told.
    """

    def __init__(  # noqa: PLR0913  the composition root hands each part over by name
        self,
        database: Database,
        *,
        keyrings: Mapping[Channel, Keyring],
        hear: Hear,
        apologise: Apologise,
        clock: Clock,
        robot: RobotEar | None = None,
    ) -> None:
        self._database = database
        self._keyrings = keyrings
        self._hear = hear
        self._apologise = apologise
        self._clock = clock
        self._robot = robot
        self._turns = Turns()
        self._sorry: list[InboxItem] = []  # put aside, its sender not told yet
        self._loop = Loop("worker", wake=database.wake, turn=self.work_off)

    def start(self) -> None:
        """Begin to work, at each ring of the database's bell and every second."""
        self._loop.start()

    def stop(self) -> None:
        """Finish the message at hand, then end."""
        self._loop.stop()

    def work_off(self) -> int:
        """Carry out all that waits; return how many. Raises Unavailable."""
        count = 0
        while not self._loop.is_stopping and self._next():
            count += 1
        return count

    def _next(self) -> bool:
        """Carry out one message; False when none waits."""
        taken: list[InboxItem] = []
        now = self._clock()

        def act(work: Work) -> bool:
            taken.clear()
            item = work.inbox.next_waiting(self._turns.behind(now))
            if item is not None:
                taken.append(item)
                hit("worker.claimed")
                self._carry_out(work, item, now)
            return item is not None

        try:
            if self._sorry:
                self._say_sorry(self._sorry.pop(), now)
            found = self._database.run(act, step=Step.ACT)
            for item in taken:
                self._turns.had(item.sender, now)
        except Unavailable:
            raise
        except Exception:  # one message that raises must not silence all the others
            logger.exception("message %s failed", taken[0].key if taken else "(none)")
            for item in taken:
                self._failed(item, now)
            return bool(taken)
        return found

    def _carry_out(self, work: Work, item: InboxItem, now: datetime) -> None:
        try:
            heard = self._open(item)
        except (RefusedError, MalformedError) as fault:
            self._quarantine(work, item, f"内容无法识别（{fault}）", now)
            return
        hit("worker.opened")  # I06
        if abs(heard.sent_at - item.received_at) > FRESHNESS:
            self._quarantine(work, item, "消息的发送时间与收到时间相差超过 10 分钟", now)
            return
        known = self._robot.known(work, heard, now) if self._robot and heard.chat else heard
        if known is None:
            work.inbox.put_aside(item.id, ASKING_WHO, now)
            return
        self._hear(work, known, now)
        hit("worker.heard")  # I11
        work.inbox.done(item.id, "已处理", now)

    def _open(self, item: InboxItem) -> Heard:
        """Open and read it; the signature is checked again, for the row may have been touched."""
        query = item.query
        encrypted = (item.envelope or b"").decode("latin-1")
        sealed = Sealed(encrypted, query["timestamp"], query["nonce"], query["signature"])
        plaintext = self._keyrings[item.channel].open(sealed)
        form = Form.JSON if item.channel == Channel.AIBOT else Form.XML
        robot = self._robot.name if self._robot else ""
        heard = understand(Arrival(plaintext, form, item.channel, sealed.timestamp, robot))
        if (heard.key, heard.sender) != (item.key, item.sender.casefold()):
            raise MalformedError("not what was kept")
        return heard

    def _quarantine(self, work: Work, item: InboxItem, reason: str, now: datetime) -> None:
        """Keep it, do nothing it says, and tell somebody: a wrong server clock looks like this."""
        work.inbox.quarantine(item.id, reason, now)
        work.alarms.sound(
            "inbox.quarantined",
            f"收到的消息被隔离: {reason}。请管理员核对服务器时间和回调密钥。",
            now,
        )

    def _failed(self, item: InboxItem, now: datetime) -> None:
        with self._database.work() as work:
            if work.inbox.failed_once(item.id) < MAX_TRIES:
                return
            work.inbox.put_aside(item.id, f"连续 {MAX_TRIES} 次处理出错", now)
            work.alarms.sound(
                "inbox.aside",
                f"一条消息处理出错，已搁置（{item.key}）。请管理员查看日志后重新放行。",
                now,
            )
        if item.sender:
            self._sorry.append(item)

    def _say_sorry(self, item: InboxItem, now: datetime) -> None:
        with self._database.work() as work:
            self._apologise(work, item, now)
