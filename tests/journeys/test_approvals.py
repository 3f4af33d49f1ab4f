"""Approvals told as a chat: double answers, the same second, stand-ins, several who are asked."""

import threading
from datetime import timedelta

import pytest

from cases.messages import Heard, HeardKind
from cases.people import Person, Role
from handlers.hear import Hearing
from storage.database import Database
from storage.states import ApprovalKind, ApprovalState
from tests.support.office import Office, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
DRAFT = (
    "001 拟回复: 经核实, 积水属实。根据《城镇排水与污水处理条例》, 已于20日疏通。"
    "下一步, 11月25日前完成清淤。市城管局, 电话0000-8120101"
)


@pytest.fixture
def office(database: Database) -> Office:
    """A 二级 case of which the closing is asked; two leaders may decide it."""
    made = Office(database)
    with database.work() as work:
        second = Person("linfang", "林芳", frozenset({Role.DEPUTY_LEADER}))
        work.people.upsert_person(second)
    made.forwards("wangxiaoyu", TITLE, LINK)
    made.says("sunlei", "定二级,交城管局")
    made.says("liuyang", "001 已办结,已疏通")
    made.says("sunlei", "001 不需公开回应,已当面答复反映人")
    return made


def test_every_leader_of_the_role_is_asked_and_any_of_them_decides(office: Office) -> None:
    told = office.says("linfang", "同意,抓好后续")
    assert "001 办结" in to("linfang", told)
    told = office.says("zhouguohua", "同意 001")
    assert "已由林芳于 10:00 处理 (同意), 不用再答复" in to("zhouguohua", told)
    told = office.says("zhouguohua", "同意")
    assert "已由林芳于 10:00 处理" in to("zhouguohua", told)


def test_the_words_are_kept_verbatim(office: Office) -> None:
    office.says("linfang", "同意,抓好后续")
    with office.database.read() as work:
        rows = work.approvals.of_case(office.case().id)
    close = [row for row in rows if row.kind is ApprovalKind.CLOSE]
    assert [(r.state, r.answered_by, r.words) for r in close] == [
        (ApprovalState.GRANTED, "linfang", "同意,抓好后续")
    ]
    assert all(row.state is not ApprovalState.PENDING for row in rows)


def test_c04_two_leaders_answering_in_the_same_second_decide_once(office: Office) -> None:
    at, start = office.now, threading.Barrier(2)
    hearing = Hearing(office.desk)
    failed: list[BaseException] = []

    def answer(who: str, words: str) -> None:
        heard = Heard(f"app:race-{who}", "app", "1000002", who, HeardKind.TEXT, at, text=words)
        start.wait(10)
        try:
            office.database.run(lambda work: hearing(work, heard, at))
        except BaseException as error:  # noqa: BLE001 - told by the test itself
            failed.append(error)

    threads = [
        threading.Thread(target=answer, args=("zhouguohua", "同意")),
        threading.Thread(target=answer, args=("linfang", "退回,照片没有附上")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    told = office.leaving()
    with office.database.read() as work:
        rows = [r for r in work.approvals.of_case(office.case().id) if r.kind is ApprovalKind.CLOSE]
        kinds = [type(e.event).__name__ for e in work.cases.history(office.case().id)]
    assert len([r for r in rows if r.answered_by is not None]) == 1
    assert kinds.count("Closed") + kinds.count("SentBack") == 1
    winner = next(r.answered_by for r in rows if r.answered_by)
    loser = {"zhouguohua": "linfang", "linfang": "zhouguohua"}[str(winner)]
    assert "已由" in to(loser, told)


def test_silence_goes_to_the_next_person_and_decides_nothing(office: Office) -> None:
    told = office.passes(hours=8)
    assert "请您定夺" in to("wangjianping", told)
    assert office.case().is_open
    told = office.says("wangjianping", "1")
    assert "001 办结" in to("wangjianping", told)


def test_a_stand_in_decides_and_the_record_says_for_whom(office: Office) -> None:
    told = office.says("zhouguohua", "我11月20日到25日出差, 由王建平代签")
    assert "由王建平代到 11月26日 00:00" in to("zhouguohua", told)
    told = office.says("admin", "林芳11月20日到25日由孙磊代签")
    assert "由孙磊代到" in to("admin", told)
    told = office.says("sunlei", "同意 001")
    assert "001 办结" in to("sunlei", told)
    with office.database.read() as work:
        closed = work.cases.history(office.case().id)[-1].event
    assert getattr(closed, "acting_for", "") == "林芳"
    assert "代林芳" in to("wangxiaoyu", office.says("wangxiaoyu", "查 001"))


def test_what_is_asked_of_somebody_absent_reaches_who_stands_in(database: Database) -> None:
    office = Office(database)
    office.says("zhouguohua", "我11月20日到25日出差, 由孙磊代签")
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    office.says("liuyang", "001 已办结,已疏通")
    told = office.says("sunlei", "001 不需公开回应,已当面答复反映人")
    assert "【请确认办结】001" in to("sunlei", told)
    assert "【请确认办结】001" not in to("zhouguohua", told)


def test_a_stand_in_stands_in_only_until_then(office: Office) -> None:
    office.says("admin", "周国华11月20日由孙磊代签")
    office.now += timedelta(days=2)
    told = office.says("sunlei", "同意 001")
    assert "分管领导" in to("sunlei", told)
    assert office.case().is_open


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("wangxiaoyu", "周国华11月20日由孙磊代签", "管理员"),
        ("admin", "李小龙11月20日由孙磊代签", "找不到唯一的「李小龙」"),
        ("admin", "周国华11月20日由王小雨代签", "另一位领导或舆情办主任"),
        ("admin", "王小雨11月20日由孙磊代签", "没有审批事项"),
        ("admin", "周国华出差由孙磊代签", "请写明到哪天"),
        ("zhouguohua", "我今天出差", "由王建平代签"),
        ("admin", "八级签发由分管领导依次同意", "等级请写"),
        ("liuyang", "一级签发由分管领导、主要领导依次同意", "舆情办主任"),
    ],
)
def test_an_arrangement_that_cannot_be_is_refused_in_words(
    office: Office, who: str, words: str, answer: str
) -> None:
    assert answer in to(who, office.says(who, words))


