"""A report arrives: is the matter known already? If not, open a case, grade it, ask the office."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cases import commands, events
from cases.drills.marking import link_key, marked
from cases.encoding import wecom_field
from cases.errors import RefusalError
from cases.grading import FactError, GradingRules, Reason, ReportFacts, propose
from cases.grading import Proposal as Graded
from cases.links import Link, find_links
from cases.masking import mask
from cases.messages import LinkCard
from cases.model import Case, Proposal, State
from cases.permissions import Action, may_know
from cases.routing import UnitProposal, propose_unit
from handlers import case_lists, said
from handlers.carry_out import record
from handlers.intake_gaps import missing_of
from handlers.references import case_meant, reported_by
from handlers.relinking import closed_lately
from handlers.said import Slots
from handlers.talk import Talk
from storage.cases import NewCase, NewLink, NewMetric, NewReport
from storage.states import ReportKind

_BEIJING = ZoneInfo("Asia/Shanghai")
_TITLE_LENGTH = 60  # characters
_MOST_LINKS = 10
_OTHER = "其他"
_SOMEBODY = "某网友"
_SHORTEST_NAME = 2  # characters; a shorter one is part of too many words
_URL = re.compile(r"(https?://[!-~]+)")
_MOST_REASONS = 3
_CLAUSE = 40  # characters of a clause in chat; the whole stands in the rulebook
_LOCAL_SCOPES = frozenset({"同城", "本地", "local"})


@dataclass(frozen=True, slots=True)
class Described:
    """One report as read from a message or a card, personal numbers masked."""

    title: str
    summary: str
    text: str
    links: tuple[Link, ...]
    platform: str = ""
    source_media: str = ""
    appeal: str = ""
    units: tuple[str, ...] = ()
    metrics: Mapping[str, int | float | str] = field(default_factory=dict)
    event_at: datetime | None = None
    needs_url: bool = False


def described(talk: Talk, slots: Slots, text: str) -> Described:
    """Return the report that somebody typed."""
    links = find_links(text, talk.desk.link_rules)
    wanted = said.text(slots, "url")
    links = tuple(sorted(links, key=lambda link: link.url != wanted))[:_MOST_LINKS]
    summary = mask(said.text(slots, "summary"))
    title = mask(said.text(slots, "title")) or summary
    platform = said.text(slots, "platform") or next((k.platform for k in links), "")
    return Described(
        title=title_of(talk, title),
        summary=summary,
        text=mask(without_author(text, said.text(slots, "author"))),
        links=links,
        platform=platform,
        source_media=said.text(slots, "media"),
        appeal=mask(said.text(slots, "appeal")),
        units=said.texts(slots, "units"),
        metrics=_facts(slots),
        event_at=said.moment(slots, "post_time"),
        needs_url=bool(slots.get("needs_url")),
    )


def title_of(talk: Talk, title: str) -> str:
    """Return a title as it is kept: within its length, and marked where it is a drill's."""
    return (marked(title) if talk.drill is not None and title else title)[:_TITLE_LENGTH]


def without_author(text: str, author: str) -> str:
    """Return `text` without the poster's name: it is no part of the matter (decision 29)."""
    if len(author) < _SHORTEST_NAME:
        return text
    parts = _URL.split(text)  # every second one is an address
    return "".join(
        part if nth % 2 else part.replace(author, _SOMEBODY) for nth, part in enumerate(parts)
    )


def _facts(slots: Slots) -> dict[str, int | float | str]:
    facts = said.numbers(slots, "metrics")
    tier = said.text(slots, "media_tier")
    return facts | ({"media_tier": tier} if tier else {})


def card(talk: Talk, forwarded: LinkCard) -> Described:
    """Return the report that a forwarded article card makes: its words are content."""
    title, description, url = forwarded.title, forwarded.description, forwarded.url
    links = find_links(url, talk.desk.link_rules) or find_links(description, talk.desk.link_rules)
    platform = next((link.platform for link in links), _OTHER)
    return Described(
        title=title_of(talk, mask(title)),
        summary=mask(description),
        text=mask(f"{title}\n{description}\n{url}"),
        links=links,
        platform=platform,
    )


def new(talk: Talk, slots: Slots) -> str:
    """登记: what somebody typed becomes a case, or joins the one that is open."""
    return register(talk, described(talk, slots, talk.words))


