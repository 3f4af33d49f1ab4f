"""The servers that are fired at, each a process of its own: ours, and what others would write.

`python -m bench.speed.servers KIND PORT FOLDER [URL]`; KIND is one of `SERVERS`.
"""

import os
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response
from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.asgi import Receive, Scope, Send
from bot.serving import build_server
from bot.wecom.callback import Address, Door, build_app
from bot.wecom.envelope import Form
from bot.wecom.keeper import Keeper
from bot.wecom.lifeboat import Lifeboat
from bot.wecom.tally import Tally
from storage.database import Database
from storage.states import Channel
from tests.support.edge import APP, keyrings
from tests.support.sealing import AES_KEY, CORP_ID, TOKEN

SERVERS = ("ours", "w", "w_commit")


def ours(port: int, folder: Path, url: str) -> None:
    """The door and the keeper of the product; no worker, so that keeping alone is measured."""
    database = Database(url or f"sqlite:///{folder}/duban.db", audit_key=b"bench")
    database.upgrade()
    lifeboat = Lifeboat(folder / "lifeboat")
    keeper = Keeper(database, lifeboat)
    keeper.start()
    address = Address(Channel.APP, Form.XML, keyrings()[Channel.APP])
    door = Door(address, keeper=keeper, clock=lambda: datetime.now(UTC), tally=Tally())
    rest = FastAPI()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await build_app({APP: door}, rest)(scope, receive, send)

    build_server(app, host="127.0.0.1", port=port).run()


def _opened(body: bytes, signature: str, timestamp: str, nonce: str) -> tuple[str, str]:
    crypto = WeChatCrypto(TOKEN, AES_KEY, CORP_ID)
    message = parse_message(crypto.decrypt_message(body, signature, timestamp, nonce))
    return str(message.id), str(message.source)


def w(port: int, _folder: Path, _url: str) -> None:
    """W: FastAPI and wechatpy decrypt and parse; nothing is kept."""
    app = FastAPI()

    @app.post(APP)
    async def callback(
        request: Request, msg_signature: str, timestamp: str, nonce: str
    ) -> Response:
        _opened(await request.body(), msg_signature, timestamp, nonce)
        return Response()

    _run(app, port)


def w_commit(port: int, folder: Path, _url: str) -> None:
    """W that keeps: one durable commit per request, in a `def` route's thread."""
    app = FastAPI()
    keep = _commits(folder / "each.db")

    @app.post(APP)
    async def callback(
        request: Request, msg_signature: str, timestamp: str, nonce: str
    ) -> Response:
        key, sender = _opened(await request.body(), msg_signature, timestamp, nonce)
        keep(key, sender)
        return Response()

    _run(app, port)


def _commits(path: Path) -> Callable[[str, str], None]:
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE inbox (key TEXT PRIMARY KEY, sender TEXT)")
    connection.commit()

    def keep(key: str, sender: str) -> None:
        connection.execute("INSERT OR IGNORE INTO inbox VALUES (?, ?)", (key, sender))
        connection.commit()

    return keep


def _run(app: FastAPI, port: int) -> None:
    uvicorn.run(app, host="127.0.0.1", port=port, http="httptools", access_log=False)


if __name__ == "__main__":
    kind, wanted, place = sys.argv[1:4]
    given = sys.argv[4] if len(sys.argv) > 4 else ""
    sys.stderr.write(f"{kind} {os.getpid()}\n")
    {"ours": ours, "w": w, "w_commit": w_commit}[kind](int(wanted), Path(place), given)
