"""Reads the outside of a callback: size, query parameters and the Encrypt value, in R2's order.

Nothing here believes anything yet: what it returns is only well-formed, not authentic.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote_to_bytes

from bot.wecom.crypto import RefusedError, Sealed
from bot.wecom.fields import MalformedError, read_json

MAX_BODY = 64 * 1024  # bytes
MAX_QUERY = 4096  # bytes
_MAX_PARAMETERS = 16
_NAMES = ("msg_signature", "timestamp", "nonce", "echostr")
_NAME = re.compile(rb"[0-9A-Za-z_]{1,64}")
_SIGNATURE = re.compile(r"[0-9a-f]{40}")
_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[0-9A-Za-z]{1,64}")
# The whole grammar: it has no document type, no entity, no attribute and no comment, so nothing
# that has one gets any further, and nothing is ever expanded.
_ELEMENT = re.compile(
    rb"[ \t\r\n]*+<(ToUserName|AgentID|Encrypt)>(?:<!\[CDATA\[([^\]<>&]*+)\]\]>|([^\]<>&]*+))</\1>"
)
_START = re.compile(rb"[ \t\r\n]*+<xml>")
_END = re.compile(rb"[ \t\r\n]*+</xml>[ \t\r\n]*+")


class Form(StrEnum):
    """How the envelope is written: XML for an app, JSON for an intelligent robot."""

    XML = "xml"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Outside:
    """The envelope: the sealed message and the outer, unsigned address (empty if absent)."""

    sealed: Sealed
    to_user: str = ""
    agent_id: str = ""


def read_message(query: bytes, body: bytes, form: Form) -> Outside:
    """Return the envelope of a POST; raises RefusedError 413, 400 or 403."""
    if len(body) > MAX_BODY:
        raise RefusedError(413, "size")
    signed = _Signed(query)
    fields = _xml(body) if form is Form.XML else _json(body)
    encrypted = fields.get(b"Encrypt", b"")
    if not encrypted or not encrypted.isascii():  # its alphabet is checked once it is authentic
        raise RefusedError(400, "envelope")
    return Outside(
        signed.seal(encrypted.decode("ascii")),
        _latin(fields.get(b"ToUserName", b"")),
        _latin(fields.get(b"AgentID", b"")),
    )


def read_verification(query: bytes) -> Sealed:
    """Return the sealed echostr of a GET; raises RefusedError 403."""
    signed = _Signed(query)
    encrypted = signed.value("echostr")
    if not encrypted or not encrypted.isascii():
        raise RefusedError(403, "echostr")
    return signed.seal(encrypted)


class _Signed:
    """The query parameters that sign, each given once and in its fixed shape."""

    def __init__(self, query: bytes) -> None:
        self._values = _parameters(query)
        self._signature = self.value("msg_signature")
        self._timestamp = self.value("timestamp")
        self._nonce = self.value("nonce")
        is_shaped = (
            _SIGNATURE.fullmatch(self._signature)
            and _TIMESTAMP.fullmatch(self._timestamp)
            and _NONCE.fullmatch(self._nonce)
        )
        # The signature covers a bare concatenation: with free shapes, one captured signature is
        # good for dozens of other pairs of timestamp and nonce (A04).
        if not is_shaped:
            raise RefusedError(403, "query")

    def value(self, name: str) -> str:
        return self._values.get(name, "")

    def seal(self, encrypted: str) -> Sealed:
        return Sealed(encrypted, self._timestamp, self._nonce, self._signature)


def _parameters(query: bytes) -> dict[str, str]:
    """The parameters we know; a repeated one is refused, whichever copy is the good one (A02)."""
    parts = query.split(b"&")
    if len(query) > MAX_QUERY or len(parts) > _MAX_PARAMETERS:
        raise RefusedError(403, "query")
    values: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition(b"=")
        if part and not _NAME.fullmatch(name):
            raise RefusedError(403, "query")
        known = name.decode("ascii") if part else ""
        if known in values:
            raise RefusedError(403, "query")
        if known in _NAMES:
            # Not unquote_plus: a plus sign of the base64 may come as it is.
            plain = unquote_to_bytes(value) if b"%" in value else value
            values[known] = plain.decode("latin-1")
    return values


def _xml(body: bytes) -> dict[bytes, bytes]:
    start = _START.match(body)
    position = start.end() if start else 0
    fields: dict[bytes, bytes] = {}
    while start and (element := _ELEMENT.match(body, position)):
        name, cdata, plain = element.groups()
        if name in fields:
            raise RefusedError(400, "envelope")
        fields[name] = cdata if cdata is not None else plain
        position = element.end()
    if not _END.fullmatch(body, position):
        raise RefusedError(400, "envelope")
    return fields


def _json(body: bytes) -> dict[bytes, bytes]:
    try:
        fields = read_json(body)
    except MalformedError:
        raise RefusedError(400, "envelope") from None
    encrypted = fields.get("encrypt")
    if not isinstance(encrypted, str) or not encrypted.isascii():
        raise RefusedError(400, "envelope")
    return {b"Encrypt": encrypted.encode()}


def _latin(value: bytes) -> str:
    return value.decode("latin-1")
