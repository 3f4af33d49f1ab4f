"""Decisions asked through the intelligent robot: the answer is a card, where there is room for it.

What is asked of somebody has its card in the app. Spoken to about that matter, the robot shows the
same question in the chat, with the same buttons: settled once, it is settled everywhere.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from cases import robot_payload
from cases.asks import is_asked
from cases.cards import CODE_LIVES, Card, face, task_id_of, template_card
from cases.messages import EventInfo
from cases.model import Case
from cases.notices import Choice
from cases.robot_payload import PRESS_LIVES
from handlers.cards import is_by_robot, read_face
from handlers.robot_answer import ROBOT, Asked, Row, may_answer, may_be_said_openly, rows
from storage.cards import KeptCard, NewCard
from storage.states import CardState
from storage.work import Work

AS_CARD = "机器人出卡片"
TOO_LONG = "卡片放不下, 回调模式一次只能答一条, 改用数字"
PRIVATE = "群里不公开, 卡片在应用私聊"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer through the robot about a matter that is the asker's to decide."""

    asked: Asked
    direct: Row  # the app's message with the same words and the numbers
    text: str
    numbers: str  # what to answer instead of pressing
    case: Case
    held: KeptCard  # the app's card that asks the same

    def carried(self, now: datetime) -> Iterator[tuple[Row, NewCard | None, str]]:
        """Yield each row with the card it shows, if any, and why it takes this form."""
        with_numbers = f"{self.text}\n{self.numbers}"
        is_group = self.asked.chat.is_group
        if is_group and not may_be_said_openly(self.text, self.case):
            for row in rows(self.asked, self.direct, with_numbers, self.case):
                yield row, None, PRIVATE
            return
        made, is_whole = self._face()
        if is_whole:
            yield self._as_card(made, self.direct, now)
        elif self.asked.can_push:  # the words first, then the card: the two do not fit one frame
            for row in rows(self.asked, self.direct, self.text, self.case):
                yield row, None, ""
            after = replace(self.direct, key=f"{self.direct.key}|card", payload="")
            pushed = replace(self, asked=replace(self.asked, is_press=True))
            yield pushed._as_card(self._own_face(), after, now)  # noqa: SLF001  of this class
        else:
            for row in rows(self.asked, self.direct, with_numbers, self.case):
                yield row, None, TOO_LONG

    def _own_face(self) -> Card:
        """Return the face of the card that asks it, as the app shows it."""
        shown = replace(read_face(self.held), hint=self._hint())
        # In a group a look at the case is answered one to one: no button for everybody.
        return replace(shown, menu=()) if self.asked.chat.is_group else shown

    def _face(self) -> tuple[Card, bool]:
        own = self._own_face()
        made, is_whole = face(f"{own.title}\n{self.text}", desc=own.desc, hint=own.hint)
        shown = replace(own, title=made.title, body=made.body, rows=made.rows or own.rows)
        return shown, is_whole

    def _hint(self) -> str:
        return f"也可{self.numbers.replace('即可', '')}" if self.numbers else ""

    def _as_card(self, made: Card, direct: Row, now: datetime) -> tuple[Row, NewCard, str]:
        key = f"{direct.key}{ROBOT}"
        task_id = task_id_of(key)
        (row,) = rows(self.asked, direct, self.text, self.case)
        shown = robot_payload.with_card(row.payload, template_card(made, task_id))
        common = {field.name: getattr(self.held, field.name) for field in fields(NewCard)}
        common |= {"task_id": task_id, "key": key, "face": asdict(made), "put_at": now}
        return replace(row, payload=shown), NewCard(**common), AS_CARD


def open_card(work: Work, userid: str, case: Case | None, asked: Asked | None) -> KeptCard | None:
    """Return the card that still asks this person about the case; None: answer in words alone.

    A press is answered in words: its card is there already.
    """
    if case is None or asked is None or asked.is_press or not may_answer(asked):
        return None
    mine = [card for card in work.cards.of_case(case.id) if _asks(card, userid, case)]
    return mine[-1] if mine else None


def choices_of(card: KeptCard) -> tuple[Choice, ...]:
    """Return what can be answered by a number: 退回 cannot, for it asks for the reason."""
    return tuple(Choice(one.label, one.says) for one in card.buttons if one.says)


def code_of(asked: Asked | None, event: EventInfo, now: datetime) -> tuple[str, datetime]:
    """Return by what the pressed card can be changed once, and until when; "" where it cannot."""
    if asked is None:
        return event.response_code, now + CODE_LIVES
    if not asked.can_push:
        return "", now
    return robot_payload.way_of_press(asked.chat, asked.at), asked.at + PRESS_LIVES


def _asks(card: KeptCard, userid: str, case: Case) -> bool:
    is_open = card.state is CardState.OPEN and not is_by_robot(card) and card.userid == userid
    return is_open and bool(card.buttons) and is_asked(case, card.asks, card.unit)
