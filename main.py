"""Put the program together and run it: every command starts here."""

from pathlib import Path

import typer

from bot.command_line import deadline, grade, link
from cases.holidays import Overrides
from config.checking import SettingsError
from config.holidays import load_overrides
from config.platforms import load_link_rules
from config.rulebook_clocks import load_shipped_clocks, shipped_clock_names
from config.rulebook_grading import load_shipped, shipped_names

app = typer.Typer(
    help="督办: 登记、定级、交办、催办、回应、办结。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _program() -> None:  # keeps a lone command a command
    pass


link.add_commands(app, load_link_rules)
grade.add_commands(app, grade.Loaders(shipped_names, load_shipped))


def _holidays(path: Path) -> Overrides:
    try:
        return load_overrides(path)
    except SettingsError as error:
        raise deadline.WrongOptionError(str(error)) from error


deadline.add_commands(app, deadline.Loaders(shipped_clock_names, load_shipped_clocks, _holidays))


if __name__ == "__main__":
    app()
