"""What a trial holds, on both databases: it waits, is counted, and is cancelled with a reason."""

from datetime import timedelta

from cases.people import Person, Role, Unit
from storage.database import Database
from storage.outbox import NewMessage
from storage.states import Channel, OutboxState
from tests.storage.builders import NOW, message

LATER = NOW + timedelta(minutes=5)


def put(key: str, to: str, place: int, channel: Channel = Channel.APP) -> NewMessage:
    made = message(key)
    return NewMessage(key, made.kind, channel, to, made.payload, made.reason, place, NOW)


def fill(database: Database) -> None:
    with database.work() as work:
        work.people.upsert_unit(Unit("a", "甲局", robot="甲群"))
        people = {"Sun": Role.OFFICE_DIRECTOR, "du": Role.DUTY_OFFICER, "ad": Role.ADMINISTRATOR}
        for userid, role in (people | {"li": Role.LIAISON, "zh": Role.DEPUTY_LEADER}).items():
            work.people.upsert_person(Person(userid, userid, frozenset({role})))
        for to in ("Sun", "du", "ad", "li", "zh"):
            work.outbox.put(put(f"to {to}", to, 4))
        work.outbox.put(put("answer", "li", 1))
        work.outbox.put(put("post", "甲群", 5, Channel.ROBOT))
        work.outbox.put(put("chat", "sun", 5, Channel.APPCHAT))


def test_the_office_and_answers_leave_all_else_waits(database: Database) -> None:
    fill(database)
    with database.work() as work:
        assert work.trials.begin("command", NOW)
        left = {claim.key for claim in work.outbox.claim(LATER, "me")}
    assert left == {"to Sun", "to du", "to ad", "answer"}
    with database.read() as work:
        assert {one.recipient for one in work.trials.waiting()} == {"li", "zh", "甲群", "sun"}
        assert len(work.trials.unsaid(NOW - timedelta(seconds=1), NOW)) == 4
        assert work.trials.unsaid(NOW, LATER) == []
        assert work.brakes.held(LATER) == []
        assert work.outbox.late_count(LATER) == 4  # claimed, and nobody has settled them


def test_what_is_dropped_says_why_and_the_end_is_remembered(database: Database) -> None:
    fill(database)
    with database.work() as work:
        work.trials.begin("command", NOW)
        work.outbox.claim(LATER, "me")
        assert work.trials.drop("试运行期间只算不发") == 4
        work.trials.end("command", LATER)
        assert work.trials.current() is None
        assert work.trials.ended()
        assert work.outbox.counts(NOW)[OutboxState.CANCELLED] == 4
    with database.work() as work:
        work.trials.listed(LATER)  # none is under way: nothing to note
        assert work.trials.current() is None
        assert work.trials.begin("command", LATER)
        work.trials.listed(LATER + timedelta(hours=1))
    with database.read() as work:
        trial = work.trials.current()
        assert trial is not None
        assert (trial.since, trial.listed_until) == (LATER, LATER + timedelta(hours=1))
