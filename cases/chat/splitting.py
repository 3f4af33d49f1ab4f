"""Several commands in one message: where one ends and the next begins."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from cases.chat.intents import Found, Intent
from cases.chat.lengths import COMMAND
from cases.chat.message import Message
from cases.people import Role

_CLAUSE = re.compile(
    r"[。;\n!?]+|,(?![0-9]{3}(?![0-9]))|(?<=[\u4e00-\u9fff])\s+(?=[\ue200-\ue3ff])|"
    "并(?=归档|存档|挂牌|交|由|请|报|抄送|通报|转)|(?<=级)(?=[交派]|给|转给)|"
    "(?<=[重较]大)(?=[交派])|(?<=一般)(?=[交派])"
)
_APART = re.compile(r"[,。;\n]\s*另外?")
_ALSO = re.compile(
    r"^\s*(?:另外?|同时|还有|顺便|再|然后|并|以及|此外|[0-9一二三四五][.、)])[,:\s]*"
)
# These take the whole message: what follows belongs to them.
_BESIDES = re.compile(r"^\s*(?:另外?(?!请)|同时|顺便|此外|还有)")
_WHOLE = frozenset(
    {
        Intent.REPORT_NEW,
        Intent.UNIT_DRAFT_REPLY,
        Intent.DUTY_HANDOVER,
        Intent.ZERO_REPORT,
        Intent.UNIT_PROGRESS,
        Intent.CONSULT,
        Intent.OOS_DELETE,
        Intent.OOS_COMMENT_ARMY,
        Intent.OOS_TRACE,
        Intent.DUTY_LEAVE,
    }
)
Reader = Callable[[Message], Found | None]


def split(message: Message, recognise: Reader) -> list[tuple[Message, Found]]:
    """Return the commands of a message in order, each with its piece; [] if there is none."""
    whole = recognise(message)
    if whole is None or whole.intent in _WHOLE or len(message.text) > COMMAND:
        return [(message, whole)] if whole else []
    spans = list(_clauses(message.text))
    if len(spans) <= 1:
        return [(message, whole)]
    groups = _grouped(message, spans, recognise)
    if len(groups) <= 1:
        return [(message, whole)]
    return _with_cases(message, groups, recognise) or [(message, whole)]


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for match in _CLAUSE.finditer(text):
        if text[position : match.start()].strip():
            yield position, match.end()
        position = match.end()
    if text[position:].strip():
        yield position, len(text)


def _grouped(
    message: Message, spans: list[tuple[int, int]], recognise: Reader
) -> list[tuple[int, int]]:
    """Join clauses to commands: a clause that is no strong command belongs to its neighbour."""
    groups: list[tuple[int, int]] = []
    last: Found | None = None
    about = ""  # the case named last
    for start, end in spans:
        found = recognise(_given(_own_words(message.piece(start, end)), last))
        is_besides = bool(groups and _BESIDES.match(message.text[start:end]))
        urges = is_besides and found is not None and found.intent is Intent.URGE
        strong = found if found and (urges or _stands(found, last)) else None
        opens = last or (is_besides and _is_command(message.piece(*groups[-1]), recognise))
        continues = bool(last and strong and _continues(last, strong, about))
        if groups and (strong is None or not opens or continues):
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
        last = strong if strong and not continues else last
        about = str(strong.slots.get("case", about)) if strong else about
    return groups


def _is_command(piece: Message, recognise: Reader) -> bool:
    found = recognise(piece)
    return found is not None and found.intent not in {Intent.AMBIGUOUS, Intent.CHAT}


def _own_words(piece: Message) -> Message:
    also = _ALSO.match(piece.said)
    return piece.piece(also.end(), len(piece.text)) if also else piece


_GRADES = frozenset({Intent.GRADE_CONFIRM, Intent.GRADE_CHANGE})
_GIVES = re.compile(r"\s*(?:并)?(?:交|派)")


def _given(piece: Message, last: Found | None) -> Message:
    """A leader who has just graded a case gives it to a unit in the same breath (交城管局)."""
    gives = last is not None and last.intent in _GRADES and _GIVES.match(piece.said)
    return replace(piece, role=Role.OFFICE_DIRECTOR) if gives and piece.is_leader else piece


def _is_strong(found: Found) -> bool:
    if found.intent is Intent.INSTRUCT:  # an order to somebody named stands by itself
        return bool({"lead", "units"} & found.slots.keys())
    if found.intent is Intent.UNIT_PROGRESS:  # under a heading it stands: 收到,首报:…
        return "report_kind" in found.slots
    if found.weak:
        return False
    return found.intent not in {
        Intent.AMBIGUOUS,
        Intent.CHAT,
        Intent.CHOICE,
        Intent.INSTRUCT,
        Intent.URGE,
        Intent.READ_ACK,
        Intent.HELP,
        Intent.PING,
        Intent.REPORT_NEW,
        Intent.QUERY_STATUS,
    } or (found.intent is Intent.QUERY_STATUS and "case" in found.slots)


def _stands(found: Found, last: Found | None) -> bool:
    """Whether a clause is a command of its own; a number of its own makes a weak one stand."""
    if _is_strong(found):
        return True
    names_another = last is not None and "case" in found.slots and "case" in last.slots
    return names_another and found.intent in _WEAK_BUT_MEANT


_WEAK_BUT_MEANT = frozenset(
    {Intent.UNIT_PROGRESS, Intent.READ_ACK, Intent.URGE, Intent.REPORT_SUPPLEMENT}
)

# What may follow within one command: a refusal with its reason, a sign with what is done next.
_PAIRS = frozenset(
    {
        (Intent.REJECT, Intent.EXTEND_DENY),
        (Intent.REPORT_SUPPLEMENT, Intent.REPORT_WITHDRAW),
        (Intent.APPROVE_WITH_EDIT, Intent.INSTRUCT),
        (Intent.REJECT, Intent.INSTRUCT),
        (Intent.ESCALATE_FOR_APPROVAL, Intent.INSTRUCT),
        (Intent.ASSIGN_TRANSFER, Intent.ASSIGN),
        # A reason may name a list: 维持交办, 职责清单写明归城管局.
        (Intent.DECLINE_DENY, Intent.QUERY_LIST),
        (Intent.ASSIGN_TRANSFER, Intent.QUERY_LIST),
        (Intent.REPORT_WITHDRAW, Intent.UNIT_DECLINE),
        (Intent.EXTEND_DENY, Intent.UNIT_DONE),
        (Intent.APPROVE, Intent.APPROVE_WITH_EDIT),
        (Intent.REJECT, Intent.APPROVE_WITH_EDIT),
        (Intent.UNIT_DECLINE, Intent.ASSIGN),
        (Intent.UNIT_DECLINE, Intent.ASSIGN_TRANSFER),
        (Intent.UNIT_DECLINE, Intent.HANDOFF),
        (Intent.UNIT_VERIFY_RESULT, Intent.UNIT_DECLINE),
        (Intent.GRADE_SUGGEST, Intent.GRADE_CHANGE),
        (Intent.UNIT_DECLINE, Intent.UNIT_COOP_REQUEST),
        (Intent.ASSIGN, Intent.ASSIGN_ADD_COOP),
        (Intent.ASSIGN, Intent.ASSIGN),
        (Intent.REJECT, Intent.ASSIGN),
        (Intent.UNIT_PUBLISHED, Intent.REPORT_SUPPLEMENT),
        (Intent.CASE_REOPEN, Intent.CASE_CLOSE),
        (Intent.CASE_CLOSE, Intent.CASE_REOPEN),
        (Intent.ASSIGN_TRANSFER, Intent.UNIT_DECLINE),
        (Intent.CASE_ARCHIVE, Intent.BRIEF_REQUEST),
        (Intent.APPROVE, Intent.CASE_CLOSE),
        (Intent.GRADE_CHANGE, Intent.GRADE_CONFIRM),
        (Intent.ESCALATE_FOR_APPROVAL, Intent.GRADE_SUGGEST),
    }
)


def _continues(last: Found, found: Found, about: str) -> bool:
    named = found.slots.get("case")
    other_case = named is not None and named != last.slots.get("case", about or named)
    if other_case or "items" in found.slots:
        return False
    if found.intent is Intent.CASE_MERGE:  # "#006和#004是一回事,合并到004" is one merge
        return last.intent is found.intent and not {"from_case", "into_case"} <= found.slots.keys()
    return last.intent is found.intent or (last.intent, found.intent) in _PAIRS


def _with_cases(
    message: Message, groups: list[tuple[int, int]], recognise: Reader
) -> list[tuple[Message, Found]]:
    """Read each group; one without a number is about the cases named before it, or the only one."""
    read: list[tuple[Message, Found]] = []
    is_shared = len(set(message.cases)) == 1 and not message.find(_APART)
    carried = [message.case] if is_shared else []
    items: list[int] | str = []
    for start, end in groups:
        piece = _given(_own_words(message.piece(start, end)), read[-1][1] if read else None)
        found = recognise(piece) or Found(Intent.AMBIGUOUS)
        names_some = piece.cases and found.intent is not Intent.CASE_MERGE
        carried = list(dict.fromkeys(piece.cases)) if names_some else carried
        items = piece.items or ([] if piece.cases else items)
        if items:
            read.append((piece, replace(found, slots=found.slots | {"items": items})))
            continue
        if carried and not piece.cases and found.intent is not Intent.CASE_MERGE:
            about = [replace(found, slots={"case": one} | found.slots) for one in carried]
            read += [(piece, one) for one in about]
        else:
            read.append((piece, found))
    return read
