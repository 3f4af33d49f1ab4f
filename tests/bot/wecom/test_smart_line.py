"""The robot's long connection: held by one replica, mended when it breaks."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import Server, ServerConnection, serve

from bot.gateway import GiveUp, Scope, Sent, TryLater, Unknown
from bot.wecom.crypto import Keyring
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.smart_line import Robot, SmartLine, Times, frame_keys
from bot.wecom.smart_socket import LineDownError, LongConnection
from cases.robot_payload import Json
from storage.database import Database
from tests.bot.sandbox.playground import Playground, playground
from tests.support.edge import StandingClock
from tests.support.robot_city import BOT, SOCKET_SECRET, sandbox_city

LATE = GiveUp(0, "没有服务连着机器人", Scope.MESSAGE)
OK: Json = {"errcode": 0, "errmsg": "ok"}
SUBSCRIBE = {"bot_id": BOT, "secret": SOCKET_SECRET}
MARKDOWN: Json = {"msgtype": "markdown", "markdown": {"content": "好"}}


@pytest.fixture(scope="module")
def corp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playground]:
    city = sandbox_city({"secret": SOCKET_SECRET})
    folder = tmp_path_factory.mktemp("line")
    with playground(folder, callback=False, **city) as running:
        yield running


@dataclass
class Replicas:
    """Lines of several replicas, with one clock for their leases and their patience."""

    corp: Playground
    database: Database
    folder: Path
    clock: StandingClock = field(default_factory=lambda: StandingClock(datetime.now(UTC)))
    elapsed: float = 1000.0
    made: list[SmartLine] = field(default_factory=list)
    boats: list[Lifeboat] = field(default_factory=list)

    def line(self, *, secret: str = SOCKET_SECRET, url: str = "") -> SmartLine:
        boat = Lifeboat(self.folder / f"boat{len(self.boats)}")
        self.boats.append(boat)
        made = SmartLine(
            Robot(BOT, secret, url or self.corp.url.replace("http", "ws") + "/openws"),
            database=self.database,
            lifeboat=boat,
            keyring=Keyring([frame_keys(b"k")]),
            times=Times(self.clock, self.clock, lambda: self.elapsed),
        )
        self.made.append(made)
        return made

    def pass_(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)
        self.elapsed += seconds

    def says(self, text: str = "你好") -> bool:
        said = self.corp.control("say", userid="lihang", place=f"bot:{BOT}", text=text)
        return bool(said["delivered"])

    def waiting(self) -> int:
        with self.database.read() as work:
            return work.inbox.waiting_count()

    def alarms(self) -> list[str]:
        with self.database.read() as work:
            return [alarm.kind for alarm in work.alarms.sounding()]

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for another thread to get there."""
        pause = threading.Event()
        for _ in range(500):
            if is_so():
                return
            pause.wait(0.01)
        raise AssertionError(is_so)


@pytest.fixture
def replicas(corp: Playground, sqlite_database: Database, tmp_path: Path) -> Iterator[Replicas]:
    made = Replicas(corp, sqlite_database, tmp_path)
    yield made
    for line in made.made:
        line.stop()
    for boat in made.boats:
        boat.close()


def connected(replicas: Replicas) -> SmartLine:
    line = replicas.line()
    line.turn()
    assert line.is_connected
    return line


def ended(line: SmartLine) -> bool:
    return not line.is_connected


def test_what_comes_down_the_line_is_kept_sealed(replicas: Replicas) -> None:
    connected(replicas)
    assert replicas.says("007 办得怎么样了")
    replicas.until(lambda: replicas.waiting() == 1)
    with replicas.database.work() as work:
        item = work.inbox.next_waiting()
    assert item is not None
    assert (item.sender, item.agent_id, item.channel) == ("lihang", BOT, "aibot")
    assert "办得".encode() not in (item.envelope or b"")


def test_a_line_that_breaks_is_opened_again_after_a_pause(replicas: Replicas) -> None:
    line = connected(replicas)
    assert replicas.corp.control("cut", botid=BOT) == {"cut": True}
    assert replicas.corp.control("cut", botid=BOT) == {"cut": False}
    replicas.until(lambda: ended(line))
    assert isinstance(line.ask("aibot_send_msg", MARKDOWN), TryLater)
    line.turn()
    assert isinstance(line.ask("aibot_send_msg", MARKDOWN), TryLater)
    line.turn()
    assert ended(line)
    replicas.pass_(1)
    line.turn()
    assert line.is_connected
    assert replicas.says()
    replicas.until(lambda: replicas.waiting() == 1)


