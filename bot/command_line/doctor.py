"""`main.py doctor`: what is wrong, why it matters, and how to mend it."""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Protocol

import typer

from bot.checkup.finding import Finding, Verdict
from bot.tenant import record_answer
from storage.database import Database

_WRONG = 2
_MARKS = {Verdict.OK: "✓", Verdict.WARN: "！", Verdict.BAD: "✗"}


class Examine(Protocol):
    """All checks; with `sends` also those that people see."""

    def __call__(self, *, sends: bool) -> Iterable[Finding]:
        """Return what was found."""
        ...


@dataclass(frozen=True, slots=True)
class Surgery:
    """What is examined, and where answers of the tenant are kept."""

    database: Database
    clock: Callable[[], datetime]
    examine: Examine


Open = Callable[[Path], AbstractContextManager[Surgery]]


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the command `doctor`."""

    @app.command()
    def doctor(
        *,
        config: Annotated[Path, typer.Option("--config", help="配置文件")] = Path("duban.toml"),
        send: Annotated[
            bool, typer.Option("--send", help="向各群和关键人员真的发测试消息")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
        record: Annotated[
            list[str] | None, typer.Option("--record", help="记下在本企业核实的结果: V3=yes")
        ] = None,
    ) -> None:
        """体检: 配置、数据库、企业微信、人员、节假日; 有不通过的以 1 退出."""
        with opener(config) as surgery:
            if record:
                _record(surgery, record)
                return
            found = list(surgery.examine(sends=send))
        _print_json(found) if as_json else show(found)
        raise typer.Exit(1 if any(one.verdict is Verdict.BAD for one in found) else 0)


def _record(surgery: Surgery, answers: Iterable[str]) -> None:
    for written in answers:
        question, mark, answer = written.partition("=")
        if not mark or not answer.strip():
            typer.echo(f"没有记: 「{written}」应写成 V3=yes", err=True)
            raise typer.Exit(_WRONG)
        try:
            with surgery.database.work() as work:
                record_answer(work, question.strip().upper(), answer.strip(), surgery.clock())
        except KeyError as fault:
            typer.echo(f"没有记: {fault.args[0]}", err=True)
            raise typer.Exit(_WRONG) from None
        typer.echo(f"已记下 {question.strip().upper()}: {answer.strip()}")


def _print_json(found: list[Finding]) -> None:
    typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))


def show(findings: Iterable[Finding]) -> None:
    """Print each as soon as it is found: mark, what, why it matters, what to do."""
    found: list[Finding] = []
    for one in findings:
        found.append(one)
        typer.echo(f"{_MARKS[one.verdict]} {one.name}: {one.what}")
        if one.why:
            typer.echo(f"    为什么要紧: {one.why}")
        if one.fix:
            typer.echo(f"    怎么办: {one.fix}")
    bad = sum(one.verdict is Verdict.BAD for one in found)
    warn = sum(one.verdict is Verdict.WARN for one in found)
    typer.echo(f"共 {len(found)} 项: 不通过 {bad}, 要留意 {warn}。")
