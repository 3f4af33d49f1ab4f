"""Plays a story against service and sandbox over HTTP, and judges every message in its log."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.demo.processes import NotRunningError, Process, ask, pause, start_service
from bot.demo.stage import AGENT_ID, Stage

_IDLE_SECONDS = 90.0
_LOOK_SECONDS = 0.03


class StoryError(Exception):
    """A message is missing, extra, or out of place; the text names the step and the message."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One message that must become visible: to whom (userid or group), holding which words."""

    to: str
    words: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as the sandbox logged it."""

    seq: int
    to: str
    text: str
    key: str
    at: float
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: something typed or forwarded, or a jump to the next moment; then what is seen."""

    who: str = ""  # userid; "" for a jump
    text: str = ""
    card: tuple[str, str, str] | None = None  # title, description, address
    press: str = ""  # the words on a button of a card
    expect: tuple[Expected, ...] = ()
    why: str = ""


@dataclass(slots=True)
class Tale:
    """What happened: for the transcript and for the judge."""

    seen: list[tuple[Step, list[Seen]]] = field(default_factory=list)
    crashes: int = 0
    repeated: int = 0  # posts of a group robot that a crash made appear twice


class Player:
    """Plays steps one after another. Starts the service again whenever it has died."""

    def __init__(
        self, stage: Stage, program: Path, *, environment: Mapping[str, str] | None = None
    ) -> None:
        """`environment` is for the service's first start only: it arms a failpoint."""
        self._stage = stage
        self._program = program
        self._environment = dict(environment or {})
        self._after = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._failed: Exception | None = None
        self.tale = Tale()
        self._service = self._start()
        self._watch = threading.Thread(target=self._keep_alive, daemon=True)
        self._watch.start()

    def kill(self) -> None:
        """Kill the service as a power cut would; the watch starts it again."""
        with self._lock:
            self._service.kill()

    def close(self) -> None:
        """End the service."""
        self._ended.set()
        self._watch.join()
        self._service.stop()

    def set_clock(self, moment: datetime) -> None:
        """Set the shared clock."""
        self._sandbox("POST", "/sandbox/clock", {"to": moment.isoformat()})

    def play(self, step: Step) -> list[Seen]:
        """Play one step, wait until nothing is left to do, and check what became visible.

        Raises:
            StoryError: a message is missing or extra.
        """
        if step.who:
            self._speak(step)
        else:
            self._jump()
        self.wait_until_idle()
        seen = self.look()
        self.tale.seen.append((step, seen))
        self.tale.repeated += judge(step, seen, crashes=self.tale.crashes)
        return seen

    def wait_until_idle(self) -> None:
        """Wait until nothing waits in the inbox, no timer is due and every message has left.

        Raises:
            StoryError: it does not come to rest.
        """
        ends = time.monotonic() + _IDLE_SECONDS
        rested = 0
        while time.monotonic() < ends:
            rested = rested + 1 if self._is_idle() else 0
            if rested > 1:
                return
            pause(_LOOK_SECONDS)
        raise StoryError(f"系统没有停下来: {self._failed or self._state()}")

    def _is_idle(self) -> bool:
        return self._state().get("idle") is True

    def _state(self) -> dict[str, object]:
        try:
            return ask(self._stage.service_port, "GET", "/rehearsal/idle")
        except NotRunningError:
            return {}

    def _speak(self, step: Step) -> None:
        body: dict[str, object] = {"userid": step.who, "agentid": AGENT_ID}
        if step.press:
            self._sandbox("POST", "/sandbox/press", self._pressed(step))
        elif step.card is not None:
            title, description, url = step.card
            body |= {"title": title, "description": description, "url": url}
            self._sandbox("POST", "/sandbox/forward", body)
        else:
            self._sandbox("POST", "/sandbox/say", body | {"text": step.text})

    def _pressed(self, step: Step) -> dict[str, object]:
        """Find the newest card of the person that has this button.

        Raises:
            StoryError: there is none.
        """
        shown = self._sandbox("GET", f"/sandbox/messages?viewer={step.who}")["messages"]
        for message in reversed(shown if isinstance(shown, list) else []):
            part = message["part"] if message["msgtype"] == "template_card" else {}
            if part.get("replace_text"):
                continue
            for button in part.get("button_list") or []:
                if button["text"] == step.press:
                    return {"userid": step.who, "msgid": message["msgid"], "key": button["key"]}
        raise StoryError(f"{step.who} 没有带「{step.press}」的卡片")

    def _jump(self) -> None:
        answer = self._until(lambda: ask(self._stage.service_port, "GET", "/rehearsal/next"))
        moment = answer.get("at")
        if not isinstance(moment, str):
            raise StoryError("没有下一个时限可跳")
        self._sandbox("POST", "/sandbox/clock", {"to": moment})

    def _until(self, question: Callable[[], dict[str, object]]) -> dict[str, object]:
        ends = time.monotonic() + _IDLE_SECONDS
        while True:
            try:
                return question()
            except NotRunningError:
                if time.monotonic() > ends:
                    raise
                pause(_LOOK_SECONDS)

    def look(self) -> list[Seen]:
        """Return what has become visible since the last look."""
        answer = self._sandbox("GET", f"/sandbox/log?after={self._after}")
        lines = answer["lines"]
        last = answer["last"]
        if not isinstance(lines, list) or not isinstance(last, int):
            raise StoryError("沙盒日志读不出来")
        self._after = last
        return [seen for line in lines for seen in _visible(line)]

    def _sandbox(self, method: str, path: str, body: object = None) -> dict[str, object]:
        return ask(self._stage.sandbox_port, method, path, body)

    def _start(self) -> Process:
        try:
            return start_service(self._stage, self._program, self._environment)
        except NotRunningError:
            if not self._environment:
                raise
        # An armed failpoint may lie on the way up; the next start is unarmed.
        self.tale.crashes += 1
        self._environment = {}
        return start_service(self._stage, self._program)

    def _keep_alive(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            with self._lock:
                if self._service.has_ended and not self._ended.is_set():
                    self.tale.crashes += 1
                    self._environment = {}
                    try:
                        self._service = self._start()
                    except NotRunningError as error:
                        self._failed = error
                        return


def _visible(line: object) -> list[Seen]:
    if not isinstance(line, dict) or not line.get("visible"):
        return []
    if line.get("api") not in ("message/send", "webhook/send"):
        return []
    to = line["shown_to"] if line["api"] == "message/send" else [line["group"]]
    text, key, at = str(line["text"]), str(line["key"]), float(line["t"])
    mentions = tuple(str(m) for m in line.get("mentions", ()))
    return [Seen(int(line["seq"]), str(one), text, key, at, mentions) for one in to]


def judge(step: Step, seen: Sequence[Seen], *, crashes: int) -> int:
    """Check what a step made visible; return how many posts of a group robot were seen twice.

    A group robot's message has no key at the platform: after a crash, and only then, its post may
    appear twice.

    Raises:
        StoryError: a message is missing, extra or doubled.
    """
    once, repeated = _without_repeats(seen, crashes)
    wanted, extra = list(step.expect), []
    for one in once:
        match = next((w for w in wanted if w.to == one.to and w.words in one.text), None)
        if match is None:
            extra.append(one)
        else:
            wanted.remove(match)
    if wanted or extra:
        lines = [f"「{step.why or step.text or '跳到下一时限'}」这一步:"]
        lines += [f"  缺: 给 {w.to} 含「{w.words}」" for w in wanted]
        lines += [f"  多: 给 {e.to}: {e.text!r}" for e in extra]
        raise StoryError("\n".join(lines))
    return repeated


def _without_repeats(seen: Sequence[Seen], crashes: int) -> tuple[list[Seen], int]:
    counted: Counter[tuple[str, str]] = Counter()
    once = []
    for one in seen:
        counted[one.to, one.text] += 1
        is_post = one.to.endswith("群")
        if counted[one.to, one.text] > 1 and is_post and crashes:
            continue
        once.append(one)
    return once, len(seen) - len(once)
