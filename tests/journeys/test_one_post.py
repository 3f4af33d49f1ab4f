"""Four notices for one group at one time are one post; fewer go one by one; each names its case."""

import pytest

from storage.database import Database
from tests.support.office import Office, Told

LINK = "https://www.toutiao.com/article/72495596873549747{}/"
GROUP = "市城管局"


def assigned_at_once(database: Database, count: int) -> list[Told]:
    """What leaves when so many cases of a list are given to one unit in one answer."""
    office = Office(database)
    for number in range(10, 16):
        office.forwards("wangxiaoyu", f"第{number}条街路灯不亮", LINK.format(number))
    return office.says("sunlei", f"1-{count} 定三级交城管局")


@pytest.mark.parametrize(("count", "posts"), [(3, 3), (4, 1), (5, 1)])
def test_from_four_on_it_is_one_post(sqlite_database: Database, count: int, posts: int) -> None:
    told = [one for one in assigned_at_once(sqlite_database, count) if one.to == GROUP]
    assert len(told) == posts
    for number in range(1, count + 1):
        assert sum(f"{number:03d}《" in one.text for one in told) == 1
    if posts == 1:
        assert told[0].text.startswith(f"【通知汇总】本群 {count} 条:\n· 【交办】001《")
        assert told[0].text.endswith("各件已另发联络员, 请私聊应用「督办」办理。")


def test_the_liaison_hears_each_by_itself(sqlite_database: Database) -> None:
    told = assigned_at_once(sqlite_database, 4)
    assert sum(one.to == "liuyang" and "【交办】" in one.text for one in told) == 4
