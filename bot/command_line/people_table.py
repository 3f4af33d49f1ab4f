"""A table of people and units (XLSX or CSV) read as a roll; what is doubtful in it is said."""

from collections.abc import Iterable

from bot.sheets import Row
from cases.directory import Listed, Roll
from cases.encoding import wecom_field
from cases.people import Role, Unit

_FIELDS = {
    "userid": "账号 userid 企业微信账号 UserID",
    "name": "姓名 名字",
    "roles": "角色 职责角色 身份",
    "unit": "单位 责任单位 部门",
    "deputy": "副职 AB角 副联络员 是否副职",
    "phone": "电话 办公电话 联系电话",
    "aliases": "别称 单位别称 简称",
    "duties": "职责 单位职责",
    "areas": "属地 区域",
    "robot": "群机器人 机器人",
}
_BY_HEADING = {word: name for name, words in _FIELDS.items() for word in words.split()}
_ROLES = {role.value: role for role in Role} | {
    "联络员": Role.LIAISON,
    "办公室主任": Role.OFFICE_DIRECTOR,
}
_YES = frozenset(["是", "副", "副职", "b", "b角", "√", "y", "yes", "1", "true"])
_NO = frozenset(["否", "正", "正职", "a", "a角", "n", "no", "0", "false"])


class _Reader:
    """Gathers people, units and doubts, row after row."""

    def __init__(self, known: Iterable[Unit]) -> None:
        self._ids = {name: u.id for u in known for name in (*u.aliases, u.name, u.id)}
        self._known = {unit.id: unit for unit in known}
        self.units: dict[str, Unit] = {}
        self.people: dict[str, Listed] = {}
        self.doubts: list[str] = []

    def read(self, number: int, row: Row) -> None:
        cells = {_BY_HEADING[name]: cell for name, cell in row.items() if name in _BY_HEADING}
        unit = self._unit(cells)
        userid = cells.get("userid", "").strip().casefold()
        if not userid:
            if cells.get("name"):
                self.doubts.append(f"第 {number} 行 {_shown(cells['name'])} 没有写账号, 没有导入")
            return
        if userid in self.people:
            self.doubts.append(f"第 {number} 行账号 {_shown(userid)} 前面已经有了, 没有再导入")
            return
        self.people[userid] = Listed(
            userid=userid,
            name=cells.get("name", "").strip() or userid,
            roles=self._roles(number, cells["roles"]) if "roles" in cells else None,
            unit=unit if "unit" in cells else None,
            is_deputy=self._deputy(number, cells.get("deputy", "")),
            phone=cells["phone"].strip() if "phone" in cells else None,
        )

    def _unit(self, cells: dict[str, str]) -> str:
        name = cells.get("unit", "").strip()
        if not name:
            return ""
        key = self._ids.setdefault(name, name)
        was = self.units.get(key) or self._known.get(key) or Unit(key, name)
        self.units[key] = Unit(
            id=key,
            name=was.name,
            aliases=_more(was.aliases, cells.get("aliases", "")),
            duties=_more(was.duties, cells.get("duties", "")),
            areas=_more(was.areas, cells.get("areas", "")),
            robot=cells.get("robot", "").strip() or was.robot,
        )
        return key

    def _roles(self, number: int, written: str) -> frozenset[Role]:
        words = _parts(written)
        unknown = [word for word in words if word not in _ROLES]
        if unknown:
            listed = "、".join(_shown(word) for word in unknown)
            self.doubts.append(
                f"第 {number} 行不认识角色 {listed}, 没有导入该角色 (可用: {'、'.join(Role)})"
            )
        return frozenset(_ROLES[word] for word in words if word in _ROLES)

    def _deputy(self, number: int, written: str) -> bool | None:
        word = written.strip().casefold()
        if word in _YES or word in _NO:
            return word in _YES
        if word:
            self.doubts.append(f"第 {number} 行的副职一栏「{_shown(word)}」看不懂, 请写是或否")
        return None


def roll_of_table(rows: Iterable[tuple[int, Row]], known: Iterable[Unit]) -> Roll:
    """Return the table as a roll. It names whom it names: whoever is missing has not left."""
    reader = _Reader(tuple(known))
    for number, row in rows:
        reader.read(number, row)
    return Roll(tuple(reader.units.values()), tuple(reader.people.values()), tuple(reader.doubts))


def _parts(written: str) -> tuple[str, ...]:
    for mark in "，,;；/ ":
        written = written.replace(mark, "、")
    return tuple(word for part in written.split("、") if (word := part.strip()))


def _more(had: tuple[str, ...], written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*had, *_parts(written))))


def _shown(word: str) -> str:
    return wecom_field(word, 40)
