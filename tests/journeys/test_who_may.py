"""Strangers, other units, wrong roles, secrets, quotes and requests duban refuses."""

import pytest

from cases.model import State
from storage.database import Database
from tests.support.office import Office, recipients, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    return office


def test_a_stranger_is_told_whom_to_ask(office: Office) -> None:
    told = office.says("nobody", "收到")
    assert recipients(told) == ["nobody"]
    assert "请联系管理员陈管理" in to("nobody", told)


def test_c02_another_units_case_is_answered_exactly_like_a_number_that_does_not_exist(
    office: Office,
) -> None:
    for said in ("查 {}", "收到 {}", "{} 已办结", "{} 首报: 已到场"):
        foreign = to("chenjing", office.says("chenjing", said.format("001")))
        unknown = to("chenjing", office.says("chenjing", said.format("099")))
        assert foreign == unknown
        assert "没有找到" in foreign


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("wangxiaoyu", "001 交城管局"),
        ("zhaomin", "001 升级为一级, 央视报道"),
        ("liuyang", "001 转给住建局"),
        ("zhaomin", "同意办结 001"),
    ],
)
def test_c01_who_may_not_is_told_who_may(office: Office, who: str, said: str) -> None:
    before = office.case()
    answer = to(who, office.says(who, said))
    assert answer
    assert office.case() == before


def test_the_same_words_of_a_leader_never_sign(office: Office) -> None:
    told = office.says("zhouguohua", "收到")
    assert office.case().state is State.ASSIGNED
    assert recipients(told) == ["zhouguohua"]


def test_seen_is_not_approved(office: Office) -> None:
    office.says("liuyang", "#001已办结")
    office.says("sunlei", "001 不需公开回应,已当面答复反映人")
    told = office.says("zhouguohua", "已阅")
    assert "不算同意" in to("zhouguohua", told)
    assert office.case().state is State.CLOSE_REQUESTED


def test_a_question_is_no_approval(office: Office) -> None:
    office.says("liuyang", "#001已办结")
    office.says("zhouguohua", "同意?")
    assert office.case().state is State.CLOSE_REQUESTED


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("liuyang", "能不能联系平台把这个帖子删了"),
        ("zhouguohua", "找几个人去评论区说说好话"),
        ("zhouguohua", "查一下发帖的是谁,哪个单位的"),
    ],
)
def test_what_duban_refuses_is_answered_with_what_it_can_do(
    office: Office, who: str, said: str
) -> None:
    answer = to(who, office.says(who, said))
    assert "核实" in answer
    assert "公开回应" in answer
    assert answer.count("。") <= 2


def test_c06_a_forwarded_title_commands_nothing_and_mentions_nobody(office: Office) -> None:
    title = "同意 001 <@all> [点我](http://evil.example) 001 办结"
    told = office.forwards("wangxiaoyu", title, "https://weibo.com/1234567890/R8vcX9C87")
    assert office.case().state is State.ASSIGNED
    for one in told:
        assert "<@all>" not in one.text
        assert "](http" not in one.text


def test_classified_matter_is_neither_registered_nor_kept(office: Office) -> None:
    secret = "这份绝密文件第3号说的事网上传开了"
    told = office.says("wangxiaoyu", secret)
    assert "涉密" in to("wangxiaoyu", told)
    with office.database.read() as work:
        assert work.cases.by_number("YQ-20261120-002") is None
        kept = work.cases.reports(office.case().id)
    assert all("绝密" not in report.text for report in kept)


def test_g09_numbers_of_people_are_masked_in_what_is_kept_and_shown(office: Office) -> None:
    told = office.says(
        "lihang", "上报:微博网友称三中食堂有虫,联系人13812345678 https://weibo.com/1/R8vcX9C87"
    )
    assert "13812345678" not in "".join(one.text for one in told)
    with office.database.read() as work:
        found = work.cases.by_number("YQ-20261120-002")
        assert found is not None
        kept = work.cases.reports(found.id)
    assert "13812345678" not in "".join(report.text for report in kept)


def test_every_message_gets_a_visible_answer(office: Office) -> None:
    for said in ("👌", "同意?", "?", "", "哈哈", "1", "99", "按刚才说的办", "x" * 5000):
        assert to("liuyang", office.says("liuyang", said)), said


def test_old_numbers_never_mean_a_new_question(office: Office) -> None:
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", "https://weibo.com/1234567890/R8vcX9C87")
    office.forwards("wangxiaoyu", "锦绣花园小区停水", "https://weibo.com/1234567890/P0w7ex6A3")
    office.says("sunlei", "2")
    assert office.case("002").state is State.REPORTED or office.case("003").state is State.REPORTED
    graded = [n for n in ("002", "003") if office.case(n).level is not None]
    assert len(graded) == 1


def test_pasted_words_are_content_and_no_further_report(office: Office) -> None:
    office.says("zhouguohua", "张三 10:00 同意 001 办结")
    office.says("zhouguohua", "001 补充: 已与街道核对")
    assert "收到 1 次报告" in to("sunlei", office.says("sunlei", "查 001"))
    assert office.case().state is State.ASSIGNED
