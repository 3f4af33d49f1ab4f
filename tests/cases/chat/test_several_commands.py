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


@pytest.mark.parametrize("role", [DIRECTOR, LEADER, Role.CHIEF_LEADER])
def test_a_grade_with_its_reason_and_the_unit_are_two_commands_whoever_says_them(
    role: Role,
) -> None:
    grade = said("001 定一级, 央视记者到场, 交城管局", role)
    assert (grade.intent, grade.slots["reason"]) == ("grade.confirm", "央视记者到场")
    assert [one.intent for one in grade.more] == ["assign"]
    assert grade.more[0].slots == {"case": "001", "units": ["城管局"]}


def test_a_leaders_order_after_a_grade_stays_an_order() -> None:
    assert intents("001 定二级, 请城管局1小时内报我", LEADER)[1:] == ["instruct"]


@pytest.mark.parametrize(
    ("text", "intent", "reason"),
    [
        ("001 不同意退回, 先处置后厘清", "decline.deny", "先处置后厘清"),
        ("001 退回不予同意,理由: 产权在你局", "decline.deny", "产权在你局"),
        ("001 维持交办, 职责清单写明归城管局", "decline.deny", "职责清单写明归城管局"),
        ("驳回退回申请", "decline.deny", None),
        ("001 维持交办, 请抓紧办理", "decline.deny", None),
        ("001 改派住建局, 现场是小区内部道路", "assign.transfer", "现场是小区内部道路"),
        ("001 改派住建局, 理由: 小区内部道路", "assign.transfer", "小区内部道路"),
        ("001 转给住建局办理, 请今天反馈", "assign.transfer", None),
        ("001 转给住建局, 18点前办结", "assign.transfer", None),
    ],
)
def test_a_ruling_and_a_transfer_keep_their_reason(
    text: str, intent: str, reason: str | None
) -> None:
    got = said(text, DIRECTOR)
    assert (got.intent, got.slots.get("reason"), got.more) == (intent, reason, ())


@pytest.mark.parametrize("text", ["转给住建局", "001 交给住建局", "请转给住建局办理"])
def test_a_unit_that_gives_it_to_another_unit_is_understood(text: str) -> None:
    got = said(text, LIAISON)
    assert (got.intent, got.slots["units"]) == ("assign.transfer", ["住建局"])


@pytest.mark.parametrize("text", ["001 转给小李", "001退回,建议转住建局", "能转给住建局吗?"])
def test_but_not_a_colleague_a_return_or_a_question(text: str) -> None:
    assert "assign.transfer" not in intents(text, LIAISON)


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


def acts(text: str, role: Role) -> list[tuple[str, object, object]]:
    """Each command with its case and its unit, in order."""
    got = said(text, role)
    return [(one.intent, one.slots.get("case"), one.slots.get("units")) for one in (got, *got.more)]


@pytest.mark.parametrize("between", ["、", ",", " ", "  ", "和"])
def test_numbers_in_a_row_are_all_meant_whatever_stands_between_them(between: str) -> None:
    text = between.join(["001", "002", "003"])
    closed = [("case.close", one, None) for one in ("001", "002", "003")]
    assert acts(f"{text} 同意办结", LEADER) == closed


@pytest.mark.parametrize("text", ["联系 010 012 3456 了解", "电话 010 012-3456"])
def test_digits_of_a_telephone_or_an_amount_are_no_row_of_cases(text: str) -> None:
    assert all(case is None for _, case, _ in acts(text, LEADER))


@pytest.mark.parametrize("text", ["001、002 定二级,交城管局", "001 002 定二级交城管局"])
def test_what_follows_several_numbers_is_about_all_of_them(text: str) -> None:
    assert acts(text, DIRECTOR) == [
        ("grade.confirm", "001", None),
        ("grade.confirm", "002", None),
        ("assign", "001", ["城管局"]),
        ("assign", "002", ["城管局"]),
    ]


def test_another_number_takes_its_own_unit_and_leaves_the_first_case_its() -> None:
    assert acts("001 定二级交城管局,002 交住建局", DIRECTOR) == [
        ("grade.confirm", "001", None),
        ("assign", "001", ["城管局"]),
        ("assign", "002", ["住建局"]),
    ]
