"""Every event in words: its line in the history, and who is told of it, kept by hand."""

from typing import get_args

import pytest

from cases import events
from cases.events.reminding import Muted, Phoned
from cases.model import State
from cases.notices import Recipient, ToGroup, ToPerson, ToRole
from cases.people import Role
from cases.wording.history import in_words
from cases.wording.telling import Telling, notices
from tests.support.builders import NOW, case_in
from tests.support.every_event import EVERY

UNITS = {"chengguan": "市城管局", "zhujian": "市住建局"}
TELLING = Telling(
    now=NOW,
    title="青禾路积水",
    source="抖音 · 王小雨 报",
    units=UNITS,
    people={"liuyang": "刘洋"},
)

SILENT = {
    events.Joined: "the reporter is answered, the office sees it on the case",
    events.GradeConfirmed: "whoever confirmed is answered, the 交办 tells the rest",
    events.SignoffGranted: "the 交办 that comes with it is told",
    events.Signed: "a signature settles the clock; nobody waits for more words",
    events.Reminded: "worded where the clock rings",
    events.ReplyPassed: "the leader is asked to issue it",
    events.ReplyReturned: "without a draft on the case there is no drafter to tell",
    events.ReplyIssued: "without a draft on the case there is nobody to publish it",
    events.InstructionExecuted: "the orders that come with it are told",
    events.TrackingChecked: "whoever looked is answered, the office sees it on the case",
    events.SeatGranted: "the next seat is asked",
    Phoned: "whoever called is answered",
    Muted: "whoever asked for quiet is answered",
}


def short(to: Recipient) -> str:
    if isinstance(to, ToRole):
        return to.role.value
    if isinstance(to, ToPerson):
        return to.userid
    if isinstance(to, ToGroup):
        return f"{to.unit} 群"
    name = f"{to.unit} 副" if to.deputy else to.unit
    return name if to.role is Role.LIAISON else f"{name} {to.role.value}"


@pytest.mark.parametrize(
    ("event", "line", "begins", "told"), EVERY, ids=[type(row[0]).__name__ for row in EVERY]
)
def test_an_event_has_its_line_and_its_messages(
    event: events.Event, line: str, begins: str, told: list[str]
) -> None:
    assert in_words(event, UNITS) == line
    said = notices(case_in(State.ASSIGNED), event, TELLING)
    assert sorted({short(one.to) for one in said}) == told
    assert all(one.text and one.reason for one in said)
    if begins:
        assert said[0].text.startswith(begins)


def test_every_event_is_here_and_silence_has_a_reason() -> None:
    assert {type(row[0]) for row in EVERY} == set(get_args(events.Event))
    assert {type(row[0]) for row in EVERY if not row[3]} == set(SILENT)
    assert all(SILENT.values())
