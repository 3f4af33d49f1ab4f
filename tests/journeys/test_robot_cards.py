"""Decisions asked through the robot: cards pressed in the sandbox, by callback and by the line."""

import itertools
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.cards import task_id_of
from cases.model import State
from handlers.robot_cards import PRIVATE, TOO_LONG
from storage.database import Database
from tests.support.edge import Server, served
from tests.support.robot_city import City, Json, robot_city

# So different that none is taken for a repeat of another in the same city.
SUBJECTS = itertools.cycle(
    [
        "青禾路积水多日无人管",
        "南门桥头路灯不亮",
        "梧桐苑垃圾成堆发臭",
        "老火车站井盖破损",
        "滨江公园健身器材断裂",
        "农贸市场占道经营",
        "解放大道夜间施工扰民",
        "体育馆旁公厕长期关闭",
        "人民广场喷泉漏水",
        "工业园区渣土车遗撒",
        "北湖小区电梯停运",
        "东风巷违规搭建",
    ]
)
AUDIT_KEY = b"the audit key of the tests"


@pytest.fixture(scope="module", params=["callback", "socket"])
def city(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[City]:
    """One city for each way, with cards, whose robot gives encrypted ids; nobody is a stranger."""
    folder = tmp_path_factory.mktemp(request.param)
    shutil.copy(sqlite_template, folder / "duban.db")
    database = Database(f"sqlite:///{folder}/duban.db", audit_key=AUDIT_KEY)
    server, is_socket = Server(), request.param == "socket"
    with (
        served(server) as server.port,
        robot_city(
            database, folder, server, socket=is_socket, cards=True, encrypted_ids=True
        ) as running,
    ):
        running.connect()
        yield running
    database.close()


def registered(city: City, *, group: bool = True) -> str:
    """The director reports something himself and is thereby asked to grade it; its number."""
    named = "@督办助手 " if group else ""
    link = f"https://www.toutiao.com/article/72495596873549{len(city.outbox()):05}/"
    city.says("sunlei", f"{named}{next(SUBJECTS)} {link}", group=group)
    with city.database.read() as work:
        return work.cases.load(city.newest()).short_number


def state(city: City) -> State:
    with city.database.read() as work:
        return work.cases.load(city.newest()).state


def label(card: Json) -> str:
    return str(card["part"]["button_list"][0]["text"])


def latest_row(city: City) -> tuple[str, str, str, str]:
    return [row for row in city.outbox() if row[0] == "aibot"][-1]


def is_socket(city: City) -> bool:
    return city.robot.line is not None


def test_what_is_asked_of_the_asker_is_answered_by_a_card(city: City) -> None:
    number = registered(city)
    card = city.card("tangbo")
    assert f"【待定级】{number}" in card["text"]
    assert f"已登记 {number}" in card["text"]
    assert "也可回复数字: " in card["text"]
    assert 1 <= len(card["part"]["button_list"]) <= 2
    assert "action_menu" not in card["part"]  # progress is looked up one to one
    assert latest_row(city)[2] == "答复来信 (机器人出卡片)"
    with city.database.read() as work:
        kept = work.cards.by_task(card["task_id"])
    assert kept is not None
    assert card["task_id"] == task_id_of(kept.key)  # sent again it is the same card


@pytest.mark.parametrize("joined", [False, True], ids=["event_key", "eventkey"])
def test_a_press_does_the_deed_and_is_answered_within_two_seconds(city: City, joined: bool) -> None:
    number = registered(city)
    began = time.monotonic()
    city.presses("sunlei", label(city.card("tangbo")), city.card("tangbo"), joined_names=joined)
    assert time.monotonic() - began < 2
    assert state(city) is not State.REPORTED
    (answer,) = [one for one in city.by_robot("tangbo") if f"{number} 已定三级" in one][-1:]
    assert "下一步请交办" not in answer or "主办" not in answer  # the same press has assigned it
    assert answer.startswith("<@wo")  # the encrypted id is what the chat understands


def test_the_pressed_card_is_changed_where_the_platform_allows_it(city: City) -> None:
    number = registered(city)
    city.presses("sunlei", label(city.card("tangbo")), city.card("tangbo"))
    after = city.card("tangbo", number)
    if is_socket(city):
        assert label(after) == "已定级"
        assert "孙磊" in after["part"]["main_title"]["desc"]
    else:
        assert label(after) != "已定级"
    assert {row[1] for row in city.outbox() if row[0] == "aibot"} == {"sent"}


def test_the_second_who_presses_is_told_who_was_first_and_when(city: City) -> None:
    number = registered(city)
    card = city.card("tangbo")
    city.presses("sunlei", label(card), card)
    city.presses("zhouguohua", label(city.card("tangbo", number)), city.card("tangbo", number))
    said = city.by_robot("tangbo")[-1]
    assert re.search(rf"{number} 已由孙磊于 [0-9:]+ 处理: ", said)


def test_a_stranger_who_presses_does_nothing_and_is_told_who_may(city: City) -> None:
    registered(city)
    card = city.card("tangbo")
    city.presses("liuyang", label(card), card)
    assert city.by_robot("tangbo")[-1].endswith("这张卡片由舆情办主任办理, 您不能代按。")
    with city.database.work() as work:
        work.people.leave("wupeng", city.clock())
    city.presses("wupeng", label(card), card)
    assert "您不能代按。您还没有登记在督办名录里" in city.by_robot("tangbo")[-1]
    assert state(city) is State.REPORTED


def closing(city: City, *, talked: bool = False) -> str:
    """A case of the second level whose end the leader is asked to confirm; its number."""
    number = registered(city, group=False)
    city.says("sunlei", f"{number} 定二级,交城管局")
    city.says("liuyang", f"{number} 收到")
    for day in range(4 * talked):
        city.says("liuyang", f"{number} 进展: {'已派人到现场清淤, 管线另行排查, ' * 4}第{day}天")
    city.says("liuyang", f"{number} 已办结,已疏通")
    city.says("sunlei", f"{number} 不需公开回应,已当面答复反映人")
    return number


def test_what_a_card_has_no_room_for_is_said_before_it_or_with_numbers(city: City) -> None:
    number = closing(city, talked=True)
    city.says("zhouguohua", f"查 {number}")
    if is_socket(city):
        assert "收到 1 次报告" in city.by_robot("zhouguohua")[-2]
        assert city.card("zhouguohua")["text"] == city.by_robot("zhouguohua")[-1]
        city.presses("zhouguohua", "退回", city.card("zhouguohua"))
        assert city.by_robot("zhouguohua")[-1].startswith(f"请写明退回 {number} 的理由")
        city.says("zhouguohua", "现场照片没有附上")
        assert state(city) is State.HANDLING
    else:
        assert latest_row(city)[2] == f"答复来信 ({TOO_LONG})"
        digit = re.search(r"([0-9]+) = 同意办结", city.by_robot("zhouguohua")[-1])
        assert digit is not None
        city.says("zhouguohua", digit[1])
        assert state(city) is State.CLOSED


def test_what_waits_for_a_leader_is_pressed_where_he_asks_about_it(city: City) -> None:
    number = closing(city)
    city.says("zhouguohua", f"查 {number}")
    card = city.card("zhouguohua")
    assert [one["text"] for one in card["part"]["button_list"]] == ["同意办结", "退回"]
    assert "收到 1 次报告" in card["text"]
    city.presses("zhouguohua", "同意办结", card)
    assert state(city) is State.CLOSED
    assert f"已同意, {number} 办结" in city.by_robot("zhouguohua")[-1]


def test_progress_is_one_press_away_alone_with_the_robot(city: City) -> None:
    number = registered(city, group=False)
    city.presses("sunlei", "查进度", city.card("sunlei"))
    assert f"{number}《" in city.by_robot("sunlei")[-1]
    assert "收到 1 次报告" in city.by_robot("sunlei")[-1]


def test_a_restricted_matter_shows_no_card_in_a_group(city: City) -> None:
    number = registered(city)
    city.restrict()
    city.says("sunlei", f"@督办助手 {number} 补充: 又有三处", group=True)
    assert city.by_robot("tangbo")[-1].endswith("已私聊答复您, 请看应用「督办」。")
    assert city.outbox()[-1][2] == f"答复来信 ({PRIVATE})"
    with city.database.read() as work:
        said = work._connection.exec_driver_sql(  # noqa: SLF001  the app may still wait its turn
            "SELECT payload FROM outbox ORDER BY id DESC LIMIT 1"
        ).scalar_one()
    assert "回复数字即可: " in said
    with city.database.work() as work:
        work._connection.exec_driver_sql("UPDATE case_file SET restricted = false")  # noqa: SLF001


def test_after_the_hour_the_app_says_it_with_numbers_and_a_line_still_shows_it(city: City) -> None:
    city.hears("sunlei", "广场舞噪声扰民 https://www.toutiao.com/article/7249559687354999999/")
    city.worker.work_off()
    city.advance(3600)
    city.settle()
    if is_socket(city):  # the frame's number lives a day
        assert "广场舞" in city.card("sunlei")["text"]
    else:
        assert "回复数字即可: " in city.by_app("sunlei")[-1]


def test_a_press_found_late_leaves_the_card_and_the_next_one_changes_it(city: City) -> None:
    number = registered(city)
    card = city.card("tangbo")
    key = card["part"]["button_list"][0]["key"]
    city.kept(city.corp.control("press", userid="sunlei", msgid=card["msgid"], key=key))
    city.advance(6)
    city.settle()
    assert label(city.card("tangbo", number)) == label(card)
    assert f"{number} 已定三级" in city.by_robot("tangbo")[-1]
    city.presses("sunlei", label(card), card)
    assert (label(city.card("tangbo", number)) == "已定级") == is_socket(city)
    changes = [row for row in city.outbox() if row[0] == "aibot" and row[2] == "更新卡片"]
    assert {row[1] for row in changes} <= {"sent"}  # what came too late was not even tried
