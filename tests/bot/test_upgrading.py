"""An upgrade tries, backs up, changes and looks; whatever fails, the old version is back."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from bot.upgrading import Site, UpgradeError, upgrade
from tests.support.edge import served

# A program whose commands only write down that they were called; FAILS names those that fail.
PROGRAM = """import os, pathlib, sys
here = pathlib.Path(__file__).resolve().parent
words = " ".join(one for one in sys.argv[1:] if not one.startswith("/"))
words = words.replace(" --config", "")
log = here.parent / "log"
log.write_text((log.read_text() if log.exists() else "") + f"{here.name}: {words}\\n")
fails = (here / "fails").read_text().split(",") if (here / "fails").exists() else []
sys.exit(1 if words in fails else 0)
"""


@dataclass
class Ground:
    site: Site
    said: list[str]

    @property
    def log(self) -> list[str]:
        return (self.site.link.parent / "log").read_text().splitlines()

    def fails(self, version: str, *commands: str) -> None:
        (self.site.link.parent / version / "fails").write_text(",".join(commands))

    def upgrade(self) -> str:
        try:
            upgrade(self.site, self.said.append)
        except UpgradeError as error:
            return str(error)
        return ""


def ground(folder: Path, port: int) -> Ground:
    for version in ("1.0", "1.1"):
        (folder / version / "venv" / "bin").mkdir(parents=True)
        (folder / version / "venv" / "bin" / "python").symlink_to(sys.executable)
        (folder / version / "main.py").write_text(PROGRAM)
    (folder / "current").symlink_to("1.0")
    switch = [sys.executable, str(folder / "1.0" / "main.py")]
    site = Site(
        config=folder / "duban.toml",
        link=folder / "current",
        to="1.1",
        port=port,
        backup=folder / "before.backup",
        start=(*switch, "start"),
        stop=(*switch, "stop"),
        health_seconds=0.2,
    )
    return Ground(site, [])


@pytest.fixture(scope="module")
def healthy() -> Iterator[int]:
    app = FastAPI()
    for page in ("/readyz", "/healthz/engine"):
        app.add_api_route(page, lambda: PlainTextResponse("ok"), methods=["GET"])
    with served(app) as port:
        yield port


TRIED = ["1.1: migrate --try"]
BACKED = [*TRIED, "1.0: stop", "1.0: backup --out"]


def test_it_tries_stops_backs_up_migrates_changes_and_starts(tmp_path: Path, healthy: int) -> None:
    here = ground(tmp_path, healthy)
    assert here.upgrade() == ""
    assert here.log == [*BACKED, "1.1: migrate", "1.0: start"]
    assert (tmp_path / "current").readlink() == Path("1.1")
    assert "完成: 现在是 1.1" in here.said[-1]
    assert "已经是正在用的版本" in here.upgrade()


@pytest.mark.parametrize(
    ("fails", "log", "says"),
    [
        (("1.1", "migrate --try"), TRIED, "没有动任何东西"),
        (("1.0", "stop"), [*TRIED, "1.0: stop"], "没有动任何东西"),
        (("1.0", "backup --out"), [*BACKED, "1.0: start"], "没有升级"),
        (
            ("1.1", "migrate"),
            [*BACKED, "1.1: migrate", "1.0: stop", "1.0: migrate", "1.0: start"],
            "已退回 1.0 (已重新启动)",
        ),
    ],
)
def test_before_the_change_a_fault_leaves_everything_as_it_was(
    tmp_path: Path, healthy: int, fails: tuple[str, str], log: list[str], says: str
) -> None:
    here = ground(tmp_path, healthy)
    here.fails(*fails)
    assert says in here.upgrade()
    assert here.log == log
    assert (tmp_path / "current").readlink() == Path("1.0")


def test_what_does_not_become_healthy_goes_back_with_its_data_in_safe_mode(tmp_path: Path) -> None:
    here = ground(tmp_path, 1)
    said = here.upgrade()
    assert "已退回 1.0" in said
    assert "安全模式" in said
    assert here.log[-4:] == ["1.0: start", "1.0: stop", "1.0: restore --replace", "1.0: start"]
    assert (tmp_path / "current").readlink() == Path("1.0")


def test_where_even_the_restore_fails_the_runbook_is_named(tmp_path: Path, healthy: int) -> None:
    here = ground(tmp_path, healthy)
    here.fails("1.0", "migrate", "restore --replace")
    here.fails("1.1", "migrate")
    assert "docs/runbooks/restore.md" in here.upgrade()
    assert os.path.lexists(tmp_path / "current")
