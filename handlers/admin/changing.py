"""A proposed change is carried out, written down, and taken back again."""

from collections.abc import Mapping

from cases.errors import RefusalError
from handlers.admin.deed import Proposed, Undoing, Wish
from storage.admin import AdminChange, NewAdminChange

UNDO = "撤销: "


def carry_out(wish: Wish, proposed: Proposed, undoes: int | None = None) -> int:
    """Do what is proposed, with its one row of the audit; return the change's id.

    Personal text stands in the change, which is shown to administrators only, not in the audit.
    """
    after = proposed.carry()
    change = NewAdminChange(
        at=wish.now,
        by=wish.by.userid,
        kind=proposed.kind,
        subject=proposed.subject,
        title=proposed.title,
        before=proposed.before,
        after=after,
        undoes=undoes,
    )
    identity = wish.work.admin_changes.add(change)
    wish.work.audit.append(
        actor=wish.by.userid,
        role="、".join(sorted(wish.by.roles)),
        action=f"admin.{proposed.kind}",
        object_type=proposed.kind,
        object_id=proposed.subject,
        result="done",
        details={
            "change": identity,
            "fields": sorted(_differing(proposed.before, after)),
            **({} if undoes is None else {"undoes": undoes}),
        },
        now=wish.now,
    )
    return identity


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def undoing_of(wish: Wish, kinds: Mapping[str, Undoing]) -> tuple[AdminChange, Undoing, Proposed]:
    """Return the change of the wish's subject, and what taking it back would do.

    Raises:
        RefusalError: there is none, it cannot be taken back, or it has been.
    """
    change = _of(wish)
    undoing = kinds.get(change.kind)
    if undoing is None or undoing.restore is None:
        raise RefusalError("这一项不能撤销, 需要时请再改一次。")
    if change.undone_by is not None:
        raise RefusalError(f"这一项已由第 {change.undone_by} 号变更撤销。")
    return change, undoing, undoing.restore(wish, change)


def _of(wish: Wish) -> AdminChange:
    number = int(wish.subject) if wish.subject.isascii() and wish.subject.isdigit() else 0
    change = wish.work.admin_changes.get(number)
    if change is None:
        raise RefusalError("没有这一号变更。")
    return change


def must_stand(change: AdminChange, now: Mapping[str, object]) -> None:
    """Let a change be taken back only while what it made still stands.

    Raises:
        RefusalError: it was changed again since.
    """
    if dict(change.after) != dict(now):
        raise RefusalError("这一项后来又改过, 请先撤销后来的那次, 或直接再改。")
