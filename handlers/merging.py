"""合并/拆分 in chat: cases that are one matter go on in the older one, and apart again."""

from cases import commands, events
from cases.errors import NotAllowedError, RefusalError
from cases.model import Case, State
from cases.permissions import Action
from cases.wording.numbers import number_said
from handlers import said
from handlers.answered import already
from handlers.references import case_written
from handlers.said import Slots
from handlers.talk import Talk


def merge(talk: Talk, slots: Slots) -> str:
    """合并: into the older case, whichever way round it is said."""
    written = [said.text(slots, "from_case"), *said.texts(slots, "from_cases")]
    into = said.text(slots, "into_case")
    others = [one for one in written if one]
    if not others and talk.case is not None and into:
        others = [talk.case.number]
    if not others or not into:
        raise RefusalError("请写明哪件并入哪件, 例如: 006 合并到 004")
    cases = [case_written(talk, one) for one in (*others, into)]
    return merge_cases(talk, cases)


def merge_cases(talk: Talk, cases: list[Case]) -> str:
    """Merge all of these into the oldest of them, once each."""
    found = sorted({case.id: case for case in cases}.values(), key=lambda case: case.id)
    locked = [talk.work.cases.load(case.id) for case in found]  # in one order: nobody waits twice
    if len(locked) < 2:  # noqa: PLR2004 - a case and itself
        done = already(talk, locked[0], (events.Absorbed,))
        raise NotAllowedError(f"{done}已是同一件, 不用再合并。")
    survivor, *rest = locked
    for case in locked:
        talk.permit(Action.MERGE, case)
    if not survivor.is_open:
        raise NotAllowedError(
            f"{survivor.short_number} {survivor.state.label}, 不能并入。"
            f"又有新情况请先回复「{survivor.short_number} 重新打开, 理由」。"
        )
    for case in rest:
        talk.do(case, Action.MERGE, commands.Merge(into=survivor.number))
        talk.work.cases.give_links(case.id, survivor.id)
    has_link = any(talk.work.cases.links(case.id) for case in rest)
    joined = commands.Absorb(
        numbers=tuple(case.number for case in rest),
        reporters=tuple(who for case in rest for who in case.reporters),
        known=("链接",) if has_link else (),
    )
    talk.do(survivor, Action.MERGE, joined)
    return _merged(talk, survivor, rest)


def _merged(talk: Talk, survivor: Case, rest: list[Case]) -> str:
    numbers = "、".join(_said(talk, case) for case in rest)
    answer = (
        f"{numbers} 已并入较早的 {_said(talk, survivor)}, 链接、数据和报告人都归到一件。"
        f"并错了请在 5 分钟内回复「撤销刚才的操作」, 之后回复「拆分 {_said(talk, rest[0])}」。"
    )
    lost = {
        held.unit_id
        for case in rest
        for held in case.assignments
        if held.is_live and survivor.of_unit(held.unit_id) is None
    }
    if lost:
        units = {unit.id: unit.name for unit in talk.work.people.units()}
        names = "、".join(sorted(units.get(one, one) for one in lost))
        answer += (
            f"{names}原承办的件不再单独办, 要继续请回复「{survivor.short_number} 加{names}协办」。"
        )
    return answer


def split(talk: Talk, slots: Slots) -> str:
    """拆分: a merged case goes its own way again."""
    written = said.text(slots, "case")
    if not written:
        raise RefusalError("请写明拆出哪一件, 例如: 拆分 006")
    case = case_written(talk, written, as_merged=True)
    talk.permit(Action.SPLIT, case)
    if case.state is not State.MERGED:
        inside = [_said(talk, one) for one in talk.work.cases.merged_into(case.number)]
        if not inside:
            raise NotAllowedError(
                f"{case.short_number} 没有并入别的件。要把其中一事另立, 请直接上报那件事, "
                "例如: 微博 青禾路停电"
            )
        if len(inside) > 1:
            raise NotAllowedError(
                f"{case.short_number} 里有 {'、'.join(inside)}, 请写明拆出哪一件, "
                f"例如: 拆分 {inside[-1]}"
            )
        case = talk.work.cases.merged_into(case.number)[0]
    return part(talk, case)


def part(talk: Talk, case: Case) -> str:
    """Let a merged case go its own way again, with the reporters and links only it had."""
    survivor = talk.work.cases.by_number(case.merged_into or "")
    if survivor is None:
        raise NotAllowedError(f"{case.short_number} 没有并入别的件。")
    joined = _joined_by(talk, survivor, case)
    talk.do(case, Action.SPLIT, commands.Restore())
    talk.work.cases.take_links_back(case.id, survivor.id)
    if survivor.is_open:
        talk.do(survivor, Action.SPLIT, commands.Release(case.number, joined))
    return (
        f"{_said(talk, case)} 已从 {_said(talk, survivor)} 拆出, 回到「{_stands(talk, case)}」, "
        "时限从现在起算。"
    )


def _said(talk: Talk, case: Case) -> str:
    return number_said(case.number, talk.now)


def _stands(talk: Talk, case: Case) -> str:
    return talk.work.cases.load(case.id).state.label


def _joined_by(talk: Talk, survivor: Case, case: Case) -> tuple[str, ...]:
    # Who came with this case and with no other one; who joined since stays where he joined.
    added = {
        who
        for entry in talk.work.cases.history(survivor.id)
        if isinstance(entry.event, events.Absorbed) and case.number in entry.event.numbers
        for who in entry.event.reporters
    }
    others = {
        who
        for one in talk.work.cases.merged_into(survivor.number)
        if one.id != case.id
        for who in one.reporters
    }
    return tuple(who for who in case.reporters if who in added and who not in others)
