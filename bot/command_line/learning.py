"""`main.py drill …`, `scores replay DIR`, `library index`: what is learned, by commands."""

import getpass
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.command_line.tables import Opened
from cases.drills.scenario import Scenario
from cases.errors import RefusalError
from cases.people import Person, Role
from cases.scores.months import Month, month_of, read_month
from cases.scores.rules import ScoreRules
from cases.wording import drills as drill_words
from cases.wording.scores import number
from handlers import drills, library, scores
from storage.work import Work

Open = Callable[[Path], AbstractContextManager[Opened]]
ReadScores = Callable[[Path], ScoreRules | None]
ReadDrill = Callable[[Path], Scenario]
CONFIG = Annotated[Path, typer.Option("--config", help="配置文件")]
DEFAULT = Path("duban.toml")
_WRONG = 2
_TOGETHER = 50  # cases of one transaction: the service beside it goes on


def add_commands(app: typer.Typer, opener: Open, read: ReadScores, drill: ReadDrill) -> None:
    """Add the groups `drill`, `scores` and `library`.

    Args:
        app: the program's commands.
        opener: opens the database beside a service that may run.
        read: reads a folder's scores.toml; raises ValueError with its faults.
        drill: reads one scenario file; raises ValueError with its faults.
    """
    _add_drill(app, opener, drill)
    _add_scores(app, opener, read)
    _add_library(app, opener)


def _refuse(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(_WRONG)


def _operator() -> Person:
    roles = frozenset({Role.ADMINISTRATOR, Role.OFFICE_DIRECTOR})
    return Person(f"服务器:{getpass.getuser()}", "管理员", roles)


def _say(opener: Open, config: Path, deed: Callable[[Opened], str]) -> None:
    """Print what a deed answers, or why it cannot be done, with status 2."""
    with opener(config) as opened:
        try:
            answer = deed(opened)
        except (RefusalError, ValueError) as error:
            _refuse(str(error))
    typer.echo(answer)


def _add_drill(app: typer.Typer, opener: Open, read: ReadDrill) -> None:
    group = typer.Typer(help="演练: 列出场景, 开始, 结束, 看结果.", no_args_is_help=True)
    app.add_typer(group, name="drill")

    @group.command()
    def run(
        name: Annotated[str, typer.Argument(help="场景名, 或场景文件 (.toml)")],
        speed: Annotated[int, typer.Option(help="演练里多少分钟为实际 1 分钟; 0 照场景")] = 0,
        config: CONFIG = DEFAULT,
    ) -> None:
        """开始一次演练; 由运行中的服务按时间走. 服务开着运行."""
        _say(opener, config, lambda opened: _begin(opened, _scenario(opened, name, read), speed))

    @group.command(name="list")
    def list_(config: CONFIG = DEFAULT) -> None:
        """列出演练场景."""
        _say(opener, config, lambda opened: drill_words.catalogue(opened.desk.drills))

    @group.command()
    def end(config: CONFIG = DEFAULT) -> None:
        """结束进行中的演练, 取消未办的, 打印结果."""
        _say(opener, config, _end)

    @group.command()
    def sheet(config: CONFIG = DEFAULT) -> None:
        """打印最近一次演练的结果."""
        _say(opener, config, _latest)


def _begin(opened: Opened, scenario: Scenario, speed: int) -> str:
    wanted = drills.Wanted(scenario, _operator(), speed)

    def act(work: Work) -> str:
        begun = drills.begin(work, opened.desk, wanted, opened.now)
        return f"演练「{begun.name}」已开始 (第 {begun.id} 次)。结束: main.py drill end"

    return opened.database.run(act)


def _end(opened: Opened) -> str:
    def act(work: Work) -> str:
        now = work.drills.under_way()
        if now is None:
            raise RefusalError("现在没有进行中的演练。")
        result = drills.end(work, opened.desk, now, _operator(), opened.now)
        return drill_words.sheet_words(result, opened.now) if result else ""

    return opened.database.run(act)


def _latest(opened: Opened) -> str:
    with opened.database.read() as work:
        latest = work.drills.latest(1)
        if not latest:
            raise RefusalError("还没有做过演练。")
        result = drills.sheet(work, latest[0], opened.now)
    return drill_words.sheet_words(result, opened.now)


def _scenario(opened: Opened, name: str, read: ReadDrill) -> Scenario:
    if name.endswith(".toml"):
        return read(Path(name))
    found = next((one for one in opened.desk.drills if one.called(name)), None)
    if found is None:
        raise RefusalError(f"没有演练场景「{name}」。\n{drill_words.catalogue(opened.desk.drills)}")
    return found


def _add_scores(app: typer.Typer, opener: Open, read: ReadScores) -> None:
    group = typer.Typer(help="考核: 换一套规则会是什么结果.", no_args_is_help=True)
    app.add_typer(group, name="scores")

    @group.callback()
    def _group() -> None:  # keeps a lone command a command
        pass

    @group.command()
    def replay(
        folder: Annotated[Path, typer.Argument(help="规则文件夹, 内有 scores.toml")],
        month: Annotated[str, typer.Option(help="月份, 如 2026-10; 不写为上月")] = "",
        config: CONFIG = DEFAULT,
    ) -> None:
        """按另一套考核规则重算一个月, 与现行规则并列; 什么都不改."""
        _say(opener, config, lambda opened: _replayed(opened, folder, month, read))


def _replayed(opened: Opened, folder: Path, month: str, read: ReadScores) -> str:
    other = read(folder)
    if other is None:
        raise RefusalError(f"{folder} 里没有 scores.toml")
    chosen = read_month(month) if month else month_of(opened.now).before
    if chosen is None:
        raise RefusalError(f"看不懂月份「{month}」, 请写成 2026-10")
    with opened.database.read() as work:
        return "\n".join(compared(work, opened, chosen, (other, folder.name)))


def compared(work: Work, opened: Opened, month: Month, other: tuple[ScoreRules, str]) -> list[str]:
    """Return a month by the rules in force beside another scorecard, one line for each unit."""
    rules, named = other
    was = scores.month_scores(work, opened.desk, month, opened.now)
    would = scores.counted(work, month, rules, named, opened.now)
    names = {unit.id: unit.name for unit in work.people.units()}
    lines = [f"{month.said}: 现行 {was.rules}, 试算 {named}"]
    for before, after in zip(was.units, would.units, strict=True):
        change = round(after.total - before.total, 1)
        said = f"{change:+g}" if change else "不变"
        name = names.get(before.unit, before.unit)
        lines.append(f"{name}: {number(before.total)} → {number(after.total)} ({said})")
    return lines


def _add_library(app: typer.Typer, opener: Open) -> None:
    group = typer.Typer(help="案例库.", no_args_is_help=True)
    app.add_typer(group, name="library")

    @group.callback()
    def _group() -> None:  # keeps a lone command a command
        pass

    @group.command()
    def index(config: CONFIG = DEFAULT) -> None:
        """把所有办结的件重新编入案例库; 改了近义词以后运行."""
        _say(opener, config, _indexed)


def _indexed(opened: Opened) -> str:
    with opened.database.read() as work:
        ids = work.library.closed_cases()
    for start in range(0, len(ids), _TOGETHER):
        some = ids[start : start + _TOGETHER]

        def act(work: Work, some: list[int] = some) -> None:
            for case_id in some:
                library.put(work, opened.desk, work.cases.load(case_id))

        opened.database.run(act)
    return f"已编入 {len(ids)} 件。"