def register(talk: Talk, report: Described) -> str:
    """Register a report once: a known link joins its open case."""
    talk.permit(Action.REPORT)
    known = _known(talk, report.links, talk.drill)
    if known is not None:
        return _join(talk, known, report)
    if not report.links and not (report.platform and report.title) and not report.title:
        raise RefusalError("没看到链接或具体情况, 请转发文章或写明平台和发生了什么。")
    case = _open(talk, report)
    talk.case = case
    return _receipt(talk, case)


def _known(talk: Talk, links: Iterable[Link], drill: int | None) -> Case | None:
    for link in links:
        case_id = talk.work.cases.open_by_link(link_key(link.key, drill))
        if case_id is not None:
            return talk.work.cases.load(case_id)
    return None


def _join(talk: Talk, case: Case, report: Described) -> str:
    repeat = case.reporters and talk.person.userid in case.reporters
    changed = talk.do_joined(case, commands.Join(reporter=talk.person.userid, text=report.text))
    _keep(talk, changed.case, report, ReportKind.REPEAT)
    if not may_know(talk.person, changed.case):  # 限制知悉: a link must not tell what it is about
        return "已收到并转舆情办处理, 谢谢。"
    title = wecom_field(case.title, 120)
    if repeat:
        stands = case.state.label
        return f"您已报过 {case.short_number}《{title}》, 现在是「{stands}」, 已记下这次补充。"
    place = len(changed.case.reporters)
    return (
        f"已并入 {case.short_number}《{title}》, 您是第 {place} 位报告人。"
        f"现在是「{case.state.label}」, 办结会告诉您。"
    )


def _open(talk: Talk, report: Described) -> Case:
    work, now = talk.work, talk.now
    rules = talk.desk.rulebook(talk.desk.rulebook_in_force)
    proposal = propose_for(talk, report)
    known_from = report.platform or report.source_media
    missing = missing_of(has_link=bool(report.links), platform=known_from, title=report.title)
    earlier = closed_lately(talk, report.links)
    rebound = earlier.number if earlier is not None else None
    number = work.cases.take_number(now.astimezone(_BEIJING).date())
    case = work.cases.add(
        NewCase(
            number=number,
            title=report.title or f"{report.platform or '网上'}链接",
            summary=report.summary,
            appeal=report.appeal,
            platform=report.platform,
            source_media=report.source_media,
            state=State.REPORTED,
            proposal=proposal,
            reported_by=talk.person.userid,
            reported_at=now,
            event_at=report.event_at,
            rulebook_id=rules.id,
            missing=missing,
            facts={**report.metrics, "units": list(report.units)},
            linked_to=rebound,
            drill=talk.drill,
        )
    )
    who, level, lead = talk.person.userid, proposal.level, proposal.lead
    happened = events.Registered(case.number, case.title, who, level, lead, rebound_of=rebound)
    _keep(talk, case, report, ReportKind.NEW)
    if not case.is_drill:  # a drill is a case of its own, also on a day when many come
        case_lists.join(work, talk.desk, case, now)
    registered = record(work, talk.desk, case, (happened,), talk.act, now=now).case
    case_lists.one_clock(work, registered, now)
    return registered


def _keep(talk: Talk, case: Case, report: Described, kind: ReportKind) -> None:
    work, now, who = talk.work, talk.now, talk.person.userid
    report_id = work.cases.add_report(NewReport(case.id, kind, who, now, report.text, talk.key))
    work.cases.add_links(
        case.id,
        [
            NewLink(
                link_key=link_key(link.key, case.drill),
                url=link.url,
                canonical=link.canonical,
                platform=link.platform,
                kind=link.kind.value,
                item_id=link.item_id,
                needs_expansion=link.needs_expansion,
                added_by=who,
                at=now,
            )
            for link in report.links
            # else it is another case's
            if work.cases.open_by_link(link_key(link.key, case.drill)) in (None, case.id)
        ],
    )
    numbers = {name: n for name, n in report.metrics.items() if isinstance(n, int | float)}
    work.cases.add_metrics(
        case.id,
        [NewMetric(name, float(n), None, now, who, report_id) for name, n in numbers.items()],
    )


