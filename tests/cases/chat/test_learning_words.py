"""Drills, scores, library and reviews as they are spoken of, and what is about none of them."""

import pytest

from cases.chat.drill_words import DrillDeed, drill_wish
from cases.chat.library_words import LibraryDeed, library_wish
from cases.chat.review_words import ReviewDeed, review_wish
from cases.chat.score_words import ScoreDeed, score_wish


@pytest.mark.parametrize(
    ("said", "deed"),
    [
        ("考核", ScoreDeed.SHOW),
        ("我单位上月考核", ScoreDeed.SHOW),
        ("城管局考核", ScoreDeed.SHOW),
        ("申诉 1120-007 签收, 停电", ScoreDeed.APPEAL),
        ("申诉第3号不成立, 已提醒", ScoreDeed.RULE),
        ("记分 城管局 漏报, 没报", ScoreDeed.GIVE),
        ("发10月考核通报", ScoreDeed.PREVIEW),
        ("确认发2026-10考核通报", ScoreDeed.PUBLISH),
        ("我的首报", ScoreDeed.MINE),
        ("首报名单", ScoreDeed.FIRST_REPORTS),
    ],
)
def test_scores_as_they_are_spoken_of(said: str, deed: ScoreDeed) -> None:
    wish = score_wish(said)
    assert wish is not None
    assert wish.deed is deed


@pytest.mark.parametrize("said", ["记分 城管局 迟到, 晚了", "007 收到", "学校考核不合格被投诉了"])
def test_other_words_are_not_about_scores(said: str) -> None:
    assert score_wish(said) is None


@pytest.mark.parametrize(
    ("said", "deed"),
    [
        ("以前有没有类似的", LibraryDeed.SEARCH),
        ("007 以前有没有类似的", LibraryDeed.SEARCH),
        ("007 类似案例", LibraryDeed.SEARCH),
        ("案例 停水", LibraryDeed.SEARCH),
        ("口径 停水", LibraryDeed.WORDING),
        ("1120-007 案例要点", LibraryDeed.LESSON),
        ("跳过", LibraryDeed.SKIP),
        ("都跳过", LibraryDeed.SKIP_ALL),
    ],
)
def test_the_library_as_it_is_spoken_of(said: str, deed: LibraryDeed) -> None:
    wish = library_wish(said)
    assert wish is not None
    assert wish.deed is deed


def test_what_is_about_neither_library_nor_drills_nor_reviews() -> None:
    for said in ("收到 007", "发现一条停水的帖子", "演练取消了没有人通知我"):
        assert library_wish(said) is None
        assert drill_wish(said) is None
        assert review_wish(said) is None


@pytest.mark.parametrize(
    ("said", "deed", "speed"),
    [
        ("演练", DrillDeed.LIST, 0),
        ("开始演练 停水", DrillDeed.BEGIN, 0),
        ("启动演练:校园食品 按1小时=1分钟", DrillDeed.BEGIN, 60),
        ("开始演练 停水 30分钟为1分钟", DrillDeed.BEGIN, 30),
        ("结束演练", DrillDeed.END, 0),
        ("演练结果", DrillDeed.SHEET, 0),
    ],
)
def test_drills_as_they_are_spoken_of(said: str, deed: DrillDeed, speed: int) -> None:
    wish = drill_wish(said)
    assert wish is not None
    assert (wish.deed, wish.speed) == (deed, speed)


@pytest.mark.parametrize(
    ("said", "deed", "number"),
    [
        ("007复盘", ReviewDeed.SHOW, 0),
        ("1120-007 整改: 住建局 12月5日前 更换管网", ReviewDeed.SET, 0),
        ("整改2完成, 已更换", ReviewDeed.DONE, 2),
    ],
)
def test_reviews_as_they_are_spoken_of(said: str, deed: ReviewDeed, number: int) -> None:
    wish = review_wish(said)
    assert wish is not None
    assert (wish.deed, wish.number) == (deed, number)
