"""The corp's contacts read as a directory."""

from cases.contacts import Contacts, Department, Member, Status, look, roll_of
from cases.directory import ChangeKind, Known
from cases.people import Person, Role, Unit

CHENGGUAN = Unit("chengguan", "市城管局", ("城管",))
LIU = Person("liuyang", "刘洋", frozenset({Role.LIAISON}), "chengguan")
SUN = Person("sunlei", "孙磊", frozenset({Role.OFFICE_DIRECTOR}))
KNOWN = Known((CHENGGUAN,), (LIU, SUN))
DEPARTMENTS = (
    Department(1, "云溪市", 0),
    Department(2, "城管", 1),
    Department(3, "督查科", 2),
    Department(4, "市档案馆", 1),
    Department(5, "保管科", 4),
    Department(6, "环", 7),
    Department(7, "路", 6),
)


def roll(*members: Member, known: Known = KNOWN) -> dict[str, tuple[object, ...]]:
    found = roll_of(Contacts(DEPARTMENTS, members), known)
    return {one.userid: (one.roles, one.unit, one.is_deputy) for one in found.people}


def test_a_newcomer_has_the_roles_their_position_names() -> None:
    position = "联络员、科长 (副)"
    assert roll(Member("new", "新人", (3,), position)) == {
        "new": (frozenset({Role.LIAISON}), "chengguan", True)
    }


def test_who_has_roles_keeps_them_whatever_the_position_says() -> None:
    assert roll(Member("LiuYang", "刘洋", (4,), "管理员"), Member("sunlei", "孙磊", (4,))) == {
        "LiuYang": (None, None, None),
        "sunlei": (None, None, None),
    }


def test_a_liaison_without_a_unit_gets_their_departments() -> None:
    lost = Person("lost", "丢", frozenset({Role.LIAISON}))
    known = Known((CHENGGUAN,), (lost,))
    assert roll(Member("lost", "丢", (3,)), known=known) == {"lost": (None, "chengguan", None)}


def test_an_unknown_department_becomes_a_unit_by_its_top() -> None:
    contacts = Contacts(DEPARTMENTS, (Member("a", "甲", (5,)), Member("b", "乙", (4,))))
    found = roll_of(contacts, KNOWN)
    assert found.units == (Unit("市档案馆", "市档案馆"),)
    assert [one.unit for one in found.people] == ["市档案馆", "市档案馆"]


def test_the_root_nowhere_and_a_circle_are_no_unit() -> None:
    found = roll(Member("a", "甲", (1,)), Member("b", "乙", ()), Member("c", "丙", (99,)))
    assert {one[1] for one in found.values()} == {""}
    assert roll(Member("d", "丁", (6,)))["d"][1] == "路"


def test_who_cannot_hear_us_is_doubtful_or_left_out() -> None:
    contacts = Contacts(
        DEPARTMENTS,
        (
            Member("a", "甲", status=Status.NOT_YET),
            Member("b", "乙", status=Status.DISABLED),
            Member("c", is_visible=False),
            Member("d"),
        ),
    )
    found = roll_of(contacts, KNOWN)
    assert [one.name for one in found.people] == ["甲", "d"]
    assert found.doubts == (
        "甲 还没有激活企业微信, 收不到消息",
        "c 在通讯录里, 但不在应用可见范围, 没有导入",
        "d 的姓名平台没有给出, 暂以账号为名",
    )


def seen(*members: Member, before: dict[str, list[int]] | None = None) -> object:
    found = look(Contacts(DEPARTMENTS, members), KNOWN, before or {}, frozenset())
    return [(c.kind, c.person.userid, c.person.unit_id) for c in found.changes], found.too_many


def test_one_who_moves_inside_the_unit_has_not_moved() -> None:
    here = (Member("liuyang", "刘洋", (3,)), Member("sunlei", "孙磊", (1,)))
    assert seen(*here, before={"liuyang": [2]}) == ([], 0)


def test_one_who_moves_out_is_of_the_new_unit_if_it_is_known() -> None:
    sun = Member("sunlei", "孙磊", (1,))
    moved = (Member("liuyang", "刘洋", (4,)), sun)
    assert seen(*moved, before={"liuyang": [2]}) == ([(ChangeKind.CHANGED, "liuyang", None)], 0)
    zhujian = Unit("zhujian", "市档案馆")
    known = Known((CHENGGUAN, zhujian), (LIU, SUN))
    found = look(Contacts(DEPARTMENTS, moved), known, {"liuyang": [2]}, frozenset())
    assert [change.person.unit_id for change in found.changes] == ["zhujian"]
    assert found.changes[0].person.roles == frozenset()


def test_where_the_contacts_say_nothing_of_a_unit_the_directory_stands() -> None:
    elsewhere = (Member("liuyang", "刘洋", (4,)), Member("sunlei", "孙磊", (1,)))
    assert seen(*elsewhere) == ([], 0)


def test_three_may_leave_at_once_and_a_fifth_of_many_but_no_more() -> None:
    def missing(count: int, gone: int) -> tuple[int, int]:
        members = [Member(f"x{n}") for n in range(count - gone)]
        known = Known((), tuple(Person(f"x{n}", "", frozenset()) for n in range(count)))
        found = look(Contacts((), tuple(members)), known, {}, frozenset())
        return len(found.changes), found.too_many

    assert [missing(9, gone) for gone in (2, 3, 4)] == [(2, 0), (3, 0), (0, 4)]
    assert [missing(40, gone) for gone in (7, 8, 9)] == [(7, 0), (8, 0), (0, 9)]
