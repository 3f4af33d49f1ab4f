"""Notices become outbox rows: recipients looked up, words cut to the limit, body rendered once."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from cases.asks import Asks
from cases.cards import Card, app_card, face, task_id_of
from cases.drills.marking import marked
from cases.model import Case
from cases.notices import Choice, Notice, Recipient, ToGroup, ToPerson, ToRole, ToUnit
from cases.payload import app_text, cut, robot_text
from cases.people import OTHER_DOOR, Person, Role
from handlers import cards
from handlers.arrangements import present
from handlers.desk import Desk
from handlers.group_digest import merge_posts
from handlers.on_duty import duty_officers
from handlers.robot_answer import Asked, Row, rows
from handlers.robot_cards import Answer, choices_of, open_card
from storage.cards import CardButton, KeptCard, NewCard
from storage.outbox import NewMessage
from storage.states import Channel
from storage.work import Work

CHOICE_LIVES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Fence:
    """The clock a reminder belongs to: it is sent only while the clock still runs unmoved."""

    clock_id: int
    generation: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message comes from; with the addressee it makes the key that lets it be put once."""

    subject: str  # case, assignment, inbox, timer
    id: str
    slot: str
    generation: int = 0
    case: Case | None = None
    fence: Fence | None = None
    asked: Asked | None = None  # through the robot: the answer goes back there


def people_of(work: Work, to: Recipient, now: datetime) -> tuple[Person, ...]:
    """Return who is meant, as the directory has it now; the next in line where nobody is.

    值班员 is whoever is on duty at `now`.
    """
    match to:
        case ToPerson(userid=userid):
            person = work.people.person(userid)
            return (person,) if person else ()
        case ToRole(role=Role.DUTY_OFFICER):
            return duty_officers(work, now)
        case ToRole(role=role):
            return present(work, work.people.with_role(role), now)
        case ToUnit(unit=unit, role=role, deputy=deputy):
            return _of_unit(work.people.of_unit(unit), role, deputy=deputy)
        case ToGroup(unit=unit):
            return _of_unit(work.people.of_unit(unit), Role.LIAISON, deputy=False)


def _of_unit(inside: tuple[Person, ...], role: Role, *, deputy: bool) -> tuple[Person, ...]:
    wanted = tuple(p for p in inside if role in p.roles and p.is_deputy == deputy)
    # A unit without such a person still has to hear: its deputy, then its leader.
    stand_in = tuple(p for p in inside if Role.LIAISON in p.roles)
    leader = tuple(p for p in inside if Role.UNIT_LEADER in p.roles)
    return wanted or stand_in or leader


