"""单位: added, renamed, their duties edited, taken out of use."""

import re
from dataclasses import asdict
from functools import partial

from cases.directory import doubts_of
from cases.errors import RefusalError
from cases.people import Unit
from cases.permissions import Action
from handlers.admin.changing import UNDO, must_stand
from handlers.admin.deed import Deed, Proposed, State, Undoing, Wish, WrongFieldsError
from handlers.pages.fields import Field, FieldKind, Option
from handlers.people_changes import note_owner
from storage.admin import AdminChange
from storage.work import Work

KIND, BACK = "unit", "/admin/people"
_ID = re.compile(r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿_\-]{0,31}")
_LONGEST_NAME, _LONGEST_WORD, _MOST_WORDS = 40, 20, 80
_IN_USE, _RETIRED = "使用", "停用"
_LABELS = {
    "name": "名称",
    "aliases": "别称",
    "duties": "职责词",
    "areas": "属地",
    "robot": "群机器人",
}


def state_of(work: Work, unit_id: str) -> State:
    """Return what a unit is, {} where it is not in use."""
    unit = work.people.unit(unit_id)
    if unit is None:
        return {}
    kept = asdict(unit)
    return {name: list(v) if isinstance(v, tuple) else v for name, v in kept.items()}


def fields(wish: Wish) -> tuple[Field, ...]:
    """Return the form of a unit, of a new one where the subject is empty."""
    unit = wish.work.people.unit(wish.subject) or Unit("", "")
    return (
        *(() if unit.id else (Field("id", "单位代号", hint="英文或汉字, 定了不改"),)),
        Field("name", "名称", value=unit.name),
        Field("aliases", "别称", is_required=False, value="、".join(unit.aliases)),
        Field(
            "duties",
            "职责词 (出现在报送里就建议交给它)",
            FieldKind.AREA,
            is_required=False,
            value="、".join(unit.duties),
        ),
        Field("areas", "属地", is_required=False, value="、".join(unit.areas)),
        Field(
            "robot", "群机器人 (名称, 密钥在配置文件里)", is_required=False, value=unit.robot or ""
        ),
        Field(
            "state",
            "状态",
            FieldKind.CHOICE,
            options=tuple(Option(one, one, one == _IN_USE) for one in (_IN_USE, _RETIRED)),
        ),
    )


def propose(wish: Wish) -> Proposed:
    """Say what the filled-in form would change.

    Raises:
        WrongFieldsError: naming each field that cannot be so.
        RefusalError: nothing would change, or the unit is still needed.
    """
    unit, is_used = _read(wish)
    if not wish.subject and wish.work.people.unit(unit.id) is not None:
        raise WrongFieldsError({"id": f"单位代号 {unit.id} 已有, 请在名单里改"})
    return _proposed(wish, unit.id, unit if is_used else None)


def _proposed(wish: Wish, unit_id: str, after: Unit | None) -> Proposed:
    before = wish.work.people.unit(unit_id)
    if before == after:
        raise RefusalError("和现在一样, 没有要改的。")
    if after is None and before is not None:
        _must_be_free(wish.work, before)
    verb = "新增单位" if before is None else "停用单位" if after is None else "修改单位"
    does = [*_differences(before, after), *_new_doubts(wish, unit_id, after)]
    does.append("在办件不变; 此后的建议按新的职责词。")
    title = f"{verb} {(after or before or Unit('', unit_id)).name}"
    carry = partial(_carry, wish, unit_id, after)
    return Proposed(KIND, unit_id, title, tuple(does), state_of(wish.work, unit_id), carry)


def _carry(wish: Wish, unit_id: str, after: Unit | None) -> State:
    if after is None:
        wish.work.people.retire_unit(unit_id)
    else:
        wish.work.people.upsert_unit(after)
    note_owner(wish.work, imported=True)
    return state_of(wish.work, unit_id)


