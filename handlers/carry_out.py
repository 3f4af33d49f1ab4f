"""The one path by which a case changes: load, decide, fold, save, tell, set the timers, audit.

Everything happens in the transaction of `work`; nothing is sent inside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime

from cases import commands, events
from cases.approvals import awaited
from cases.case_clocks import effects
from cases.encoding import wecom_field
from cases.folding import apply
from cases.grading import Audience
from cases.lifecycle import decide
from cases.model import Case
from cases.people import Role
from cases.wording.telling import Telling, notices
from handlers import case_lists, chats, library
from handlers.arrangements import panel
from handlers.asked import keep
from handlers.cards import Hands
from handlers.clockwork import Clockwork
from handlers.desk import Act, Desk
from handlers.drafting import follow
from handlers.post import Origin, Post
from storage.work import Work

_TITLE_BYTES = 120  # of 2048: the rest is for what has to be done
_FIELD_BYTES = 900
_TOP_ROWS = (1, 2)
_TOLD = {
    Audience.DEPUTY_LEADER: Role.DEPUTY_LEADER,
    Audience.CHIEF_LEADER: Role.CHIEF_LEADER,
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A case after a command, and what happened to it."""

    case: Case
    events: tuple[events.Event, ...]


def carry_out(  # noqa: PLR0913 - the one path names everything it needs
    work: Work, desk: Desk, case: Case, command: commands.Command, act: Act, *, now: datetime
) -> Changed:
    """Do what `command` asks of `case`.

    Raises:
        RefusalError: the command is not possible now; nothing has been changed.
        ConcurrentChange: somebody else changed the case first; the whole handler may be run again.
    """
    happened = decide(case, command, act.by.userid, now)
    return record(work, desk, case, happened, act, now=now)


def record(  # noqa: PLR0913 - the one path names everything it needs
    work: Work,
    desk: Desk,
    case: Case,
    happened: Iterable[events.Event],
    act: Act,
    *,
    now: datetime,
) -> Changed:
    """Keep what happened, with its clocks, timers, messages and audit row."""
    happened, before = tuple(_signed(event, act) for event in happened), case
    told, clockwork = Post(work, desk, now), Clockwork(work, desk, now)
    for nth, event in enumerate(happened):
        case = apply(case, event)
        if isinstance(event, events.Reminded):
            continue  # history only: it is worded where the clock rings
        dues = clockwork.run(case, effects(case, event), by=act.by.userid)
        telling = replace(_telling(work, desk, case, event, now), dues=dues)
        words = notices(case, quoted(event), telling)
        slot = f"{before.version + 1}.{nth}"
        told.tell(words, Origin("case", str(case.id), slot, case=case), doer=act.by.userid)
        keep(work, case, event, telling.deciders, act, now=now)
    if not happened:
        return Changed(case, ())
    saved = work.cases.save(
        case,
        happened,
        by=act.by.userid,
        message_key=act.message_key,
        now=now,
        stands=case is before,
    )
    case_lists.settle(work, desk, before.state, saved, now)
    Hands(work, desk, now).refresh(saved, happened, act)
    inert = [quoted(event) for event in happened]
    chats.follow(work, saved, inert, now, wecom_field(saved.title, _TITLE_BYTES))
    follow(work, desk, saved, happened, now)
    _file(work, desk, before, saved)
    _audit(work, saved, happened, act, now)
    return Changed(saved, happened)


def _file(work: Work, desk: Desk, before: Case, saved: Case) -> None:
    """The links of an open case are its own; one that has closed is found in the library."""
    library.follow(work, desk, before, saved)
    if before.is_open and not saved.is_open:
        work.cases.close_links(saved.id)
    if saved.is_open and not before.is_open:
        work.cases.reopen_links(saved.id)


def _telling(work: Work, desk: Desk, case: Case, event: events.Event, now: datetime) -> Telling:
    telling = describe(work, desk, case, now=now)
    if isinstance(event, events.Registered):
        listed = bool(work.case_lists.line_of(case.id))
        past = library.at_assigning(work, desk, case, now)
        return replace(telling, listed=listed, past=past)
    if isinstance(event, events.GradeSuggested):  # whoever confirms the level suggested
        grading = desk.rulebook(case.rulebook_id).grading
        return replace(telling, confirmer=grading.level(event.level).confirms)
    return telling


