"""The public answer, told as a chat: draft, check, issue, publish, watch, close."""

import pytest

from storage.database import Database
from tests.support.office import Office, Told, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
GOOD = (
    "经核实, 青禾路积水属实, 系管网淤堵。根据《城镇排水与污水处理条例》, 我局已于20日上午疏通管网。"
    "下一步, 11月25日前完成沿线清淤。市城管局, 电话0000-8120101"
)
POST = "https://weibo.com/1234567890/P0w7ex6A3"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def in_hand(office: Office, level: str = "二级") -> None:
    """A case of that level that 市城管局 has signed and verified."""
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("zhouguohua", f"001 定{level}")
    office.says("sunlei", "001 交城管局")
    if level == "一级":
        office.says("wangjianping", "同意 001")
    office.says("liuyang", "收到")
    office.says("liuyang", "经核实,反映情况属实,系管网淤堵")


def steps(office: Office) -> set[str]:
    """The steps whose clocks run."""
    with office.database.read() as work:
        return {clock.step for clock in work.clocks.running(office.case().id)}


def said(told: list[Told], *words: str) -> None:
    text = "\n".join(one.text for one in told)
    assert all(word in text for word in words), text


def test_from_the_draft_to_the_closing(office: Office) -> None:
    in_hand(office)
    assert {"回应", "上报", "续报", "办结"} <= steps(office)

    told = office.says("liuyang", f"001 拟回复: {GOOD}")
    assert "第 1 稿已报舆情办审核。自查通过" in to("liuyang", told)
    assert "【请审核回应稿】001" in to("sunlei", told)
    assert "11月25日前完成沿线清淤" in to("sunlei", told)
    assert "审核" in steps(office)

    told = office.says("sunlei", "同意")
    assert "已报领导签发" in to("sunlei", told)
    assert "【请签发】001" in to("zhouguohua", told)
    assert "核实结果: 属实" in to("zhouguohua", told)
    assert {"签发"} == steps(office) & {"审核", "签发"}

    told = office.says("zhouguohua", "同意。请按程序发布")
    assert "已签发" in to("zhouguohua", told)
    assert "照此发布, 一字不改" in to("liuyang", told)
    assert "批示: 同意。请按程序发布" in to("liuyang", told)
    assert {"发布", "回应"} <= steps(office)

    told = office.says("liuyang", f"情况通报已在官微发布,{POST},10:00")
    assert "回应时限到此为止" in to("liuyang", told)
    assert "跟踪到 11月27日 10:00" in to("zhaomin", told)
    assert steps(office).isdisjoint({"发布", "回应", "签发", "审核"})

    told = office.says("liuyang", "处置完毕,积水已排干")
    assert "尚未期满" in to("zhouguohua", told)
    told = office.says("zhouguohua", "同意")
    assert "001 办结" in to("zhouguohua", told)
    assert steps(office) == {"跟踪"}  # looked after to the seventh day
    told = office.says("wangxiaoyu", "查 001")
    assert "已发布" in to("wangxiaoyu", told)


def test_a_text_that_is_not_in_order_bothers_nobody(office: Office) -> None:
    in_hand(office)
    told = office.says("liuyang", "001 拟回复: 您好, 经查系管网淤堵, 将尽快处理。联系人13800138000")
    assert {one.to for one in told} == {"liuyang"}
    said(told, "还没有报出", "手机号", "「尽快」", "缺「依据」", "缺「已作处理」")
    assert "仍报审" not in to("liuyang", told)
    assert "审核" not in steps(office)


def test_what_may_be_overruled_is_shown_to_the_office(office: Office) -> None:
    in_hand(office)
    told = office.says("liuyang", "001 拟回复: 经核实属实, 已疏通管网。市城管局, 电话0000-8120101")
    assert "2 = 不改, 仍报审" in to("liuyang", told)
    told = office.says("liuyang", "2")
    assert "第 1 稿已报舆情办审核" in to("liuyang", told)
    assert "缺「依据」" in to("sunlei", told)


def test_a_verdict_may_not_turn_round_in_the_text(office: Office) -> None:
    in_hand(office)
    told = office.says("liuyang", f"001 拟回复: {GOOD.replace('属实', '不属实')}")
    assert "核实结果是「属实」, 稿中写「不属实」" in to("liuyang", told)


def test_agreed_with_an_edit_is_not_published_before_the_edit_is_in(office: Office) -> None:
    in_hand(office)
    office.says("liuyang", f"001 拟回复: {GOOD.replace('积水属实', '个别积水属实')}")
    office.says("sunlei", "同意")
    told = office.says("zhouguohua", "原则同意,第一句‘个别’两字删掉再发")
    assert "改后发布" in to("zhouguohua", told)
    assert "‘个别’两字删掉" in to("liuyang", told)

    told = office.says("liuyang", f"001 已在官微发布 {POST}")
    assert "待按批示修改" in to("liuyang", told)
    assert office.case().response.published == 0

    told = office.says("liuyang", f"001 拟回复: {GOOD.replace('积水属实', '个别积水属实')}")
    said(told, "「个别」还没有删去")
    told = office.says("liuyang", f"001 拟回复: {GOOD}")
    assert "领导批示: 原则同意" in to("sunlei", told)
    told = office.says("sunlei", "同意")
    assert "已按批示改到位" in to("sunlei", told)
    assert "【请发布】001" in to("liuyang", told)
    assert to("zhouguohua", told) == ""
    office.says("liuyang", f"001 已在官微发布 {POST}")
    assert office.case().response.published == 1


