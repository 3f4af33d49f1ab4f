"""What the pages cost beside 100 000 closed cases: `python -m bench.board [--write]`.

Answers are timed over HTTP, with nothing and with everything kept; then Debian's Chromium opens
each page with an empty cache, on a desk and on a telephone, and its own trace is read.
"""

import argparse
import math
import os
import platform
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser
from sqlalchemy import create_engine, text

from bench.commit import commit
from bot.keeping_ready import keep_ready
from storage.database import Database
from tests.support.browser import chromium
from tests.support.edge import Server, served
from tests.support.pages import Pages, open_pages
from tests.support.trace import Seen, look

HOME = Path(__file__).parents[1]
REPORT = HOME / "docs" / "evidence" / "board.md"
OPEN = 200
CLOSED = 100_000
LOOKS = 20
YEARS = 3  # over which the closed ones came in
MOST_MS, MOST_KIB, MOST_JUMP = 100, 150, 0.05
SIZES = {"desk": (1280, 900), "phone": (360, 740)}
DIRECTOR, UNIT = "sunlei", "liuyang"
_ROWS = 4  # of each table for one closed case
_WORDS = ("青禾路积水", "锦绣花园停水", "三中食堂", "北环路塌陷", "红旗超市")


@dataclass(frozen=True, slots=True)
class Answer:
    """How long one page took to answer, in milliseconds, and how much it said."""

    half: float
    nine: float
    cpu: float  # of both ends: what the machine's other work does not lengthen
    kib: float


def pages_of(case: str) -> dict[str, tuple[str, str]]:
    """The pages that are measured: who opens them, and where they are."""
    return {
        "我的待办": (DIRECTOR, "/"),
        "全部在办": (DIRECTOR, "/?show=all"),
        "值班看板": (DIRECTOR, "/board"),
        "大屏": (DIRECTOR, "/board?wall=1"),
        "案件页": (DIRECTOR, f"/case/{case}"),
        "统计 本月": (DIRECTOR, "/statistics?period=month"),
        "统计 本月 (一个单位)": (UNIT, "/statistics?period=month"),
        "统计 上月": (DIRECTOR, "/statistics?period=last-month"),
        "统计 今年": (DIRECTOR, "/statistics?period=year"),
        "统计明细": (DIRECTOR, "/statistics/list?period=month&what=cases"),
        "统计明细 今年": (DIRECTOR, "/statistics/list?period=year&what=cases"),
        "统计明细 今年签收": (
            DIRECTOR,
            "/statistics/list?period=year&what=steps&step=签收&how=in_time",
        ),
        "搜索 编号": (DIRECTOR, f"/search?q={case}"),
        "搜索 标题": (DIRECTOR, "/search?q=积水"),
        "搜索 没有的词": (DIRECTOR, "/search?q=没有这样的词"),
    }


def fill(pages: Pages) -> str:
    """Open cases, some signed and reported; return the number of one with a long history."""
    numbers = []
    for nth in range(OPEN):
        pages.office.passes(minutes=1)
        words = f"第{nth}处{_WORDS[nth % len(_WORDS)]} 省电视台采访"
        numbers.append(pages.case(words, ("城管局", "住建局", "教体局")[nth % 3]))
        if nth % 4 == 0:
            pages.office.says("liuyang", f"签收 {numbers[-1]}")
    pages.office.says("liuyang", f"{numbers[0]} 首报: 已到现场, 正在抽排")
    return numbers[0]


def close_many(path: Path, count: int) -> None:
    """Add closed cases of three years, each with its part, clocks, events, report and messages."""
    engine = create_engine(f"sqlite:///{path}")
    step = YEARS * 365 * 24 * 60 / count
    with engine.begin() as connection:
        connection.execute(text("CREATE TEMP TABLE n AS " + _NUMBERS), {"count": count})
        for table, put in _copies(step).items():
            names = [row[1] for row in connection.execute(text(f"PRAGMA table_info({table})"))]
            connection.execute(text(_copy(table, names, put)), {"first": OPEN + 1000})
        for stale in _STALE:  # rows put in beside the stores are marked by nobody else
            connection.execute(text(f"INSERT INTO stale (kind, which) {stale}"))
    engine.dispose()