def _audit(
    work: Work, saved: Case, happened: tuple[events.Event, ...], act: Act, now: datetime
) -> None:
    work.audit.append(
        actor=act.by.userid,
        role="、".join(sorted(act.by.roles)),
        action=type(happened[0]).__name__,
        object_type="case",
        object_id=saved.number,
        result="done",
        details={"events": [type(event).__name__ for event in happened], "version": saved.version}
        | ({"acting_for": act.acting_for} if act.acting_for else {}),
        now=now,
    )


def _signed(event: events.Event, act: Act) -> events.Event:
    # Whose decision it was: the record says "代" where somebody stood in.
    if act.acting_for and any(field.name == "acting_for" for field in fields(event)):
        return replace(event, acting_for=act.acting_for)  # type: ignore[arg-type]
    return event


def describe(work: Work, desk: Desk, case: Case, *, now: datetime) -> Telling:
    """Return what the words about a case need beside it: names, link, who decides."""
    rules = desk.rulebook(case.rulebook_id)
    level = rules.grading.level(case.working_level)
    platform = wecom_field(case.platform or "来源未填", 60)
    reporter = work.people.person(case.reported_by)
    source = f"{platform} · {reporter.name if reporter else case.reported_by} 报"
    return Telling(
        now=now,
        title=wecom_field(case.title, _TITLE_BYTES),
        source=source,
        link=work.cases.main_link(case.id) or "",
        units={unit.id: unit.name for unit in work.people.units()},
        confirmer=level.confirms,
        approver=approver_of(desk, case),
        informed=tuple(
            role
            for audience, role in _TOLD.items()
            if audience in level.told and not (level.needs_signoff and role is level.approver)
        ),
        informs_unit_leader=Audience.UNIT_LEADER in level.told,
        top_grade=rules.clocks.row(case.working_level) in _TOP_ROWS,
        deciders=deciders_of(work, desk, case),
        people={userid: work.people.name_of(userid) for userid in _named_in(case)},
    )


def _named_in(case: Case) -> tuple[str, ...]:
    said = case.response
    proposed = (said.instruction.by,) if said.instruction else ()
    sections = tuple(part.handed_to for part in case.assignments if part.handed_to)
    return (*sections, *proposed, *(order.by for order in said.orders))


def decider_of(desk: Desk, case: Case) -> Role:
    """Who decides now: as the rulebook says, or the one above to whom it was passed (阅示)."""
    passed = case.response.decider
    return Role(passed) if passed else approver_of(desk, case)


def deciders_of(work: Work, desk: Desk, case: Case) -> tuple[Role, ...]:
    """Who is asked to decide where the case stands: one role, or those that are set (依次 …)."""
    kind, decider = awaited(case), decider_of(desk, case)
    if kind is None or case.response.decider:
        return (decider,)
    return panel(work, case.working_level, kind, decider).seats(())


def approver_of(desk: Desk, case: Case) -> Role:
    """Who signs off and closes at the case's level, as the rulebook says."""
    rules = desk.rulebook(case.rulebook_id)
    approver = rules.grading.level(case.working_level).approver
    if case.supervised and approver is Role.OFFICE_DIRECTOR:
        return Role.DEPUTY_LEADER  # 挂牌督办: a leader ordered it, a leader ends it
    return approver


def quoted(event: events.Event, limit: int = _FIELD_BYTES) -> events.Event:
    """Return the event with what people wrote made inert for chat, each text within `limit` bytes.

    Their words are content, whoever repeats them: they neither mention, link nor format.
    """
    texts = {
        field.name: wecom_field(value, limit)
        for field in fields(event)
        if field.name in _FREE_TEXT and isinstance(value := getattr(event, field.name), str)
    }
    inert: events.Event = replace(event, **texts)  # type: ignore[arg-type]
    return inert


_FREE_TEXT = frozenset({"text", "reason", "words", "demand", "suggest"})
