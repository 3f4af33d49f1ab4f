"""导出: opened again by other programs; masked, noted in the audit, bounded (F01–F03, F06–F08)."""

import csv
import hashlib
import io
import json
import re
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace

import httpx
import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell

from bot import tables_out as sheets
from bot.board import exports
from tests.support.pages import Pages

HOSTILE = (
    '=HYPERLINK("http://evil.example","点我")',
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "{=1+1}",
    "#REF!",
    "http://evil.example",
    "=1+1\x00\x0b\ud800\uffff",
    "长" * 40_000,
    "../../etc/passwd\r\n\"'\u202ecod.exe",
)


def titled(pages: Pages, title: str) -> str:
    number = pages.case("青禾路积水 省电视台采访")
    with pages.office.database.work() as work:
        case = work.cases.by_number(number)
        assert case is not None
        kept = title.encode("utf-8", "replace").decode().replace("\0", "")
        hurt = replace(case, title=kept, summary=f"来电 13800138000 {kept}", platform=kept[:50])
        work.cases.save(hurt, [], by="t", now=pages.office.now)
    return number


def export(pages: Pages, who: str, **asked: str) -> httpx.Response:
    browser = pages.as_(who)
    csrf = browser.hidden("/sessions")["csrf"]
    given = {"csrf": csrf, "list": "board", "query": "", "format": "xlsx"} | asked
    return browser.post("/export", given)


def cells(answer: httpx.Response) -> list[list[Cell]]:
    assert answer.status_code == 200, answer.text
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    return [[one for one in row if isinstance(one, Cell)] for row in sheet.iter_rows()]


def rows_of(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def exported(pages: Pages) -> list[dict[str, object]]:
    with closing(sqlite3.connect(pages.folder / "duban.db")) as rows:
        found = rows.execute(
            "SELECT actor, details FROM audit WHERE action = 'export' ORDER BY seq"
        )
        return [{"actor": actor, **json.loads(details)} for actor, details in found]


def test_f01_every_cell_of_a_table_is_a_word(pages: Pages) -> None:
    numbers = [titled(pages, title) for title in HOSTILE]
    answer = export(pages, "sunlei")
    rows = cells(answer)
    shown = {row[0].value: row for row in rows}
    assert set(numbers) <= set(shown)
    for row in rows:
        for cell in row:
            assert cell.data_type in {"s", "n"}
            assert cell.hyperlink is None
            assert cell.data_type == "n" or cell.quotePrefix
    assert shown[numbers[0]][1].value == HOSTILE[0]
    assert shown[numbers[7]][1].value == "#REF!"


def test_f02_csv_keeps_a_sign_before_what_would_run(pages: Pages) -> None:
    numbers = {titled(pages, title): title for title in HOSTILE[:6]}
    for row in rows_of(export(pages, "sunlei", format="csv")):
        assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row)
        if row[0] in numbers:
            assert row[1] == f"'{numbers[row[0]]}"


def test_f03_one_bad_character_does_not_spoil_the_file(pages: Pages) -> None:
    number, long = titled(pages, HOSTILE[9]), titled(pages, HOSTILE[10])
    shown = {row[0].value: row[1].value for row in cells(export(pages, "sunlei"))}
    assert shown[number] == "=1+1?"  # a half character is no character: the database has none
    assert str(shown[long]).endswith("…(已截断)")
    assert len(str(shown[long])) == 32_767


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_f06_who_may_not_takes_nothing_out_and_a_unit_only_its_own(
    pages: Pages,
    format: str,  # noqa: A002 - the field's name
) -> None:
    own, other = pages.case(unit="城管局"), pages.case(unit="住建局")
    refused = export(pages, "wangxiaoyu", format=format)
    assert refused.status_code == 403
    assert "您的身份不能导出" in refused.text
    for asked in (
        {"list": "board", "query": "unit=zhujian"},
        {"list": "board", "query": ""},
        {"list": "todo", "query": "show=all"},
        {"list": "numbers", "query": "what=cases&period=month&unit=zhujian"},
    ):
        answer = export(pages, "liuyang", format=format, **asked)
        assert answer.status_code == 200
        found = rows_of(answer) if format == "csv" else cells(answer)
        text = repr([[getattr(cell, "value", cell) for cell in row] for row in found])
        assert other not in text
        assert own in text or asked["query"] == "unit=zhujian"


