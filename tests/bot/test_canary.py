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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bot.serving import free_port
from tests.support.sealing import Seal, envelope, text_message

HOME = Path(__file__).parents[2]
CORP = "wwcanary"
TOKEN = "canaryAccessTokenOfTwoHours"
CODE = "canaryOAuthCode"
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
url = "sqlite:///{folder}/duban.db"
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


def test_g01_g02_g06_no_secret_leaves_its_file_whatever_goes_wrong(tmp_path: Path) -> None:
    platform = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    threading.Thread(target=platform.serve_forever, daemon=True).start()
    for name, value in SECRETS.items():
        (tmp_path / name).write_text(value, encoding="utf-8")
        (tmp_path / name).chmod(0o600)
    port = free_port()
    directory = HOME / "config" / "demo" / "directory.toml"
    given = {"port": port, "platform": platform.server_port, "folder": tmp_path}
    (tmp_path / "duban.toml").write_text(
        CONFIG.format(directory=directory, **given), encoding="utf-8"
    )
    said = (tmp_path / "said").open("wb")
    command = [sys.executable, "main.py", "serve", "--config", str(tmp_path / "duban.toml")]
    process = subprocess.Popen(
        command, cwd=HOME, stdout=said, stderr=said, env=os.environ | {"DUBAN_LOG": "DEBUG"}
    )
    try:
        answers = _journey(port, process)
        place = Path(f"/proc/{process.pid}")
        around = [(place / name).read_bytes() for name in ("environ", "cmdline")]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        platform.shutdown()
        platform.server_close()
        said.close()
    looked_at = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    looked_at = {name: held for name, held in looked_at.items() if name not in SECRETS}
    looked_at |= {"answers": answers, "environ": around[0], "cmdline": around[1]}
    assert b"Application shutdown complete" in looked_at["said"]
    assert "duban.db" in looked_at
    canaries = (*SECRETS.values(), TOKEN, CODE)
    found = [(n, c) for n, held in looked_at.items() for c in canaries if c.encode() in held]
    assert found == []


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
    seal, now = Seal(SECRETS["token"], SECRETS["aes"], CORP), int(time.time())
    answers = b""
    for nth, words in enumerate(("帮助", "我的待办"), start=1):
        plain = text_message(words, sender="sunlei", moment=now, message_id=nth)
        encrypted = seal.encrypt(plain)
        target = f"/wecom/callback?{seal.query(encrypted, str(now))}"
        answers += ask(port, "POST", target, envelope(encrypted))
        answers += ask(port, "POST", target.replace("msg_signature=", "msg_signature=0"), b"x")
    answers += ask(port, "GET", f"/sign-in/back?code={CODE}&state=x")
    held = {"authorization": f"Bearer {SECRETS['vendor']}"}
    answers += ask(port, "POST", "/api/reports", b'{"id": 1}', **held)
    assert Failing.seen.wait(30)
    return answers
