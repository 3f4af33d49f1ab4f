"""The callback address over HTTP: official vectors pass, the threat model's cases do not."""

import base64
import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from bot.wecom.callback import Address, Door, build_app
from bot.wecom.crypto import CallbackKeys, Keyring
from bot.wecom.envelope import Form
from storage.inbox import InboxItem
from storage.states import Channel
from tests.support.edge import APP, MOMENT, ROBOT, ROBOT_SEAL, Edge, Server
from tests.support.sealing import VECTORS, Seal, envelope, text_message

SEAL = Seal()
HELLO = text_message("hello", sender="MyCreate", moment=MOMENT, message_id=77)


def first_waiting(edge: Edge) -> InboxItem:
    with edge.database.work() as work:
        item = work.inbox.next_waiting()
    assert item is not None
    return item


def target(encrypted: str, timestamp: str = str(MOMENT)) -> str:
    return f"{APP}?{SEAL.query(encrypted, timestamp)}"


@pytest.mark.parametrize("vector", VECTORS[1:], ids=lambda vector: str(vector["name"]))
def test_every_official_message_passes_through_the_address(
    edge: Edge, server: Server, vector: dict[str, str]
) -> None:
    edge.clock.now = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    keys = CallbackKeys(vector["token"], vector["encoding_aes_key"], vector["receive_id"])
    address = Address(Channel.APP, Form.XML, Keyring([keys]))
    door = Door(address, keeper=edge.keeper, clock=edge.clock, tally=edge.tally)

    async def nothing(*_: object) -> None: ...

    query = "&".join(f"{name}={vector[name]}" for name in ("msg_signature", "timestamp", "nonce"))
    body = f"<xml><Encrypt><![CDATA[{vector['encrypt']}]]></Encrypt></xml>".encode()
    server.app = build_app({"/hook": door}, nothing)
    reply = edge.request("POST", f"/hook?{query}", body)
    assert (reply.status, reply.body) == (200, b"")
    assert first_waiting(edge).envelope == vector["encrypt"].encode()


def test_a11_the_official_verification_is_answered_with_the_bare_number(edge: Edge) -> None:
    vector = VECTORS[0]
    edge.clock.now = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    start = time.perf_counter()
    reply = edge.request("GET", echo_target(vector))
    assert time.perf_counter() - start < 1
    assert (reply.status, reply.body) == (200, b"1616140317555161061")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"


def echo_target(vector: dict[str, str]) -> str:
    escaped = vector["encrypt"].replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return (
        f"{APP}?msg_signature={vector['msg_signature']}&timestamp={vector['timestamp']}"
        f"&nonce={vector['nonce']}&echostr={escaped}"
    )


def test_a11_a_verification_is_answered_once(edge: Edge) -> None:
    vector = VECTORS[0]
    edge.clock.now = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    assert edge.request("GET", echo_target(vector)).status == 200
    again = edge.request("GET", echo_target(vector))
    assert (again.status, again.body) == (403, b"")


@pytest.mark.parametrize(("minutes", "status"), [(9.99, 200), (10, 200), (10.01, 403)])
def test_a11_an_old_verification_is_refused(edge: Edge, minutes: float, status: int) -> None:
    vector = VECTORS[0]
    edge.clock.now = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    edge.clock.advance(minutes=minutes)
    assert edge.request("GET", echo_target(vector)).status == status


def test_a11_a_captured_message_is_not_read_out_as_verification(edge: Edge) -> None:
    encrypted = SEAL.encrypt(HELLO)
    vector = {
        "encrypt": encrypted,
        "timestamp": str(MOMENT),
        "nonce": "n0nce",
        "msg_signature": SEAL.sign(str(MOMENT), "n0nce", encrypted),
    }
    reply = edge.request("GET", echo_target(vector))
    assert (reply.status, reply.body) == (403, b"")


def test_a11_a_literal_plus_in_the_address_is_read_as_one(edge: Edge) -> None:
    vector = VECTORS[0]
    edge.clock.now = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    plain = echo_target(vector).replace("%2B", "+")
    assert edge.request("GET", plain).status == 200


def test_a_message_is_kept_with_its_key_sender_and_time(edge: Edge) -> None:
    assert edge.post(HELLO).status == 200
    item = first_waiting(edge)
    assert (item.key, item.sender, item.agent_id) == ("app:218:77", "mycreate", "218")
    assert item.created_at == datetime.fromtimestamp(MOMENT, UTC)
    assert item.received_at == edge.clock.now
    assert b"hello" not in (item.envelope or b"")