def test_f06_a_table_has_an_end_and_not_all_are_made_at_once(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.case()
    pages.case()
    monkeypatch.setattr(exports, "MOST_ROWS", 1)
    monkeypatch.setattr("handlers.pages.exports.MOST_ROWS", 1)
    answer = export(pages, "sunlei")
    assert answer.status_code == 400
    assert "超过 1 行" in answer.text
    many = export(pages, "sunlei", list="numbers", query="what=cases&period=month")
    assert many.status_code == 400
    monkeypatch.setattr(exports, "MOST_ROWS", 1000)
    monkeypatch.setattr("handlers.pages.exports.MOST_ROWS", 1000)
    monkeypatch.setattr(exports, "_WAIT_SECONDS", 0.01)
    busy, made = threading.Semaphore(0), threading.Semaphore(0)
    real = sheets.as_csv

    def slowly(*table: object) -> bytes:
        made.release()
        busy.acquire()
        return real(*table)  # type: ignore[arg-type]

    monkeypatch.setattr(exports, "as_csv", slowly)
    csrf = pages.as_("sunlei").hidden("/sessions")["csrf"]
    given = {"csrf": csrf, "list": "board", "query": "", "format": "csv"}
    answers: list[int] = []

    def take() -> None:
        answers.append(pages.as_("sunlei").post("/export", given).status_code)

    waiting = [threading.Thread(target=take) for _ in range(exports.AT_ONCE)]
    for one in waiting:
        one.start()
    for _ in waiting:
        assert made.acquire(timeout=10)
    assert export(pages, "sunlei", format="csv").status_code == 503
    for _ in waiting:
        busy.release()
    for one in waiting:
        one.join()
    assert answers == [200, 200]


@pytest.mark.parametrize("query", ["level=../..%0d%0aX-Evil: 1", "platform=%22%E2%80%AEexe.cod"])
def test_f07_a_files_name_is_ours_alone(pages: Pages, query: str) -> None:
    answer = export(pages, "sunlei", query=query)
    named = answer.headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="duban-board-\d{8}-\d{4}\.xlsx"', named)
    assert "x-evil" not in answer.headers


def test_f08_numbers_of_people_are_masked_and_the_audit_says_who_took_what(pages: Pages) -> None:
    number = titled(pages, "请回电 13800138000")
    answer = export(pages, "sunlei", query="level=二级")
    rows = [[str(cell.value or "") for cell in row] for row in cells(answer)]
    assert "13800138000" not in repr(rows)
    assert ["138****8000" in row[1] for row in rows if row[0] == number] == [True]
    assert "孙磊 (sunlei)" in rows[0][0]
    assert "10:" in rows[0][0]
    last = exported(pages)[-1]
    assert last["actor"] == "sunlei"
    assert last["filter"] == "level=%E4%BA%8C%E7%BA%A7"
    assert last["rows"] == len(rows) - 2
    assert last["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert last["whole"] is False


def test_f08_whole_fields_want_a_reason_and_the_office(pages: Pages) -> None:
    titled(pages, "请回电 13800138000")
    without = export(pages, "sunlei", full="1", format="csv")
    assert without.status_code == 403
    assert "写明用途" in without.text
    unit = export(pages, "liuyang", full="1", reason="要看全部内容", format="csv")
    assert unit.status_code == 403
    answer = export(pages, "sunlei", full="1", reason="报市委宣传部", format="csv")
    rows = rows_of(answer)
    assert rows[0][-2:] == ["内容", "诉求"]
    assert "13800138000" in repr(rows)
    assert "未遮盖" in rows[-1][0]
    assert exported(pages)[-1]["reason"] == "报市委宣传部"


def test_an_export_is_only_made_for_our_own_form(pages: Pages) -> None:
    browser = pages.as_("sunlei")
    given = {"list": "board", "query": "", "format": "xlsx"}
    assert browser.post("/export", given | {"csrf": "x"}).status_code == 403
    csrf = browser.hidden("/sessions")["csrf"]
    foreign = browser.post("/export", given | {"csrf": csrf}, origin="https://evil.example")
    assert foreign.status_code == 403
    assert export(pages, "sunlei", list="secrets").status_code == 404
    assert export(pages, "sunlei", format="exe").status_code == 400
    assert browser.get("/export").status_code == 405


def test_the_statistics_as_a_table_say_what_the_page_says(pages: Pages) -> None:
    pages.case()
    page = pages.as_("sunlei").text("/statistics")
    rows = rows_of(export(pages, "sunlei", list="statistics", query="period=month", format="csv"))
    registered = next(row for row in rows if row[:2] == ["总数", "登记"])
    assert f"{registered[2]} 登记" in page
    shares = {row[0]: row[2] for row in rows if row[1:2] == ["按时率"]}
    assert f"签收 {shares['签收']}" in page
    assert ["周五 10 时" in row[1] for row in rows if row[0] == "登记时段"]
    table = cells(export(pages, "sunlei", list="statistics"))
    counts = [row[2] for row in table if row[0].value == "等级"]
    assert all(cell.data_type == "n" for cell in counts)
    assert counts
