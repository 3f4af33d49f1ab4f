"""A running service takes another configuration, or says why not, and answers all the while."""

import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.command_line.reload import told
from bot.demo.processes import Process
from bot.reloading import STATE, Seen, read_state
from bot.serving import free_port
from tests.bot.test_main import HOME
from tests.bot.test_main import folder as folder  # noqa: PLC0414 -- a fixture
from tests.support.program import operate


@pytest.fixture
def site(folder: Path) -> tuple[Path, int]:
    config, port = folder / "duban.toml", free_port()
    config.write_text(config.read_text("utf-8") + f"[server]\nport = {port}\n", "utf-8")
    return config, port


@pytest.fixture
def service(site: tuple[Path, int], folder: Path) -> Iterator[Process]:
    config, port = site
    command = [sys.executable, str(HOME / "main.py"), "serve", "--config", str(config)]
    process = Process("serve", command, log=folder / "out", environment={})
    process.wait_for(port, "/readyz")
    yield process
    process.stop()


@contextmanager
def asking(port: int) -> Iterator[list[int]]:
    """Somebody asks again and again, each time over a connection of its own."""
    statuses: list[int] = []
    ends = threading.Event()

    def keep_asking() -> None:
        while not ends.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/readyz")
            statuses.append(connection.getresponse().status)
            connection.close()

    thread = threading.Thread(target=keep_asking)
    thread.start()
    yield statuses
    ends.set()
    thread.join()


def replace(config: Path, old: str, new: str) -> None:
    config.write_text(config.read_text("utf-8").replace(old, new), "utf-8")


def test_a_reload_says_what_changed_refuses_what_is_wrong_and_turns_nobody_away(
    site: tuple[Path, int], service: Process, folder: Path
) -> None:
    config, port = site
    replace(config, 'name = "云溪市"', 'name = "云溪县"')
    with asking(port) as statuses:
        taken = operate("reload", "--config", str(config))
    assert taken.returncode == 0, taken.stderr
    assert "institution: 云溪市 → 云溪县" in taken.stdout
    assert set(statuses) == {200}
    (folder / "directory.toml").write_text("[[person]]", "utf-8")
    replace(config, str(HOME / "config" / "demo" / "directory.toml"), "directory.toml")
    refused = operate("reload", "--config", str(config))
    assert (refused.returncode, "仍用原来的配置" in refused.stdout) == (2, True)
    state = read_state(folder / "var" / "spool")
    assert state is not None
    assert (state.loads, state.seen.changed) == (3, ())
    assert not service.has_ended
    service.stop()
    assert read_state(folder / "var" / "spool") is None


def test_without_a_service_there_is_nothing_to_reload(site: tuple[Path, int], folder: Path) -> None:
    config, _ = site
    assert operate("reload", "--config", str(config)).returncode == 1
    spool = folder / "var" / "spool"
    spool.mkdir(parents=True)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (spool / STATE).write_text(f'{{"pid": {gone.pid}, "loads": 1, "seen": {{}}}}', "utf-8")
    assert "没有在这台机器上运行" in operate("reload", "--config", str(config)).stderr
    (spool / STATE).write_text("half a li", "utf-8")
    assert read_state(spool) is None


def test_what_is_said_of_a_reload() -> None:
    assert told(Seen())[0].startswith("配置没有改动")
    assert "要重启服务才生效" in "".join(told(Seen((), ("a",), ("port: 1 → 2",))))
