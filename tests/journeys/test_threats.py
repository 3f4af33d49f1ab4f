"""Threat cases that show in a conversation only: look-alikes, all at once, out of order."""

import re
import tomllib
from pathlib import Path

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import Office, to

HOME = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "storage", "cases", "config")
LINK = "https://www.toutiao.com/article/72495596873549747{:02}/"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


def ready_to_close(office: Office, nth: int, title: str) -> str:
    """A case whose unit has reported the end; its short number."""
    office.forwards("wangxiaoyu", title, LINK.format(nth))
    number = f"{nth:03}"
    office.says("sunlei", f"{number} 定二级,交城管局")
    office.says("liuyang", f"{number} 收到")
    office.says("liuyang", f"{number} 已办结")
    office.says("sunlei", f"{number} 不需公开回应,已当面答复反映人")
    return number


def test_c12_two_titles_that_look_alike_are_told_apart_by_their_numbers(office: Office) -> None:
    titles = ("青禾路abc积水 省电视台采访", "青禾路аbc积水 省电视台采访")  # noqa: RUF001
    numbers = [ready_to_close(office, nth, title) for nth, title in enumerate(titles, start=1)]
    question = to("zhouguohua", office.says("zhouguohua", "同意办结"))
    assert all(number in question for number in numbers)
    assert {office.case(number).state for number in numbers} == {State.CLOSE_REQUESTED}


@pytest.mark.parametrize("words", ["关闭 全部", "全部办结", "同意全部办结", "全部关闭", "都同意"])
def test_c20_no_command_ends_everything_at_once(office: Office, words: str) -> None:
    numbers = [ready_to_close(office, nth, f"青禾路积水第{nth}处") for nth in (1, 2)]
    assert to("zhouguohua", office.says("zhouguohua", words))
    assert {office.case(number).state for number in numbers} == {State.CLOSE_REQUESTED}


def test_c20_several_that_are_named_are_closed_singly_and_can_be_taken_back(
    office: Office,
) -> None:
    for nth in (1, 2):
        ready_to_close(office, nth, f"青禾路积水第{nth}处")
    answer = to("zhouguohua", office.says("zhouguohua", "001、002同意办结"))
    assert answer.count("办结, 已告知") == 2
    office.says("zhouguohua", "撤销刚才的操作")
    assert {office.case(number).state for number in ("001", "002")} == {State.CLOSE_REQUESTED}


def test_h01_an_order_before_its_case_does_nothing_and_a_report_reopens_nothing(
    office: Office,
) -> None:
    assert "没有找到" in to("liuyang", office.says("liuyang", "001 已办结"))
    number = ready_to_close(office, 1, "青禾路积水 省电视台采访")
    office.says("zhouguohua", "同意办结 001")
    office.forwards("wangxiaoyu", "青禾路积水 省电视台采访", LINK.format(1))
    assert office.case(number).state is State.CLOSED


def test_h02_two_words_of_one_person_in_one_second_both_take_effect(office: Office) -> None:
    for nth in (1, 2):
        office.forwards("wangxiaoyu", f"青禾路积水第{nth}处 省电视台采访", LINK.format(nth))
        office.says("sunlei", f"{nth:03} 定二级,交城管局")
    office.says("liuyang", "001 收到")
    office.says("liuyang", "002 收到")
    states = {office.case(number).assignments[0].signed_at for number in ("001", "002")}
    assert states == {office.now}


def test_h09_closed_and_reopened_ten_times_in_a_second_only_the_last_round_reminds(
    office: Office,
) -> None:
    number = ready_to_close(office, 1, "青禾路积水 省电视台采访")
    before = office.case(number).version
    for _ in range(10):
        office.says("zhouguohua", "同意办结 001")
        office.says("sunlei", "001 重新打开, 又炒起来了")
        office.says("liuyang", "001 收到")
        office.says("liuyang", "001 已办结")
        office.says("sunlei", "001 不需公开回应,已当面答复反映人")
    case = office.case(number)
    assert case.reopened == 10
    assert case.version >= before + 20
    with office.database.read() as work:
        running = work.clocks.running(case.id)
        due = work.timers.due(office.now.replace(year=2030), 1000)
        assert all(work.clocks.running(case.id) for _ in due)
    assert len({clock.step for clock in running}) == len(running)
    assert work_timers(office, case.id) <= len(running)


def work_timers(office: Office, case_id: int) -> int:
    """How many pending timers the case has."""
    with office.database.read() as work:
        due = work.timers.due(office.now.replace(year=2030), 1000)
        own = {clock.id for clock in work.clocks.running(case_id)}
        return sum(1 for timer in due if timer.subject_id in own)


def test_g05_what_asks_for_a_decision_never_leaves_by_a_group_robot(office: Office) -> None:
    for nth in (1, 2):
        ready_to_close(office, nth, f"青禾路积水第{nth}处 省电视台采访")
    office.passes(hours=3)
    with office.database.read() as work:
        rows = work._connection.exec_driver_sql(  # noqa: SLF001 - a look at all that was said
            "SELECT kind, payload FROM outbox WHERE channel = 'robot'"
        ).fetchall()
    assert rows
    assert not [payload for _, payload in rows if "button_list" in payload or "回复数字" in payload]


def test_c17_there_is_no_language_model_to_persuade() -> None:
    """A model would be a library or an address asked; there is neither (C17)."""
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    models = ("openai", "anthropic", "dashscope", "transformers", "torch", "langchain", "llama")
    assert [one for one in project["dependencies"] if one.lower().startswith(models)] == []
    imports = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(models)})", re.MULTILINE)
    files = [path for room in ROOMS for path in (HOME / room).rglob("*.py")]
    assert len(files) > 300
    assert [path for path in files if imports.search(path.read_text(encoding="utf-8"))] == []
