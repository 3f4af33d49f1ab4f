"""Cards in people's hands: sent, kept true while the case moves on, settled when it is answered."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from cases import events, robot_payload
from cases.asks import NEWER, Asks, is_asked, settled_by
from cases.cards import (
    CODE_LIVES,
    Button,
    Card,
    Row,
    app_card,
    card_update,
    settled,
    task_id_of,
    task_of,
    template_card,
)
from cases.encoding import wecom_field
from cases.model import Case
from cases.notices import Choice, Priority
from cases.payload import app_text, cut
from cases.wording.history import in_words
from cases.wording.moments import clock_time, day_time
from cases.wording.reminders import head
from handlers.desk import Act, Desk
from handlers.robot_answer import ROBOT
from storage.cards import CardButton, KeptCard, NewCard
from storage.outbox import Claimed, NewMessage
from storage.states import CardState, Channel, OutboxState
from storage.work import Work

UPDATE = "card-update"  # the kind of a message that changes a card
STATUS = "status"  # the key of 查进度 in the corner of a card
RETURN = "return"  # the key of 退回: it asks for the reason
MOMENT = "{时刻}"  # in a kept outcome: when it was, in words that depend on when one asks
REPLACED = f"这张卡片已于 {MOMENT} 由新的卡片代替, 请按最新的一张。"
_MENU = (Button("查进度", STATUS),)
_TITLE_BYTES = 120


def buttons_of(asks: Asks, choices: tuple[Choice, ...]) -> tuple[CardButton, ...]:
    """Return the buttons of a card: its first choices, and 退回 where something can be returned."""
    made = tuple(
        CardButton(str(nth), choice.label, choice.says)
        for nth, choice in enumerate(choices[:2], start=1)
    )
    if asks.return_by is not None and len(made) == 1:
        made += (CardButton(RETURN, "退回"),)
    return made


def until(work: Work, case: Case, asks: Asks, unit: str, now: datetime) -> str:
    """Return until when it is asked, as the card says it; "" where no clock runs."""
    for clock in work.clocks.running(case.id):
        if clock.step == asks.step and unit in ("", clock.holder):
            return f"请在 {day_time(clock.due_at, now)} 前{asks.verb}"
    return ""


def with_buttons(card: Card, buttons: tuple[CardButton, ...], page: str) -> Card:
    """Return the face with its buttons, the menu in its corner and the page it opens."""
    shown = tuple(Button(one.label, one.key) for one in buttons)
    return replace(card, buttons=shown, menu=_MENU, page=page)


def read_face(card: KeptCard) -> Card:
    """Return the face of a card as it is kept."""
    face = dict(card.face)
    for name, kind in (("rows", Row), ("buttons", Button), ("menu", Button)):
        held = face[name]
        face[name] = tuple(kind(**one) for one in held) if isinstance(held, list | tuple) else ()
    return Card(**face)  # type: ignore[arg-type]  # written by asdict


def is_by_robot(card: KeptCard) -> bool:
    """Whether the intelligent robot showed it: then only a press lets it be changed, at once."""
    return card.key.endswith(ROBOT)


def outcome_of(card: KeptCard, now: datetime) -> str:
    """Return what is answered to whoever presses a settled card."""
    return card.outcome.replace(MOMENT, clock_time(card.settled_at or card.put_at, now))


@dataclass(frozen=True, slots=True)
class Hands:
    """The cards in people's hands, in one transaction, at one moment."""

    work: Work
    desk: Desk
    now: datetime

    def keep(self, new: NewCard) -> None:
        """Keep a card that is being sent; what asked the same before is not to be pressed again."""
        if not self.work.cards.put(new) or new.asks is Asks.NOTHING:
            return
        for card in self.work.cards.of_case(new.case_id):
            is_older = card.asks is new.asks and card.unit == new.unit and card.round != new.round
            if is_older and card.state is CardState.OPEN:
                self._replaced(card)

    def refresh(self, case: Case, happened: tuple[events.Event, ...], act: Act) -> None:
        """Settle the cards whose question is answered, and keep the others true."""
        cards = self.work.cards.of_case(case.id)
        latest = {(card.asks, card.unit): card.round for card in cards}
        is_undone = any(isinstance(event, events.Restored) for event in happened)
        for card in cards:
            if card.state is CardState.OPEN and _is_over(case, card, happened, act):
                self._settle(case, card, happened, act)
            elif card.state is CardState.OPEN:
                self._true_again(case, card)
            elif is_undone and latest[card.asks, card.unit] == card.round:
                self._ask_again(case, card)  # what settled it was taken back (撤销)
        for card in self.work.cards.of_case(case.id) if cards else ():
            if card.stale:
                self.show(card)

    def show(self, card: KeptCard) -> None:
        """Put the face that is kept in the place of what people see, as far as can be."""
        is_over = card.state is CardState.SETTLED
        by_robot = is_by_robot(card)  # what it shows is an answer too: not withdrawn, nor repeated
        if is_over and not by_robot and self.work.records.withdraw(card.key, "情况已变, 不用再发"):
            self.work.cards.shown(card, stale=False)
            return
        code = self.work.cards.take_code(card.task_id, self.now)
        if code is not None:
            self._update(card, code)
        elif not (is_over or by_robot) and self.work.records.state_of(card.key) is OutboxState.SENT:
            self._send_anew(card)

    def sent(self, claim: Claimed, code: str) -> None:
        """A card has left: it can be changed once by this response_code, within its time."""
        card = self.work.cards.by_task(task_of(claim.payload))
        if card is None:
            return
        self.work.cards.add_code(card.task_id, code, self.now + CODE_LIVES)
        if card.stale:  # it was settled while it was on the wire
            self.show(card)

    def refused(self, claim: Claimed, text: str) -> bool:
        """A card or its change was refused: say it otherwise; False where it is no card of ours."""
        if claim.kind == UPDATE:
            return self._not_changed(claim)
        card = self.work.cards.by_task(task_of(claim.payload))
        if card is None:
            return False
        key = f"{card.key}|文字"
        self.work.alarms.sound("outbox.card", f"卡片发不出, 已改发文字: {text}", self.now)
        payload = app_text(self.desk.agent_id, card.userid, cut(card.text), key=key)
        why = f"{claim.reason} (卡片发不出, 改发文字)"
        return self._put(card, key, payload, (claim.kind, why, claim.priority))

    def _settle(
        self, case: Case, card: KeptCard, happened: tuple[events.Event, ...], act: Act
    ) -> None:
        event, done = settled_by(happened)
        units = {unit.id: unit.name for unit in self.work.people.units()}
        name, when = wecom_field(act.by.name, 30), clock_time(self.now, self.now)
        said = wecom_field(in_words(event, units), 300)
        outcome = f"{case.short_number} 已由{name}于 {MOMENT} 处理: {said}。"
        face = settled(read_face(card), done, f"{name} {when} {done}")
        self.work.cards.settle(card.task_id, asdict(face), outcome, self.now)

    def _replaced(self, card: KeptCard) -> None:
        face = settled(read_face(card), NEWER, "请看最新的卡片")
        self.work.cards.settle(card.task_id, asdict(face), REPLACED, self.now)

    def _ask_again(self, case: Case, card: KeptCard) -> None:
        if is_asked(case, card.asks, card.unit):
            desc = until(self.work, case, card.asks, card.unit, card.put_at)
            face = replace(read_face(card), done="", desc=desc)
            self.work.cards.ask_again(card.task_id, asdict(face), case.working_level)

    def _true_again(self, case: Case, card: KeptCard) -> None:
        """Another grade or another time: the card says it, or is sent anew where it cannot."""
        if card.asks is Asks.GRADE:
            return  # its buttons stand for the grade proposed when it was asked
        before = read_face(card)
        kind = before.title[: before.title.find("】") + 1]
        title = f"{kind}{head(case, wecom_field(case.title, _TITLE_BYTES))}"
        desc = until(self.work, case, card.asks, card.unit, card.put_at) or before.desc
        if case.working_level != card.level or desc != before.desc:
            face = replace(before, title=title, desc=desc)
            self.work.cards.ask_again(card.task_id, asdict(face), case.working_level)

    def _update(self, card: KeptCard, code: str) -> None:
        self.work.records.withdraw(_update_key(card, card.updates), "又有新的变化")
        nth = self.work.cards.shown(card, stale=False)
        if is_by_robot(card):
            payload = robot_payload.with_card(code, _robot_face(card))
        else:
            payload = card_update(self.desk.agent_id, (card.userid,), code, read_face(card))
        self._put(card, _update_key(card, nth), payload, (UPDATE, "更新卡片", int(Priority.CLICK)))

    def _send_anew(self, card: KeptCard) -> None:
        """The card cannot be changed any more: another one takes its place."""
        key = f"{card.key}|再发{card.updates + 1}"
        face = read_face(card)
        self._replaced(card)
        common = {field.name: getattr(card, field.name) for field in fields(NewCard)}
        common |= {"task_id": task_id_of(key), "key": key, "put_at": self.now}
        if self.work.cards.put(NewCard(**common)):
            payload = app_card(self.desk.agent_id, card.userid, face, key=key)
            why = "情况有变, 卡片不能再更新, 另发一张"
            self._put(card, key, payload, ("card-again", why, int(Priority.NOTICE)))

    def _not_changed(self, claim: Claimed) -> bool:
        card = self.work.cards.by_task(claim.key.split("|")[1])
        if card is not None and _update_key(card, card.updates) == claim.key:
            self.work.cards.shown(card, stale=True)
            self.show(card)
        return True

    def _put(self, card: KeptCard, key: str, payload: str, what: tuple[str, str, int]) -> bool:
        kind, reason, priority = what
        by_robot = is_by_robot(card)
        return self.work.outbox.put(
            NewMessage(
                key=key,
                kind=kind,
                channel=Channel.AIBOT if by_robot else Channel.APP,
                recipient=robot_payload.read(payload).chat.chat_id if by_robot else card.userid,
                payload=payload,
                reason=reason,
                priority=priority,
                next_at=self.now,
                case_id=card.case_id,
            )
        )


def _is_over(case: Case, card: KeptCard, happened: tuple[events.Event, ...], act: Act) -> bool:
    has_answered = card.userid == act.by.userid and card.asks.return_by is not None
    if has_answered and any(isinstance(event, events.SeatGranted) for event in happened):
        return True  # one of several has agreed; the others are still asked
    return not is_asked(case, card.asks, card.unit)


def _robot_face(card: KeptCard) -> dict[str, object]:
    """Return what takes the card's place: once settled, one button that says what became of it.

    The robot's pages know no replace_text; whoever presses that button is told who settled it.
    """
    face = read_face(card)
    if face.done:
        told = Button(face.done, face.buttons[0].key)
        face = replace(face, buttons=(told,), menu=(), done="")
    return template_card(face, card.task_id)


def _update_key(card: KeptCard, nth: int) -> str:
    return f"card|{card.task_id}|{nth}"
