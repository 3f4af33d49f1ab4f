"""Papers among the buttons of a case: order one, fill a gap, check it, note that it went out."""

from cases.model import Case
from cases.papers.model import Kind
from cases.permissions import Action
from handlers.pages.fields import Field, FieldKind, Given, Option
from handlers.pages.offers import Act
from handlers.pages.talk import PageTalk
from handlers.papers import chat
from storage.papers import Kept
from storage.states import PaperState, VersionState

_SPLIT = "|"
_ORDERED = tuple(kind for kind in Kind if kind.is_of_case)


def _papers(talk: PageTalk, case: Case, *states: PaperState) -> list[Kept]:
    found = talk.work.papers.of_case(case.id)
    return [one for one in found if one.state in states]


def _to_write(_talk: PageTalk, _case: Case) -> tuple[Field, ...]:
    options = tuple(Option(kind.value, kind.value) for kind in _ORDERED)
    return (Field("kind", "哪一种", FieldKind.CHOICE, options=options),)


def _write(talk: PageTalk, case: Case, given: Given) -> str:
    return _said(talk, case, f"出{case.number}的{given.text('kind')}")


def _mine(talk: PageTalk, case: Case) -> list[Kept]:
    return [one for one in chat.waiting_for(talk) if one.case_id == case.id]


def _options(papers: list[Kept]) -> tuple[Option, ...]:
    return tuple(Option(str(one.id), f"文稿{one.id} {one.name}") for one in papers)


def _to_check(talk: PageTalk, case: Case) -> tuple[Field, ...]:
    decisions = (Option("同意", "同意"), Option("修改意见:", "退回修改"))
    return (
        Field("paper", "文稿", FieldKind.CHOICE, options=_options(_mine(talk, case))),
        Field("decision", "意见", FieldKind.CHOICE, options=decisions),
        Field("opinion", "怎么改", FieldKind.AREA, is_required=False, hint="退回修改时写明"),
    )


def _check(talk: PageTalk, case: Case, given: Given) -> str:
    decision = given.text("decision")
    opinion = given.text("opinion") if decision != "同意" else ""
    return _said(talk, case, f"文稿{given.text('paper')} {decision} {opinion}".strip())


def _gaps(talk: PageTalk, case: Case) -> tuple[Option, ...]:
    found = []
    for paper in talk.work.papers.of_case(case.id):
        if paper.state is PaperState.SENT:
            continue
        ready = [
            one for one in talk.work.papers.versions(paper.id) if one.state is VersionState.READY
        ]
        wanted = ready[-1].wanted if ready else ()
        found += [
            Option(f"{paper.id}{_SPLIT}{label}", f"{paper.name}: {label}") for label in wanted
        ]
    return tuple(found)


def _to_fill(talk: PageTalk, case: Case) -> tuple[Field, ...]:
    return (
        Field("gap", "补哪一处", FieldKind.CHOICE, options=_gaps(talk, case)),
        Field("text", "内容", FieldKind.AREA),
    )


def _fill(talk: PageTalk, case: Case, given: Given) -> str:
    paper, _, label = given.text("gap").partition(_SPLIT)
    return _said(talk, case, f"文稿{paper} 补 {label.replace(':', ' ')}: {given.text('text')}")


def _to_send(talk: PageTalk, case: Case) -> tuple[Field, ...]:
    approved = _papers(talk, case, PaperState.APPROVED)
    return (
        Field("paper", "文稿", FieldKind.CHOICE, options=_options(approved)),
        Field("to", "报至何处"),
    )


def _send(talk: PageTalk, case: Case, given: Given) -> str:
    return _said(talk, case, f"文稿{given.text('paper')} 已报 {given.text('to')}")


def _said(talk: PageTalk, case: Case, words: str) -> str:
    """Carry out what would be said in chat: one permission decision, one way."""
    act = chat.by_words(talk, words)
    if act is None:
        return "请把内容填完整, 再提交一次。"
    talk.case, talk.spoken = case, words
    return act()


ACTS = (
    Act(
        "paper-check",
        "核稿",
        Action.CHECK_PAPER,
        lambda talk, case: bool(_mine(talk, case)),
        _check,
        _to_check,
        is_main=False,
    ),
    Act(
        "paper-fill",
        "补文稿",
        Action.WRITE_PAPER,
        lambda talk, case: bool(_gaps(talk, case)),
        _fill,
        _to_fill,
    ),
    Act(
        "paper-sent",
        "登记文稿报送",
        Action.WRITE_PAPER,
        lambda talk, case: bool(_papers(talk, case, PaperState.APPROVED)),
        _send,
        _to_send,
    ),
    Act("paper-write", "出文稿", Action.WRITE_PAPER, lambda _talk, _case: True, _write, _to_write),
)
