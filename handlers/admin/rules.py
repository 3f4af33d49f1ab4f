"""规则库: the draft put in force, back to an earlier version, the rules applied to open cases."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from cases.errors import RefusalError
from cases.grading.checking import check
from cases.permissions import Action
from cases.rulebook import Rulebook
from handlers import apply_rules
from handlers.admin.changing import UNDO, must_stand
from handlers.admin.deed import Deed, Proposed, State, Undoing, Wish
from handlers.admin.rules_draft import (
    DRAFT,
    KEPT,
    NO_ID,
    bench_of,
    current,
    draft_of,
    in_force,
    read_draft,
)
from handlers.admin.rules_forms import (
    ladder_fields,
    level_fields,
    propose_ladder,
    propose_level,
    propose_time,
    time_fields,
)
from handlers.admin.rules_words import differences
from handlers.desk import Act
from handlers.pages.fields import Field
from handlers.setup import RULES_OWNER
from handlers.workbench import Files
from storage.admin import AdminChange
from storage.rulebooks import Rulebook as Kept
from storage.work import Work

IN_FORCE, APPLIED = "rules", "rules.apply"
BACK = "/admin/rules"
_MOST_LINES = 24
_AT_ONCE = 500


def propose_dropping(wish: Wish) -> Proposed:
    """Say what dropping the draft means.

    Raises:
        RefusalError: there is none.
    """
    draft = draft_of(wish.work)
    if draft is None:
        raise RefusalError("没有草稿。")
    kept, files, book = current(wish)
    lines = differences(wish.desk.rulebook(kept.id), book)
    does = (*(f"放弃: {line}" for line in lines[:_MOST_LINES]), "现行规则不变。")
    before: State = {"draft": bench_of(wish.desk).digest(files)}
    return Proposed(DRAFT, kept.name, "放弃规则草稿", does, before, partial(_drop, wish))


def _drop(wish: Wish) -> State:
    wish.work.settings.put(KEPT, None)
    return {}


def propose_using(wish: Wish) -> Proposed:
    """Say what putting the draft in force would change, and what about open cases.

    Raises:
        RefusalError: there is no draft, or it was made from an older version.
    """
    draft = draft_of(wish.work)
    if draft is None:
        raise RefusalError("没有草稿, 请先编辑。")
    kept, files, book = current(wish)
    if draft.base != kept.id:
        raise RefusalError("草稿是照更早的版本改的, 现行规则已经换过; 请放弃草稿, 照现行的再改。")
    return _put(wish, files, book, f"启用规则草稿为第 {_next(wish.work, kept.name)} 版")


def propose_import(wish: Wish, name: str, files: Files) -> Proposed:
    """Say what putting the files of a folder in force, as a new version, would change.

    Raises:
        RefusalError: they cannot be so, or are those in force.
    """
    kept = in_force(wish.work)
    if (name, bench_of(wish.desk).digest(files)) == (kept.name, kept.digest):
        raise RefusalError("和现行的规则一样, 没有要改的。")
    book = replace(read_draft(wish.desk, kept, files), name=name)
    return _put(wish, files, book, f"导入规则 {name} 为第 {_next(wish.work, name)} 版")


def _next(work: Work, name: str) -> int:
    return max((one.number for one in work.rulebooks.versions(name)), default=0) + 1


def _put(wish: Wish, files: Files, book: Rulebook, title: str) -> Proposed:
    kept = in_force(wish.work)
    lines = differences(wish.desk.rulebook(kept.id), book)
    more = [f"… 共 {len(lines)} 处不同。"] if len(lines) > _MOST_LINES else []
    before_book = wish.desk.rulebook(kept.id)
    does = (*lines[:_MOST_LINES], *more, *_findings(before_book, book), *in_flight(wish, book))
    before: State = {"version": kept.id}
    carry = partial(_put_in_force, wish, book.name, files)
    return Proposed(IN_FORCE, book.name, title, does, before, carry, plans=True)


def _put_in_force(wish: Wish, name: str, files: Files) -> State:
    digest = bench_of(wish.desk).digest(files)
    books = wish.work.rulebooks
    new = books.add(name, files, digest=digest, by=wish.by.userid, now=wish.now)
    books.put_in_force(new.id)
    wish.work.settings.put(RULES_OWNER, name)
    wish.work.settings.put(KEPT, None)
    return {"version": new.id}


def _findings(old: Rulebook, new: Rulebook) -> Iterator[str]:
    known = set(check(old.grading))
    for finding in check(new.grading):
        if finding not in known:
            mark = "注意" if finding.serious else "留意"
            yield f"{mark}: 规则检查 [{finding.rule}] {finding.words}"


def in_flight(wish: Wish, book: Rulebook) -> Iterator[str]:
    """Say what would become of open cases, should the rules be applied to them."""
    desk = wish.desk
    later = replace(
        desk,
        rulebook_in_force=book.id,
        rulebook=lambda one: book if one == book.id else desk.rulebook(one),
    )
    found = apply_rules.changes(wish.work, later, wish.now)
    fits = [one for one in found if not one.why_not]
    moved = sum(len(one.moved) for one in fits)
    yield "新登记的从此按新版; 在办的仍按各自登记时的版本。"
    if fits:
        changed = f"有 {moved} 项时限会变" if moved else "时限不变, 催办按新阶梯"
        yield (
            f"在办 {len(fits)} 件如果也改按新版, {changed}; "
            "启用后在规则页「应用到在办」逐项看过再定。"
        )
    yield from (
        f"留意: {one.case.short_number} 不能改按新版: {one.why_not}" for one in found if one.why_not
    )


def propose_back(wish: Wish) -> Proposed:
    """Say what going back to an earlier version would change; it becomes a new version.

    Raises:
        RefusalError: there is no such version, or it is in force.
    """
    number = int(wish.subject) if wish.subject.isascii() and wish.subject.isdigit() else 0
    try:
        old = wish.work.rulebooks.get(number)
    except KeyError:
        raise RefusalError("没有这一版规则。") from None
    if old.in_force:
        raise RefusalError("这一版就是现行的。")
    return _back_to(wish, old, f"恢复{_title(old)}, 作为第 {_next(wish.work, old.name)} 版")


def _title(kept: Kept) -> str:
    return f"{kept.name} 第 {kept.number} 版"


def _back_to(wish: Wish, old: Kept, title: str) -> Proposed:
    return _put(wish, old.content, replace(wish.desk.rulebook(old.id), id=NO_ID), title)


def restore(wish: Wish, change: AdminChange) -> Proposed:
    """Propose that the version before be in force again, as a new one.

    Raises:
        RefusalError: another was put in force since.
    """
    must_stand(change, {"version": in_force(wish.work).id})
    old = wish.work.rulebooks.get(int(str(change.before["version"])))
    return _back_to(wish, old, f"{UNDO}{change.title}")


def propose_applying(wish: Wish) -> Proposed:
    """Say what following the rules in force would change of open cases (应用到在办).

    Raises:
        RefusalError: all follow them already, or there are too many.
    """
    found = apply_rules.changes(wish.work, wish.desk, wish.now)
    fits = [one for one in found if not one.why_not]
    if not fits:
        raise RefusalError("在办的都已按现行规则办理。")
    if len(fits) > _AT_ONCE:
        raise RefusalError("件数太多, 请管理员在服务器上运行 rules apply。")
    does = tuple(apply_rules.summary(wish.desk, found)[1:])
    before: State = {"cases": [f"{one.case.number} {one.case.rulebook_id}" for one in fits]}
    carry = partial(_apply, wish, fits)
    return Proposed(APPLIED, in_force(wish.work).name, "应用到在办", does, before, carry)


def _apply(wish: Wish, fits: Sequence[apply_rules.Change]) -> State:
    act = Act(wish.by, "应用到在办", f"admin:{wish.now.isoformat()}")
    for change in fits:
        apply_rules.apply_to(wish.work, wish.desk, change, act, now=wish.now)
    return {"cases": [one.case.number for one in fits]}


def _no_fields(_wish: Wish) -> tuple[Field, ...]:
    return ()


_ADMIN = Action.ADMINISTER
_EXAMPLES = "时间可以写: 15 分钟、2 小时、2 工作小时、5 工作日、15 天、当日、日报、周报、不定时。"
DEEDS = (
    Deed("rules-level", "时限", _ADMIN, BACK, level_fields, propose_level, _EXAMPLES),
    Deed(
        "rules-ladder",
        "催办阶梯",
        _ADMIN,
        BACK,
        ladder_fields,
        propose_ladder,
        "一个阶梯只用一种时间 (自然时间或工作时间), 各级错开。例如: 25 分钟: 值班员电话通知",
    ),
    Deed("rules-time", "工作时段和免打扰", _ADMIN, BACK, time_fields, propose_time),
    Deed("rules-drop", "放弃草稿", _ADMIN, BACK, _no_fields, propose_dropping),
    Deed("rules-use", "启用草稿", _ADMIN, BACK, _no_fields, propose_using),
    Deed("rules-back", "恢复旧版本", _ADMIN, BACK, _no_fields, propose_back),
    Deed("rules-apply", "应用到在办", Action.APPLY_RULES, BACK, _no_fields, propose_applying),
)
KINDS = {
    DRAFT: Undoing(_ADMIN, BACK, None),
    IN_FORCE: Undoing(_ADMIN, BACK, restore),
    APPLIED: Undoing(Action.APPLY_RULES, BACK, None),
}
