"""The directory sync: what the contacts show now, taken over in one transaction (decision 15)."""

from collections.abc import Mapping
from datetime import datetime

from cases.contacts import Contacts, Seen, look
from cases.directory import ChangeKind, Plan
from cases.wording.people import Way
from handlers.desk import Desk
from handlers.people_changes import Cause, apply, known, may_return
from handlers.people_events import SYNCED_AT
from storage.work import Work

_SEEN = "contacts.departments"  # the setting with everybody's departments as last seen
_TOO_MANY = "people.too_many_left"
_DOUBT = "people.unit_doubt"
_WAYS = {
    ChangeKind.LEFT: Way.NOT_SEEN,
    ChangeKind.RETURNED: Way.NOT_SEEN,
    ChangeKind.CHANGED: Way.MOVED,
}


def take_over(work: Work, desk: Desk, contacts: Contacts, now: datetime) -> Seen:
    """Let go who is no longer there, bring back who is, move who moved; note when it was done."""
    now_known = known(work)
    before = work.settings.get(_SEEN)
    seen = look(
        contacts,
        now_known,
        _departments(before) if isinstance(before, Mapping) else {},
        may_return(work, now_known.gone),
    )
    for kind, way in _WAYS.items():
        changes = tuple(change for change in seen.changes if change.kind is kind)
        apply(work, desk, Plan((), changes, ()), Cause(way, "contacts", now))
    _alarm(work, seen, now)
    if not seen.too_many:
        work.settings.put(_SEEN, seen.departments)
    work.settings.put(SYNCED_AT, now.isoformat())
    return seen


def _departments(kept: Mapping[str, object]) -> dict[str, list[int]]:
    return {
        userid: [int(one) for one in numbers]
        for userid, numbers in kept.items()
        if isinstance(numbers, list)
    }


def _alarm(work: Work, seen: Seen, now: datetime) -> None:
    for doubt in seen.doubts:
        work.alarms.sound(_DOUBT, f"{doubt}。请管理员核对名录。", now)
    if not seen.doubts:
        work.alarms.end(_DOUBT, now)
    if seen.too_many:
        text = (
            f"通讯录同步: 名录里有 {seen.too_many} 人同时看不到了, "
            "像是应用可见范围设错, 没有停止他们的权限。请管理员核对可见范围; "
            "确已离开的, 用 people import 处理。"
        )
        work.alarms.sound(_TOO_MANY, text, now)
    else:
        work.alarms.end(_TOO_MANY, now)
