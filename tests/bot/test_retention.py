"""G10: after the set months text and files are gone; skeleton, statistics and audit chain stay."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import typer
from sqlalchemy import Connection, select, text, update
from typer.testing import CliRunner

from bot.command_line import retention
from bot.command_line.evidence import Archive
from cases.erasing import ERASED
from cases.library.lessons import Lesson
from cases.model import State
from handlers import library
from storage.database import Database
from storage.evidence import KeptFile, NewEvidence
from storage.scores import NewScoreEntry
from storage.states import EvidenceState, ScoreEntryKind
from storage.tables import METADATA
from storage.tables.cases import CASE
from storage.tables.learning import LIBRARY_TERM
from storage.work import Work
from tests.support.office import Office

LINK = "https://www.toutiao.com/article/7249559687354974759/"
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
WORDS = "王女士家住青禾路三号"
MONTH = timedelta(days=31)


def connection_of(work: Work) -> Connection:
    return work._connection  # noqa: SLF001 -- all columns of all tables are looked through


@pytest.fixture
def office(database: Database) -> Office:
    """A case with everything, closed this morning; another is open."""
    office = Office(database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    office.says("wangxiaoyu", f"001 补充: {WORDS}")
    office.says("sunlei", f"定二级,交城管局, {WORDS}, 请核实")
    with database.work() as work:
        ended = update(CASE).values(state=State.CLOSED, closed_at=office.now)
        connection_of(work).execute(ended)
    office.forwards("wangxiaoyu", "云溪一中食堂 涨价引家长不满", LINK.replace("724", "725"))
    return office


def archive(office: Office, folder: Path, now: datetime) -> Archive:
    return Archive(office.database, folder, now, (12, 36))


def found(work: Work, words: str) -> list[str]:
    """The columns anywhere in the database in which the words stand."""
    hits = []
    for table in METADATA.sorted_tables:
        for row in connection_of(work).execute(select(table)).mappings():
            hits += [f"{table.name}.{name}" for name, value in row.items() if words in str(value)]
    return sorted(set(hits))


def test_g10_text_goes_after_its_months_and_not_before_and_the_chain_verifies(
    office: Office, tmp_path: Path
) -> None:
    with office.database.read() as work:
        assert {"report.text", "case_event.data", "outbox.payload"} <= set(found(work, WORDS[:6]))
        before = work.cases.count_open()
    at = office.now + 12 * MONTH
    assert retention.erase(archive(office, tmp_path, at)) == {"cases": 0, "files": 0}
    late = at + timedelta(seconds=1)
    assert retention.due(archive(office, tmp_path, late)) == (1, 0)
    assert retention.erase(archive(office, tmp_path, late)) == {"cases": 1, "files": 0}
    with office.database.read() as work:
        assert found(work, WORDS[:6]) == []
        assert found(work, "青禾路积水") == []
        assert work.audit.verify() is None
        assert work.cases.count_open() == before
        case = work.cases.by_number("YQ-20261120-001")
        assert case is not None
        assert (case.title, case.level, case.state) == (ERASED, "二级", State.CLOSED)
        assert work.cases.history(case.id)
        assert found(work, "云溪一中食堂")  # the open case keeps its own
        assert "text.erased" in str(
            connection_of(work).execute(text("SELECT action FROM audit")).all()
        )
    assert retention.erase(archive(office, tmp_path, late)) == {"cases": 0, "files": 0}


def test_files_go_later_and_only_where_no_other_case_needs_them(
    office: Office, tmp_path: Path
) -> None:
    for name in ("own", "shared"):
        (tmp_path / name).write_bytes(b"x")
    with office.database.work() as work:
        closed, still_open = office_cases(work)
        for key, case, path in (
            ("1", closed, "own"),
            ("2", closed, "shared"),
            ("3", still_open, "shared"),
        ):
            new = NewEvidence(key, "wang", office.now, "image", "", case)
            kept = KeptFile("d" * 64, 1, "image/png", path)
            work.evidence.add_kept(new, kept, f"{path}.png", office.now)
    assert retention.due(archive(office, tmp_path, office.now + 36 * MONTH)) == (1, 0)
    late = office.now + 36 * MONTH + timedelta(seconds=1)
    assert retention.erase(archive(office, tmp_path, late))["files"] == 2
    assert ((tmp_path / "own").exists(), (tmp_path / "shared").exists()) == (False, True)
    with office.database.read() as work:
        states = [(one.state, one.path, one.name) for one in work.evidence.of_case(closed)]
        assert states == [(EvidenceState.REFUSED, None, None)] * 2
        assert work.audit.verify() is None


def test_the_library_and_the_appeals_forget_with_the_case(office: Office, tmp_path: Path) -> None:
    with office.database.work() as work:
        closed, still_open = office_cases(work)
        for case in (closed, still_open):
            lesson = Lesson(cause=f"{WORDS}反映管网老化", tags=("积水",))
            work.library.keep(case, lesson, by="liuyang", now=office.now)
            library.put(work, office.desk, work.cases.load(case))
        work.scores.add(
            NewScoreEntry(
                "2026-11",
                ScoreEntryKind.APPEAL,
                "chengguan",
                f"{WORDS}说的不属实",
                "liuyang",
                office.now,
                case_id=closed,
            )
        )
    late = office.now + 12 * MONTH + timedelta(seconds=1)
    retention.erase(archive(office, tmp_path, late))
    with office.database.work() as work:
        assert work.library.lesson(closed) is None
        rows = connection_of(work).execute(select(LIBRARY_TERM.c.case_id).distinct()).scalars()
        assert list(rows) == [still_open]
        assert found(work, WORDS[:6]) == ["lesson.cause"]  # of the case that is open
        assert closed not in work.library.closed_cases()
        assert [one.reason for one in work.scores.entries("2026-11")] == [ERASED]


def office_cases(work: Work) -> tuple[int, int]:
    first, second = connection_of(work).execute(select(CASE.c.id).order_by(CASE.c.id)).scalars()
    return first, second


def test_the_command_shows_first_and_the_service_does_it_once_a_day(
    sqlite_database: Database, tmp_path: Path
) -> None:
    office = Office(sqlite_database)
    office.forwards("wangxiaoyu", TITLE, LINK)
    with sqlite_database.work() as work:
        ended = update(CASE).values(state=State.CLOSED, closed_at=office.now)
        connection_of(work).execute(ended)
    now = office.now + 13 * MONTH
    app = typer.Typer()
    app.callback()(lambda: None)
    retention.add_commands(app, lambda _: nullcontext(archive(office, tmp_path, now)))
    shown = CliRunner().invoke(app, ["retention", "--dry-run"])
    assert shown.output == "到期: 1 件的文字, 0 个材料文件。没有清除。\n"
    seen: list[datetime] = []

    def asked(moment: datetime) -> Archive:
        seen.append(moment)
        return archive(office, tmp_path, moment)

    moments = iter([now, now + timedelta(hours=23), now + timedelta(days=1)])
    act = retention.daily(asked, lambda: next(moments))
    for _ in range(3):
        act()
    assert seen == [now, now + timedelta(days=1)]
    again = CliRunner().invoke(app, ["retention"])
    assert again.output == "已清除: 0 件的文字, 0 个材料文件。\n"
