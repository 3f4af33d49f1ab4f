from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.events import Assigned, Closed, Event, Registered, Signed
from cases.model import Assignment, AssignmentState, Case, Part, Plan, Proposal, State
from storage.cases import NewCase, NewMetric, NewReport
from storage.database import Database
from storage.errors import ConcurrentChange
from storage.states import ReportKind
from storage.work import Work
from tests.storage.builders import NOW, all_at_once, link, open_case

DAY = date(2026, 11, 20)
REGISTERED = Registered("YQ-20261120-001", "路灯不亮", "wang", "三级")


def save(work: Work, case: Case, *happened: Event) -> Case:
    return work.cases.save(case, happened, by="zhao", now=NOW, message_key="m-1")


def assigned(case: Case, unit: str = "zjj") -> Case:
    part = Assignment(
        id=case.id * 1000 + 1,
        unit_id=unit,
        part=Part.LEAD,
        state=AssignmentState.ASSIGNED,
        assigned_by="zhao",
        assigned_at=NOW,
        demand="今天下班前回复",
        deadline=NOW + timedelta(hours=8),
    )
    return replace(case, assignments=(part,), state=State.ASSIGNED)


def test_a_case_comes_back_as_it_was_opened(database: Database) -> None:
    with database.work() as work:
        book = work.rulebooks.add("city3", {"grading.toml": "x"}, digest="d", by="zhao", now=NOW)
        opened = work.cases.add(
            NewCase(
                number=work.cases.take_number(DAY),
                title="路灯不亮",
                summary="三天了",
                appeal="修好",
                platform="微博",
                source_media="晚报",
                state=State.REPORTED,
                rulebook_id=book.id,
                reported_by="wang",
                reported_at=NOW,
                event_at=NOW - timedelta(days=1),
                restricted=True,
                missing=("链接",),
                facts={"阅读": 3000, "units": ["住建局"]},
                proposal=Proposal(
                    level="三级",
                    reasons=("阅读过千",),
                    asks=("有伤亡吗",),
                    lead="zjj",
                    coop=("cgj",),
                    unit_reason="路灯归住建局",
                ),
            )
        )
    with database.read() as work:
        assert work.cases.load(opened.id) == opened
        assert work.cases.by_number("YQ-20261120-001") == opened
        assert work.cases.by_number("YQ-20261120-002") is None
    assert (opened.version, opened.missing, opened.proposal.coop) == (0, ("链接",), ("cgj",))


def test_what_is_saved_comes_back_with_assignments_and_plan(database: Database) -> None:
    with database.work() as work:
        case = assigned(open_case(work))
        plan = Plan(lead="cgj", coop=("zjj",), demand="核实", deadline=NOW)
        changed = replace(
            case,
            plan=plan,
            level="二级",
            reporters=("wang", "sun"),
            returns=1,
            reports=2,
            verdict="属实",
            supervised=True,
            closed_at=NOW,
            merged_into="YQ-20261119-001",
        )
        saved = save(work, changed)
        assert saved == replace(changed, version=1)
        assert work.cases.load(case.id) == saved
        signed = replace(
            saved.assignments[0], state=AssignmentState.SIGNED, signed_by="li", signed_at=NOW
        )
        again = save(work, replace(saved, plan=None, assignments=(signed,)))
        assert work.cases.load(case.id) == again


def test_an_unknown_case_is_an_error(database: Database) -> None:
    with database.read() as work, pytest.raises(KeyError):
        work.cases.load(7)


def test_of_two_changes_to_the_same_version_one_wins(database: Database) -> None:
    with database.work() as work:
        loaded = open_case(work)
    with database.work() as work:
        save(work, replace(loaded, level="二级"))
    with pytest.raises(ConcurrentChange), database.work() as work:
        save(work, replace(loaded, level="一级"), REGISTERED)
    with database.read() as work:
        assert work.cases.load(loaded.id).level == "二级"
        assert work.cases.history(loaded.id) == ()


def test_changes_that_race_are_all_made_one_after_another(database: Database) -> None:
    with database.work() as work:
        case_id = open_case(work).id

    def join(work: Work) -> None:
        case = work.cases.load(case_id)
        save(work, replace(case, reporters=(*case.reporters, "sun")), REGISTERED)

    all_at_once(database, 12, join)
    with database.read() as work:
        case = work.cases.load(case_id)
        assert (case.version, len(case.reporters)) == (12, 12)
        assert [entry.seq for entry in work.cases.history(case_id)] == list(range(1, 13))


def test_the_history_tells_what_happened_by_whom_and_why(database: Database) -> None:
    part = 1001
    happened: tuple[Event, ...] = (
        REGISTERED,
        Assigned(part, "zjj", "lead", NOW, "zhao", "今天回复", NOW),
        Signed(part, "zjj", "li", NOW),
    )
    with database.work() as work:
        case = save(work, open_case(work), *happened)
        save(work, case, Closed("属实, 已修好", NOW))
    with database.read() as work:
        history = work.cases.history(case.id)
    assert tuple(entry.event for entry in history) == (*happened, Closed("属实, 已修好", NOW))
    assert [entry.seq for entry in history] == [1, 2, 3, 4]
    assert {(entry.by, entry.at, entry.message_key) for entry in history} == {("zhao", NOW, "m-1")}


