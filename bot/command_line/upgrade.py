"""`main.py upgrade`: one command to another version, and back by itself if it does not work."""

import os
import shlex
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.upgrading import Site, UpgradeError, upgrade
from cases.beijing import in_beijing

_SYSTEMD = Path("/run/systemd/system")
_WRONG = 2

Port = Callable[[Path], int]  # of a configuration; ends with every fault named if it is wrong


def add_commands(app: typer.Typer, port_of: Port, clock: Callable[[], datetime]) -> None:
    """Add the command `upgrade`."""

    @app.command(name="upgrade", help="换到另一个已装好的版本: 先试、备份、换、查, 不行自动退回.")
    def upgrade_(  # noqa: PLR0913 - each is an option of its own
        to: Annotated[str, typer.Option("--to", help="新版本的文件夹名, 在 --program 旁边")],
        program: Annotated[Path, typer.Option("--program", help="指向现用版本的链接")] = Path(
            "/opt/duban/current"
        ),
        *,
        config: Annotated[Path, typer.Option("--config", help="配置文件")] = Path("duban.toml"),
        start: Annotated[str, typer.Option("--start", help="怎么启动服务")] = "",
        stop: Annotated[str, typer.Option("--stop", help="怎么停服务")] = "",
        health: Annotated[float, typer.Option("--health", help="等它健康的秒数")] = 90.0,
        run_as: Annotated[str, typer.Option("--run-as", help="服务的账号 (以 root 升级时)")] = "",
    ) -> None:
        if not (start and stop) and not _SYSTEMD.is_dir():
            typer.echo("这台机器没有 systemd, 请用 --start 和 --stop 写明怎么启停服务", err=True)
            raise typer.Exit(_WRONG)
        folder = config.resolve().parent / "backups"
        site = Site(
            config=config.resolve(),
            link=program,
            to=to,
            port=port_of(config),
            backup=folder / f"before-upgrade-{in_beijing(clock()):%Y%m%d-%H%M%S}.backup",
            start=shlex.split(start) or ("systemctl", "start", "duban"),
            stop=shlex.split(stop) or ("systemctl", "stop", "duban"),
            run_as=_words(run_as),
            health_seconds=health,
        )
        folder.mkdir(mode=0o700, exist_ok=True)
        try:
            upgrade(site, typer.echo)
        except UpgradeError as error:
            typer.echo(f"✗ {error}", err=True)
            raise typer.Exit(1) from None


def _words(account: str) -> tuple[str, ...]:
    if not account or os.geteuid() != 0:
        return ()
    return ("setpriv", "--reuid", account, "--regid", account, "--init-groups")