_STALE = (
    "SELECT 'day', DISTINCT_DAY FROM (SELECT reported_at AS at FROM case_file"
    " UNION ALL SELECT closed_at FROM case_file WHERE closed_at IS NOT NULL"
    " UNION ALL SELECT due_at FROM clock) GROUP BY 2".replace(
        "DISTINCT_DAY", "(CAST(strftime('%s', at) AS INTEGER) + 28800) / 86400"
    ),
    "SELECT 'title', id FROM case_file",
)


_NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
    "SELECT i FROM n"
)
_CASE = ":first + i"
_WORD = "CASE i % 5 " + " ".join(f"WHEN {n} THEN '{w}'" for n, w in enumerate(_WORDS)) + " END"


def _back(column: str, step: float) -> str:
    ago = f"'-' || CAST(i * {step} AS INTEGER) || ' minutes'"
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {column}, {ago})"


def _copies(step: float) -> dict[str, dict[str, str]]:
    """For each table what is put into the copies of the rows of the first case."""
    closed = {
        "id": _CASE,
        "number": "'YQ-20250101-' || i",
        "title": f"'第' || i || '处' || {_WORD}",
        "state": "'closed'",
        "lead_unit": "CASE i % 3 WHEN 0 THEN 'chengguan' WHEN 1 THEN 'zhujian' ELSE 'jiaoti' END",
        "platform": "CASE i % 2 WHEN 0 THEN '微博' ELSE '抖音' END",
        "level": "CASE i % 9 WHEN 0 THEN '一级' WHEN 1 THEN '二级' ELSE '三级' END",
        "reported_at": _back("t.reported_at", step),
        "closed_at": _back("t.reported_at", step),
    }
    clock = {
        "id": "NULL",
        "case_id": _CASE,
        "subject_id": _CASE,
        "state": "'settled'",
        "started_at": _back("t.started_at", step),
        "due_at": _back("t.due_at", step),
        "ended_at": _back("t.due_at", step),
    }
    message = {
        "id": "NULL",
        "key": "'copy:' || i || ':' || t.id",
        "case_id": _CASE,
        "clock_id": "NULL",
        "kind": "'remind-D-1'",
        "state": "'sent'",
        "first_at": _back("t.first_at", step),
    }
    return {
        "case_file": closed,
        "assignment": {"id": ":first + i + 1000000", "case_id": _CASE},
        "clock": clock,
        "case_event": {"id": "NULL", "case_id": _CASE},
        "report": {"id": "NULL", "case_id": _CASE},
        "outbox": message,
    }


