"""What a robot says arrives once, in the chat or else by the app, and files go to single chats."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.gateway import GiveUp, Outcome, Scope, Unknown
from bot.wecom.client import MediaError
from bot.wecom.smart_files import CHUNK_BYTES, Upload, UploadError
from bot.wecom.smart_gateway import RobotGateway
from cases import robot_payload
from cases.messages import RobotChat, RobotFile, media_id_of
from cases.payload import app_text
from storage.database import Database
from storage.outbox import OVERDUE, NewMessage
from storage.states import Channel
from tests.support.edge import Server, served
from tests.support.robot_city import City, robot_city, sender_of

AUDIT_KEY = b"the audit key of the tests"


@pytest.fixture(scope="module")
def doors() -> Iterator[Server]:
    running = Server()
    with served(running) as running.port:
        yield running


def made(folder: Path, template: Path, doors: Server, *, socket: bool) -> Iterator[City]:
    shutil.copy(template, folder / "duban.db")
    database = Database(f"sqlite:///{folder}/duban.db", audit_key=AUDIT_KEY)
    name = f"sending-{socket}"
    with robot_city(database, folder, doors, socket=socket, name=name) as city:
        city.connect()
        city.says("lihang", "帮助")  # a robot may speak first only to whom it knows
        yield city
    database.close()


@pytest.fixture(scope="module")
def wired(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, doors: Server
) -> Iterator[City]:
    yield from made(tmp_path_factory.mktemp("wired"), sqlite_template, doors, socket=True)


@pytest.fixture(scope="module")
def called(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, doors: Server
) -> Iterator[City]:
    yield from made(tmp_path_factory.mktemp("called"), sqlite_template, doors, socket=False)


def put(city: City, key: str, payload: str, *, ago: timedelta = timedelta()) -> None:
    with city.database.work() as work:
        work.outbox.put(
            NewMessage(
                key=key,
                kind="answer",
                channel=Channel.AIBOT,
                recipient="lihang",
                payload=payload,
                reason="答复来信",
                priority=1,
                next_at=city.clock() - ago,
            )
        )


def otherwise(words: str) -> str:
    return app_text(1000002, "lihang", words, key=words)


def answer(city: City, key: str, chat: RobotChat) -> None:
    at = city.clock()
    payload = robot_payload.answer(chat, key, key=key, heard_at=at, otherwise=otherwise(key))
    put(city, key, payload)


def alone(city: City, **way: str) -> RobotChat:
    del city
    return RobotChat("lihang", is_group=False, asker="lihang", **way)


def paper(city: City, key: str, path: str) -> None:
    payload = robot_payload.file("lihang", "简报.docx", path, key=key, otherwise=otherwise(key))
    put(city, key, payload)
    city.settle()


def folder_of(city: City) -> Path:
    return city.corp.log_path.parent


def test_a_file_is_shown_in_the_single_chat_under_its_name(wired: City) -> None:
    content = b"d" * (CHUNK_BYTES + 1)  # two pieces
    (folder_of(wired) / "brief.docx").write_bytes(content)
    paper(wired, "paper", "brief.docx")
    shown = wired.corp.seen_by("lihang")[-1]
    assert (shown["author"], shown["msgtype"]) == ("smart", "file")
    assert (shown["part"]["name"], shown["part"]["size"]) == ("简报.docx", len(content))


@pytest.mark.parametrize("path", ["none.docx", "../duban.db", "/etc/hosts"])
def test_a_file_that_is_not_among_the_papers_is_not_sent(wired: City, path: str) -> None:
    paper(wired, f"paper {path}", path)
    assert wired.by_app("lihang")[-1] == f"paper {path}"
    assert "要发的文件不在了" in wired.outbox()[-1][2]


def test_a_file_too_small_for_the_platform_is_refused_before_it_leaves(wired: City) -> None:
    (folder_of(wired) / "small.txt").write_bytes(b"12345")
    paper(wired, "small", "small.txt")
    assert wired.by_app("lihang")[-1] == "small"
    with pytest.raises(UploadError, match="50 MB"):
        wired.line.upload(Upload("file", "x", bytes(100 * CHUNK_BYTES + 1)))


def test_in_callback_mode_a_file_goes_the_other_way(called: City) -> None:
    paper(called, "paper", "brief.docx")
    assert called.by_app("lihang") == ["paper"]
    assert "回调模式的机器人不能主动发消息和文件" in called.outbox()[-1][2]


def test_a_frame_of_another_connection_is_answered_by_a_push(wired: City) -> None:
    answer(wired, "pushed", alone(wired, req_id="of another connection"))
    wired.settle()
    assert wired.by_robot("lihang")[-1] == "pushed"


def test_a_welcome_that_comes_late_is_not_said(wired: City) -> None:
    at = wired.clock() - timedelta(seconds=6)
    chat = alone(wired, req_id="r")
    put(wired, "late", robot_payload.welcome(chat, "您好", key="late", heard_at=at))
    wired.settle()
    assert wired.outbox()[-1][1:2] == ("failed",)
    assert "不再欢迎" in wired.outbox()[-1][3]


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ("{}", "不是智能机器人的消息"),
        (
            robot_payload.answer(
                RobotChat("c", is_group=False, asker="c", response_url="https://evil.example/x"),
                "好",
                key="k",
                heard_at=robot_payload.read(
                    robot_payload.file("c", "n", "p", key="k", otherwise="")
                ).ends_at
                + timedelta(days=36500),
                otherwise="",
            ),
            "回复地址不是企业微信的",
        ),
    ],
    ids=["no message", "another's address"],
)
def test_what_is_no_message_of_a_robot_is_refused(called: City, payload: str, why: str) -> None:
    assert called.robot.gateway.send("aibot", "c", payload) == GiveUp(0, why, Scope.MESSAGE)


class Deaf:
    """Says it, and never hears how it ended, the first time."""

    def __init__(self, gateway: RobotGateway, *, forever: bool = False) -> None:
        self._gateway = gateway
        self._forever = forever
        self.times = 0

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        self.times += 1
        outcome = self._gateway.send(channel, recipient, payload)
        return Unknown("没有得到回答") if self.times == 1 or self._forever else outcome


@pytest.mark.parametrize("mode", ["called", "wired"])
def test_r9_an_answer_in_doubt_is_shown_once(mode: str, request: pytest.FixtureRequest) -> None:
    city: City = request.getfixturevalue(mode)
    city.hears("lihang", "帮助")
    city.worker.work_off()
    before = len(city.by_robot("lihang"))
    deaf = Deaf(city.robot.gateway)
    sender = sender_of(city, deaf)
    sender.send_waiting()
    city.advance(6)
    sender.send_waiting()
    sender.stop()
    assert (deaf.times, len(city.by_robot("lihang"))) == (2, before + 1)
    assert city.outbox()[-1][:2] == ("aibot", "sent")


def test_an_answer_that_stays_in_doubt_goes_by_the_app(wired: City) -> None:
    class Silent:
        def send(self, channel: str, recipient: str, payload: str) -> Outcome:
            del channel, recipient, payload
            return Unknown("没有得到回答")

    answer(wired, "doubtful", alone(wired, req_id="r"))
    sender = sender_of(wired, Silent())
    for _ in range(4):
        sender.send_waiting()
        wired.advance(20)
    sender.stop()
    wired.settle()
    assert wired.by_app("lihang")[-1] == "doubtful"


def test_while_the_line_is_down_answers_wait_a_little_and_go_by_the_app(wired: City) -> None:
    wired.line._hang_up()  # noqa: SLF001
    answer(wired, "waited for", alone(wired, req_id="r"))
    wired.settle()
    assert wired.outbox()[-1][:2] == ("aibot", "retry")
    for _ in range(3):
        wired.advance(20)
        wired.sender.send_waiting()
    assert wired.by_app("lihang")[-1] == "waited for"
    wired.line.turn()
    assert wired.line.is_connected


def test_what_nobody_holds_the_line_for_goes_by_the_app(wired: City) -> None:
    wired.line.stop()
    answer(wired, "left lying", alone(wired, req_id="r"))
    wired.settle()
    assert wired.outbox()[-1][:2] == ("aibot", "new")  # for whoever holds the line
    wired.advance(OVERDUE.total_seconds() + 1)
    wired.settle()
    assert wired.by_app("lihang")[-1] == "left lying"


@pytest.mark.parametrize("ago", [5, 6])
def test_a_card_is_not_changed_five_seconds_after_its_press(wired: City, ago: int) -> None:
    chat = alone(wired, req_id="r1")
    way = robot_payload.way_of_press(chat, wired.clock() - timedelta(seconds=ago))
    outcome = wired.robot.gateway.send("aibot", "lihang", robot_payload.with_card(way, {}))
    assert isinstance(outcome, GiveUp)
    assert "点按已超过 5 秒" in outcome.text


def test_a_robot_that_is_set_up_wrongly_holds_nobody_up(called: City) -> None:
    class Wrong:
        def send(self, channel: str, recipient: str, payload: str) -> Outcome:
            del channel, recipient, payload
            return GiveUp(853000, "机器人 ID 或 Secret 不正确", Scope.CHANNEL)

    sender = sender_of(called, Wrong())
    for key in ("first", "second"):
        answer(called, key, alone(called, response_url="https://x.example/"))
        sender.send_waiting()
    sender.stop()
    assert called.by_app("lihang")[-2:] == ["first", "second"]
    assert "outbox.held.aibot" in called.alarms()


def test_a_shown_file_is_fetched_from_the_platform_only_and_opened(called: City) -> None:
    downloads = called.robot.downloads
    for file in (RobotFile("ftp://x.example/"), RobotFile(f"{called.corp.url}/none")):
        with pytest.raises(MediaError):
            downloads(media_id_of(file))
    page = RobotFile(f"{called.corp.url}/static/words.js")
    for broken in (page, replace(page, aes_key="short")):
        with pytest.raises(MediaError, match="解不开"):
            downloads(media_id_of(broken))
