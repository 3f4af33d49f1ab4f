"""T, what people write today: Flask, wechatpy and sqlite3 in WAL, two gunicorn workers."""

import os
import sqlite3
import threading

from flask import Flask, Response, request
from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto

from tests.support.sealing import AES_KEY, CORP_ID, TOKEN

app = Flask(__name__)
_LOCAL = threading.local()


def _connection() -> sqlite3.Connection:
    found: sqlite3.Connection | None = getattr(_LOCAL, "connection", None)
    if found is None:
        found = sqlite3.connect(os.environ["USUAL_DB"], timeout=30)
        found.execute("PRAGMA journal_mode=WAL")
        found.execute("PRAGMA synchronous=FULL")
        found.execute("CREATE TABLE IF NOT EXISTS inbox (key TEXT PRIMARY KEY, sender TEXT)")
        found.commit()
        _LOCAL.connection = found
    return found


@app.post("/wecom/callback")
def callback() -> Response:
    """Open one message, keep it, answer."""
    asked = request.args
    crypto = WeChatCrypto(TOKEN, AES_KEY, CORP_ID)
    inside = crypto.decrypt_message(
        request.get_data(), asked["msg_signature"], asked["timestamp"], asked["nonce"]
    )
    message = parse_message(inside)
    connection = _connection()
    row = (str(message.id), message.source)
    connection.execute("INSERT OR IGNORE INTO inbox VALUES (?, ?)", row)
    connection.commit()
    return Response()
