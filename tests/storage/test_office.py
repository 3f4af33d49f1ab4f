"""The small stores: alarms, choices, approvals, rulebooks, facts."""

from datetime import datetime

import pytest

from storage.approvals import Approval, NewApproval
from storage.database import Database
from storage.states import ApprovalKind, ApprovalState
from storage.work import Work
from tests.storage.builders import NOW, SECOND, all_at_once, open_case

SOON = NOW + 60 * SECOND


def test_an_alarm_that_repeats_is_counted_and_one_that_ended_sounds_anew(
    database: Database,
) -> None:
    with database.work() as work:
        work.alarms.sound("outbox.dead", "没有送达", NOW)
        work.alarms.sound("outbox.dead", "没有送达", SOON)
        work.alarms.sound("outbox.dead", "另一条", NOW)
        other, repeated = work.alarms.sounding()
        assert (repeated.text, repeated.count) == ("没有送达", 2)
        assert (repeated.at, repeated.last_at) == (NOW, SOON)
        assert other.count == 1
        assert work.alarms.end_one(other.id, SOON)
        assert not work.alarms.end_one(other.id, SOON)
        assert work.alarms.end("outbox.dead", SOON) == 1
        assert work.alarms.sounding() == []
        work.alarms.sound("outbox.dead", "没有送达", SOON)
        assert [alarm.count for alarm in work.alarms.sounding()] == [1]


def test_alarms_sounded_at_once_are_all_counted(database: Database) -> None:
    all_at_once(database, 10, lambda work: work.alarms.sound("kind", "text", NOW))
    with database.read() as work:
        assert [alarm.count for alarm in work.alarms.sounding()] == [10]


def offer(work: Work, *says: str, at: datetime = NOW) -> list[int]:
    return work.questions.offer(
        "li", [[words] for words in says], case_id=None, now=at, expires_at=at + 60 * SECOND
    )


def test_a_number_chooses_what_it_stands_for_once(database: Database) -> None:
    with database.work() as work:
        assert offer(work, "收到 001", "收到 002") == [1, 2]
        assert work.questions.take("li", 2, now=NOW) == ("收到 002",)
        assert work.questions.take("li", 2, now=NOW) is None
        assert work.questions.take("li", 1, now=NOW) is None
        assert work.questions.take("sun", 1, now=NOW) is None


def test_an_old_number_never_means_a_new_question(database: Database) -> None:
    with database.work() as work:
        assert offer(work, "收到 001") == [1]
        assert offer(work, "同意 002", "不同意 002") == [2, 3]
        assert work.questions.take("li", 3, now=NOW) == ("不同意 002",)
        assert work.questions.take("li", 1, now=NOW) == ("收到 001",)
        assert offer(work, "收到 003") == [1]


@pytest.mark.parametrize(("seconds", "open_"), [(59, True), (60, False), (61, False)])
def test_a_choice_expires_at_its_moment(database: Database, seconds: int, open_: bool) -> None:
    with database.work() as work:
        offer(work, "收到 001")
        chosen = work.questions.take("li", 1, now=NOW + seconds * SECOND)
        assert (chosen is not None) is open_


def test_several_cases_may_ask_one_person_at_once(database: Database) -> None:
    numbers = all_at_once(database, 12, lambda work: offer(work, "收到"))
    assert sorted(number for one in numbers for number in one) == list(range(1, 13))


def test_the_same_words_stand_under_the_number_they_have(database: Database) -> None:
    with database.work() as work:
        offer(work, "收到 001", "退回 001")
        assert work.questions.standing("li", ["退回 001"], now=NOW) == 2
        assert work.questions.standing("li", ["同意 001"], now=NOW) is None
        assert work.questions.standing("sun", ["退回 001"], now=NOW) is None
        assert work.questions.standing("li", ["退回 001"], now=SOON) is None


def test_nothing_offered_gives_no_numbers(database: Database) -> None:
    with database.work() as work:
        assert offer(work) == []


def test_an_approval_is_answered_once_and_never_by_silence(database: Database) -> None:
    with database.work() as work:
        case = open_case(work)
        asked = NewApproval(case.id, ApprovalKind.SIGNOFF, "分管领导", "qian", {"lead": "zjj"}, NOW)
        approval_id = work.approvals.ask(asked)
        assert work.approvals.get(approval_id + 1) is None
        (waiting,) = work.approvals.pending(case.id)
        assert waiting == work.approvals.pending()[0]
        assert waiting == Approval(
            approval_id,
            case.id,
            ApprovalKind.SIGNOFF,
            "分管领导",
            "qian",
            ApprovalState.PENDING,
            {"lead": "zjj"},
            NOW,
            None,
            None,
            "",
        )
        answer = work.approvals.answer
        assert answer(approval_id, ApprovalState.CONDITIONAL, "原则同意", by="qian", now=SOON)
        assert not answer(approval_id, ApprovalState.REFUSED, "不", by="sun", now=SOON)
        answered = work.approvals.get(approval_id)
        assert answered is not None
        assert (answered.state, answered.words) == (ApprovalState.CONDITIONAL, "原则同意")
        assert (answered.answered_by, answered.answered_at) == ("qian", SOON)
        assert work.approvals.pending() == []


def test_one_version_of_a_rulebook_is_in_force(database: Database) -> None:
    with database.work() as work:
        books = work.rulebooks
        assert books.in_force() is None
        first = books.add("city3", {"grading.toml": "一"}, digest="a", by="zhao", now=NOW)
        second = books.add("city3", {"grading.toml": "二"}, digest="b", by="zhao", now=SOON)
        other = books.add("county4", {}, digest="c", by="zhao", now=NOW)
        assert (first.number, second.number, other.number) == (1, 2, 1)
        books.put_in_force(second.id)
        books.put_in_force(first.id)
        in_force = books.in_force()
        assert in_force is not None
        assert (in_force.id, in_force.content) == (first.id, {"grading.toml": "一"})
        assert [book.in_force for book in books.versions("city3")] == [True, False]
        assert books.by_digest("city3", "b") == books.get(second.id)
        assert books.by_digest("county4", "b") is None
        with pytest.raises(KeyError):
            books.get(99)


def test_a_fact_is_what_was_put_last(database: Database) -> None:
    with database.work() as work:
        assert work.settings.get("last_beat") is None
        work.settings.put("last_beat", {"at": "2026-11-20", "n": [1, 2]})
        work.settings.put("last_beat", {"at": "2026-11-21"})
        assert work.settings.get("last_beat") == {"at": "2026-11-21"}
