"""The sandbox's crypto against the official vectors, and against wechatpy's."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.sandbox.envelope import (
    BrokenEnvelopeError,
    Keys,
    Sealed,
    encrypt,
    open_frame,
    open_reply_json,
    open_reply_xml,
    post_json,
    post_xml,
    seal,
    sign,
)
from tests.bot.sandbox.playground import AES_KEY, CORPID, TOKEN

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "wecom_vectors.json").read_text("utf-8"))
KEYS = Keys(TOKEN, AES_KEY, CORPID)
RANDOM = bytes(range(24))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_an_official_vector_is_signed_opened_and_sealed_again_to_the_byte(
    vector: dict[str, str],
) -> None:
    keys = Keys(vector["token"], vector["encoding_aes_key"], vector["receive_id"])
    random, message = open_frame(keys, vector["encrypt"])
    assert message.decode() == vector["expect_msg"]
    assert random.hex() == vector["expect_random_hex"]
    assert encrypt(keys, message, random) == vector["encrypt"]
    signed = sign(keys.token, vector["timestamp"], vector["nonce"], vector["encrypt"])
    assert signed == vector["msg_signature"]


def test_wechatpy_opens_what_the_sandbox_seals() -> None:
    sealed = seal(KEYS, "<xml>你好</xml>".encode(), timestamp=1409659813, random=RANDOM)
    body = post_xml(sealed, to_user=CORPID, agentid=1, encrypt_first=True)
    query = sealed.query()
    opened = WeChatCrypto(TOKEN, AES_KEY, CORPID).decrypt_message(
        body, query["msg_signature"], query["timestamp"], query["nonce"]
    )
    assert opened in ("<xml>你好</xml>", "<xml>你好</xml>".encode())


def test_the_sandbox_opens_what_wechatpy_seals() -> None:
    body = WeChatCrypto(TOKEN, AES_KEY, CORPID).encrypt_message("<xml>好</xml>", "n", "1409659813")
    assert open_reply_xml(KEYS, body.encode()) == "<xml>好</xml>".encode()


def _reply(sealed: Sealed, **changed: str) -> bytes:
    values = {
        "Encrypt": sealed.encrypt,
        "MsgSignature": sealed.signature,
        "TimeStamp": sealed.timestamp,
        "Nonce": sealed.nonce,
    } | changed
    return ("<xml>" + "".join(f"<{k}>{v}</{k}>" for k, v in values.items()) + "</xml>").encode()


def _sealed_raw(plain: bytes) -> str:
    """Encrypt a frame of one's own making."""
    key = base64.b64decode(AES_KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def _signed(encrypted: str) -> Sealed:
    return Sealed(encrypted, sign(TOKEN, "1", "2", encrypted), "1", "2")


@pytest.mark.parametrize(
    ("encrypted", "code"),
    [
        ("", "-40002"),
        ("***", "-40010"),
        (base64.b64encode(b"123").decode(), "-40008"),
        (_sealed_raw(bytes(31) + b"\x00"), "-40007"),
        (_sealed_raw(bytes(31) + b"\x21"), "-40007"),
        (_sealed_raw(bytes(12) + b"\x14" * 20), "-40008"),
        (_sealed_raw(bytes(16) + b"\x00\x00\x00\x09" + b"\x0c" * 12), "-40008"),
        (encrypt(Keys(TOKEN, AES_KEY, "wwother"), b"hi", bytes(16)), "-40005"),
    ],
)
def test_a_broken_reply_is_refused_with_the_librarys_code(encrypted: str, code: str) -> None:
    with pytest.raises(BrokenEnvelopeError, match=code):
        open_reply_xml(KEYS, _reply(_signed(encrypted)))


def test_a_reply_with_a_wrong_signature_is_refused() -> None:
    sealed = seal(KEYS, b"hi", timestamp=1, random=RANDOM)
    with pytest.raises(BrokenEnvelopeError, match="-40001"):
        open_reply_xml(KEYS, _reply(sealed, MsgSignature="0" * 40))


def test_a_reply_that_misspells_timestamp_is_refused() -> None:
    sealed = seal(KEYS, b"hi", timestamp=1, random=RANDOM)
    body = _reply(sealed).replace(b"TimeStamp", b"Timestamp")
    with pytest.raises(BrokenEnvelopeError, match="-40001"):
        open_reply_xml(KEYS, body)


def test_a_robots_reply_must_use_the_callbacks_nonce() -> None:
    keys = Keys(TOKEN, AES_KEY, "")
    sealed = seal(keys, b"{}", timestamp=1, random=RANDOM)
    assert json.loads(post_json(sealed)) == {"encrypt": sealed.encrypt}
    body = json.dumps(
        {
            "encrypt": sealed.encrypt,
            "msgsignature": sealed.signature,
            "timestamp": int(sealed.timestamp),
            "nonce": sealed.nonce,
        }
    ).encode()
    assert open_reply_json(keys, body, nonce=sealed.nonce) == b"{}"
    with pytest.raises(BrokenEnvelopeError, match="nonce"):
        open_reply_json(keys, body, nonce="another")
    with pytest.raises(BrokenEnvelopeError, match="-40002"):
        open_reply_json(keys, b"no json", nonce=sealed.nonce)


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 43, 44, 45, 2000])
def test_every_length_around_a_block_comes_back(length: int) -> None:
    message = b"x" * length
    assert open_frame(KEYS, encrypt(KEYS, message, RANDOM[:16])) == (RANDOM[:16], message)
