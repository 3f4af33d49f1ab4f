"""The spellings of roles that a caller may give, and the role each means."""

from cases.people import Role

_SPELLINGS = {
    "责任单位联络员": Role.LIAISON,
    "联络员": Role.LIAISON,
    "单位分管领导/网络发言人": Role.UNIT_LEADER,
    "单位分管领导": Role.UNIT_LEADER,
    "网络发言人": Role.UNIT_LEADER,
    "上级/督查": Role.SUPERVISOR,
    "上级": Role.SUPERVISOR,
    "督查": Role.SUPERVISOR,
    "带班领导": Role.DEPUTY_LEADER,
    "舆情办": Role.OFFICE_DIRECTOR,
}


def role_named(written: str) -> Role | None:
    """Return the role that `written` names, None where it names none."""
    name = written.strip().replace("／", "/")  # noqa: RUF001 - the full-width stroke people type
    found = _SPELLINGS.get(name)
    if found:
        return found
    try:
        return Role(name)
    except ValueError:
        return None
