"""Whose a sign-in's code is: the platform is asked, once for each code."""

from bot.gateway import GiveUp, Scope, TryLater, Unknown
from bot.wecom.client import WeComClient


def whose(client: WeComClient, code: str) -> str | TryLater | GiveUp | Unknown:
    """Return the casefolded userid of the member to whom the code of a sign-in belongs.

    Who is no member (the platform then names an openid) is given up on (page 91023).
    """
    answer = client.call("auth/getuserinfo", None, {"code": code})
    if not isinstance(answer, dict):
        return answer
    userid = answer.get("userid")
    if not isinstance(userid, str) or not userid.strip():
        return GiveUp(0, "不是本企业的成员", Scope.RECIPIENT)
    return userid.strip().casefold()
