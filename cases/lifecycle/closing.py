"""Decisions about closing."""

from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.lifecycle.rules import Rule, Rules
from cases.model import Case, State


def _close(case: Case, command: commands.Close, _by: str, now: datetime) -> list[events.Event]:
    if command.needs_answer and not case.response.is_answered:
        raise NotAllowedError(
            f"{case.short_number} 还没有公开回应, 不能办结。确实不需要的, 请舆情办回复"
            f"「{case.short_number} 不需公开回应, 理由」; 要回应的请回复「退回, 请先报回应稿」。"
        )
    return [events.Closed(words=command.words, at=now)]


def _send_back(
    _case: Case, command: commands.SendBack, _by: str, _now: datetime
) -> list[events.Event]:
    if not command.reason:
        raise NotAllowedError("退回要写明理由, 例如: 退回, 现场照片没有附上")
    return [events.SentBack(reason=command.reason)]


RULES: Rules = {
    commands.Close: Rule("办结", frozenset({State.CLOSE_REQUESTED}), _close),
    commands.SendBack: Rule("退回重办", frozenset({State.CLOSE_REQUESTED}), _send_back),
}