@dataclass(frozen=True, slots=True)
class Post:
    """Puts notices into the outbox of one transaction, at one moment."""

    work: Work
    desk: Desk
    now: datetime

    def tell(self, notices: Iterable[Notice], origin: Origin, *, doer: str = "") -> None:
        """Put every notice, once per person or group; whoever did it himself is not informed."""
        reached: set[tuple[str, str]] = set()
        for notice in self._to_be_told(notices, origin):
            people = people_of(self.work, notice.to, self.now)
            if isinstance(notice.to, ToGroup) and origin.case and origin.case.restricted:
                continue  # a group is more than those who handle it
            if isinstance(notice.to, ToGroup):
                self._to_group(notice, notice.to, origin, people)
                continue
            if not people and not notice.is_optional and not _is_door(notice.to):
                self._nobody(notice, origin)
            for person in people:
                if person.userid == doer and not notice.choices:
                    continue
                if (person.userid, notice.text) in reached:
                    continue  # one person with two roles is told once
                reached.add((person.userid, notice.text))
                self._to_person(person, notice, origin)

    def _to_be_told(self, notices: Iterable[Notice], origin: Origin) -> Iterable[Notice]:
        """Return what is really said: nothing on a quiet desk, in a drill with its mark."""
        if self.desk.is_quiet:
            return ()
        is_drill = origin.case is not None and origin.case.is_drill
        return map(_as_drill, notices) if is_drill else notices

    def post(self, robot: str, notice: Notice, origin: Origin) -> None:
        """Put a notice into a group by its robot, mentioning nobody."""
        key = _key(origin, notice.kind, robot)
        self._put(notice, origin, Row(key, Channel.ROBOT, robot, robot_text(cut(notice.text), ())))

    def offer(self, person: Person, choices: tuple[Choice, ...], case: Case | None) -> str:
        """Keep numbered choices for the person and return the line that shows them.

        Numbers go on from the choices still open, so that an old "1" never means a new question.
        """
        numbers = self._standing(person, choices, case) or self.work.questions.offer(
            person.userid,
            [list(choice.says) for choice in choices],
            case_id=case.id if case else None,
            now=self.now,
            expires_at=self.now + CHOICE_LIVES,
        )
        shown = "; ".join(
            f"{number} = {choice.label}" for number, choice in zip(numbers, choices, strict=True)
        )
        return f"回复数字即可: {shown}"

    def _standing(
        self, person: Person, choices: tuple[Choice, ...], case: Case | None
    ) -> list[int]:
        # A reminder shows the choice it reminds of under the number that was shown before.
        of_case = case.id if case else None
        known = [
            self.work.questions.standing(person.userid, choice.says, now=self.now, case_id=of_case)
            for choice in choices
        ]
        numbers = [number for number in known if number is not None]
        return numbers if len(numbers) == len(choices) else []

    def _to_person(self, person: Person, notice: Notice, origin: Origin) -> None:
        key = _key(origin, notice.kind, person.userid)
        text = notice.text
        hint = self.offer(person, notice.choices, origin.case) if notice.choices else ""
        if hint:
            text += f"\n{hint}"
        card = self._card(person, notice, origin, hint)
        if card is not None:
            self._send_card(notice, origin, card, text)
            return
        asked = origin.asked
        held = open_card(self.work, person.userid, origin.case, asked) if asked else None
        if asked is not None and origin.case is not None and held is not None and not hint:
            self._answer_with_card(person, notice, origin, held)
            return
        direct = self._direct(person, origin, key, text)
        for row in rows(asked, direct, text, origin.case) if asked else (direct,):
            self._put(notice, origin, row)

    def _direct(self, person: Person, origin: Origin, key: str, text: str) -> Row:
        more = f" 回复「查 {origin.case.short_number}」看全部" if origin.case else ""
        payload = app_text(
            self.desk.agent_id,
            person.userid,
            cut(text, more),
            key=key,
        )
        return Row(key, Channel.APP, person.userid, payload)

    def _answer_with_card(
        self, person: Person, notice: Notice, origin: Origin, held: KeptCard
    ) -> None:
        """Answer through the robot about a matter that the asker has to decide."""
        asked, case = origin.asked, origin.case
        if asked is None or case is None:
            return
        choices = choices_of(held)
        numbers = self.offer(person, choices, case) if choices else ""
        key = _key(origin, notice.kind, person.userid)
        direct = self._direct(person, origin, key, f"{notice.text}\n{numbers}".strip())
        answer = Answer(asked, direct, notice.text, numbers, case, held)
        for row, new, why in answer.carried(self.now):
            reason = f"{notice.reason} ({why})" if why else notice.reason
            self._put(replace(notice, reason=reason), origin, row)
            if new is not None:
                cards.Hands(self.work, self.desk, self.now).keep(new)

    def _card(self, person: Person, notice: Notice, origin: Origin, hint: str) -> "_CardRow | None":
        """Return the card that asks it; None where cards are off, or there is nothing to open."""
        case, asks = origin.case, notice.asks
        if not self.desk.cards or asks is None or case is None:
            return None
        page = self.desk.page_of(case.number)
        if asks is Asks.NOTHING and not page:
            return None
        unit = notice.to.unit if isinstance(notice.to, ToUnit) else ""
        desc = cards.until(self.work, case, asks, unit, self.now)
        short = f"也可{hint.replace('即可', '')}" if hint else ""
        made, is_whole = face(notice.text, desc=desc, hint=short)
        buttons = cards.buttons_of(asks, notice.choices)
        return _CardRow(
            key=_key(origin, notice.kind, person.userid),
            userid=person.userid,
            asks=asks,
            unit=unit,
            face=cards.with_buttons(made, buttons, page),
            buttons=buttons,
            is_whole=is_whole,
        )

    def _send_card(self, notice: Notice, origin: Origin, card: "_CardRow", text: str) -> None:
        agent, case = self.desk.agent_id, origin.case
        if case is None:
            return
        if not card.is_whole:  # what the card has no room for is said in full before it
            key = f"{card.key}|全文"
            payload = app_text(agent, card.userid, cut(notice.text), key=key)
            self._put(notice, origin, Row(key, Channel.APP, card.userid, payload))
        payload = app_card(agent, card.userid, card.face, key=card.key)
        self._put(notice, origin, Row(card.key, Channel.APP, card.userid, payload))
        cards.Hands(self.work, self.desk, self.now).keep(
            NewCard(
                task_id=task_id_of(card.key),
                key=card.key,
                userid=card.userid,
                case_id=case.id,
                asks=card.asks,
                unit=card.unit,
                round=origin.slot,
                level=case.working_level,
                face=asdict(card.face),
                buttons=card.buttons,
                text=text,
                put_at=self.now,
            ),
        )

    def _to_group(
        self, notice: Notice, to: ToGroup, origin: Origin, people: tuple[Person, ...]
    ) -> None:
        unit = self.work.people.unit(to.unit)
        if unit is None or unit.robot is None:
            return  # no group robot: the direct message to the liaison is the 交办
        mentioned = tuple(person.userid for person in people)
        key = _key(origin, notice.kind, unit.robot)
        payload = robot_text(cut(notice.text), mentioned)
        self._put(notice, origin, Row(key, Channel.ROBOT, unit.robot, payload, mentioned))
        merge_posts(self.work, unit.robot, self.now)

    def _put(self, notice: Notice, origin: Origin, row: Row) -> None:
        self.work.outbox.put(
            NewMessage(
                key=row.key,
                kind=notice.kind,
                channel=row.channel,
                recipient=row.recipient,
                payload=row.payload,
                reason=notice.reason,
                priority=int(notice.priority),
                next_at=self.now,
                case_id=origin.case.id if origin.case else None,
                clock_id=origin.fence.clock_id if origin.fence else None,
                generation=origin.fence.generation if origin.fence else None,
                mentions=row.mentions,
            ),
            gathers=notice.gathers,
        )

    def _nobody(self, notice: Notice, origin: Origin) -> None:
        number = origin.case.number if origin.case else "-"
        what = f"{number}: {notice.reason}, 但名录里没有可通知的人 ({notice.to})"
        self.work.alarms.sound("nobody.to.tell", what, self.now)


@dataclass(frozen=True, slots=True)
class _CardRow:
    key: str
    userid: str
    asks: Asks
    unit: str
    face: Card
    buttons: tuple[CardButton, ...]
    is_whole: bool


def _as_drill(notice: Notice) -> Notice:
    """Mark what is said about a drill: nobody may take it for the real thing."""
    return replace(notice, text=marked(notice.text))


def _is_door(to: Recipient) -> bool:
    """Whether this is another door, of which nobody expects an answer."""
    return isinstance(to, ToPerson) and to.userid.startswith(OTHER_DOOR)


def _key(origin: Origin, kind: str, addressee: str) -> str:
    return "|".join(
        (origin.subject, origin.id, kind, origin.slot, addressee, str(origin.generation))
    )
