"""What cards ask: wanted exactly while the case stands where it is asked, and then settled."""

import json
from dataclasses import replace

import pytest

from cases import commands as do
from cases import events
from cases.asks import Asks, is_asked, settled_by
from cases.menu import WORDS_OF, app_menu
from cases.model import ENDED, Extension, State
from cases.people import Person, Role
from cases.wording.first_steps import first_steps
from cases.wording.moments import day_time
from tests.support.builders import NOW, TO_STATE, after, case_in, new_case
from tests.support.every_event import EVERY, LATER, SOON

# Which questions are open where a case stands; 签收 is asked of 市城管局.
OPEN = {
    State.REPORTED: {Asks.GRADE},
    State.GRADED: set(),
    State.APPROVED: {Asks.SIGNOFF},
    State.ASSIGNED: {Asks.SIGN},
    State.SIGNED: set(),
    State.VERIFYING: set(),  # whoever reports has signed
    State.HANDLING: set(),
    State.REPLY_DRAFT: {Asks.CHECK},
    State.REVIEWING: {Asks.ISSUE},
    State.TRACKING: set(),
    State.CLOSE_REQUESTED: {Asks.CLOSE},
}


@pytest.mark.parametrize("state", TO_STATE)
def test_each_question_is_open_exactly_where_the_case_waits_for_it(state: State) -> None:
    case = case_in(state)
    asked = {asks for asks in Asks if is_asked(case, asks, "chengguan")}
    assert asked - {Asks.NOTHING} == OPEN.get(state, set())
    assert (Asks.NOTHING in asked) is (state not in ENDED)
    assert not is_asked(case, Asks.SIGN, "zhujian")


def test_more_time_and_the_end_of_the_response_are_asked_until_they_are_answered() -> None:
    case = case_in(State.ASSIGNED)
    assert is_asked(replace(case, extension=Extension(1, "chengguan", LATER, "雨")), Asks.EXTEND)
    assert is_asked(replace(case, ending="已平息"), Asks.END)
    ended = replace(case_in(State.CLOSED), ending="已平息")
    assert not is_asked(ended, Asks.END)


def test_the_end_is_not_asked_while_the_public_answer_is_open() -> None:
    asked = do.RequestClose("chengguan", "已疏通", needs_answer=True)
    case = after(new_case(), do.ConfirmGrade("二级"), do.Assign("chengguan"), asked)
    assert case.state is State.CLOSE_REQUESTED
    assert not is_asked(case, Asks.CLOSE)


@pytest.mark.parametrize("asks", Asks)
def test_every_question_has_its_clock_its_word_and_its_permission(asks: Asks) -> None:
    assert bool(asks.step) is bool(asks.action) is (asks is not Asks.NOTHING)
    assert asks.verb
    nothing_to_return = asks in (Asks.GRADE, Asks.EXTEND, Asks.NOTHING)
    assert (asks.return_by is None) is nothing_to_return


@pytest.mark.parametrize("event", [one for one, *_ in EVERY], ids=lambda one: type(one).__name__)
def test_whatever_settles_a_card_is_written_on_it_in_a_few_characters(event: events.Event) -> None:
    found, done = settled_by((event,))
    assert found is event
    assert 1 <= len(done) <= 10


def test_of_several_events_the_answer_is_written_not_what_followed_from_it() -> None:
    granted = events.SignoffGranted(words="同意")
    assigned = events.Assigned(1, "chengguan", "lead", NOW, "sunlei", "")
    assert settled_by((granted, assigned)) == (granted, "已同意")
    assert settled_by((assigned,)) == (assigned, "已处理")


def test_a_moment_on_a_card_never_becomes_wrong() -> None:
    assert day_time(SOON, NOW) == "15:00"
    assert day_time(LATER, NOW) == "11月22日 10:00"


def test_the_menu_is_within_the_platforms_limits_and_every_key_has_words() -> None:
    for base in ("", "https://duban.example"):
        top = json.loads(app_menu(base))["button"]
        assert 1 <= len(top) <= 3
        entries = [one for entry in top for one in entry.get("sub_button", [entry])]
        assert all(len(entry.get("sub_button", [])) <= 5 for entry in top)
        assert all(len(one["name"].encode()) <= 40 for one in entries)
        assert {one["key"] for one in entries if one["type"] == "click"} == set(WORDS_OF)
        assert any(one["type"] == "view" for one in entries) is bool(base)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.LIAISON, "签收"),
        (Role.CHIEF_LEADER, "要您批的"),
        (Role.OFFICE_DIRECTOR, "定级交办"),
        (Role.INFORMANT, "请随便转发一篇文章给我"),
    ],
)
def test_the_first_steps_say_what_this_person_will_do(role: Role, words: str) -> None:
    text = first_steps("云溪市", Person("li", "李<b>", frozenset({role})))
    assert words in text
    assert "请随便转发一篇文章给我" in text
    assert "粘贴" in text
    assert "<" not in text
    assert len(text.encode()) <= 2048
