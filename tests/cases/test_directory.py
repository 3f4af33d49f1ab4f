"""A directory compared with the one in force, and what is doubtful about one."""

from dataclasses import replace

import pytest

from cases.directory import (
    ChangeKind,
    Known,
    Listed,
    Plan,
    Roll,
    doubts_of,
    line,
    listed_whole,
    plan,
)
from cases.people import Person, Role, Unit

CHENGGUAN = Unit("chengguan", "市城管局", ("城管",))
LIU = Person("liuyang", "刘洋", frozenset({Role.LIAISON}), "chengguan", phone="1")
HE = Person("heqing", "何青", frozenset({Role.LIAISON}), "chengguan", is_deputy=True)
OFFICE = tuple(
    Person(f"p{nth}", f"某{nth}", frozenset({role}), phone="2")
    for nth, role in enumerate(
        (Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR, Role.DEPUTY_LEADER, Role.ADMINISTRATOR)
    )
)
KNOWN = Known((CHENGGUAN,), (LIU, HE, *OFFICE))
NAMES = {"chengguan": "市城管局"}


def of(*people: Listed, is_whole: bool = False) -> Roll:
    return Roll((), people, is_whole=is_whole)


def lines(found: Plan) -> list[str]:
    return [line(change, NAMES) for change in found.people]


def test_the_same_directory_changes_nothing() -> None:
    roll = Roll((CHENGGUAN,), listed_whole(KNOWN.people), is_whole=True)
    assert plan(KNOWN, roll) == Plan((), (), ())


def test_a_userid_is_the_same_in_any_case() -> None:
    assert plan(KNOWN, of(Listed("LiuYang", "刘洋"))).people == ()


def test_what_a_source_does_not_say_stays() -> None:
    (change,) = plan(KNOWN, of(Listed("liuyang", "刘阳"))).people
    assert change.after == replace(LIU, name="刘阳")
    assert lines(plan(KNOWN, of(Listed("liuyang", "刘阳")))) == [
        "变更 刘阳 (liuyang): 姓名 刘洋 → 刘阳"
    ]


def test_roles_are_not_lowered_without_being_asked_to() -> None:
    listed = of(Listed("liuyang", "刘洋", frozenset({Role.INFORMANT})))
    (kept,) = plan(KNOWN, listed).people
    assert kept.after is not None
    assert kept.after.roles == {Role.LIAISON, Role.INFORMANT}
    assert plan(KNOWN, listed).doubts[0] == (
        "刘洋 现有角色 责任单位联络员, 新名册没有写; 没有去掉, 确要去掉请加 --lower-roles"
    )
    (lowered,) = plan(KNOWN, listed, lower_roles=True).people
    assert lowered.after is not None
    assert lowered.after.roles == {Role.INFORMANT}


@pytest.mark.parametrize("is_whole", [False, True])
def test_only_a_whole_roll_lets_go_whom_it_does_not_name(*, is_whole: bool) -> None:
    roll = replace(of(*listed_whole(KNOWN.people[1:])), is_whole=is_whole)
    found = plan(KNOWN, roll)
    assert [change.person.userid for change in found.of(ChangeKind.LEFT)] == (
        ["liuyang"] if is_whole else []
    )
    assert ("市城管局 没有联络员" in found.doubts) is is_whole
    if is_whole:
        assert lines(found) == ["离开 刘洋 (liuyang): 责任单位联络员, 市城管局"]


def test_every_field_is_said_in_words() -> None:
    listed = Listed("liuyang", "刘洋", frozenset(), "", is_deputy=True, phone="")
    (said,) = lines(plan(KNOWN, of(listed), lower_roles=True))
    assert said == (
        "变更 刘洋 (liuyang): 角色 责任单位联络员 → 没有角色; 单位 市城管局 → 不属于单位; "
        "副职 (AB 角) 否 → 是; 电话 1 → 无"
    )


def test_newcomers_and_those_who_come_back_are_told_apart() -> None:
    gone = replace(KNOWN, people=KNOWN.people[1:], gone=(LIU,))
    found = plan(gone, of(Listed("liuyang", "刘洋"), Listed("New", "新人", unit="x")))
    assert lines(found) == [
        "恢复 刘洋 (liuyang): 责任单位联络员, 市城管局",
        "新增 新人 (new): 没有角色, x",
    ]
    assert found.people[0].after == LIU


def test_a_unit_that_changes_is_in_the_plan() -> None:
    more = replace(CHENGGUAN, aliases=("城管", "执法局"))
    assert plan(KNOWN, Roll((more,), ())).units == (more,)


def test_everything_doubtful_is_named() -> None:
    second = Unit("zhujian", "市住建局", ("城管",))
    people = (
        LIU,
        replace(LIU, userid="other", roles=frozenset(), unit_id=None),
        Person("a", "甲", frozenset({Role.UNIT_LEADER})),
        Person("b", "乙", frozenset({Role.DUTY_OFFICER})),
    )
    assert doubts_of((CHENGGUAN, second), people) == [
        "市城管局 没有副联络员 (AB 角)",
        "市住建局 没有联络员",
        "市住建局 没有副联络员 (AB 角)",
        "姓名重复: 刘洋",
        "刘洋 没有角色",
        "甲 是单位分管领导, 没有单位",
        "没有人是舆情办主任",
        "没有人是分管领导",
        "没有人是管理员",
        "乙 是值班员, 没有填电话",
        "「城管」同时是市城管局、市住建局的名称或别称",
    ]
