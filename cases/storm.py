"""Storm days: many new cases within minutes are put to the office as one numbered list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from cases.model import State

MANY = 6  # new and ungraded cases …
WITHIN = timedelta(minutes=10)  # … within this time make a list
GOES_ON = timedelta(hours=1)  # so long later ones join the list that is open
LINES = 15  # of a message of 2048 bytes
SHOWN_AFTER = timedelta(minutes=2)  # it is shown once, not again for every case that comes
WAITING = frozenset({State.REPORTED, State.TRIAGE, State.GRADED})  # not settled


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One line of the list, as the office reads it."""

    number: int
    short_number: str
    title: str  # already encoded for chat
    level: str
    unit: str
    hint: str = ""


def list_in_words(listed: Sequence[ListedCase], until: str) -> tuple[str, ...]:
    """Return the list in messages that fit, the last with an answer that settles it."""
    parts = [listed[at : at + LINES] for at in range(0, len(listed), LINES)]
    said = []
    for nth, part in enumerate(parts, start=1):
        which = f" ({nth}/{len(parts)})" if len(parts) > 1 else ""
        lines = [f"【待定级清单】{len(listed)} 件{which}", *map(_line, part)]
        if nth == len(parts):
            lines.append(_how(listed, until))
        said.append("\n".join(lines))
    return tuple(said)


def _line(one: ListedCase) -> str:
    unit = f" 建议交{one.unit}" if one.unit else ""
    hint = f" ({one.hint})" if one.hint else ""
    return f"{one.number}. {one.short_number} {one.title} {one.level}{unit}{hint}"


def _how(listed: Sequence[ListedCase], until: str) -> str:
    first, last = listed[0], listed[-1]
    sample = f"{first.number} 定{first.level}交{first.unit or 'XX局'}"
    if last.number != first.number:
        sample = f"{last.number} 并入{first.short_number}, {sample}, 其余定{last.level}"
    return f"请{f'在 {until} 前' if until else ''}一次答复, 例如「{sample}」。"


def numbers_in_words(numbers: Sequence[int]) -> str:
    """Return list numbers with runs drawn together: 1-12、15."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
