"""帮助 and 我的待办 show what is possible now; what is unclear gets two readings."""

import pytest

from storage.database import Database
from tests.support.office import Office, to

LINK = "https://weibo.com/1234567890/P0w7ex6A3"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


@pytest.fixture
def assigned(office: Office) -> Office:
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", LINK)
    office.says("sunlei", "定二级,请教体局牵头、市监局配合")
    return office


def told(office: Office, who: str, words: str) -> str:
    return to(who, office.says(who, words))


def test_without_a_case_nobody_is_offered_what_needs_one(office: Office) -> None:
    for who in ("liuyang", "sunlei", "zhouguohua", "zhaomin", "wangxiaoyu", "admin"):
        lines = told(office, who, "帮助")
        assert "001" not in lines
        assert "等您" not in lines
    assert "转发文章" not in told(office, "admin", "帮助")
    assert "代签" in told(office, "admin", "帮助")


def test_help_follows_the_case_from_hand_to_hand(office: Office) -> None:
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", LINK)
    assert "· 001 定三级, 交XX局 (定级交办 10:30)" in told(office, "sunlei", "帮助")
    office.says("sunlei", "定二级,请教体局牵头")
    assert "等您" not in told(office, "zhouguohua", "帮助")
    lines = told(office, "yanghui", "帮助")
    assert "· 收到 001 (签收 10:30)" in lines
    assert "· 退回 001, 理由, 建议转XX局" in lines
    assert "交XX局" not in lines
    assert told(office, "liuyang", "帮助").count("001") == 0  # another unit's case
    office.says("yanghui", "001 已办结,已整改")
    assert "· 001 不需公开回应, 理由 (审核" in told(office, "sunlei", "帮助")
    office.says("sunlei", "001 不需公开回应,已当面答复")
    assert "· 同意 001 (批示" in told(office, "zhouguohua", "帮助")
    office.says("zhouguohua", "同意 001")
    assert "001" not in told(office, "zhouguohua", "帮助")


def test_a_graded_case_waits_for_its_unit_and_a_returned_one_for_a_ruling(
    assigned: Office,
) -> None:
    assigned.says("yanghui", "退回 001, 不归我局, 建议转市监局")
    assert "同意退回 001 / 维持交办 001" in told(assigned, "sunlei", "我的待办")
    assigned.forwards("lihang", "锦绣花园小区停水", "https://weibo.com/1234567890/R8vcX9C87")
    assigned.says("sunlei", "002 定三级")
    assert "002 交XX局" in told(assigned, "sunlei", "我的待办")


def test_my_list_is_what_waits_for_me_one_line_for_each_case(assigned: Office) -> None:
    mine = told(assigned, "yanghui", "我的待办")
    assert mine.splitlines() == [
        "等您办的 1 件:",
        "001 三中食堂吃出虫子 · 签收 10:30, 请回复「收到 001」",
    ]
    assert "没有等您办的件" in told(assigned, "zhouguohua", "我的待办")
    assert "没有在办" in told(assigned, "liuyang", "我的待办")
    assigned.passes(minutes=31)
    assert "签收 10:30 已超时" in told(assigned, "yanghui", "我的待办")


def test_a_long_list_is_cut(office: Office) -> None:
    for nth in range(12):
        office.forwards("lihang", f"第{nth}条小区停水", f"https://weibo.com/1/R8vcX9C{nth:02}")
        office.passes(minutes=20)
        office.says("sunlei", f"{nth + 1:03} 定三级, 交住建局")
    assert "… 另有 2 件" in told(office, "chenjing", "我的待办")


def test_whom_the_liaison_handed_it_to_sees_it_wait_for_him(assigned: Office) -> None:
    assigned.says("yanghui", "001 交给徐蕾具体办理")
    assert "收到 001" in told(assigned, "xulei", "我的待办")


@pytest.mark.parametrize("who", ["yanghui", "sunlei", "zhouguohua", "zhaomin", "tangbo", "admin"])
def test_what_is_not_understood_gets_two_readings(assigned: Office, who: str) -> None:
    answer = told(assigned, who, "还是按上回那个来")
    assert answer.startswith("没看懂您的意思。")
    assert answer.count("请回复「") + answer.count("请转发") == 2


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("001暂停计时,等判决", "时限不能暂停"),
        ("恢复计时", "时限没有暂停过"),
        ("出一份本周周报", "正在生成 文稿1 2026年第47周周报"),
    ],
)
def test_what_is_done_in_another_way_is_answered_with_it(
    assigned: Office, words: str, answer: str
) -> None:
    assert answer in told(assigned, "sunlei", words)


def test_the_result_of_a_call_back_is_kept_before_and_after_closing(assigned: Office) -> None:
    assert "请写明回访结果" in told(assigned, "yanghui", "001已回访")
    assert "「满意」已记录" in told(assigned, "yanghui", "001回访了,群众满意")
    assigned.says("yanghui", "001 已办结,已整改")
    assigned.says("sunlei", "001 不需公开回应,已当面答复")
    assigned.says("zhouguohua", "同意 001")
    answer = told(assigned, "yanghui", "001回访了,群众不满意")
    assert "重新打开" in answer
    with assigned.database.read() as work:
        kept = [report.text for report in work.cases.reports(assigned.case().id)]
    assert kept[-2:] == ["回访结果: 满意", "回访结果: 不满意"]
    assigned.forwards("lihang", "锦绣花园小区停水", "https://weibo.com/1234567890/R8vcX9C87")
    assigned.says("lihang", "002 误报,作废")
    assert "没有可回访的" in told(assigned, "sunlei", "002回访了,群众满意")


def test_several_commands_in_one_message_are_all_carried_out(assigned: Office) -> None:
    answer = told(assigned, "yanghui", "收到,首报:已到现场;另外申请延期到下下周一,需送检")
    assert "已签收 001" in answer
    assert "001 首报已收到" in answer
    assert "延期申请已报" in answer


def test_a_unit_that_has_no_part_is_not_urged(assigned: Office) -> None:
    assert "001 没有交给市住建局" in told(assigned, "sunlei", "001催一下住建局")


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("出差3天,由王建平代签", "11月24日 00:00"),
        ("周国华本周出差,由王建平代签", "11月23日 00:00"),
        ("周国华11月21日到25日由王建平代签", "11月26日 00:00"),
    ],
)
def test_a_leader_hands_his_own_decisions_on(office: Office, words: str, until: str) -> None:
    assert f"周国华的审批由王建平代到 {until}" in told(office, "zhouguohua", words)


def test_anothers_decisions_are_handed_on_by_the_office_only(office: Office) -> None:
    words = "王建平11月21日到25日由周国华代签"
    assert "设置代理和审批人由" in told(office, "zhouguohua", words)
    assert "王建平的审批由周国华代到" in told(office, "sunlei", words)
