"""Put the program together and run it: every command starts here."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from bot.command_line import deadline, grade, link, rules, understand
from cases.grading import GradingRules
from cases.holidays import Overrides
from config.checking import SettingsError
from config.holidays import load_overrides
from config.platforms import load_link_rules
from config.rulebook_clocks import load_shipped_clocks, shipped_clock_names
from config.rulebook_grading import load_grading, load_shipped, shipped_names

# The tools for people who write rules need no database, no web server and no network; without
# those they start in a third of the time, which counts when a script calls them a thousand times.
TOOLS = frozenset({"link", "read", "understand", "grade", "deadline", "rules"})
# Of `rules` only these need no database: `rules apply` changes open cases.
_READING_RULES = (["check"], ["explain"], ["replay"])
IS_TOOL = len(sys.argv) > 1 and sys.argv[1] in TOOLS
IS_TOOL = IS_TOOL and (sys.argv[1] != "rules" or sys.argv[2:3] in _READING_RULES)

if not IS_TOOL:
    from bot.assembly import commands

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
understand.add_commands(app, load_link_rules)
grade.add_commands(app, grade.Loaders(shipped_names, load_shipped))


def _grading(folder: Path) -> GradingRules:
    try:
        return load_grading(folder)
    except SettingsError as error:
        raise rules.UnreadableRulesError(str(error)) from error


_RULES = rules.add_commands(app, rules.Loaders(_grading))


def _holidays(path: Path) -> Overrides:
    try:
        return load_overrides(path)
    except SettingsError as error:
        raise deadline.WrongOptionError(str(error)) from error


deadline.add_commands(app, deadline.Loaders(shipped_clock_names, load_shipped_clocks, _holidays))


def _add_what_needs_the_database() -> None:
    commands.add_commands(app, _RULES, Path(__file__))


if not IS_TOOL:
    _add_what_needs_the_database()


if __name__ == "__main__":
    app()
