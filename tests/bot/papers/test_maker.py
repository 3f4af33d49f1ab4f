"""The part that prints: faults are tried again and said, files lie in two places, old ones go."""

import json
import os
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.command_line import papers as command
from bot.command_line import retention
from bot.command_line.evidence import Archive
from bot.papers.maker import PaperMaker, Printing
from bot.papers.word import Templates
from cases.broadcasts import Broadcast, BroadcastKind, Days
from cases.messages import RobotChat
from cases.papers.model import Kind
from config.paper_settings import SHIPPED
from handlers.papers import chat
from handlers.robot_answer import Asked
from handlers.talk import Talk
from storage.database import Database
from storage.states import Channel, VersionState
from tests.support.office import MORNING, Office, to
from tests.support.papers import latest, paper

LINK = "https://weibo.com/1234567890/P0w7ex6A3"


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", LINK)
    return office


def maker(office: Office, folder: Path, shipped: Path = SHIPPED) -> PaperMaker:
    printing = Printing(Templates(shipped), folder / "kept", folder / "tray")
    return PaperMaker(
        office.database, desk=office.desk, printing=printing, clock=lambda: office.now
    )


def test_a_printer_at_fault_is_tried_again_and_then_said(office: Office, tmp_path: Path) -> None:
    office.says("sunlei", "出001的专报")
    broken = maker(office, tmp_path, tmp_path / "no-templates")
    for minutes in (0, 2, 6, 31):
        office.now += timedelta(minutes=minutes)
        assert broken.print_waiting() == 1
    assert broken.print_waiting() == 0
    told = to("sunlei", office.leaving())
    assert "【文稿1】001 专报没有生成: 多次没有生成 (BadTemplateError)" in told
    assert told.count("001 专报还没有生成好, 10:01 再试, 好了把文件发给您") == 1  # not each time
    assert latest(office, paper(office, Kind.SPECIAL)).state is VersionState.FAILED
    assert "正在生成 文稿1" in to("sunlei", office.says("sunlei", "重出文稿1"))
    assert maker(office, tmp_path).print_waiting() == 1
    assert latest(office, paper(office, Kind.SPECIAL)).number == 2


def test_what_waits_in_between_is_waited_for(office: Office, tmp_path: Path) -> None:
    office.says("sunlei", "出001的专报")
    broken = maker(office, tmp_path, tmp_path / "no-templates")
    broken.print_waiting()
    office.now += timedelta(seconds=59)
    assert broken.print_waiting() == 0
    office.now += timedelta(seconds=1)
    assert broken.print_waiting() == 1


def test_a_printed_file_stays_and_the_one_handed_out_goes(office: Office, tmp_path: Path) -> None:
    office.says("sunlei", "出001的专报")
    printer = maker(office, tmp_path)
    printer.print_waiting()
    path = latest(office, paper(office, Kind.SPECIAL)).files[0].path
    other = tmp_path / "tray" / "ab" / "notice.pdf"
    other.parent.mkdir(exist_ok=True)
    other.write_bytes(b"the operator's own")
    for one in (tmp_path / "tray" / path, other):
        os.utime(one, (office.now.timestamp(), office.now.timestamp()))
    office.now += timedelta(days=3)
    printer.print_waiting()
    assert (tmp_path / "tray" / path).is_file()
    office.now += timedelta(days=2)
    printer.print_waiting()
    assert not (tmp_path / "tray" / path).exists()
    assert (tmp_path / "kept" / path).is_file()
    assert other.is_file()


def test_ordered_through_the_robot_the_file_comes_back_there(
    office: Office, tmp_path: Path
) -> None:
    alone = RobotChat("sunlei", is_group=False, asker="sunlei", req_id="r1")
    with office.database.work() as work:
        person = work.people.person("sunlei")
        assert person is not None
        talk = Talk(work, office.desk, person, "robot:1", "出001的处置表", office.now)
        talk.asked = Asked(alone, office.now)
        meant = chat.by_words(talk, talk.words)
        assert meant is not None
        assert "正在生成" in meant()
    maker(office, tmp_path).print_waiting()
    with office.database.work() as work:
        files = [one for one in work.outbox.claim(office.now, "t", 50) if one.kind == "paper-file"]
    assert {one.channel for one in files} == {Channel.AIBOT}
    body = json.loads(files[0].payload)
    assert (body["spoken"], body["text"]) == ("file", "YQ-20261120-001-处置表-第1版.pdf")
    assert json.loads(body["otherwise"])["file"]["stored"] == body["path"]


WEEKLY = Broadcast(BroadcastKind.WEEKLY, Days.MONDAY, (time(9),))
MORNINGS = Broadcast(BroadcastKind.MORNING, Days.DAILY, (time(8, 35),))