def test_an_event_without_number_is_kept_under_the_hash_of_its_plaintext(edge: Edge) -> None:
    event = HELLO.replace(b"<MsgId>77</MsgId>", b"")
    assert edge.post(event).status == 200
    assert first_waiting(edge).key == f"app:218:{hashlib.sha256(event).hexdigest()}"


def test_a01_a_changed_signature_changes_nothing_and_is_counted(edge: Edge) -> None:
    encrypted = SEAL.encrypt(HELLO)
    good = target(encrypted)
    at = good.index("msg_signature=") + 20
    bad = good[:at] + ("0" if good[at] != "0" else "1") + good[at + 1 :]
    reply = edge.request("POST", bad, envelope(encrypted))
    assert (reply.status, reply.body) == (403, b"")
    assert edge.waiting() == 0
    assert [turned.reason for turned in edge.tally.take()] == ["signature"]


def test_a13_no_forwarding_header_is_believed(edge: Edge) -> None:
    """Whoever was turned away stands in the audit under the address he really came from."""
    encrypted = SEAL.encrypt(HELLO)
    bad = target(encrypted).replace("msg_signature=", "msg_signature=0")
    headers = {
        "X-Forwarded-For": "101.226.103.61",
        "X-Real-IP": "101.226.103.61",
        "Forwarded": "for=101.226.103.61;proto=https;host=evil.example",
        "X-Forwarded-Proto": "https",
    }
    assert edge.request("POST", bad, envelope(encrypted), **headers).status in (400, 403)
    assert [turned.source for turned in edge.tally.take()] == ["127.0.0.1"]


BAD_QUERIES = [
    "timestamp={t}&nonce={n}",
    "msg_signature=&timestamp={t}&nonce={n}",
    "msg_signature={s}{s}&timestamp={t}&nonce={n}",
    "msg_signature=" + "a" * 5000 + "&timestamp={t}&nonce={n}",
    "msg_signature=%E7%9D%A3&timestamp={t}&nonce={n}",
    "msg_signature={s}&msg_signature=" + "0" * 40 + "&timestamp={t}&nonce={n}",
    "msg_signature=" + "0" * 40 + "&msg_signature={s}&timestamp={t}&nonce={n}",
    "msg_signature={s}&msg%5Fsignature={s}&timestamp={t}&nonce={n}",
    "msg_signature={s}&timestamp={t}&timestamp={t}&nonce={n}",
    "msg_signature={s}&timestamp={t}",
    "msg_signature={s}&timestamp={t}&nonce=",
    "msg_signature={s}&timestamp={t}&nonce={n}%00",
    "msg_signature={s}&timestamp=1{t}&nonce={n}",
    "msg_signature={s}&timestamp=%EF%BC%91&nonce={n}",
    "msg_signature={s}&timestamp={t}&nonce={n}" + "&x=1" * 20,
    "",
]


@pytest.mark.parametrize("query", BAD_QUERIES, ids=range(len(BAD_QUERIES)))
def test_a02_missing_repeated_and_misshapen_parameters_are_refused(edge: Edge, query: str) -> None:
    encrypted = SEAL.encrypt(HELLO)
    values = {"s": SEAL.sign(str(MOMENT), "n0nce", encrypted), "t": MOMENT, "n": "n0nce"}
    reply = edge.request("POST", f"{APP}?{query.format(**values)}", envelope(encrypted))
    assert (reply.status, reply.body) == (403, b"")
    assert edge.waiting() == 0


def test_other_parameters_do_not_matter(edge: Edge) -> None:
    encrypted = SEAL.encrypt(HELLO)
    assert (
        edge.request("POST", target(encrypted) + "&from=proxy&", envelope(encrypted)).status == 200
    )


def test_a03_a_hundred_replays_are_one_message(edge: Edge) -> None:
    encrypted = SEAL.encrypt(HELLO)

    def replay(_: int) -> int:
        return edge.request("POST", target(encrypted), envelope(encrypted)).status

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(replay, range(100))) == {200}
    assert edge.waiting() == 1


def test_a03_a_repeat_sealed_anew_is_the_same_message(edge: Edge) -> None:
    assert edge.post(HELLO).status == 200
    assert edge.post(HELLO, moment=MOMENT + 5).status == 200
    assert edge.waiting() == 1


def test_a04_splicing_nonce_and_timestamp_has_no_second_effect(edge: Edge) -> None:
    encrypted = SEAL.encrypt(HELLO)
    timestamp, nonce = str(MOMENT), "1372623149"
    signature = SEAL.sign(timestamp, nonce, encrypted)
    spliced = 0
    for joined in (timestamp + nonce, nonce + timestamp):
        for cut in range(len(joined) + 1):
            for pair in ((joined[:cut], joined[cut:]), (joined[cut:], joined[:cut])):
                if SEAL.sign(*pair, encrypted) != signature:
                    continue
                spliced += 1
                query = f"msg_signature={signature}&timestamp={pair[0]}&nonce={pair[1]}"
                reply = edge.request("POST", f"{APP}?{query}", envelope(encrypted))
                is_shaped = len(pair[0]) == 10 and pair[1]
                assert reply.status == (200 if is_shaped else 403)
    assert spliced > 4
    assert edge.waiting() == 1


