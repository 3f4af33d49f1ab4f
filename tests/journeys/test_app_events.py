"""Events of the app that are no message: coming in, the menu, and what nobody knows."""

import pytest

from cases.menu import WORDS_OF
from cases.messages import EventInfo
from storage.database import Database
from tests.support.card_office import CardOffice
from tests.support.office import recipients, to


@pytest.fixture
def office(sqlite_database: Database) -> CardOffice:
    return CardOffice(sqlite_database)


def test_whoever_comes_in_first_is_told_the_first_steps_once(office: CardOffice) -> None:
    told = office.happens("liuyang", EventInfo("enter_agent"))
    assert "请随便转发一篇文章给我" in to("liuyang", told)
    assert "云溪市" in to("liuyang", told)
    office.passes(hours=30)
    assert office.happens("liuyang", EventInfo("enter_agent")) == []
    assert office.happens("liuyang", EventInfo("subscribe")) == []
    told = office.happens("nobody", EventInfo("enter_agent"))
    assert "还没有登记在督办名录里" in to("nobody", told)
    assert office.happens("nobody", EventInfo("subscribe")) == []


def test_every_entry_of_the_menu_is_answered_as_if_typed(office: CardOffice) -> None:
    answers = {
        key: to("zhaomin", office.happens("zhaomin", EventInfo("click", key))) for key in WORDS_OF
    }
    assert "没有在办的件" in answers["todo"]
    assert "您可以这样说" in answers["help"]
    assert all(answers.values())
    assert not [said for said in answers.values() if "没看懂" in said]
    old = office.happens("zhaomin", EventInfo("click", "gone"))
    assert "菜单已经换新" in to("zhaomin", old)


@pytest.mark.parametrize("name", ["view", "LOCATION", "batch_job_result"])
def test_what_is_no_question_is_not_answered(office: CardOffice, name: str) -> None:
    assert office.happens("zhaomin", EventInfo(name, "https://duban.example/")) == []
    assert office.happens("sys", EventInfo(name)) == []
    assert office.happens("nobody", EventInfo(name)) == []


def test_what_nobody_knows_is_kept_and_answered_politely_once_a_day(office: CardOffice) -> None:
    told = office.happens("zhaomin", EventInfo("scancode_push", "x"))
    assert "这个操作督办用不上" in to("zhaomin", told)
    assert office.happens("zhaomin", EventInfo("scancode_push", "x")) == []
    assert recipients(office.happens("zhaomin", EventInfo("pic_weixin"))) == ["zhaomin"]
    office.passes(hours=24)
    assert recipients(office.happens("zhaomin", EventInfo("scancode_push"))) == ["zhaomin"]
    with office.database.read() as work:
        assert work.audit.verify() is None
