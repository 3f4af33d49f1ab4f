"""考核, 演练结果, 复盘 and 案例要点 as pages: who sees what, and where each point leads."""

from datetime import timedelta

import pytest

from tests.support.pages import Pages


@pytest.fixture(scope="module")
def late(pages: Pages) -> str:
    """A case that 城管局 signed too late."""
    number = pages.case("青禾路积水多日 省电视台关注")
    office = pages.office
    pages.office.passes(hours=5)
    office.says("liuyang", f"收到 {number}")
    return number


def test_each_point_leads_to_the_event_behind_it(pages: Pages, late: str) -> None:
    shown = pages.as_("sunlei").get("/scores")
    assert shown.status_code == 200
    assert "市城管局" in shown.text
    assert "名次" not in shown.text
    one = pages.as_("sunlei").get("/scores/chengguan").text
    assert "签收超时" in one
    link = one.split(f'href="/case/{late}#', 1)[1].split('"', 1)[0]
    case = pages.as_("sunlei").get(f"/case/{late}").text
    line = case.split(f'id="{link}"', 1)[1].split("</li>", 1)[0]
    assert "签收" in line


def test_a_unit_sees_its_own_scores_and_no_other(pages: Pages, late: str) -> None:
    liaison = pages.as_("liuyang")
    own = liaison.get("/scores").text
    assert late in own
    assert "市住建局" not in own
    assert liaison.get("/scores/zhujian").status_code == 403
    assert pages.as_("wangxiaoyu").get("/scores").status_code == 403
    assert pages.as_("sunlei").get("/scores/nobody").status_code == 404
    assert pages.as_("sunlei").get("/scores/NO WAY").status_code == 404
    assert "没有扣分" in liaison.get("/scores?month=2026-09").text


def test_the_review_draws_the_waits_and_takes_the_lesson(pages: Pages, late: str) -> None:
    office = pages.office
    director = pages.as_("sunlei")
    page = director.get(f"/case/{late}/review").text
    assert "<svg" in page
    assert "超时" in page
    assert "<textarea" not in page  # not closed yet
    office.says("sunlei", f"{late} 不需公开回应, 已当面答复")
    office.says("liuyang", f"{late} 已办结, 积水已排干")
    office.says("sunlei", f"{late} 同意")
    office.says("zhouguohua", f"{late} 同意")
    hidden = director.hidden(f"/case/{late}/review")
    answer = director.post(
        f"/case/{late}/lesson", hidden | {"cause": "泵站故障", "tags": "积水、泵站"}
    )
    assert answer.status_code == 303
    page = director.get(f"/case/{late}/review").text
    assert "泵站故障" in page
    assert "积水、泵站" in page
    assert pages.as_("chenjing").get(f"/case/{late}/review").status_code == 404
    other = pages.as_("zhouguohua")
    refused = other.post(f"/case/{late}/lesson", other.hidden(f"/case/{late}"))
    assert refused.status_code == 403
    assert director.post("/case/1/lesson", hidden).status_code == 404
    assert director.get("/case/1/review").status_code == 404
    assert director.post(f"/case/{late}/lesson", hidden, "https://evil.example").status_code == 403


def test_the_sheet_of_a_drill_is_a_page_of_the_office(pages: Pages) -> None:
    office = pages.office
    assert "还没有做过演练" in pages.as_("sunlei").text("/drills")
    office.says("sunlei", "开始演练 停水 按1小时=1分钟")
    office.passes(seconds=2)
    assert "进行中" in pages.as_("sunlei").text("/drills")
    office.now += timedelta(minutes=1)
    office.says("sunlei", "结束演练")
    sheet = pages.as_("sunlei").get("/drill/1").text
    assert "谁在什么时候办了" in sheet
    assert "定级交办" in sheet
    for path in ("/drills", "/drill/1"):
        assert pages.as_("liuyang").get(path).status_code == 404
    assert pages.as_("sunlei").get("/drill/99").status_code == 404
    assert pages.as_("sunlei").get("/drill/x").status_code == 404


def test_who_may_know_of_a_case_and_not_of_its_review_is_told_so(pages: Pages, late: str) -> None:
    answer = pages.as_("wangxiaoyu").get(f"/case/{late}/review")
    assert answer.status_code == 403
    assert "您的身份不能" in answer.text