@pytest.mark.parametrize(
    ("one", "day", "wanted"),
    [
        (WEEKLY, "2026-11-23", (Kind.WEEKLY, "2026-W47")),
        (MORNINGS, "2026-12-01", (Kind.MONTHLY, "2026-11")),
    ],
)
def test_a_broadcast_brings_its_paper_once(
    sqlite_database: Database, one: Broadcast, day: str, wanted: tuple[Kind, str]
) -> None:
    start = datetime.fromisoformat(f"{day}T08:30:00+08:00")
    office = Office(sqlite_database, now=start, broadcasts=(one,), drafts=frozenset(Kind))
    office.passes(hours=1)
    assert paper(office, wanted[0], period=wanted[1]).asked_by == ""
    office.passes(days=3)
    with office.database.read() as work:
        assert len(work.papers.periodicals()) == 1


def test_the_daily_follows_a_day_with_a_case_under_supervision(sqlite_database: Database) -> None:
    one = Broadcast(BroadcastKind.DAILY_REPORT, Days.DAILY, (MORNING.time().replace(hour=17),))
    office = Office(sqlite_database, broadcasts=(one,), drafts=frozenset({Kind.DAILY}))
    office.forwards("wangxiaoyu", "三中食堂吃出虫子", LINK)
    office.says("sunlei", "定二级,请教体局牵头")
    office.says("zhouguohua", "001 挂牌督办")
    office.passes(hours=8)
    assert paper(office, Kind.DAILY, period="2026-11-20").checker == "舆情办主任"


def test_kept_long_enough_words_and_files_of_papers_are_erased(
    office: Office, tmp_path: Path
) -> None:
    office.says("sunlei", "出001的专报")
    printer = maker(office, tmp_path)
    printer.print_waiting()
    office.says("sunlei", "文稿1 补 建议: 加强巡查")
    printer.print_waiting()
    office.says("wangxiaoyu", "001 误报,作废")
    kept = sorted((tmp_path / "kept").glob("*/*"))
    assert len(kept) == 4
    later = office.now + timedelta(days=31 * 13)
    retention.erase(Archive(office.database, tmp_path / "kept", later, (12, 36)))
    assert paper(office, Kind.SPECIAL, "YQ-20261120-001").fills == {}
    assert sorted((tmp_path / "kept").glob("*/*")) == kept
    last = office.now + timedelta(days=31 * 37)
    archive = Archive(office.database, tmp_path / "kept", last, (12, 36))
    assert retention.due(archive)[1] == 4
    retention.erase(archive)
    assert list((tmp_path / "kept").glob("*/*")) == []
    assert retention.due(archive) == (0, 0)
    digests = latest(office, paper(office, Kind.SPECIAL, "YQ-20261120-001")).files
    assert [len(one.sha256) for one in digests] == [64, 64]


def runner(office: Office, folder: Path) -> typer.Typer:
    app = typer.Typer()

    class _Opened:
        def __init__(self, _config: Path) -> None:
            pass

        def __enter__(self) -> command.Press:
            return command.Press(office.database, office.desk, Templates(SHIPPED), office.now)

        def __exit__(self, *_: object) -> None:
            pass

    command.add_commands(app, _Opened)
    del folder
    return app


def test_a_command_prints_without_telling_anybody(office: Office, tmp_path: Path) -> None:
    app = runner(office, tmp_path)
    office.leaving()
    number = office.case().number
    done = CliRunner().invoke(app, ["papers", "print", "专报", number, "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert "待补: 三、网民与媒体观点" in done.output
    assert (tmp_path / f"{number}-专报.pdf").read_bytes().startswith(b"%PDF")
    for about in ("上周", "2026-W47"):
        done = CliRunner().invoke(app, ["papers", "print", "周报", about, "--out", str(tmp_path)])
        assert done.exit_code == 0, done.output
    assert office.leaving() == []
    for wrong in (["没有的", number], ["专报", "YQ-20261120-999"]):
        done = CliRunner().invoke(app, ["papers", "print", *wrong, "--out", str(tmp_path)])
        assert done.exit_code == 2
        assert "没有打印" in done.output


def test_the_templates_can_be_taken_out_and_edited_ones_stay(
    office: Office, tmp_path: Path
) -> None:
    app = runner(office, tmp_path)
    (tmp_path / "周报.docx").write_bytes(b"edited")
    done = CliRunner().invoke(app, ["papers", "templates", "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert (tmp_path / "周报.docx").read_bytes() == b"edited"
    assert len(list(tmp_path.glob("*.docx"))) == 17
