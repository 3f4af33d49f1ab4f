"""`main.py demo` and `main.py story`: the service and the sandbox side by side, with a cast."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from bot.demo import show
from bot.demo.stage import Stage, set_stage
from bot.demo.story import Which, tell
from bot.serving import free_port
from cases.people import Person, Unit


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and units of the fictional city, and the file they stand in."""

    file: Path
    units: Sequence[Unit]
    people: Sequence[Person]


def add_commands(app: typer.Typer, cast: Callable[[], Cast], program: Path) -> None:
    """Add the commands `demo` and `story`; `program` is what they start as the service."""

    @app.command(help="在本机试用: 虚构的云溪市, 不需要账号, 不联网.")
    def demo(
        folder: Annotated[Path, typer.Option(help="演示数据放在哪里, 每次重新开始")] = Path("demo"),
        port: Annotated[int, typer.Option(help="聊天页的端口")] = 8902,
    ) -> None:
        stage = _stage(cast(), folder, (free_port(), port), drafts=True)
        raise typer.Exit(show.demonstrate(stage, program))

    @app.command(help="演一件事从转发到办结, 打印全过程并核对每条消息.")
    def story(
        kill_after: Annotated[int, typer.Option(help="第几步之后强行结束服务, 0 为不结束")] = 0,
        which: Annotated[
            Which, typer.Option(help="one: 一件普通的; top: 一级件, 五个单位、三次审批")
        ] = Which.ONE,
        paper: Annotated[Path | None, typer.Option(help="把全过程写进这个文件")] = None,
    ) -> None:
        actors = cast()
        names = {person.userid: person.name for person in actors.people}
        with TemporaryDirectory(prefix="duban-story-") as place:
            stage = _stage(actors, Path(place), (free_port(), free_port()))
            status = tell(stage, program, names, kill_after=kill_after, which=which, paper=paper)
        raise typer.Exit(status)


def _stage(cast: Cast, folder: Path, ports: tuple[int, int], *, drafts: bool = False) -> Stage:
    stage = Stage(folder.resolve(), ports[0], ports[1], "sqlite:///duban.db", drafts)
    return set_stage(stage, cast.file, cast.units, cast.people)
