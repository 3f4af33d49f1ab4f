"""A journey told as a chat: who says what, who then sees what, and that nobody sees anything else.

What is seen is read from the sandbox's log and nowhere else. Every message that becomes visible
must be named by `sees` before anybody speaks again; so none can be extra, lost or doubled.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from config.directory import load_directory
from tests.support.office import DIRECTORY, MORNING
from tests.support.town import OUTSIDERS, Town

_SHOWS = ("message/send", "webhook/send", "appchat/send")
_GROUP = "工作群"
_HISTORY = (
    "SELECT kind, recipient, payload_sha, state, reason, coalesce(ended_reason, '') FROM outbox"
)


@cache
def userids() -> dict[str, str]:
    """The userid of everybody in the corp, by name."""
    known = {person.name: person.userid for person in load_directory(DIRECTORY).people}
    return known | {one["name"]: one["userid"] for one in OUTSIDERS}


@dataclass(frozen=True, slots=True)
class Seen:
    """One message that became visible to one person or group."""

    to: str  # a name
    text: str
    sha: str  # of the request's body
    at: datetime

    def __str__(self) -> str:
        return f"{self.at:%m-%d %H:%M} → {self.to}: {self.text}"


@dataclass(slots=True)
class Chat:
    """One journey in a town of its own."""

    town: Town
    told: list[str] = field(default_factory=list)  # the transcript
    seen: list[Seen] = field(default_factory=list)  # all that became visible
    is_over: bool = False
    _after: int = 0
    _unread: list[Seen] = field(default_factory=list)
    _speaker: str = ""

    # What people do

    def says(self, who: str, text: str) -> None:
        """Somebody types something to the app 督办."""
        self._does(who, text)
        self.town.act("say", userid=_id(who), text=text)
        self._look()

    def says_in_group(self, who: str, group: str, text: str) -> None:
        """Somebody types something in a unit's group, where no app hears it."""
        self._does(who, f"[在{group}里] {text}")
        self.town.act("say", userid=_id(who), group=group, text=text)
        self._look()

    def forwards(self, who: str, title: str, url: str, description: str = "") -> None:
        """Somebody forwards an article card."""
        self._does(who, f"[转发] {title}\n{url}")
        self.town.act("forward", userid=_id(who), title=title, url=url, description=description)
        self._look()

    def sends_picture(self, who: str) -> None:
        """Somebody sends a photograph."""
        self._does(who, "[图片]")
        self.town.act("say", userid=_id(who), msgtype="image")
        self._look()

    def chooses(self, who: str, label: str) -> None:
        """Somebody answers with the number that he was last offered for `label`."""
        for one in reversed(self.seen):
            if one.to == who and (found := re.search(rf"([0-9]+) = {re.escape(label)}", one.text)):
                self.says(who, found[1])
                return
        raise AssertionError(f"{who} was never offered 「{label}」")

    def leaves_the_corp(self, who: str) -> None:
        """Somebody's account is closed: the platform says so, and refuses messages to it."""
        self._does(who, "[账号停用]")
        self.town.act("event", userid=_id(who), event="unsubscribe")
        self._look()

    def cannot_be_reached(self, who: str) -> None:
        """The platform refuses messages to somebody from now on, and tells nobody why."""
        self._does(who, "[不在应用可见范围]")
        rule = {"match": _id(who), "nth": 1, "times": 100, "fault": "errcode:81013"}
        self.town.act("faults", **rule)
        self._look()

    def passes(self, **length: float) -> None:
        """Time passes; whatever falls due meanwhile becomes visible at its own moment."""
        self._all_was_seen()
        self.town.passes(timedelta(**length))
        self.told.append(f"\n   … {self.town.now:%m-%d %H:%M}")
        self._speaker = ""
        self._look()

    def explains(self, words: str) -> None:
        """A line for the reader of the transcript."""
        self._all_was_seen()
        self.told.append(f"\n── {words}")

    # What people see

    def sees(self, who: str, *words: str, without: str = "") -> None:
        """Each of these people (names joined by 、) sees one message with all these words."""
        for name in who.split("、"):
            _id(name)
            fit = [one for one in self._unread if one.to == name and _has(one, words, without)]
            assert fit, f"{name} does not see {words}; seen is:\n{self._shown(self._unread)}"
            self._unread.remove(fit[0])

    def answered(self, *words: str, without: str = "") -> None:
        """Whoever spoke last sees one message with all these words."""
        self.sees(self._speaker, *words, without=without)

    def nothing_more(self, **later: float) -> None:
        """Nothing was seen that was not named, also not so much `later`; and the books agree."""
        if later:
            self.passes(**later)
        self._all_was_seen()
        self._each_row_has_a_reason()
        self._each_row_is_seen_once()
        self.is_over = True

    def _does(self, who: str, what: str) -> None:
        self._all_was_seen()
        self._speaker = who
        self.told.append(f"\n{self.town.now:%m-%d %H:%M} {who}: {_indented(what)}")

    def _look(self) -> None:
        lines = self.town.log(self._after)
        for line in lines:
            self._after = line["seq"]
            self._unread += _visible(line)
        fresh = self._unread
        self.seen += fresh
        self.told += [f"   → {one.to}: {_indented(one.text)}" for one in fresh]
        twice = [one for one, count in Counter((s.to, s.text) for s in fresh).items() if count > 1]
        assert not twice, f"said twice: {twice}"

    def _all_was_seen(self) -> None:
        assert not self._unread, f"nobody expected:\n{self._shown(self._unread)}"

    @staticmethod
    def _shown(seen: list[Seen]) -> str:
        return "\n".join(str(one) for one in seen) or "(nothing)"

    # What the books say at the end

    def _each_row_has_a_reason(self) -> None:
        for kind, recipient, _, state, reason, ended in self.town.rows(_HISTORY):
            assert re.search("[\u4e00-\u9fff]", reason), (kind, recipient, reason)
            assert state == "sent" or (state == "cancelled" and ended) or state == "failed", (
                kind,
                recipient,
                state,
                ended,
            )

    def _each_row_is_seen_once(self) -> None:
        names = {userid: name for name, userid in userids().items()}
        rows = Counter(
            (names.get(recipient, f"{recipient}{_GROUP}"), sha)
            for _, recipient, sha, state, *_ in self.town.rows(_HISTORY)
            if state == "sent"
        )
        seen = Counter((one.to, one.sha) for one in self.seen)
        assert rows == seen, f"sent, not seen: {rows - seen}; seen, not sent: {seen - rows}"


def _id(name: str) -> str:
    if name.endswith(_GROUP):
        return name
    return userids()[name]


def _has(one: Seen, words: tuple[str, ...], without: str) -> bool:
    return all(word in one.text for word in words) and not (without and without in one.text)


def _indented(text: str) -> str:
    return text.replace("\n", "\n      ")


def _visible(line: dict[str, Any]) -> list[Seen]:
    if not line.get("visible") or line.get("api") not in _SHOWS:
        return []
    names = {userid: name for name, userid in userids().items()}
    to = [line["group"]] if line["group"] else [names[userid] for userid in line["shown_to"]]
    at = datetime.fromtimestamp(line["t"], UTC).astimezone(MORNING.tzinfo)
    return [Seen(name, line["text"], line["body_sha"], at) for name in to]
