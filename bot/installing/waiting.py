"""Waits until the platform has verified the callback, saying every few seconds what is missing."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cases.beijing import in_beijing

_LOOK_SECONDS = 1.0
_SAY_SECONDS = 5.0

Verified = Callable[[], datetime | None]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for: the service on this port, then a verification after `since`."""

    port: int
    since: datetime
    verified: Verified
    look_seconds: float = _LOOK_SECONDS


def wait(waiting: Waiting, seconds: float, say: Say) -> bool:
    """Return whether it was verified within `seconds`; says what it waits for, and the end."""
    began, said = time.monotonic(), -_SAY_SECONDS
    while (passed := time.monotonic() - began) < seconds:
        at = waiting.verified()
        if at is not None and at >= waiting.since:
            say(f"✓ 回调已验证 ({in_beijing(at):%H:%M:%S}): 企业微信能找到督办了。")
            return True
        if passed - said >= _SAY_SECONDS:
            said = passed
            say(f"  … {passed:3.0f} 秒: {_missing(waiting.port)}")
        threading.Event().wait(waiting.look_seconds)
    say("还没有验证。配置已写好, 随时再运行 init 会接着等; 也可以运行 doctor 看原因。")
    return False


def _missing(port: int) -> str:
    if is_up(port):
        return "服务在运行, 等企业微信来验证 (请在管理后台点「保存」)"
    return "服务还没有运行 (systemctl enable --now duban, 或另开窗口运行 serve)"


def is_up(port: int) -> bool:
    """Whether a service on this machine takes callbacks."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
