"""The doctor's checks of the machine and the office, each at its borders."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.checkup import machine, office
from bot.checkup.finding import Finding, Verdict
from bot.tenant import QUESTIONS, record_answer
from cases.duty import Shift
from cases.holidays import NO_OVERRIDES
from cases.people import Person, Role
from storage.database import Database
from storage.states import ShiftSource
from tests.support.builders import NOW

GIB = 1024**3


def verdicts(found: list[Finding]) -> list[Verdict]:
    return [one.verdict for one in found]


def explained(found: list[Finding]) -> bool:
    """Whether whatever is not good says why it matters and how to mend it."""
    return all(one.verdict is Verdict.OK or (one.why and one.fix) for one in found)


@pytest.mark.parametrize(
    ("free", "verdict"),
    [
        (GIB - 1, Verdict.BAD),
        (GIB, Verdict.WARN),
        (5 * GIB - 1, Verdict.WARN),
        (5 * GIB, Verdict.OK),
    ],
)
def test_room_is_enough_from_five_gigabytes(free: int, verdict: Verdict) -> None:
    assert machine.room(Path("/var"), free).verdict is verdict


def test_one_disk_is_looked_at_once(tmp_path: Path) -> None:
    assert len(list(machine.disk([tmp_path / "a" / "b", tmp_path / "c"]))) == 1


def test_folders_are_tried_by_writing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    named = {"救生艇": tmp_path / "new", "材料": tmp_path / "file" / "below"}
    found = list(machine.folders(named))
    assert verdicts(found) == [Verdict.OK, Verdict.BAD]
    assert list((tmp_path / "new").iterdir()) == []
    assert explained(found)


def test_g06_what_others_may_read_is_named_with_the_command(tmp_path: Path) -> None:
    own, shared, folder = tmp_path / "own", tmp_path / "shared", tmp_path / "folder"
    own.touch(0o600)
    shared.touch(0o644)
    folder.mkdir(0o755)
    found = list(machine.modes([own, shared, folder, tmp_path / "none"]))
    assert [one.fix for one in found] == [f"chmod 600 {shared}", f"chmod 700 {folder}"]
    assert verdicts(list(machine.modes([own]))) == [Verdict.OK]


def test_beijing_time_is_known_here() -> None:
    assert verdicts(list(machine.time_zone())) == [Verdict.OK]


def test_a_database_tells_what_it_promises(database: Database, tmp_path: Path) -> None:
    found = list(machine.database(database, tmp_path / "duban.db"))
    # The test server may run without fsync; then the check must say so.
    unsafe = [name for name, _, is_safe in database.durability() if not is_safe]
    assert found[0].verdict is (Verdict.BAD if unsafe else Verdict.OK)
    assert explained(found)
    assert len(found) == 2


def test_a_database_that_does_not_answer_is_bad(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    database = Database(f"sqlite:///{tmp_path}/folder")
    assert verdicts(list(machine.database(database, None))) == [Verdict.BAD]
    database.close()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-10-31", [Verdict.OK]),
        ("2026-11-01", [Verdict.OK, Verdict.WARN]),
        ("2099-10-31", [Verdict.BAD]),
        ("2099-11-01", [Verdict.BAD, Verdict.WARN]),
    ],
)
def test_the_next_years_holidays_are_asked_for_from_november(
    day: str, expected: list[Verdict]
) -> None:
    found = list(office.holidays(datetime.fromisoformat(f"{day}T12:00:00+08:00"), NO_OVERRIDES))
    assert verdicts(found) == expected
    assert explained(found)


def test_the_office_is_looked_at_in_the_database(sqlite_database: Database) -> None:
    with sqlite_database.work() as work:
        assert verdicts(list(office.roster(work, NOW))) == [Verdict.OK]
        assert verdicts(list(office.alarms(work))) == [Verdict.OK]
        assert verdicts(list(office.tenant(work))) == [Verdict.WARN] * len(QUESTIONS)
        missing = list(office.directory(work))
        assert verdicts(missing) == [Verdict.BAD] * 4
        for nth in range(11):
            work.people.upsert_person(Person(f"p{nth}", f"某{nth}", frozenset()))
            work.alarms.sound("outbox.dead", f"没有送达 {nth}", NOW)
        work.alarms.sound("outbox.held.app", "发送已暂停: 60020", NOW)
        work.alarms.sound("outbox.held.app", "发送已暂停: 60020", NOW)
        day = timedelta(days=1)
        shifts = [Shift("p1", NOW, NOW + day), Shift("p1", NOW + 2 * day, NOW + 8 * day)]
        work.roster.add(shifts, source=ShiftSource.ROSTER, by="test", at=NOW)
        record_answer(work, "V3", "yes", NOW)
        many = list(office.directory(work))
        sounding = list(office.alarms(work))
        (gap,) = office.roster(work, NOW)
        answered = list(office.tenant(work))
    assert many[-1].what == "另有 5 处, 见 people check"
    assert (sounding[0].verdict, sounding[0].what) == (Verdict.BAD, "发送已暂停: 60020 (2 次)")
    assert sounding[-1].what == "另有 2 条"
    assert gap.what == "明天 10:00 至 11月22日 10:00 没有人值班"
    assert answered[2].verdict is Verdict.OK
    assert explained(many[:-1] + sounding[:-1] + [gap])


def test_a_good_office_is_said_to_be_good(sqlite_database: Database) -> None:
    roles = frozenset(
        {Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR, Role.DEPUTY_LEADER, Role.ADMINISTRATOR}
    )
    with sqlite_database.work() as work:
        work.people.upsert_person(Person("one", "一人", roles, phone="1"))
        shift = Shift("one", NOW, NOW + timedelta(days=8))
        work.roster.add([shift], source=ShiftSource.ROSTER, by="test", at=NOW)
        assert verdicts([*office.directory(work), *office.roster(work, NOW)]) == [Verdict.OK] * 2
