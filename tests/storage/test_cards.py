"""Cards, the words awaited of people, and group chats, on both databases."""

from dataclasses import replace
from datetime import timedelta

from cases.asks import Asks
from storage.cards import CardButton, NewCard
from storage.chats import CaseChat
from storage.database import Database
from storage.states import CardState, ChatState, OutboxState
from tests.storage.builders import NOW, message, open_case

SIGN = CardButton("1", "签收", ("收到 YQ-20261120-007",))
RETURN = CardButton("return", "退回")


def new_card(case_id: int, task_id: str = "m-1") -> NewCard:
    return NewCard(
        task_id=task_id,
        key=f"key-{task_id}",
        userid="liuyang",
        case_id=case_id,
        asks=Asks.SIGN,
        unit="chengguan",
        round="1.0",
        level="二级",
        face={"title": "【交办】007"},
        buttons=(SIGN, RETURN),
        text="【交办】007",
        put_at=NOW,
    )


def test_a_card_is_kept_once_with_what_its_buttons_stand_for(database: Database) -> None:
    with database.work() as work:
        case_id = open_case(work).id
        assert work.cards.put(new_card(case_id))
        assert not work.cards.put(new_card(case_id))
        assert work.cards.put(new_card(case_id, "m-2"))
    with database.read() as work:
        card = work.cards.by_task("m-1")
        assert card is not None
        assert card.buttons == (SIGN, RETURN)
        assert (card.state, card.asks, card.codes) == (CardState.OPEN, Asks.SIGN, ())
        assert [one.task_id for one in work.cards.of_case(case_id)] == ["m-1", "m-2"]
        assert work.cards.by_task("m-9") is None
        assert work.cards.of_case(case_id + 1) == []


def test_a_code_is_taken_once_the_longest_lived_first_and_never_too_late(
    database: Database,
) -> None:
    with database.work() as work:
        work.cards.put(new_card(open_case(work).id))
        for code, hours in (("old", 1), ("new", 3), ("middle", 2), ("new", 3)):
            work.cards.add_code("m-1", code, NOW + timedelta(hours=hours))
        work.cards.add_code("m-1", "", NOW + timedelta(hours=9))
        work.cards.add_code("m-9", "x", NOW + timedelta(hours=9))
    with database.work() as work:
        assert work.cards.take_code("m-1", NOW) == "new"
        just_before = NOW + timedelta(hours=2) - timedelta(seconds=1)
        assert work.cards.take_code("m-1", just_before) == "middle"
        assert work.cards.take_code("m-1", NOW + timedelta(hours=1)) is None
        assert work.cards.take_code("m-9", NOW) is None


def test_a_card_is_settled_asked_again_shown_and_renamed(database: Database) -> None:
    with database.work() as work:
        work.cards.put(new_card(open_case(work).id))
        work.cards.settle("m-1", {"title": "done"}, "已签收", NOW)
        settled = work.cards.by_task("m-1")
        assert settled is not None
        assert (settled.state, settled.outcome, settled.stale) == (
            CardState.SETTLED,
            "已签收",
            True,
        )
        assert work.cards.shown(settled, stale=False) == 1
        work.cards.ask_again("m-1", {"title": "again"}, "一级")
        work.cards.renamed("m-1", "m-3", "key-3")
    with database.read() as work:
        card = work.cards.by_task("m-3")
        assert card is not None
        assert (card.state, card.level, card.key, card.updates) == (
            CardState.OPEN,
            "一级",
            "key-3",
            1,
        )
        assert card.face == {"title": "again"}


def test_words_are_awaited_beside_the_numbered_choices_until_they_expire(
    database: Database,
) -> None:
    ends = NOW + timedelta(minutes=30)
    with database.work() as work:
        case_id = open_case(work).id
        for about in ("sign", "close"):
            work.questions.ask_words(
                "li", (about, "007"), case_id=case_id, now=NOW, expires_at=ends
            )
        numbers = work.questions.offer(
            "li", [["收到"]], case_id=case_id, now=NOW, expires_at=ends + timedelta(hours=1)
        )
        assert numbers == [1]
        assert work.questions.take("li", 0, now=NOW) is None
        assert work.questions.standing("li", ("close", "007"), now=NOW) is None
        before = ends - timedelta(seconds=1)
        assert work.questions.words_asked("li", now=before) == ("close", "007")
        assert work.questions.words_asked("wang", now=before) is None
        assert work.questions.words_asked("li", now=ends) is None
        assert work.questions.take("li", 1, now=ends) == ("收到",)
        work.questions.forget_words("li")


def test_a_chat_stands_as_it_was_last_said(database: Database) -> None:
    with database.work() as work:
        case_id = open_case(work).id
        chat = CaseChat(
            case_id, "duban1", "007 群", "sunlei", ("sunlei", "li"), ChatState.ASKED, "sunlei", NOW
        )
        work.chats.put(chat)
        work.chats.put(replace(chat, name="007 工作群"))
        work.chats.stands(case_id, ChatState.OPEN)
        work.chats.changed(case_id, ["sunlei", "wang"])
        assert work.chats.next_post(chat) == 1
        now = work.chats.of_case(case_id)
        assert now is not None
        assert (now.name, now.state, now.members, now.posts) == (
            "007 工作群",
            ChatState.OPEN,
            ("sunlei", "wang"),
            1,
        )
        assert work.chats.of_case(case_id + 1) is None


def test_a_message_is_withdrawn_only_while_nobody_has_begun_to_say_it(
    database: Database,
) -> None:
    with database.work() as work:
        for key in ("a", "b"):
            work.outbox.put(message(key))
        assert work.records.withdraw("a", "情况已变")
        assert not work.records.withdraw("a", "情况已变")
        (claim,) = work.outbox.claim(NOW, "one")
        assert not work.records.withdraw("b", "情况已变")
        work.outbox.sent(claim, "m1", NOW)
        states = [work.records.state_of(key) for key in ("a", "b", "c")]
        assert states == [OutboxState.CANCELLED, OutboxState.SENT, None]
