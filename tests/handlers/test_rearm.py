"""Timers that were lost, left over or moved are found from clocks and ladders, and put right."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from sqlalchemy import ColumnElement, Executable, and_, update
from typer.testing import CliRunner

from bot.command_line import rearm as command
from bot.command_line.tables import Opened
from handlers.rearm import Wrong, findings
from storage.database import Database
from storage.states import ClockState, TimerState
from storage.tables.clocks import CLOCK, TIMER
from tests.support.office import Office

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")
    return office


def found(office: Office) -> list[tuple[Wrong, str]]:
    with office.database.read() as work:
        found = findings(work, office.desk, office.now)
    return [(one.wrong, one.clock.step if one.clock else "") for one in found]


def change(office: Office, damage: Executable) -> None:
    with office.database.work() as work:
        work._connection.execute(damage)  # noqa: SLF001 -- damage


def rearm(office: Office, *options: str) -> str:
    @contextmanager
    def opened(_: Path) -> Iterator[Opened]:
        yield Opened(office.database, office.desk, office.now)

    app = typer.Typer()
    app.callback()(lambda: None)
    command.add_commands(app, opened)
    ended = CliRunner().invoke(app, ["rearm", *options])
    assert ended.exit_code == 0, ended.output
    return ended.output


def signing() -> ColumnElement[bool]:
    return and_(TIMER.c.kind == "签收", TIMER.c.state == TimerState.PENDING)


def test_what_the_service_set_itself_is_right_from_hour_to_hour(office: Office) -> None:
    for _ in range(4):
        assert found(office) == []
        office.passes(minutes=25)
    assert "定时都对" in rearm(office)


def test_sums_of_past_days_are_compared_and_made_ready(office: Office) -> None:
    office.passes(minutes=24 * 60)
    assert "与案卷不符 0 天, 待整理 1 天、1 个标题" in rearm(office)
    assert "已整理存底" in rearm(office, "--apply")
    assert "1 天, 与案卷不符 0 天, 待整理 0 天、0 个标题" in rearm(office)


def test_a_timer_that_is_missing_is_set_and_rings_only_what_was_not_said(office: Office) -> None:
    office.passes(minutes=20)
    change(office, TIMER.delete().where(signing()))
    assert found(office) == [(Wrong.MISSING, "签收")]
    assert "只是核对" in rearm(office)
    assert found(office) == [(Wrong.MISSING, "签收")]
    assert "已改正 1 项" in rearm(office, "--apply")
    assert found(office) == []
    with office.database.read() as work:
        assert work.audit.verify() is None
    assert office.passes(minutes=30)


def test_a_moment_that_was_moved_is_put_back(office: Office) -> None:
    later = office.now + timedelta(days=9)
    change(office, update(TIMER).where(signing()).values(leaves_at=later))
    assert found(office) == [(Wrong.DIFFERS, "签收")]
    said = rearm(office, "--apply")
    assert "时间不同: YQ-20261120-001 签收" in said
    assert found(office) == []


def test_what_is_left_of_an_ended_clock_or_of_a_rung_that_is_none_goes(office: Office) -> None:
    change(office, update(TIMER).where(signing()).values(slot="up-nowhere"))
    assert found(office) == [(Wrong.SUPERFLUOUS, "签收"), (Wrong.MISSING, "签收")]
    rearm(office, "--apply")
    ended = update(CLOCK).where(CLOCK.c.step == "签收").values(state=ClockState.SETTLED)
    change(office, ended)
    assert found(office) == [(Wrong.SUPERFLUOUS, "")]
    assert "多余 1" in rearm(office, "--apply")
    assert found(office) == []
