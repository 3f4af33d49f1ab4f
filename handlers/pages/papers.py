"""Papers on the pages: versions with their files, who checks them, edited files taken in."""

from dataclasses import dataclass
from datetime import datetime

from cases.errors import RefusalError
from cases.masking import classified_reason
from cases.model import Case
from cases.papers.model import FORMS, Form
from cases.papers.spans import span_named
from cases.people import Person
from cases.permissions import SEES_ALL, Action, authorize, not_found
from cases.wording.moments import clock_time
from handlers.desk import Desk
from handlers.pages.talk import Outcome, Told
from handlers.papers.telling import file_name, may_read, tell_ready
from storage.evidence import KeptFile
from storage.papers import Kept, PaperFile, Version
from storage.states import PaperState, VersionState
from storage.work import Work

_FORMS = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel"}
_TAKEN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Form.DOCX,
    "application/pdf": Form.PDF,
}
_STATES = {VersionState.WAITING: "正在生成", VersionState.FAILED: "没有生成"}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version as it is shown."""

    id: int
    number: int
    what: str  # 起草 10:05 孙蕾
    trouble: str
    notes: str
    files: tuple[PaperFile, ...]
    words: dict[str, str]  # form -> what its link says


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper as it is shown, its newest version first."""

    id: int
    name: str
    state: str
    how: str  # of the chip: checking, approved …
    about: str  # who checks it, what was said, where it went
    wanted: tuple[str, ...]
    versions: tuple[VersionLine, ...]
    takes_files: bool
    may_decide: bool


def papers_of(work: Work, person: Person, case: Case, now: datetime) -> tuple[PaperLine, ...]:
    """Return the papers about a case, for whoever handles it."""
    if not may_read(person, case):
        return ()
    found = work.papers.of_case(case.id)
    return tuple(_line(work, person, paper, case, now) for paper in found)


def periodicals(work: Work, person: Person, now: datetime) -> tuple[PaperLine, ...]:
    """Return the papers about periods, the latest first.

    Raises:
        NotFoundError: they are not for this person.
    """
    if not person.is_any(*SEES_ALL):
        raise not_found()
    return tuple(_line(work, person, one, None, now) for one in work.papers.periodicals())


def _line(work: Work, person: Person, paper: Kept, case: Case | None, now: datetime) -> PaperLine:
    versions = work.papers.versions(paper.id)
    ready = [one for one in versions if one.state is VersionState.READY]
    return PaperLine(
        id=paper.id,
        name=_name(paper),
        state=paper.state.label,
        how=paper.state.value,
        about=_about(work, paper, now),
        wanted=ready[-1].wanted if ready else (),
        versions=tuple(_version(work, one, now) for one in reversed(versions)),
        takes_files=Form.DOCX in FORMS[paper.kind]
        and paper.state is not PaperState.SENT
        and may_write(person, case),
        may_decide=paper.state is PaperState.CHECKING and paper.checker in person.roles,
    )


def may_write(person: Person, case: Case | None) -> bool:
    """Whether the person may order papers and bring edited ones."""
    try:
        authorize(person, Action.WRITE_PAPER, case)
    except RefusalError:
        return False
    return True


def _name(paper: Kept) -> str:
    if paper.subject:
        return paper.period or paper.kind.value
    span = span_named(paper.kind, paper.period)
    return f"{span.words if span else paper.period}{paper.kind.value}"


def _about(work: Work, paper: Kept, now: datetime) -> str:
    parts = [f"{paper.checker}核稿"]
    if paper.decided_by and paper.decided_at and paper.opinion:
        who = work.people.name_of(paper.decided_by)
        parts.append(f"{who} {clock_time(paper.decided_at, now)}: {paper.opinion}")
    if paper.sent_at is not None:
        to = f"报至{paper.sent_to}" if paper.sent_to else "已报送"
        parts.append(f"{clock_time(paper.sent_at, now)} {to}")
    return " · ".join(parts)


