"""Several commands in one message, and one command in several clauses."""

import pytest

from cases.people import Role
from tests.support.said import intents, said

DIRECTOR, LIAISON, LEADER = Role.OFFICE_DIRECTOR, Role.LIAISON, Role.DEPUTY_LEADER


@pytest.mark.parametrize(
    ("text", "role", "expected"),
    [
        ("同意定三级,交城管局办理,下班前首报", DIRECTOR, ["grade.confirm", "assign"]),
        ("#005按二级处理,#007交城管局办理", DIRECTOR, ["grade.confirm", "assign"]),
        ("收到,#007申请延期到下周二", LIAISON, ["unit.sign", "unit.extend"]),
        ("收到,首报:已到现场,无人受伤", LIAISON, ["unit.sign", "unit.progress"]),
        ("正在抽排,另外申请延期到下周二", LIAISON, ["unit.progress", "unit.extend"]),
        ("交城管局,顺便催一下住建局", DIRECTOR, ["assign", "urge"]),
        ("005同意,006退回重写", LEADER, ["approve", "reject"]),
        ("同意,请刘局长牵头抓好落实", LEADER, ["approve", "instruct"]),
        ("#002同意办结并归档", DIRECTOR, ["case.close", "case.archive"]),
        ("#003 #005 定三级", DIRECTOR, ["grade.confirm", "grade.confirm"]),
        ("#007交城管局\n#008交教体局", DIRECTOR, ["assign", "assign"]),
    ],
)
def test_each_command_is_given_in_order(text: str, role: Role, expected: list[str]) -> None:
    assert intents(text, role) == expected


@pytest.mark.parametrize(
    ("text", "role", "expected"),
    [
        ("收到,正在核实", LIAISON, "unit.sign"),
        ("已阅,同意", LEADER, "approve"),
        ("阅。继续关注", LEADER, "read_ack"),
        ("同意。请按程序发布", LEADER, "approve"),
        ("退回,口径太官僚,重写", LEADER, "reject"),
        ("不同意延期,今天必须办完", LEADER, "extend.deny"),
        ("#006和#004是一回事,合并到004", DIRECTOR, "case.merge"),
        ("#004归档,写个复盘", DIRECTOR, "case.archive"),
        ("处置完毕,积水已排干,施工单位已约谈", LIAISON, "unit.done"),
    ],
)
def test_what_belongs_to_one_command_stays_one(text: str, role: Role, expected: str) -> None:
    assert intents(text, role) == [expected]


def test_a_command_without_number_is_about_the_case_named_before_it() -> None:
    got = said("#005按二级处理,交城管局办理", DIRECTOR)
    assert got.more[0].slots["case"] == "005"
    assert "needs_context" not in got.more[0].slots


def test_the_only_number_counts_backwards_too_unless_another_matter_begins() -> None:
    assert said("收到,#007申请延期到周五", LIAISON).slots == {"case": "007"}
    assert said("收到。另外#007申请延期到周五", LIAISON).slots == {"needs_context": True}


def test_a_storm_list_is_settled_in_one_answer() -> None:
    merge = said("1-12并入007,13 15定二级交城管", DIRECTOR)
    grade, assign = merge.more
    assert merge.slots["items"] == list(range(1, 13))
    assert merge.slots["into_case"] == "007"
    assert (grade.slots["items"], grade.slots["level"]) == ([13, 15], "二级")
    assert (assign.slots["items"], assign.slots["units"]) == ([13, 15], ["城管"])


def test_the_rest_of_a_list_can_be_named() -> None:
    first = said("1、3、5定三级,其余交城管局办理", DIRECTOR)
    (rest,) = first.more
    assert first.slots["items"] == [1, 3, 5]
    assert rest.slots["items"] == "rest"
