"""The page of a case as values: facts, links, grade, clocks, people, what happened, evidence."""

from dataclasses import dataclass
from datetime import datetime

from cases import events
from cases.case_clocks import OFFICE
from cases.draft_changes import Piece, changes
from cases.lamp import Countdown, countdown
from cases.masking import mask
from cases.model import Case
from cases.people import Person
from cases.permissions import handles
from cases.web_address import parse_address
from cases.wording.history import in_words
from cases.wording.moments import clock_time
from handlers.desk import Desk
from handlers.pages.acts import Offer, case_known, may_add_files, offers
from handlers.pages.delivery import Delivery, messages
from handlers.pages.papers import PaperLine, papers_of
from storage.clocks import Clock
from storage.evidence import Evidence
from storage.states import ClockState, EvidenceState
from storage.work import Work

_PERSON = "person:"
_ENDED = {
    ClockState.SETTLED: "已完成",
    ClockState.MOVED: "已移交",
    ClockState.CANCELLED: "不再需要",
}
_KINDS = {"image": "图片", "voice": "语音", "video": "视频", "file": "文件"}
_PART_STATES = {
    "assigned": "待签收",
    "signed": "已签收",
    "done": "已报办结",
    "declined": "申请退回, 待裁定",
    "moved": "已移交",
}
_SHOWN_INLINE = frozenset({"image/png", "image/jpeg"})


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link: shown as text with its host; `address` is None where it is no web address."""

    host: str
    text: str
    platform: str
    address: str | None


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock with how its deadline was counted."""

    step: str
    holder: str
    due_at: datetime
    due_words: str
    counted: tuple[str, ...]
    is_provisional: bool
    seen: Countdown  # of one that runs
    ended: str  # of one that has ended


@dataclass(frozen=True, slots=True)
class PartLine:
    """A unit's part."""

    unit: str
    part: str
    state: str
    people: str
    demand: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline: something that happened, or a message with its delivery."""

    at: datetime
    when: str
    what: str
    who: str
    delivery: Delivery | None = None
    text: str = ""
    seq: int = 0  # of the event, by which others lead to it; 0 of a message


@dataclass(frozen=True, slots=True)
class FileLine:
    """A piece of evidence."""

    id: int
    what: str
    name: str
    sender: str
    when: str
    size: int
    sha256: str
    trouble: str  # why it is not here (yet)
    is_picture: bool


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A version of the public answer."""

    version: int
    when: str
    by: str
    text: str
    stage: str  # of the latest
    changes: tuple[Piece, ...] = ()  # since the version before, if there was one


@dataclass(frozen=True, slots=True)
class CaseView:
    """All that the page of a case shows."""

    case: Case
    now: datetime
    level: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[LinkLine, ...]
    reasons: tuple[str, ...]
    asks: tuple[str, ...]
    would_change: tuple[str, ...]
    clocks: tuple[ClockLine, ...]
    ended_clocks: tuple[ClockLine, ...]
    parts: tuple[PartLine, ...]
    timeline: tuple[Line, ...]
    files: tuple[FileLine, ...]
    drafts: tuple[DraftLine, ...]
    offers: tuple[Offer, ...]
    may_add_files: bool
    papers: tuple[PaperLine, ...]


def view(work: Work, desk: Desk, person: Person, number: str, now: datetime) -> CaseView:
    """Return the page of a case for one person.

    Raises:
        NotFoundError: there is none with this number that the person may know of.
    """
    case = case_known(work, person, number)
    units = {unit.id: unit.name for unit in work.people.units()}
    all_clocks = work.clocks.of_case(case.id)
    running = [clock for clock in all_clocks if clock.state is ClockState.RUNNING]
    running.sort(key=lambda clock: clock.holder != person.unit_id)  # one's own first
    ended = [clock for clock in all_clocks if clock.state is not ClockState.RUNNING]
    return CaseView(
        case=case,
        now=now,
        level=case.level or f"建议{case.proposal.level}",
        facts=_facts(work, case, now),
        links=_links(work, case),
        reasons=case.proposal.reasons,
        asks=case.proposal.asks,
        would_change=case.proposal.would_change,
        clocks=tuple(_clock(work, one, units, now) for one in running),
        ended_clocks=tuple(_clock(work, one, units, now) for one in ended),
        parts=_parts(work, case, units),
        timeline=_timeline(work, person, case, units, now),
        files=_files(work, person, case, now),
        drafts=_drafts(work, case, now),
        offers=offers(work, desk, person, case, now),
        may_add_files=may_add_files(person, case),
        papers=papers_of(work, person, case, now),
    )


def _facts(work: Work, case: Case, now: datetime) -> tuple[tuple[str, str], ...]:
    reporters = "、".join(work.people.name_of(one) for one in case.reporters)
    figures = _figures(work, case)
    found = (
        ("内容", mask(case.summary)),
        ("诉求", mask(case.appeal)),
        ("来源", " · ".join(part for part in (case.platform, case.source_media) if part)),
        ("数字", figures),
        ("登记", f"{clock_time(case.reported_at, now)}, {reporters}"),
        ("事发", clock_time(case.event_at, now) if case.event_at else ""),
        ("还缺", "、".join(case.missing)),
        ("核实", case.verdict or ""),
        ("关联", case.linked_to or ""),
        ("已并入", case.merged_into or ""),
        ("办结", clock_time(case.closed_at, now) if case.closed_at else ""),
    )
    return tuple((label, text) for label, text in found if text)