def drafted(office: Office) -> None:
    office.forwards("wangxiaoyu", "锦绣花园停水", "https://www.toutiao.com/article/72495/")
    office.says("sunlei", "002 定二级,交城管局")
    office.says("liuyang", "002 经核实,反映情况属实,系管网淤堵")
    office.says("liuyang", DRAFT.replace("001", "002"))
    office.says("sunlei", "同意 002")


def test_several_in_order_the_next_is_asked_when_the_first_has_agreed(office: Office) -> None:
    told = office.says("sunlei", "二级签发由分管领导、主要领导依次同意")
    assert "二级签发由分管领导、主要领导依次同意" in to("sunlei", told)
    drafted(office)
    told = office.says("wangjianping", "同意 002")
    assert "还在等分管领导答复" in to("wangjianping", told)
    told = office.says("zhouguohua", "同意 002,请主要领导定")
    assert "还要主要领导同意" in to("zhouguohua", told)
    assert "分管领导已同意" in to("wangjianping", told)
    assert "【请发布】" not in to("liuyang", told)
    told = office.says("zhouguohua", "同意 002")
    assert "还在等主要领导答复" in to("zhouguohua", told)
    told = office.says("wangjianping", "同意 002")
    assert "【请发布】002" in to("liuyang", told)


def test_all_of_several_in_whatever_order(office: Office) -> None:
    office.says("sunlei", "二级签发由分管领导、主要领导全部同意")
    drafted(office)
    told = office.says("wangjianping", "同意 002")
    assert "还要分管领导同意" in to("wangjianping", told)
    told = office.says("zhouguohua", "同意 002")
    assert "【请发布】002" in to("liuyang", told)


def test_any_of_several_is_enough(office: Office) -> None:
    office.says("sunlei", "二级签发由分管领导、主要领导任一同意")
    drafted(office)
    told = office.says("wangjianping", "同意 002")
    assert "【请发布】002" in to("liuyang", told)


@pytest.mark.parametrize(
    ("words", "answer", "state"),
    [
        ("原则同意,补上现场照片再办结", "已请单位补办", "handling"),
        ("退回 001,照片没有附上", "退回责任单位重办", "handling"),
        ("同意 001", "办结", "closed"),
    ],
)
def test_the_closing_is_confirmed_sent_back_or_completed(
    office: Office, words: str, answer: str, state: str
) -> None:
    assert answer in to("zhouguohua", office.says("zhouguohua", words))
    assert office.case().state.value == state


@pytest.mark.parametrize("words", ["原则同意,第二段再改改", "退回,口径太官僚"])
def test_the_office_may_have_a_text_changed(database: Database, words: str) -> None:
    office = Office(database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "001 定二级,交城管局")
    office.says("liuyang", "经核实,反映情况属实,系管网淤堵")
    office.says("liuyang", DRAFT)
    office.says("sunlei", words)
    reply = office.case().response.reply
    assert reply is not None
    assert reply.stage.value == "returned"


def test_an_agreement_under_a_condition_signs_nothing_off(database: Database) -> None:
    office = Office(database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("zhouguohua", "001 定一级")
    office.says("sunlei", "001 交城管局")
    told = office.says("wangjianping", "原则同意,但要加上住建局")
    assert "改好" in to("wangjianping", told)
    assert office.case().state.value == "graded"


def test_at_the_lowest_grade_the_director_checks_and_issues_in_one(database: Database) -> None:
    office = Office(database)
    office.forwards("wangxiaoyu", "锦绣花园路灯不亮", LINK)
    office.says("sunlei", "001 定三级,交城管局")
    office.says("liuyang", "经核实,反映情况属实,系线路老化")
    office.says("liuyang", DRAFT)
    told = office.says("sunlei", "同意")
    assert "已签发" in to("sunlei", told)
    assert "【请发布】001" in to("liuyang", told)


def test_a_leader_may_answer_before_the_office_has_checked(database: Database) -> None:
    office = Office(database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "001 定二级,交城管局")
    office.says("liuyang", "经核实,反映情况属实,系管网淤堵")
    office.says("liuyang", DRAFT)
    told = office.says("zhouguohua", "同意 001")
    assert "【请发布】001" in to("liuyang", told)
    told = office.says("sunlei", "退回 001,发现错别字")
    assert "已退回单位修改" in to("sunlei", told)


def test_a_regrade_asks_whoever_decides_at_the_new_grade(office: Office) -> None:
    office.says("zhouguohua", "001 升级为一级,央视已报道")
    told = office.says("zhouguohua", "同意 001")
    assert "主要领导" in to("zhouguohua", told)
    told = office.says("wangjianping", "同意")
    assert "001 办结" in to("wangjianping", told)