def _version(work: Work, one: Version, now: datetime) -> VersionLine:
    who = work.people.name_of(one.asked_by) if one.asked_by else "自动"
    return VersionLine(
        id=one.id,
        number=one.number,
        what=f"{one.origin} {clock_time(one.asked_at, now)} {who}",
        trouble=_STATES.get(one.state, ""),
        notes=one.notes if one.state is VersionState.READY else "",
        files=one.files,
        words={file.form: _FORMS.get(file.form, file.form) for file in one.files},
    )


@dataclass(frozen=True, slots=True)
class GivenOut:
    """A file as it is given out: where it lies, under which name of ours, of which kind."""

    path: str
    name: str
    form: Form


def file_of(work: Work, person: Person, version_id: int, form: str) -> GivenOut:
    """Return a file of a version for somebody who may have it.

    Raises:
        NotFoundError: there is none, or it is not for this person; the two are the same.
    """
    version = work.papers.version(version_id)
    paper = work.papers.get(version.paper_id) if version is not None else None
    if version is None or paper is None or not _may_have(work, person, paper):
        raise not_found()
    file = next((one for one in version.files if one.form == form and one.path), None)
    if file is None:
        raise not_found()
    return GivenOut(file.path, file_name(paper, version, file), Form(file.form))


def _may_have(work: Work, person: Person, paper: Kept) -> bool:
    if paper.case_id is None:
        return person.is_any(*SEES_ALL)
    return may_read(person, work.cases.load(paper.case_id))


def note_given(work: Work, person: Person, version_id: int, form: str, now: datetime) -> None:
    """Write into the audit who took a file out (F08)."""
    work.audit.append(
        actor=person.userid,
        role="、".join(sorted(person.roles)),
        action="paper.taken",
        object_type="paper_version",
        object_id=str(version_id),
        result="done",
        details={"form": form},
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited paper that somebody brings back: checked and written already."""

    paper_id: int
    file: KeptFile
    name: str


def reachable(work: Work, person: Person, paper_id: int) -> Kept:
    """Return the paper that somebody may bring a new version of.

    Raises:
        NotFoundError: there is none for this person.
    """
    try:
        paper = work.papers.get(paper_id)
    except KeyError:
        raise not_found() from None
    case = work.cases.load(paper.case_id) if paper.case_id is not None else None
    if not _may_have(work, person, paper) or not may_write(person, case):
        raise not_found()
    return paper


def _why_not(paper: Kept, edited: Edited) -> str:
    if paper.state is PaperState.SENT:
        return f"文稿{paper.id} 已经报送, 不再收修改稿; 要改请重新出一份。"
    if Form.DOCX not in FORMS[paper.kind]:
        return f"{paper.kind.value}按记录生成, 不收修改稿。"
    if edited.file.media_type not in _TAKEN:
        return "修改稿只收 Word (DOCX) 或 PDF 文件。"
    reason = classified_reason(edited.name)
    return f"文件名里像有涉密信息 ({reason}), 没有收。" if reason is not None else ""


def add_edited(work: Work, desk: Desk, person: Person, edited: Edited, now: datetime) -> Told:
    """Keep an edited file as the newest version; its checker is asked again.

    Raises:
        NotFoundError: there is no such paper for this person.
    """
    paper, file = reachable(work, person, edited.paper_id), edited.file
    if why := _why_not(paper, edited):
        return Told(why, Outcome.REFUSED)
    form = _TAKEN[file.media_type]
    kept = PaperFile(form.value, file.path, file.sha256, file.size)
    number = work.papers.add_uploaded(paper.id, (kept,), person.userid, now)
    work.audit.append(
        actor=person.userid,
        role="、".join(sorted(person.roles)),
        action="paper.uploaded",
        object_type="paper",
        object_id=str(paper.id),
        result="done",
        details={"version": number, "sha256": kept.sha256, "size": kept.size},
        now=now,
    )
    tell_ready(work, desk, work.papers.versions(paper.id)[-1], now)
    return Told(f"修改稿已存为第 {number} 版, 已请{paper.checker}核稿。", Outcome.DONE)
