"""人员: added, changed, deactivated; what the platform's contacts say wins over the form."""

import re
from collections.abc import Mapping
from functools import partial

from cases.directory import Change, ChangeKind, Plan, doubts_of, line
from cases.errors import RefusalError
from cases.people import Person, Role
from cases.permissions import Action
from cases.wording.people import Way
from handlers.admin.changing import UNDO, must_stand
from handlers.admin.deed import Deed, Proposed, State, Undoing, Wish, WrongFieldsError
from handlers.pages.fields import Field, FieldKind, Option
from handlers.people_changes import (
    Cause,
    apply,
    is_imported,
    moved_from,
    note_owner,
    taken_by_platform,
)
from handlers.people_events import SYNCED_AT
from storage.admin import AdminChange
from storage.work import Work

KIND, BACK = "person", "/admin/people"
_USERID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-@.]{0,63}")  # page 90196 of the platform
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{2,28}[0-9]")
_LONGEST_NAME = 32
_HERE, _AWAY = "在岗", "停用"
_LAST_OF = (Role.ADMINISTRATOR,)


def masked(phone: str | None) -> str:
    """Return a phone as lists show it: the last four digits."""
    return f"••••{phone[-4:]}" if phone else ""


def find(work: Work, userid: str) -> tuple[Person | None, bool]:
    """Return a person who is or was here, and whether they are here."""
    here = work.people.person(userid)
    if here is not None:
        return here, True
    gone = (one for one in work.people.gone() if one.userid == userid.casefold())
    return next(gone, None), False


def state_of(work: Work, userid: str) -> State:
    """Return what somebody is, {} where there never was such a person."""
    person, is_here = find(work, userid)
    if person is None:
        return {}
    return {
        "name": person.name,
        "roles": sorted(role.value for role in person.roles),
        "unit": person.unit_id or "",
        "deputy": person.is_deputy,
        "phone": person.phone or "",
        "here": is_here,
    }


def fields(wish: Wish) -> tuple[Field, ...]:
    """Return the form of a person, of a new one where the subject is empty."""
    person, is_here = find(wish.work, wish.subject)
    known = person or Person("", "", frozenset())
    units = [Option("", "不属于单位", known.unit_id is None)]
    units += [Option(u.id, u.name, u.id == known.unit_id) for u in wish.work.people.units()]
    roles = tuple(Option(role.value, role.value, role in known.roles) for role in Role)
    deputy = (
        Option("否", "否", not known.is_deputy),
        Option("是", "是, 联络员不在时由其接办", known.is_deputy),
    )
    state = _HERE if is_here or person is None else _AWAY
    states = tuple(Option(one, one, one == state) for one in (_HERE, _AWAY))
    phone = "电话通知时给值班员看"
    if known.phone:
        phone = f"现为 {masked(known.phone)}, 不改请留空; 要去掉请填「无」"
    return (
        *(() if person else (Field("userid", "企业微信账号 (userid)"),)),
        Field("name", "姓名", value=known.name),
        Field("roles", "角色", FieldKind.MANY, is_required=False, options=roles),
        Field("unit", "单位", FieldKind.CHOICE, is_required=False, options=tuple(units)),
        Field("deputy", "副职 (AB 角)", FieldKind.CHOICE, options=deputy),
        Field("phone", "办公电话", is_required=False, hint=phone),
        Field("state", "状态", FieldKind.CHOICE, options=states),
    )


def propose(wish: Wish) -> Proposed:
    """Say what the filled-in form would change.

    Raises:
        WrongFieldsError: naming each field that cannot be so.
        RefusalError: nothing would change.
    """
    userid = (wish.subject or wish.given.text("userid")).casefold()
    before, is_here = find(wish.work, userid)
    after, stays = _read(wish, userid, before)
    if not wish.subject and before is not None:
        raise WrongFieldsError({"userid": f"账号 {userid} 已有: {before.name}, 请在名单里改"})
    return _proposed(wish, userid, after if stays else None, before if is_here else None)


