"""The client against a real server: tokens, verdicts, bad days, and no secret anywhere."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from bot.gateway import GiveUp, Outcome, Scope, Sent, TryLater, Unknown
from bot.wecom.client import Account, MediaError, WeComClient
from bot.wecom.error_codes import ERROR_CODES, Verdict, explain, say
from storage.database import Database
from storage.states import Channel
from tests.support.edge import StandingClock
from tests.support.platform import Answer, Platform, errcode, page, reset, silence

TEXT = json.dumps({"touser": "wang", "msgtype": "text", "text": {"content": "督办"}})
SECRETS = ("SECRET", "corpsecret")


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def client(
    sqlite_database: Database, wecom: Platform, clock: StandingClock
) -> Iterator[WeComClient]:
    made = client_of(sqlite_database, wecom, clock)
    yield made
    made.close()


def client_of(
    database: Database, wecom: Platform, clock: StandingClock, timeout: float = 10
) -> WeComClient:
    account = Account("ww1", "SECRETcorpsecret", "1000002", wecom.base_url)
    robots = {"城管群": "SECRETkey"}
    return WeComClient(
        account, database=database, clock=clock, robots=robots, timeout_seconds=timeout
    )


def send(client: WeComClient, payload: str = TEXT) -> Outcome:
    return client.send(Channel.APP, "wang", payload)


def test_a_message_leaves_byte_for_byte_with_a_stored_token(
    client: WeComClient, wecom: Platform
) -> None:
    assert send(client) == Sent("msg2")
    assert send(client) == Sent("msg3")
    assert wecom.bodies() == [TEXT.encode()] * 2
    assert wecom.count("gettoken") == 1
    assert wecom.asked[0].query == {"corpid": ["ww1"], "corpsecret": ["SECRETcorpsecret"]}
    assert wecom.asked[2].query == {"access_token": ["SECRETtoken1"]}


def test_another_process_uses_the_stored_token(
    client: WeComClient, wecom: Platform, sqlite_database: Database, clock: StandingClock
) -> None:
    send(client)
    other = client_of(sqlite_database, wecom, clock)
    send(other)
    other.close()
    assert wecom.count("gettoken") == 1


@pytest.mark.parametrize(("seconds", "fetched"), [(7079, 1), (7080, 2), (7081, 2)])
def test_a_token_is_renewed_two_minutes_before_it_ends(
    client: WeComClient, wecom: Platform, clock: StandingClock, seconds: int, fetched: int
) -> None:
    send(client)
    clock.advance(seconds=seconds)
    send(client)
    assert wecom.count("gettoken") == fetched


@pytest.mark.parametrize("code", [40014, 42001, 40001])
def test_x21_a_token_that_is_not_taken_is_renewed_once_and_the_message_repeated(
    client: WeComClient, wecom: Platform, code: int
) -> None:
    send(client)
    wecom.answers["message/send"] = [errcode(code)]
    assert isinstance(send(client), Sent)
    assert (wecom.count("gettoken"), wecom.count("message/send")) == (2, 3)
    assert wecom.asked[-1].query == {"access_token": ["SECRETtoken4"]}


@pytest.mark.parametrize("code", [40014, 42001, 40001])
def test_x21_a_new_token_that_is_not_taken_either_holds_the_channel(
    client: WeComClient, wecom: Platform, code: int
) -> None:
    wecom.answers["message/send"] = [errcode(code)] * 9
    outcome = send(client)
    assert isinstance(outcome, GiveUp)
    assert outcome.scope is Scope.CHANNEL
    assert (wecom.count("gettoken"), wecom.count("message/send")) == (2, 2)


def test_x21_many_at_once_fetch_one_token(
    sqlite_database: Database, wecom: Platform, clock: StandingClock
) -> None:
    clients = [client_of(sqlite_database, wecom, clock) for _ in range(3)]

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        threading.Event().wait(0.2)  # long enough for all of them to ask
        answer = {"errcode": 0, "access_token": "SECRETone", "expires_in": 7200}
        page(200, json.dumps(answer).encode())(handler)  # type: ignore[operator]

    wecom.answers["gettoken"] = [slowly]
    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(send, clients * 4))
    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    assert wecom.count("gettoken") == 1
    for client in clients:
        client.close()


def test_a_wrong_secret_holds_the_channel_and_is_not_tried_again_at_once(
    client: WeComClient, wecom: Platform
) -> None:
    wecom.answers["gettoken"] = [errcode(40001, "invalid credential")] * 9
    for _ in range(5):
        outcome = send(client)
        assert isinstance(outcome, GiveUp)
        assert (outcome.scope, outcome.errcode) == (Scope.CHANNEL, 40001)
    assert wecom.count("gettoken") == 1
    assert wecom.count("message/send") == 0


@pytest.mark.parametrize("answer", [page(500), {"errcode": 0}, silence])
def test_without_a_token_nothing_was_sent_and_nothing_is_in_doubt(
    sqlite_database: Database, wecom: Platform, clock: StandingClock, answer: Answer
) -> None:
    client = client_of(sqlite_database, wecom, clock, timeout=0.3)
    wecom.answers["gettoken"] = [answer]
    outcome = send(client)
    assert isinstance(outcome, TryLater)
    assert outcome.errcode is None
    client.close()


@pytest.mark.parametrize(
    "answer",
    [
        page(500),
        page(502, b'{"errcode":0}'),
        page(404),
        page(302),
        page(200, b"<html>"),
        page(200, b'{"errcode":'),
        page(200, b""),
        page(200, b"[]"),
        page(200, b'{"errcode":"0"}'),
        page(200, b'{"errcode":null}'),
        page(200, b"[" * 100_000),
        page(200, b'{"errcode":0,"x":"' + b"x" * 1_100_000 + b'"}'),
        reset,
        silence,
    ],
    ids=range(14),
)
def test_x19_an_answer_without_sense_leaves_the_outcome_unknown(
    sqlite_database: Database, wecom: Platform, clock: StandingClock, answer: Answer
) -> None:
    client = client_of(sqlite_database, wecom, clock, timeout=0.5)
    wecom.answers["message/send"] = [answer]
    assert isinstance(send(client), Unknown)
    assert isinstance(send(client), Sent)
    client.close()


def test_an_answer_that_drips_is_left_at_the_deadline(
    sqlite_database: Database, wecom: Platform, clock: StandingClock
) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-length", "1000")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            threading.Event().wait(0.05)

    client = client_of(sqlite_database, wecom, clock, timeout=0.4)
    wecom.answers["message/send"] = [drip]
    start = time.perf_counter()
    assert isinstance(send(client), Unknown)
    assert time.perf_counter() - start < 2
    client.close()


def test_a_server_that_is_not_there_was_sent_nothing(
    sqlite_database: Database, wecom: Platform, clock: StandingClock
) -> None:
    client = client_of(sqlite_database, replace(wecom, port=1), clock)
    outcome = client.send(Channel.ROBOT, "城管群", '{"msgtype":"text"}')
    assert isinstance(outcome, TryLater)
    assert outcome.errcode is None
    client.close()


@pytest.mark.parametrize(
    ("answer", "seconds"), [(errcode(45009), 60), (errcode(45033), 60), (page(429), 60)]
)
def test_x22_a_limit_of_the_api_quiets_the_whole_channel(
    client: WeComClient, wecom: Platform, answer: Answer, seconds: float
) -> None:
    wecom.answers["message/send"] = [answer]
    outcome = send(client)
    assert isinstance(outcome, TryLater)
    assert (outcome.after_seconds, outcome.pauses_channel) == (seconds, True)


EXPECTED = {
    Verdict.BUSY: TryLater,
    Verdict.RATE_LIMITED: TryLater,
    Verdict.NEW_TOKEN: GiveUp,
}
SCOPES = {
    Verdict.NEW_TOKEN: Scope.CHANNEL,
    Verdict.CONFIGURATION: Scope.CHANNEL,
    Verdict.RECIPIENT: Scope.RECIPIENT,
}


def test_every_errcode_has_the_outcome_of_its_verdict(client: WeComClient, wecom: Platform) -> None:
    for code, known in ERROR_CODES.items():
        wecom.answers["message/send"] = [errcode(code)] * 2
        outcome = send(client)
        assert isinstance(outcome, EXPECTED.get(known.verdict, GiveUp)), code
        assert isinstance(outcome, TryLater | GiveUp)
        if isinstance(outcome, GiveUp):
            scope = SCOPES.get(known.verdict, Scope.MESSAGE)
            assert (outcome.errcode, outcome.scope) == (code, scope)
        assert f"（{code}）" in outcome.text


def test_partial_failure_is_success_with_the_names_of_those_not_reached(
    client: WeComClient, wecom: Platform
) -> None:
    wecom.answers["message/send"] = [
        {"errcode": 0, "invaliduser": "WangLei|li", "unlicenseduser": "zhao", "msgid": "m"},
        {"errcode": 0, "invaliduser": ["Qian"], "msgid": 7, "response_code": "c"},
        {"errcode": 0, "invaliduser": ""},
        {},
    ]
    assert send(client) == Sent("m", ("wanglei", "li", "zhao"))
    assert send(client) == Sent("", ("qian",), "c")
    assert send(client) == Sent("")
    assert send(client) == Sent("")


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({"msgtype": "text"}, "message/send"),
        ({"response_code": "c", "button": {}}, "message/update_template_card"),
        ({"msgid": "m"}, "message/recall"),
    ],
)
def test_the_payload_says_which_request_it_is(
    client: WeComClient, wecom: Platform, payload: dict[str, object], path: str
) -> None:
    assert isinstance(send(client, json.dumps(payload)), Sent)
    assert wecom.asked[-1].path == path


def test_a_chat_is_spoken_to_at_its_own_address(client: WeComClient, wecom: Platform) -> None:
    for body, path in (
        ('{"chatid":"C","msgtype":"text"}', "appchat/send"),
        ('{"chatid":"C","userlist":["a","b"]}', "appchat/create"),
        ('{"chatid":"C","add_user_list":[]}', "appchat/update"),
    ):
        assert isinstance(client.send(Channel.APPCHAT, "C", body), Sent)
        assert wecom.asked[-1].path == path
    for body in ('{"msgtype":"text"}', "no JSON"):
        assert isinstance(client.send(Channel.APPCHAT, "C", body), GiveUp)


def test_a_chat_that_is_there_already_is_the_one_that_was_asked_for(
    client: WeComClient, wecom: Platform
) -> None:
    body = '{"chatid":"C","userlist":["a","b"]}'
    wecom.answers["appchat/create"] += [errcode(86215), errcode(48002), page(500)]
    assert isinstance(client.send(Channel.APPCHAT, "C", body), Sent)
    refused = client.send(Channel.APPCHAT, "C", body)
    assert isinstance(refused, GiveUp)
    assert refused.scope is Scope.MESSAGE  # the other chats go on
    assert isinstance(client.send(Channel.APPCHAT, "C", body), Unknown)


def test_a_group_robot_needs_its_key_and_no_token(client: WeComClient, wecom: Platform) -> None:
    assert isinstance(client.send(Channel.ROBOT, "城管群", '{"msgtype":"text"}'), Sent)
    assert [asked.path for asked in wecom.asked] == ["webhook/send"]
    assert wecom.asked[0].query == {"key": ["SECRETkey"]}


def test_a_robot_without_key_is_named(client: WeComClient, wecom: Platform) -> None:
    outcome = client.send(Channel.ROBOT, "住建群", "{}")
    assert outcome == GiveUp(93000, "没有配置名为“住建群”的群机器人，请管理员补上", Scope.RECIPIENT)
    assert wecom.asked == []


@pytest.mark.parametrize(
    ("channel", "payload"),
    [(Channel.APP, "{}"), (Channel.APP, "x"), (Channel.APP, "[]"), (Channel.AIBOT, TEXT)],
)
def test_what_cannot_be_sent_is_given_up_unsent(
    client: WeComClient, wecom: Platform, channel: Channel, payload: str
) -> None:
    outcome = client.send(channel, "wang", payload)
    assert isinstance(outcome, GiveUp)
    assert outcome.scope is Scope.MESSAGE
    assert wecom.asked == []


def test_a_file_goes_up_and_a_picture_comes_down(client: WeComClient, wecom: Platform) -> None:
    wecom.answers["media/upload"] = [{"errcode": 0, "media_id": "m1", "created_at": "1"}]
    assert client.upload("file", "通报.docx", b"content") == "m1"
    assert b'name="media"' in wecom.asked[-1].body
    wecom.answers["media/get"] = [page(200, b"\xff\xd8picture")]
    assert client.download("m1") == b"\xff\xd8picture"


def test_a_file_that_cannot_be_moved_says_why(client: WeComClient, wecom: Platform) -> None:
    wecom.answers["media/upload"] = [errcode(45001), page(500), {"errcode": 0}]
    for words in ("文件过大", "HTTP 500", "（0）"):
        with pytest.raises(MediaError, match=words):
            client.upload("file", "x", b"y")
    wecom.answers["media/get"] = [errcode(40007), page(500)]
    for words in ("media_id", "HTTP 500"):
        with pytest.raises(MediaError, match=words):
            client.download("m1")


def test_a_file_needs_a_token(client: WeComClient, wecom: Platform) -> None:
    wecom.answers["gettoken"] = [errcode(60020)] * 2
    with pytest.raises(MediaError, match="可信IP"):
        client.upload("file", "x", b"y")
    with pytest.raises(MediaError, match="可信IP"):
        client.download("m1")


def test_g01_g02_no_secret_is_logged_raised_or_returned(
    sqlite_database: Database,
    wecom: Platform,
    clock: StandingClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    client = client_of(sqlite_database, wecom, clock, timeout=0.3)
    wecom.answers["message/send"] = [page(500), reset, silence, errcode(60020), page(200, b"x")]
    outcomes = [send(client) for _ in range(6)]
    outcomes.append(client.send(Channel.ROBOT, "城管群", "{}"))
    said = caplog.text + repr(outcomes) + repr(client) + repr(vars(client)["_account"])
    assert not any(secret in said for secret in SECRETS)
    client.close()


def test_one_fault_reads_the_same_each_time() -> None:
    first = say(60020, "not allow, hint: [15_28_aa], from ip: 9.30.0.1, more info at https://x?e=1")
    second = say(
        60020, "not allow, hint: [16_29_bb], from ip: 9.30.0.1, more info at https://x?e=1"
    )
    assert first == second
    assert "9.30.0.1" in first


LISTED = """
-1 6000 45033 45035 45036 301022 301064 45009 40014 42001 41001 40035 40058 40063 40008
41010 41011 41016 41033 82001 82002 82003 40032 45034 40039 40033 40001 40013 40056 40091
41002 41004 43012 45031 48001 48002 48006 48010 50001 50003 60020 60031 301002 301007
40003 40031 46004 60011 60021 60111 81013 81012 50002 60003 60123 40050 86003 86001 86008
86215 49008 44004 45002 45008 45032 82004 40201 40204 85002 40206 42014 42027 42028 42029 42030
42031 42033 42035 42036 42037 42038 42039 42040 42041 42042 42043 42044 42045 42046 42047
42049 42050 42051 40007 40145 40004 40005 40006 40009 40011 40123 44001 45001 45007
301017 301019 60140 42015 42016 42017 42018 42019 42020 82101 82102 42052 40029 42003
42022 84014 84015 93000 93001 93004 93006 93008 93019 93017 93018 93050 853000 846601
846609 846604 846605 846606 846608 846607 846610 846611 846612 846613 846614 846615 846616
846625 846697 47001 40016 40066 86201 86202 86203 86216
"""


def test_every_code_a_sender_can_meet_is_listed_with_meaning_and_fix() -> None:
    assert set(map(int, LISTED.split())) == set(ERROR_CODES)
    for known in ERROR_CODES.values():
        assert known.meaning
        assert known.fix


def test_a_code_nobody_knows_is_final_for_its_message() -> None:
    assert explain(123456).verdict is Verdict.MESSAGE
