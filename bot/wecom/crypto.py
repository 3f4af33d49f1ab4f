"""Opens what WeCom signed and encrypted; the only file that knows wechatpy."""

import binascii
import hashlib
import hmac
import os
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto

_TOKEN_SHAPE = re.compile(r"[0-9A-Za-z]{1,32}")
_KEY_SHAPE = re.compile(r"[0-9A-Za-z]{43}")
_AES_BLOCK = 16
_PADDING_BLOCK = 32  # PKCS#7 to 32 bytes, not to the cipher's 16 (platform page 90968)
_HEAD = 20  # 16 random bytes and the length of the message


class RefusedError(Exception):
    """A callback that is not WeCom's, not for us, or not in order.

    `status` is all that the caller is told; `reason` is for our own counters.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CallbackKeys:
    """What the console shows for one callback address.

    `receive_id` is the CorpID for an app and empty for an intelligent robot. Raises ValueError,
    in words for the operator, if a value cannot be right.
    """

    token: str = field(repr=False)
    encoding_aes_key: str = field(repr=False)
    receive_id: str

    def __post_init__(self) -> None:
        """Refuse what cannot be right while the operator is still there to mend it."""
        if not _TOKEN_SHAPE.fullmatch(self.token):
            raise ValueError("回调 Token 应为 1 至 32 位字母或数字, 请到管理后台“接收消息”页核对")
        if not _KEY_SHAPE.fullmatch(self.encoding_aes_key):
            raise ValueError("EncodingAESKey 应为 43 位字母或数字, 请到管理后台“接收消息”页核对")


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted callback as it came: the Encrypt value and what signs it."""

    encrypted: str
    timestamp: str
    nonce: str
    signature: str


class Opener:
    """Checks and opens callbacks with one pair of Token and EncodingAESKey."""

    def __init__(self, keys: CallbackKeys) -> None:
        known = WeChatCrypto(keys.token, keys.encoding_aes_key, keys.receive_id)
        self._token = keys.token
        self._receive_id = keys.receive_id.encode()
        # wechatpy's own decrypt_message compares signatures with !=, ignores junk in base64 and
        # never looks at the padding, so we take its cipher and do the checks around it ourselves.
        self._cipher = PrpCrypto(known.key).cipher

    def is_signed(self, sealed: Sealed) -> bool:
        """Whether the signature is ours, compared in constant time."""
        expected = self._sign(sealed.timestamp, sealed.nonce, sealed.encrypted)
        return hmac.compare_digest(expected.encode(), sealed.signature.encode())

    def seal(self, message: bytes, *, timestamp: str, nonce: str) -> Sealed:
        """Seal a message as the platform does: an answer to a callback, or what a socket brought.

        An answer to an intelligent robot's callback must carry the callback's own nonce.
        """
        plain = os.urandom(16) + struct.pack(">I", len(message)) + message + self._receive_id
        count = _PADDING_BLOCK - len(plain) % _PADDING_BLOCK
        sealed = bytes(self._cipher.encrypt(plain + bytes([count]) * count))
        encrypted = binascii.b2a_base64(sealed, newline=False).decode()
        return Sealed(encrypted, timestamp, nonce, self._sign(timestamp, nonce, encrypted))

    def _sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        parts = sorted((self._token, timestamp, nonce, encrypted))
        return hashlib.sha1("".join(parts).encode()).hexdigest()  # noqa: S324  the platform's choice

    def decrypt(self, encrypted: str) -> bytes:
        """Return the message inside; raises RefusedError (400 broken, 403 for somebody else)."""
        try:
            raw = binascii.a2b_base64(encrypted, strict_mode=True)
        except ValueError:  # binascii.Error too: junk, padding missing or misplaced
            raise RefusedError(400, "base64") from None
        if not raw or len(raw) % _AES_BLOCK:
            raise RefusedError(400, "length")
        message, receive_id = _unpack(bytes(self._cipher.decrypt(raw)))
        if not hmac.compare_digest(receive_id, self._receive_id):
            raise RefusedError(403, "receive_id")
        return message


class Keyring:
    """Opens with the pair in force or, while a new one is being introduced, with the old one."""

    def __init__(self, pairs: Sequence[CallbackKeys]) -> None:
        if not pairs:
            raise ValueError("至少需要一组回调 Token 和 EncodingAESKey")
        self._openers = tuple(Opener(keys) for keys in pairs)

    def open(self, sealed: Sealed) -> bytes:
        """Return the message inside; raises RefusedError."""
        for opener in self._openers:
            if opener.is_signed(sealed):
                return opener.decrypt(sealed.encrypted)
        raise RefusedError(403, "signature")

    def seal(self, message: bytes, *, timestamp: str, nonce: str) -> Sealed:
        """Seal a message with the pair in force."""
        return self._openers[0].seal(message, timestamp=timestamp, nonce=nonce)


def _unpack(padded: bytes) -> tuple[bytes, bytes]:
    """Split into message and receiveid; every fault is the same refusal (no padding oracle)."""
    count = padded[-1]
    is_padded = 1 <= count <= _PADDING_BLOCK and padded.endswith(bytes([count]) * count)
    plain = padded[:-count] if is_padded else b""
    if len(plain) < _HEAD:
        raise RefusedError(400, "plaintext")
    (length,) = struct.unpack_from(">I", plain, 16)
    end = _HEAD + length
    if end > len(plain):
        raise RefusedError(400, "plaintext")
    return plain[_HEAD:end], plain[end:]


def decrypt_file(content: bytes, encoding_aes_key: str) -> bytes:
    """Return a file that somebody showed to a robot: the bare bytes, padded to 32 (page 100719).

    Raises RefusedError.
    """
    if not _KEY_SHAPE.fullmatch(encoding_aes_key):
        raise RefusedError(400, "key")
    if not content or len(content) % _AES_BLOCK:
        raise RefusedError(400, "length")
    key = binascii.a2b_base64(encoding_aes_key + "=")
    padded = bytes(PrpCrypto(key).cipher.decrypt(content))
    count = padded[-1]
    if not (1 <= count <= _PADDING_BLOCK and padded.endswith(bytes([count]) * count)):
        raise RefusedError(400, "padding")
    return padded[:-count]
