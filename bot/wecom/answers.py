"""What the platform's answers mean: read, and judged by their errcode alone (R11)."""

import json

from bot.gateway import GiveUp, Outcome, Scope, Sent, TryLater, Unknown
from bot.wecom.error_codes import Verdict, explain, say

QUIET_SECONDS = 60.0  # a block for the minute lasts as long
_SCOPES = {
    Verdict.RECIPIENT: Scope.RECIPIENT,
    Verdict.CONFIGURATION: Scope.CHANNEL,
    Verdict.NEW_TOKEN: Scope.CHANNEL,  # a new one was fetched already and helped nothing
}

Answer = dict[str, object]


def parse(body: bytes) -> Answer | Unknown:
    """Read an answer; what is no JSON object says nothing about what was done."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return Unknown("回答不是 JSON")
    return answer if isinstance(answer, dict) else Unknown("回答不是 JSON 对象")


def code_of(answer: Answer) -> int:
    """Return the errcode; absent means success, and what is no number is no success."""
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else -1


def judge(answer: Answer) -> Outcome:
    """Turn an answer into an outcome by its errcode alone (R11)."""
    code, errmsg = code_of(answer), str(answer.get("errmsg", ""))
    if not isinstance(answer.get("errcode", 0), int):
        return Unknown("回答的 errcode 不是数字")
    if code == 0:
        invalid = _userids(answer.get("invaliduser")) + _userids(answer.get("unlicenseduser"))
        return Sent(_text(answer, "msgid"), invalid, _text(answer, "response_code"))
    verdict = explain(code).verdict
    if verdict is Verdict.BUSY:
        return TryLater(code, say(code, errmsg), 0)
    if verdict is Verdict.RATE_LIMITED:
        return TryLater(code, say(code, errmsg), QUIET_SECONDS, pauses_channel=True)
    return GiveUp(code, say(code, errmsg), _SCOPES.get(verdict, Scope.MESSAGE))


def _text(answer: Answer, name: str) -> str:
    value = answer.get(name, "")
    return value if isinstance(value, str) else ""


def _userids(value: object) -> tuple[str, ...]:
    """The userids of a failure list: a string with bars from message/send, else a list."""
    written = value.split("|") if isinstance(value, str) else value
    if not isinstance(written, list):
        return ()
    return tuple(str(userid).casefold() for userid in written if userid)