def _proposed(wish: Wish, userid: str, after: Person | None, here: Person | None) -> Proposed:
    gone, _ = find(wish.work, userid)
    change = _change(after, here, gone)
    if change is None:
        raise RefusalError("和现在一样, 没有要改的。")
    _keep_one_administrator(wish, change)
    names = {unit.id: unit.name for unit in wish.work.people.units()}
    does = [_masked_line(change, names), *_passes(wish, change), *_platform(wish.work, userid)]
    does += _new_doubts(wish, change)
    if not is_imported(wish.work):
        does.append("此后名录以管理页为准, 启动时不再照配置里的名录文件改。")
    return Proposed(
        KIND,
        userid,
        f"{_VERBS[change.kind]} {change.person.name}",
        tuple(does),
        state_of(wish.work, userid),
        partial(_carry, wish, userid, change),
    )


_VERBS = {
    ChangeKind.ADDED: "新增人员",
    ChangeKind.CHANGED: "修改人员",
    ChangeKind.RETURNED: "恢复人员",
    ChangeKind.LEFT: "停用人员",
}


def _change(after: Person | None, here: Person | None, gone: Person | None) -> Change | None:
    if after is None:
        return Change(ChangeKind.LEFT, here, None) if here is not None else None
    if here is None:
        kind = ChangeKind.ADDED if gone is None else ChangeKind.RETURNED
        return Change(kind, gone, after)
    return Change(ChangeKind.CHANGED, here, after) if here != after else None


def _carry(wish: Wish, userid: str, change: Change) -> State:
    way = Way.STOPPED if change.after is None else Way.EDITED
    cause = Cause(way, wish.by.userid, wish.now)
    apply(wish.work, wish.desk, Plan((), (change,), ()), cause)
    note_owner(wish.work, imported=True)
    return state_of(wish.work, userid)


def _read(wish: Wish, userid: str, before: Person | None) -> tuple[Person, bool]:
    """Return the person as filled in, and whether they are to be here."""
    given = wish.given
    faults = {field: words for field, (ok, words) in _checked(wish, userid).items() if not ok}
    if faults:
        raise WrongFieldsError(faults)
    phone, kept = given.text("phone"), before.phone if before else None
    person = Person(
        userid,
        given.text("name"),
        frozenset(Role(role) for role in given.many("roles")),
        given.text("unit") or None,
        is_deputy=given.text("deputy") == "是",
        phone={"": kept, "无": None}.get(phone, phone),
    )
    return person, given.text("state") == _HERE


def _checked(wish: Wish, userid: str) -> dict[str, tuple[bool, str]]:
    """Return for each field whether it is right, and what would be."""
    given, known = wish.given, [role.value for role in Role]
    name, phone, unit = given.text("name"), given.text("phone"), given.text("unit")
    strange = next((role[:20] for role in given.many("roles") if role not in known), "")
    return {
        "userid": (
            bool(_USERID.fullmatch(userid)),
            "企业微信账号应为 1 到 64 个字母、数字或 _-@. , 以字母或数字开头",
        ),
        "name": (
            0 < len(name) <= _LONGEST_NAME and "\n" not in name,
            f"姓名应为 1 到 {_LONGEST_NAME} 个字, 写在一行",
        ),
        "roles": (not strange, f"不认识角色「{strange}」, 可选: {'、'.join(known)}"),
        "unit": (not unit or wish.work.people.unit(unit) is not None, "请从列表里选一个单位"),
        "phone": (
            phone in ("", "无") or bool(_PHONE.fullmatch(phone)),
            "电话应为 4 到 30 个数字, 可带空格、括号和连字符, 例如 0728-8110001",
        ),
        "deputy": (given.text("deputy") in ("是", "否"), "副职请选是或否"),
        "state": (given.text("state") in (_HERE, _AWAY), "状态请选在岗或停用"),
    }


def _keep_one_administrator(wish: Wish, change: Change) -> None:
    """Nobody locks everybody out, himself included.

    Raises:
        RefusalError: nobody would be administrator any more.
    """
    for role in _LAST_OF:
        holders = {person.userid for person in wish.work.people.with_role(role)}
        stays = change.after is not None and role in change.after.roles
        if holders == {change.person.userid} and not stays:
            raise RefusalError(f"{change.person.name}是唯一的{role.value}, 请先指定另一位。")


