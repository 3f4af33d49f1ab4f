"""What the administration keeps and asks for, on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.duty import Shift
from storage.admin import NewAdminChange
from storage.audit import Sought
from storage.database import Database
from storage.states import Channel, OutboxState, ShiftSource
from storage.work import Work
from tests.storage.builders import NOW, message

LATER = NOW + timedelta(minutes=1)


def change(**more: object) -> NewAdminChange:
    given: dict[str, object] = {"before": {}, "after": {"name": "甲"}} | more
    return NewAdminChange(NOW, "admin", "unit", "zjj", "新增单位", **given)  # type: ignore[arg-type]


def test_changes_come_back_newest_first_and_know_what_took_them_back(database: Database) -> None:
    with database.work() as work:
        first = work.admin_changes.add(change())
        second = work.admin_changes.add(change(before={"name": "甲"}, after={}, undoes=first))
    with database.read() as work:
        assert [one.id for one in work.admin_changes.latest(9)] == [second, first]
        assert [one.id for one in work.admin_changes.latest(9, second)] == [first]
        assert len(work.admin_changes.latest(1)) == 1
        kept = work.admin_changes.get(first)
        assert kept is not None
        assert (kept.undone_by, kept.after, kept.before) == (second, {"name": "甲"}, {})
        assert work.admin_changes.get(999) is None


def test_a_key_is_known_by_its_hash_alone_until_it_is_taken_back(database: Database) -> None:
    with database.work() as work:
        number = work.source_keys.issue("城市监测", "key", by="admin", now=NOW)
        work.source_keys.used("key", NOW)
        work.source_keys.used("key", NOW + timedelta(seconds=59))
    with database.work() as work:
        (kept,) = work.source_keys.all()
        assert kept.last_used_at == NOW
        assert work.source_keys.holder("key") == "城市监测"
        assert work.source_keys.holder("Key") is None
        work.source_keys.used("key", LATER)
        assert work.source_keys.revoke(number, "admin", LATER)
        assert not work.source_keys.revoke(number, "admin", LATER)
    with database.read() as work:
        (kept,) = work.source_keys.all()
        assert (kept.last_used_at, kept.revoked_at, kept.revoked_by) == (LATER, LATER, "admin")
        assert work.source_keys.holder("key") is None


def test_only_shifts_of_the_usual_roster_are_dropped(database: Database) -> None:
    mine, said = Shift("li", NOW, LATER), Shift("zhao", NOW, LATER)
    with database.work() as work:
        work.roster.add([mine], source=ShiftSource.ROSTER, by="t", at=NOW)
        work.roster.add([said], source=ShiftSource.CHAT, by="t", at=NOW)
        assert work.roster.drop([mine, said, Shift("li", NOW, NOW)]) == 1
        assert [one.userid for one in work.roster.shifts(NOW, LATER)] == ["zhao"]


def test_the_last_post_of_a_robot_and_of_a_channel(database: Database) -> None:
    with database.work() as work:
        for key, robot, at in (("a", "r", NOW), ("b", "r", LATER), ("c", "other", LATER)):
            values = message(key)
            work.outbox.put(replace(values, channel=Channel.ROBOT, recipient=robot, next_at=at))
        last = work.records.last_post(Channel.ROBOT, NOW, "r")
        assert last is not None
        assert (last.first_at, last.state) == (LATER, OutboxState.NEW)
        assert work.records.last_post(Channel.ROBOT, LATER + timedelta(seconds=1), "r") is None
        assert work.records.last_post(Channel.AIBOT, NOW) is None
        assert work.records.last_post(Channel.ROBOT, NOW) is not None


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (Sought(), [3, 2, 1]),
        (Sought(actors=("li",)), [2, 1]),
        (Sought(action="ig"), [2, 1]),
        (Sought(action="%"), []),
        (Sought(action="x", actions=("signed",)), [2]),
        (Sought(object_id="007"), [3]),
        (Sought(since=LATER), [3]),
        (Sought(until=LATER), [2, 1]),
        (Sought(actors=("li",), since=LATER), []),
    ],
)
def test_the_audit_is_searched(database: Database, sought: Sought, found: list[int]) -> None:
    rows = (
        ("li", "sign", "006", NOW),
        ("li", "signed", "006", NOW),
        ("zhao", "close", "007", LATER),
    )
    with database.work() as work:
        for actor, action, about, at in rows:
            work.audit.append(
                actor=actor,
                role="",
                action=action,
                object_type="case",
                object_id=about,
                result="done",
                details={"n": 1},
                now=at,
            )
    with database.read() as work:
        assert [one.seq for one in work.audit.search(sought, 9)] == found
        assert [one.seq for one in work.audit.search(sought, 9, 3)] == [n for n in found if n < 3]


def test_versions_are_listed_without_their_files(database: Database) -> None:
    with database.work() as work:
        assert work.rulebooks.in_force_id() is None
        first = work.rulebooks.add("city3", {"a": "1"}, digest="1", by="t", now=NOW)
        second = work.rulebooks.add("city3", {"a": "2"}, digest="2", by="t", now=NOW)
        work.rulebooks.put_in_force(second.id)
        assert work.rulebooks.in_force_id() == second.id
        heads = [(one.id, one.number, one.in_force) for one in work.rulebooks.headings()]
        assert heads == [(second.id, 2, True), (first.id, 1, False)]


def test_nothing_of_a_rehearsal_stays(database: Database) -> None:
    def act(work: Work) -> int:
        work.settings.put("x", {"y": None})
        work.outbox.put(message("rehearsed"))
        return len(work.outbox.news)

    assert database.rehearse(act) == 1
    with database.work() as work:
        assert work.settings.get("x") is None
        assert work.outbox.put(message("rehearsed"))
        work.settings.put("x", None)
        assert work.settings.get("x") is None


def test_what_a_rehearsal_refuses_is_raised(database: Database) -> None:
    def act(_work: Work) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        database.rehearse(act)