def test_another_replica_has_the_line_within_30_seconds_of_a_death(replicas: Replicas) -> None:
    first = connected(replicas)
    second = replicas.line()
    second.turn()
    assert (first.is_leading, second.is_leading) == (True, False)
    replicas.pass_(24)  # the first has died, or sleeps: it renews nothing any more
    second.turn()
    assert not second.is_leading
    assert first.ask("aibot_send_msg", MARKDOWN) == LATE
    replicas.pass_(4)
    second.turn()
    assert second.is_connected
    assert replicas.says()
    replicas.until(lambda: replicas.waiting() == 1)
    first.turn()  # it wakes, and finds the lease gone
    assert (first.is_leading, first.is_connected, second.is_connected) == (False, False, True)
    assert replicas.alarms() == []


def test_the_lease_is_kept_by_who_renews_it(replicas: Replicas) -> None:
    first = connected(replicas)
    second = replicas.line()
    for _ in range(10):
        replicas.pass_(8)
        first.turn()
        first.ask("aibot_send_msg", MARKDOWN)  # whatever the answer: it is a sign of life
        second.turn()
        assert (first.is_connected, second.is_leading) == (True, False)


def test_a_replica_that_stops_leaves_the_line_to_the_next_at_once(replicas: Replicas) -> None:
    connected(replicas).stop()
    assert connected(replicas).is_leading


@contextmanager
def rival(corp: Playground) -> Iterator[ClientConnection]:
    with connect(corp.url.replace("http", "ws") + "/openws", proxy=None) as socket:
        frame = {"cmd": "aibot_subscribe", "headers": {"req_id": "r"}, "body": SUBSCRIBE}
        socket.send(json.dumps(frame))
        assert json.loads(socket.recv(5))["errcode"] == 0
        yield socket


def test_another_program_on_the_line_is_told_of_and_not_fought(replicas: Replicas) -> None:
    line = connected(replicas)
    with rival(replicas.corp):
        replicas.until(lambda: ended(line))
        line.turn()
        assert replicas.alarms() == ["robot.rival"]
        replicas.pass_(24)
        line.turn()
        assert line.is_leading
        assert ended(line)
    replicas.pass_(20)
    line.turn()
    replicas.pass_(20)
    line.turn()
    assert line.is_connected
    assert replicas.alarms() == []


def test_a_wrong_secret_is_told_at_once_and_tried_seldom(replicas: Replicas) -> None:
    line = replicas.line(secret="wrong")
    line.turn()
    assert replicas.alarms() == ["robot.line"]
    tried = len(replicas.corp.log("aibot/socket"))
    for _ in range(12):
        replicas.pass_(20)
        line.turn()
    assert len(replicas.corp.log("aibot/socket")) == tried
    for _ in range(4):
        replicas.pass_(20)
        line.turn()
    assert len(replicas.corp.log("aibot/socket")) == tried + 1


def test_a_platform_that_is_away_for_a_minute_is_told_of(replicas: Replicas) -> None:
    line = replicas.line(url="ws://127.0.0.1:9/openws")
    for _ in range(59):
        line.turn()
        replicas.pass_(1)
    assert replicas.alarms() == []
    for _ in range(60):
        line.turn()
        replicas.pass_(1)
    assert replicas.alarms() == ["robot.line"]


def test_a_line_that_answers_lives(replicas: Replicas) -> None:
    line = connected(replicas)
    for _ in range(8):
        replicas.pass_(8)
        line.turn()
        replicas.until(lambda: connection_of(line).last_heard > replicas.elapsed - 35)
    assert line.is_connected


def connection_of(line: SmartLine) -> LongConnection:
    connection = line._connection  # noqa: SLF001
    assert connection is not None
    return connection


def test_a_line_that_is_silent_is_given_up(replicas: Replicas) -> None:
    with Platform(lambda frame: OK if frame["cmd"] == "aibot_subscribe" else None).serving() as url:
        line = replicas.line(url=url)
        for _ in range(6):
            line.turn()
            assert line.is_connected
            replicas.pass_(7.5)
        line.turn()
        assert (line.is_leading, line.is_connected) == (True, False)


