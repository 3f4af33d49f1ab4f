"""Access tokens, trusted addresses and the look of an answer, over HTTP."""

import time
from pathlib import Path

import pytest

from tests.bot.sandbox.playground import CORPID, SECRET, Playground, playground


def test_the_token_stays_the_same_while_it_is_valid(corp: Playground) -> None:
    first = corp.get("gettoken", corpid=CORPID, corpsecret=SECRET)
    again = corp.get("gettoken", corpid=CORPID, corpsecret=SECRET)
    assert first["access_token"] == again["access_token"]
    assert 7198 <= again["expires_in"] <= 7200
    assert corp.token("t" * 43) != first["access_token"]


def test_a_token_is_good_until_its_two_hours_are_over(corp: Playground) -> None:
    token = corp.token()
    corp.advance(7195)
    assert corp.get("user/get", access_token=token, userid="lisi")["errcode"] == 0
    corp.advance(5.1)
    assert corp.get("user/get", access_token=token, userid="lisi")["errcode"] == 42001
    assert corp.token() != token


@pytest.mark.parametrize(
    ("query", "errcode"),
    [
        ({"corpsecret": SECRET}, 41002),
        ({"corpid": CORPID}, 41004),
        ({"corpid": "other", "corpsecret": SECRET}, 40013),
        ({"corpid": CORPID, "corpsecret": "wrong"}, 40001),
    ],
)
def test_what_is_wrong_with_a_request_for_a_token_is_said(
    corp: Playground, query: dict[str, str], errcode: int
) -> None:
    assert corp.get("gettoken", **query)["errcode"] == errcode


def test_many_wrong_secrets_block_even_the_right_one_for_an_hour(tmp_path: Path) -> None:
    with playground(tmp_path, limits={"wrong_secrets_per_hour": 3}) as corp:
        for _ in range(3):
            assert corp.get("gettoken", corpid=CORPID, corpsecret="x")["errcode"] == 40001
        assert corp.get("gettoken", corpid=CORPID, corpsecret=SECRET)["errcode"] == 45009
        corp.advance(3600)
        assert corp.get("gettoken", corpid=CORPID, corpsecret=SECRET)["errcode"] == 0


@pytest.mark.parametrize(("expired", "errcode"), [(False, 40014), (True, 42001)])
def test_a_token_can_end_early_as_invalid_or_expired(
    corp: Playground, *, expired: bool, errcode: int
) -> None:
    token = corp.token()
    assert corp.control("token/revoke", expired=expired) == {"ended": 1}
    assert corp.get("user/get", access_token=token, userid="lisi")["errcode"] == errcode
    assert corp.token() != token


def test_a_missing_and_an_unknown_token_are_told_apart(corp: Playground) -> None:
    assert corp.get("user/get", userid="lisi")["errcode"] == 41001
    assert corp.get("user/get", access_token="made-up", userid="lisi")["errcode"] == 40014


def test_an_address_not_trusted_may_take_a_token_but_nothing_else(tmp_path: Path) -> None:
    with playground(tmp_path, trusted_ips=["10.1.2.3"]) as corp:
        answer = corp.get("user/get", access_token=corp.token(), userid="lisi")
    assert answer["errcode"] == 60020
    assert "from ip: 127.0.0.1" in answer["errmsg"]


def test_a_refusal_is_http_200_with_hint_address_and_headers(corp: Playground) -> None:
    answer = corp.client.get("/cgi-bin/user/get", params={"access_token": "made-up"})
    assert answer.status_code == 200
    assert answer.headers["Error-Code"] == "40014"
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    words = answer.json()["errmsg"]
    assert words.startswith("invalid access_token, hint: [")
    assert words.endswith("more info at https://open.work.weixin.qq.com/devtool/query?e=40014")
    assert answer.headers["Error-Msg"] == words


def test_an_unknown_address_is_refused_with_http_200(corp: Playground) -> None:
    assert corp.post("message/nonsense", {})["errcode"] == 40066


def test_an_api_called_too_often_in_a_minute_is_refused_until_the_next(tmp_path: Path) -> None:
    with playground(tmp_path, limits={"api_per_minute": 3}) as corp:
        token = corp.token()
        corp.advance(60 - time.time() % 60)
        codes = [corp.get("user/get", access_token=token, userid="lisi") for _ in range(4)]
        assert [one["errcode"] for one in codes] == [0, 0, 0, 45009]
        corp.advance(60)
        assert corp.get("user/get", access_token=token, userid="lisi")["errcode"] == 0
