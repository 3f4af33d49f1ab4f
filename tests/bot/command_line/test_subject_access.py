"""What is kept about somebody: of the directory or by case number, masked, audited."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.command_line import subject_access
from bot.command_line.evidence import Archive
from bot.command_line.subject_access import Subject, UnknownSubjectError, look
from storage.database import Database
from tests.support.office import Office

TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
NUMBER = "YQ-20261120-001"
POSTER = "小北不吃辣"


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database)
    link = "https://www.toutiao.com/article/7249559687354974759/"
    office.forwards("wangxiaoyu", TITLE, link, f"作者: {POSTER}")
    office.says("sunlei", "001 定二级,交城管局")
    office.says("liuyang", "收到")
    return office


def asked(office: Office, subject: Subject) -> dict[str, object]:
    return office.database.run(lambda work: look(work, subject, office.now))


def test_g11_everything_that_names_a_member_is_listed_masked_and_audited(office: Office) -> None:
    with office.database.read() as work:
        before = work.audit.head()
    found = asked(office, Subject(staff="LiuYang"))
    places = found["places"]
    assert isinstance(places, dict)
    assert {"person", "case_event", "outbox", "audit"} <= set(places)
    text = json.dumps(found, ensure_ascii=False, default=str)
    assert TITLE not in text
    assert '"liuyang"' in text
    with office.database.read() as work:
        after = work.audit.head()
        assert work.audit.verify() is None
    assert before is not None
    assert after is not None
    assert after.seq == before.seq + 1


def test_g11_with_a_reason_the_words_are_shown(office: Office) -> None:
    text = json.dumps(
        asked(office, Subject(case=NUMBER, reason="本人申请查阅")), ensure_ascii=False, default=str
    )
    assert TITLE in text


def test_g11_a_case_is_listed_by_its_number_and_nothing_of_another_case(office: Office) -> None:
    office.forwards("lihang", "三中食堂吃出虫子", "https://weibo.com/1234567890/R8vcX9C87")
    found = asked(office, Subject(case=NUMBER))
    rows = found["rows"]
    assert isinstance(rows, list)
    assert {row["row"].get("case_id", 1) for row in rows} == {1}
    assert {"case_file", "report", "case_link", "case_event", "clock"} <= {
        row["table"] for row in rows
    }
    assert TITLE not in json.dumps(rows, ensure_ascii=False, default=str)


def test_g11_never_by_a_posters_name_nor_by_any_name(office: Office) -> None:
    for subject in (
        Subject(),
        Subject(staff="liuyang", case=NUMBER),
        Subject(staff=POSTER),
        Subject(staff="刘洋"),
        Subject(staff="%"),
        Subject(case=POSTER),
        Subject(case="001"),
    ):
        with pytest.raises(UnknownSubjectError):
            asked(office, subject)


def test_g11_no_secret_and_no_sealed_envelope_is_listed(office: Office) -> None:
    for subject in (Subject(staff="liuyang", reason="x"), Subject(case=NUMBER, reason="x")):
        rows = asked(office, subject)["rows"]
        assert isinstance(rows, list)
        told = {(row["table"], name) for row in rows for name in row["row"]}
        assert not {name for _, name in told} & {"envelope", "digest", "hash", "prev_hash"}
        assert not {table for table, _ in told} & {"token", "one_time", "source_key"}


def test_g11_the_command_prints_the_list_or_says_what_may_be_asked(
    sqlite_database: Database, tmp_path: Path
) -> None:
    office = Office(sqlite_database)

    @contextmanager
    def opener(_config: Path) -> Iterator[Archive]:
        yield Archive(sqlite_database, tmp_path, office.now)

    app = typer.Typer()
    app.callback()(lambda: None)
    subject_access.add_commands(app, opener)
    good = CliRunner().invoke(app, ["subject-access", "--staff", "sunlei"])
    assert json.loads(good.stdout)["subject"] == "sunlei"
    bad = CliRunner().invoke(app, ["subject-access", "--staff", POSTER])
    assert bad.exit_code == 2
    assert "不按发帖人" in bad.stderr
