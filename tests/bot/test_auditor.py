"""The auditor finds what is late and tells it by a command; also as a process of its own."""

import hashlib
import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.auditor import Auditor, Fault, Watched
from bot.demo.stage import Stage, set_stage
from config.directory import load_directory
from storage.database import Database
from storage.settings import LAST_BEAT
from storage.states import SubjectType
from storage.timers import NewTimer
from tests.storage.builders import heard, message
from tests.support.program import Ended, operate

HOME = Path(__file__).parents[2]
DIRECTORY = HOME / "config" / "demo" / "directory.toml"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
# Writes what it is told as one JSON line, as the program that sends an SMS would take it.
_WRITES = "import json,sys; print(json.dumps(sys.argv[2:]), file=open(sys.argv[1],'a'))"


class Hands:
    """The clocks of a test, moved by hand."""

    def __init__(self) -> None:
        self.now = NOW
        self.seconds = 0.0

    def wall(self) -> datetime:
        return self.now

    def steady(self) -> float:
        return self.seconds

    def pass_(self, seconds: float, *, jump: float = 0.0) -> None:
        self.seconds += seconds
        self.now += timedelta(seconds=seconds + jump)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes.jsonl"


@pytest.fixture
def watched(sqlite_database: Database, hands: Hands, notes: Path) -> Watched:
    return watching(sqlite_database, hands, notes)


def watching(database: Database, hands: Hands, notes: Path) -> Watched:
    command = (sys.executable, "-c", _WRITES, str(notes), "--", "{text}")
    beats(database, hands.now)
    return Watched(database, hands.wall, hands.wall, command, hands.steady)


def beats(database: Database, moment: datetime) -> None:
    with database.work() as work:
        work.settings.put(LAST_BEAT, moment.isoformat())


def told(notes: Path) -> list[str]:
    if not notes.exists():
        return []
    return [json.loads(line)[-1] for line in notes.read_text(encoding="utf-8").splitlines()]


def late_timer(leaves_at: datetime) -> NewTimer:
    return NewTimer(
        SubjectType.BROADCAST, 0, "早报", "2026-11-20 08:35", "", 1, leaves_at, leaves_at
    )


def test_where_all_is_well_nothing_is_said(watched: Watched, notes: Path) -> None:
    assert Auditor(watched).look() == {}
    assert told(notes) == []


def test_everything_is_found_on_both_databases(
    database: Database, hands: Hands, notes: Path
) -> None:
    auditor = Auditor(watching(database, hands, notes))
    with database.work() as work:
        work.timers.set(late_timer(NOW))
        work.outbox.put(replace(message("a"), next_at=NOW))
        work.inbox.keep([replace(heard("a"), received_at=NOW)])
    hands.pass_(3600)
    assert set(auditor.look()) == {Fault.TIMERS, Fault.MESSAGES, Fault.CALLBACKS, Fault.BEAT}


@pytest.mark.parametrize(("seconds", "found"), [(119, False), (120, True), (121, True)])
def test_a_timer_two_minutes_late_is_found(watched: Watched, seconds: int, *, found: bool) -> None:
    with watched.database.work() as work:
        work.timers.set(late_timer(NOW - timedelta(seconds=seconds)))
    assert (Fault.TIMERS in Auditor(watched).look()) is found


@pytest.mark.parametrize(("seconds", "found"), [(299, False), (300, False), (301, True)])
def test_a_message_that_waits_longer_than_five_minutes_is_found(
    watched: Watched, seconds: int, *, found: bool
) -> None:
    with watched.database.work() as work:
        work.outbox.put(replace(message("a"), next_at=NOW - timedelta(seconds=seconds)))
    assert (Fault.MESSAGES in Auditor(watched).look()) is found


def test_a_way_out_that_a_wrong_setting_holds_is_told_with_its_mending(
    watched: Watched, notes: Path
) -> None:
    with watched.database.work() as work:
        work.alarms.sound("outbox.held.app", "发送已暂停: 出口 IP 不在企业可信 IP 内（60020）", NOW)
    assert set(Auditor(watched).look()) == {Fault.HELD}
    (said,) = told(notes)
    assert "60020" in said
    with watched.database.work() as work:
        work.alarms.end("outbox.held.app", NOW)
    assert Auditor(watched).look() == {}


@pytest.mark.parametrize(("seconds", "found"), [(119, False), (120, False), (121, True)])
def test_a_callback_that_waits_longer_than_two_minutes_is_found(
    watched: Watched, seconds: int, *, found: bool
) -> None:
    with watched.database.work() as work:
        work.inbox.keep([replace(heard("a"), received_at=NOW - timedelta(seconds=seconds))])
    assert (Fault.CALLBACKS in Auditor(watched).look()) is found


@pytest.mark.parametrize(("seconds", "found"), [(59, False), (60, False), (61, True)])
def test_a_pulse_that_has_stopped_is_found(watched: Watched, seconds: int, *, found: bool) -> None:
    beats(watched.database, NOW - timedelta(seconds=seconds))
    assert (Fault.BEAT in Auditor(watched).look()) is found


def test_a_service_that_never_beat_is_found(
    sqlite_database: Database, hands: Hands, notes: Path
) -> None:
    command = (sys.executable, "-c", _WRITES, str(notes), "--", "{text}")
    watched = Watched(sqlite_database, hands.wall, hands.wall, command, hands.steady)
    assert "从没有心跳" in Auditor(watched).look()[Fault.BEAT]


