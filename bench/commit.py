"""The commit that a report was made on."""

import subprocess
from pathlib import Path

_HOME = Path(__file__).parents[1]


def commit() -> str:
    """The short name of the commit that is checked out; "" outside a repository."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    told = subprocess.run(asked, cwd=_HOME, capture_output=True, text=True, check=False)
    return told.stdout.strip()
