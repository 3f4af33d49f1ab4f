"""`link-for`: a personal one-time link for signing in, made on the server itself."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.tables import Opened
from cases.errors import RefusalError
from handlers.letting_in import LINK_LIVES, link_for_local_administrator, link_for_userid

_WRONG = 2


Open = Callable[[Path], AbstractContextManager[Opened]]


def add_commands(app: typer.Typer, opened: Open) -> None:
    """Add `link-for` to the program."""

    @app.command("link-for", help="给一个人做一次性登录链接, 15 分钟内有效, 只能用一次.")
    def link_for(
        userid: Annotated[str, typer.Argument(help="名录里的 userid")] = "",
        config: Annotated[Path, typer.Option("--config", help="配置文件 (TOML)")] = Path(
            "duban.toml"
        ),
        local_administrator: Annotated[  # noqa: FBT002 - a flag of the command line
            bool,
            typer.Option("--local-administrator", help="首次设置用的本机管理员, 不在名录里"),
        ] = False,
    ) -> None:
        if bool(userid) == local_administrator:
            sys.stderr.write("请写一个 userid, 或者只用 --local-administrator。\n")
            raise typer.Exit(_WRONG)
        with opened(config) as at:
            if not at.desk.base_url:
                sys.stderr.write(
                    "请先在配置的 [server] 里写 base_url, 例如 https://duban.example\n"
                )
                raise typer.Exit(_WRONG)
            try:
                token = at.database.run(
                    lambda work: (
                        link_for_local_administrator(work, at.now)
                        if local_administrator
                        else link_for_userid(work, userid, at.now)
                    )
                )
            except RefusalError as refusal:
                sys.stderr.write(f"{refusal}\n")
                raise typer.Exit(1) from None
        minutes = int(LINK_LIVES.total_seconds() // 60)
        sys.stderr.write(f"{minutes} 分钟内有效, 只能用一次, 只给本人:\n")
        sys.stdout.write(f"{at.desk.base_url}/sign-in/link/{token}\n")
