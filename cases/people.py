"""Who takes part in a case: roles as the source documents name them, people and units."""

from dataclasses import dataclass
from enum import StrEnum

# Reports through other doors (a vendor's interface, a table) are this "person's": 导入:城市监测.
# Nobody answers under such a name, and nobody is told under it.
OTHER_DOOR = "导入:"


class Role(StrEnum):
    """What a person is to the institution. The value is the term officers use."""

    INFORMANT = "信息员"
    DUTY_OFFICER = "值班员"
    OFFICE_DIRECTOR = "舆情办主任"
    DEPUTY_LEADER = "分管领导"
    CHIEF_LEADER = "主要领导"
    LIAISON = "责任单位联络员"
    UNIT_LEADER = "单位分管领导"
    SPOKESPERSON = "新闻发言人"
    REVIEWER = "审核员"
    ASSESSOR = "考核员"
    SUPERVISOR = "上级督查"
    ADMINISTRATOR = "管理员"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the institution as the directory knows them now."""

    userid: str  # casefolded: WeCom compares userids without case
    name: str
    roles: frozenset[Role]
    unit_id: str | None = None
    is_deputy: bool = False  # 副职/AB 角: takes over when the liaison does not answer
    phone: str | None = None  # the office phone for 电话通知, never a complainant's

    def is_any(self, *roles: Role) -> bool:
        """Whether the person holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that can be made responsible (责任单位)."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()  # words of its duty catalogue (职责), used to propose it
    areas: tuple[str, ...] = ()  # 属地: places it answers for
    robot: str | None = None  # which group robot posts to the unit's group
