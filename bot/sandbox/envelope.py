"""The platform's own envelope: AES-256-CBC, SHA-1 signature, and the XML or JSON around it.

Written from the platform's pages (90930, 90968) with `cryptography`, apart from what the service
uses, so that a mistake shared by both sides cannot hide; the official vectors pin it.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32  # bytes; PKCS#7 to this, not to the cipher's 16
_RANDOM = 16  # bytes before the length
_HEAD = _RANDOM + 4


class BrokenEnvelopeError(Exception):
    """An envelope the platform would refuse; the text says why."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What both sides know: the token, the 43-character key, and the receiveid."""

    token: str
    aes_key: str
    receive_id: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted text with its signature."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str

    def query(self) -> dict[str, str]:
        """Return the query parameters that go with it."""
        return {
            "msg_signature": self.signature,
            "timestamp": self.timestamp,
            "nonce": self.nonce,
        }


def sign(token: str, timestamp: str, nonce: str, encrypt: str) -> str:
    """Return the platform's signature: SHA-1 over the four values, sorted and joined."""
    joined = "".join(sorted([token, timestamp, nonce, encrypt]))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


def key_bytes(aes_key: str) -> bytes:
    """Return the 32 bytes of a 43-character key."""
    # The last character may carry two bits that are not zero, so the decoder must not be strict.
    return base64.b64decode(aes_key + "=")


def padded(data: bytes) -> bytes:
    """Return data padded by PKCS#7 to a multiple of 32 bytes, always by at least one."""
    pad = _BLOCK - len(data) % _BLOCK
    return data + bytes([pad]) * pad


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = key_bytes(aes_key)
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def encrypt(keys: Keys, message: bytes, random: bytes) -> str:
    """Return the Base64 of the encrypted frame; `random` are its first 16 bytes."""
    frame = random + struct.pack(">I", len(message)) + message + keys.receive_id.encode()
    encryptor = _cipher(keys.aes_key).encryptor()
    sealed = encryptor.update(padded(frame)) + encryptor.finalize()
    return base64.b64encode(sealed).decode("ascii")


def open_frame(keys: Keys, encrypted: str) -> tuple[bytes, bytes]:
    """Return (random, message) of an encrypted text.

    Raises:
        BrokenEnvelopeError: base64, length, padding or receiveid is wrong.
    """
    try:
        raw = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BrokenEnvelopeError("-40010 base64 解码失败") from error
    if not raw or len(raw) % 16:
        raise BrokenEnvelopeError("-40008 密文长度不对")
    decryptor = _cipher(keys.aes_key).decryptor()
    plain = decryptor.update(raw) + decryptor.finalize()
    pad = plain[-1]
    if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise BrokenEnvelopeError("-40007 填充不对")
    plain = plain[:-pad]
    if len(plain) < _HEAD:
        raise BrokenEnvelopeError("-40008 明文太短")
    (length,) = struct.unpack(">I", plain[_RANDOM:_HEAD])
    if _HEAD + length > len(plain):
        raise BrokenEnvelopeError("-40008 长度字段不对")
    if plain[_HEAD + length :] != keys.receive_id.encode():
        raise BrokenEnvelopeError("-40005 receiveid 不对")
    return plain[:_RANDOM], plain[_HEAD : _HEAD + length]


def seal(keys: Keys, message: bytes, *, timestamp: int, random: bytes) -> Sealed:
    """Encrypt and sign a message; the nonce is drawn from `random` (at least 24 bytes)."""
    encrypted = encrypt(keys, message, random[:_RANDOM])
    nonce = str(int.from_bytes(random[_RANDOM : _RANDOM + 8], "big") % 10**10)
    signature = sign(keys.token, str(timestamp), nonce, encrypted)
    return Sealed(encrypted, signature, str(timestamp), nonce)


def post_xml(sealed: Sealed, *, to_user: str, agentid: int | None, encrypt_first: bool) -> bytes:
    """Return the body of an app's callback; the order of its elements varies on the platform."""
    rest = f"<ToUserName><![CDATA[{to_user}]]></ToUserName>"
    rest += "" if agentid is None else f"<AgentID><![CDATA[{agentid}]]></AgentID>"
    value = f"<Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt>"
    return f"<xml>{value + rest if encrypt_first else rest + value}</xml>".encode()


def post_json(sealed: Sealed) -> bytes:
    """Return the body of an intelligent robot's callback."""
    return json.dumps({"encrypt": sealed.encrypt}).encode()


def _element(body: str, name: str) -> str:
    found = re.search(rf"<{name}>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</{name}>", body, re.DOTALL)
    return "" if found is None else (found.group(1) or found.group(2) or "").strip()


def open_reply_xml(keys: Keys, body: bytes) -> bytes:
    """Return the plaintext of an app's passive reply (page 90241).

    Raises:
        BrokenEnvelopeError: an element is missing, or signature, padding or receiveid is wrong.
    """
    outside = body.decode("utf-8", "replace")
    sealed = Sealed(
        _element(outside, "Encrypt"),
        _element(outside, "MsgSignature"),
        _element(outside, "TimeStamp"),  # so spelt, not "Timestamp"
        _element(outside, "Nonce"),
    )
    return _open(keys, sealed)


def open_reply_json(keys: Keys, body: bytes, *, nonce: str) -> bytes:
    """Return the plaintext of an intelligent robot's reply, which must re-use the nonce (101033).

    Raises:
        BrokenEnvelopeError: as above, or the nonce is another one.
    """
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BrokenEnvelopeError("-40002 回包不是 JSON") from error
    outer = raw if isinstance(raw, dict) else {}
    names = ("encrypt", "msgsignature", "timestamp", "nonce")
    sealed = Sealed(*(str(outer.get(name, "")) for name in names))
    if sealed.nonce != nonce:
        raise BrokenEnvelopeError("回包的 nonce 应与回调的相同")
    return _open(keys, sealed)


def _open(keys: Keys, sealed: Sealed) -> bytes:
    if not sealed.encrypt:
        raise BrokenEnvelopeError("-40002 回包里没有 Encrypt")
    wanted = sign(keys.token, sealed.timestamp, sealed.nonce, sealed.encrypt)
    if not hmac.compare_digest(wanted.encode(), sealed.signature.encode()):
        raise BrokenEnvelopeError("-40001 签名不对")
    return open_frame(keys, sealed.encrypt)[1]
