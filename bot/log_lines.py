"""Log lines: one line for each message, and no secret in any of them (G01 to G03)."""

import logging
import os
from collections.abc import Iterable

_ESCAPED = {
    code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (9, 10)
} | {0x2028: "\\u2028", 0x2029: "\\u2029", 0x202E: "\\u202e"}
_IN_A_MESSAGE = _ESCAPED | {10: "\\n", 9: "\\t"}
_SHORTEST = 6  # a secret of fewer characters would be found in every line


class LogLines(logging.Formatter):
    """Escapes what could make a line of its own or colour a terminal, and covers known secrets."""

    def __init__(self, layout: str, secrets: Iterable[str] = ()) -> None:
        super().__init__(layout)
        self._secrets = sorted({one for one in secrets if len(one) >= _SHORTEST}, key=len)[::-1]

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the line of a message: what it repeats cannot begin another one."""
        record.message = record.message.translate(_IN_A_MESSAGE)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line and, where something was raised, its trace; without secrets."""
        text = super().format(record).translate(_ESCAPED)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def begin(secrets: Iterable[str]) -> None:
    """Write the program's log to stderr, in such lines; DUBAN_LOG=DEBUG writes all of it."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines("%(asctime)s %(levelname)s %(name)s %(message)s", secrets))
    level = os.environ.get("DUBAN_LOG", "INFO")
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("alembic", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
