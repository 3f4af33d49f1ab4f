"""审计查询: who did what to which case and when, phones and numbers of people masked."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases.beijing import at_beijing, in_beijing
from cases.masking import mask
from handlers.admin.audit_words import ACTIONS, RESULTS, THINGS
from storage.audit import AuditRecord, Sought
from storage.work import Work

PAGE = 50
MOST_EXPORTED = 20_000
_AT_ONCE = 1000
_HEADS = ("序号", "时间", "人员", "账号", "角色", "动作", "对象", "编号", "结果", "详情")
_FORMULA = ("=", "+", "-", "@", "\t")  # with these a table program would compute


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody seeks: every field may be empty."""

    who: str = ""
    what: str = ""
    case: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the audit as it is shown."""

    seq: int
    when: str
    who: str
    userid: str
    role: str
    action: str
    kind: str
    about: str
    result: str
    details: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, and where the earlier rows begin."""

    lines: tuple[Line, ...]
    older: int | None


def search(work: Work, query: Query, before: int | None = None) -> Found:
    """Return a page of the rows that are sought, the latest first."""
    rows = work.audit.search(_sought(work, query), PAGE, before)
    lines = tuple(_line(work, row) for row in rows)
    return Found(lines, rows[-1].seq if len(rows) == PAGE else None)


def exported(work: Work, query: Query) -> str:
    """Return everything sought as CSV, for a table program in Chinese."""
    sought, before = _sought(work, query), None
    file = io.StringIO()
    file.write("\ufeff")
    table = csv.writer(file)
    table.writerow(_HEADS)
    count = 0
    while count < MOST_EXPORTED:
        rows = work.audit.search(sought, _AT_ONCE, before)
        table.writerows(_cells(_line(work, row)) for row in rows)
        count += len(rows)
        if len(rows) < _AT_ONCE:
            break
        before = rows[-1].seq
    return file.getvalue()


def _cells(line: Line) -> Iterator[str]:
    whole = (
        str(line.seq),
        line.when,
        line.who,
        line.userid,
        line.role,
        line.action,
        line.kind,
        line.about,
        line.result,
        line.details,
    )
    return (f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in whole)


def _sought(work: Work, query: Query) -> Sought:
    return Sought(
        _actors(work, query.who.strip()),
        query.what.strip(),
        _meant(query.what.strip()),
        query.case.strip(),
        _begins(query.first),
        _ends(query.last),
    )


def _actors(work: Work, who: str) -> tuple[str, ...]:
    if not who:
        return ()
    people = (*work.people.people(), *work.people.gone())
    found = {one.userid for one in people if who in (one.name, one.userid)}
    return tuple(sorted({who, who.casefold(), *found}))


def _meant(what: str) -> tuple[str, ...]:
    return tuple(action for action, words in ACTIONS.items() if what and what in words)


def _called(action: str) -> str:
    words = ACTIONS.get(action)
    return f"{words} ({action})" if words else action


def _begins(day: str) -> datetime | None:
    try:
        return at_beijing(date.fromisoformat(day), time(0))
    except ValueError:
        return None


def _ends(day: str) -> datetime | None:
    begins = _begins(day)
    return None if begins is None else begins + timedelta(days=1)


def _line(work: Work, row: AuditRecord) -> Line:
    details = json.dumps(row.details, ensure_ascii=False) if row.details else ""
    return Line(
        row.seq,
        f"{in_beijing(row.at):%Y-%m-%d %H:%M:%S}",
        work.people.name_of(row.actor) if row.actor else "督办",
        row.actor,
        row.role,
        _called(row.action),
        THINGS.get(row.object_type, row.object_type),
        mask(row.object_id),
        RESULTS.get(row.result, row.result),
        mask(details),
    )
