"""People leave, move, come back: authority ends in this transaction, and nobody's clock is left.

Every way a directory changes ends here: the contacts' events, the directory sync, an import, the
directory file at the start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases import commands
from cases.directory import Change, ChangeKind, Known, Plan
from cases.encoding import wecom_field
from cases.notices import Notice, Priority, ToPerson, ToRole
from cases.people import Person, Role
from cases.wording import people as words
from cases.wording.people import Item, Way
from handlers.carry_out import carry_out
from handlers.desk import Act, Desk
from handlers.post import Origin, Post
from handlers.reminders import CLOCK
from storage.clocks import Clock
from storage.work import Work

_TITLE_BYTES = 60
_OFFICE = (Role.DUTY_OFFICER, Role.OFFICE_DIRECTOR)
# Roles of the institution itself: without anybody in them something is never heard.
_KEPT_UP = (*_OFFICE, Role.DEPUTY_LEADER, Role.CHIEF_LEADER, Role.ADMINISTRATOR)
_PLATFORM = "person.left."  # a setting for whoever the platform took away, and how
# What the platform took away it may bring back; a deleted account may be somebody else's now.
_MAY_RETURN = (Way.UNSUBSCRIBED.name, Way.NOT_SEEN.name, Way.DISABLED.name)
_BY_PLATFORM = frozenset({Way.UNSUBSCRIBED, Way.DELETED, Way.NOT_SEEN, Way.DISABLED})


_MOVED = "person.moved."  # a setting for whoever the contacts moved: out of which unit
_OWNER = "directory.owner"  # a setting: whether the directory was imported, or is the file's


@dataclass(frozen=True, slots=True)
class Cause:
    """Why people change, and by whom, at which moment."""

    way: Way
    by: str
    now: datetime


def known(work: Work) -> Known:
    """Return the directory in force."""
    return Known(work.people.units(), work.people.people(), work.people.gone())


def taken_by_platform(work: Work, userid: str) -> str:
    """How the platform took this person away; empty when it did not."""
    return str(work.settings.get(_PLATFORM + userid) or "")


def moved_from(work: Work, userid: str) -> str | None:
    """Out of which unit the contacts moved this person; None when they did not."""
    return str(work.settings.get(_MOVED + userid) or "") or None


def is_imported(work: Work) -> bool:
    """Whether the directory came by an import, so that the directory file is not followed."""
    return work.settings.get(_OWNER) == "import"


def note_owner(work: Work, *, imported: bool) -> None:
    """Say where the directory comes from, from now on."""
    work.settings.put(_OWNER, "import" if imported else "file")


def may_return(work: Work, people: Iterable[Person]) -> frozenset[str]:
    """The userids of those who come back by themselves once the platform shows them again."""
    found = (person.userid for person in people)
    return frozenset(one for one in found if taken_by_platform(work, one) in _MAY_RETURN)


def apply(work: Work, desk: Desk, plan: Plan, cause: Cause) -> None:
    """Write a plan, pass on what the changed people held, and tell whoever has to know."""
    for unit in plan.units:
        work.people.upsert_unit(unit)
    before = {person.userid: person for person in work.people.people()}
    for change in plan.people:
        _write(work, change, cause)
    if not before and plan.people:
        _audit(work, "directory.filled", "", {"people": len(plan.people)}, cause)
        return
    for change in plan.people:
        _audit_change(work, change, cause)
    for change in plan.people:
        if change.kind in (ChangeKind.LEFT, ChangeKind.CHANGED):
            _follow(work, desk, before[change.person.userid], change, cause)
        elif change.kind is ChangeKind.RETURNED and cause.way is Way.NOT_SEEN:
            _returned(work, desk, change.person, cause)


def _write(work: Work, change: Change, cause: Cause) -> None:
    person = change.person
    if change.after is None:
        work.people.leave(person.userid, cause.now)
    else:
        work.people.upsert_person(change.after)
    took = cause.way.name if change.after is None and cause.way in _BY_PLATFORM else ""
    if took or taken_by_platform(work, person.userid):
        work.settings.put(_PLATFORM + person.userid, took)
    was = change.before.unit_id if cause.way is Way.MOVED and change.before else ""
    if was or moved_from(work, person.userid):
        work.settings.put(_MOVED + person.userid, was)


def _audit_change(work: Work, change: Change, cause: Cause) -> None:
    details: dict[str, object] = {
        "way": cause.way.name,
        "before": _described(change.before),
        "after": _described(change.after),
    }
    _audit(work, f"person.{change.kind.name.lower()}", change.person.userid, details, cause)


def _audit(work: Work, action: str, about: str, details: dict[str, object], cause: Cause) -> None:
    work.audit.append(
        actor=cause.by,
        role="",
        action=action,
        object_type="person",
        object_id=about,
        result="done",
        details=details,
        now=cause.now,
    )


def _described(person: Person | None) -> dict[str, object]:
    if person is None:
        return {}
    return {"roles": sorted(person.roles), "unit": person.unit_id, "deputy": person.is_deputy}


def _follow(work: Work, desk: Desk, before: Person, change: Change, cause: Cause) -> None:
    """See to what the person was to others: liaison, section, holder of a rare role, recipient."""
    after = change.after
    more: list[str] = []
    unheld: list[str] = []
    if before.unit_id is not None and not _serves(after, before.unit_id):
        if Role.LIAISON in before.roles:
            more, unheld = _pass_on(work, desk, before, before.unit_id, cause)
        more += _take_back(work, desk, before, before.unit_id, cause.now)
    if after is None and (lost := work.records.withdraw_from(before.userid, "此人已离开, 不再发")):
        more.append(words.unsent(len(lost), [one.reason for one in lost]))
    given_up = before.roles - (after.roles if after else frozenset())
    empty = [r for r in _KEPT_UP if r in given_up and not work.people.with_role(r)]
    unheld += [words.role_empty(role.value) for role in empty]
    if after is None or more or unheld:
        was = _was(work, before)
        told = (*_OFFICE, Role.ADMINISTRATOR) if unheld else _OFFICE
        text = words.changed(before.name, was, cause.way, [*more, *unheld])
        _tell(work, desk, cause, before, (text, told))


def _serves(person: Person | None, unit: str) -> bool:
    return person is not None and person.unit_id == unit and Role.LIAISON in person.roles


def _pass_on(
    work: Work, desk: Desk, before: Person, unit_id: str, cause: Cause
) -> tuple[list[str], list[str]]:
    """Let the unit's clocks go on with whoever is next; what the office reads, and what is bad."""
    unit = work.people.unit(unit_id)
    name = unit.name if unit else unit_id
    liaisons = [p for p in work.people.of_unit(unit_id) if Role.LIAISON in p.roles]
    others = [p for p in liaisons if not p.is_deputy]
    clocks = work.clocks.running_of(unit_id)
    items = _items(work, clocks)
    if before.is_deputy and liaisons:  # nothing passes: whoever hears now has heard before
        return [] if len(liaisons) > len(others) else [words.no_deputy(name)], []
    if others:  # they have heard everything all along
        return [words.passed_on(name, items, [p.name for p in others])], []
    if not liaisons:
        leaders = [p.name for p in work.people.of_unit(unit_id) if Role.UNIT_LEADER in p.roles]
        work.alarms.sound("people.no_liaison", f"{name}没有联络员, 也没有副联络员", cause.now)
        return [], [words.nobody_left(name, items, leaders)]
    for clock in clocks:
        work.clocks.pass_on(clock, cause.by, cause.now)
    if items:
        text = words.taken_over(name, before.name, cause.way, items, cause.now)
        reason = "联络员离岗, 由副联络员 (AB 角) 接办"
        notices = [
            Notice(ToPerson(p.userid), text, "taken-over", reason, Priority.ESCALATION)
            for p in liaisons
        ]
        Post(work, desk, cause.now).tell(notices, _origin(before, cause))
    return [words.passed_on(name, items, [f"副联络员{p.name}" for p in liaisons])], []


