"""考核, 申诉, 裁定, 记分, 考核通报, 我的首报: scores in chat."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from cases.beijing import in_beijing
from cases.chat.score_words import ScoreDeed, ScoreWish
from cases.encoding import wecom_field
from cases.errors import RefusalError
from cases.masking import mask
from cases.notices import Choice, Notice, Priority, ToRole, ToUnit
from cases.papers.model import Kind
from cases.people import Person, Role
from cases.permissions import Action
from cases.scores.counting import Point
from cases.scores.months import Month, month_of, read_month
from cases.scores.rules import Fact
from cases.wording import scores as words
from handlers import appeals, scores
from handlers.drafting import order_of_period
from handlers.post import Origin, Post
from handlers.references import case_written
from handlers.talk import Talk
from handlers.units_meant import unit_meant
from storage.scores import NewScoreEntry, ScoreNotice
from storage.states import ScoreEntryKind

_SEES_ALL = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.OFFICE_DIRECTOR,
        Role.DEPUTY_LEADER,
        Role.CHIEF_LEADER,
        Role.ASSESSOR,
        Role.SUPERVISOR,
    }
)
_YEAR_AND_MONTH = re.compile(r"(?:(20[0-9]{2})年?-?)?([0-9]{1,2})月?")
_TITLE_BYTES = 60
_DECEMBER = 12


def wished(talk: Talk, wish: ScoreWish) -> str:
    """Carry out what is wanted of scores, and answer.

    Raises:
        RefusalError: it may not be done, or not now.
    """
    return _DOERS[wish.deed](talk, wish)


def sees_all(person: Person) -> bool:
    """Whether somebody sees the scores of every unit."""
    return person.is_any(*_SEES_ALL)


def month_meant(talk: Talk, said: str) -> Month:
    """Return the month that is meant: 本月 (or nothing), 上月, 10月, 2026-10.

    Raises:
        RefusalError: there is no such month.
    """
    current = month_of(talk.now)
    if not said or said in ("本月", "这月", "这个月"):
        return current
    if said in ("上月", "上个月"):
        return current.before
    exact = read_month(said)
    if exact is not None:
        return exact
    match = _YEAR_AND_MONTH.fullmatch(said)
    month = int(match[2]) if match else 0
    if match is None or not 1 <= month <= _DECEMBER:
        raise RefusalError(f"看不懂月份「{said}」, 请写成 10月 或 2026-10")
    year = int(match[1]) if match[1] else current.year - (month > current.month)
    return Month(year, month)


def _show(talk: Talk, wish: ScoreWish) -> str:
    talk.permit(Action.SCORES)
    month = month_meant(talk, wish.month)
    unit = unit_meant(talk, wish.unit).id if wish.unit else talk.person.unit_id
    if not sees_all(talk.person) and unit != talk.person.unit_id:
        raise RefusalError("别的单位的考核不能看, 贵单位的请回复: 考核")
    if unit is None:
        return words.notice_words(scores.notice(talk.work, talk.desk, month, talk.now), talk.now)
    counted = scores.month_scores(talk.work, talk.desk, month, talk.now)
    mine, known = counted.of(unit), talk.work.people.unit(unit)
    if mine is None:
        raise RefusalError("名录里没有这个单位。")
    page = f"\n考核页: {talk.desk.base_url}/scores/{unit}" if talk.desk.base_url else ""
    name = known.name if known else unit
    return words.unit_words(name, mine, month, counted.rules) + page


def _appeal(talk: Talk, wish: ScoreWish) -> str:
    talk.permit(Action.APPEAL)
    unit = talk.person.unit_id
    if unit is None or wish.fact is None:
        example = "申诉 1120-007 签收超时, 当时系统停电"
        raise RefusalError(f"请写明哪一件的哪一项和理由, 例如: {example}")
    case = case_written(talk, wish.case)
    month, point = _point_meant(talk, unit, case.number, wish.fact)
    return appeals.appeal(talk, appeals.Disputed(month, unit, point, case.id), wish.reason)


def _point_meant(talk: Talk, unit: str, number: str, fact: Fact) -> tuple[Month, Point]:
    current = month_of(talk.now)
    for month in (current, current.before):
        counted = scores.month_scores(talk.work, talk.desk, month, talk.now).of(unit)
        for point in counted.points if counted else ():
            if (point.number, point.fact) == (number, fact) and not point.given_back:
                return month, point
    raise RefusalError(f"{words.short(number)} 没有「{fact}」的扣分, 回复「考核」看全部扣分。")


def _give(talk: Talk, wish: ScoreWish) -> str:
    talk.permit(Action.GIVE_POINT)
    fact, unit = wish.fact, unit_meant(talk, wish.unit)
    month = month_of(talk.now)
    rule = scores.rules_of(talk.work, talk.desk, month)[0].rule(fact) if fact else None
    if fact is None or not fact.is_given or rule is None:
        can = "、".join(one for one in Fact if one.is_given)
        raise RefusalError(f"只能记这些: {can}; 其余的由系统按事件计算。")
    if not wish.reason:
        raise RefusalError(f"请写明理由, 例如: 记分 {unit.name} {fact}, 某日某事")
    case = case_written(talk, wish.case) if wish.case else None
    number = talk.work.scores.add(
        NewScoreEntry(
            str(month),
            ScoreEntryKind.GIVEN,
            unit.id,
            mask(wish.reason),
            talk.person.userid,
            talk.now,
            fact=fact.value,
            case_id=case.id if case else None,
        )
    )
    appeals.note(talk, "score.given", number, {"unit": unit.id, "fact": fact.value})
    said = f"{unit.name} {month.said}考核记「{fact}」{rule.points:+d} 分: {mask(wish.reason)}"
    told = Notice(ToUnit(unit.id), f"【考核】{said}\n有异议请申诉。", "score", "考核记分")
    _post(talk, (told,), f"given.{number}")
    return f"已记: {said}。已告知该单位。"


def _post(talk: Talk, notices: tuple[Notice, ...], slot: str) -> None:
    Post(talk.work, talk.desk, talk.now).tell(notices, Origin("score", "0", slot))


def _preview(talk: Talk, wish: ScoreWish) -> str:
    talk.permit(Action.SCORE_NOTICE)
    month = month_meant(talk, wish.month)
    out = talk.work.scores.notice(str(month))
    if out is not None:
        return out.text
    text = words.notice_words(scores.notice(talk.work, talk.desk, month, talk.now), talk.now)
    publish = Choice("发给各单位和领导", (f"确认发{month}考核通报",))
    talk.say(text, (publish,) if talk.now >= month.ends else ())
    return ""


def _publish(talk: Talk, wish: ScoreWish) -> str:
    talk.permit(Action.SCORE_NOTICE)
    month = month_meant(talk, wish.month)
    if talk.now < month.ends:
        raise RefusalError(f"{month.said}还没有过完, 过完再发通报。")
    if talk.work.scores.notice(str(month)) is not None:
        raise RefusalError(f"{month.said}考核通报已经发过。")
    _, book = scores.rules_of(talk.work, talk.desk, month)
    whole = scores.notice(talk.work, talk.desk, month, talk.now)
    text = words.notice_words(whole, talk.now)
    talk.work.scores.keep_notice(
        ScoreNotice(str(month), book.id, text, talk.now, talk.person.userid)
    )
    appeals.note(talk, "score.notice", month, {"rulebook": book.id})
    if Kind.BULLETIN in talk.desk.drafts:
        order_of_period(talk.work, Kind.BULLETIN, str(month), now=talk.now, by=talk.person.userid)
    names = {unit.name: unit.id for unit in talk.work.people.units()}
    roles = (Role.DEPUTY_LEADER, Role.CHIEF_LEADER, Role.OFFICE_DIRECTOR, Role.ASSESSOR)
    leaders = [
        Notice(ToRole(role), text, "score", "考核通报", Priority.DIGEST, is_optional=True)
        for role in roles
    ]
    # Where nobody is ranked a unit hears its own line; the whole is the office's and the leaders'.
    units = [
        Notice(
            ToUnit(names[line.unit]),
            text
            if line.rank is not None
            else words.notice_words(replace(whole, lines=(line,)), talk.now),
            "score",
            "考核通报",
            Priority.DIGEST,
        )
        for line in whole.lines
        if line.unit in names
    ]
    _post(talk, (*leaders, *units), f"notice.{month}")
    return f"{month.said}考核通报已发各单位和领导, 规则定为 {whole.rules}。"


def _first_reports(talk: Talk, wish: ScoreWish, *, is_own: bool) -> str:
    talk.permit(Action.REPORT if is_own else Action.GIVE_POINT)
    month = month_meant(talk, wish.month)
    found = talk.work.scores.first_reports(month.starts, month.ends)
    me = talk.person.userid
    lines = []
    for one in found:
        if is_own and one.reported_by != me:
            continue
        who = "" if is_own else f" {talk.work.people.name_of(one.reported_by)}"
        when = f"{in_beijing(one.reported_at):%d日%H:%M}"
        stands = f"{when}{who} {one.state.label}"
        lines.append((one.number, wecom_field(one.title, _TITLE_BYTES), stands))
    return words.first_reports(lines, month, "您" if is_own else "")


def _rule(talk: Talk, wish: ScoreWish) -> str:
    return appeals.rule(talk, wish.number, wish.reason, upheld=wish.upheld)


_DOERS: dict[ScoreDeed, Callable[[Talk, ScoreWish], str]] = {
    ScoreDeed.SHOW: _show,
    ScoreDeed.APPEAL: _appeal,
    ScoreDeed.RULE: _rule,
    ScoreDeed.GIVE: _give,
    ScoreDeed.PREVIEW: _preview,
    ScoreDeed.PUBLISH: _publish,
    ScoreDeed.MINE: partial(_first_reports, is_own=True),
    ScoreDeed.FIRST_REPORTS: partial(_first_reports, is_own=False),
}
