from dataclasses import replace

import pytest

from cases.people import Person, Role, Unit
from storage.database import Database
from tests.storage.builders import NOW

LI = Person("li", "李", frozenset({Role.LIAISON}), unit_id="zjj", phone="0571-1")
ZHAO = Person("zhao", "赵", frozenset({Role.OFFICE_DIRECTOR, Role.DUTY_OFFICER}))
ZJJ = Unit("zjj", "住建局", ("建设局",), ("路灯", "道路"), ("城区",), robot="group-zjj")


@pytest.fixture
def town(database: Database) -> Database:
    with database.work() as work:
        work.people.upsert_unit(ZJJ)
        work.people.upsert_person(LI)
        work.people.upsert_person(ZHAO)
    return database


def test_people_and_units_come_back_as_they_were_written(town: Database) -> None:
    with town.read() as work:
        assert work.people.person("li") == LI
        assert work.people.person("LI") == LI
        assert work.people.person("sun") is None
        assert work.people.person("") is None
        assert work.people.of_unit("") == ()
        assert work.people.unit("zjj") == ZJJ
        assert work.people.unit("cgj") is None
        assert work.people.people() == (LI, ZHAO)


def test_people_are_found_by_unit_and_by_role(town: Database) -> None:
    with town.read() as work:
        assert work.people.of_unit("zjj") == (LI,)
        assert work.people.of_unit("cgj") == ()


def test_a_role_finds_those_who_have_it_and_nobody_else(town: Database) -> None:
    with town.read() as work:
        for role in Role:
            expected = tuple(person for person in (LI, ZHAO) if role in person.roles)
            assert work.people.with_role(role) == expected


def test_who_has_left_has_no_authority_but_keeps_a_name(town: Database) -> None:
    with town.work() as work:
        assert work.people.leave("LI", NOW)
        assert not work.people.leave("li", NOW)
        assert work.people.person("li") is None
        assert work.people.with_role(Role.LIAISON) == ()
        assert work.people.of_unit("zjj") == ()
        assert work.people.name_of("li") == "李"
        assert work.people.name_of("nobody") == "nobody"


def test_who_comes_back_is_here_again_as_written_now(town: Database) -> None:
    back = replace(LI, roles=frozenset({Role.REVIEWER}), is_deputy=True, phone=None)
    with town.work() as work:
        work.people.leave("li", NOW)
        work.people.upsert_person(back)
        assert work.people.person("li") == back


def test_a_change_of_units_shows_in_the_same_transaction(town: Database) -> None:
    with town.work() as work:
        assert work.people.units() == (ZJJ,)
        renamed = replace(ZJJ, name="住房和城乡建设局", robot=None)
        work.people.upsert_unit(renamed)
        assert work.people.units() == (renamed,)
        assert work.people.retire_unit("zjj")
        assert not work.people.retire_unit("zjj")
        assert work.people.units() == ()
