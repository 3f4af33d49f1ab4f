"""电话通知 by the operator's own command: an SMS, a telephone gateway, a mail.

It is a message like any other: leased, sent again after a crash, cancelled when its clock ends.
The command gets its arguments as a list, without a shell, the words on its standard input, and a
bounded time; its exit status is the outcome. It never holds the ladder up.
"""

import logging
import subprocess
from dataclasses import dataclass

from bot.gateway import Gateway, GiveUp, Outcome, Scope, Sent
from cases.phone_call import PhoneCall, call_in

logger = logging.getLogger(__name__)
_TIMED_OUT, _NOT_STARTED = 124, 127  # as a shell would say it


@dataclass(frozen=True, slots=True)
class PhoneCommand:
    """What is run for a call; () while none is set."""

    argv: tuple[str, ...] = ()
    seconds: int = 15  # well within the lease of a message


class PhoneCalls:
    """Makes the calls itself and leaves every other message to `gateway`."""

    def __init__(self, gateway: Gateway, command: PhoneCommand) -> None:
        self._gateway = gateway
        self._command = command

    def send(self, channel: str, recipient: str, payload: str) -> Outcome:
        """Run the command for a call, or deliver the payload byte for byte."""
        call = call_in(payload)
        if call is None:
            return self._gateway.send(channel, recipient, payload)
        return self._make(call)

    def _make(self, call: PhoneCall) -> Outcome:
        if not self._command.argv:
            return _failed(_NOT_STARTED, "没有设电话通知命令")
        if not call.can_be_dialled:
            return _failed(_NOT_STARTED, f"名录里的电话「{call.phone}」不像电话号码")
        argv = [call.fill(argument) for argument in self._command.argv]
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
                argv,
                check=False,
                timeout=self._command.seconds,
                input=call.text.encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return _failed(_TIMED_OUT, f"电话通知命令 {self._command.seconds} 秒没有结束")
        except OSError as error:
            logger.error("the phone command cannot be run: %s", error)  # noqa: TRY400
            return _failed(_NOT_STARTED, "电话通知命令没有运行成")
        if done.returncode != 0:
            return _failed(done.returncode, f"电话通知命令失败, 退出码 {done.returncode}")
        return Sent("")


def _failed(status: int, text: str) -> GiveUp:
    # Of the recipient: the next person is told, as when a message finds nobody.
    return GiveUp(status, text, Scope.RECIPIENT)
