"""What is asked all day long is answered from an index, however much has been kept."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPICursor

from cases.statistics.behind import Number, What
from storage.board import Wanted
from storage.cases import NewReport
from storage.database import Database
from storage.gathering import Unsent
from storage.stale import Kind
from storage.states import OneTimeKind, ReportKind, SubjectType
from storage.statistics import Bounds
from storage.work import Work
from tests.storage.builders import NOW, heard, link, message, new_clock, open_case, reminder, timer

MONTH = Bounds(NOW - timedelta(days=30), NOW, unit="zjj", level="二级", platform="微博")
ASKED: dict[str, Callable[[Work], object]] = {
    "keep": lambda work: work.inbox.keep([heard("c")]),
    "next waiting": lambda work: work.inbox.next_waiting(),
    "next of others": lambda work: work.inbox.next_waiting(["li", "wang"]),
    "known callback": lambda work: work.inbox.has("a"),
    "waiting": lambda work: (work.inbox.waiting_count(), work.inbox.oldest_waiting()),
    "put": lambda work: work.outbox.put(message("c")),
    "claim": lambda work: work.outbox.claim(NOW, "me"),
    "still wanted": lambda work: work.outbox.still_wanted(1),
    "doubtful": lambda work: work.outbox.earlier_unknown(1, 2),
    "recalls": lambda work: work.outbox.recalls(),
    "dead letters": lambda work: work.outbox.dead_letters(),
    "counts": lambda work: work.outbox.counts(NOW - timedelta(days=1)),
    "oldest": lambda work: work.outbox.oldest_waiting(NOW),
    "set": lambda work: work.timers.set(timer("x")),
    "due": lambda work: (work.timers.due(NOW, 1), work.timers.due(NOW, 100)),
    "next timer": lambda work: work.timers.next_at(),
    "lock timer": lambda work: work.timers.lock(1),
    "running": lambda work: work.clocks.running(1),
    "settle": lambda work: work.clocks.settle(1, "li", NOW),
    "restart": lambda work: work.clocks.start(new_clock(1)),
    "close": lambda work: work.cases.close_links(1),
    "cancel": lambda work: work.timers.cancel_for_case(1, "", NOW),
    "silence": lambda work: work.outbox.cancel_for_case(1, "", NOW),
    "load": lambda work: work.cases.load(1),
    "save": lambda work: work.cases.save(work.cases.load(1), (), by="zhao", now=NOW),
    "known link": lambda work: work.cases.open_by_link("weibo/1"),
    "number": lambda work: work.cases.by_number("YQ-20261120-001"),
    "list": lambda work: work.cases.list_open(),
    "next page": lambda work: work.cases.list_open(before=9),
    "count open": lambda work: work.cases.count_open(),
    "open cases": lambda work: work.cases.find_open(),
    "of a unit": lambda work: work.cases.find_open(unit="zjj"),
    "clocks of a case": lambda work: work.clocks.of_case(1),
    "statistics": lambda work: (
        work.statistics.registered(MONTH),
        work.statistics.closed(MONTH),
        work.statistics.steps(MONTH),
        work.statistics.repeats(MONTH),
        work.statistics.reminders(MONTH),
        work.day_sums.days(MONTH, NOW),
        work.board.listed([1, 2]),
    ),
    "history": lambda work: work.cases.history(1),
    "links": lambda work: (work.cases.links(1), work.cases.main_link(1)),
    "head": lambda work: work.audit.head(),
    "alarm": lambda work: work.alarms.sound("kind", "text", NOW),
    "approvals": lambda work: (work.approvals.pending(), work.approvals.pending(1)),
    "choice": lambda work: work.questions.take("li", 1, now=NOW),
    "of unit": lambda work: work.people.of_unit("zjj"),
    "budget": lambda work: work.budgets.take("app", 1, 60, NOW),
    "on duty": lambda work: (work.roster.shifts(NOW, NOW), work.roster.changes(NOW, NOW)),
    "held": lambda work: (work.hushes.phoned(1, 1, NOW), work.hushes.muted(1, NOW)),
    "reminded": lambda work: (
        work.records.times_reminded(1),
        work.gathering.waiting(),
        work.gathering.lock([1]),
        work.gathering.unsent("li"),
        work.gathering.held_by(Unsent(1, "digest", NOW)),
        work.records.reminders_of_case(1, "li"),
        work.records.reminders_since(NOW),
    ),
    "let go": lambda work: work.gathering.let_go([1]),
    "merged": lambda work: work.gathering.merge([1], "digest", "并入汇总"),
    "again": lambda work: (
        work.cases.closed_by_link(["weibo/1"], NOW),
        work.cases.merged_into("YQ-20261120-001"),
        work.cases.closed_lately(),
        work.cases.acts_since("li", NOW),
        work.cases.waiting_since(NOW),
        work.case_lists.line_of(1),
        work.case_lists.lines(1),
    ),
    "rung": lambda work: work.timers.ended_slots((SubjectType.CASE, 1), "签收", 1),
    "board": lambda work: (
        work.board.urgent(Wanted(sees_all=True), 50),
        work.board.urgent(Wanted(unit="zjj", reporter="li", holders=["zjj"], roles=["x"]), 50),
        work.board.count(Wanted(sees_all=True, holders=["office"], roles=["x"])),
        work.board.linked("weibo/1", 50),
        work.board.messages(1),
        work.cases.open_among([1]),
        work.openings.of_case(1),
    ),
    "behind": lambda work: (
        work.behind.cases(MONTH, Number(level="二级", hour=9)),
        work.behind.done(MONTH, Number(What.STEPS, step="签收")),
        work.behind.steps([1]),
    ),
    "stale": lambda work: (work.stale.first(Kind.DAY, 9, 99_999), work.stale.marks(Kind.DAY, [1])),
    "add up": lambda work: work.day_sums.count(20_777),
    "keep sums": lambda work: work.day_sums.keep(work.day_sums.count(20_777)),
    "titles": lambda work: work.titles.having("积水", 50),
    "index": lambda work: work.titles.index([1]),
    "repeat": lambda work: work.cases.add_report(
        NewReport(1, ReportKind.REPEAT, "wang", NOW, "又来", None)
    ),
    "new case": lambda work: open_case(work, "又一件"),
    "session": lambda work: (
        work.sessions.live("x"),
        work.sessions.of_person("li", NOW),
        work.sessions.use_link("x", NOW),
        work.sessions.use_once(OneTimeKind.FORM, "x", by="li", now=NOW, until=NOW),
    ),
    "token": lambda work: work.tokens.begin_refresh("app", NOW),
}


@pytest.fixture
def plans(sqlite_database: Database) -> Iterator[Callable[[Callable[[Work], object]], list[str]]]:
    """Carry something out and return how SQLite finds the rows of each of its statements."""
    with sqlite_database.work() as work:
        case = open_case(work)
        clock = work.clocks.start(new_clock(case.id))
        work.outbox.put(reminder("a", clock))
        work.timers.set(timer(clock=clock))
        work.cases.add_links(case.id, [link("weibo/1")])
        work.inbox.keep([heard("a")])
    asked: list[tuple[str, Any]] = []
    engine = sqlite_database._engine  # noqa: SLF001 -- what users cannot see

    def note(_connection: Connection, _cursor: DBAPICursor, *what: Any) -> None:  # noqa: ANN401
        statement, values, *_ = what
        if not statement.startswith(("BEGIN", "EXPLAIN")):
            asked.append((statement, values))

    def of(act: Callable[[Work], object]) -> list[str]:
        with sqlite_database.work() as work:
            act(work)
        found = []
        with engine.connect() as connection:
            for statement, values in asked:
                one = values[0] if isinstance(values, list) else values
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", one)
                found += [row[3] for row in rows]
        return found

    event.listen(engine, "before_cursor_execute", note)
    yield of
    event.remove(engine, "before_cursor_execute", note)


def test_what_waits_is_not_looked_for_among_all_that_was_said(
    plans: Callable[[Callable[[Work], object]], list[str]],
) -> None:
    found = plans(lambda work: (work.outbox.late_count(NOW), work.outbox.oldest_waiting(NOW)))
    assert found
    assert not [line for line in found if "ix_outbox_first" in line]


@pytest.mark.parametrize("asked", ASKED)
def test_nothing_that_is_asked_often_reads_a_whole_table(
    plans: Callable[[Callable[[Work], object]], list[str]], asked: str
) -> None:
    found = plans(ASKED[asked])
    # The rows just chosen; the cases that are one matter; a row that is given; the chain's end.
    harmless = ("SCAN chosen", "SCAN family", "SCAN CONSTANT ROW", "SCAN audit")
    whole = [line for line in found if line.startswith("SCAN") and "USING" not in line]
    assert [line for line in whole if not line.startswith(harmless)] == []
    assert found or asked in {"keep", "put", "set", "alarm"}