@pytest.mark.parametrize(
    ("jump", "way"),
    [(4.9, ""), (5, ""), (5.1, "向前"), (-5, ""), (-5.1, "向后"), (-3600, "向后")],
)
def test_a_clock_that_jumps_is_found(watched: Watched, hands: Hands, jump: float, way: str) -> None:
    auditor = Auditor(watched)
    auditor.look()
    hands.pass_(30, jump=jump)
    beats(watched.database, hands.now)
    found = auditor.look()
    assert (Fault.JUMP in found) is bool(way)
    assert way in found.get(Fault.JUMP, "")


def test_a_fault_is_told_once_an_hour_and_when_it_ends(
    watched: Watched, hands: Hands, notes: Path
) -> None:
    auditor = Auditor(watched)
    for minutes in (2, 30, 29, 2):  # the last look is the first after a whole hour
        hands.pass_(minutes * 60)
        auditor.look()
    beats(watched.database, hands.now)
    auditor.look()
    auditor.look()
    said = [line.split("。")[0] for line in told(notes)]
    assert said == ["督办告警: 计时心跳停了"] * 2 + ["督办告警解除: 计时心跳停了, 已恢复"]


def test_words_with_quotes_and_dollars_reach_the_command_as_one_argument(
    watched: Watched, notes: Path
) -> None:
    with watched.database.work() as work:
        slot = "$(touch x); \"'`|&"
        work.timers.set(replace(late_timer(NOW - timedelta(hours=1)), slot=slot))
    Auditor(watched).look()
    assert "$(touch x); \"'`|&" in told(notes)[0]


def test_a_command_that_fails_is_tried_again_at_the_next_look(
    watched: Watched, hands: Hands, notes: Path, tmp_path: Path
) -> None:
    hands.pass_(3600)
    hook = tmp_path / "hook"
    auditor = Auditor(replace(watched, command=(str(hook), "{text}")))
    auditor.look()  # there is no such program
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o700)
    auditor.look()
    assert told(notes) == []
    hook.write_text(
        f'#!/bin/sh\nexec {sys.executable} -c "{_WRITES}" {notes} "$1"\n', encoding="utf-8"
    )
    auditor.look()
    assert len(told(notes)) == 1


def test_a_database_that_does_not_answer_is_found(
    sqlite_database: Database, hands: Hands, notes: Path, tmp_path: Path
) -> None:
    beats(sqlite_database, NOW)
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, " * 100)
    command = (sys.executable, "-c", _WRITES, str(notes), "--", "{text}")
    opened = Database(f"sqlite:///{broken}")
    found = Auditor(Watched(opened, hands.wall, hands.wall, command, hands.steady)).look()
    opened.close()
    assert list(found) == [Fault.DATABASE]
    assert "数据库没有应答" in told(notes)[0]


@pytest.fixture
def stage(tmp_path: Path, notes: Path) -> Stage:
    """A configured folder whose service is not running, with one timer an hour late."""
    directory = load_directory(DIRECTORY)
    stage = Stage(tmp_path, 1, 2, "sqlite:///duban.db")
    set_stage(stage, DIRECTORY, directory.units, directory.people)
    command = [sys.executable, "-c", _WRITES, str(notes), "--", "{text}"]
    with stage.config.open("a", encoding="utf-8") as config:
        config.write(f"\n[auditor]\ncommand = {json.dumps(command)}\nevery = 5\n")
    database = Database(f"sqlite:///{tmp_path}/duban.db")
    database.upgrade()
    with database.work() as work:
        work.timers.set(late_timer(datetime.now(UTC) - timedelta(hours=1)))
    database.close()
    return stage


def watches_once(stage: Stage) -> Ended:
    return operate("audit-watch", "--config", str(stage.config), "--once")


def started(stage: Stage) -> subprocess.Popen[str]:
    argv = [sys.executable, str(HOME / "main.py"), "audit-watch", "--config", str(stage.config)]
    return subprocess.Popen(argv, stderr=subprocess.PIPE, text=True)


def test_as_a_process_it_finds_tells_and_changes_nothing(stage: Stage, notes: Path) -> None:
    file = stage.folder / "duban.db"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    assert watches_once(stage).returncode == 1
    assert sorted(line.split("。")[0] for line in told(notes)) == [
        "督办告警: 提醒到点未响",
        "督办告警: 计时心跳停了",
    ]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before


def test_as_a_process_it_watches_until_it_is_told_to_stop(stage: Stage, notes: Path) -> None:
    process = started(stage)
    assert process.stderr is not None
    while "看过一遍" not in (line := process.stderr.readline()):
        assert line, "it ended by itself"
    assert "提醒到点未响" in line
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(told(notes)) == 2


def test_without_a_command_or_a_database_it_says_what_is_missing(stage: Stage) -> None:
    text = stage.config.read_text(encoding="utf-8")
    (stage.folder / "duban.db").unlink()
    assert "没有数据库" in watches_once(stage).stderr
    assert not (stage.folder / "duban.db").exists()
    stage.config.write_text(text.split("[auditor]")[0], encoding="utf-8")
    ended = watches_once(stage)
    assert "请在配置的 [auditor] 里写 command" in ended.stderr
    assert ended.returncode == 2
