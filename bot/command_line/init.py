"""`main.py init`: a dozen questions, and at the end a bot that answers; it can be resumed."""

import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.checkup.finding import Finding, Verdict, ok
from bot.command_line import doctor, people
from bot.command_line.people import CONTACTS, Wish, bring_in
from bot.installing.answers import Answers
from bot.installing.console import Pasted, console_words
from bot.installing.files import (
    Place,
    hours_in,
    keep_database_url,
    keep_secret,
    write_all,
)
from bot.installing.questions import (
    KEPT,
    ROBOTS,
    Question,
    WrongAnswerError,
    questions,
    robots_of,
)
from bot.installing.waiting import Waiting, wait

_WRONG = 2
_TENANT = "平台 V"
_SHIPPED_HOURS = "08:30-12:00, 14:00-17:30"


@dataclass(frozen=True, slots=True)
class Opened:
    """A running installation as far as `init` has to see it."""

    verified: Callable[[], datetime | None]  # when the platform last verified the callback
    now: datetime


@dataclass(frozen=True, slots=True)
class Parts:
    """What the composition root hands over.

    `faults` reads a configuration and returns what is wrong with it.
    """

    rulebooks: Path
    presets: Callable[[], dict[str, str]]
    faults: Callable[[Path], tuple[str, ...]]
    opener: Callable[[Path], AbstractContextManager[Opened]]
    people: people.Open
    doctor: doctor.Open


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered beforehand, for a rehearsal or an installation by script."""

    values: Mapping[str, str] = field(default_factory=dict)
    is_complete: bool = False  # nobody sits here: what is missing takes its default, or is a fault


def add_commands(app: typer.Typer, parts: Parts) -> None:
    """Add the command `init`."""

    @app.command()
    def init(
        *,
        config: Annotated[Path, typer.Option("--config", help="写到哪个配置文件")] = Path(
            "duban.toml"
        ),
        answers: Annotated[
            Path | None, typer.Option("--answers", help="事先写好的答案 (TOML), 不再询问")
        ] = None,
        wait_seconds: Annotated[
            int, typer.Option("--wait", min=0, help="等企业微信验证回调的秒数, 0 不等")
        ] = 900,
    ) -> None:
        """安装: 问十几个问题, 写好配置, 导入人员, 体检, 等企业微信验证; 随时可停, 再来接着."""
        place = Place(config, parts.rulebooks)
        before = os.umask(0o077)  # the database and all else made here is for this account alone
        try:
            kept = Answers(place.folder)
            _ask_all(parts, place, kept, _told(answers))
            _write(parts, place, kept)
            _import(parts, place, kept, is_asked=answers is None)
            _examine(parts, place)
        finally:
            os.umask(before)
        _wait(parts, place, kept, wait_seconds)


def _told(path: Path | None) -> Told:
    if path is None:
        return Told()
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    return Told({key: str(value) for key, value in values.items()}, is_complete=True)


def _ask_all(parts: Parts, place: Place, kept: Answers, told: Told) -> None:
    def hours(_: str) -> str:
        preset = kept.get("rulebook")
        return ", ".join(hours_in(parts.rulebooks / preset)) if preset else _SHIPPED_HOURS

    asked = questions(parts.presets(), hours)
    open_ones = [one for one in asked if kept.get(one.key) is None]
    if len(open_ones) < len(asked):
        typer.echo(
            f"接着上次的: 已答 {len(asked) - len(open_ones)} 题。要改就编辑或删去 {kept.path}"
        )
    for nth, one in enumerate(asked, start=1):
        if kept.get(one.key) is None:
            fresh = questions(parts.presets(), hours)[nth - 1]
            _ask(place, kept, told, (nth, len(asked), fresh))
    if "api_base" in told.values:
        kept.put("api_base", told.values["api_base"])


def _ask(place: Place, kept: Answers, told: Told, what: tuple[int, int, Question]) -> None:
    nth, count, one = what
    typer.echo(f"[{nth}/{count}] {one.asks}\n        {one.why}")
    while True:
        given = _given(one, told)
        try:
            answer = one.check(given)
            kept.put(one.key, _kept(place, kept, one, answer))
        except WrongAnswerError as wrong:
            problem = str(wrong)
        except OSError as wrong:
            problem = f"读不了文件 ({type(wrong).__name__})"
        else:
            typer.echo(f"        → {KEPT if one.is_secret and answer else answer or '(空)'}")
            return
        typer.echo(f"        ✗ {problem}", err=told.is_complete)
        if told.is_complete:
            raise typer.Exit(_WRONG)


def _given(one: Question, told: Told) -> str:
    if one.key in told.values:
        return told.values[one.key]
    if told.is_complete:
        if one.default is None:
            typer.echo(f"        ✗ 答案文件里没有 {one.key}", err=True)
            raise typer.Exit(_WRONG)
        return one.default
    try:
        text: str = typer.prompt(
            "        ", default=one.default, hide_input=one.is_secret, prompt_suffix="> "
        )
    except typer.Abort:
        typer.echo("\n先停在这里。答过的都已存好, 再运行一次 init 会从这一题接着来。")
        raise typer.Exit(1) from None
    return text


def _kept(place: Place, kept: Answers, one: Question, answer: str) -> str:
    """Put what is secret into files of its own; return what the file of answers may hold."""
    if one.key == "database":
        return keep_database_url(place, answer)
    if not one.is_secret:
        return answer
    if one.key == ROBOTS:
        kept.put("robot_names", "、".join(robots_of(answer)))
    if answer:
        keep_secret(place, one.key, answer)
    return KEPT if answer else ""


def _write(parts: Parts, place: Place, kept: Answers) -> None:
    typer.echo("写配置:")
    for line in write_all(place, kept):
        typer.echo(f"  ✓ {line}")
    faults = parts.faults(place.config)
    for fault in faults:
        typer.echo(f"  ✗ {fault}", err=True)
    if faults:
        raise typer.Exit(_WRONG)


def _import(parts: Parts, place: Place, kept: Answers, *, is_asked: bool) -> None:
    source = kept.get("people") or ""
    if not source or kept.get("people_done") == source:
        typer.echo("人员: " + ("已导入过" if source else "以后用 duban people import 导入"))
        return
    found = source if source == CONTACTS else str(place.folder / source)
    with parts.people(place.config) as opened:
        # First those of the questions: an import would make the file of no effect.
        typer.echo("人员: 管理员、舆情办主任、值班员")
        ours = Wish(applies=True, lowers_roles=False, names_all=False)
        bring_in(opened, str(place.folder / "directory.toml"), ours)
        typer.echo(f"人员: 试导 {source} (先看会变什么)")
        bring_in(opened, found, Wish(applies=False, lowers_roles=False, names_all=False))
        if is_asked and not typer.confirm("写入吗", default=True):
            typer.echo("没有写入; 再运行 init 会再问。")
            raise typer.Exit(1)
        bring_in(opened, found, Wish(applies=True, lowers_roles=False, names_all=False))
    kept.put("people_done", source)


def _examine(parts: Parts, place: Place) -> None:
    typer.echo("体检:")
    with parts.doctor(place.config) as surgery:
        doctor.show(_without_the_tenants(surgery.examine(sends=False)))


def _without_the_tenants(found: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out what only weeks of use can answer, and say how much that was."""
    left = 0
    for one in found:
        if one.name.startswith(_TENANT) and one.verdict is Verdict.WARN:
            left += 1
            continue
        yield one
    if left:
        yield ok(
            "平台", f"另有 {left} 项要用一阵才能在本企业核实, doctor 会列出; 核实前都按稳妥的做"
        )


def _wait(parts: Parts, place: Place, kept: Answers, seconds: int) -> None:
    secrets = (place.secret(name) for name in ("callback_token", "callback_aes_key"))
    token, aes_key = (path.read_text(encoding="utf-8").strip() for path in secrets)
    _say(console_words(Pasted(kept.get("base_url") or "", token, aes_key)))
    if not seconds:
        return
    typer.echo("等企业微信来验证 (Ctrl-C 可停, 再运行 init 接着等):")
    port = int(kept.get("port") or 0)
    with parts.opener(place.config) as opened:
        done = wait(Waiting(port, opened.now, opened.verified), seconds, typer.echo)
    if not done:
        raise typer.Exit(1)
    _say(
        (
            "最后一步: 请在手机上打开应用「督办」, 随便转发一篇文章给它, 它会答「已登记」。",
            "转发没有反应时粘贴链接也可以。以后每天看一眼 duban doctor 或值班看板的健康条。",
        )
    )


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
