"""Reads the corp's contacts through the API, page by page, as far as a self-built app may (§9)."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from cases.contacts import Contacts, Department, Member, Status

_PAGE = 10_000  # the most that user/list_id gives at once
_MOST_PAGES = 100


class Ask(Protocol):
    """A question to the platform; raises PlatformError."""

    def __call__(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        body: dict[str, object] | None = None,
    ) -> dict[str, object]:
        """Return what was answered."""
        ...


def read_contacts(app: Ask, synchronisation: Ask | None = None) -> Contacts:
    """Return departments and members.

    Args:
        app: asks as the self-built app: it sees its visible range, with names and positions.
        synchronisation: asks with the secret of contact synchronisation, which sees everybody's
            userid and nothing more; without it only the visible range is known.

    Raises:
        PlatformError: one of the questions was refused or not answered.
    """
    departments = tuple(
        Department(_whole(one, "id"), _text(one, "name"), _whole(one, "parentid"))
        for one in _rows(app("department/list"), "department")
    )
    members: dict[str, Member] = {}
    for department in departments:
        query = {"department_id": str(department.number)}
        for one in _rows(app("user/list", query), "userlist"):
            member = _member(one)
            members[member.userid.casefold()] = member
    if synchronisation is not None:
        existing = {userid.casefold() for userid in _everybody(synchronisation)}
        members = {userid: one for userid, one in members.items() if userid in existing}
        for userid in sorted(existing - set(members)):
            members[userid] = Member(userid, is_visible=False)
    return Contacts(departments, tuple(members.values()))


def _everybody(ask: Ask) -> Iterator[str]:
    cursor = ""
    for _ in range(_MOST_PAGES):
        answer = ask("user/list_id", None, {"cursor": cursor, "limit": _PAGE})
        for one in _rows(answer, "dept_user"):
            yield _text(one, "userid")
        cursor = _text(answer, "next_cursor")
        if not cursor:
            return


def _member(one: Mapping[str, object]) -> Member:
    numbers = one.get("department")
    listed = numbers if isinstance(numbers, list) else []
    return Member(
        userid=_text(one, "userid"),
        name=_text(one, "name"),
        departments=tuple(number for number in listed if isinstance(number, int)),
        position=_text(one, "position"),
        status=_whole(one, "status") or Status.ACTIVE,
    )


def _rows(answer: Mapping[str, object], name: str) -> list[dict[str, object]]:
    found = answer.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(one: Mapping[str, object], name: str) -> str:
    value = one.get(name)
    return value if isinstance(value, str) else ""


def _whole(one: Mapping[str, object], name: str) -> int:
    value = one.get(name)
    return value if isinstance(value, int) else 0
