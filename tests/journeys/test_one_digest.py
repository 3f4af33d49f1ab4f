"""Many reminders for one person at one moment are one message; the pressing ones never."""

import json

import pytest

from storage.database import Database
from storage.states import OutboxState
from tests.support.office import Office, Told

TITLES = (
    "青禾路路灯不亮",
    "双桥巷井盖松动",
    "柳荫街垃圾没人清",
    "南门口占道摆摊",
    "东关积水",
    "北园油烟",
    *(
        f"青禾路{nth}号小区门口积水三天无人管, 老人出行不便, 多次反映没有答复"
        for nth in range(7, 15)
    ),
)


def forwarded(office: Office, count: int, level: str) -> None:
    for nth, title in enumerate(TITLES[:count]):
        link = f"https://www.toutiao.com/article/72495596873549747{nth:02}/"
        office.forwards("wangxiaoyu", title, link)
        office.says("sunlei", f"{nth + 1:03} 定{level},交城管局")


def signing(told: list[Told]) -> list[Told]:
    return [one for one in told if one.to == "liuyang" and "签收时限" in one.text]


@pytest.mark.parametrize(("count", "messages"), [(3, 3), (4, 1), (6, 1)])
def test_from_four_on_they_are_one_message(
    sqlite_database: Database, count: int, messages: int
) -> None:
    office = Office(sqlite_database)
    forwarded(office, count, "三级")
    told = signing(office.passes(hours=1, minutes=30))
    assert len(told) == messages
    assert sum(one.text.count("签收时限") for one in told) == count


def test_what_has_no_room_in_a_digest_is_counted_and_not_lost(database: Database) -> None:
    office = Office(database)
    forwarded(office, 14, "三级")
    (digest,) = signing(office.passes(hours=1, minutes=30))
    shown = sum(line.startswith("· ") for line in digest.text.splitlines())
    assert digest.text.startswith("【提醒汇总】14 件等您办:")
    assert f"… 另有 {14 - shown} 件, 回复「我的待办」看全部。" in digest.text
    assert 4 < shown < 14
    assert len(digest.text.encode()) <= 2048


def test_the_digest_names_each_case_with_its_number_to_tap(database: Database) -> None:
    office = Office(database)
    forwarded(office, 5, "三级")
    (digest,) = signing(office.passes(hours=1, minutes=30))
    assert digest.text.startswith("【提醒汇总】5 件等您办:")
    assert all(f"00{n}《" in digest.text for n in range(1, 6))
    assert "= 签收]" in digest.text
    first = digest.text.split("[")[1].split(" ")[0]
    answer = "\n".join(one.text for one in office.says("liuyang", first))
    assert "已签收" in answer


def test_what_the_digest_says_is_ended_with_the_reason(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    forwarded(office, 5, "三级")
    start = office.now
    office.passes(hours=1, minutes=30)
    with office.database.read() as work:
        mine = [m for m in work.records.reminders_since(start) if m.recipient == "liuyang"]
    assert {(m.state, m.ended_reason) for m in mine} == {(OutboxState.CANCELLED, "并入汇总")}
    assert all(json.loads(m.payload)["touser"] == "liuyang" for m in mine)


def test_the_top_grades_are_never_merged(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    for nth, title in enumerate(TITLES[:5], start=1):
        link = f"https://www.toutiao.com/article/724955968735497475{nth}/"
        office.forwards("wangxiaoyu", f"央视报道{title}", link)
        for words in (f"00{nth} 定一级", f"00{nth} 交城管局", f"同意 00{nth}"):
            office.says("wangjianping", words)
    told = signing(office.passes(minutes=20))
    assert len(told) >= 5
    assert all("提醒汇总" not in one.text for one in told)


def test_why_tells_that_it_was_merged(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    forwarded(office, 5, "三级")
    office.passes(hours=1, minutes=30)
    told = "\n".join(one.text for one in office.says("liuyang", "001 为什么没提醒我"))
    assert "并入汇总" in told