def _copy(table: str, names: list[str], put: dict[str, str]) -> str:
    values = ", ".join(put.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    of = "id" if table == "case_file" else "case_id"
    like = f"(SELECT * FROM {table} WHERE {of} = 1 ORDER BY id LIMIT {_ROWS})"  # noqa: S608 - ours
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM n, {like} AS t"  # noqa: S608


def answers(pages: Pages, case: str) -> dict[str, Answer]:
    """Ask each page some times; the first time is not counted."""
    found = {}
    for name, (who, path) in pages_of(case).items():
        browser, took, size = pages.as_(who), list[float](), 0
        worked = 0.0
        for nth in range(LOOKS + 1):
            started, spent = time.perf_counter(), time.process_time()
            answer = browser.get(path)
            if nth:
                took.append((time.perf_counter() - started) * 1e3)
                worked += (time.process_time() - spent) * 1e3
            assert answer.status_code == 200, (path, answer.text)
            size = len(answer.content)
        sys.stderr.write(f"{name}: {median(took):.0f} ms, CPU {worked / LOOKS:.0f} ms\n")
        found[name] = Answer(median(took), quantiles(took, n=10)[-1], worked / LOOKS, size / 1024)
    return found


def seen(running: Browser, pages: Pages, case: str) -> dict[tuple[str, str], Seen]:
    """Open each page in the browser at each size."""
    found = {}
    for size, (width, height) in SIZES.items():
        for name, (who, path) in pages_of(case).items():
            held = pages.as_(who).http.cookies[pages.place.session_cookie]
            context = running.new_context(viewport={"width": width, "height": height})
            context.add_cookies(
                [{"name": pages.place.session_cookie, "value": held, "url": pages.url}]
            )
            page = context.new_page()
            found[size, name] = look(running, page, f"{pages.url}{path}")
            context.close()
    return found


def report(
    told: dict[int, dict[str, Answer]],
    views: dict[tuple[str, str], Seen],
    closed: int,
    ready: float,
) -> str:
    """Write it down, what was missed too."""
    none, many = told[0], told[1]
    lines = [
        "# What the pages cost\n",
        "Made by `python -m bench.board --write`: SQLite, the pages over HTTP on one machine, then",
        "Debian's Chromium with an empty cache, its own trace read.\n",
        f"Commit {commit()}, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()},",
        f"{OPEN} open cases; medians and ninth tenths of {LOOKS} answers, the load of the machine",
        f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. CPU is what both ends computed in",
        f"the mean. The closed ones came in over {YEARS} years: about {closed // (YEARS * 12):,}",
        "in a month. To add them all up and to index their titles took the service once",
        f"{ready:.0f} s of CPU.\n",
        f"Goals: {MOST_MS} ms, {MOST_KIB} KiB for the first view, jumps below {MOST_JUMP}.\n",
        f"| page | no closed case | {closed:,} closed | nine of ten | CPU | HTML |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, one in many.items():
        missed = " **missed**" if one.half > MOST_MS else ""
        lines.append(
            f"| {name} | {none[name].half:.0f} ms | {one.half:.0f} ms{missed} | {one.nine:.0f} ms "
            f"| {one.cpu:.0f} ms | {one.kib:.0f} KiB |"
        )
    lines += [
        "",
        "| page | width | first paint | largest paint | jumps | first view |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for (size, name), view in views.items():
        big = " **missed**" if view.kib > MOST_KIB else ""
        jumps = " **missed**" if view.jumps >= MOST_JUMP else ""
        lines.append(
            f"| {name} | {SIZES[size][0]} px | {view.first_paint:.0f} ms "
            f"| {view.largest_paint:.0f} ms | {view.jumps:.3f}{jumps} | {view.kib:.0f} KiB{big} |"
        )
    return "\n".join(lines) + "\n"


def run(folder: Path, closed: int) -> str:
    template, ready = folder / "open.db", 0.0
    database = Database(f"sqlite:///{template}", audit_key=b"bench" * 8)
    database.upgrade()
    told: dict[int, dict[str, Answer]] = {}
    views: dict[tuple[str, str], Seen] = {}
    server = Server()
    with served(server) as port, chromium() as running:
        pages = open_pages(database, folder, (server, port))
        case = fill(pages)
        for nth, count in enumerate((0, closed)):
            if count:
                close_many(template, count)
                began = time.process_time()
                keep_ready(database, pages.office.now, seconds=math.inf)
                ready = time.process_time() - began
            told[nth] = answers(pages, case)
        views = seen(running, pages, case)
        pages.close()
    database.close()
    return report(told, views, closed, ready)


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--write", action="store_true", help="keep the report in docs/evidence")
    asked.add_argument(
        "--closed", type=int, default=CLOSED, help="closed cases beside the open ones"
    )
    chosen = asked.parse_args()
    place = Path(tempfile.mkdtemp(prefix="duban-board-"))
    try:
        made = run(place, chosen.closed)
    finally:
        shutil.rmtree(place)
    sys.stdout.write(made)
    if chosen.write:
        REPORT.write_text(made, encoding="utf-8")