def _figures(work: Work, case: Case) -> str:
    latest = {one.name: one.value for one in work.cases.metrics(case.id)}
    names = {
        "reads": "阅读",
        "plays": "播放",
        "comments": "评论",
        "replies": "回复",
        "reposts": "转发",
        "likes": "点赞",
        "favorites": "收藏",
        "total": "互动",
    }
    return "、".join(f"{names[name]} {n:,.0f}" for name, n in latest.items() if name in names)


def _links(work: Work, case: Case) -> tuple[LinkLine, ...]:
    lines = []
    for link in work.cases.links(case.id):
        parsed = parse_address(link.url)
        shown = link.url if link.url.startswith(("http://", "https://")) else link.canonical
        is_safe = parsed is not None and not parsed.had_credentials
        address = shown if is_safe and shown.startswith(("http://", "https://")) else None
        lines.append(LinkLine(parsed.host if parsed else "", link.url, link.platform, address))
    return tuple(lines)


def _clock(work: Work, clock: Clock, units: dict[str, str], now: datetime) -> ClockLine:
    ended = _ENDED.get(clock.state, "")
    if clock.ended_at is not None:
        late = ", 超时" if clock.ended_at > clock.due_at else ""
        by = work.people.name_of(clock.ended_by or "")
        ended = f"{ended} {clock_time(clock.ended_at, now)} {by}{late}"
    return ClockLine(
        step=clock.step,
        holder=_holder(work, clock.holder, units),
        due_at=clock.due_at,
        due_words=clock_time(clock.due_at, now),
        counted=clock.computation,
        is_provisional=clock.provisional,
        seen=countdown(clock.due_at, now),
        ended=ended,
    )


def _holder(work: Work, holder: str, units: dict[str, str]) -> str:
    if holder == OFFICE:
        return "舆情办"
    if holder.startswith(_PERSON):
        return work.people.name_of(holder.removeprefix(_PERSON))
    return units.get(holder, holder)


def _parts(work: Work, case: Case, units: dict[str, str]) -> tuple[PartLine, ...]:
    lines = []
    for part in case.assignments:
        names = "、".join(one.name for one in work.people.of_unit(part.unit_id))
        state = _PART_STATES[part.state.value]
        if part.signed_by:
            state += f" ({work.people.name_of(part.signed_by)})"
        if part.handed_to:
            state += f", 转给{work.people.name_of(part.handed_to)}"
        unit = units.get(part.unit_id, part.unit_id)
        lines.append(PartLine(unit, part.part.label, state, names, part.demand))
    return tuple(lines)


def _timeline(
    work: Work, person: Person, case: Case, units: dict[str, str], now: datetime
) -> tuple[Line, ...]:
    lines = []
    for entry in work.cases.history(case.id):
        what = in_words(entry.event, units)
        if not what:
            continue  # a reminder: its messages say more
        who = work.people.name_of(entry.by) if entry.by else ""
        when = clock_time(entry.at, now)
        lines.append(Line(entry.at, when, mask(what), who, seq=entry.seq))
    for one in messages(work, person, case, now):
        what = f"发给{one.to}: {one.reason}"
        lines.append(Line(one.at, clock_time(one.at, now), what, "", one.delivery, mask(one.text)))
    return tuple(sorted(lines, key=lambda line: line.at))


def files_of(work: Work, person: Person, case: Case) -> list[Evidence]:
    """Return the evidence this person may see: who does not handle the case, what he sent."""
    found = work.evidence.of_case(case.id)
    if handles(person, case):
        return found
    return [one for one in found if one.sender == person.userid]


def _files(work: Work, person: Person, case: Case, now: datetime) -> tuple[FileLine, ...]:
    lines = []
    for one in files_of(work, person, case):
        trouble = {
            EvidenceState.KEPT: "",
            EvidenceState.WAITING: "正在取回",
            EvidenceState.REFUSED: f"没有存下: {one.reason}",
        }[one.state]
        lines.append(
            FileLine(
                id=one.id,
                what=_KINDS.get(one.kind, "文件"),
                name=one.name or "",
                sender=work.people.name_of(one.sender),
                when=clock_time(one.at, now),
                size=one.size or 0,
                sha256=one.sha256 or "",
                trouble=trouble,
                is_picture=one.media_type in _SHOWN_INLINE,
            )
        )
    return tuple(lines)


def _drafts(work: Work, case: Case, now: datetime) -> tuple[DraftLine, ...]:
    reply = case.response.reply
    lines: list[DraftLine] = []
    for entry in work.cases.history(case.id):
        if not isinstance(entry.event, events.ReplyDrafted):
            continue
        is_latest = reply is not None and reply.version == entry.event.version
        line = DraftLine(
            version=entry.event.version,
            when=clock_time(entry.at, now),
            by=work.people.name_of(entry.event.by),
            text=entry.event.draft,
            stage=reply.stage.label if reply and is_latest else "",
            changes=changes(lines[-1].text, entry.event.draft) if lines else (),
        )
        lines.append(line)
    return tuple(lines)
