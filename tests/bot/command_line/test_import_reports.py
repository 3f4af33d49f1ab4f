"""Tables of reports: tried out, imported once, told row by row; hostile files are refused."""

import io
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
import typer
from typer.testing import CliRunner

from bot.command_line.import_reports import add_commands
from bot.command_line.tables import Opened
from bot.sheets import UnreadableTableError, read_rows
from storage.database import Database
from tests.support.office import Office

TABLE = """\
编号,标题,平台,链接,发布时间,内容,涉及单位,转发量,作者,粉丝数
1,三中食堂吃出虫子,微博,https://weibo.com/1234567890/P0w7ex6A3,11月20日 8:12,,教体局,3.2万,小北,99
2,锦绣花园停水三天,百度贴吧,https://tieba.baidu.com/p/9123456789,,居民反映,,,,

3,三中食堂,微博,https://m.weibo.cn/status/P0w7ex6A3,,,,,,
4,,,,,,,,,
5,绝密★文件,,,,,,,,
"""


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def run(office: Office, *arguments: str) -> tuple[int, str]:
    @contextmanager
    def opened(_config: Path) -> Iterator[Opened]:
        yield Opened(office.database, office.desk, office.now)

    app = typer.Typer()
    app.callback()(lambda: None)
    add_commands(app, opened)
    result = CliRunner().invoke(app, ["import-reports", *arguments])
    return result.exit_code, result.output


def numbers(office: Office) -> list[str]:
    with office.database.read() as work:
        return [case.short_number for case in work.cases.find_open()]


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(office: Office, table: Path) -> None:
    status, said = run(office, str(table), "--source", "周报", "--dry-run")
    assert status == 1
    assert "第 2 行: 将登记为 YQ-20261120-001" in said
    assert "第 5 行: 将并入 YQ-20261120-001 (第 2 次报告)" in said
    assert "第 6 行: 不会登记: 没看到链接" in said
    assert "不收: 作者、粉丝数" in said
    assert "没有存" in said
    assert numbers(office) == []


def test_an_import_is_told_row_by_row_and_may_be_repeated(office: Office, table: Path) -> None:
    status, said = run(office, str(table), "--source", "周报")
    assert status == 1
    assert "第 2 行: 登记为 YQ-20261120-001" in said
    assert "第 7 行: 没有登记: 像有涉密内容" in said
    assert "共 5 行, 2 行没有登记" in said
    assert numbers(office) == ["001", "002"]
    case = office.case()
    assert case.event_at is not None
    with office.database.read() as work:
        assert work.cases.metrics(case.id)[0].value == 32000.0
        assert "小北" not in "".join(report.text for report in work.cases.reports(case.id))
    _, again = run(office, str(table), "--source", "周报")
    assert "第 2 行: 跳过, 这个编号已登记在 YQ-20261120-001" in again
    assert numbers(office) == ["001", "002"]


def test_a_row_without_an_id_is_known_by_what_it_is_about(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("标题,链接\n停水,https://tieba.baidu.com/p/9123456789\n".encode("gb18030"))
    assert run(office, str(path), "--source", "周报")[0] == 0
    assert "跳过" in run(office, str(path), "--source", "周报")[1]


def test_a_table_that_cannot_be_read_is_refused(office: Office, tmp_path: Path) -> None:
    status, said = run(office, str(tmp_path / "none.csv"), "--source", "周报")
    assert status == 2
    assert "没有导入: 读不了" in said


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>标题</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>编号</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>=HYPERLINK("x")</t></is></c>'
    '<c r="B2"><v>7</v></c></row></sheetData></worksheet>'
)
PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/worksheets/sheet1.xml": SHEET,
}


def workbook(path: Path, more: dict[str, str] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (PARTS | (more or {})).items():
            archive.writestr(name, content)
    return path


def test_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    assert read_rows(workbook(tmp_path / "t.xlsx")) == [
        (2, {"标题": '=HYPERLINK("x")', "编号": "7"})
    ]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"../evil.xml": "x"}, "路径"),
        ({"/etc/passwd": "x"}, "路径"),
        ({"c:\\x": "x"}, "路径"),
        ({"xl/inner.zip": "x"}, "套着"),
        ({"xl/vbaProject.bin": "x"}, "套着"),
        ({"xl/bomb.xml": "0" * 30_000_000}, "压缩得过于厉害"),
        ({"xl/d.xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "DTD"),
        ({f"xl/{n}.xml": "x" for n in range(400)}, "过多"),
        ({"xl/workbook.xml": "<broken"}, "不是有效的 XLSX"),
    ],
    ids=["up", "root", "drive", "nested", "macro", "bomb", "dtd", "many", "broken"],
)
def test_b10_a_workbook_made_to_do_harm_is_refused(
    tmp_path: Path, more: dict[str, str], why: str
) -> None:
    with pytest.raises(UnreadableTableError, match=why):
        read_rows(workbook(tmp_path / "t.xlsx", more))


def test_b10_links_encryption_and_lies_about_size_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnreadableTableError, match="路径"):
        read_rows(path)
    raw = bytearray(workbook(path).read_bytes())
    place = raw.index(b"PK\x01\x02")
    raw[place + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(UnreadableTableError, match="密码"):
        read_rows(path)
    path.write_bytes(workbook(path).read_bytes()[:-40])
    with pytest.raises(UnreadableTableError, match="损坏"):
        read_rows(path)


def test_b10_what_unpacks_to_too_much_in_many_parts_is_refused(tmp_path: Path) -> None:
    block = Random(7).randbytes(2500).hex()  # noqa: S311 - only hard to compress
    more = {f"xl/{n}.xml": f"{n}{block * 100}" for n in range(130)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in more.items():
            archive.writestr(name, content)
    path = tmp_path / "t.xlsx"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(UnreadableTableError, match="过大"):
        read_rows(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x00\x01", "不是表格"),
        (b"\xff\xff\xff", "编码"),
        (b"a" * (10 * 1024 * 1024 + 1), "10 MB"),
        (b'a,b\n"' + b"x" * 200_000, "CSV"),
    ],
    ids=["binary", "encoding", "large", "field"],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableTableError, match=why):
        read_rows(path)


@pytest.mark.parametrize(("rows", "fits"), [(4999, True), (5000, True), (5001, False)])
def test_five_thousand_rows_are_the_most(tmp_path: Path, rows: int, fits: bool) -> None:
    path = tmp_path / "t.csv"
    path.write_text("标题\n" + "x\n" * rows)
    if fits:
        assert len(read_rows(path)) == rows
        return
    with pytest.raises(UnreadableTableError, match="5000 行"):
        read_rows(path)
