"""What follows when something has left or was refused: cards and groups go on from there."""

from datetime import datetime

from cases.cards import task_of
from handlers import chats
from handlers.cards import UPDATE, Hands
from handlers.desk import Desk
from storage.outbox import Claimed
from storage.states import Channel
from storage.work import Work


def sent(work: Work, claim: Claimed, code: str, now: datetime, desk: Desk) -> None:
    """Something has left; `code` is the response_code of a card, "" of anything else."""
    if claim.kind == chats.CREATE:
        chats.made(work, desk, claim, now)
    elif task_of(claim.payload) and claim.kind != UPDATE:
        Hands(work, desk, now).sent(claim, code)


def refused(  # noqa: PLR0913 - the sender's own words
    work: Work, claim: Claimed, errcode: int, text: str, *, now: datetime, desk: Desk
) -> bool:
    """Something was refused for good; whether it was dealt with here, without an alarm."""
    del errcode  # the text says it in words
    if claim.kind == UPDATE or task_of(claim.payload):
        return Hands(work, desk, now).refused(claim, text)
    return claim.channel is Channel.APPCHAT and chats.not_made(work, desk, claim, text, now)