def test_a06_a_message_for_another_corp_is_refused(edge: Edge) -> None:
    reply = edge.post(HELLO, seal=Seal(receive_id="ww0000000000000000"))
    assert (reply.status, reply.body, edge.waiting()) == (403, b"", 0)


def robot_request(seal: Seal, path: str, message: dict[str, object]) -> tuple[str, bytes]:
    encrypted = seal.encrypt(json.dumps(message).encode())
    return (
        f"{path}?{seal.query(encrypted, str(MOMENT))}",
        json.dumps({"encrypt": encrypted}).encode(),
    )


ROBOT_MESSAGE: dict[str, object] = {
    "msgid": "CAIQ16HMjQYY/NGagIOAgAMgq4KM0AI=",
    "aibotid": "AIBOT",
    "chattype": "single",
    "from": {"userid": "WangXiaoyu"},
    "msgtype": "text",
    "text": {"content": "你好"},
}


def test_a07_the_robot_is_heard_at_its_own_address_with_its_own_keys(edge: Edge) -> None:
    assert edge.request("POST", *robot_request(ROBOT_SEAL, ROBOT, ROBOT_MESSAGE)).status == 200
    assert first_waiting(edge).key == "aibot:AIBOT:CAIQ16HMjQYY/NGagIOAgAMgq4KM0AI="


def test_a07_app_and_robot_are_refused_at_each_others_address(edge: Edge) -> None:
    encrypted = SEAL.encrypt(HELLO)
    body = json.dumps({"encrypt": encrypted}).encode()
    query = SEAL.query(encrypted, str(MOMENT))
    assert edge.request("POST", f"{ROBOT}?{query}", body).status == 403
    other, body = robot_request(ROBOT_SEAL, APP, ROBOT_MESSAGE)
    assert edge.request("POST", other, body).status == 400
    encrypted = json.loads(body)["encrypt"]
    assert edge.request("POST", other, envelope(encrypted)).status == 403
    assert edge.waiting() == 0


@pytest.mark.parametrize("outer", [{"to_user": "ww0000000000000000"}, {"agent_id": "999"}])
def test_a08_outer_fields_that_contradict_the_message_are_refused(
    edge: Edge, outer: dict[str, str]
) -> None:
    encrypted = SEAL.encrypt(HELLO)
    reply = edge.request("POST", target(encrypted), envelope(encrypted, **outer))
    assert (reply.status, edge.waiting()) == (403, 0)
    assert [turned.reason for turned in edge.tally.take()] == ["address"]


def test_a09_damage_under_a_right_signature_always_looks_the_same(edge: Edge) -> None:
    raw = base64.b64decode(SEAL.encrypt(HELLO))
    damaged = [raw[:-1], raw[:-16], raw[:-31], raw[:-1] + bytes([raw[-1] ^ 1])]
    damaged += [raw[:-17] + bytes([raw[-17] ^ 1 << bit]) + raw[-16:] for bit in range(8)]
    for ciphertext in damaged:
        encrypted = base64.b64encode(ciphertext).decode()
        reply = edge.request("POST", target(encrypted), envelope(encrypted))
        assert (reply.status, reply.body) == (400, b"")
    assert edge.waiting() == 0


@pytest.mark.parametrize("junk", [" ", "\n", "!!", "\x00", "-_"])
def test_a10_junk_in_the_base64_is_refused(edge: Edge, junk: str) -> None:
    encrypted = SEAL.encrypt(HELLO)
    broken = encrypted[:8] + junk + encrypted[8:]
    assert edge.request("POST", target(broken), envelope(broken)).status == 400


@pytest.mark.parametrize(("nonce", "counts"), [("263014780", True), ("doctor1a2b", False)])
def test_the_platforms_verification_is_noted_and_our_own_question_is_not(
    edge: Edge, nonce: str, *, counts: bool
) -> None:
    echo = SEAL.encrypt(b"1616140317555161061")
    signed = SEAL.query(echo, str(MOMENT), nonce=nonce)
    vector = dict(part.split("=", 1) for part in signed.split("&")) | {"encrypt": echo}
    assert edge.request("GET", echo_target(vector)).status == 200
    assert (edge.tally.take_verified() is not None) is counts
    assert edge.tally.take_verified() is None
