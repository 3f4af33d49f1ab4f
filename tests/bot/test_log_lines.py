"""What is logged is one line, and tells no secret."""

import logging
from dataclasses import dataclass

import pytest

from bot.assembly.opening import secrets_in
from bot.log_lines import LogLines
from config.secret import Secret
from tests.support.hostile import HOSTILE

SECRET = "s3cr3t-of-the-app"


def line(message: str, *given: object, fault: BaseException | None = None) -> str:
    kept = (type(fault), fault, fault.__traceback__) if fault else None
    record = logging.LogRecord("duban", logging.INFO, "file", 1, message, given, kept)
    return LogLines("%(levelname)s %(name)s %(message)s", [SECRET, "", "abc"]).format(record)


@pytest.mark.parametrize("words", [*HOSTILE, "x\n2026-11-20 INFO login ok", "\x1b[2J\x1b]0;x\x07"])
def test_g03_whatever_is_repeated_stays_in_its_line(words: str) -> None:
    told = line("heard %s", words)
    assert len(told.splitlines()) == 1
    assert not [c for c in told if c in "\x1b\x07\x00\x85\u2028\u202e"]
    assert told.startswith("INFO duban heard ")


def test_g02_a_secret_is_covered_in_the_message_the_trace_and_its_causes() -> None:
    try:
        try:
            raise ConnectionError(f"https://host/?corpsecret={SECRET}")  # noqa: TRY301
        except ConnectionError as cause:
            raise ValueError(f"\x1b[31mwith {SECRET}") from cause
    except ValueError as fault:
        told = line("sending %s", SECRET, fault=fault)
    assert SECRET not in told
    assert "\x1b" not in told
    assert told.count("***") == 3
    assert "ConnectionError" in told


def test_g01_every_secret_of_the_settings_is_known_to_the_log() -> None:
    @dataclass
    class Inner:
        key: Secret
        name: str = "name"

    @dataclass
    class Outer:
        url: Secret
        inner: Inner
        robots: dict[str, Secret]
        count: int = 3

    given = Outer(
        Secret("postgresql://u:pass-word@host/db"), Inner(Secret("k1")), {"a": Secret("k2")}
    )
    assert list(secrets_in(given)) == ["pass-word", "k1", "k2"]  # type: ignore[arg-type]
