"""Every way out, over HTTP against the sandbox: cards that change, groups, robots, files."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.menu import MenuSetter
from bot.sandbox.people import PIXEL
from cases.cards import Card, robot_card
from cases.encoding import wecom_field
from cases.menu import app_menu
from cases.model import State
from cases.payload import (
    app_file,
    app_text,
    robot_file,
    robot_image,
    robot_markdown,
    robot_text,
)
from storage.database import Database
from storage.outbox import NewMessage
from storage.states import Channel, ChatState, OutboxState
from tests.support.hostile import HOSTILE
from tests.support.sandbox_office import AGENT, SandboxOffice, Town, town

LINK = "https://www.toutiao.com/article/7249559687354974759/"
GROUP = "group:市城管局"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def office(sqlite_database: Database, city: Town, tmp_path: Path) -> Iterator[SandboxOffice]:
    city.clear()
    opened = SandboxOffice(sqlite_database, papers=tmp_path)
    opened.open(city)
    yield opened
    opened.close()


@pytest.fixture
def assigned(office: SandboxOffice) -> SandboxOffice:
    office.forwards("wangxiaoyu", "青禾路积水 省电视台采访", LINK)
    office.presses("sunlei", "1", office.card("sunlei"))
    return office


def put(office: SandboxOffice, channel: Channel, recipient: str, payload: str) -> str:
    """Put a message and let it leave; where it stands then."""
    key = f"test|{payload}"
    with office.database.work() as work:
        message = NewMessage(key, "test", channel, recipient, payload, "试", 1, office.now)
        assert work.outbox.put(message)
    office.leaving()
    with office.database.read() as work:
        return str(work.records.state_of(key))


def alarms(office: SandboxOffice) -> str:
    with office.database.read() as work:
        return "\n".join(alarm.text for alarm in work.alarms.sounding())


def test_a_pressed_card_changes_in_the_hands_of_whoever_pressed(assigned: SandboxOffice) -> None:
    card = assigned.card("liuyang")
    assert [one["text"] for one in card["part"]["button_list"]] == ["签收", "退回"]
    assigned.presses("liuyang", "1", card)
    after = assigned.card("liuyang")
    assert after["msgid"] == card["msgid"]
    assert after["part"]["replace_text"] == "已签收"
    assert after["part"]["main_title"]["desc"] == "刘洋 10:00 已签收"
    assert "已签收 001" in assigned.words("liuyang")


def test_a_card_changes_by_the_code_of_its_sending_when_words_settle_it(
    assigned: SandboxOffice,
) -> None:
    assigned.says("liuyang", "收到 001")
    assert assigned.card("liuyang")["part"]["replace_text"] == "已签收"


@pytest.mark.parametrize("fault", ["execute_and_timeout", "http500", "errcode:45033"])
def test_a_change_that_is_in_doubt_is_tried_again_until_it_is_there(
    assigned: SandboxOffice, city: Town, fault: str
) -> None:
    city.fails(fault, "update_template_card")
    assigned.says("liuyang", "收到 001")
    assigned.passes(minutes=2)
    assigned.leaving()
    assert assigned.card("liuyang")["part"]["replace_text"] == "已签收"
    assert "没有送达" not in alarms(assigned)
    with assigned.database.read() as work:  # not refused as used up, when it was we who used it
        assert work.outbox.dead_letters() == []


def test_a_change_that_is_refused_is_sent_as_a_new_card_where_something_is_asked(
    assigned: SandboxOffice, city: Town
) -> None:
    first = assigned.card("liuyang")
    city.fails("errcode:60140", "update_template_card")
    assigned.says("zhouguohua", "001 升级为一级, 央视报道")
    second = assigned.card("liuyang")
    assert second["task_id"] != first["task_id"]
    assert "》一级" in str(second["text"])
    assigned.presses("liuyang", "1", second)
    assert assigned.case().state is State.SIGNED


def test_a_card_older_than_72_hours_cannot_be_changed_and_its_press_is_answered_truthfully(
    assigned: SandboxOffice, city: Town
) -> None:
    card = assigned.card("liuyang")
    city.world.clock.set_offset(72 * 3600.0)
    assigned.says("liuyang", "收到 001")
    assert "replace_text" not in assigned.card("liuyang")["part"]
    assigned.presses("liuyang", "1", card)
    assert "001 已由刘洋于 10:00 处理: 市城管局签收。" in assigned.words("liuyang")
    assert assigned.card("liuyang")["part"]["replace_text"] == "已签收"  # by the press's own code


def test_a_card_the_platform_refuses_is_said_in_words(office: SandboxOffice, city: Town) -> None:
    city.fails("errcode:42038", "template_card")
    office.forwards("wangxiaoyu", "青禾路积水 省电视台采访", LINK)
    assert "回复数字即可: 1 = 定二级, 交市城管局" in office.words("sunlei")
    assert "卡片发不出" in alarms(office)
    office.says("sunlei", "1")
    assert office.case().state is State.ASSIGNED


def test_what_became_wrong_on_its_way_is_called_back(assigned: SandboxOffice) -> None:
    assigned.passes(minutes=20)  # the reminder before the signature is due
    reminder = assigned.seen_by("liuyang")[-1]
    assert "【提醒】001" in str(reminder["text"])
    assigned.says("liuyang", "收到 001")
    recalled = [one for one in assigned.seen_by("liuyang") if one["recalled"]]
    assert [one["msgid"] for one in recalled] == [reminder["msgid"]]


def test_a_message_older_than_a_day_stays_and_that_is_recorded(
    assigned: SandboxOffice, city: Town
) -> None:
    assigned.passes(minutes=20)
    city.world.clock.set_offset(24 * 3600.0)
    assigned.says("liuyang", "收到 001")
    assert not [one for one in assigned.seen_by("liuyang") if one["recalled"]]
    with assigned.database.read() as work:
        assert work.outbox.recalls() == []


def test_the_office_has_a_group_made_that_follows_the_case(assigned: SandboxOffice) -> None:
    assigned.says("sunlei", "007建群")
    assert "没有找到这个编号" in assigned.words("sunlei")
    assigned.says("liuyang", "001建群")
    assert "建群由值班员、舆情办主任来做" in assigned.words("liuyang")
    assigned.says("sunlei", "001拉群")
    place = "chat:"
    greeting = assigned.words("liuyang", place)
    assert greeting.startswith("【工作群】001《青禾路积水 省电视台采访》二级\n主办: 市城管局")
    assert "机器人听不到群里的话" in greeting
    assert "已建好, 3 人" in assigned.words("sunlei")
    assigned.says("sunlei", "001建个群")
    assert "001 已有工作群" in assigned.words("sunlei")
    assigned.says("sunlei", "001 加住建局协办")
    assert "【001】青禾路积水 省电视台采访\n交市住建局协办" in assigned.words("chenjing", place)
    assigned.says("liuyang", "首报: 已到场, 正在抽排")
    assert "市城管局首报: 已到场, 正在抽排" in assigned.words("chenjing", place)
    assigned.says("sunlei", "001 转给交警支队, 不归城管")
    assert "首报" in assigned.words("liuyang", place)
    before = len(assigned.seen_by("liuyang", place))
    assigned.says("sunlei", "001 撤回, 误报")
    assert "群里不再发通知。感谢各位" in assigned.words("chenjing", place)
    assert len(assigned.seen_by("liuyang", place)) == before  # no longer in it


def test_a_group_is_ended_by_word_and_made_again_under_the_same_id(
    assigned: SandboxOffice, city: Town
) -> None:
    assigned.says("sunlei", "给001建个工作群")
    assigned.says("sunlei", "001关群")
    assert "本群不再发通知" in assigned.words("liuyang", "chat:")
    assigned.says("liuyang", "收到")
    assert "市城管局签收" not in assigned.words("liuyang", "chat:")
    assigned.says("sunlei", "001建群")
    assert len(city.world.chats) == 1
    assigned.says("liuyang", "首报: 已到场")
    assert "市城管局首报: 已到场" in assigned.words("liuyang", "chat:")


def test_a_group_the_platform_will_not_make_is_explained(
    assigned: SandboxOffice, city: Town
) -> None:
    city.fails("errcode:48002", "appchat/create")
    assigned.says("sunlei", "001建群")
    assert "001 的工作群没有建成" in assigned.words("sunlei")
    assert "根部门" in assigned.words("sunlei")
    with assigned.database.read() as work:
        chat = work.chats.of_case(assigned.case().id)
    assert chat is not None
    assert chat.state is ChatState.FAILED
    assigned.says("sunlei", "001建群")
    assert "工作群「001 青禾路积水 省电视台采访 工作群」已建好" in assigned.words("sunlei")


def test_a_robot_posts_words_pictures_files_and_notices(office: SandboxOffice) -> None:
    (office.papers / "daily.txt").write_bytes(b"report")
    card = Card("【日报】", page="https://duban.example/")
    for payload in (
        robot_text("请看", ("liuyang",)),
        robot_markdown("**日报** <b>", ("liuyang", "坏 id")),
        robot_image(PIXEL),
        robot_file("daily.txt", "日报.txt"),
        robot_card(card),
    ):
        assert put(office, Channel.ROBOT, "市城管局", payload) == OutboxState.SENT
    shown = office.seen_by("liuyang", GROUP)
    kinds = ["text", "markdown", "image", "file", "template_card"]
    assert [one["msgtype"] for one in shown] == kinds
    assert [one["mentions"] for one in shown[:2]] == [["liuyang"], ["liuyang"]]
    assert put(office, Channel.ROBOT, "没有的群", robot_text("x", ())) == OutboxState.FAILED


def test_a_kept_file_goes_up_once_and_again_when_it_has_expired(
    office: SandboxOffice, city: Town
) -> None:
    (office.papers / "case.txt").write_bytes(b"all about 001")
    for nth in ("1", "2"):
        payload = app_file(AGENT, "sunlei", ("case.txt", "案卷.txt"), key=nth)
        assert put(office, Channel.APP, "sunlei", payload) == OutboxState.SENT
    first, second = (one["part"] for one in office.seen_by("sunlei"))
    assert first["media_id"] == second["media_id"]
    assert first["name"] == "案卷.txt"
    city.fails("errcode:40007", "message/send")
    payload = app_file(AGENT, "sunlei", ("case.txt", "案卷.txt"), key="3")
    assert put(office, Channel.APP, "sunlei", payload) == OutboxState.RETRY
    office.passes(minutes=1)
    office.leaving()
    assert office.seen_by("sunlei")[-1]["part"]["media_id"] != first["media_id"]


@pytest.mark.parametrize("stored", ["gone.txt", "../secrets/key", "/etc/hostname"])
def test_a_file_that_is_not_among_the_papers_is_not_sent(
    office: SandboxOffice, stored: str
) -> None:
    payload = app_file(AGENT, "sunlei", (stored, "x.txt"), key="1")
    assert put(office, Channel.APP, "sunlei", payload) == OutboxState.FAILED
    assert office.seen_by("sunlei") == []


def test_the_menu_is_set_and_asked_for_again_until_it_is_taken(
    office: SandboxOffice, city: Town
) -> None:
    def setter(pause: float) -> MenuSetter:
        return MenuSetter(
            office.database,
            call=office.client.call,
            menu=app_menu("https://duban.example"),
            agent_id=str(AGENT),
            clock=lambda: office.now,
            pause_seconds=pause,
        )

    city.fails("errcode:60020", "menu/create", times=2)
    patient, quick = setter(60.0), setter(0.0)
    assert not patient.set_once()
    assert "应用菜单没有设成" in alarms(office)
    assert not patient.set_once()  # asks nobody before its pause is over
    assert not quick.set_once()
    assert quick.set_once()
    assert quick.set_once()
    assert alarms(office) == ""
    held = json.dumps(city.world.menus[AGENT], ensure_ascii=False)
    assert "我的待办" in held
    assert "https://duban.example/" in held


def test_c13_c14_c15_c18_hostile_words_are_inert_in_every_message_that_leaves(
    office: SandboxOffice, city: Town
) -> None:
    rows: list[tuple[Channel, str, str]] = []
    for nth, hostile in enumerate(HOSTILE):
        words = f"{nth} {wecom_field(hostile, 900)}"
        rows += [
            (Channel.APP, "sunlei", app_text(AGENT, "sunlei", words, key=str(nth))),
            (Channel.ROBOT, "市城管局", robot_text(words, ())),
            (Channel.ROBOT, "市住建局", robot_markdown(words)),
        ]
    with office.database.work() as work:
        for nth, (channel, recipient, payload) in enumerate(rows):
            key, reason = str(nth), "试"
            message = NewMessage(key, "test", channel, recipient, payload, reason, 1, office.now)
            assert work.outbox.put(message)
    office.leaving()
    app, groups = office.seen_by("sunlei"), office.seen_by("liuyang", "group:")
    assert (len(app), len(groups)) == (len(HOSTILE), 2 * len(HOSTILE))
    for one in (*app, *groups):
        assert one["mentions"] == []
    links = [line["links"] for line in city.log() if line.get("visible")]
    assert len(links) == len(rows)
    assert not [one for one in links if one]
