"""What may be answered, and what is said where it may not."""

from collections.abc import Callable

import pytest

from bot.installing.questions import (
    Question,
    WrongAnswerError,
    hours_of,
    people_of,
    questions,
    robots_of,
)

PRESETS = {"city3": "市级三级", "county4": "县级四级"}
KEY = "0a1b2c3d-4e5f-6789-abcd-ef0123456789"
WEBHOOK = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
TWO_STRETCHES = "08:30-12:00, 14:00-17:30"
ALL = {one.key: one for one in questions(PRESETS, lambda _: TWO_STRETCHES)}


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("institution", "云溪市", "  "),
        ("rulebook", "county4", "county5"),
        ("hours", TWO_STRETCHES, "8:30-12:00"),
        ("hours", "00:00-24:00", "12:00-08:30"),
        ("hours", "09:00-17:00", "09:00-12:00, 11:00-17:00"),
        ("corp_id", "ww0123456789abcdef", "0123456789abcdef"),
        ("agent_id", "1000002", "0"),
        ("wecom_secret", "S" * 43, "short"),
        ("wecom_secret", "@/root/secret", "@"),
        ("base_url", "https://duban.example.gov.cn", "https://duban.example.gov.cn/path"),
        ("base_url", "http://127.0.0.1:8000", "http://duban.example.gov.cn"),
        ("port", "65535", "65536"),
        ("database", "sqlite", "mysql://a"),
        ("database", "postgresql://a:b@c/d", "oracle"),
        ("administrators", "admin 钱进", "admin"),
        ("duty", "a 甲, b 乙", ""),
        ("robots", f"市城管局={WEBHOOK}", WEBHOOK),
        ("robots", "", "市城管局=短"),
        ("trial", "否", "也许"),
        ("trial", "Y", "2"),
    ],
)
def test_each_answer_is_checked_where_it_is_given(key: str, good: str, bad: str) -> None:
    assert ALL[key].check(good) is not None
    with pytest.raises(WrongAnswerError):
        ALL[key].check(bad)


def test_there_are_about_a_dozen_each_with_its_reason() -> None:
    assert len(ALL) == 16
    assert [one.key for one in ALL.values() if not one.why or not one.asks] == []
    assert {one.key for one in ALL.values() if one.is_secret} == {"wecom_secret", "robots"}


def test_a_default_is_itself_a_good_answer() -> None:
    def default(one: Question) -> tuple[str, Callable[[str], str]]:
        return one.default or "", one.check

    for one in ALL.values():
        if one.default is not None:
            answer, check = default(one)
            assert check(answer) == answer


def test_what_is_typed_is_taken_apart() -> None:
    assert [(one.userid, one.name) for one in people_of("a 甲，b  乙 丙")] == [
        ("a", "甲"),
        ("b", "乙 丙"),
    ]
    assert robots_of(f"甲局={WEBHOOK} 乙局={KEY}") == {"甲局": KEY, "乙局": KEY}
    assert hours_of("08:30-12:00，14:00-17:30") == ["08:30-12:00", "14:00-17:30"]
