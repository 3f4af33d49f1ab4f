"""How much may be said: below WeCom's published limits, for past those it drops silently (R12)."""

from dataclasses import dataclass
from datetime import datetime

from storage.states import Channel
from storage.work import Work

_MINUTE = 60
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `limit` messages under `key` in any `seconds`."""

    key: str
    limit: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Budgets:
    """The limits in force; the defaults leave a margin to those of page 90312 and 99110."""

    member_minute: int = 25  # WeCom: 30, then silence
    member_hour: int = 900  # 1000
    robot_minute: int = 18  # 20
    chat_minute: int = 60  # a member hears at most 200 a minute from all chats together
    app_minute: int = 9000  # 10 000 for each API
    smart_minute: int = 25  # an intelligent robot in one chat: 30, answers and pushes together
    smart_hour: int = 900  # 1000

    def of(self, channel: Channel, recipient: str) -> tuple[Budget, ...]:
        """Return what a message on `channel` to `recipient` draws on, in the order of the keys."""
        if channel == Channel.ROBOT:
            return (Budget(f"robot:{recipient}:minute", self.robot_minute, _MINUTE),)
        if channel == Channel.AIBOT:
            return (
                Budget(f"smart:{recipient}:hour", self.smart_hour, _HOUR),
                Budget(f"smart:{recipient}:minute", self.smart_minute, _MINUTE),
            )
        whole = Budget(f"api:{channel}:minute", self.app_minute, _MINUTE)
        if channel == Channel.APPCHAT:
            return whole, Budget(f"chat:{recipient}:minute", self.chat_minute, _MINUTE)
        return (
            whole,
            Budget(f"member:{recipient}:hour", self.member_hour, _HOUR),
            Budget(f"member:{recipient}:minute", self.member_minute, _MINUTE),
        )


class ExhaustedError(Exception):
    """A budget is used up until a moment; raised inside a transaction, so that nothing is taken."""

    def __init__(self, key: str, until: datetime) -> None:
        super().__init__(key)
        self.until = until


def draw(work: Work, budgets: tuple[Budget, ...], now: datetime) -> None:
    """Take one from each budget, or from none. Raises ExhaustedError."""
    wanted = [(budget.key, budget.limit, budget.seconds) for budget in budgets]
    refused = work.budgets.take_all(wanted, now)
    if refused is not None:
        raise ExhaustedError(*refused)
