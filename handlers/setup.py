"""What the database must hold before anybody can speak: the rulebook in force, units and people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from cases.directory import Change, ChangeKind, Roll, listed_whole, plan
from cases.duty import Shift
from cases.people import Person, Unit
from cases.rulebook import Rulebook
from cases.wording.people import Way
from handlers.desk import Desk
from handlers.letting_in import end_local_administrator
from handlers.people_changes import (
    Cause,
    apply,
    is_imported,
    known,
    moved_from,
    taken_by_platform,
)
from storage.database import Database
from storage.states import ShiftSource
from storage.work import Work


@dataclass(frozen=True, slots=True)
class RulebookFiles:
    """A version of a rulebook as its files, checked by whoever read them."""

    name: str
    files: dict[str, str]
    digest: str  # tells versions apart


RULES_OWNER = "rulebook.owner"  # a setting: of which folder the versions on the pages took over
ROSTER_OWNER = "roster.owner"  # a setting: "pages" where the roster was edited there
PAGES = "pages"
_NOT_FOLLOWED = (
    "名录由导入 (people import) 或管理页管理, 名录文件没有用上; "
    "要改回文件: people import 文件 --apply"
)


def keep_rulebook(work: Work, book: RulebookFiles, *, by: str, now: datetime) -> int:
    """Keep this version of the rulebook unless it is known, and put it in force; return its id.

    Once rules of this folder were edited on the pages or imported, the database has them, and the
    folder is not followed any more; naming another folder is a choice that is.
    """
    held = work.rulebooks.in_force()
    if held is not None and work.settings.get(RULES_OWNER) == book.name == held.name:
        return held.id
    if work.settings.get(RULES_OWNER):
        work.settings.put(RULES_OWNER, "")
    kept = work.rulebooks.by_digest(book.name, book.digest)
    if kept is None:
        kept = work.rulebooks.add(book.name, book.files, digest=book.digest, by=by, now=now)
    if not kept.in_force:
        work.rulebooks.put_in_force(kept.id)
    return kept.id


def keep_directory(
    work: Work, desk: Desk, units: Sequence[Unit], people: Sequence[Person], *, now: datetime
) -> tuple[str, ...]:
    """Bring units and people to what the directory file says; whoever is not in it has left.

    What the platform itself has said since (somebody left, somebody moved) wins over the file.

    Returns:
        What the file says and was not followed, one sentence each.
    """
    if is_imported(work):
        end_local_administrator(work, now)
        return (_NOT_FOLLOWED,)
    roll = Roll(tuple(units), listed_whole(people), is_whole=True)
    found = plan(known(work), roll, lower_roles=True)
    notes = {change: _against(work, change) for change in found.people}
    followed = tuple(change for change in found.people if not notes[change])
    apply(work, desk, replace(found, people=followed), Cause(Way.IMPORTED, "directory", now))
    return tuple(note for note in notes.values() if note)


def _against(work: Work, change: Change) -> str:
    """Why the file is not followed here; empty when it is."""
    person = change.person
    if change.kind is ChangeKind.RETURNED and (way := taken_by_platform(work, person.userid)):
        return (
            f"{person.name} 还在名录文件里, 但其{Way[way].value}, 没有恢复权限; "
            "请从文件里去掉, 或回来后运行 people import"
        )
    if change.kind is ChangeKind.CHANGED and person.unit_id == moved_from(work, person.userid):
        return f"{person.name} 在通讯录里已调离名录文件写的单位, 没有调回; 请改名录文件"
    return ""


def keep_roster(work: Work, shifts: Sequence[Shift], *, by: str, now: datetime) -> int:
    """Bring what is to come of the roster to what the file says; return how many are new.

    Shifts that have begun stay: who was on duty is history. A roster edited on the pages stays too.
    """
    if work.settings.get(ROSTER_OWNER) == PAGES:
        return 0
    work.roster.clear_roster(now)
    to_come = [shift for shift in shifts if shift.ends_at > now]
    return work.roster.add(to_come, source=ShiftSource.ROSTER, by=by, at=now)


def bookshelf(
    database: Database, read: Callable[[int, str, int, dict[str, str]], Rulebook]
) -> Callable[[int], Rulebook]:
    """Return how a rulebook is found by its id; each is read once."""

    @cache
    def book(identity: int) -> Rulebook:
        with database.read() as work:
            kept = work.rulebooks.get(identity)
        return read(kept.id, kept.name, kept.number, dict(kept.content))

    return book
