"""What stands behind a number: on both databases just the cases and steps that it counts."""

from dataclasses import replace
from datetime import timedelta

from cases.model import State
from cases.statistics.behind import Number, What
from cases.statistics.facts import How
from storage.database import Database
from storage.statistics import Bounds
from storage.work import Work
from tests.storage.builders import NOW, new_clock, open_case

HOUR = timedelta(hours=1)
AT = int(NOW.timestamp())  # a Friday, 9 o'clock in Beijing
DAY = Bounds(NOW - 9 * HOUR, NOW + 15 * HOUR)


def town(work: Work) -> dict[int, int]:
    """Four cases, by the number they have here."""
    ids = {nth: open_case(work).id for nth in (1, 2, 3, 4)}
    changed: dict[int, dict[str, object]] = {
        1: {"level": "二级", "platform": "微博"},
        2: {"state": State.CLOSED, "closed_at": NOW + 2 * HOUR},
        3: {"reported_at": NOW - timedelta(seconds=1)},
        4: {"reported_at": NOW + HOUR, "closed_at": NOW + timedelta(hours=1, milliseconds=900)},
    }
    for nth, values in changed.items():
        case = replace(work.cases.load(ids[nth]), **values)  # type: ignore[arg-type]
        work.cases.save(case, [], by="t", now=NOW)
    return ids


ASKED: tuple[tuple[Number, list[int]], ...] = (
    (Number(), [4, 3, 2, 1]),
    (Number(level="二级"), [1]),
    (Number(level="三级"), [4, 3, 2]),
    (Number(platform="微博"), [1]),
    (Number(platform=""), [4, 3, 2]),
    (Number(lead=""), [4, 3, 2, 1]),
    (Number(lead="zjj"), []),
    (Number(state="closed"), [2]),
    (Number(state="no such state"), []),
    (Number(since=AT), [4, 2, 1]),
    (Number(until=AT), [3]),
    (Number(since=AT, until=AT + 3600), [2, 1]),
    (Number(since=10**15), []),
    (Number(What.CLOSED), [4, 2]),
    (Number(What.CLOSED, since=AT + 7200), [2]),
    (Number(What.CLOSED, until=AT + 3601), [4]),
    (Number(What.CLOSED, hour=11), [2]),
    (Number(hour=8), [3]),
    (Number(hour=9, weekday=4), [2, 1]),
    (Number(hour=10, weekday=4), [4]),
    (Number(hour=10, weekday=5), []),
)


def test_a_number_asks_for_its_cases(database: Database) -> None:
    with database.work() as work:
        ids = town(work)
        for number, found in ASKED:
            assert work.behind.cases(DAY, number) == [ids[nth] for nth in found], number


def test_a_number_of_steps_asks_for_what_is_done_in_time_late_and_by_whom(
    database: Database,
) -> None:
    with database.work() as work:
        case = open_case(work)
        asked = {"签收": "zjj", "首报": "zjj", "办结": "cgj"}
        clocks = {
            step: work.clocks.start(replace(new_clock(case.id, step, holder), subject_id=nth))
            for nth, (step, holder) in enumerate(asked.items())
        }
        work.clocks.settle(clocks["签收"].id, "li", NOW)
        work.clocks.settle(clocks["首报"].id, "li", NOW + HOUR)

        def found(step: str, **more: object) -> list[int]:
            number = Number(What.STEPS, step=step, **more)  # type: ignore[arg-type]
            return [clock for _, clock in work.behind.done(DAY, number)]

        sign, first = clocks["签收"].id, clocks["首报"].id
        assert found("签收") == found("签收", how=How.IN_TIME) == [sign]
        assert found("签收", is_judged=True, holder="zjj") == [sign]
        assert found("签收", holder="cgj") == found("签收", how=How.LATE) == []
        assert found("首报", how=How.LATE) == [first]
        assert found("办结") == found("首报", how=How.OVERDUE) == []
        facts = work.behind.steps([sign, first])
        assert [(one.step, one.is_late) for one in facts.values()] == [
            ("签收", False),
            ("首报", True),
        ]
