"""应用到在办: a rulebook edited meanwhile reaches open cases only by an explicit word."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.command_line import apply_rules as command
from bot.command_line.tables import Opened
from cases.chat.rules_words import rules_wish
from config.rulebook import digest_of, parse_files
from handlers import apply_rules
from handlers.apply_rules import changes
from handlers.setup import RulebookFiles, keep_rulebook
from storage.database import Database
from tests.support.office import MORNING, Office, Told, rulebook_files, to

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
OLD = '"签收" = { within = "30 分钟", from = "交办", ladder = "签收30分钟"'
QUICK = '"签收" = { within = "20 分钟", from = "交办", ladder = "签收30分钟"'


def edited(office: Office, *changes: tuple[str, str]) -> int:
    """Put an edited version of the rulebook in force, as a start with edited files does."""
    files = dict(rulebook_files("city3").files)
    for name, text in files.items():
        for old, new in changes:
            files[name] = files[name].replace(old, new) if old in text else files[name]
    book = RulebookFiles("city3", files, digest_of(files))
    with office.database.work() as work:
        identity = keep_rulebook(work, book, by="test", now=office.now)
    follow(office, identity, files)
    return identity


def follow(office: Office, identity: int, files: Mapping[str, str]) -> None:
    """Let the service know the version in force, and read it when it is needed."""
    known = office.desk.rulebook
    new = parse_files(identity, "city3", identity, dict(files))
    office._desk = replace(  # noqa: SLF001
        office.desk,
        rulebook_in_force=identity,
        rulebook=lambda which: new if which == identity else known(which),
    )


def assigned(office: Office) -> None:
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局")


def due(office: Office, step: str) -> timedelta:
    with office.database.read() as work:
        running = work.clocks.running(office.case().id)
    return next(clock.due_at for clock in running if clock.step == step) - MORNING


def tap(office: Office) -> list[Told]:
    """The director asks what would change and taps 确认应用."""
    shown = to("sunlei", office.says("sunlei", "应用到在办"))
    number = re.search("([0-9]+) = 确认应用", shown)
    assert number is not None, shown
    return office.says("sunlei", number[1])


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    made = Office(sqlite_database)
    assigned(made)
    return made


def test_a_start_with_the_same_files_makes_no_new_version(office: Office) -> None:
    before = office.desk.rulebook_in_force
    with office.database.work() as work:
        book = rulebook_files("city3")
        assert keep_rulebook(work, book, by="test", now=office.now) == before
        assert [one.number for one in work.rulebooks.versions("city3")] == [1]
    assert "在办的都已按规则册 city3 第 1 版办理" in to(
        "sunlei", office.says("sunlei", "应用到在办")
    )


def test_edited_rules_leave_open_cases_alone_until_they_are_applied(office: Office) -> None:
    edited(office, (OLD, QUICK))
    assert due(office, "签收") == timedelta(minutes=30)
    office.now += timedelta(minutes=5)
    told = to("sunlei", office.says("sunlei", "应用到在办"))
    assert "规则册 city3 第 2 版\n在办 1 件还按旧规则: 1 项时限变动" in told
    assert "市城管局签收: 10:30 → 10:20" in told
    assert due(office, "签收") == timedelta(minutes=30)
    told_all = tap(office)
    assert "已应用: 1 件改按规则册 city3 第 2 版办理, 1 项时限已重算" in to("sunlei", told_all)
    assert "【时限变更】001" in to("liuyang", told_all)
    assert due(office, "签收") == timedelta(minutes=20)
    assert "改按规则册 city3 第 2 版办理" in to("sunlei", office.says("sunlei", "查 001"))
    rung = [one for one in office.passes(minutes=15) if one.kind.startswith("remind-")]
    assert [(one.to, one.kind) for one in rung] == [
        ("liuyang", "remind-before"),
        ("liuyang", "remind-due"),
    ]


def test_what_is_late_by_the_new_rules_is_said_before_and_rings_once(office: Office) -> None:
    edited(office, (OLD, QUICK))
    office.now += timedelta(minutes=25)
    assert "10:20 (已超时)" in to("sunlei", office.says("sunlei", "应用到在办"))
    told = tap(office) + office.rings()
    assert [one.kind for one in told if one.kind.startswith("remind-")] == ["remind-due"]


def test_another_ladder_alone_reaches_the_clocks_too(office: Office) -> None:
    edited(
        office,
        (
            '[ladder."签收30分钟"]\nto = "联络员"\nbefore = ["10 分钟"]',
            ('[ladder."签收30分钟"]\nto = "联络员"\nbefore = ["20 分钟"]'),
        ),
    )
    assert "0 项时限变动" in to("sunlei", office.says("sunlei", "应用到在办"))
    told = tap(office)
    assert "时限变更" not in "".join(one.text for one in told)
    rung = [one for one in office.passes(minutes=11) if "签收时限" in one.text]
    assert [one.kind for one in rung] == ["remind-before"]


def test_a_leaders_own_deadline_stands(sqlite_database: Database) -> None:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("sunlei", "定二级,交城管局,11月23日17:00前办结")
    was = due(office, "办结")
    edited(office, ('"办结" = { within = "5 工作日"', '"办结" = { within = "2 工作日"'))
    assert "0 项时限变动" in to("sunlei", office.says("sunlei", "应用到在办"))
    tap(office)
    assert due(office, "办结") == was


def test_a_step_no_longer_timed_ends(office: Office) -> None:
    edited(
        office,
        (
            '"首报" = { within = "2 小时", from = "交办", ladder = "首报2小时"',
            ('"首报" = { within = "不定时", from = "交办"'),
        ),
    )
    assert "首报: 12:00 → 不再限时" in to("sunlei", office.says("sunlei", "应用到在办"))
    tap(office)
    with office.database.read() as work:
        steps = {clock.step for clock in work.clocks.running(office.case().id)}
    assert "首报" not in steps


def test_a_case_whose_level_the_new_rules_lack_is_left_and_named(office: Office) -> None:
    book = rulebook_files("listed2")
    with office.database.work() as work:
        identity = keep_rulebook(work, book, by="test", now=office.now)
    follow(office, identity, book.files)
    told = to("sunlei", office.says("sunlei", "应用到在办"))
    assert "不能应用: 001" in told
    assert "新规则没有「二级」这一级" in told
    assert "回复数字" not in told


def test_only_the_director_and_the_administrator_apply_rules(office: Office) -> None:
    for who in ("zhaomin", "zhouguohua", "liuyang", "wangxiaoyu"):
        assert "您的身份不能" in to(who, office.says(who, "应用到在办"))
    assert "在办的都已按" in to("admin", office.says("admin", "应用到在办"))


def test_rules_edited_between_the_look_and_the_tap_are_shown_anew(office: Office) -> None:
    edited(office, (OLD, QUICK))
    shown = office.desk.rulebook_in_force
    edited(office, (OLD, QUICK.replace("20 分钟", "25 分钟")))
    told = to("sunlei", office.says("sunlei", f"确认应用到在办 {shown}"))
    assert "规则又更新过" in told


def test_rules_put_in_force_beside_the_service_are_followed_at_the_next_word(
    office: Office,
) -> None:
    desk = office.desk
    edited(office, (OLD, QUICK))
    office._desk = desk  # noqa: SLF001
    assert "规则册 city3 第 2 版" in to("sunlei", office.says("sunlei", "应用到在办"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("应用到在办", 0),
        ("请把新规则应用到在办件", 0),
        ("确认应用到在办 12", 12),
        ("新规则什么时候应用到在办?", None),
        ("确认应用到在办", None),
    ],
)
def test_the_wish_is_understood(text: str, meant: int | None) -> None:
    assert rules_wish(text) == meant


def run(office: Office, *options: str) -> str:
    app = typer.Typer()

    @contextmanager
    def opened(_config: Path) -> Iterator[Opened]:
        yield Opened(office.database, office.desk, office.now)

    command.add_commands(app, opened)
    ended = CliRunner().invoke(app, list(options))
    assert ended.exit_code == 0, ended.output
    return ended.output


def test_the_command_shows_first_and_changes_with_yes(office: Office) -> None:
    edited(office, (OLD, QUICK))
    shown = run(office)
    assert "1 项时限变动" in shown
    assert "只是预览, 没有改" in shown
    assert due(office, "签收") == timedelta(minutes=30)
    assert "已应用 1 件" in run(office, "--yes")
    assert due(office, "签收") == timedelta(minutes=20)
    assert "没有要改的" in run(office)


def test_a_case_that_ends_between_the_look_and_the_deed_is_left(office: Office) -> None:
    edited(office, (OLD, QUICK))
    with office.database.read() as work:
        (found,) = changes(work, office.desk, office.now)
    office.says("sunlei", "撤回 001, 误报")
    opened = Opened(office.database, office.desk, office.now)
    assert not command._apply(opened, found)  # noqa: SLF001


def test_too_many_cases_are_left_to_the_command(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply_rules, "_AT_ONCE", 0)
    monkeypatch.setattr(apply_rules, "_MOST", 0)
    edited(office, (OLD, QUICK))
    told = to("sunlei", office.says("sunlei", "应用到在办"))
    assert "… 另有 1 项" in told
    assert "rules apply" in told
