"""The intelligent robot end to end: said in the sandbox, done by the service, seen by people."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.asgi import Application, Message, Receive, Scope, Send
from handlers.robot_askers import userid_of
from storage.database import Database
from tests.support.edge import Server, served
from tests.support.robot_city import City, robot_city

AUDIT_KEY = b"the audit key of the tests"
OTHER = "https://www.toutiao.com/article/7249559687354974760/"
LINK = "https://www.toutiao.com/article/7249559687354974759/"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    with served(running) as running.port:
        yield running


@pytest.fixture
def city(sqlite_database: Database, tmp_path: Path, server: Server) -> Iterator[City]:
    with robot_city(sqlite_database, tmp_path, server) as running:
        yield running


@pytest.fixture(scope="module")
def lasting() -> Iterator[Server]:
    """Another, for the cities that outlive a test."""
    running = Server()
    with served(running) as running.port:
        yield running


@pytest.fixture(scope="module", params=["callback", "socket"])
def either(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    lasting: Server,
) -> Iterator[City]:
    """One city for each way the robot is reached, in which 001 is registered."""
    folder = tmp_path_factory.mktemp(request.param)
    shutil.copy(sqlite_template, folder / "duban.db")
    database = Database(f"sqlite:///{folder}/duban.db", audit_key=AUDIT_KEY)
    is_socket = request.param == "socket"
    with robot_city(database, folder, lasting, socket=is_socket, name="lasting") as city:
        city.connect()
        city.says("wangxiaoyu", f"青禾路积水多日无人管 {LINK}")
        yield city
    database.close()


@pytest.mark.parametrize("socket", [False, True], ids=["callback", "socket"])
def test_a_group_registers_signs_and_approves_by_naming_the_robot(
    sqlite_database: Database, tmp_path: Path, server: Server, socket: bool
) -> None:
    with robot_city(sqlite_database, tmp_path, server, socket=socket) as city:
        city.connect()
        play_in_the_group(city)
        assert [one["text"] for one in city.corp.seen_by("heqing")][1:] == []  # not in the group


def play_in_the_group(city: City) -> None:
    city.says("wangxiaoyu", f"@督办助手 青禾路积水多日无人管 {LINK}", group=True)
    city.says("sunlei", "@督办助手 定二级,交城管局", group=True)
    city.says("liuyang", "@督办助手 收到", group=True)
    city.says("liuyang", "@督办助手 001 已办结,已疏通", group=True)
    city.says("sunlei", "@督办助手 001 不需公开回应,已当面答复反映人", group=True)
    city.says("zhouguohua", "同意 @督办助手", group=True)
    said = [text.partition("\n")[0].partition("。")[0] for text in city.by_robot("tangbo")]
    assert said == [
        "<@wangxiaoyu> 已登记 001《青禾路积水多日无人管》",
        "<@sunlei> 001 已定二级",
        "<@liuyang> 已签收 001",
        "<@liuyang> 001 已申请办结",
        said[4],  # who decides about a public answer is the rulebook's business
        "<@zhouguohua> 已同意, 001 办结, 已告知报告人和责任单位",
    ]
    assert {state for _, state, _, _ in city.outbox()} == {"sent"}
    assert city.alarms() == []


def test_spoken_to_alone_the_robot_answers_there(either: City) -> None:
    assert either.by_robot("wangxiaoyu")[0].startswith("已登记 001《青禾路积水多日无人管》")
    assert either.by_app("wangxiaoyu") == []


def test_c07_a_quote_is_content_and_orders_nothing(either: City) -> None:
    before = either.office.case()
    either.says("sunlei", "这个谁办", quote="001 定一级,交城管局")
    assert either.office.case() == before


def test_a_picture_sent_with_words_belongs_to_their_case(either: City) -> None:
    either.says("lihang", f"南门桥路灯不亮 {OTHER}", msgtype="mixed")
    assert "刚才发的图片等材料已归入这一件" in either.by_robot("lihang")[-1]
    assert either.kept_files(either.newest()) == ["image/png"]


def test_a_document_sent_alone_goes_to_the_case_just_spoken_of(either: City) -> None:
    either.says("wangxiaoyu", "", msgtype="file")
    assert either.by_robot("wangxiaoyu")[-1] == "文件已归入 001《青禾路积水多日无人管》的材料。"
    assert either.kept_files(either.office.case().id) == ["application/pdf"]


def test_speech_is_shown_before_it_counts(either: City) -> None:
    either.says("sunlei", "查 001", msgtype="voice")
    shown = either.by_robot("sunlei")[-1]
    assert shown.startswith("语音听到的是: 「查 001」")
    number = re.search(r"([0-9]+) = 照此办理", shown)
    assert number is not None
    either.says("sunlei", number[1])
    assert "青禾路积水多日无人管" in either.by_robot("sunlei")[-1]


@pytest.mark.parametrize("asked", ["我的待办", "查 001"])
def test_in_a_group_what_is_looked_up_is_answered_one_to_one(either: City, asked: str) -> None:
    either.says("sunlei", f"@督办助手 {asked}", group=True)
    assert either.by_robot("tangbo")[-1] == "<@sunlei> 已私聊答复您, 请看应用「督办」。"
    assert "001" in either.by_app("sunlei")[-1]


def test_whoever_opens_the_chat_is_welcomed(either: City) -> None:
    either.happens("xulei", "enter_chat")
    assert either.by_robot("xulei")[-1].startswith("您好, 我是督办机器人")
    assert either.by_app("xulei") == []


def test_a_judgement_of_an_answer_is_recorded_and_not_answered(either: City) -> None:
    before = either.by_robot("wangxiaoyu")
    either.happens("wangxiaoyu", "feedback_event", fields={"id": "f", "type": 2})
    assert either.by_robot("wangxiaoyu") == before
    assert ("robot.feedback", "inaccurate") in either.audited()


def test_a_stranger_is_told_whom_to_ask(either: City) -> None:
    with either.database.work() as work:
        work.people.leave("wupeng", either.clock())
    either.says("wupeng", f"青禾路积水多日无人管 {LINK}")
    (answer,) = either.by_robot("wupeng")[-1:]
    assert answer == "您还没有登记在督办名录里, 请联系管理员陈管理登记后再用。"
    assert either.by_app("wupeng") == []


def test_in_a_group_a_restricted_matter_is_answered_one_to_one(either: City) -> None:
    either.says("sunlei", "@督办助手 001 定二级", group=True)
    assert either.by_robot("tangbo")[-1].startswith("<@sunlei> 001 已定二级")
    either.restrict()
    either.says("sunlei", "@督办助手 001 交城管局", group=True)
    assert either.by_robot("tangbo")[-1] == "<@sunlei> 已私聊答复您, 请看应用「督办」。"
    assert "001 已交市城管局主办" in "".join(either.by_app("sunlei")[-2:])


def test_a_message_delivered_twice_is_carried_out_once(city: City, server: Server) -> None:
    server.app = forgetful(server.app)
    city.says("wangxiaoyu", f"青禾路积水多日无人管 {LINK}")
    assert [one["http"] for one in city.corp.log("aibot/callback")] == [500, 200]
    assert len(city.by_robot("wangxiaoyu")) == 1


def forgetful(app: Application) -> Application:
    """Whatever is kept first is answered 500 once: the platform says it again."""
    calls = iter(range(9))

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        is_first = next(calls) == 0

        async def changed(message: Message) -> None:
            if is_first and message["type"] == "http.response.start":
                message["status"] = 500
            await send(message)

        await app(scope, receive, changed)

    return answering


def test_a_response_url_that_is_too_old_or_used_gives_way_to_the_app(city: City) -> None:
    city.hears("wangxiaoyu", f"青禾路积水多日无人管 {LINK}")
    city.worker.work_off()
    city.advance(3600)
    city.settle()
    assert city.by_robot("wangxiaoyu") == []
    (answer,) = city.by_app("wangxiaoyu")
    assert answer.startswith("已登记 001")
    ended = [row for row in city.outbox() if row[0] == "aibot"]
    assert [(row[1], row[3]) for row in ended] == [
        (
            "cancelled",
            "答复来信 (机器人没有答成, 改由应用私聊: 提问已超过 1 小时, 机器人不能再答)",
        )
    ]


def test_a_used_response_url_gives_way_to_the_app(city: City) -> None:
    done = city.hears("wangxiaoyu", f"青禾路积水多日无人管 {LINK}")
    city.worker.work_off()
    city.use_up(done)
    city.settle()
    assert city.by_robot("wangxiaoyu") == ["用掉了"]
    assert city.by_app("wangxiaoyu")[0].startswith("已登记 001")
    assert "60140" in city.outbox()[-1][2]


@pytest.mark.parametrize("socket", [False, True])
def test_encrypted_ids_are_converted_before_any_permission(
    sqlite_database: Database, tmp_path: Path, server: Server, socket: bool
) -> None:
    with robot_city(sqlite_database, tmp_path, server, socket=socket, encrypted_ids=True) as city:
        city.connect()
        city.says("wangxiaoyu", f"@督办助手 青禾路积水多日无人管 {LINK}", group=True)
        assert city.office.case().reporters == ("wangxiaoyu",)
        (answer,) = city.by_robot("tangbo")
        assert re.match(r"<@wo[0-9A-Za-z_-]{30}> 已登记 001", answer)
        city.says("sunlei", "定二级")
        assert city.by_robot("sunlei")[-1].startswith("001 已定二级")
        asked = city.corp.log("batch/openuserid_to_userid")
        assert len(asked) == 2  # one for each person, and never again
        city.says("sunlei", "查 001")
        assert len(city.corp.log("batch/openuserid_to_userid")) == 2
        with city.database.read() as work:
            (asker,) = {one["asker"] for one in city.payloads() if one["asker"] in answer}
            assert userid_of(work, asker) == "wangxiaoyu"
            assert userid_of(work, asker.lower()) is None  # case counts
            assert userid_of(work, "SunLei") == "sunlei"


def test_when_nobody_can_say_who_it_is_the_asker_hears_so(city: City) -> None:
    with city.database.work() as work:
        work.people.leave("lihang", city.office.now)
    city.corp.fault("errcode:48002", "batch/openuserid_to_userid", times=0)
    city.says("lihang", "查 001")
    assert "请联系管理员陈管理登记" in city.by_robot("lihang")[0]
    assert city.alarms() == ["robot.ids"]
    city.corp.control("faults", rules=[])
    city.advance(600)
    city.says("lihang", "查 001")
    assert city.alarms() == []


def test_when_the_platform_is_busy_the_question_is_asked_again(city: City) -> None:
    with city.database.work() as work:
        work.people.leave("lihang", city.office.now)
    city.corp.fault("http500", "batch/openuserid_to_userid", times=2)
    city.says("lihang", "查 001")
    assert city.by_robot("lihang") == []
    for seconds in (2, 8):
        city.advance(seconds)
        city.settle()
    assert "请联系管理员" in city.by_robot("lihang")[0]
    assert city.alarms() == []


def test_what_is_said_too_often_in_one_chat_goes_by_the_app(city: City) -> None:
    for _ in range(25):
        city.hears("wangxiaoyu", "帮助")
    city.hears("wangxiaoyu", "帮助")
    city.settle()
    assert len(city.by_robot("wangxiaoyu")) == 25
    assert len(city.by_app("wangxiaoyu")) == 1
    assert "发得太密" in city.outbox()[-1][2]
