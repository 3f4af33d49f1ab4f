"""日报、周报、月简报 and the ledger: every number leads to the cases behind it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.papers.ledger import COLUMNS, LedgerRow, ledger_cells
from cases.papers.model import Figure, Kind, Paper, Prose, Table
from cases.papers.period_facts import CaseRow, PeriodFacts, Step, by, count, ranges
from cases.papers.periodical import periodical
from cases.papers.spans import month_in, span_at, span_named, span_said
from tests.support.builders import NOW

START = datetime(2026, 11, 15, 16, tzinfo=UTC)  # Monday 16 November in Beijing


def row(nth: int, **other: object) -> CaseRow:
    made = CaseRow(
        number=f"YQ-20261120-{nth:03d}",
        title=f"事项{nth}",
        level="二级" if nth % 2 else "三级",
        state="处置中",
        unit="市城管局" if nth < 3 else "",
        platform="抖音",
        registered_at=NOW,
    )
    return replace(made, **other)  # type: ignore[arg-type]


def step(nth: int, due_in: float, name: str = "首报", done_in: float | None = None) -> Step:
    ended = None if done_in is None else NOW + timedelta(hours=done_in)
    due = NOW + timedelta(hours=due_in)
    return Step(f"YQ-20261120-{nth:03d}", f"事项{nth}", name, "市城管局", due, ended)


def week(**other: object) -> PeriodFacts:
    facts = PeriodFacts(
        "2026年第47周",
        START,
        START + timedelta(days=7),
        NOW,
        "云溪市",
        registered=tuple(row(n) for n in range(1, 6)),
        closed=(row(7, closed_at=NOW, verdict="属实"), row(8)),
        open=(row(1, is_top=True), row(2)),
        due=(step(1, -2, done_in=-3), step(2, -2, done_in=-1), step(3, -1)),
        waiting=(step(2, -2), step(4, 20)),
        examples=(row(1),),
    )
    return replace(facts, **other)  # type: ignore[arg-type]


def tables(paper: Paper) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {one.heading: one.rows for one in paper.sections if isinstance(one, Table)}


def headings(paper: Paper) -> list[str]:
    return [one.field.label if isinstance(one, Prose) else one.heading for one in paper.sections]


def test_the_weekly_has_the_sections_of_the_sources() -> None:
    paper = periodical(Kind.WEEKLY, week())
    assert headings(paper) == [
        "一、总量",
        "逐日情况",
        "二、分级",
        "三、平台",
        "四、单位",
        "五、签收、首报、回应、办结时效",
        "六、典型",
        "七、下期到期与超时",
        "八、下期风险研判",
        "附：数字来源",
    ]
    found = tables(paper)
    assert found["二、分级"] == (("二级", "3", "60%"), ("三级", "2", "40%"))
    assert found["四、单位"] == (("未交办", "3", "60%"), ("市城管局", "2", "40%"))
    assert found["五、签收、首报、回应、办结时效"][1] == ("首报", "3", "2", "33%")
    assert found["五、签收、首报、回应、办结时效"][0] == ("签收", "0", "0", "—")
    assert [line[0][-3:] for line in found["七、下期到期与超时"]] == ["002", "004"]


def test_every_number_of_a_periodical_leads_to_its_cases() -> None:
    for kind in (Kind.DAILY, Kind.WEEKLY, Kind.MONTHLY):
        paper = periodical(kind, week())
        trace = {name: (int(value), cases) for name, value, cases in tables(paper)["附：数字来源"]}
        assert trace["新登记"] == (5, "11月20日 001—005")
        assert trace["有超时的件"] == (1, "11月20日 002")
        assert all(value for value, _ in trace.values())
        assert set(paper.sources) >= {f"YQ-20261120-{n:03d}" for n in range(1, 6)}


def test_the_daily_says_what_is_new_late_grave_and_due_tomorrow() -> None:
    paper = periodical(
        Kind.DAILY, week(starts=NOW - timedelta(hours=10), ends=NOW + timedelta(hours=14))
    )
    found = tables(paper)
    assert [len(found[name]) for name in ("新增", "超期", "重点", "明日到期")] == [5, 1, 1, 1]
    assert found["超期"][0][2] == "市城管局首报"
    text = next(one.field.text for one in paper.sections if isinstance(one, Prose))
    assert "新登记5件，办结2件，在办2件，有超时的件1件" in text


def test_the_monthly_adds_verdicts_and_leaves_judgements_to_people() -> None:
    paper = periodical(Kind.MONTHLY, week())
    assert paper.missing == ("九、通报", "十二、下月风险研判")
    told = week(
        scores=(("市城管局", "96", "签收-4", "100%", "—", "—"),), lessons=(("n", "t", "起因：x"),)
    )
    found = tables(periodical(Kind.MONTHLY, told))
    assert found["十、考核"][0][:2] == ("市城管局", "96")
    assert found["十一、案例"] == (("n", "t", "起因：x"),)
    assert tables(paper)["八、核实结论"] == (("属实", "1", "50%"), ("未填", "1", "50%"))
    drawn = [one.heading for one in paper.sections if isinstance(one, Figure)]
    assert drawn == ["逐日情况", "主办单位件数"]


def test_an_empty_period_says_so() -> None:
    quiet = PeriodFacts("2026年11月", START, START + timedelta(days=30), NOW, "云溪市")
    for kind in (Kind.DAILY, Kind.WEEKLY, Kind.MONTHLY):
        paper = periodical(kind, quiet)
        assert paper.sources == ()
        assert tables(paper)["附：数字来源"] == ()


def test_a_long_list_is_cut_and_says_how_many_are_left() -> None:
    many = tuple(row(n, title="") for n in range(1, 50))
    cut = tables(periodical(Kind.DAILY, week(registered=many)))["新增"]
    assert len(cut) == 41
    assert cut[-1][0] == "另有 9 项，见台账"
    assert cut[0][1] == "（限定知悉）"


def test_numbers_of_cases_are_said_in_short() -> None:
    assert ranges(["YQ-20261121-002", "YQ-20261120-003", "YQ-20261120-002", "x"]) == (
        "11月20日 002—003；11月21日 002"
    )
    assert count("到期", [step(1, 1), step(1, 2)]).numbers == ("YQ-20261120-001",)
    assert [one.name for one in by([row(1)], [""])] == ["未填"]


@pytest.mark.parametrize(
    ("kind", "said", "name", "words"),
    [
        (Kind.DAILY, "", "2026-11-20", "2026年11月20日"),
        (Kind.DAILY, "昨天", "2026-11-19", "2026年11月19日"),
        (Kind.WEEKLY, "本周", "2026-W47", "2026年第47周"),
        (Kind.WEEKLY, "上周", "2026-W46", "2026年第46周"),
        (Kind.MONTHLY, "本月", "2026-11", "2026年11月"),
        (Kind.MONTHLY, "上月", "2026-10", "2026年10月"),
        (Kind.LEDGER, "9月", "2026-09", "2026年9月"),
        (Kind.MONTHLY, "12月份", "2025-12", "2025年12月"),
        (Kind.MONTHLY, "三月", "2026-03", "2026年3月"),
        (Kind.MONTHLY, "十二月", "2025-12", "2025年12月"),
    ],
)
def test_a_period_as_it_is_said(kind: Kind, said: str, name: str, words: str) -> None:
    span = span_said(kind, said, NOW)
    assert span is not None
    assert (span.name, span.words) == (name, words)
    assert span_named(kind, name) == span
    assert span.starts < span.ends


@pytest.mark.parametrize("name", ["", "2026-W60", "2026-13", "2026-02-30", "周报", "2026-11-20x"])
def test_a_name_of_no_period_is_none(name: str) -> None:
    assert span_named(Kind.WEEKLY, name) is None


def test_a_period_that_no_paper_has_is_none() -> None:
    assert span_said(Kind.MONTHLY, "上季度", NOW) is None
    assert (month_in("做一份三月的月报"), month_in("出周报")) == ("三月", "")


def test_the_name_of_another_kind_is_none_either() -> None:
    assert span_named(Kind.DAILY, "2026-W47") is None
    assert span_at(Kind.WEEKLY, START) == span_at(Kind.WEEKLY, START + timedelta(days=6))
    assert span_at(Kind.WEEKLY, START - timedelta(seconds=1)).name == "2026-W46"


def test_the_ledger_has_a_text_for_each_column() -> None:
    full = LedgerRow(
        number="YQ-20261120-001",
        title="青禾路积水, 电话13812348000",
        level="二级",
        state="已办结",
        platform="抖音",
        media="",
        registered_at=NOW,
        lead="市城管局",
        coop=("市住建局",),
        assigned_at=NOW,
        signed_at=None,
        verdict="属实",
        due_at=NOW,
        closed_at=NOW,
        late_steps=("首报",),
        extensions=1,
        is_supervised=True,
        link="https://weibo.com/1/a",
    )
    cells = dict(zip(COLUMNS, ledger_cells(full), strict=True))
    assert cells["标题"] == "青禾路积水, 电话138****8000"
    assert (cells["签收时间"], cells["督办"], cells["延期次数"]) == ("", "是", "1")
    hidden = dict(
        zip(
            COLUMNS,
            ledger_cells(replace(full, is_restricted=True, extensions=0, is_supervised=False)),
            strict=True,
        )
    )
    assert (hidden["标题"], hidden["链接"], hidden["督办"]) == ("（限定知悉）", "", "")
