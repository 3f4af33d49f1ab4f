"""All deeds of the administration, all kinds of changes, and who may see which page."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.errors import RefusalError
from cases.people import Person
from cases.permissions import Action, authorize
from handlers.admin import days, doors, people, periods, roster, rules, units
from handlers.admin.deed import Deed, Undoing

DEEDS: Mapping[str, Deed] = {
    deed.key: deed
    for deed in (
        people.DEED,
        units.DEED,
        days.DEED,
        roster.DEED,
        roster.TABLE,
        periods.DEED,
        periods.ENDING,
        doors.KEY,
        doors.REVOKE,
        doors.ROBOT_TEST,
        *rules.DEEDS,
    )
}
KINDS: Mapping[str, Undoing] = {
    people.KIND: people.UNDOING,
    units.KIND: units.UNDOING,
    days.KIND: days.UNDOING,
    roster.KIND: roster.UNDOING,
    periods.KIND: periods.UNDOING,
    doors.SOURCE: doors.NOT_UNDONE,
    doors.TEST: doors.NOT_UNDONE,
    **rules.KINDS,
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the administration."""

    path: str
    title: str
    says: str
    action: Action


PAGES = (
    Page("/admin/people", "人员与单位", "谁是谁, 什么角色, 属哪个单位", Action.ADMINISTER),
    Page(
        "/admin/doors", "群机器人与密钥", "群机器人、智能机器人、上报接口的密钥", Action.ADMINISTER
    ),
    Page("/admin/duty", "值班表", "一周的班, 空档, 特殊时期", Action.ARRANGE),
    Page("/admin/days", "节假日与调休", "今明两年哪天上班", Action.ARRANGE),
    Page("/admin/rules", "规则与催办", "条款、时限、阶梯, 编辑和历史版本", Action.ARRANGE),
    Page("/admin/try", "试一试", "贴一条报送, 看会定几级、交给谁、何时告诉谁", Action.ARRANGE),
    Page("/admin/audit", "审计查询", "谁在什么时候做了什么", Action.ADMINISTER),
)


def may(person: Person, action: Action) -> bool:
    """Whether the person may do this."""
    try:
        authorize(person, action)
    except RefusalError:
        return False
    return True


def pages_for(person: Person) -> tuple[Page, ...]:
    """Return the pages this person may open."""
    return tuple(page for page in PAGES if may(person, page.action))
