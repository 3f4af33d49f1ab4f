"""One answer settles a numbered list: 1-12 并入007, 13 15 定二级交城管, 其余撤回."""

from collections.abc import Callable, Collection

from cases.chat import Intent, Understood
from cases.errors import NotAllowedError, RefusalError
from cases.storm import numbers_in_words
from handlers.merging import merge_cases
from handlers.references import case_written
from handlers.said import Slots, text
from handlers.talk import Talk
from storage.case_lists import Line

Doer = Callable[[Talk, Slots], str]
_DID = {
    Intent.GRADE_CONFIRM: "已定级",
    Intent.GRADE_CHANGE: "已改等级",
    Intent.ASSIGN: "已交办",
    Intent.REPORT_WITHDRAW: "已撤回",
    Intent.CASE_REFUSE: "不予受理",
}


def for_items(talk: Talk, understood: Understood, doer: Doer, named: Collection[int]) -> str:
    """Do to every case of the list that is named what is said; say what is left.

    Args:
        talk: the conversation.
        understood: one command; `items` are numbers of the list, or "rest".
        doer: carries the command out for one case.
        named: all numbers the whole message names: the rest are the others.

    Raises:
        RefusalError: there is no list, or it has no such number.
    """
    lines = _lines(talk, understood, named)
    if understood.intent is Intent.CASE_MERGE:
        return _merge(talk, understood, lines)
    slots = {name: value for name, value in understood.slots.items() if name != "items"}
    done, refused = [], []
    for line in lines:
        talk.case = None
        number = talk.work.cases.load(line.case_id).number
        try:
            doer(talk, {**slots, "case": number})
        except RefusalError as refusal:  # one that cannot be done must not stop the others
            refused.append(f"清单 {line.number}: {refusal}")
        else:
            done.append(line.number)
    talk.case = None
    what = _DID.get(understood.intent, "已办")
    said = [f"清单 {numbers_in_words(done)} {what}。"] if done else []
    return "\n".join((*said, *refused))


def _lines(talk: Talk, understood: Understood, named: Collection[int]) -> list[Line]:
    current = talk.work.case_lists.latest_open()
    if current is None:
        raise NotAllowedError("现在没有等您处理的清单。要说哪一件, 请写编号, 例如: 007 定二级")
    left = {line.number: line for line in talk.work.case_lists.lines(current.id)}
    items = understood.slots["items"]
    if items == "rest":
        return [line for number, line in left.items() if number not in named]
    wanted = [item for item in items if isinstance(item, int)] if isinstance(items, list) else []
    unknown = [item for item in wanted if item not in left]
    if unknown:
        raise NotAllowedError(
            f"清单里没有 {numbers_in_words(unknown)}, 或已处理。"
            f"还没处理的: {numbers_in_words(list(left)) or '无'}。"
        )
    return [left[item] for item in wanted]


def _merge(talk: Talk, understood: Understood, lines: list[Line]) -> str:
    into = text(understood.slots, "into_case")
    if not into:
        raise NotAllowedError("请写明并入哪一件, 例如: 1-12 并入007")
    cases = [talk.work.cases.load(line.case_id) for line in lines]
    target = case_written(talk, into)
    answer = merge_cases(talk, [*cases, target])
    talk.case = None
    return answer


def whats_left(talk: Talk) -> str:
    """Return which numbers of the list still wait."""
    current = talk.work.case_lists.latest_open()
    if current is None:
        return "清单已全部处理。"
    numbers = [line.number for line in talk.work.case_lists.lines(current.id)]
    return f"清单还有 {len(numbers)} 件: {numbers_in_words(numbers)}。"


def named_items(asked: Collection[Understood]) -> frozenset[int]:
    """Return all list numbers that a message names."""
    found: set[int] = set()
    for one in asked:
        items = one.slots.get("items")
        if isinstance(items, list):
            found |= {item for item in items if isinstance(item, int)}
    return frozenset(found)
