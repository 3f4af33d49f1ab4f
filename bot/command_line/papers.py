"""`main.py papers print|templates`: a paper printed by command, and the templates to edit."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.papers.maker import Made, print_paper
from bot.papers.outlines import outlines
from bot.papers.word import BadTemplateError, Templates
from bot.papers.word_templates import write_templates
from cases.errors import RefusalError
from cases.papers.model import Kind, Paper
from cases.papers.spans import span_named, span_said
from handlers.desk import Desk
from handlers.papers.content import Sheet, content
from storage.database import Database
from storage.papers import Kept
from storage.states import PaperState
from storage.work import Work

_WRONG = 2
_BY_COMMAND = "命令"


@dataclass(frozen=True, slots=True)
class Press:
    """What prints: the database as it is, the rules, the templates."""

    database: Database
    desk: Desk
    templates: Templates
    now: datetime


Open = Callable[[Path], AbstractContextManager[Press]]


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the commands `papers print` and `papers templates`."""
    papers = typer.Typer(help="文稿: 按记录打印, 取出可改的 Word 模板.", no_args_is_help=True)
    app.add_typer(papers, name="papers")

    @papers.command(name="print")
    def printed(
        kind: Annotated[str, typer.Argument(help="处置表、特报、专报、周报、台账 …")],
        about: Annotated[
            str, typer.Argument(help="完整编号, 或 2026-W47、2026-11、2026-11-20、上周")
        ],
        *,
        out: Annotated[Path, typer.Option("--out", help="放到哪个目录")] = Path(),
        config: Annotated[Path, typer.Option("--config", help="配置文件")] = Path("duban.toml"),
    ) -> None:
        """打印一份, 放到目录里; 不发给任何人, 记入审计."""
        with opener(config) as press:
            try:
                files, notes, wanted = print_one(press, kind, about, out)
            except (RefusalError, BadTemplateError, OSError) as fault:
                typer.echo(f"没有打印: {fault}", err=True)
                raise typer.Exit(_WRONG) from None
        for path in files:
            typer.echo(f"已写到 {path}")
        if wanted:
            typer.echo(f"待补: {'、'.join(wanted)}")
        if notes:
            typer.echo(notes)

    @papers.command(name="templates")
    def templates(
        *, out: Annotated[Path, typer.Option("--out", help="放到哪个目录, 改好后写进 [papers]")]
    ) -> None:
        """取出自带的 Word 模板, 已有的同名文件不动."""
        out.mkdir(parents=True, exist_ok=True)
        fresh = [one for one in outlines() if not (out / f"{one.kind.value}.docx").exists()]
        for path in write_templates(fresh, out):
            typer.echo(f"已写到 {path}")
        typer.echo(f'改好后在配置里写: [papers] templates = "{out}"')


def print_one(
    press: Press, kind: str, about: str, out: Path
) -> tuple[list[Path], str, tuple[str, ...]]:
    """Print a paper as it is now; return its files, notes and what is 待补.

    Raises:
        RefusalError: there is no such paper, case or period.
        BadTemplateError: the template that ships is at fault.
        OSError: the folder cannot be written.
    """
    chosen = next((one for one in Kind if one.value == kind), None)
    if chosen is None:
        raise RefusalError(f"没有「{kind}」, 可写 {'、'.join(one.value for one in Kind)}")
    with press.database.read() as work:
        kept = _meant(work, chosen, about, press.now)
        said = content(work, press.desk, kept, 1, press.now)
    made = print_paper(said, press.templates, press.now)
    files = _written(kept, made, out)
    press.database.run(lambda work: _note(work, kept, said, press.now))
    return files, made.notes, said.missing if isinstance(said, Paper) else ()


def _meant(work: Work, kind: Kind, about: str, now: datetime) -> Kept:
    if kind.is_of_case:
        subject, period = about, ""
    else:
        span = span_named(kind, about) or span_said(kind, about, now)
        if span is None:
            raise RefusalError(f"没有「{about}」这一期")
        subject, period = "", span.name
    found = work.papers.find(kind, subject, period)
    return found or Kept(
        0, kind, subject, period, None, PaperState.DRAFTING, _BY_COMMAND, now, "", {}, "",
        None, None, "", None, None,
    )  # fmt: skip


def _written(kept: Kept, made: Made, out: Path) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for form, raw in made.files.items():
        path = out / f"{kept.subject or kept.period}-{kept.kind.value}.{form.value}"
        path.write_bytes(raw)
        files.append(path)
    return files


def _note(work: Work, kept: Kept, said: Paper | Sheet, now: datetime) -> None:
    work.audit.append(
        actor=_BY_COMMAND,
        role="管理员",
        action="paper.printed",
        object_type="paper",
        object_id=kept.subject or kept.period,
        result="done",
        details={"kind": kept.kind.name, "cases": len(said.sources)},
        now=now,
    )
