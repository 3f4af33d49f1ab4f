"""A version is printed: its checker is shown the file, what is 待补, and what to answer."""

from dataclasses import dataclass
from datetime import datetime

from cases import robot_payload
from cases.drills.marking import marked
from cases.encoding import wecom_field
from cases.model import Case
from cases.notices import Choice, Notice, Priority, ToPerson, ToRole
from cases.papers.model import Kind
from cases.payload import app_file
from cases.people import Person, Role
from cases.permissions import handles, may_know
from cases.wording.moments import clock_time
from handlers.desk import Desk
from handlers.post import Origin, Post, people_of
from storage.outbox import NewMessage
from storage.papers import Kept, PaperFile, Version
from storage.states import Channel
from storage.work import Work

_MOST_WANTED = 8
ROBOT = "aibot"


def tell_ready(work: Work, desk: Desk, version: Version, now: datetime) -> None:
    """Show a printed version to whoever checks it and to whoever ordered it."""
    paper = work.papers.get(version.paper_id)
    case = work.cases.load(paper.case_id) if paper.case_id is not None else None
    checkers = _checkers(work, paper, case, now)
    for person in _readers(work, version, checkers, case, now):
        is_checker = person in checkers
        text = ready_words(desk, paper, version, case, is_checker=is_checker)
        choices = _choices(paper) if is_checker else ()
        _say(work, desk, Said(paper, version, person, text, choices, case), now)
        for file in version.files:
            _hand_out(work, desk, Said(paper, version, person, text, (), case), file, now)


def tell_failed(work: Work, desk: Desk, version: Version, why: str, now: datetime) -> None:
    """It cannot be printed: whoever ordered it, or else the office, hears why."""
    paper = work.papers.get(version.paper_id)
    text = f"【文稿{paper.id}】{paper.name}没有生成: {why}"
    to = ToPerson(version.asked_by) if version.asked_by else ToRole(Role.OFFICE_DIRECTOR)
    notice = Notice(to, text, "paper-failed", "文稿没有生成")
    Post(work, desk, now).tell((notice,), _origin(paper, version, None))


def tell_delayed(work: Work, desk: Desk, version: Version, again: datetime, now: datetime) -> None:
    """It was not printed at once: whoever ordered it hears that it is tried again, once."""
    if not version.asked_by or version.tries:
        return
    paper = work.papers.get(version.paper_id)
    text = (
        f"【文稿{paper.id}】{paper.name}还没有生成好, {clock_time(again, now)} 再试, "
        "好了把文件发给您, 不用再要。"
    )
    notice = Notice(ToPerson(version.asked_by), text, "paper-delayed", "文稿还在生成")
    Post(work, desk, now).tell((notice,), _origin(paper, version, None))


def _origin(paper: Kept, version: Version, case: Case | None) -> Origin:
    return Origin("paper", str(paper.id), str(version.number), case=case)


def _checkers(work: Work, paper: Kept, case: Case | None, now: datetime) -> tuple[Person, ...]:
    found = people_of(work, ToRole(Role(paper.checker)), now)
    return tuple(one for one in found if may_read(one, case))


def _readers(
    work: Work,
    version: Version,
    checkers: tuple[Person, ...],
    case: Case | None,
    now: datetime,
) -> tuple[Person, ...]:
    asker = work.people.person(version.asked_by) if version.asked_by else None
    asked = (asker,) if asker is not None and may_read(asker, case) else ()
    # Whoever decides at the level is not the one who fills gaps: the office is asked too.
    fills = people_of(work, ToRole(Role.OFFICE_DIRECTOR), now) if version.wanted else ()
    filling = () if asked else tuple(one for one in fills if may_read(one, case))
    return tuple({one.userid: one for one in (*checkers, *asked, *filling)}.values())


def may_read(person: Person, case: Case | None) -> bool:
    """Whether somebody may have a paper: of a case only those who handle it (decision 30)."""
    if case is None:
        return True
    return may_know(person, case) and handles(person, case)


def ready_words(
    desk: Desk, paper: Kept, version: Version, case: Case | None, *, is_checker: bool
) -> str:
    """Return what is said with a printed version."""
    title = f"《{wecom_field(case.title, 90)}》" if case is not None else ""
    lines = [f"【文稿{paper.id}】{paper.name}{title}第 {version.number} 版已生成。"]
    if version.wanted:
        shown = "、".join(version.wanted[:_MOST_WANTED])
        more = f"等 {len(version.wanted)} 项" if len(version.wanted) > _MOST_WANTED else ""
        lines.append(
            f"待补: {shown}{more}。请回复「文稿{paper.id} 补 {version.wanted[0]}: …」, "
            "不补就照样标着待补。"
        )
    if version.notes:
        lines.append(wecom_field(version.notes, 300))
    if is_checker:
        lines.append(
            f"请核稿: 同意回复「文稿{paper.id} 同意」, 要改回复「文稿{paper.id} 修改意见: …」。"
        )
    else:
        lines.append(f"由{paper.checker}核稿。")
    if desk.base_url:
        lines.append(f"打开: {page_of(desk, paper)}")
    said = "\n".join(lines)
    return marked(said) if paper.kind is Kind.DRILL else said


def page_of(desk: Desk, paper: Kept) -> str:
    """Return the address where a paper is shown; "" where there are no pages."""
    if paper.subject:
        return f"{desk.page_of(paper.subject)}#papers" if desk.base_url else ""
    return f"{desk.base_url}/papers" if desk.base_url else ""


def _choices(paper: Kept) -> tuple[Choice, ...]:
    return (Choice("同意", (f"文稿{paper.id} 同意",)),)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said about one version to one person."""

    paper: Kept
    version: Version
    person: Person
    text: str
    choices: tuple[Choice, ...]
    case: Case | None


def _say(work: Work, desk: Desk, said: Said, now: datetime) -> None:
    notice = Notice(
        ToPerson(said.person.userid),
        said.text,
        "paper",
        f"文稿核稿: {said.paper.name}",
        Priority.NOTICE,
        said.choices,
    )
    Post(work, desk, now).tell((notice,), _origin(said.paper, said.version, said.case))


def file_name(paper: Kept, version: Version, file: PaperFile) -> str:
    """Return the name a file is given out under: made by us alone."""
    about = paper.subject or paper.period
    which = paper.period if paper.subject and paper.period else paper.kind.value
    return f"{about}-{which}-第{version.number}版.{file.form}"


def _hand_out(work: Work, desk: Desk, said: Said, file: PaperFile, now: datetime) -> None:
    person, paper, version = said.person, said.paper, said.version
    key = f"paper|{paper.id}|{file.form}|{version.number}|{person.userid}|0"
    name = file_name(paper, version, file)
    payload = app_file(desk.agent_id, person.userid, (file.path, name), key=key)
    channel = Channel.APP
    if version.way == ROBOT and version.asked_by == person.userid:
        payload = robot_payload.file(person.userid, name, file.path, key=key, otherwise=payload)
        channel = Channel.AIBOT
    work.outbox.put(
        NewMessage(
            key=key,
            kind="paper-file",
            channel=channel,
            recipient=person.userid,
            payload=payload,
            reason=f"文稿文件: {paper.name}",
            priority=int(Priority.NOTICE),
            next_at=now,
            case_id=paper.case_id,
        )
    )
