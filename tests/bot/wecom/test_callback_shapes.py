"""The callback address and what is no callback: too long, too deep, of another form."""

import hashlib
import socket
import time

import pytest

from storage.inbox import InboxItem
from tests.support.edge import APP, MOMENT, Edge
from tests.support.sealing import CORP_ID, Seal, text_message

SEAL = Seal()
HELLO = text_message("hello", sender="MyCreate", moment=MOMENT, message_id=77)


def first_waiting(edge: Edge) -> InboxItem:
    with edge.database.work() as work:
        item = work.inbox.next_waiting()
    assert item is not None
    return item


def target(encrypted: str, timestamp: str = str(MOMENT)) -> str:
    return f"{APP}?{SEAL.query(encrypted, timestamp)}"


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>',
        b'<!doctype x SYSTEM "http://127.0.0.1:9/"><xml></xml>',
        b"<xml><Encrypt>AAAA</Encrypt><!ENTITY x 'y'></xml>",
    ],
)
def test_b01_document_types_and_entities_are_refused_unread(edge: Edge, body: bytes) -> None:
    assert edge.request("POST", target("AAAA"), body).status == 400


def test_b02_the_billion_laughs_are_not_even_begun(edge: Edge) -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    body = f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><xml><Encrypt>&l8;</Encrypt></xml>'
    start = time.perf_counter()
    assert edge.request("POST", target("AAAA"), body.encode()).status == 400
    assert time.perf_counter() - start < 0.5


def test_b03_the_same_inside_is_kept_unread_for_the_quarantine(edge: Edge) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY l0 "ha">]>' + HELLO
    assert edge.post(bomb).status == 200
    item = first_waiting(edge)
    assert (item.sender, item.key) == ("", f"app::{hashlib.sha256(bomb).hexdigest()}")


@pytest.mark.parametrize(("size", "status"), [(65_535, 400), (65_536, 400), (65_537, 413)])
def test_b04_a_body_over_64_kb_is_refused(edge: Edge, size: int, status: int) -> None:
    assert edge.request("POST", target("AAAA"), b"x" * size).status == status


def raw_exchange(edge: Edge, head: bytes, chunk: bytes, times: int) -> tuple[bytes, int]:
    """Send a head and then chunks until the other side has had enough."""
    with socket.create_connection(("127.0.0.1", edge.port), timeout=5) as wire:
        wire.sendall(head)
        sent = 0
        try:
            for _ in range(times):
                wire.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass
        try:
            return wire.recv(4096), sent
        except OSError:
            return b"", sent


def test_b04_a_declared_hundred_megabytes_are_refused_before_they_come(edge: Edge) -> None:
    head = f"POST {target('AAAA')} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n"
    answer, _ = raw_exchange(edge, head.encode(), b"", 0)
    assert answer.startswith(b"HTTP/1.1 413")


def test_b04_endless_chunks_are_cut_off(edge: Edge) -> None:
    head = f"POST {target('AAAA')} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    answer, sent = raw_exchange(edge, head.encode(), chunk, 1600)
    assert sent < 100_000_000
    assert answer[:12] in (b"HTTP/1.1 413", b"")  # the answer may be lost with the connection
    assert edge.say("still there").status == 200


def test_b04_more_body_than_declared_is_another_request_and_no_part_of_this(edge: Edge) -> None:
    head = f"POST {target('AAAA')} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
    answer, _ = raw_exchange(edge, head.encode(), b"x" * 65_536, 10)
    assert answer[:12] in (b"HTTP/1.1 400", b"")
    assert edge.waiting() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml></xml>",
        b"<xml><Encrypt>AAAA</Encrypt><Encrypt>AAAA</Encrypt></xml>",
        b"<xml><Encrypt a='1'>AAAA</Encrypt></xml>",
        b"<xml><Encrypt><b>AAAA</b></Encrypt></xml>",
        b"<xml><!-- x --><Encrypt>AAAA</Encrypt></xml>",
        b"<xml><Other>1</Other><Encrypt>AAAA</Encrypt></xml>",
        b"<xml><Encrypt>AAAA</Encrypt></xml>x",
        b"\xef\xbb\xbf<xml><Encrypt>AAAA</Encrypt></xml>",
        "<xml><Encrypt>AAAA</Encrypt></xml>".encode("utf-16"),
        b"<a>" * 20_000,
        b"{" * 60_000,
    ],
    ids=range(12),
)
def test_b05_b06_an_envelope_of_another_shape_is_refused(edge: Edge, body: bytes) -> None:
    assert edge.request("POST", target("AAAA"), body).status == 400


def test_the_envelope_may_come_in_any_order_with_or_without_cdata(edge: Edge) -> None:
    encrypted = SEAL.encrypt(HELLO)
    body = (
        f"\n<xml>\n <Encrypt>{encrypted}</Encrypt>\n<AgentID>218</AgentID>"
        f"<ToUserName>{CORP_ID}</ToUserName>\n</xml>\n"
    )
    assert edge.request("POST", target(encrypted), body.encode()).status == 200


@pytest.mark.parametrize(
    "moment", ["-1", "0", "1" + "0" * 15, "9" * 5000, "NaN", "\uff11\uff17\uff16", ""]
)
def test_b07_a_senseless_createtime_is_kept_without_a_trace(edge: Edge, moment: str) -> None:
    strange = HELLO.replace(str(MOMENT).encode(), moment.encode())
    assert edge.post(strange).status == 200
    assert edge.waiting() == 1


@pytest.mark.parametrize(
    "words", ["长" * 15_000, "\n" * 40_000, "a" + "\u0301" * 10_000, "👨‍👩‍👧" * 2_000]
)
def test_b08_long_texts_are_kept_quickly(edge: Edge, words: str) -> None:
    start = time.perf_counter()
    assert edge.say(words).status == 200
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "TRACE", "OPTIONS"])
def test_other_methods_are_refused(edge: Edge, method: str) -> None:
    assert edge.request(method, APP).status == 405


def test_what_is_not_a_callback_goes_to_the_framework(edge: Edge) -> None:
    assert edge.request("GET", "/elsewhere").status == 404


def test_refusals_are_counted_by_reason(edge: Edge) -> None:
    for _ in range(3):
        edge.request("POST", APP, b"")
    edge.say("good")
    assert edge.tally.totals() == {"query": 3, "kept": 1}
    (turned,) = edge.tally.take()
    assert (turned.reason, turned.count, turned.source) == ("query", 3, "127.0.0.1")
    assert edge.tally.take() == []
