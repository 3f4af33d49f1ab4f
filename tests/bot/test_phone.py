"""电话通知 by the operator's command: a list of arguments, words on its input, bounded time."""

import sys
from pathlib import Path

import pytest

from bot.gateway import GiveUp, Outcome, Scope, Sent
from bot.phone import PhoneCalls, PhoneCommand
from cases.phone_call import PhoneCall, payload_of

_WRITES = (
    "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text("
    "repr((sys.argv[2:], sys.stdin.read())), encoding='utf-8')"
)


class Platform:
    """Takes what is no call."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        self.taken.append(f"{channel} {recipient} {payload}")
        return Sent("m1")


def call(*argv: str, seconds: int = 15, phone: str = "0000-8120101") -> Outcome:
    said = PhoneCall(phone, "刘洋; touch x", "YQ-20261120-001", "督办电话通知: 请尽快办理。")
    calls = PhoneCalls(Platform(), PhoneCommand(argv, seconds))
    return calls.send("app", "liuyang", payload_of(said))


def test_the_command_gets_a_list_of_arguments_and_the_words_on_its_input(tmp_path: Path) -> None:
    noted = tmp_path / "noted"
    done = call(
        *(sys.executable, "-c", _WRITES, str(noted)),
        *("--to", "{phone}", "{name}", "{number}", "$HOME"),
    )
    assert done == Sent("")
    arguments = ["--to", "0000-8120101", "刘洋; touch x", "YQ-20261120-001", "$HOME"]
    assert noted.read_text(encoding="utf-8") == repr((arguments, "督办电话通知: 请尽快办理。"))


@pytest.mark.parametrize(
    ("argv", "status", "said"),
    [
        ((sys.executable, "-c", "raise SystemExit(3)"), 3, "退出码 3"),
        (("/no/such/program", "{phone}"), 127, "没有运行成"),
        ((), 127, "没有设电话通知命令"),
    ],
)
def test_a_failure_is_an_outcome_that_concerns_whom_it_did_not_reach(
    argv: tuple[str, ...], status: int, said: str
) -> None:
    done = call(*argv)
    assert isinstance(done, GiveUp)
    assert (done.errcode, done.scope) == (status, Scope.RECIPIENT)
    assert said in done.text


def test_a_command_that_does_not_end_is_ended() -> None:
    done = call(sys.executable, "-c", "import time; time.sleep(60)", seconds=1)
    assert done == GiveUp(124, "电话通知命令 1 秒没有结束", Scope.RECIPIENT)


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("0000-8120101", True),
        ("+86 10 1234 5678", True),
        ("-o/tmp/x", False),
        ("--help", False),
        ("内线 3", False),
        ("12", False),
        ("123", True),
    ],
)
def test_only_a_number_is_dialled(tmp_path: Path, phone: str, dialled: bool) -> None:
    noted = tmp_path / "noted"
    done = call(sys.executable, "-c", _WRITES, str(noted), "{phone}", phone=phone)
    assert (isinstance(done, Sent), noted.exists()) == (dialled, dialled)


def test_every_other_message_goes_to_the_platform() -> None:
    platform = Platform()
    calls = PhoneCalls(platform, PhoneCommand((sys.executable, "-c", "raise SystemExit(9)")))
    assert calls.send("app", "liuyang", '{"text": {"content": "{phone}"}}') == Sent("m1")
    assert platform.taken == ['app liuyang {"text": {"content": "{phone}"}}']
