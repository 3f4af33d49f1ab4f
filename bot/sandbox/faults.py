"""The fault script: which request goes wrong, and how."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.fields import Json, mapping, text, whole

MOST_SECONDS = 600.0


class FaultKind(StrEnum):
    """What can go wrong with one request."""

    HTTP500 = "http500"  # nothing carried out, HTTP 500
    TIMEOUT_BEFORE = "timeout_before"  # nothing carried out, no answer
    EXECUTE_AND_TIMEOUT = "execute_and_timeout"  # carried out, no answer
    RST_AFTER_HEADERS = "rst_after_headers"  # carried out, connection reset after the headers
    SLOW = "slow"  # carried out, answered late
    BAD_JSON = "bad_json"  # carried out, half an answer
    HTML_PAGE = "html_page"  # nothing carried out, a gateway's page
    ERRCODE = "errcode"  # refused with this errcode
    PARTIAL_INVALIDUSER = "partial_invaliduser"  # carried out but for the last recipient
    TOKEN_REVOKED_EARLY = "token_revoked_early"  # noqa: S105 - the name of a fault
    SILENT_DROP = "silent_drop"  # errcode 0, nobody sees it
    CALLBACK_LOST = "callback_lost"  # a callback that never leaves
    CALLBACK_TWICE = "callback_twice"  # a callback delivered a second time
    CALLBACK_LATE = "callback_late"  # a callback that leaves later than the ones after it


# These never reach the handler: something in front of the platform answers, or nobody.
NOT_CARRIED_OUT = frozenset(
    {FaultKind.HTTP500, FaultKind.TIMEOUT_BEFORE, FaultKind.HTML_PAGE, FaultKind.ERRCODE}
)

OF_CALLBACKS = frozenset(
    {FaultKind.CALLBACK_LOST, FaultKind.CALLBACK_TWICE, FaultKind.CALLBACK_LATE}
)
_TIMED = frozenset({FaultKind.SLOW, FaultKind.CALLBACK_LATE})

EXPLAINED = {
    FaultKind.HTTP500: "服务器出错 (HTTP 500), 没有执行",
    FaultKind.TIMEOUT_BEFORE: "没有执行, 也没有回答",
    FaultKind.EXECUTE_AND_TIMEOUT: "执行了, 但没有回答",
    FaultKind.RST_AFTER_HEADERS: "执行了, 回答到一半连接断开",
    FaultKind.SLOW: "执行了, 回答很慢 (slow:秒)",
    FaultKind.BAD_JSON: "执行了, 回答是半截 JSON",
    FaultKind.HTML_PAGE: "没有执行, 网关回了一个网页",
    FaultKind.ERRCODE: "拒绝, 返回指定错误码 (errcode:数字)",
    FaultKind.PARTIAL_INVALIDUSER: "最后一位收件人无效",
    FaultKind.TOKEN_REVOKED_EARLY: "access_token 提前失效",
    FaultKind.SILENT_DROP: "返回成功, 但谁也看不到",
    FaultKind.CALLBACK_LOST: "回调丢失",
    FaultKind.CALLBACK_TWICE: "回调重复送达",
    FaultKind.CALLBACK_LATE: "回调晚到 (callback_late:秒)",
}


class BadFaultError(Exception):
    """A line of the fault script that cannot be meant, in words for its author."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault, with its seconds (slow) or errcode (errcode)."""

    kind: FaultKind
    value: float = 0

    def __str__(self) -> str:
        """Write the fault as the script does."""
        valued = self.kind in _TIMED or self.kind is FaultKind.ERRCODE
        return f"{self.kind}:{self.value:g}" if valued else str(self.kind)


@dataclass(slots=True)
class Rule:
    """From the `nth` matching request on, `times` requests go wrong."""

    fault: Fault
    match: str = ""  # text that api, key, msgtype or recipient holds; "" = every request
    nth: int = 1
    times: int = 1  # 0 = until removed
    seen: int = 0
    used: int = 0

    def takes(self, words: Iterable[str]) -> bool:
        """Count a request and say whether this rule spoils it."""
        if self.match and not any(self.match in word for word in words):
            return False
        self.seen += 1
        if self.seen < self.nth or (self.times and self.used >= self.times):
            return False
        self.used += 1
        return True

    def described(self) -> dict[str, object]:
        """Return the rule for the page and for tests."""
        return {
            "match": self.match,
            "nth": self.nth,
            "times": self.times,
            "fault": str(self.fault),
            "seen": self.seen,
            "used": self.used,
            "explained": EXPLAINED[self.fault.kind],
        }


class FaultScript:
    """The rules in force, in order; the first that takes a request wins."""

    def __init__(self, rules: Iterable[Json] = ()) -> None:
        self._rules = [read_rule(raw) for raw in rules]

    def replace(self, rules: Iterable[Json]) -> None:
        """Put other rules in force.

        Raises:
            BadFaultError: a rule is wrong; the old ones stay.
        """
        self._rules = [read_rule(raw) for raw in rules]

    def add(self, rule: Rule) -> None:
        """Append one rule."""
        self._rules.append(rule)

    def described(self) -> list[dict[str, object]]:
        """Return all rules with their counts."""
        return [rule.described() for rule in self._rules]

    def for_request(self, words: Iterable[str]) -> Fault | None:
        """Return the fault this request gets; `words` are its api, key, msgtype and recipients."""
        return self._first(words, callbacks=False)

    def for_callback(self, words: Iterable[str]) -> Fault | None:
        """Return the fault this callback gets; `words` are "callback", its sender and its type."""
        return self._first(words, callbacks=True)

    def _first(self, words: Iterable[str], *, callbacks: bool) -> Fault | None:
        listed = tuple(words)
        rules = (r for r in self._rules if (r.fault.kind in OF_CALLBACKS) is callbacks)
        return next((rule.fault for rule in rules if rule.takes(listed)), None)


def read_fault(written: str) -> Fault:
    """Read `kind` or `kind:value`.

    Raises:
        BadFaultError: unknown kind, or a value that is missing or out of range.
    """
    name, _, value = written.partition(":")
    try:
        kind = FaultKind(name)
        number = float(value) if value else 0.0
    except ValueError as error:
        raise BadFaultError(f"不认识的故障: {written} (可用: {'、'.join(FaultKind)})") from error
    if kind in _TIMED and not 0 < number <= MOST_SECONDS:
        raise BadFaultError(f"{kind} 要写秒数, 例如 {kind}:3 (最多 {MOST_SECONDS:.0f})")
    if kind is FaultKind.ERRCODE and (not value or not number.is_integer()):
        raise BadFaultError("errcode 要写错误码, 例如 errcode:45009")
    return Fault(kind, number)


def read_rule(raw: Json) -> Rule:
    """Read one rule {match, nth, times, fault}; match may be a text or {"api": text}.

    Raises:
        BadFaultError: the fault is wrong or a count is below its least value.
    """
    match = text(raw, "match") or text(mapping(raw.get("match")), "api")
    rule = Rule(read_fault(text(raw, "fault")), match, whole(raw, "nth", 1), whole(raw, "times", 1))
    if rule.nth < 1 or rule.times < 0:
        raise BadFaultError("nth 应不小于 1, times 应不小于 0 (0 = 一直)")
    return rule
