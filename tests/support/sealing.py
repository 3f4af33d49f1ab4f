"""WeCom's side of the encryption for the tests, written apart from the bot's."""

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CORP_ID = "wx5823bf96d3bd56c7"
VECTORS = json.loads((Path(__file__).parents[1] / "data" / "wecom_vectors.json").read_text())


@dataclass(frozen=True, slots=True)
class Seal:
    """What seals: the values of one callback address."""

    token: str = TOKEN
    aes_key: str = AES_KEY
    receive_id: str = CORP_ID

    def sign(self, timestamp: str, nonce: str, encrypted: str) -> str:
        joined = "".join(sorted([self.token, timestamp, nonce, encrypted]))
        return hashlib.sha1(joined.encode()).hexdigest()

    def encrypt(self, message: bytes) -> str:
        plain = os.urandom(16) + struct.pack(">I", len(message)) + message
        plain += self.receive_id.encode()
        count = 32 - len(plain) % 32
        return self.encrypt_raw(plain + bytes([count]) * count)

    def encrypt_raw(self, padded: bytes) -> str:
        key = base64.b64decode(self.aes_key + "=")
        encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def query(self, encrypted: str, timestamp: str, nonce: str = "n0nce") -> str:
        signature = self.sign(timestamp, nonce, encrypted)
        return f"msg_signature={signature}&timestamp={timestamp}&nonce={nonce}"


def envelope(encrypted: str, *, to_user: str = CORP_ID, agent_id: str = "218") -> bytes:
    """The outer XML of a POST."""
    return (
        f"<xml><ToUserName><![CDATA[{to_user}]]></ToUserName>"
        f"<AgentID><![CDATA[{agent_id}]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    ).encode()


def text_message(content: str, *, sender: str, moment: int, message_id: int) -> bytes:
    """The inner XML of a text message."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName>"
        f"<FromUserName><![CDATA[{sender}]]></FromUserName><CreateTime>{moment}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>"
        f"<MsgId>{message_id}</MsgId><AgentID>218</AgentID></xml>"
    ).encode()
