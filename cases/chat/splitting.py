"""Several commands in one message: where one ends and the next begins."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from cases.chat.intents import Found, Intent
from cases.chat.message import Message

_CLAUSE = re.compile(r"[。;\n!?]+|,(?![0-9]{3}(?![0-9]))|(?<=[\u4e00-\u9fff])\s+(?=[\ue200-\ue3ff])")
_ALSO = re.compile(r"^\s*(?:另外?|同时|还有|顺便|再|然后|并|以及|此外|[0-9一二三四五][.、)])[,:\s]*")
# These take the whole message: what follows belongs to them.
_WHOLE = frozenset(
    {
        Intent.REPORT_NEW, Intent.UNIT_DRAFT_REPLY, Intent.DUTY_HANDOVER, Intent.ZERO_REPORT, Intent.UNIT_PROGRESS,
        Intent.CONSULT, Intent.OOS_DELETE, Intent.OOS_COMMENT_ARMY, Intent.OOS_TRACE, Intent.DUTY_LEAVE,
    }
)
Reader = Callable[[Message], Found | None]


def split(message: Message, recognise: Reader) -> list[tuple[Message, Found]]:
    """Return the commands of a message in order, each with its piece; [] if there is none."""
    whole = recognise(message)
    if whole is None or whole.intent in _WHOLE or len(message.text) > 400:  # noqa: PLR2004 - nobody commands so long
        return [(message, whole)] if whole else []
    spans = list(_clauses(message.text))
    if len(spans) < 2:  # noqa: PLR2004
        return [(message, whole)]
    groups = _grouped(message, spans, recognise)
    if len(groups) < 2:  # noqa: PLR2004
        return [(message, whole)]
    return _with_cases(message, groups, recognise) or [(message, whole)]


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for match in _CLAUSE.finditer(text):
        if text[position: match.start()].strip():
            yield position, match.end()
        position = match.end()
    if text[position:].strip():
        yield position, len(text)


def _grouped(message: Message, spans: list[tuple[int, int]], recognise: Reader) -> list[tuple[int, int]]:
    """Join clauses to commands: a clause that is no strong command belongs to its neighbour."""
    groups: list[tuple[int, int]] = []
    last: Found | None = None
    for start, end in spans:
        found = recognise(_own_words(message.piece(start, end)))
        strong = found if found and _is_strong(found) else None
        if groups and (strong is None or last is None or _continues(last, strong)):
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
        last = strong if strong and not (last and _continues(last, strong)) else last
    return groups


def _own_words(piece: Message) -> Message:
    also = _ALSO.match(piece.said)
    return piece.piece(also.end(), len(piece.text)) if also else piece


def _is_strong(found: Found) -> bool:
    return not found.weak and found.intent not in {
        Intent.AMBIGUOUS, Intent.CHAT, Intent.CHOICE, Intent.INSTRUCT, Intent.URGE, Intent.READ_ACK, Intent.HELP,
        Intent.UNIT_PROGRESS, Intent.REPORT_NEW, Intent.QUERY_STATUS,
    } or found.intent in {Intent.QUERY_STATUS} and "case" in found.slots


# What may follow within one command: a refusal with its reason, a sign with what is done next.
_PAIRS = frozenset(
    {
        (Intent.EXTEND_DENY, Intent.UNIT_DONE), (Intent.APPROVE, Intent.APPROVE_WITH_EDIT), (Intent.REJECT, Intent.APPROVE_WITH_EDIT),
        (Intent.UNIT_DECLINE, Intent.ASSIGN), (Intent.UNIT_DECLINE, Intent.ASSIGN_TRANSFER), (Intent.UNIT_DECLINE, Intent.HANDOFF),
        (Intent.UNIT_VERIFY_RESULT, Intent.UNIT_DECLINE), (Intent.GRADE_SUGGEST, Intent.GRADE_CHANGE), (Intent.UNIT_DECLINE, Intent.UNIT_COOP_REQUEST),
        (Intent.ASSIGN, Intent.ASSIGN_ADD_COOP), (Intent.ASSIGN, Intent.ASSIGN), (Intent.REJECT, Intent.ASSIGN), (Intent.UNIT_PUBLISHED, Intent.REPORT_SUPPLEMENT),
        (Intent.CASE_REOPEN, Intent.CASE_CLOSE), (Intent.CASE_CLOSE, Intent.CASE_REOPEN), (Intent.ASSIGN_TRANSFER, Intent.UNIT_DECLINE),
        (Intent.CASE_ARCHIVE, Intent.BRIEF_REQUEST), (Intent.GRADE_CHANGE, Intent.GRADE_CONFIRM), (Intent.ESCALATE_FOR_APPROVAL, Intent.GRADE_SUGGEST),
    }
)


def _continues(last: Found, found: Found) -> bool:
    other_case = "case" in found.slots and found.slots["case"] != last.slots.get("case", found.slots["case"])
    if other_case or {"into_case", "items"} & found.slots.keys():
        return False
    return last.intent is found.intent or (last.intent, found.intent) in _PAIRS


def _with_cases(
    message: Message, groups: list[tuple[int, int]], recognise: Reader
) -> list[tuple[Message, Found]]:
    """Read each group; one without a number is about the case named before it, or the only one."""
    read: list[tuple[Message, Found]] = []
    only = message.cases if len(set(message.cases)) == 1 else []
    carried = only[0] if only else ""
    for start, end in groups:
        piece = _own_words(message.piece(start, end))
        found = recognise(piece)
        if found is None:
            return []
        carried = piece.cases[-1] if piece.cases else carried
        if carried and not piece.cases and found.intent is not Intent.CASE_MERGE:
            found = replace(found, slots={"case": carried} | found.slots)
        read.append((piece, found))
    return read


