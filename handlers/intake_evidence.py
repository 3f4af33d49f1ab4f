"""Pictures, recordings and films: to which case they belong, and what becomes of each."""

import re
from datetime import datetime, timedelta

from cases.encoding import wecom_field
from cases.messages import Heard, HeardKind, media_id_of
from cases.model import Case
from cases.notices import Choice, Notice, Priority, ToPerson
from cases.permissions import Action, may_know, not_found
from handlers.desk import Desk
from handlers.post import Origin, Post
from handlers.references import case_meant, visible_open
from handlers.talk import Talk
from storage.evidence import Evidence, NewEvidence
from storage.work import Work

TOGETHER = timedelta(minutes=10)  # words and pictures sent so near each other belong together
_WAITS = timedelta(hours=24)  # how long a picture waits for somebody to say whose it is
_MOST_CHOICES = 6
_TITLE_SHOWN = 14  # characters
_NAMES = {
    HeardKind.IMAGE: "图片",
    HeardKind.VOICE: "语音",
    HeardKind.VIDEO: "视频",
    HeardKind.FILE: "文件",
    HeardKind.TEXT: "图片",  # of a message of words and pictures
}
_PLACE = re.compile(r"^\s*材料归入\s*(\S{1,24})\s*$")


def receive(talk: Talk, heard: Heard) -> str:
    """Await the file of a message; it is the case's that its sender spoke of in the last minutes.

    Raises:
        RefusalError: the sender may add nothing to a case.
    """
    name = _NAMES[heard.kind]
    if not (heard.media_id or heard.files):
        return f"这里收不到{name}, 请私聊应用「督办」发送。"
    case = await_files(talk, heard)
    if case is not None:
        return f"{name}已归入 {case.short_number}《{wecom_field(case.title, 90)}》的材料。"
    _ask_whose(talk, name)
    return ""


def await_files(talk: Talk, heard: Heard) -> Case | None:
    """Await what a message shows; return the case it goes to, None while that is not known.

    Raises:
        RefusalError: the sender may add nothing to a case.
    """
    talk.permit(Action.SUPPLEMENT)
    case = _spoken_of(talk) if heard.kind is not HeardKind.TEXT else None
    shown = [media_id_of(file) for file in heard.files] or [heard.media_id]
    for nth, media_id in enumerate(shown):
        new = NewEvidence(
            message_key=f"{heard.key}#{nth}" if nth else heard.key,
            sender=talk.person.userid,
            at=talk.now,
            kind=heard.kind.value if heard.kind is not HeardKind.TEXT else HeardKind.IMAGE.value,
            media_id=media_id,
            case_id=case.id if case else None,
        )
        talk.work.evidence.add(new, talk.now)
    return case


def place_shown(talk: Talk, case: Case) -> None:
    """Put what was sent with the words just carried out into their case."""
    talk.work.evidence.place(talk.person.userid, case.id, talk.now)


def _spoken_of(talk: Talk) -> Case | None:
    case_id = talk.work.evidence.latest_case_of(talk.person.userid, talk.now - TOGETHER)
    if case_id is None:
        return None
    case = talk.work.cases.load(case_id)
    return case if may_know(talk.person, case) else None


def _ask_whose(talk: Talk, name: str) -> None:
    waiting = talk.work.evidence.unplaced(talk.person.userid, talk.now - _WAITS)
    open_cases = sorted(visible_open(talk), key=lambda case: case.id, reverse=True)
    if waiting > 1:  # asked already: the answer is for all of them
        talk.say(f"{name}已收到, 共 {waiting} 份等您说是哪一件。")
        return
    if not open_cases:
        talk.say(f"{name}已收到。请用文字写一下发生了什么, 或转发链接, 会一起登记。")
        return
    choices = tuple(
        Choice(f"{case.short_number} {case.title[:_TITLE_SHOWN]}", (f"材料归入 {case.number}",))
        for case in open_cases[:_MOST_CHOICES]
    )
    talk.say(f"{name}已收到。是哪一件的? 新的事请直接写发生了什么。", choices)


def place_by_words(talk: Talk, words: str) -> str:
    """Carry out 材料归入 007; "" where the words say something else.

    Raises:
        RefusalError: no such case, or not the speaker's.
    """
    found = _PLACE.match(words)
    if found is None:
        return ""
    case = case_meant(talk, {"case": found[1]}, lambda one: one.is_open, verb="补充材料")
    talk.permit(Action.SUPPLEMENT, case)
    if not case.is_open:
        raise not_found()
    count = talk.work.evidence.place(talk.person.userid, case.id, talk.now - _WAITS)
    if not count:
        return "没有等着归件的图片、语音或视频。"
    talk.case = case
    return f"{count} 份材料已归入 {case.short_number}《{wecom_field(case.title, 90)}》。"


def place_recent(talk: Talk, case: Case) -> int:
    """Put what the speaker sent in the last minutes into the case; return how many files."""
    if not talk.work.evidence.unplaced(talk.person.userid, talk.now - TOGETHER):
        return 0
    return talk.work.evidence.place(talk.person.userid, case.id, talk.now - TOGETHER)


def tell_refused(work: Work, desk: Desk, evidence: Evidence, why: str, now: datetime) -> None:
    """Tell the sender that a file could not be kept, and why."""
    person = work.people.person(evidence.sender)
    if person is None:
        return
    name = _NAMES.get(HeardKind(evidence.kind), "文件")
    case = work.cases.load(evidence.case_id) if evidence.case_id is not None else None
    of_case = f" ({case.short_number})" if case else ""
    notice = Notice(
        ToPerson(person.userid),
        f"刚才的{name}{of_case}没有存下: {why}。",
        "evidence",
        "材料没有存下, 告知来信人",
        Priority.ANSWER,
    )
    origin = Origin("evidence", str(evidence.id), "refused", case=case)
    Post(work, desk, now).tell((notice,), origin)