def _must_be_free(work: Work, unit: Unit) -> None:
    people, cases = work.people.of_unit(unit.id), work.cases.find_open(unit=unit.id)
    if people or cases:
        raise RefusalError(
            f"{unit.name}还有 {len(people)} 人、{len(cases)} 件在办, 不能停用; "
            "请先把人员改到别的单位, 把在办件转办。"
        )


def _differences(before: Unit | None, after: Unit | None) -> list[str]:
    if before is None or after is None:
        one = after or before or Unit("", "")
        return [f"单位 {one.name} ({one.id}) {'新增' if before is None else '停用'}。"]
    lines = []
    for name, label in _LABELS.items():
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            lines.append(f"{label}: {_said(was)} → {_said(is_now)}。")
    return lines


def _said(value: str | tuple[str, ...] | None) -> str:
    return ("、".join(value) if isinstance(value, tuple) else value) or "无"


def _new_doubts(wish: Wish, unit_id: str, after: Unit | None) -> list[str]:
    people = wish.work.people.people()
    units = {unit.id: unit for unit in wish.work.people.units()}
    before = set(doubts_of(tuple(units.values()), people))
    units.pop(unit_id, None)
    if after is not None:
        units[unit_id] = after
    return [
        f"留意: {one}。" for one in doubts_of(tuple(units.values()), people) if one not in before
    ]


def _read(wish: Wish) -> tuple[Unit, bool]:
    given, faults = wish.given, dict[str, str]()
    unit_id, name = wish.subject or given.text("id"), given.text("name")
    robot = given.text("robot")
    if not _ID.fullmatch(unit_id):
        faults["id"] = "单位代号应为 1 到 32 个字母、数字或汉字, 例如 chengguan"
    if not 0 < len(name) <= _LONGEST_NAME or "\n" in name:
        faults["name"] = f"名称应为 1 到 {_LONGEST_NAME} 个字, 写在一行"
    if len(robot) > _LONGEST_NAME or "\n" in robot:
        faults["robot"] = f"群机器人的名称最长 {_LONGEST_NAME} 个字"
    words = {one: _words(wish, one, faults) for one in ("aliases", "duties", "areas")}
    if given.text("state") not in (_IN_USE, _RETIRED):
        faults["state"] = "状态请选使用或停用"
    if faults:
        raise WrongFieldsError(faults)
    unit = Unit(unit_id, name, words["aliases"], words["duties"], words["areas"], robot or None)
    return unit, given.text("state") == _IN_USE


def _words(wish: Wish, name: str, faults: dict[str, str]) -> tuple[str, ...]:
    found = re.split(r"[、,，;；\s]+", wish.given.text(name))
    words = tuple(dict.fromkeys(word for word in found if word))
    if len(words) > _MOST_WORDS or any(len(word) > _LONGEST_WORD for word in words):
        faults[name] = (
            f"{_LABELS[name]}最多 {_MOST_WORDS} 个, 每个最长 {_LONGEST_WORD} 个字, 用顿号隔开"
        )
    return words


def restore(wish: Wish, change: AdminChange) -> Proposed:
    """Propose that a unit be again what it was before a change.

    Raises:
        RefusalError: it was changed again since, or is needed.
    """
    must_stand(change, state_of(wish.work, change.subject))
    made = _proposed(wish, change.subject, _unit_of(change.before))
    return Proposed(KIND, made.subject, f"{UNDO}{change.title}", made.does, made.before, made.carry)


def _unit_of(state: State) -> Unit | None:
    if not state:
        return None
    lists = {
        name: tuple(map(str, kept)) if isinstance(kept := state[name], list) else ()
        for name in ("aliases", "duties", "areas")
    }
    robot = state["robot"]
    return Unit(str(state["id"]), str(state["name"]), **lists, robot=str(robot) if robot else None)


DEED = Deed(KIND, "单位", Action.ADMINISTER, BACK, fields, propose)
UNDOING = Undoing(Action.ADMINISTER, BACK, restore)
