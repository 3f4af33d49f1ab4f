"""What was said in public and upward, in a few words."""

from collections.abc import Mapping
from typing import assert_never

from cases import events


def in_words(event: events.Answering, units: Mapping[str, str]) -> str:
    """Return the event in a few words."""
    match event:
        case events.ReplyDrafted(unit=unit, version=version):
            return f"{units.get(unit, unit)}报回应稿第 {version} 稿"
        case events.ReplyPassed(version=version):
            return f"第 {version} 稿审核通过, 报领导签发"
        case events.ReplyReturned(version=version, reason=reason):
            return f"第 {version} 稿退回: {reason}"
        case events.ReplyIssued(version=version, words=words):
            how = "按批示改好, 签发" if event.edited else "签发"
            return f"{how}第 {version} 稿: {words}"
        case events.ReplyIssuedWithEdit(version=version, words=words):
            return f"第 {version} 稿改后可发: {words}"
        case events.Published(version=version, channel=channel):
            return f"发布第 {version} 稿" + (f" ({channel})" if channel else "")
        case _:
            return _besides(event)


def _besides(
    event: events.StepWaived | events.ReportedUp | events.PressPlanned | events.PressHeld,
) -> str:
    match event:
        case events.StepWaived(step=step, reason=reason):
            return f"不需{'公开回应' if step == '回应' else step}: {reason}"
        case events.ReportedUp(text=text):
            return "特报已上报" + (f": {text}" if text else "")
        case events.PressPlanned(place=place):
            return "安排发布会" + (f" ({place})" if place else "")
        case events.PressHeld(text=text):
            return "发布会已开" + (f": {text}" if text else "")
        case _:
            assert_never(event)
