"""The commands of main.py, run in this process: starting Python anew for each costs seconds."""

from dataclasses import dataclass

from typer.testing import CliRunner

import main


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


def operate(*arguments: str) -> Ended:
    """Run a command as an operator types it."""
    ended = CliRunner().invoke(main.app, list(arguments), prog_name="main.py")
    if ended.exception is not None and not isinstance(ended.exception, SystemExit):
        raise ended.exception
    return Ended(ended.exit_code, ended.stdout, ended.stderr)
