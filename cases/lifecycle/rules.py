"""What the decisions of all families share: when a command may be asked, and its refusals."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cases import commands, events
from cases.errors import NotAllowedError
from cases.model import Assignment, Case, State

OPEN = frozenset(s for s in State if s.is_open)
BEFORE_UNITS = frozenset({State.REPORTED, State.TRIAGE, State.GRADED, State.APPROVED})
WITH_UNITS = OPEN - BEFORE_UNITS
IN_HAND = WITH_UNITS - {State.CLOSE_REQUESTED}


@dataclass(frozen=True, slots=True)
class Rule:
    """One command: its name in a refusal, the states in which it may happen, its decision."""

    what: str
    states: frozenset[State]
    decide: Callable[..., list[events.Event]]


Rules = dict[type[commands.Command], Rule]

NEXT: dict[State, str] = {
    State.REPORTED: "请舆情办主任先定级, 例如: 定二级, 交住建局",
    State.TRIAGE: "请舆情办主任先定级, 例如: 定二级, 交住建局",
    State.GRADED: "请舆情办主任交办, 例如: 交住建局",
    State.APPROVED: "正在等领导签批",
    State.ASSIGNED: "请责任单位先签收, 回复: 收到",
    State.SIGNED: "请责任单位核实后首报",
    State.VERIFYING: "请责任单位报核实结果",
    State.HANDLING: "请责任单位办完后申请办结",
    State.REPLY_DRAFT: "回应稿正在等舆情办审核",
    State.REVIEWING: "回应稿正在等领导签发, 或已签发待发布",
    State.TRACKING: "已公开回应, 平稳后请责任单位申请办结",
    State.CLOSE_REQUESTED: "正在等领导确认办结",
}


def refusal(case: Case, what: str) -> str:
    """Return why `what` is not possible where the case stands, and what is next."""
    if not case.is_open:
        return f"{case.short_number} {case.state.label}, 不能再{what}。"
    ahead = NEXT.get(case.state, "回复「查 " + case.short_number + "」可看进度")
    return f"{case.short_number} 现在是「{case.state.label}」, 不能{what}。{ahead}。"


def part_of(case: Case, unit: str) -> Assignment:
    """Return the unit's part in the case.

    Raises:
        NotAllowedError: it has none.
    """
    part = case.of_unit(unit)
    if part is None:
        raise NotAllowedError(f"{case.short_number} 没有交给贵单位, 不需要办理。")
    return part


def signed_first(part: Assignment, by: str, now: datetime) -> list[events.Event]:
    """Return the signature of a unit that has not signed: who reports has plainly received it."""
    if part.signed_at is not None:
        return []
    return [events.Signed(part.id, part.unit_id, by=by, at=now)]
