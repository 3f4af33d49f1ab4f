"""`python -m tests.journeys.exceptions PAPER`: tell every exception and write down each chat."""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database import Database
from tests.journeys.exceptions.told import TOLD
from tests.support.beginnings import Beginnings
from tests.support.town import Servers

_HEAD = """# Every exception, told as a chat

Made by `python -m tests.journeys.exceptions docs/evidence/exceptions.md` at commit {commit}:
the real service and the sandbox speak HTTP in one process, the clock is moved by hand, and each
exception has an institution of its own. What stands behind → is what the sandbox shows to that
person. Every message shown is named by the journey: none is missing, none is extra, none comes
twice; each is one row of the outbox with its reason.

{journeys} exceptions, {messages} messages, {seconds:.0f} seconds.
"""


def main(paper: Path) -> None:
    """Tell all of it; nothing is written if one goes wrong."""
    began, parts, messages = time.monotonic(), [], 0
    servers = Servers()
    with TemporaryDirectory(prefix="duban-exceptions-") as place:
        template = Path(place) / "template.db"
        made = Database(f"sqlite:///{template}")
        made.upgrade()
        made.close()
        beginnings = Beginnings(servers, template, Path(place) / "openings")
        for nth, (exception, journey) in enumerate(TOLD.items()):
            folder = Path(place) / str(nth)
            folder.mkdir()
            with beginnings.chat(journey, folder) as chat:
                journey(chat)
            messages += len(chat.seen)
            told = "\n".join(chat.told).strip()
            parts.append(f"## {exception}\n\n{journey.__doc__}\n\n```text\n{told}\n```\n")
    servers.leave()
    head = _HEAD.format(
        commit=_commit(),
        journeys=len(TOLD),
        messages=messages,
        seconds=time.monotonic() - began,
    )
    paper.write_text("\n".join((head, *parts)), encoding="utf-8")
    sys.stdout.write(f"{len(TOLD)} 种例外, {messages} 条消息, 没有多也没有少: {paper}\n")


def _commit() -> str:
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
