"""What the pages list, on both databases: by urgency, for whom it is, nothing that has ended."""

from dataclasses import replace
from datetime import timedelta

from cases.model import State
from storage.approvals import NewApproval
from storage.board import Choices, Wanted
from storage.database import Database
from storage.states import ApprovalKind
from storage.work import Work
from tests.storage.builders import NOW, link, message, new_clock, open_case

ALL = Wanted(sees_all=True)


def ids(work: Work, wanted: Wanted, limit: int = 50, offset: int = 0) -> list[int]:
    return [one.case_id for one in work.board.urgent(wanted, limit, offset)]


def test_the_most_urgent_comes_first_and_what_has_ended_is_gone(database: Database) -> None:
    with database.work() as work:
        calm, late, soon, ended = (open_case(work, f"第{nth}件") for nth in range(1, 5))
        for case, minutes in ((late, -5), (soon, 20), (soon, 90), (ended, 1)):
            due = NOW + timedelta(minutes=minutes)
            clock = replace(new_clock(case.id), due_at=due, step=f"s{minutes}")
            work.clocks.start(clock)
        work.cases.save(replace(ended, state=State.CLOSED), [], by="t", now=NOW)
        found = work.board.urgent(ALL, 50)
        assert [(one.case_id, one.due_at) for one in found] == [
            (late.id, NOW - timedelta(minutes=5)),
            (soon.id, NOW + timedelta(minutes=20)),
            (calm.id, None),
        ]
        assert ids(work, ALL, 1, 1) == [soon.id]
        assert work.board.count(ALL) == 3
        assert set(work.cases.open_among([late.id, ended.id])) == {late.id}


def test_it_is_listed_for_whom_it_waits_and_for_who_may_see_it(database: Database) -> None:
    with database.work() as work:
        first, second = open_case(work, "甲"), open_case(work, "乙")
        work.clocks.start(replace(new_clock(first.id), holder="cgj"))
        work.approvals.ask(NewApproval(second.id, ApprovalKind.CLOSE, "分管领导", None, {}, NOW))
        work.cases.save(replace(first, reporters=("li", "lihang")), [], by="t", now=NOW)
        assert ids(work, replace(ALL, holders=["cgj"])) == [first.id]
        assert ids(work, replace(ALL, holders=[], roles=["分管领导"])) == [second.id]
        assert ids(work, Wanted(reporter="lihang")) == [first.id]
        assert ids(work, Wanted(reporter="lihan")) == []
        assert ids(work, Wanted(unit="cgj", with_text=True)) == []
        assert ids(work, Wanted()) == []


def test_the_board_is_narrowed_and_says_what_it_differs_in(database: Database) -> None:
    with database.work() as work:
        first, second = open_case(work, "甲"), open_case(work, "乙")
        before = work.board.stamp()
        clock = work.clocks.start(replace(new_clock(first.id), due_at=NOW, holder="cgj"))
        work.cases.save(
            replace(first, level="一级", platform="微博", reporters=("wang",)), [], by="t", now=NOW
        )
        work.cases.save(replace(second, restricted=True, reporters=("wang",)), [], by="t", now=NOW)
        assert work.board.stamp() != before
        assert ids(work, replace(ALL, level="一级", platform="微博")) == [first.id]
        assert ids(work, replace(ALL, level="三级")) == [second.id]
        assert ids(work, replace(ALL, in_charge="cgj")) == []
        assert ids(work, replace(ALL, due_before=NOW)) == []
        assert ids(work, replace(ALL, due_before=NOW + timedelta(microseconds=1))) == [first.id]
        assert ids(work, replace(ALL, in_public=True)) == [first.id]
        assert ids(work, Wanted(reporter="wang")) == [first.id]
        assert ids(work, Wanted(section=("cgj", "li"))) == []
        assert work.board.choices(ALL) == Choices(("一级", "三级"), ("微博",), ())
        assert work.clocks.running_among([first.id, second.id]) == {first.id: [clock]}
        assert work.outbox.late_count(NOW) == 0


def test_cases_are_found_by_link(database: Database) -> None:
    with database.work() as work:
        _, second = open_case(work, "甲"), open_case(work, "乙")
        work.cases.add_links(second.id, [link("weibo/1")])
        assert list(work.board.linked("weibo/1", 9)) == [second.id]
        assert list(work.board.linked("weibo/2", 9)) == []


def test_the_messages_of_a_case_are_those_that_name_it(database: Database) -> None:
    with database.work() as work:
        case = open_case(work, "甲")
        for key in ("a", "b"):
            work.outbox.put(replace(message(key), case_id=case.id))
        work.outbox.put(message("c"))
        assert [one.kind for one in work.board.messages(case.id)] == [message("a").kind] * 2
