"""The real program at DEBUG, with a platform that fails: no secret leaves its file (G01, G02)."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text

from bot.serving import free_port
from storage.database import Database
from storage.engines import parse
from storage.sessions import NewSession
from storage.states import SignInWay
from storage.tables import METADATA
from tests.support.sealing import Seal, envelope, text_message

HOME = Path(__file__).parents[2]
CORP = "wwcanary"
TOKEN = "canaryAccessTokenOfTwoHours"
CODE = "canaryOAuthCode"
SESSION = "canarySessionTokenOfTheBrowser0"
PASSWORD = "canaryDatabasePassword"
SECRETS = {
    "secret": "canarySecretOfTheApp",
    "token": "canaryToken",
    "aes": "canaryAesKey" + "A" * 31,
    "audit": "canaryAuditKey" + "b" * 50,
    "robot": "canaryRobotKey-1234",
    "backup": "canaryBackupKey" + "c" * 49,
    "vendor": "canaryVendorKey" + "d" * 30,
}
CONFIG = """
[institution]
name = "云溪市"
rulebook = "city3"
directory = "{directory}"
[wecom]
corp_id = "wwcanary"
agent_id = 1000002
secret_file = "secret"
token_file = "token"
aes_key_file = "aes"
api_base = "http://127.0.0.1:{platform}"
[robots]
"市城管局" = "robot"
[database]
url_file = "database_url"
[audit]
key_file = "audit"
anchors = "{folder}/anchors.jsonl"
[backup]
key_file = "backup"
[api.sources]
"监测" = "vendor"
[server]
port = {port}
base_url = "http://127.0.0.1:{port}"
spool = "{folder}/spool"
[evidence]
folder = "{folder}/evidence"
"""


class Failing(BaseHTTPRequestHandler):
    """Gives a token, and fails at everything else in turn."""

    asked: list[str] = []  # noqa: RUF012 - what the whole test saw
    seen = threading.Event()

    def do_GET(self) -> None:
        self._answer(200, {"errcode": 0, "access_token": TOKEN, "expires_in": 7200})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.asked.append(self.path)
        if sum("message/send" in path for path in self.asked) > 1:
            self.seen.set()
        wrong = len(self.asked) % 3
        self._answer((500, 200, 200)[wrong], ({}, {"errcode": 42001}, {"errcode": -1})[wrong])

    def _answer(self, status: int, body: Mapping[str, object]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def ask(port: int, method: str, target: str, body: bytes = b"", **headers: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        return str(answer.getheaders()).encode() + answer.read()
    finally:
        connection.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database, that of PostgreSQL with a password in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/duban.db"
    made: Database = request.getfixturevalue("postgres_database")
    return made.url.replace("//duban@", f"//duban:{PASSWORD}@")


def write_configuration(folder: Path, address: str, platform: int) -> int:
    """Write it with its secrets; return the port the service is to answer at."""
    for name, value in (SECRETS | {"database_url": address}).items():
        (folder / name).write_text(value, encoding="utf-8")
        (folder / name).chmod(0o600)
    port = free_port()
    directory = HOME / "config" / "demo" / "directory.toml"
    given = {"port": port, "platform": platform, "folder": folder}
    text = CONFIG.format(directory=directory, **given)
    (folder / "duban.toml").write_text(text, encoding="utf-8")
    return port


def test_g01_g02_g06_no_secret_leaves_its_file_whatever_goes_wrong(
    tmp_path: Path, address: str
) -> None:
    platform = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    threading.Thread(target=platform.serve_forever, daemon=True).start()
    Failing.seen.clear()
    port = write_configuration(tmp_path, address, platform.server_port)
    said = (tmp_path / "said").open("wb")
    command = [sys.executable, "main.py", "serve", "--config", str(tmp_path / "duban.toml")]
    process = subprocess.Popen(
        command, cwd=HOME, stdout=said, stderr=said, env=os.environ | {"DUBAN_LOG": "DEBUG"}
    )
    engine = create_engine(parse(address))
    try:
        answers = _journey(port, process) + _signed_in(port, address)
        kept = _everything(engine)
        _break(engine, port, tmp_path / "said")
        place = Path(f"/proc/{process.pid}")
        around = [(place / name).read_bytes() for name in ("environ", "cmdline")]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        _mend(engine)
        platform.shutdown()
        platform.server_close()
        said.close()
    looked_at = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    looked_at = {n: held for n, held in looked_at.items() if n not in {*SECRETS, "database_url"}}
    looked_at |= {"answers": answers, "environ": around[0], "cmdline": around[1], "tables": kept}
    assert b"Application shutdown complete" in looked_at["said"]
    assert b"Traceback" in looked_at["said"]
    assert b"board_session" in kept
    assert _canaries_in(looked_at) == []


def _canaries_in(looked_at: Mapping[str, bytes]) -> list[tuple[str, str]]:
    canaries = (*SECRETS.values(), TOKEN, CODE, SESSION, PASSWORD)
    return [(n, c) for n, held in looked_at.items() for c in canaries if c.encode() in held]


def _signed_in(port: int, address: str) -> bytes:
    """Look at pages and press a button with a session, rightly and wrongly; every answer."""
    database = Database(address, audit_key=SECRETS["audit"].encode())
    with closing(database), database.work() as work:
        new = NewSession(SESSION, "admin", SignInWay.LINK, "x", datetime.now(UTC))
        work.sessions.begin(new)
    held = {"cookie": f"duban={SESSION}", "origin": f"http://127.0.0.1:{port}"}
    pages = ("/board", "/sessions", "/admin/doors", "/admin/audit", f"/search?q={SESSION[:4]}")
    answers = b"".join(ask(port, "GET", page, b"", **held) for page in pages)
    held["content-type"] = "application/x-www-form-urlencoded"
    return answers + ask(port, "POST", "/export", b"csrf=wrong&list=board", **held)


def _everything(engine: Engine) -> bytes:
    """All rows of all tables, as text."""
    with engine.connect() as connection:
        rows = {one.name: connection.execute(select(one)).all() for one in METADATA.sorted_tables}
    return str(rows).encode()


def _break(engine: Engine, port: int, said: Path) -> None:
    """Take a table away and speak: whoever needs it raises, and that is logged."""
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE case_file RENAME TO taken_away"))
    _say(port, "查 001", 9)
    pause, ends = threading.Event(), time.monotonic() + 30
    while b"Traceback" not in said.read_bytes() and time.monotonic() < ends:
        pause.wait(0.1)


def _mend(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE taken_away RENAME TO case_file"))
    engine.dispose()


def _say(port: int, words: str, nth: int) -> bytes:
    seal, now = Seal(SECRETS["token"], SECRETS["aes"], CORP), int(time.time())
    encrypted = seal.encrypt(text_message(words, sender="sunlei", moment=now, message_id=nth))
    target = f"/wecom/callback?{seal.query(encrypted, str(now))}"
    return ask(port, "POST", target, envelope(encrypted)) + ask(
        port, "POST", target.replace("msg_signature=", "msg_signature=0"), b"x"
    )


def _journey(port: int, process: subprocess.Popen[bytes]) -> bytes:
    """Wait for the service, speak, sign in wrongly, report; return every answer."""
    pause = threading.Event()
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        try:
            ask(port, "GET", "/healthz")
            break
        except OSError:
            pause.wait(0.1)
    answers = b""
    for nth, words in enumerate(("帮助", "我的待办"), start=1):
        answers += _say(port, words, nth)
    answers += ask(port, "GET", f"/sign-in/back?code={CODE}&state=x")
    held = {"authorization": f"Bearer {SECRETS['vendor']}"}
    answers += ask(port, "POST", "/api/reports", b'{"id": 1}', **held)
    assert Failing.seen.wait(30)
    return answers
