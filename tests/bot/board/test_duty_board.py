"""值班看板: who sees what, what can be chosen, how it is cut into pages, what it says of itself."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from cases.model import Case
from handlers.pages.duty_board import Chosen, duty_board
from storage.cases import NewCase
from storage.settings import LAST_BEAT
from storage.states import BrakeScope, Channel
from tests.storage.builders import message
from tests.support.pages import Pages, words


def numbers(html: str) -> list[str]:
    return re.findall(r'id="row-(YQ-[0-9-]+)"', html)


def case_of(pages: Pages, number: str) -> Case:
    with pages.office.database.read() as work:
        case = work.cases.by_number(number)
    assert case is not None
    return case


def many(pages: Pages, count: int) -> None:
    like = case_of(pages, pages.reported())
    with pages.office.database.work() as work:
        for nth in range(count):
            work.cases.add(
                NewCase(
                    number=f"YQ-20261119-{nth:03d}",
                    title=f"第{nth}处路灯不亮",
                    state=like.state,
                    rulebook_id=like.rulebook_id,
                    reported_by="wangxiaoyu",
                    reported_at=like.reported_at,
                    proposal=like.proposal,
                )
            )


def change(pages: Pages, case: Case) -> None:
    with pages.office.database.work() as work:
        work.cases.save(case, [], by="t", now=pages.office.now)


def test_the_board_says_what_waits_for_whom_the_next_due_first(pages: Pages) -> None:
    later = pages.case("三中食堂吃出虫子 省电视台关注", unit="教体局")
    pages.office.now += timedelta(minutes=5)
    first = pages.case("青禾路积水 省电视台采访")
    html = pages.as_("sunlei").get("/board").text
    assert numbers(html)[:2] == [later, first]
    assert "待市城管局签收 10:35" in words(html)
    assert "▲ 将到期 还剩 30 分钟" in words(html)
    assert "还剩 25 分钟" in words(html)
    pages.office.now -= timedelta(minutes=5)


def test_e09_each_sees_what_he_may_know_of_and_the_count_tells_no_more(pages: Pages) -> None:
    number = pages.case("锦绣花园停水 省电视台关注", unit="住建局")
    for who, sees in (("sunlei", True), ("chenjing", True), ("liuyang", False)):
        assert (number in numbers(pages.as_(who).get("/board").text)) is sees
    reporter = pages.as_("wangxiaoyu")
    before = len(numbers(reporter.get("/board").text))
    change(pages, replace(case_of(pages, number), restricted=True))
    html = reporter.get("/board").text
    assert number not in numbers(html)
    assert f"{before - 1} 件" in words(html)
    assert number in numbers(pages.as_("sunlei").get("/board").text)
    assert number not in numbers(pages.as_("sunlei").get("/board?wall=1").text)


def test_a_stranger_is_sent_to_sign_in_and_led_back(pages: Pages) -> None:
    browser = pages.browser()
    assert browser.get("/board").headers["location"] == "/sign-in?next=/board"
    assert browser.get("/board/events").status_code == 204
    assert pages.come_back(browser, "sunlei", "/board").headers["location"] == "/board"


def test_the_board_is_narrowed_by_level_unit_platform_mine_and_overdue(pages: Pages) -> None:
    city = pages.case("北环路塌陷 省电视台采访")
    school = pages.case("一中校车超载 省电视台关注", unit="教体局")
    raised = replace(case_of(pages, school), level="一级", platform="微博")
    change(pages, raised)
    office = pages.as_("sunlei")
    unit = raised.assignments[0].unit_id

    def found(query: str, who: str = "sunlei") -> set[str]:
        return {city, school} & set(numbers(pages.as_(who).get(f"/board?{query}").text))

    assert found("level=一级") == {school}
    assert found("level=二级") == {city}
    assert found("platform=微博") == {school}
    assert found(f"unit={unit}") == {school}
    assert found(f"unit={unit}&level=二级") == set()
    assert found("mine=1", "chenjing") == set()
    assert found("mine=1", "liuyang") == {city}
    assert found("overdue=1") == set()
    pages.office.now += timedelta(minutes=30)
    assert found("overdue=1") == set()
    pages.office.now += timedelta(microseconds=1)
    assert found("overdue=1") == {city, school}
    pages.office.now -= timedelta(minutes=30, microseconds=1)
    shown = office.get(f"/board?unit={unit}&level=一级").text
    assert f'<option value="{unit}" selected>市教体局' in shown
    assert '<option value="一级" selected>' in shown
    assert shown.index('value="一级"') < shown.index('value="二级"')


def test_e11_odd_choices_choose_nothing_and_are_shown_as_words(pages: Pages) -> None:
    office = pages.as_("sunlei")
    hostile = '"><script>alert(1)</script>'
    for name in ("level", "unit", "platform", "nth", "mine", "have"):
        html = office.http.get("/board", params={name: hostile}).text
        assert "<script>alert" not in html
    html = office.http.get("/board", params={"level": hostile}).text
    assert numbers(html) == []
    assert "&lt;script&gt;" in html
    number = pages.case()
    change(pages, replace(case_of(pages, number), title=hostile, platform=hostile))
    for query in ("", "?wall=1"):
        assert "<script>alert" not in office.get(f"/board{query}").text


def test_e11_fifty_rows_to_a_page_eight_to_the_wall_and_what_is_chosen_stays(pages: Pages) -> None:
    many(pages, 60)
    office = pages.as_("sunlei")
    first = office.get("/board?level=&platform=").text
    assert len(numbers(first)) == 50
    assert 'href="/board?nth=2"' in first
    second = office.get("/board?nth=2").text
    assert set(numbers(first)).isdisjoint(numbers(second))
    assert 'href="/board"' in second
    level = case_of(pages, "YQ-20261119-000").proposal.level
    assert "nth=2" in office.get(f"/board?level={level}").text
    wall = office.get("/board?wall=1").text
    assert len(numbers(wall)) == 8
    assert 'data-turn="/board?wall=1&amp;nth=2"' in wall
    last = office.get("/board?wall=1&nth=99999").text
    assert 'data-turn="/board?wall=1"' in last
    for odd in ("0", "-1", "x", "²"):
        assert numbers(office.get(f"/board?nth={odd}").text) == numbers(first)


def test_a_page_costs_as_many_queries_whether_it_has_one_row_or_fifty(pages: Pages) -> None:
    number = pages.case("西湖里小区断电 省电视台采访")
    unit = case_of(pages, number).assignments[0].unit_id
    person = pages.office.database
    counted = []
    for chosen in (Chosen(unit=unit, page=99), Chosen()):
        with person.read() as work:
            seen: list[str] = []
            connection = work.board._connection  # noqa: SLF001 - what is counted is below all stores

            def note(*args: object, seen: list[str] = seen) -> None:
                seen.append(str(args[2]))

            event.listen(connection, "before_cursor_execute", note)
            sunlei = work.people.person("sunlei")
            assert sunlei is not None
            seen.clear()
            rows = duty_board(work, sunlei, chosen, pages.office.now).rows
            counted.append((len(rows), len(seen)))
    assert counted[0][0] < counted[1][0] == 50
    assert counted[0][1] == counted[1][1]


def test_the_wall_names_nobody_and_shows_no_title(pages: Pages) -> None:
    number = pages.case("张建国举报青禾路积水 省电视台采访")
    with pages.office.database.work() as work:
        case = work.cases.by_number(number)
        assert case is not None
        clock = work.clocks.running(case.id)[0]
        work.clocks.pass_on(replace(clock, holder="person:sunlei"), "t", pages.office.now)
    office = pages.as_("sunlei")
    assert "待孙磊签收" in office.text("/board")
    pages_of_wall = [office.get(f"/board?wall=1&nth={nth}").text for nth in range(1, 12)]
    wall = "".join(pages_of_wall)
    assert f'id="row-{number}"' in wall
    assert "待经办人签收" in words(wall)
    for personal in ("张建国", "孙磊", "sunlei", "王小雨", 'href="/case'):
        assert personal not in wall


@pytest.mark.parametrize(
    ("ago", "says"),
    [
        (None, "计时 还没有开始"),
        (timedelta(minutes=1), "● 计时 正常"),
        (timedelta(minutes=1, seconds=1), "■ 计时 已停 1 分钟, 提醒和升级不会发出"),
    ],
)
def test_the_strip_says_when_the_service_beat_last(
    pages: Pages, ago: timedelta | None, says: str
) -> None:
    if ago is not None:
        with pages.office.database.work() as work:
            work.settings.put(LAST_BEAT, (pages.office.now - ago).isoformat())
    assert says in pages.as_("sunlei").text("/board")


def test_the_strip_says_what_waits_what_is_shut_and_what_is_held(pages: Pages) -> None:
    office, now = pages.as_("sunlei"), pages.office.now
    with pages.office.database.work() as work:
        work.outbox.put(replace(message("late"), next_at=now, priority=3, channel=Channel.APP))
        work.alarms.sound("outbox.held.app", "发送已暂停: 60020", now)
    assert "待发 1 条" in office.text("/board")
    assert "■ 发送 应用消息已断, 请管理员运行 doctor 查看" in office.text("/board")
    with pages.office.database.work() as work:
        for robot in ("市城管局", "市住建局", "市教体局"):
            work.alarms.sound(f"outbox.held.robot:{robot}", "发送已暂停: 93000", now)
    told = office.text("/board")
    assert re.search("■ 发送 [^,]*群机器人市住建局[^,]*等 4 个已断, 请管理员", told)
    pages.office.now += timedelta(minutes=5, seconds=1)
    assert "▲ 消息 待发 1 条, 最早的已等 5 分钟" in office.text("/board")
    with pages.office.database.work() as work:
        work.brakes.pull(BrakeScope.ALL, "", by="sunlei", reason="演练", now=now)
    told = office.text("/board?wall=1")
    assert "■ 紧急暂停 自 10:00 起暂停全部消息的发送, 压住 1 条" in told
    assert "● 消息 没有积压" in told
    with pages.office.database.work() as work:
        work.brakes.release("sunlei", now)
        for lane in ("app", "robot:市城管局", "robot:市住建局", "robot:市教体局"):
            work.alarms.end(f"outbox.held.{lane}", now)
    pages.office.now = now
    assert "● 紧急暂停 没有" in office.text("/board")


def test_the_strip_says_which_way_out_is_shut_for_a_while_why_and_until_when(pages: Pages) -> None:
    office, now = pages.as_("sunlei"), pages.office.now
    with pages.office.database.work() as work:
        work.settings.shut_lane("app", "limit", now + timedelta(minutes=1))
        work.settings.shut_lane("robot:市城管局", "faults", now + timedelta(seconds=20))
    told = office.text("/board")
    again = (
        "▲ 发送 群机器人市城管局暂时连不上, 10:00 自动再试, 消息不丢; "
        "应用消息发得太密, 平台要求暂停, 10:01 自动再试, 消息不丢"
    )
    assert again in told
    with pages.office.database.work() as work:
        work.settings.open_lane("app")
    pages.office.now += timedelta(seconds=80)
    assert "● 发送 畅通" in office.text("/board")
    pages.office.now = now
