"""The directory by command: tried first, then written; tables, files and the contacts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.command_line.people import Opened, add_commands
from cases.contacts import Contacts
from cases.directory import UnreadableRollError
from cases.people import Person
from config.directory import load_roll
from handlers.setup import keep_directory
from storage.database import Database
from tests.support.office import DIRECTORY, Office, to

CONTACTS_SECRET = "c" * 43
TABLE = """\
账号,姓名,角色,单位,副职,电话,别称,多余
LiuYang,刘洋,信息员,城管,否,0000-1,城管大队,x
,无号,联络员,城管,,,,
xx,徐新,局长、联络员,市档案馆,也许,,,
xx,又一个,,,,,,
,,,,,,,
,,,市信访局,,,信访,
yy,,信息员,,,,,
"""


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


def run(office: Office, *arguments: str, contacts: Contacts | None = None) -> tuple[int, str]:
    def seen() -> Contacts:
        if contacts is None:
            raise UnreadableRollError("服务器的出口 IP 不在企业可信 IP 内（60020）")
        return contacts

    @contextmanager
    def opened(_config: Path) -> Iterator[Opened]:
        yield Opened(office.database, office.desk, office.now, DIRECTORY, load_roll, seen)

    app = typer.Typer()
    app.callback()(lambda: None)
    add_commands(app, opened)
    result = CliRunner().invoke(app, ["people", *arguments])
    return result.exit_code, result.output


def person(office: Office, userid: str) -> Person | None:
    with office.database.read() as work:
        return work.people.person(userid)


def test_a_table_is_tried_then_written(office: Office, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(TABLE, encoding="utf-8")
    before = person(office, "liuyang")
    status, said = run(office, "import", str(table))
    assert status == 0
    assert "变更 刘洋 (liuyang): 角色 责任单位联络员 → 信息员、责任单位联络员" in said
    assert "新增 徐新 (xx): 责任单位联络员, 市档案馆" in said
    assert "新增 yy (yy): 信息员, 不属于单位" in said
    assert "第 3 行 无号 没有写账号, 没有导入" in said
    assert "第 4 行不认识角色 局长" in said
    assert "第 4 行的副职一栏「也许」看不懂" in said
    assert "第 5 行账号 xx 前面已经有了" in said
    assert "确要去掉请加 --lower-roles" in said
    assert "没有写入" in said
    assert person(office, "liuyang") == before
    assert run(office, "import", str(table), "--apply")[0] == 0
    with office.database.read() as work:
        unit = work.people.unit("chengguan")
    assert unit is not None
    assert unit.aliases[-1] == "城管大队"
    assert run(office, "import", str(table), "--apply")[1].count("变更 刘洋") == 0
    # From now on the file of the configuration is not followed.
    with office.database.work() as work:
        (note,) = keep_directory(work, office.desk, (), (), now=office.now)
    assert "名录由导入 (people import) 或管理页管理" in note
    assert "又在" not in run(office, "import", str(DIRECTORY), "--apply", "--lower-roles")[1]
    with office.database.work() as work:
        assert keep_directory(work, office.desk, work.people.units(), (), now=office.now) == ()
    assert person(office, "liuyang") is None


def test_whoever_an_import_lets_go_is_followed_up(office: Office, tmp_path: Path) -> None:
    url = "https://www.toutiao.com/article/7249559687354974759/"
    office.forwards("wangxiaoyu", "青禾路积水多日无人管 省电视台记者到场采访", url)
    office.says("sunlei", "1")
    text = DIRECTORY.read_text(encoding="utf-8").replace('userid = "liuyang"', 'userid = "new"')
    file = tmp_path / "d.toml"
    file.write_text(text, encoding="utf-8")
    said = run(office, "import", str(file), "--apply")[1]
    assert "离开 刘洋 (liuyang)" in said
    assert "名录从此由导入管理" in said
    assert "刘洋 (市城管局责任单位联络员) 按新名册调整" in to("zhaomin", office.leaving())


def test_what_cannot_be_read_changes_nothing(office: Office, tmp_path: Path) -> None:
    bad = tmp_path / "d.toml"
    bad.write_text("[[unit]]\n", encoding="utf-8")
    status, said = run(office, "import", "contacts")
    assert (status, "没有导入: 服务器的出口 IP" in said) == (2, True)
    table = tmp_path / "t.csv"
    table.write_bytes(b"\xff\xfe\x00")
    assert run(office, "import", str(table))[0] == 2


def test_the_directory_is_listed_and_checked(office: Office) -> None:
    status, said = run(office, "list")
    assert status == 0
    assert "市城管局 (chengguan)\n  何青 (heqing) 责任单位联络员 (副) 0000-8120102" in said
    assert run(office, "check") == (0, "没有可疑之处。\n")
    with office.database.work() as work:
        work.people.leave("zhaomin", office.now)
    assert run(office, "check") == (1, "- 没有人是值班员\n1 处可疑。\n")