def _masked_line(change: Change, names: Mapping[str, str]) -> str:
    text = line(change, dict(names)).replace("离开", "停用", 1)
    for person in (change.before, change.after):
        if person is not None and person.phone:
            text = text.replace(person.phone, masked(person.phone))
    return text + "。"


def _passes(wish: Wish, change: Change) -> list[str]:
    """Say whose clocks go on with whom."""
    before, after = change.before, change.after
    if change.kind not in (ChangeKind.LEFT, ChangeKind.CHANGED) or before is None:
        return []
    if Role.LIAISON not in before.roles or before.unit_id is None:
        return []
    if after and Role.LIAISON in after.roles and after.unit_id == before.unit_id:
        return []
    others = [
        one
        for one in wish.work.people.of_unit(before.unit_id)
        if Role.LIAISON in one.roles and one.userid != before.userid
    ]
    count = len(wish.work.clocks.running_of(before.unit_id))
    main = [one for one in others if not one.is_deputy] or others
    if not main:
        return [f"{before.name}名下 {count} 个在办时限没有人接: 该单位没有别的联络员, 请先指定。"]
    names = "、".join(f"{'副联络员' if one.is_deputy else ''}{one.name}" for one in main)
    return [f"{before.name}名下 {count} 个在办时限将转给{names}, 时限不变。"]


def _platform(work: Work, userid: str) -> list[str]:
    """Say what the contacts have said of this person: it wins over the form."""
    found = []
    if way := taken_by_platform(work, userid):
        found.append(f"注意: 此人{Way[way].value}; 以通讯录为准, 下次同步仍看不到时会再停权。")
    if moved_from(work, userid) is not None:
        found.append("注意: 通讯录里此人已调离原单位; 单位以通讯录为准。")
    return found


def platform_note(work: Work) -> str:
    """Return what wins over the form, and when the contacts were last looked at."""
    at = work.settings.get(SYNCED_AT)
    when = f"上次同步 {str(at)[:16].replace('T', ' ')} UTC。" if at else "还没有同步过。"
    return (
        "企业微信通讯录胜过这里填的: 退出应用可见范围、停用、离职的自动停权, 换部门的自动换单位 "
        f"(回来的自动恢复)。{when}"
    )


def _new_doubts(wish: Wish, change: Change) -> list[str]:
    units = wish.work.people.units()
    people = {person.userid: person for person in wish.work.people.people()}
    before = set(doubts_of(units, tuple(people.values())))
    people.pop(change.person.userid, None)
    if change.after is not None:
        people[change.person.userid] = change.after
    after = doubts_of(units, tuple(people.values()))
    return [f"留意: {doubt}。" for doubt in after if doubt not in before]


def restore(wish: Wish, change: AdminChange) -> Proposed:
    """Propose that somebody be again what they were before a change.

    Raises:
        RefusalError: they were changed again since.
    """
    userid = change.subject
    must_stand(change, state_of(wish.work, userid))
    _, is_here = find(wish.work, userid)
    here = wish.work.people.person(userid) if is_here else None
    proposed = _proposed(wish, userid, _person_of(userid, change.before), here)
    return Proposed(
        KIND, userid, f"{UNDO}{change.title}", proposed.does, proposed.before, proposed.carry
    )


def _person_of(userid: str, state: State) -> Person | None:
    if not state.get("here"):
        return None
    roles = state["roles"]
    return Person(
        userid,
        str(state["name"]),
        frozenset(Role(str(role)) for role in (roles if isinstance(roles, list) else ())),
        str(state["unit"]) or None,
        is_deputy=state["deputy"] is True,
        phone=str(state["phone"]) or None,
    )


DEED = Deed(KIND, "人员", Action.ADMINISTER, BACK, fields, propose)
UNDOING = Undoing(Action.ADMINISTER, BACK, restore)
