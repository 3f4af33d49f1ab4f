"""Starts and stops the service and the sandbox as processes of their own, and waits for them."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from bot.demo.stage import Stage

_START_SECONDS = 60.0
_STOP_SECONDS = 15.0
_LOOK_SECONDS = 0.05


class NotRunningError(Exception):
    """A process did not come up or did not answer; the text says which, with its last words."""


class Process:
    """One process, ended by its own id."""

    def __init__(
        self, name: str, command: list[str], *, log: Path, environment: Mapping[str, str]
    ) -> None:
        self._name = name
        self._log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **environment}
            )

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end; kill it if it does not."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    @property
    def pid(self) -> int:
        """The number the system knows it by."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it runs no more."""
        return self._process.poll() is not None

    def wait_for(self, port: int, path: str) -> None:
        """Wait until it answers 200.

        Raises:
            NotRunningError: it ended, or did not answer within a minute.
        """
        ends = time.monotonic() + _START_SECONDS
        while time.monotonic() < ends:
            if self.has_ended:
                break
            if is_answering(port, path):
                return
            pause(_LOOK_SECONDS)
        last = self._log.read_text(encoding="utf-8", errors="replace")[-1500:]
        raise NotRunningError(f"{self._name} 没有起来:\n{last}")


def pause(seconds: float) -> None:
    """Wait a moment for another process; nothing inside this one ever needs to."""
    threading.Event().wait(seconds)


def is_answering(port: int, path: str) -> bool:
    """Whether something answers 200 there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def ask(port: int, method: str, path: str, body: object = None) -> dict[str, object]:
    """Exchange JSON with a process on this machine.

    Raises:
        NotRunningError: it does not answer, or not in JSON.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        connection.request(method, path, content, {"content-type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status >= http.client.BAD_REQUEST:
            raise NotRunningError(f"{method} {path}: {answer.status} {text[:300]}")
        found: dict[str, object] = json.loads(text)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotRunningError(f"{method} {path}: {error}") from error
    finally:
        connection.close()
    return found


def start_sandbox(stage: Stage) -> Process:
    """Start the sandbox and wait for it."""
    command = [sys.executable, "-m", "bot.sandbox", "--config", str(stage.corp)]
    command += ["--port", str(stage.sandbox_port), "--log", str(stage.log)]
    process = Process("沙盒", command, log=stage.folder / "sandbox.out", environment={})
    process.wait_for(stage.sandbox_port, "/")
    return process


def start_service(
    stage: Stage, program: Path, environment: Mapping[str, str] | None = None
) -> Process:
    """Start the service and wait until it can take callbacks."""
    command = [sys.executable, str(program), "serve", "--config", str(stage.config)]
    process = Process(
        "督办", command, log=stage.folder / "service.out", environment=environment or {}
    )
    process.wait_for(stage.service_port, "/readyz")
    return process
