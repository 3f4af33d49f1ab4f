"""What somebody pasted: content of the case, shown as 转发内容, and never their order (C06)."""

from cases import commands
from cases.chat import Intent, said_in, separate, understand
from cases.chat.normalise import clean
from cases.chat.references import find_references
from cases.encoding import wecom_field
from cases.errors import RefusalError
from cases.masking import mask
from cases.model import Case
from cases.notices import Choice
from cases.people import Role
from cases.permissions import LEADERS, UNIT_PEOPLE, Action
from handlers.intake import FORWARDED
from handlers.references import case_written
from handlers.talk import Talk
from storage.cases import NewReport
from storage.states import ReportKind

_SHOWN = 60  # bytes of the pasted words in the answer: enough to know them by
_KEPT = 400  # bytes of them in the timeline; the report keeps them whole
_EXAMPLES = (
    (LEADERS, "同意 {n}"),
    ({Role.OFFICE_DIRECTOR}, "{n} 定二级, 交城管局"),
    (UNIT_PEOPLE, "收到 {n}"),
    (frozenset(Role), "查 {n}"),
)


def take_out(talk: Talk) -> str:
    """Leave the sender's own words in the conversation and return those of others, "" if none."""
    others = talk.work.people.names() - {talk.person.name}
    parts = separate(talk.words, others, is_leader=talk.person.is_any(*LEADERS))
    if parts.pasted:
        talk.words = parts.own.strip()
    return parts.pasted


def said_by_others(talk: Talk, pasted: str) -> str:
    """Return what pasted words say, without names and times."""
    return said_in(pasted, talk.work.people.names())


def keep(talk: Talk, pasted: str) -> bool:
    """Keep pasted words with the case spoken of, their source visible; False if there is none."""
    case = talk.case
    if case is None or not pasted:
        return False
    words = mask(pasted)
    try:
        talk.permit(Action.SUPPLEMENT, case)
    except RefusalError:
        return False
    if case.is_open:
        shown = f"{FORWARDED}: {wecom_field(words, _KEPT)}"
        talk.do(case, Action.SUPPLEMENT, commands.Supplement(shown))
    text = f"来源: {FORWARDED}\n{words}"
    talk.work.cases.add_report(
        NewReport(case.id, ReportKind.SUPPLEMENT, talk.person.userid, talk.now, text, talk.key)
    )
    return True


def alone(talk: Talk, pasted: str) -> None:
    """Answer a message that holds nothing of the sender's own."""
    talk.case = _pointed_at(talk, pasted)
    number = talk.case.short_number if talk.case else "007"
    where = f", 已作为{FORWARDED}记到 {number}" if keep(talk, pasted) else ""
    example = next(say for roles, say in _EXAMPLES if talk.person.is_any(*roles))
    shown = wecom_field(" ".join(pasted.split()), _SHOWN)
    choices = _offer(talk, said_by_others(talk, pasted))
    text = f"「{shown}」看着是转发来的话, 没有当作您的指令{where}。"
    if not choices:
        text += f"是您自己的意思请自己写一句, 例如「{example.format(n=number)}」。"
    talk.say(text, choices, case=talk.case)


def _offer(talk: Talk, content: str) -> tuple[Choice, ...]:
    """A pasted report can be registered in one tap: its words are what was seen."""
    if talk.case is not None:
        return ()
    understood = understand(content, None, talk.now, talk.desk.link_rules)
    if understood.intent is not Intent.REPORT_NEW:
        return ()
    return (Choice("登记为舆情 (转发内容)", (f"登记转发内容 {content}",)),)


def _pointed_at(talk: Talk, pasted: str) -> Case | None:
    """The one case whose number the pasted words name, if the sender may know of it."""
    _text, found = find_references(clean(pasted))
    written = {reference.written for reference in found if reference.written}
    if len(written) != 1:
        return None
    try:
        return case_written(talk, written.pop())
    except RefusalError:
        return None
