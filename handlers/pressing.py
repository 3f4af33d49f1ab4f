"""A button of a card is pressed: the same commands as in chat, and an answer whatever happens."""

import re
from datetime import timedelta
from typing import Protocol

from cases.asks import Asks
from cases.chat import Intent, understand
from cases.errors import NotPermittedError
from cases.messages import EventInfo
from cases.model import Case
from cases.office_phrases import find_phrase
from cases.people import Role
from cases.permissions import may_know
from handlers import approvals, unit_acts
from handlers.cards import RETURN, STATUS, Hands, is_by_robot, outcome_of
from handlers.carry_out import deciders_of
from handlers.robot_cards import code_of
from handlers.talk import Talk
from storage.cards import CardButton, KeptCard
from storage.states import CardState


class CarryOut(Protocol):
    """Carries words out as if they had been typed, and returns the answer."""

    def __call__(self, words: str, *, then: Intent | None = None) -> str:
        """Do it; `then` is what follows in the same breath, so that it need not be asked for."""
        ...


REASON_LIVES = timedelta(minutes=30)
_UNKNOWN = "这张卡片督办已经不认识了, 没有办理。回复「我的待办」看现在要办的。"
_CANCEL = re.compile(r"(?:取消|算了|不退了?|不退回了?|先不退了?)[。!！]?")
_ADDRESS = re.compile(r"https?://")
# Whoever says one of these has turned to something else: it is no reason.
_OTHER = frozenset(
    {
        Intent.CHOICE,
        Intent.HELP,
        Intent.QUERY_STATUS,
        Intent.QUERY_LIST,
        Intent.QUERY_DEADLINE,
        Intent.WHY,
        Intent.APPROVE,
        Intent.UNIT_SIGN,
        Intent.UNDO,
    }
)


def press(talk: Talk, event: EventInfo, carry: CarryOut) -> str:
    """Do what the pressed button stands for, and return the answer.

    Args:
        talk: who pressed.
        event: the card, the button, and the code by which the card can be changed once.
        carry: carries words out as if they had been typed, and returns the answer.

    Raises:
        RefusalError: the presser may not do this, or it is not possible now.
    """
    card = talk.work.cards.by_task(event.task_id)
    if card is None or is_by_robot(card) != (talk.asked is not None):
        return _UNKNOWN
    case = talk.work.cases.load(card.case_id)
    if not may_know(talk.person, case):  # passed on to somebody it does not concern
        raise NotPermittedError(f"这张卡片由{_who_may(talk, case, card)}办理, 您不能代按。")
    talk.work.cards.add_code(card.task_id, *code_of(talk.asked, event, talk.now))
    talk.case = case
    if event.key == STATUS:
        return carry(f"查 {case.number}")
    if card.state is CardState.SETTLED:
        Hands(talk.work, talk.desk, talk.now).show(card)
        return outcome_of(card, talk.now)
    button = next((one for one in card.buttons if one.key == event.key), None)
    if button is None:
        return _UNKNOWN
    if button.key == RETURN:
        return _ask_reason(talk, case, card)
    if button is card.buttons[0] and card.asks.action is not None:
        talk.permit(card.asks.action, case)  # said in the card's own terms, whatever the words
    return _carry_out(talk, button, carry)


def _carry_out(talk: Talk, button: CardButton, carry: CarryOut) -> str:
    questions, userid = talk.work.questions, talk.person.userid
    number = questions.standing(userid, button.says, now=talk.now)
    if number is not None:  # the number beside the button is used up with it
        questions.take(userid, number, now=talk.now)
    questions.forget_words(userid)
    talk.words = button.label
    answers = []
    for nth, words in enumerate(button.says, start=1):
        answers.append(carry(words, then=Intent.ASSIGN if button.says[nth:] else None))
    return "\n".join(answer for answer in answers if answer)


def _who_may(talk: Talk, case: Case, card: KeptCard) -> str:
    if card.asks is Asks.SIGN:
        unit = talk.work.people.unit(card.unit)
        return f"{unit.name if unit else card.unit}的联络员"
    if card.asks in (Asks.GRADE, Asks.CHECK):
        return Role.OFFICE_DIRECTOR.value
    return "、".join(role.value for role in deciders_of(talk.work, talk.desk, case))


def _ask_reason(talk: Talk, case: Case, card: KeptCard) -> str:
    action = card.asks.return_by
    if action is None:
        return _UNKNOWN
    talk.permit(action, case)
    talk.work.questions.ask_words(
        talk.person.userid,
        (card.asks.value, case.number),
        case_id=case.id,
        now=talk.now,
        expires_at=talk.now + REASON_LIVES,
    )
    return (
        f"请写明退回 {case.short_number} 的理由, 直接发给我即可 (30 分钟内有效); "
        "不退回请回复「取消」。"
    )


def reason_given(talk: Talk, words: str) -> str:
    """Take what is typed after 退回 was pressed as its reason; "" where it is something else.

    Raises:
        RefusalError: the presser may not return it, or it is not possible now.
    """
    asked = talk.work.questions.words_asked(talk.person.userid, now=talk.now)
    plain = words.strip()
    if asked is None or not plain:
        return ""
    if _CANCEL.fullmatch(plain):
        talk.work.questions.forget_words(talk.person.userid)
        return "好的, 没有退回。"
    understood = understand(
        plain, None, talk.now, talk.desk.link_rules, units=talk.work.people.units()
    )
    is_other = understood.intent in _OTHER or find_phrase(plain) is not None
    if is_other or _ADDRESS.search(plain):
        return ""
    talk.work.questions.forget_words(talk.person.userid)
    asks, number = Asks(asked[0]), asked[1]
    slots: dict[str, object] = {"case": number, "reason": plain}
    if asks is Asks.SIGN:
        return unit_acts.decline(talk, slots | _suggested(talk, number, plain))
    return approvals.reject(talk, slots)


def _suggested(talk: Talk, number: str, words: str) -> dict[str, object]:
    """Return the unit that the reason names as the right one, if it names one."""
    understood = understand(
        f"退回 {number}, {words}",
        Role.LIAISON,
        talk.now,
        talk.desk.link_rules,
        units=talk.work.people.units(),
    )
    named = understood.slots.get("suggest_unit")
    return {"suggest_unit": named} if named else {}
