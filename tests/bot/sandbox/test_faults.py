"""The fault script: each fault does what its name says, and only to whom it is meant for."""

import httpx
import pytest

from bot.sandbox.faults import BadFaultError, FaultKind, FaultScript, read_fault, read_rule
from tests.bot.sandbox.playground import Playground


def _patient(corp: Playground, seconds: float) -> None:
    corp.client.timeout = httpx.Timeout(seconds)


def test_a_server_error_carries_nothing_out(corp: Playground) -> None:
    corp.fault("http500", match="message/send")
    query = {"access_token": corp.token()}
    assert corp.client.post("/cgi-bin/message/send", params=query, json={}).status_code == 500
    (line,) = corp.log("message/send")
    assert (line["fault"], line["http"], line["visible"]) == ("http500", 500, False)
    assert corp.send()["errcode"] == 0


@pytest.mark.parametrize(("fault", "seen"), [("timeout_before", 0), ("execute_and_timeout", 1)])
def test_a_time_out_may_come_before_or_after_the_deed(
    corp: Playground, fault: str, seen: int
) -> None:
    corp.token()
    corp.fault(fault, match="message/send")
    _patient(corp, 0.1)
    with pytest.raises(httpx.ReadTimeout):
        corp.send()
    assert len(corp.seen_by("lisi")) == seen
    (line,) = corp.log("message/send")
    assert (line["fault"], line["http"], line["visible"]) == (fault, None, seen == 1)
    assert line["touser"] == ["lisi"]


def test_a_reset_comes_after_the_headers_and_after_the_deed(corp: Playground) -> None:
    corp.fault("rst_after_headers", match="message/send")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        corp.send()
    assert len(corp.seen_by("lisi")) == 1


def test_a_slow_answer_is_still_an_answer(corp: Playground) -> None:
    corp.token()
    corp.fault("slow:0.15", match="message/send")
    _patient(corp, 0.05)
    with pytest.raises(httpx.ReadTimeout):
        corp.send()
    corp.fault("slow:0.05", match="message/send")
    _patient(corp, 5)
    assert corp.send()["errcode"] == 0
    assert len(corp.seen_by("lisi")) == 2


@pytest.mark.parametrize(("fault", "seen"), [("bad_json", 1), ("html_page", 0)])
def test_an_answer_may_be_no_json(corp: Playground, fault: str, seen: int) -> None:
    corp.fault(fault, match="message/send")
    with pytest.raises(ValueError, match=r"(Expecting|Unterminated|Invalid)"):
        corp.send()
    assert len(corp.seen_by("lisi")) == seen


@pytest.mark.parametrize("errcode", [-1, 40014, 42001, 45009, 45033, 48002, 60020, 81013, 40058])
def test_any_errcode_can_be_answered(corp: Playground, errcode: int) -> None:
    corp.fault(f"errcode:{errcode}", match="message/send")
    assert corp.send()["errcode"] == errcode
    assert corp.seen_by("lisi") == []


def test_the_last_recipient_may_be_invalid(corp: Playground) -> None:
    corp.fault("partial_invaliduser", match="message/send")
    assert corp.send("lisi|wangwu")["invaliduser"] == "wangwu"
    assert corp.log("message/send")[0]["shown_to"] == ["lisi"]


def test_a_token_may_end_early(corp: Playground) -> None:
    corp.fault("token_revoked_early", match="message/send")
    assert corp.send()["errcode"] == 40014
    assert corp.send()["errcode"] == 0


def test_a_message_may_be_dropped_without_a_word(corp: Playground) -> None:
    corp.fault("silent_drop", match="lisi")
    corp.fault("silent_drop", match="webhook/send")
    assert corp.send()["errcode"] == 0
    assert corp.robot({"msgtype": "text", "text": {"content": "好"}})["errcode"] == 0
    assert corp.seen_by("lisi") == []
    drops = [(one["drop"], one["visible"]) for one in corp.log() if one["drop"]]
    assert drops == [("silent_drop", False)] * 2


def test_an_app_chat_can_be_spoilt_too(corp: Playground) -> None:
    members = ["lisi", "wangwu"]
    corp.post("appchat/create", {"userlist": members, "chatid": "c1", "name": "群"})
    corp.fault("silent_drop", match="appchat/send")
    body = {"chatid": "c1", "msgtype": "text", "text": {"content": "好"}}
    assert corp.post("appchat/send", body)["errcode"] == 0
    assert corp.seen_by("lisi") == []


def test_a_rule_waits_for_its_turn_and_then_counts(corp: Playground) -> None:
    corp.fault("errcode:-1", match="message/send", nth=2, times=2)
    assert [corp.send()["errcode"] for _ in range(4)] == [0, -1, -1, 0]


def test_zero_times_means_until_it_is_removed(corp: Playground) -> None:
    corp.fault("errcode:-1", times=0)
    assert [corp.get("user/get", access_token="x")["errcode"] for _ in range(3)] == [-1] * 3
    assert corp.control("faults", rules=[]) == {"rules": []}
    assert corp.send()["errcode"] == 0


def test_every_fault_is_explained_on_the_page(corp: Playground) -> None:
    known = corp.client.get("/sandbox/faults").json()["known"]
    assert {one["fault"] for one in known} == {str(kind) for kind in FaultKind}


@pytest.mark.parametrize(
    "written", ["", "nonsense", "slow", "slow:0", "slow:601", "slow:x", "errcode", "errcode:1.5"]
)
def test_a_fault_that_cannot_be_meant_is_refused(written: str) -> None:
    with pytest.raises(BadFaultError):
        read_fault(written)


def test_counts_below_their_least_are_refused(corp: Playground) -> None:
    for wrong in ({"nth": 0}, {"times": -1}):
        with pytest.raises(BadFaultError):
            read_rule({"fault": "http500", **wrong})
    assert corp.refused("faults", fault="nonsense")[0] == 400


def test_a_rule_may_name_the_api_as_an_object() -> None:
    assert read_rule({"fault": "http500", "match": {"api": "gettoken"}}).match == "gettoken"


def test_faults_of_callbacks_leave_requests_alone() -> None:
    script = FaultScript([{"fault": "callback_lost"}, {"fault": "http500"}])
    assert str(script.for_request(["message/send"])) == "http500"
    assert str(script.for_callback(["callback"])) == "callback_lost"
