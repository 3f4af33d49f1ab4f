"""Several cases in one sentence, through handlers and database: none is left out unsaid."""

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import Office, to

TITLES = ("青禾路路灯不亮", "三中食堂菜里有虫")


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    for nth, title in enumerate(TITLES):
        office.forwards("wangxiaoyu", title, f"https://weibo.com/1234567890/R8vcX9C8{nth}")
        office.passes(minutes=4)
    return office


def lead(office: Office, short: str) -> str | None:
    found = office.case(short).lead
    return None if found is None else found.unit_id


def test_two_cases_in_one_breath_go_each_to_its_own_unit(office: Office) -> None:
    office.says("sunlei", "002 定三级")
    told = office.says("sunlei", "001 定三级交城管局,002 交教体局")
    assert "【交办】001" in to("liuyang", told)
    assert "002" not in to("liuyang", told)
    assert {office.case("001").state, office.case("002").state} == {State.ASSIGNED}
    assert lead(office, "001") != lead(office, "002")


def test_numbers_with_blanks_between_are_all_assigned_and_signed(office: Office) -> None:
    office.says("sunlei", "001 002 定三级交城管局")
    assert lead(office, "001") is not None
    assert lead(office, "001") == lead(office, "002")
    office.says("liuyang", "001 002 收到")
    assert {office.case("001").state, office.case("002").state} == {State.SIGNED}
