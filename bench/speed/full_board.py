"""A duty board with two hundred open cases beside very many closed ones, and what a look costs."""

import time
from dataclasses import replace
from datetime import timedelta
from statistics import median

from sqlalchemy import Engine, text

from bot.board.drawing import draw
from cases.people import Person, Role
from handlers.pages.duty_board import Chosen
from storage.database import Database
from storage.states import ClockState
from storage.tables.cases import CASE
from storage.tables.clocks import CLOCK
from tests.storage.builders import NOW, new_clock, open_case

OPEN = 200
LOOKS = 30
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
_ID = ":first + i"
_SETTLED = ClockState.SETTLED.value
OFFICER = Person("sunlei", "孙磊", frozenset({Role.OFFICE_DIRECTOR}), None)


def fill(database: Database) -> None:
    """Open cases with three clocks each."""
    for nth in range(OPEN):
        with database.work() as work:
            case = open_case(work, f"第{nth}处路灯不亮")
            for step in ("签收", "首报", "回应"):
                due = NOW + timedelta(minutes=nth)
                work.clocks.start(replace(new_clock(case.id, step), due_at=due))


def close_many(engine: Engine, count: int) -> None:
    """Add closed cases like the first one, each with three ended clocks and one event."""
    with engine.begin() as connection:
        for statement in _copies():
            connection.execute(text(statement), {"count": count, "first": OPEN})


def _copies() -> tuple[str, ...]:
    case = {"id": _ID, "number": "'YQ-20250101-' || i", "state": "'closed'"}
    clock = {"case_id": _ID, "state": f"'{_SETTLED}'", "subject_id": _ID}
    of_clock = [column.name for column in CLOCK.c if column.name != "id"]
    event = {"case_id": _ID, "seq": "1", "kind": "'reported'", "data": "'{}'"}
    event |= {"by": "'t'", "at": "t.reported_at"}
    return (
        _copy(
            "case_file", [column.name for column in CASE.c], case, "case_file AS t WHERE t.id = 1"
        ),
        _copy("clock", of_clock, clock, "clock AS t WHERE t.case_id = 1"),
        _copy("case_event", list(event), event, "case_file AS t WHERE t.id = 1"),
    )


def _copy(table: str, names: list[str], put: dict[str, str], like: str) -> str:
    values = ", ".join(put.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) {_NUMBERS} SELECT {values} FROM n, {like}"  # noqa: S608 - ours


def milliseconds(database: Database) -> float:
    """Return the median of drawing fifty rows."""
    drawn = []
    for _ in range(LOOKS):
        started = time.perf_counter()
        with database.read() as work:
            draw(work, OFFICER, Chosen(), NOW)
        drawn.append(time.perf_counter() - started)
    return median(drawn) * 1e3