def _items(work: Work, clocks: Iterable[Clock]) -> list[Item]:
    steps: dict[int, list[tuple[str, datetime]]] = {}
    for clock in clocks:
        steps.setdefault(clock.case_id or 0, []).append((clock.step, clock.due_at))
    cases = {case_id: work.cases.load(case_id) for case_id in steps}
    return [
        Item(case.short_number, wecom_field(case.title, _TITLE_BYTES), tuple(steps[case_id]))
        for case_id, case in cases.items()
    ]


def _take_back(work: Work, desk: Desk, before: Person, unit_id: str, now: datetime) -> list[str]:
    """What was given to a person of a section goes back to the unit's liaison."""
    held = [
        case
        for case in work.cases.find_open(unit=unit_id)
        if (part := case.of_unit(unit_id)) is not None and part.handed_to == before.userid
    ]
    liaisons = [p for p in work.people.of_unit(unit_id) if Role.LIAISON in p.roles]
    if not held or not liaisons:
        return []
    to = min(liaisons, key=lambda person: (person.is_deputy, person.userid))
    for case in held:
        command = commands.HandOff(unit_id, to.userid, to.name)
        carry_out(work, desk, case, command, Act(CLOCK, "", ""), now=now)
    numbers = "、".join(case.short_number for case in held)
    return [f"转给{before.name}具体办理的 {numbers} 已交回{to.name}。"]


def _was(work: Work, before: Person) -> str:
    unit = work.people.unit(before.unit_id) if before.unit_id else None
    roles = "、".join(sorted(role.value for role in before.roles)) or "没有角色"
    return f"{unit.name if unit else ''}{'副' if before.is_deputy else ''}{roles}"


def _tell(
    work: Work, desk: Desk, cause: Cause, about: Person, said: tuple[str, Sequence[Role]]
) -> None:
    text, roles = said
    notices = [
        Notice(
            ToRole(role),
            text,
            "people",
            "人员变动",
            Priority.ESCALATION,
            is_optional=role is Role.ADMINISTRATOR,
        )
        for role in roles
    ]
    Post(work, desk, cause.now).tell(notices, _origin(about, cause))


def _origin(about: Person, cause: Cause) -> Origin:
    return Origin("person", about.userid, f"{cause.way.name}.{cause.now.isoformat()}")


def _returned(work: Work, desk: Desk, person: Person, cause: Cause) -> None:
    roles = "、".join(sorted(role.value for role in person.roles)) or "没有角色"
    _tell(work, desk, cause, person, (words.back(person.name, roles), _OFFICE))


def leave(work: Work, desk: Desk, userid: str, cause: Cause) -> bool:
    """The platform says this person has left: no authority from now on. False if not here."""
    person = work.people.person(userid)
    if person is None:
        return False
    apply(work, desk, Plan((), (Change(ChangeKind.LEFT, person, None),), ()), cause)
    return True


def come_back(work: Work, desk: Desk, userid: str, cause: Cause) -> bool:
    """The platform shows this person again: as they were, unless the account had been deleted."""
    found = next((p for p in work.people.gone() if p.userid == userid.casefold()), None)
    if found is None:
        return False
    if may_return(work, [found]):
        change = Change(ChangeKind.RETURNED, found, found)
        apply(work, desk, Plan((), (change,), ()), cause)
        return True
    if taken_by_platform(work, found.userid):
        text = words.not_back(found.name)
        _tell(work, desk, cause, found, (text, (Role.ADMINISTRATOR, *_OFFICE)))
    return False
