"""Which unit is meant by a name as people write it; unknown or ambiguous names are asked about."""

from cases.errors import RefusalError
from cases.people import Unit
from cases.routing import find_unit
from handlers.talk import Talk

_SHOWN = 10


def unit_meant(talk: Talk, said: str) -> Unit:
    """Return the unit called `said`.

    Raises:
        RefusalError: no such unit, or several; the message names them.
    """
    units = talk.work.people.units()
    found = find_unit(units, said)
    if isinstance(found, Unit):
        return found
    if found:
        names = "、".join(unit.name for unit in found)
        raise RefusalError(f"「{said}」可能是{names}, 请写全称。")
    names = "、".join(unit.name for unit in units[:_SHOWN])
    raise RefusalError(f"名录里没有「{said}」。可选: {names}; 要新增单位请联系管理员。")


def own_unit(talk: Talk) -> str:
    """Return the speaker's own unit.

    Raises:
        RefusalError: the directory gives the speaker none.
    """
    if talk.person.unit_id is None:
        raise RefusalError("名录里没有写您的单位, 请联系管理员补上后再办。")
    return talk.person.unit_id