def test_numbers_of_a_day_are_given_out_once_and_without_gaps(database: Database) -> None:
    numbers = all_at_once(database, 20, lambda work: work.cases.take_number(DAY))
    assert sorted(numbers) == [f"YQ-20261120-{n:03d}" for n in range(1, 21)]


def test_each_day_counts_from_one_and_a_rollback_gives_the_number_back(
    database: Database,
) -> None:
    def take_and_fail(work: Work) -> None:
        assert work.cases.take_number(DAY) == "YQ-20261120-001"
        raise KeyError

    with pytest.raises(KeyError):
        database.run(take_and_fail)
    with database.work() as work:
        assert work.cases.take_number(DAY) == "YQ-20261120-001"
        assert work.cases.take_number(date(2026, 11, 21)) == "YQ-20261121-001"


def test_a_link_belongs_to_one_open_case(database: Database) -> None:
    with database.work() as work:
        one = open_case(work)
        work.cases.add_links(one.id, [link("weibo/1"), link("weibo/2")])
        work.cases.add_links(one.id, [link("weibo/1")])
    with pytest.raises(ConcurrentChange), database.work() as work:
        work.cases.add_links(open_case(work).id, [link("weibo/2")])
    with database.read() as work:
        assert work.cases.open_by_link("weibo/2") == one.id
        assert work.cases.open_by_link("weibo/3") is None
        assert [each.link_key for each in work.cases.links(one.id)] == ["weibo/1", "weibo/2"]
        assert work.cases.main_link(one.id) == "https://weibo/1?from=share"
        assert work.cases.main_link(one.id + 1) is None


def test_a_link_reported_twice_at_once_makes_one_case(database: Database) -> None:
    def report(work: Work) -> int:
        known = work.cases.open_by_link("weibo/1")
        if known is not None:
            return known
        case = open_case(work)
        work.cases.add_links(case.id, [link("weibo/1")])
        return case.id

    database.run(open_case)  # the rulebook is there
    assert len(set(all_at_once(database, 8, report))) == 1


def test_the_link_of_an_ended_case_opens_a_new_one(database: Database) -> None:
    with database.work() as work:
        one, other = open_case(work), open_case(work)
        work.cases.add_links(one.id, [link("weibo/1")])
        work.cases.close_links(one.id)
        assert work.cases.open_by_link("weibo/1") is None
        work.cases.add_links(other.id, [link("weibo/1")])
        assert work.cases.open_by_link("weibo/1") == other.id
        assert [each.link_key for each in work.cases.links(one.id)] == ["weibo/1"]


def test_open_cases_are_found_by_unit_and_by_reporter(database: Database) -> None:
    with database.work() as work:
        mine = save(work, replace(assigned(open_case(work)), reporters=("wang", "sun")))
        helped = save(work, replace(assigned(open_case(work), "cgj"), reporters=("qian",)))
        gone = assigned(open_case(work))
        moved = replace(gone.assignments[0], state=AssignmentState.MOVED)
        gone = save(work, replace(gone, assignments=(moved,)))
        save(work, replace(assigned(open_case(work)), state=State.CLOSED, reporters=("sun",)))
        assert work.cases.find_open() == (mine, helped, gone)
        assert work.cases.find_open(unit="zjj") == (mine,)
        assert work.cases.find_open(reporter="sun") == (mine,)
        assert work.cases.find_open(unit="cgj", reporter="sun") == ()


def test_exactly_the_open_states_are_listed(database: Database) -> None:
    with database.work() as work:
        for state in State:
            save(work, replace(open_case(work), state=state))
        listed = {line.state for line in work.cases.list_open()}
    assert listed == {state for state in State if state.is_open}


def test_the_list_is_paged_from_the_newest_and_counted_by_level(database: Database) -> None:
    with database.work() as work:
        first, second, third = (open_case(work, title) for title in "甲乙丙")
        save(work, replace(second, level="二级"))
        lines = work.cases.list_open(2)
        assert [line.title for line in lines] == ["丙", "乙"]
        assert [line.id for line in work.cases.list_open(2, before=second.id)] == [first.id]
        assert work.cases.count_open() == {"三级": 2, "二级": 1}
        assert [known.title for known in work.cases.titles_since(NOW)] == ["甲", "乙", "丙"]
        assert work.cases.titles_since(NOW + timedelta(seconds=1)) == []
        assert third.number == "YQ-20261120-003"


def test_reports_and_numbers_are_kept_side_by_side(database: Database) -> None:
    with database.work() as work:
        case = open_case(work)
        first = NewReport(case.id, ReportKind.NEW, "wang", NOW, "路灯不亮", "m-1")
        again = NewReport(case.id, ReportKind.REPEAT, "sun", NOW, "还是不亮")
        report_id = work.cases.add_report(first)
        work.cases.add_report(again)
        seen = [NewMetric("阅读", 3000.0, "3千+", NOW, "wang", report_id)]
        later = [NewMetric("阅读", 9000.0, None, NOW, "sun")]
        work.cases.add_metrics(case.id, seen)
        work.cases.add_metrics(case.id, later)
        work.cases.add_metrics(case.id, [])
        assert work.cases.reports(case.id) == [first, again]
        assert work.cases.metrics(case.id) == seen + later
