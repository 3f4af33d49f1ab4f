"""导出: a list or the statistics as a file. Made in memory and streamed: no file lies about.

Two are made at a time, others wait a little; each has at most `MOST_ROWS` rows.
"""

import threading
from dataclasses import replace
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from bot.board.answers import HEADERS, PageRoute, StopError, notice
from bot.board.asking import asked_in, number_in, query
from bot.board.cases import Parts
from bot.board.drawing import chosen_among
from bot.board.drawing import query as board_query
from bot.board.forms import Form, read_form, typed
from bot.board.gate import Gate, Guest
from bot.tables_out import as_csv, as_xlsx
from cases.beijing import in_beijing
from cases.cells import Table
from cases.errors import RefusalError
from cases.statistics.behind import Number
from handlers.pages.duty_board import wanted
from handlers.pages.exports import (
    MOST_ROWS,
    Taken,
    TooManyError,
    case_table,
    must_be_allowed,
    note,
    number_table,
    statistics_table,
)
from handlers.pages.listing import wanted_by
from handlers.pages.numbers import all_behind, rows_of
from handlers.pages.statistics import Asked, bounds, statistics
from storage.board import Wanted
from storage.work import Work

AT_ONCE = 2
_WAIT_SECONDS = 10
_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_LONGEST_QUERY = 1000


class Exports:
    """Makes tables, a few at a time."""

    def __init__(self, parts: Parts, gate: Gate) -> None:
        self._parts = parts
        self._gate = gate
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def give(self, guest: Guest, form: Form) -> Response:
        """Make what a form asks for, note it in the audit, and give it out."""
        kind = form.one("format")
        given = {
            name: typed(value) for name, value in parse_qsl(form.one("query")[:_LONGEST_QUERY])
        }
        taken = Taken(
            guest.visitor.person,
            query="",
            is_whole=form.one("full") == "1",
            reason=form.one("reason"),
            now=self._parts.clock(),
        )
        if kind not in _KINDS:
            return _refused("请选择导出 Excel 或 CSV。", 400)
        try:
            must_be_allowed(taken)
        except RefusalError as refused:
            return _refused(str(refused), 403)
        if not self._turns.acquire(timeout=_WAIT_SECONDS):
            return _refused("现在导出的人较多, 请过一分钟再试。", 503)
        try:
            return self._made(taken, form.one("list"), given, kind)
        except TooManyError:
            return _refused(f"超过 {MOST_ROWS} 行, 请缩小时间或条件后再导出。", 400)
        finally:
            self._turns.release()

    def _made(self, taken: Taken, name: str, given: dict[str, str], kind: str) -> Response:
        with self._parts.database.read() as work:
            said, table = self._table(work, taken, name, given)
        taken = replace(taken, query=said)
        content = (as_xlsx if kind == "xlsx" else as_csv)(table, taken.mark)
        self._parts.database.run(lambda work: note(work, taken, table, content, kind))
        headers = HEADERS | {
            "Content-Disposition": f'attachment; filename="{_named(taken, table)}.{kind}"'
        }
        return Response(content, media_type=_KINDS[kind], headers=headers)

    def _table(
        self, work: Work, taken: Taken, name: str, given: dict[str, str]
    ) -> tuple[str, Table]:
        """Return the filter as we understood it, and the table."""
        person, now = taken.person, taken.now
        match name:
            case "statistics":
                asked = asked_in(given)
                shown = statistics(work, self._parts.desk, person, asked, now)
                return query(asked), statistics_table(shown)
            case "numbers":
                return self._numbers(work, taken, asked_in(given), number_in(given))
            case "todo":
                own = given.get("show") != "all"
                called = ("我的待办", "todo") if own else ("全部在办", "open")
                asked_for = wanted_by(person, own=own)
                return f"own={int(own)}", _open(work, asked_for, called, taken)
            case "board":
                chosen = replace(chosen_among(given), is_wall=False)
                return board_query(chosen), _open(
                    work, wanted(person, chosen, now), ("值班看板", "board"), taken
                )
            case _:
                raise StopError(_refused("没有这个清单。", 404))

    def _numbers(self, work: Work, taken: Taken, asked: Asked, number: Number) -> tuple[str, Table]:
        entries = all_behind(work, bounds(taken.person, asked, taken.now), number, taken.now)
        if len(entries) > MOST_ROWS:
            raise TooManyError
        rows = rows_of(work, entries, taken.now)
        table = number_table(rows, number.what.unit, is_whole=taken.is_whole)
        return query(asked, number), table


def _open(work: Work, asked_for: Wanted, called: tuple[str, str], taken: Taken) -> Table:
    urgent = work.board.urgent(asked_for, MOST_ROWS + 1)
    return case_table(work, called, [one.case_id for one in urgent], is_whole=taken.is_whole)


def _named(taken: Taken, table: Table) -> str:
    """Return the name of the file: ours alone, whatever the list or its filter is called (F07)."""
    return f"duban-{table.slug}-{in_beijing(taken.now):%Y%m%d-%H%M}"


def _refused(why: str, status: int) -> Response:
    return notice("没有导出", why, status)


def build_exports(parts: Parts, gate: Gate) -> APIRouter:
    """Return the address that gives tables out."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    exports = Exports(parts, gate)

    @router.post("/export")
    async def give(request: Request) -> Response:
        gate.must_be_ours(request)
        guest = await run_in_threadpool(gate.enter, request)
        form = await read_form(request)
        gate.must_match(guest, form.one("csrf"))
        return await run_in_threadpool(exports.give, guest, form)

    return router
