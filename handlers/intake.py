"""Whatever a reporter sends becomes one case, once: the path of every door to `handlers.report`."""

import re
from dataclasses import replace

from cases import events
from cases.chat import Intent, understand
from cases.chat.media import platform_named
from cases.chat.several import separate_reports
from cases.drills.marking import marked
from cases.encoding import wecom_field
from cases.errors import RefusalError
from cases.links import find_links
from cases.masking import mask
from cases.messages import LinkCard
from cases.model import Case, State
from cases.permissions import Action, may_know
from handlers import report
from handlers.carry_out import record
from handlers.intake_evidence import place_recent
from handlers.intake_gaps import (
    PLATFORM,
    STORY,
    ask_next,
    case_awaiting_link,
    case_awaiting_words,
)
from handlers.intake_near import offer_near, offer_shared
from handlers.intake_rise import tell_if_higher
from handlers.report import Described, propose_for
from handlers.said import Slots
from handlers.talk import Talk

FORWARDED = "转发内容"
_TITLE_LENGTH = 60  # characters
_POINTING = re.compile(
    r"^(?:请|帮|麻烦)?(?:把|将)?(?:上面|上边)?(?:这|那)?[个条件一]{0,2}"
    r"(?:也)?(?:上报|报一?下|报上?来?|登记|录入|收录|立件|舆情)?一?下?"
    r"(?:这|那)?[个条件]?[吧了。!！]?$"
)
_AT = re.compile(r"@\S{1,30}\s?")
_POINTS_LONGEST = 16
_SHORTEST_TITLE = 4  # characters: 停水三天
_SUPPLEMENT = re.compile(
    r"^\s*(?:[#\uff03]?[0-9A-Za-z-]{1,24}号?件?)?\s*再?补充[^:：\n]{0,6}[:：]\s*"
)


def register(talk: Talk, described: Described) -> str:
    """Register a report once, and do what follows from it.

    Raises:
        RefusalError: not permitted, or neither a link nor what happened is in it.
    """
    answer = report.register(talk, described)
    case = talk.case
    if case is None:
        return answer
    lines = [answer]
    if place_recent(talk, case):
        lines.append("刚才发的图片等材料已归入这一件。")
    lines.append(offer_shared(talk, case, described.links))
    if len(talk.work.cases.reports(case.id)) == 1:
        lines += [offer_near(talk, case), ask_next(talk, case)]
    else:
        _title_if_missing(talk, case, described.title)
        tell_if_higher(talk, talk.case or case, described)
    return "\n".join(line for line in lines if line)


def _title_if_missing(talk: Talk, case: Case, title: str) -> None:
    """A later message says what the first only linked to."""
    if STORY in case.missing and len(title) >= _SHORTEST_TITLE:
        complete(talk, replace(case, title=title[:_TITLE_LENGTH]), STORY, f"情况: {title}")


def card(talk: Talk, forwarded: LinkCard) -> str:
    """登记 a forwarded article card."""
    return register(talk, report.card(talk, forwarded))


def new(talk: Talk, slots: Slots) -> str:
    """登记 what somebody typed: one report, or several blocks in one message."""
    awaiting = case_awaiting_link(talk)
    if awaiting is not None and _is_unknown(talk):
        return supplement(talk, {**slots, "case": awaiting.number})
    parts = separate_reports(talk.words)
    if len(parts) < 2:  # noqa: PLR2004 - one is no list
        return register(talk, report.described(talk, slots, talk.words))
    return "\n\n".join(_one_of_several(talk, part) for part in parts)


def _is_unknown(talk: Talk) -> bool:
    links = find_links(talk.words, talk.desk.link_rules)
    return all(talk.work.cases.open_by_link(link.key) is None for link in links)


def _one_of_several(talk: Talk, part: str) -> str:
    talk.case = None
    try:
        return register(talk, _read(talk, part))
    except RefusalError as refusal:  # one that cannot be registered must not lose the others
        return f"「{wecom_field(part, 60)}」没有登记: {refusal}"


def _read(talk: Talk, text: str) -> Described:
    understood = understand(
        text, None, talk.now, talk.desk.link_rules, units=talk.work.people.units()
    )
    is_report = understood.intent is Intent.REPORT_NEW
    return report.described(talk, understood.slots if is_report else {"summary": text}, text)


def supplement(talk: Talk, slots: Slots) -> str:
    """补充: nothing is overwritten; figures that rose are shown to the office."""
    awaiting = None if slots.get("case") else case_awaiting_link(talk)
    if awaiting is not None and _is_unknown(talk):
        slots = {**slots, "case": awaiting.number}
    answer = report.supplement(talk, slots)
    case = talk.case
    if case is None:
        return answer
    place_recent(talk, case)
    described = report.described(talk, slots, talk.words)
    tell_if_higher(talk, case, described)
    if not described.links and not described.metrics:
        _title_if_missing(talk, case, mask(_SUPPLEMENT.sub("", talk.words).strip()))
    case = talk.case or case
    return "\n".join(line for line in (answer, ask_next(talk, case)) if line)


def is_pointing(talk: Talk, own: str, quoted: str) -> bool:
    """Whether somebody's own words only point at the message they quote, and that is a report."""
    plain = _AT.sub("", own).strip()
    if not quoted or len(plain) > _POINTS_LONGEST or not _POINTING.match(plain):
        return False
    understood = understand(quoted, None, talk.now, talk.desk.link_rules)
    return understood.intent is Intent.REPORT_NEW


def quoted(talk: Talk, words: str) -> str:
    """登记 a quoted message: its words are content, and are marked as such."""
    described = _read(talk, words)
    platform = described.platform or FORWARDED
    return register(
        talk, replace(described, platform=platform, text=f"来源: {FORWARDED}\n{described.text}")
    )


def answered(talk: Talk) -> str:
    """Take words that mean nothing by themselves as the answer to the question asked, if any."""
    found = case_awaiting_words(talk)
    if found is None:
        return ""
    case, asked = found
    if not may_know(talk.person, case):
        return ""
    talk.permit(Action.SUPPLEMENT, case)
    words = mask(talk.words.strip())
    told = wecom_field(words, 120)
    if asked.essential == PLATFORM:
        platform = platform_named(words) or words
        complete(talk, replace(case, platform=platform), PLATFORM, f"平台: {told}")
    else:
        complete(talk, replace(case, title=words[:_TITLE_LENGTH]), STORY, f"情况: {told}")
    now = talk.case or case
    return "\n".join(line for line in (f"已记到 {now.short_number}。", ask_next(talk, now)) if line)


def complete(talk: Talk, case: Case, essential: str, text: str) -> None:
    """Keep a case that has become fuller, propose anew while nobody has graded, tell the office."""
    case = replace(case, title=marked(case.title)) if case.is_drill else case
    if case.state is State.REPORTED and essential == STORY:
        whole = Described(
            case.title, case.summary, "", (), case.platform, case.source_media, case.appeal
        )
        case = replace(case, proposal=propose_for(talk, whole))
        text += f"; 现在建议{case.proposal.level}"
    happened = (events.Supplemented(text, (essential,)),)
    talk.case = record(talk.work, talk.desk, case, happened, talk.act, now=talk.now).case
