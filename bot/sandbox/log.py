"""The log of the sandbox: one JSON line for each request and each try of a callback.

A line is written and flushed before the answer leaves, so that whatever a client was told stands
in the log, also when the sandbox itself is killed.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO


@dataclass(slots=True)
class Facts:
    """What a request was about and what became of it; the handler fills it in as it learns."""

    api: str = ""
    key: str = ""  # task_id of a card, else body_sha
    task_id: str = ""
    body_sha: str = ""  # SHA-256 of the body's bytes, hexadecimal
    agentid: int = 0
    msgid: str = ""
    msgtype: str = ""
    touser: tuple[str, ...] = ()  # as asked for, casefolded
    shown_to: tuple[str, ...] = ()  # who sees it
    visible: bool = False
    drop: str | None = None  # why somebody does not see it although errcode is 0
    text: str = ""
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    robot: str | None = None
    group: str | None = None

    def line(self) -> dict[str, object]:
        """Return the facts as they stand in the log."""
        return {name: getattr(self, name) for name in self.__slots__}


class SandboxLog:
    """Lines in a file (appended to) and in memory."""

    def __init__(self, path: Path | None = None) -> None:
        self._lines: list[Mapping[str, object]] = []
        self._first = _last_seq(path)
        self._file = None if path is None else _open(path)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def write(self, fields: Mapping[str, object]) -> int:
        """Append one line, flush it, and return its number."""
        seq = self.last() + 1
        line = {"seq": seq, **fields}
        if self._file is not None:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()
        self._lines.append(line)
        return seq

    def last(self) -> int:
        """Return the number of the last line; 0 before the first."""
        return self._first + len(self._lines)

    def after(self, seq: int) -> list[Mapping[str, object]]:
        """Return the lines of this run with a number above `seq`."""
        return self._lines[max(0, seq - self._first) :]


def _open(path: Path) -> TextIO:
    file = path.open("a+b")
    if file.tell():
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":  # half a line, left by a kill
            file.write(b"\n")
    return TextIOWrapper(file, encoding="utf-8")


def _last_seq(path: Path | None) -> int:
    """Return the last number of an earlier run, so that numbers never repeat in one file."""
    if path is None or not path.exists():
        return 0
    last = 0
    with path.open("rb") as lines:
        for raw in lines:
            try:
                last = int(json.loads(raw)["seq"])
            except (ValueError, KeyError, TypeError):
                continue
    return last