def graded_for(talk: Talk, report: Described) -> Graded:
    """Return the level that the rules in force propose for what a report says, in full."""
    rules = talk.desk.rulebook(talk.desk.rulebook_in_force)
    facts = ReportFacts(
        title=report.title,
        abstract="\n".join(part for part in (report.summary, report.appeal) if part),
        platform=report.platform,
        source_media=report.source_media,
        metrics=dict(gradable(rules.grading, report.metrics)),
        day=talk.now.astimezone(_BEIJING).date(),
    )
    try:
        return propose(rules.grading, facts)
    except FactError:  # a number that no rule can use must not stop a report
        return propose(rules.grading, replace(facts, metrics={}))


def unit_for(talk: Talk, report: Described) -> UnitProposal:
    """Return who should lead and help, by what a report says."""
    about = f"{report.title}\n{report.summary}\n{report.appeal}"
    return propose_unit(talk.work.people.units(), about, report.units, {})


def propose_for(talk: Talk, report: Described) -> Proposal:
    """Return the level and unit that the rules propose for what a report says."""
    graded, unit = graded_for(talk, report), unit_for(talk, report)
    return Proposal(
        level=graded.level,
        reasons=tuple(_said(reason) for reason in graded.reasons[:_MOST_REASONS]),
        asks=tuple(question.question for question in graded.ask[:_MOST_REASONS]),
        would_change=tuple(graded.would_change[:_MOST_REASONS]),
        lead=unit.lead.id if unit.lead else None,
        coop=tuple(helper.id for helper in unit.helpers),
        unit_reason=unit.reason,
        unit_question=unit.question,
    )


def _said(reason: Reason) -> str:
    clause = reason.clause if len(reason.clause) <= _CLAUSE else f"{reason.clause[:_CLAUSE]}…"
    return f"{reason.fact} —「{clause}」({reason.source})"


def gradable(
    rules: GradingRules, metrics: Mapping[str, int | float | str]
) -> Mapping[str, int | float | str]:
    """Return the facts that some rulebook knows; how far a hot list reaches becomes `hot`."""
    known = {
        name: n for name, n in metrics.items() if name in rules.specs or name in rules.also_known
    }
    scope = metrics.get("hot_scope")
    if isinstance(scope, str) and "hot" in rules.specs:
        known["hot"] = "local" if scope in _LOCAL_SCOPES else "national"
    return known


def _receipt(talk: Talk, case: Case) -> str:
    units = {unit.id: unit.name for unit in talk.work.people.units()}
    proposal = case.proposal
    lines = [f"已登记 {case.short_number}《{wecom_field(case.title, 120)}》"]
    why = f", 依据: {proposal.reasons[0]}" if proposal.reasons else ""
    lines.append(f"建议{proposal.level}{why}")
    if proposal.lead:
        lines.append(f"建议交{units.get(proposal.lead, proposal.lead)}")
    lines.append("已请舆情办确认, 办结会告诉您。")
    return "\n".join(lines)


def supplement(talk: Talk, slots: Slots) -> str:
    """补充: more words, links and numbers; nothing earlier is overwritten."""
    case = case_meant(talk, slots, reported_by(talk.person, talk.now), verb="补充")
    report = described(talk, slots, talk.words)
    other = _known(talk, report.links, case.drill)
    if other is not None and other.id != case.id and may_know(talk.person, other):
        raise RefusalError(
            f"这个链接已在 {other.short_number} 里。要合并请舆情办回复: "
            f"{other.short_number} 合并到 {case.short_number}"
        )
    known = ("链接",) if report.links and "链接" in case.missing else ()
    text = mask(talk.words)
    changed = talk.do(case, Action.SUPPLEMENT, commands.Supplement(text, known))
    _keep(talk, changed.case, report, ReportKind.SUPPLEMENT)
    return f"已补充到 {case.short_number}, 已告知舆情办。"


def withdraw(talk: Talk, slots: Slots) -> str:
    """撤回: by the reporter before the 交办, by the office after registration as well."""
    case = case_meant(talk, slots, reported_by(talk.person, talk.now), verb="撤回")
    reason = said.text(slots, "reason") or "误报"
    talk.do(
        case,
        Action.WITHDRAW,
        commands.Withdraw(reason, by_office=talk.person.userid not in case.reporters),
    )
    return f"{case.short_number} 已撤回, 不再提醒。"
