"""Whatever is typed or pasted gets an answer, quickly."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.chat import Intent, Understood
from cases.people import Role
from tests.support.said import said

WORDS = (
    "收到 同意 不 请 城管局 、 , 。 #007 5号 转 给 1 3万 阅读 二级 的 删 帖 谁 下周四 17:00 前 "
    "【 】 舆情 标题: “ ” @ http://a.b/c 拟回复如下: 吗 ? 十几 ( 市 办 和 发布 会商 值班 延期 YQ- "
    "热搜 1-12并入 其余 99999999999999 2月30日 25:61 个 半"
)
PIECES = [*WORDS.split(), *"\u200b\u202e\ue000\ue200\ue400\ud800\x00"]
roles = st.sampled_from([*Role, None])


@given(st.text(max_size=300), roles)
@settings(max_examples=80, deadline=None)
def test_no_text_raises(text: str, role: Role | None) -> None:
    assert isinstance(said(text, role), Understood)


@given(st.lists(st.sampled_from(PIECES), max_size=40), roles)
@settings(max_examples=120, deadline=None)
def test_no_mixture_of_our_own_words_raises(pieces: list[str], role: Role | None) -> None:
    got = said("".join(pieces), role)
    for one in (got, *got.more):
        assert one.intent in Intent
        assert all("\ue000" not in str(value) for value in one.slots.values()) or "\ue000" in pieces


@pytest.mark.parametrize("text", ["", " ", "\n", "。。。", "\u200b", "😆", "\ud800", "?" * 50])
def test_text_without_words_is_asked_about(text: str) -> None:
    got = said(text)
    assert got.intent in {Intent.AMBIGUOUS, Intent.HELP}


def test_b09_long_repetitions_take_no_longer_than_a_moment() -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    slow = []
    for _ in range(60):
        some = "".join(chance.choices(PIECES, k=chance.randint(1, 3))) or "x"
        text = some * (6000 // len(some))
        start = time.process_time()
        said(text, Role.OFFICE_DIRECTOR)
        took = time.process_time() - start
        if took > 0.05:
            slow.append((took, some))
    assert slow == []


@pytest.mark.parametrize(
    "text", ["1" * 30 + "x", "http://" + "a" * 30 + "!", "#" * 5000, "0" * 5000]
)
def test_the_known_evil_texts_are_harmless(text: str) -> None:
    start = time.process_time()
    said(text)
    assert time.process_time() - start < 0.05
