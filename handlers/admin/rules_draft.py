"""The draft of a rulebook: one at a time, made from the version in force, which it leaves alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from cases.errors import RefusalError
from cases.rulebook import Rulebook
from handlers.admin.deed import Proposed, State, Wish, WrongFieldsError
from handlers.admin.rules_words import differences
from handlers.desk import Desk
from handlers.workbench import CLOCKS, Edit, Files, RulesFaultError, Workbench
from storage.rulebooks import Rulebook as Kept
from storage.work import Work

DRAFT = "rules.draft"
KEPT = "rulebook.draft"  # the setting that holds the draft
NO_ID = 0  # of a version that is not numbered yet


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is editing, beside the version in force."""

    base: int  # the id of the version it was made from
    by: str
    at: datetime
    files: Files


def draft_of(work: Work) -> Draft | None:
    """Return the draft, None where nothing is being edited."""
    kept = work.settings.get(KEPT)
    if not isinstance(kept, Mapping) or not isinstance(files := kept.get("files"), Mapping):
        return None
    texts = {str(name): str(text) for name, text in files.items()}
    return Draft(int(kept["base"]), str(kept["by"]), datetime.fromisoformat(kept["at"]), texts)


def bench_of(desk: Desk) -> Workbench:
    """Return what reads and edits rulebooks.

    Raises:
        RefusalError: this program was put together without it.
    """
    if desk.bench is None:
        raise RefusalError("这里不能编辑规则。")
    return desk.bench


def read_draft(desk: Desk, kept: Kept, files: Files) -> Rulebook:
    """Return a draft as a rulebook.

    Raises:
        RefusalError: it cannot be so; the text names every fault.
    """
    try:
        book = bench_of(desk).read(NO_ID, kept.name, kept.number + 1, files)
    except RulesFaultError as fault:
        raise RefusalError("规则有误: " + "; ".join(fault.faults)) from None
    graded = {level.name for level in book.grading.levels}
    odd = sorted(graded.symmetric_difference(book.clocks.level_names))
    if odd:
        raise RefusalError(f"规则有误: 等级「{'、'.join(odd)}」只在条款或只在时限里, 两边要一致。")
    return book


def in_force(work: Work) -> Kept:
    """Return the version in force.

    Raises:
        RefusalError: there is none yet.
    """
    kept = work.rulebooks.in_force()
    if kept is None:
        raise RefusalError("库里还没有规则。")
    return kept


def current(wish: Wish) -> tuple[Kept, Files, Rulebook]:
    """Return the version in force, and what is being edited: the draft, else that version."""
    kept, draft = in_force(wish.work), draft_of(wish.work)
    if draft is None:
        return kept, kept.content, wish.desk.rulebook(kept.id)
    return kept, draft.files, read_draft(wish.desk, kept, draft.files)


def edited(wish: Wish, edits: Sequence[Edit], names: Mapping[str, str], title: str) -> Proposed:
    """Propose a draft with these edits.

    Args:
        wish: who wishes it.
        edits: what is to stand where.
        names: for each place of an edit the form's field, to name what is wrong.
        title: what is edited.

    Raises:
        WrongFieldsError: it cannot be so.
        RefusalError: nothing would change.
    """
    kept, files, before = current(wish)
    bench = bench_of(wish.desk)
    try:
        later = bench.edit(files, CLOCKS, edits)
        after = bench.read(NO_ID, kept.name, kept.number + 1, later)
    except RulesFaultError as fault:
        raise WrongFieldsError(_by_field(fault.faults, names)) from None
    if before.clocks == after.clocks:
        raise RefusalError("和现在一样, 没有要改的。")
    does = (
        *differences(before, after),
        f"写进草稿; 现行的第 {kept.number} 版不变。改完后在规则页「启用草稿」, 启用前可先试一试。",
    )
    state: State = {"draft": bench.digest(files)}
    return Proposed(DRAFT, kept.name, title, does, state, partial(_save, wish, kept, later))


def _save(wish: Wish, kept: Kept, files: Files) -> State:
    value = {"base": kept.id, "by": wish.by.userid, "at": wish.now.isoformat()}
    wish.work.settings.put(KEPT, {**value, "files": dict(files)})
    return {"draft": bench_of(wish.desk).digest(files)}


def _by_field(faults: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """Lay each fault at the field whose place it names; what names none at the first field."""
    found: dict[str, str] = {}
    for fault in faults:
        words = fault.partition(": ")[2] or fault
        field = next((name for place, name in names.items() if place in fault), "")
        field = field or next(iter(names.values()))
        found[field] = f"{found[field]}; {words}" if field in found else words
    return found
