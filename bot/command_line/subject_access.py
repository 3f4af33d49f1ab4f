"""`main.py subject-access`: what is kept about one person of the directory, or about one case.

Never by who posted something: there is no such question. Texts are masked unless a reason is given,
and each list is a row of the audit.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.evidence import Archive
from cases.encoding import as_seen
from cases.masking import mask
from storage.subject import POSTER, Kept
from storage.work import Work

_WRONG = 2
_SHOWN = 2  # characters of a text that is masked

Open = Callable[[Path], AbstractContextManager[Archive]]


class UnknownSubjectError(Exception):
    """There is nobody, and no case, of that name; the text says what may be asked for."""


@dataclass(frozen=True, slots=True)
class Subject:
    """About whom or what is asked; one of the two is given."""

    staff: str = ""
    case: str = ""
    reason: str = ""  # with one, the texts are shown whole


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the command `subject-access`."""

    @app.command(name="subject-access", help="列出系统里关于某位工作人员或某一件的全部数据.")
    def subject_access(
        *,
        staff: Annotated[str, typer.Option("--staff", help="名录里的 userid")] = "",
        case: Annotated[str, typer.Option("--case", help="完整编号 YQ-20261120-007")] = "",
        reason: Annotated[str, typer.Option("--full", help="显示全文的理由; 不写则遮挡")] = "",
        config: Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")] = Path(
            "duban.toml"
        ),
    ) -> None:
        asked = Subject(staff.strip(), case.strip(), reason.strip())
        with opener(config) as archive:
            try:
                found = archive.database.run(lambda work: look(work, asked, archive.now))
            except UnknownSubjectError as fault:
                typer.echo(f"没有列出: {fault}", err=True)
                raise typer.Exit(_WRONG) from None
        typer.echo(as_json(found))


def as_json(found: Mapping[str, object]) -> str:
    """Return it as JSON that a terminal can show: without what is unseen, or would colour it."""
    return as_seen(json.dumps(found, ensure_ascii=False, indent=1, default=str))


def look(work: Work, asked: Subject, now: datetime) -> dict[str, object]:
    """Return everything about the subject, and write into the audit that it was asked for.

    Raises:
        UnknownSubjectError: neither or both are given, or they are not there.
    """
    if bool(asked.staff) == bool(asked.case):
        raise UnknownSubjectError("请写 --staff userid 或 --case 完整编号, 二者之一")
    kept = list(_of_case(work, asked.case) if asked.case else _of_staff(work, asked.staff))
    places = Counter(one.table for one in kept)
    work.audit.append(
        actor="command-line",
        role="",
        action="subject-access",
        object_type="case" if asked.case else "person",
        object_id=asked.case or asked.staff.casefold(),
        result="done",
        details={"rows": len(kept), "masked": not asked.reason, "reason": asked.reason},
        now=now,
    )
    return {
        "subject": asked.case or asked.staff.casefold(),
        "at": now.isoformat(),
        "masked": not asked.reason,
        "places": dict(sorted(places.items())),
        "rows": [_told(one, is_whole=bool(asked.reason)) for one in kept],
    }


def _of_staff(work: Work, userid: str) -> Iterable[Kept]:
    if work.people.person(userid) is None and work.people.name_of(userid) == userid:
        raise UnknownSubjectError(
            f"名录里没有、也没有过 userid 为 {userid} 的人。"
            "只能按工作人员的 userid 或事件编号查; 督办不按发帖人或姓名查找"
        )
    return work.subjects.of_person(userid)


def _of_case(work: Work, number: str) -> Iterable[Kept]:
    case = work.cases.by_number(number)
    if case is None:
        raise UnknownSubjectError(f"没有编号 {number}; 请写完整编号, 例如 YQ-20261120-007")
    return work.subjects.of_case(case.id)


def _told(one: Kept, *, is_whole: bool) -> Mapping[str, object]:
    row = one.row if is_whole else {name: _masked(name, value) for name, value in one.row.items()}
    return {"table": one.table, "named_in": one.columns, "row": row}


def _masked(name: str, value: object) -> object:
    """Cover what a person wrote; names of ours, moments and numbers stay."""
    if isinstance(value, str) and (name == POSTER or _is_text(value)):
        shown = "" if name == POSTER else mask(value)[:_SHOWN]
        return f"{shown}… ({len(value)} 字)"
    if isinstance(value, Mapping):
        return {key: _masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(name, inner) for inner in value]
    return value


def _is_text(value: str) -> bool:
    return not value.isascii() or " " in value
