"""How the platform answers: errcode, errmsg with hint and address, always HTTP 200."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.fields import Json

# Texts as seen on the real platform or in its table (page 90313); clients must not read them.
TEXTS: Mapping[int, str] = {
    -1: "system error",
    40001: "invalid credential",
    40003: "invalid userid",
    40004: "invalid media type",
    40005: "invalid type param",
    40006: "invalid media size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40029: "invalid code",
    40031: "invalid userid list",
    40032: "invalid userid list length",
    40035: "invalid parameter",
    40039: "url size too long",
    40056: "invalid agentid",
    40058: "invalid Request Parameter",
    40063: "some parameters are empty",
    40123: "invalid image",
    40145: "media_id expired",
    41001: "access_token missing",
    41002: "corpid missing",
    41004: "secret missing",
    41010: "missing url",
    41011: "missing agentid",
    41016: "missing title",
    41033: "missing description",
    42001: "access_token expired",
    42003: "code expired",
    42014: "invalid task_id",
    42015: "app not match",
    42022: "code has been used",
    42052: "msgid expired",
    43012: "callback url required",
    44001: "empty media data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "api freq out of limit",
    45034: "url must have scheme",
    46004: "user no exist",
    47001: "data format error",
    48002: "api forbidden",
    50001: "redirect_url must in trusted domain",
    60003: "department not found",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60111: "invalid string value `userid`. userid not found",
    60123: "invalid party id",
    60140: "invalid response_code",
    81013: "user & party & tag all invalid",
    82001: "all touser & toparty & totag are empty",
    82002: "invalid toparty length",
    82003: "invalid totag length",
    82101: "update target is empty",
    82102: "update target is not a receiver",
    86001: "invalid chatid",
    86003: "chatid not exist",
    86008: "chat not created by this app",
    86201: "invalid chat name",
    86202: "invalid chat owner",
    86203: "invalid chat userlist",
    86215: "chatid exists",
    86216: "invalid chat member",
    93000: "invalid webhook url",
    93017: "empty request body",
    93018: "image size out of limit",
    301002: "not allow operate another agent with this accesstoken.",
    301019: "file md5 not match",
}


class RefusalError(Exception):
    """The platform refuses: an errcode, and its text where the table's is not exact enough."""

    def __init__(self, errcode: int, errmsg: str = "") -> None:
        self.errcode = errcode
        self.errmsg = errmsg or TEXTS.get(errcode, "unknown error")
        super().__init__(f"{errcode} {self.errmsg}")


@dataclass(frozen=True, slots=True)
class Done:
    """A request carried out: the answer's own keys, or raw bytes for a download."""

    reply: Json = field(default_factory=dict)
    raw: bytes | None = None
    raw_type: str = "application/octet-stream"
    raw_name: str = ""
    errmsg: str = "ok"


def error_text(errcode: int, errmsg: str, *, now: float, peer: str) -> str:
    """Return errmsg as the platform writes it: with a hint, the caller's address and a link."""
    hint = f"{now:.0f}_{secrets.randbelow(90) + 10}_{secrets.token_hex(16)}"
    return (
        f"{errmsg}, hint: [{hint}], from ip: {peer}, "
        f"more info at https://open.work.weixin.qq.com/devtool/query?e={errcode}"
    )
