"""What 同意 or 退回 also answers: 延期 and 终止响应, beside 签批, 办结 and the reply text."""

from cases import commands
from cases.model import Case
from cases.permissions import Action
from handlers import extending
from handlers.said import Slots
from handlers.seats import verbatim
from handlers.talk import Talk


def grant_also(talk: Talk, case: Case, slots: Slots) -> str | None:
    """Grant what else the case waits for; None where there is nothing."""
    if case.ending is not None:
        talk.do(case, Action.END_RESPONSE, commands.EndResponse(words=verbatim(talk)))
        return f"{case.short_number} 响应已终止, 已告知各有关单位和报告人。"
    if case.extension is not None:
        return extending.grant(talk, {**slots, "case": case.number})
    return None


def refuse_also(talk: Talk, case: Case, slots: Slots) -> str | None:
    """Refuse what else the case waits for; None where there is nothing."""
    if case.ending is not None:
        talk.do(case, Action.END_RESPONSE, commands.KeepResponding(words=talk.words))
        return f"{case.short_number} 未同意终止响应, 已告知舆情办继续处置。"
    if case.extension is not None:
        return extending.deny(talk, {**slots, "case": case.number})
    return None
