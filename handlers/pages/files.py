"""Files uploaded on the page of a case: evidence that belongs to it at once, and is told of."""

from dataclasses import dataclass
from datetime import datetime

from cases import commands
from cases.errors import RefusalError
from cases.masking import classified_reason, mask
from cases.model import Case
from cases.people import Person
from cases.permissions import Action
from handlers.desk import Desk
from handlers.pages.acts import case_known, denied
from handlers.pages.talk import Outcome, PageTalk, Told
from storage.evidence import KeptFile, NewEvidence
from storage.work import Work

_KILO = 1024


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that has been checked and written."""

    number: str  # of the case
    once: str
    name: str  # as its sender calls it, made fit to be shown
    kind: str  # image, voice, video, file
    file: KeptFile


def add(work: Work, desk: Desk, person: Person, uploaded: Uploaded, now: datetime) -> Told:
    """Put the file into the case.

    Raises:
        NotFoundError: the case does not exist for this person.
    """
    case = case_known(work, person, uploaded.number)
    talk = PageTalk(work, desk, person, f"page:file:{uploaded.once}", "", now)
    name = mask(uploaded.name)
    talk.words = f"上传材料《{name}》"
    try:
        _put(talk, case, name, uploaded)
    except RefusalError as refusal:
        denied(work, person, case, "file", now)
        return Told(str(refusal), Outcome.REFUSED)
    return Told(f"《{name}》已存入 {case.short_number} 的材料, 已告知舆情办。", Outcome.DONE)


def _put(talk: PageTalk, case: Case, name: str, uploaded: Uploaded) -> None:
    work, person, file = talk.work, talk.person, uploaded.file
    if (reason := classified_reason(name)) is not None:
        raise RefusalError(f"文件名里像有涉密信息 ({reason}), 没有收。涉密材料请走保密渠道。")
    if file.sha256 in {one.sha256 for one in work.evidence.of_case(case.id)}:
        raise RefusalError(f"{case.short_number} 的材料里已经有这份文件了。")
    said = f"上传材料《{name}》({size_in_words(file.size)})"
    talk.do(case, Action.SUPPLEMENT, commands.Supplement(said))
    new = NewEvidence(talk.key, person.userid, talk.now, uploaded.kind, "", case.id)
    work.evidence.add_kept(new, file, name, talk.now)
    work.audit.append(
        actor=person.userid,
        role="、".join(sorted(person.roles)),
        action="evidence.kept",
        object_type="case",
        object_id=case.number,
        result="done",
        details={"sha256": file.sha256, "size": file.size, "type": file.media_type},
        now=talk.now,
    )


def size_in_words(size: int) -> str:
    """Return a size as people read it: 87 KB, 2.4 MB."""
    if size < _KILO * _KILO:
        return f"{max(1, round(size / _KILO))} KB"
    return f"{size / _KILO / _KILO:.1f} MB"