def test_returned_with_a_reason_and_drafted_again(office: Office) -> None:
    in_hand(office)
    office.says("liuyang", f"001 拟回复: {GOOD}")
    told = office.says("sunlei", "退回,口径太官僚,重写")
    assert "口径太官僚" in to("liuyang", told)
    office.says("liuyang", f"001 拟回复: {GOOD}")
    office.says("sunlei", "同意")
    told = office.says("zhouguohua", "退回,没有写清原因")
    assert "第 2 稿退回: 没有写清原因" in to("liuyang", told)
    assert office.case().state.value == "handling"


def test_who_drafted_does_not_approve(office: Office) -> None:
    in_hand(office)
    office.says("liuyang", f"001 拟回复: {GOOD}")
    told = office.says("liuyang", "001 同意")
    assert "审核" in steps(office)
    assert "已签发" not in to("liuyang", told)


def test_seen_is_never_an_approval(office: Office) -> None:
    in_hand(office)
    office.says("liuyang", f"001 拟回复: {GOOD}")
    office.says("sunlei", "同意")
    for words in ("已阅", "圈阅", "收到", "阅知"):
        told = office.says("zhouguohua", words)
        assert "不算同意" in to("zhouguohua", told), words
    assert "签发" in steps(office)


def test_closing_without_an_answer_asks_the_office_and_not_the_leader(office: Office) -> None:
    in_hand(office)
    told = office.says("liuyang", "处置完毕,积水已排干")
    assert "还没有公开回应" in to("liuyang", told)
    assert "【请定公开回应】001" in to("sunlei", told)
    assert to("zhouguohua", told) == ""
    told = office.says("zhouguohua", "同意 001")
    assert "不能办结" in to("zhouguohua", told)
    told = office.says("sunlei", "001 不需公开回应")
    assert "请写明理由" in to("sunlei", told)
    told = office.says("sunlei", "001 不需公开回应,已当面答复反映人")
    assert "【请确认办结】001" in to("zhouguohua", told)
    assert "回应" not in steps(office)
    told = office.says("zhouguohua", "同意")
    assert "001 办结" in to("zhouguohua", told)


def test_an_ordinary_case_closes_without_an_answer(office: Office) -> None:
    office.forwards("wangxiaoyu", "锦绣花园路灯不亮", "https://www.toutiao.com/article/72495/")
    office.says("sunlei", "001 定三级,交城管局")
    office.says("liuyang", "收到")
    told = office.says("liuyang", "001 已办结,路灯已修好")
    assert "【请确认办结】001" in to("sunlei", told)


def test_the_unit_is_reminded_of_the_answer_and_the_office_before_there_is_one(
    office: Office,
) -> None:
    in_hand(office)
    told = office.passes(hours=24)
    mine = to("liuyang", told)
    assert "回应时限" in mine
    assert "拟回复" in mine


def test_top_grade_clocks_end_with_their_records(office: Office) -> None:
    in_hand(office, "一级")
    assert {"上报", "回应", "发布会", "续报"} <= steps(office)
    told = office.says("zhaomin", "001 特报已报市委办")
    assert "已记录上报" in to("zhaomin", told)
    told = office.says("sunlei", "001 发布会定在今天16点,三楼")
    assert "发布会定在 16:00" in to("sunlei", told)
    assert "发布会" in steps(office)
    told = office.says("sunlei", "001 发布会已开完,通报了处置情况")
    assert "发布会已有记录" in to("sunlei", told)
    assert steps(office).isdisjoint({"上报", "发布会"})
    assert "回应" in steps(office)


def test_a_press_conference_may_be_waived_with_a_reason(office: Office) -> None:
    in_hand(office, "一级")
    told = office.says("sunlei", "001 不开发布会,以书面通报代替")
    assert "不开发布会" in to("sunlei", told)
    assert "发布会" not in steps(office)


def test_each_report_starts_the_next_and_the_final_one_none(office: Office) -> None:
    in_hand(office)
    with office.database.read() as work:
        first = [c.id for c in work.clocks.running(office.case().id) if c.step == "续报"]
    office.says("liuyang", "001 续报:正在清淤")
    with office.database.read() as work:
        second = [c.id for c in work.clocks.running(office.case().id) if c.step == "续报"]
    assert first != second
    office.says("liuyang", "001 终报:清淤完成")
    assert "续报" not in steps(office)
