"""Scores, library, drills and reviews by themselves: borders, caps, words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases import commands as do
from cases import events
from cases.drills.scenario import steps_of
from cases.drills.sheet import Call, DrillSheet, Link, Outcome
from cases.drills.story_time import StoryTime, real_due
from cases.errors import NotAllowedError
from cases.library.against import contradictions
from cases.library.lessons import LONGEST, Asked, Lesson, labelled, tags_of
from cases.library.ranking import ASKED, NEAREST, UNASKED, Match, ranked
from cases.library.terms import EVERY, Document, Related, asked_singles, asked_terms, terms_of
from cases.lifecycle import decide
from cases.model import State
from cases.response import NOTHING_SAID
from cases.review import Demand, Moment, Review, Task, review_words
from cases.scores.counting import Added, Given, MonthScores, Point, Ruling, score_units
from cases.scores.happenings import Happening, happenings
from cases.scores.material import Material, ScoredCase, ScoredClock, ScoredEvent
from cases.scores.months import Month, month_of, read_month
from cases.scores.notice import Frame, notice_of
from cases.scores.rates import NO_RATES, Rate, Rates, rates_of
from cases.scores.rules import Fact, ScoreItem, ScoreRule, ScoreRules
from cases.wording import drills as drill_said
from cases.wording import scores as score_said
from cases.wording.telling import Telling, notices
from tests.support.builders import case_in

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
NUMBER = "YQ-20261120-007"
RULES = ScoreRules(
    items=(ScoreItem("签收", 15), ScoreItem("质量", 10), ScoreItem("回访", 10, by_rates=True)),
    rules=(
        ScoreRule(Fact.LATE_SIGN, "签收", -1, most=3),
        ScoreRule(Fact.SENT_BACK, "质量", -2),
        ScoreRule(Fact.EXTENDED, "质量", -2, over=1),
        ScoreRule(Fact.CONCEALED, "质量", -4, veto=True),
        ScoreRule(Fact.FOUND, "", 1),
        ScoreRule(Fact.ADOPTED, "", 2),
    ),
    bonus_most=2,
    appeal_days=3,
    publish_by=10,
    ranking=False,
    except_parts=("协办",),
    except_levels=("轻微",),
)
CASE = ScoredCase(7, NUMBER, "三级", "chengguan", None, None, 0)


def clock(step: str = "签收", holder: str = "chengguan", ended: int | None = 2) -> ScoredClock:
    ended_at = None if ended is None else NOW + ended * HOUR
    return ScoredClock(1, 7, step, holder, NOW + HOUR, ended_at)


def material(*clocks: ScoredClock, case: ScoredCase = CASE, **more: object) -> Material:
    happened = more.get("happened", ())
    assert isinstance(happened, tuple)
    moments = {(7, NOW + 2 * HOUR): 4}
    return Material({7: case}, clocks, happened, moments, {7: 9})


def found(given: Material) -> list[tuple[Fact, str, int]]:
    return [(one.fact, one.unit, one.seq) for one in happenings(given, RULES, NOW + 3 * HOUR)]


def test_a_clock_is_late_from_the_moment_after_it_is_due() -> None:
    assert found(material(clock(ended=1))) == []
    assert found(material(clock(ended=2))) == [(Fact.LATE_SIGN, "chengguan", 4)]
    running = happenings(material(clock(ended=None)), RULES, NOW + 3 * HOUR)
    assert running[0].seq == 9
    assert "至今没有办" in running[0].why
    assert happenings(material(clock(ended=None)), RULES, NOW + HOUR / 2) == ()


def test_the_office_answers_for_no_clock_but_the_press_conference_counts_for_the_unit() -> None:
    assert found(material(clock("办结", "office"))) == []
    assert found(material(clock("发布会", "office"))) == [(Fact.LATE_PRESS, "chengguan", 4)]
    assert found(material(clock("发布会", "office"), case=replace(CASE, lead_unit=None))) == []


def test_helpers_and_levels_that_the_rules_except_cost_nothing() -> None:
    helped = replace(CASE, helpers=("zhujian",))
    assert found(material(clock(holder="zhujian"), case=helped)) == []
    assert found(material(clock(), case=replace(CASE, level="轻微"))) == []
    assert found(material(clock(), case=replace(CASE, helpers=("chengguan",)))) != []


def test_events_count_for_the_lead_and_only_those_the_rules_know() -> None:
    happened = (
        ScoredEvent(7, 2, NOW, events.ExtensionGranted(1, "chengguan", NOW, "同意")),
        ScoredEvent(7, 3, NOW, events.ReplyReturned(1, "重写")),
        ScoredEvent(7, 4, NOW, events.SentBack("没有排干")),
        ScoredEvent(7, 5, NOW, events.CalledBack("满意", solved=True)),
    )
    facts = [one[0] for one in found(material(happened=happened))]
    assert facts == [Fact.EXTENDED, Fact.REPLY_RETURNED, Fact.SENT_BACK]
    nobodys = replace(CASE, lead_unit=None)
    assert found(material(happened=happened, case=nobodys)) == []


@pytest.mark.parametrize(
    ("case", "clocks", "is_found"),
    [
        (replace(CASE, found_by="chengguan", closed_at=NOW), (), True),
        (replace(CASE, found_by="zhujian", closed_at=NOW), (), False),
        (replace(CASE, found_by="chengguan"), (), False),
        (replace(CASE, found_by="chengguan", closed_at=NOW, reopened=1), (), False),
        (replace(CASE, found_by="chengguan", closed_at=NOW), (clock(),), False),
    ],
)
def test_what_a_unit_finds_itself_and_handles_in_time_is_credited(
    case: ScoredCase, clocks: tuple[ScoredClock, ...], *, is_found: bool
) -> None:
    facts = [one[0] for one in found(material(*clocks, case=case))]
    assert (Fact.FOUND in facts) is is_found


def happening(fact: Fact, nth: int = 1, hour: int = 0) -> Happening:
    return Happening(fact, "chengguan", 7, NUMBER, 4, NOW + hour * HOUR, "为什么", nth)


def scored(*found: Happening, added: Added = Added(), rates: Rates = NO_RATES) -> MonthScores:  # noqa: B008
    units = score_units(RULES, found, {"chengguan": rates}, added, ["chengguan", "zhujian"])
    return MonthScores("2026-11", "city3 第 1 版", units, NOW)


def total(*found: Happening, added: Added = Added()) -> float:  # noqa: B008
    score = scored(*found, added=added).of("chengguan")
    assert score is not None
    return score.total


def test_points_are_capped_by_rule_item_and_bonus() -> None:
    late = [happening(Fact.LATE_SIGN, hour=n) for n in range(5)]
    assert total(*late[:2]) == 33
    assert total(*late) == 32  # most 3
    assert total(*[happening(Fact.SENT_BACK, hour=n) for n in range(9)]) == 25  # never below 0
    assert total(happening(Fact.EXTENDED, 1), happening(Fact.EXTENDED, 2)) == 33  # over 1
    assert total(*[happening(Fact.FOUND, hour=n) for n in range(4)]) == 37  # bonus at most 2
    assert total(happening(Fact.LATE_RESPOND)) == 35  # the rules do not know it
    assert scored().of("nobody") is None


def test_given_points_vetoes_and_rulings() -> None:
    hidden = Given(3, Fact.CONCEALED, "chengguan", NUMBER, "伤亡不实", "孙磊", NOW)
    assert total(added=Added([hidden])) == 0
    back = Ruling(5, "given:3", "查无此事", NOW)
    assert total(added=Added([hidden], [back])) == 35
    good = Given(4, Fact.ADOPTED, "chengguan", "", "经验", "孙磊", NOW)
    unknown = Given(6, Fact.MISSED, "chengguan", "", "没报", "孙磊", NOW)
    assert total(added=Added([good, unknown], [Ruling(7, "no such point", "", NOW)])) == 37


def test_rates_stand_by_their_definitions() -> None:
    slow_report = ScoredClock(2, 7, "首报", "chengguan", NOW + HOUR, NOW + 2 * HOUR)
    closed = replace(CASE, closed_at=NOW)
    back = ScoredEvent(7, 5, NOW, events.CalledBack("未联系上", solved=True))
    rates = rates_of(
        material(clock(ended=1), slow_report, case=closed, happened=(back,)), NOW + 3 * HOUR
    )
    assert rates["chengguan"] == Rates(Rate(0, 1), Rate(1, 1), Rate(0, 0))
    bad = ScoredEvent(7, 6, NOW, events.CalledBack("不满意", solved=False))
    rates = rates_of(material(clock(ended=1), case=closed, happened=(back, bad)), NOW + 3 * HOUR)
    assert rates["chengguan"] == Rates(Rate(1, 1), Rate(0, 1), Rate(0, 1))
    assert rates_of(material(clock("办结"), case=replace(CASE, lead_unit=None)), NOW) == {}
    assert str(Rate(0, 0)) == "无数据"
    halves = scored(rates=Rates(Rate(0, 0), Rate(1, 2), Rate(0, 1))).units[0]
    assert [item.got for item in halves.items] == [15, 10, 2.5]


def test_months_meet_at_midnight_in_beijing() -> None:
    november = Month(2026, 11)
    assert month_of(november.starts) == november
    assert month_of(november.starts - timedelta(seconds=1)) == november.before
    assert november.ends == november.next.starts
    assert Month(2026, 12).next == Month(2027, 1)
    assert Month(2026, 1).before == Month(2025, 12)
    assert read_month("2026-13") is None


def test_the_words_of_a_month_show_what_was_lost_and_how_to_appeal() -> None:
    points = tuple(
        Point(str(n), "签收", Fact.LATE_SIGN, -1, NUMBER, 4, NOW, "晚了") for n in range(12)
    )
    score = replace(scored(happening(Fact.LATE_SIGN)).units[0], points=points, vetoed=True, bonus=1)
    said = score_said.unit_words("市城管局", score, Month(2026, 11), "city3")
    assert "0 分 (一票否决)" in said
    assert "加分 1" in said
    assert "另有 2 条" in said
    assert "申诉 1120-007 签收超时" in said
    plain = score_said.unit_words("市城管局", scored().units[1], Month(2026, 11), "city3")
    assert "没有扣分。" in plain
    frame = Frame("云溪市", 35, ranking=True, appeal_until=None)
    whole = replace(scored(happening(Fact.FOUND)), provisional=True)
    notice = notice_of(whole, Month(2026, 11), {"chengguan": "市城管局"}, frame)
    said = score_said.notice_words(notice, NOW)
    assert "1. 市城管局 36, 加分 1" in said
    assert "本月未满" in said
    assert "申诉" not in said
    lines = [(NUMBER, "积水", "办结")] * 11
    assert "另有 1 件" in score_said.first_reports(lines, Month(2026, 11), "您")
    assert "没有首报" in score_said.first_reports([], Month(2026, 11), "您")


def test_the_same_time_needs_no_conversion_and_a_faster_one_comes_back() -> None:
    assert real_due(None, StoryTime(NOW, NOW + HOUR, 60)) is None
    fast = StoryTime(NOW, NOW - 48 * HOUR, 60)
    assert fast.to_real(fast.to_story(NOW + HOUR)) == NOW + HOUR
    assert not fast.is_real
    assert StoryTime(NOW, NOW).is_real
    assert not StoryTime(NOW, NOW, 2).is_real


def test_a_scenario_that_was_kept_otherwise_has_no_steps() -> None:
    assert steps_of({"steps": "none"}) == ()


LINK = Link("007", "签收", "市城管局", NOW, NOW + HOUR, NOW + HOUR, "刘洋", Outcome.IN_TIME)


def sheet(*links: Link, calls: tuple[Call, ...] = ()) -> DrillSheet:
    cases = ((NUMBER, "停水", "已签收"),)
    return DrillSheet("停水", "", NOW, NOW + HOUR, NOW, 90, "孙磊", cases, links, calls)


def test_the_words_of_a_drill_say_where_it_stopped_and_whether_a_call_woke_somebody() -> None:
    assert "第一步就没有走通" in drill_said.sheet_words(sheet(), NOW)
    many = drill_said.sheet_words(sheet(*[LINK] * 15), NOW)
    assert "另有 1 步" in many
    assert "没有卡住的环节" in many
    asked = Call("007", "签收", NOW, None, "", None)
    made = replace(asked, made_at=NOW, whom="刘洋")
    woke = replace(made, answered_at=NOW + HOUR)
    assert "没有人被叫醒" in drill_said.sheet_words(sheet(LINK, calls=(asked,)), NOW)
    assert "打后仍没有办" in drill_said.sheet_words(sheet(LINK, calls=(made,)), NOW)
    assert "打通后办了的: 刘洋" in drill_said.sheet_words(sheet(LINK, calls=(woke,)), NOW)
    assert drill_said.speed_words(1) == "按实际时间"
    assert drill_said.speed_words(90) == "90 分钟为实际 1 分钟"
    assert drill_said.span_words(timedelta(seconds=59)) == "59 秒"
    assert drill_said.span_words(timedelta(minutes=59, seconds=59)) == "59 分 59 秒"
    assert drill_said.span_words(timedelta(hours=1)) == "1 小时 0 分"
    assert "还没有演练场景" in drill_said.catalogue([])


def test_a_lesson_asks_on_until_everything_is_said_or_skipped() -> None:
    lesson = Lesson()
    for what in Asked:
        assert lesson.next is what
        lesson = lesson.answered(what, f"{what} " + "长" * LONGEST)
    assert lesson.next is None
    assert len(lesson.cause) == LONGEST
    assert Lesson().skipping(*Asked).next is None
    assert tags_of(" 停水、老旧管网,停水 ") == ("停水", "老旧管网")
    assert labelled("原因: 老旧") == (Asked.CAUSE, "老旧")
    assert labelled("口径: 每日公布") == (Asked.WORDING, "每日公布")
    assert labelled("收到") is None


def test_related_words_meet_where_no_word_is_shared() -> None:
    related = Related((("停水", "断水", "没水"),), (("停水", "水龙头+不来"),))
    stored = terms_of(Document("锦绣花园停水", "管网爆裂" * 20, ("供水",)), related)
    asked = asked_terms("家里没水", related)
    shared = set(stored) & set(asked)
    assert shared == {"~停水", "^停水"}
    assert set(asked_singles("家里没水")) & set(stored) == {".水"}
    assert asked_singles("家里没水" * 8) == {}
    hinted = asked_terms("水龙头一滴也不来", related)
    assert "^停水" in hinted
    assert "~停水" not in hinted  # it is only what people say, not the word for it
    assert "^停水" not in asked_terms("水龙头坏了", related)  # both must be there
    assert stored[EVERY] == 1
    assert max(stored.values()) == 9
    long = asked_terms("家里没水" * 8, related)
    assert not any(term.startswith("+") for term in long)
    rows = [("~停水", 1, 3), ("~停水", 2, 3)]
    assert [one.case_id for one in ranked(asked, {"~停水": 2}, rows, 9)] == [2, 1]


def test_unasked_only_the_same_matter_is_like_and_single_characters_are_never_enough() -> None:
    def match(agrees: float, singles: int = 0, *, is_close: bool = False) -> Match:
        return Match(1, 9.0, agrees, singles, is_close)

    assert match(3.0, is_close=True).is_like(UNASKED)
    assert not match(4.0).is_like(UNASKED)  # two words in common, another matter
    assert match(8.0).is_like(UNASKED)
    assert match(2.7).is_like(ASKED)
    assert not match(2.0, 9).is_like(ASKED)
    assert match(0.0, 2).is_like(NEAREST)
    assert match(0.7).is_like(NEAREST)
    assert not match(0.0, 1).is_like(NEAREST)
    found = ranked(
        {".水": 0.2, ".停": 0.2}, {".水": 1, ".停": 1}, [(".水", 1, 1), (".停", 1, 1)], 9
    )
    assert [(one.singles, one.agrees) for one in found] == [(2, 0.0)]


@pytest.mark.parametrize(
    ("before", "now", "count"),
    [
        ("停水期间不收取水费", "停水期间仍收取水费", 1),
        ("停水期间不收取水费", "停水期间不收取水费", 0),
        ("停水期间不收取水费", "停车场按规定收取费用", 0),
        ("抢修时限为24小时", "抢修时限为48小时", 1),
        ("抢修时限为24小时", "抢修时限为24.0小时", 0),
        ("抢修时限为24小时", "抢修时限为48分钟", 0),
        ("短", "短", 0),
    ],
)
def test_statements_against_each_other(before: str, now: str, count: int) -> None:
    assert len(contradictions(now, [(NUMBER, before)])) == count


def demand(outcome: Outcome, done: datetime | None) -> Demand:
    return Demand("签收", "市城管局", NOW, NOW + HOUR, done, done, outcome, "签收时限: 1 小时")


def review(**more: object) -> Review:
    plain = Review(
        number="007",
        title="停水",
        level="三级",
        unit="市城管局",
        began_at=NOW,
        ended_at=None,
        moments=(Moment(NOW, "登记", "王小雨", timedelta(), 1),),
        demands=(demand(Outcome.IN_TIME, NOW + HOUR), demand(Outcome.NEVER, None)),
        lesson=Lesson(),
        tasks=(),
        counted_at=NOW + 2 * HOUR,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def test_a_review_draws_each_wait_and_says_what_was_against_the_rules() -> None:
    drawn = review().drawing()
    assert drawn.count("<rect") == 2
    assert "超时" in drawn
    said = review_words(review())
    assert "共用 2 小时" in said
    assert "市城管局签收没有做" in said
    assert "等得最久" not in said
    assert "各环节都在规定时限内" in review_words(review(demands=(), moments=()))
    task = Task(1, "市住建局", "更换管网", NOW, None, "")
    said = review_words(review(tasks=(task, replace(task, number=2, done_at=NOW))))
    assert "整改1 市住建局: 更换管网 (办理中)" in said
    assert "整改2 市住建局: 更换管网 (已完成)" in said
    assert "起因: 老旧" in review_words(review(lesson=Lesson(cause="老旧")))


def test_a_case_closed_long_ago_is_not_reopened_by_a_look() -> None:
    closed = replace(
        case_in(State.CLOSED), response=replace(NOTHING_SAID, published_at=NOW), closed_at=NOW
    )
    with pytest.raises(NotAllowedError, match="办结已久"):
        decide(closed, do.CheckTracking(has_news=True), "liuyang", NOW + timedelta(days=31))
    with pytest.raises(NotAllowedError, match="没有公开回应过"):
        decide(case_in(State.CLOSED), do.CheckTracking(has_news=True), "liuyang", NOW)
    reopened = decide(closed, do.CheckTracking(has_news=True), "liuyang", NOW)
    assert reopened == [events.Reopened("答复后有新情况", 1)]


def test_a_good_call_back_bothers_nobody() -> None:
    telling = Telling(now=NOW, title="停水", source="")
    assert notices(case_in(State.CLOSED), events.CalledBack("满意", solved=True), telling) == ()
    unsolved = notices(case_in(State.CLOSED), events.CalledBack("满意", solved=False), telling)
    assert "未解决" in unsolved[0].text
