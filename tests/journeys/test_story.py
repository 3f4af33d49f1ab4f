"""The story over real HTTP, with the service killed in the middle; and a judge that sees sins."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo.player import Expected, Seen, Step, StoryError, judge

HOME = Path(__file__).parents[2]


@pytest.mark.timeout(180)
def test_the_story_ends_right_although_the_service_is_killed_in_the_middle() -> None:
    played = subprocess.run(
        [sys.executable, "main.py", "story", "--kill-after", "9"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )
    assert played.returncode == 0, played.stdout[-3000:] + played.stderr[-3000:]
    assert "没有多也没有少" in played.stdout
    assert "服务被杀 1 次" in played.stdout


def _seen(to: str, text: str) -> Seen:
    return Seen(1, to, text, "k", 0.0, ())


STEP = Step("a", "收到", expect=(Expected("a", "已签收"), Expected("单位群", "请签收")))
RIGHT = [_seen("a", "已签收 001"), _seen("单位群", "请签收")]


def test_the_judge_is_content_with_what_was_expected() -> None:
    assert judge(STEP, RIGHT, crashes=0) == 0


@pytest.mark.parametrize(
    ("seen", "crashes", "words"),
    [
        (RIGHT[:1], 0, "缺: 给 单位群"),
        ([*RIGHT, _seen("b", "已签收 001")], 0, "多: 给 b"),
        ([*RIGHT, _seen("a", "已签收 001")], 0, "多: 给 a"),
        ([*RIGHT, _seen("a", "已签收 001")], 3, "多: 给 a"),
        ([*RIGHT, _seen("单位群", "请签收")], 0, "多: 给 单位群"),
        ([_seen("a", "已签收 001"), _seen("单位群", "请查收")], 0, "缺: 给 单位群"),
    ],
    ids=["lost", "unexpected", "doubled", "doubled after a crash", "posted twice", "other words"],
)
def test_the_judge_catches_planted_sins(seen: list[Seen], crashes: int, words: str) -> None:
    with pytest.raises(StoryError, match=words):
        judge(STEP, seen, crashes=crashes)


def test_a_robots_post_may_appear_twice_after_a_crash_and_is_counted() -> None:
    assert judge(STEP, [*RIGHT, _seen("单位群", "请签收")], crashes=1) == 1
