"""The case after what happened about what is said in public and upward."""

from dataclasses import replace
from typing import assert_never

from cases import events
from cases.folding.parts import change
from cases.model import AssignmentState, Case, State
from cases.response import Reply, ReplyStage

Text = (
    events.ReplyPassed
    | events.ReplyReturned
    | events.ReplyIssued
    | events.ReplyIssuedWithEdit
    | events.Published
)


def apply(case: Case, event: events.Answering) -> Case:
    """Return the case after the event."""
    said = case.response
    match event:
        case events.StepWaived(step=step):
            return replace(
                case, response=replace(said, waived=(*said.waived, step), awaits_answer=False)
            )
        case events.ReportedUp():
            return replace(case, response=replace(said, reported_up=True))
        case events.PressHeld():
            return replace(case, response=replace(said, press_held=True))
        case events.PressPlanned():
            return case
        case events.ReplyDrafted():
            return _drafted(case, event)
        case _:
            return _moved_on(case, event)


def _drafted(case: Case, event: events.ReplyDrafted) -> Case:
    was = case.response.reply
    unmet = was if was is not None and was.stage is not ReplyStage.PUBLISHED else None
    reply = Reply(
        version=event.version,
        text=event.draft,
        unit=event.unit,
        drafted_by=event.by,
        # A condition stands until the office finds it met, also where the edit took two tries.
        condition=unmet.condition if unmet else "",
        conditional_by=unmet.conditional_by if unmet else "",
    )
    lead = case.lead
    if event.instead_of_closing and lead is not None:
        case = change(case, lead.id, AssignmentState.SIGNED)
    return _with(case, reply, State.REPLY_DRAFT)


def _moved_on(case: Case, event: Text) -> Case:
    reply = case.response.reply
    if reply is None:  # an event without its text: nothing to move on
        return case
    match event:
        case events.ReplyPassed():
            return _with(case, replace(reply, stage=ReplyStage.REVIEWED), State.REVIEWING)
        case events.ReplyReturned():
            return _with(case, replace(reply, stage=ReplyStage.RETURNED), State.HANDLING)
        case events.ReplyIssued():
            issued = replace(reply, stage=ReplyStage.ISSUED, condition="", conditional_by="")
            return _with(case, issued, State.REVIEWING)
        case events.ReplyIssuedWithEdit(words=words, by=by):
            agreed = replace(
                reply, stage=ReplyStage.CONDITIONAL, condition=words, conditional_by=by
            )
            return _with(case, agreed, State.HANDLING)
        case events.Published(at=at, until=until):
            out = _with(case, replace(reply, stage=ReplyStage.PUBLISHED), State.TRACKING)
            said = replace(out.response, published=out.response.published + 1)
            return replace(
                out, response=replace(said, tracking_until=until, published_at=at, looks=0)
            )
        case _:
            assert_never(event)


def _with(case: Case, reply: Reply, state: State) -> Case:
    return replace(case, state=state, response=replace(case.response, reply=reply, decider=""))