def test_what_the_database_does_not_take_goes_to_the_lifeboat(replicas: Replicas) -> None:
    connected(replicas)
    boat = replicas.boats[0]
    with replicas.database.work():  # somebody writes, and goes on writing
        assert replicas.says()
        replicas.until(lambda: boat.holds("lihang"))
    assert replicas.says()
    replicas.until(lambda: boat.state().records == 2)  # behind the first, not past it
    assert replicas.waiting() == 0


def test_a_line_that_forgot_us_is_opened_anew(replicas: Replicas) -> None:
    asked: list[object] = []

    def answer(frame: Json) -> Json:
        asked.append(frame["cmd"])
        return OK if frame["cmd"] == "aibot_subscribe" else {"errcode": 846609, "errmsg": "no"}

    with Platform(answer).serving() as url:
        line = replicas.line(url=url)
        line.turn()
        assert isinstance(line.ask("aibot_send_msg", MARKDOWN), TryLater)
        line.turn()
        assert ended(line)
        replicas.pass_(1)
        line.turn()
        assert line.is_connected
        assert asked == ["aibot_subscribe", "aibot_send_msg", "aibot_subscribe"]


@dataclass
class Platform:
    """A platform that answers each frame as a test says, or not at all."""

    answer: Callable[[Json], Json | str | None]

    @contextmanager
    def serving(self) -> Iterator[str]:
        with serve(self._handle, "127.0.0.1", 0, compression=None) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"ws://127.0.0.1:{_port(server)}/"
            server.shutdown()
            thread.join()

    def _handle(self, socket: ServerConnection) -> None:
        for raw in socket:
            frame = json.loads(raw)
            try:
                answer = self.answer(frame)
            except ConnectionAbortedError:
                return
            if isinstance(answer, str):
                socket.send(answer)
            elif answer is not None:
                socket.send(json.dumps({"headers": frame["headers"]} | answer))


def _port(server: Server) -> int:
    port: int = server.socket.getsockname()[1]
    return port


@contextmanager
def conversation(
    answer: Callable[[Json], Json | str | None], heard: Callable[[Json], None] = print
) -> Iterator[LongConnection]:
    with Platform(answer).serving() as url:
        connection = LongConnection(url, heard=heard, patience=0.05)
        yield connection
        connection.close()


def test_an_ack_that_does_not_come_leaves_the_outcome_unknown() -> None:
    with conversation(lambda _: None) as connection:
        assert connection.ask("x", {}) == Unknown("长连接没有回应")


@pytest.mark.parametrize("noise", ["no json", "[]", '{"headers": {"req_id": "other"}}', "{}"])
def test_frames_that_mean_nothing_are_passed_over(noise: str) -> None:
    with conversation(lambda frame: noise if frame["cmd"] == "x" else {"errcode": 0}) as connection:
        assert isinstance(connection.ask("x", {}), Unknown)
        assert connection.ask("y", {}) == {"headers": {"req_id": "duban-2"}, "errcode": 0}


def test_a_line_that_ends_leaves_nobody_waiting() -> None:
    def hang_up(_: Json) -> None:
        raise ConnectionAbortedError

    with conversation(hang_up) as connection:
        assert isinstance(connection.ask("x", {}), Unknown)
        connection.close()
        assert connection.ask("x", {}) == TryLater(None, "长连接已断开", 0)


def test_an_address_where_nobody_listens_is_named_by_its_fault() -> None:
    with pytest.raises(LineDownError, match="ConnectionRefusedError"):
        LongConnection("ws://127.0.0.1:9/", heard=print)


def test_an_ack_is_judged_by_its_errcode(replicas: Replicas) -> None:
    line = connected(replicas)
    assert replicas.says()
    push = {"chatid": "lihang", "chat_type": 1, **MARKDOWN}
    assert isinstance(line.ask("aibot_send_msg", push), Sent)
    strange = line.ask("aibot_send_msg", push | {"chatid": "nobody"})
    assert isinstance(strange, GiveUp)
    assert (strange.errcode, strange.scope) == (93006, Scope.RECIPIENT)
