"""Compares what left with what should have: every difference is named, none is forgiven quietly."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from tests.support.year.engine import Played
from tests.support.year.moments import HOUR, MINUTE, beijing, said
from tests.support.year.oracle import FEW, Oracle, Reminder
from tests.support.year.recorder import Left
from tests.support.year.rounds import MAY_BE_SILENT, Rounds, Slot
from tests.support.year.script import Act, Deed, Script

_LEFT_OUT = re.compile("作废 ([0-9]+) 条")
_KINDS = 12  # of broadcasts
_MORE = re.compile("… 另有 ([0-9]+) 件")
A_MINUTE, AN_HOUR = 25, 900  # what one member is sent at most (R12)
PACED = 56  # seconds: 50 to the next digest of a crowd, the twelfth it was counted in, one beat
Moments = Mapping[str, Sequence[int]]  # by person

Key = tuple[int, str, int, str, str, str]  # case, subject, its number, step, slot, who
ClockKey = tuple[int, str, int, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference: what kind of sin, and where."""

    sin: str
    where: str


@dataclass(frozen=True, slots=True)
class Said:
    """One reminder that reached somebody, by itself or in a digest."""

    key: Key
    at: int
    text: str = ""  # "" in a digest
    place: int = 0  # in the order of leaving


@dataclass(frozen=True, slots=True)
class Judged:
    """What the judge looked at and what it found."""

    faults: list[Fault]
    reminders: int
    digests: int
    slots: int
    delayed: int  # left later than due because the person had his fill for the minute


class Judge:
    """Knows what should have left; looks at one log after another."""

    def __init__(self, oracle: Oracle, rounds: Rounds, script: Script) -> None:
        self._expected = oracle.reminders()
        self.quieted = {key_of(one): one.at for one in oracle.quieted}
        self._ends = oracle.courses.ends()
        self._rounds = rounds
        self._script = script
        self._skipped = {
            (_clock_of(key_of(one)), one.at): one.skipped for one in self._expected if one.skipped
        }
        self._slots: dict[ClockKey, set[str]] = defaultdict(set)
        for one in self._expected:
            self._slots[_clock_of(key_of(one))].add(one.slot)

    @property
    def expected(self) -> Sequence[Reminder]:
        """What should have left, in the order of time."""
        return self._expected

    def acts(self, deed: Deed) -> list[Act]:
        """The commands of one kind."""
        return [act for act in self._script.acts if act.deed is deed]

    def case_of(self, act: Act) -> int:
        """The id of the case that a command is about."""
        return self._script.ids[act.case]

    def ended(self, case: int) -> int:
        """When a case ended; 0 where it has not."""
        at = self._ends.get(case, (0, 0))[0]
        return 0 if at >= 1 << 60 else at

    def look(self, played: Played) -> Judged:
        """Return every fault of a run."""
        told = list(reminders_in(played))
        faults = [*self._commands(played), *self._compare(told, played.left)]
        faults += self._order(told)
        faults += self._digests(played)
        faults += self._outages(played.left)
        faults += _member_limits(played.left)
        slots = self._rounds.slots()
        faults += self._broadcasts(slots, played.left)
        faults += self._periods(played.left)
        faults += [Fault("alarm", text) for text in played.alarms]
        faults += [
            Fault("unsent", f"{count} {state}")
            for state, count in played.open_rows.items()
            if state not in {"sent", "cancelled"}
        ]
        if played.open_rows.get("sent", 0) != len(played.left) + played.changes:
            faults.append(Fault("unsent", "the gateway took another number than was kept as sent"))
        digests = sum(one.key.startswith("digest|") for one in played.left)
        due = {(key_of(one), one.at) for one in self._expected}
        delayed = sum((one.key, one.at) not in due for one in told)
        return Judged(faults, len(told), digests, len(slots), delayed)

    def _commands(self, played: Played) -> Iterable[Fault]:
        """Every command was carried out: else the oracle follows another story."""
        for nth, act in enumerate(self._script.acts):
            if not _was_done(act, played, nth):
                answer = played.answers.get(nth, "(no answer)").replace("\n", " ")[:160]
                where = f"{said(act.at)} {act.who}: {self._script.words(act)[:80]} → {answer}"
                yield Fault("refused", where)

    def _compare(self, told: Sequence[Said], left: Sequence[Left]) -> Iterable[Fault]:
        wanted: dict[Key, list[Reminder]] = defaultdict(list)
        for one in self._expected:
            wanted[key_of(one)].append(one)
        filled = _minutes(left)
        digests = _minutes([one for one in left if one.key.startswith("digest|")])
        for got in told:
            match = _take(wanted.get(got.key, []), got.at)
            sin = self._unwanted(got) if match is None else _differs(got, match, (filled, digests))
            if sin:
                due = f", due {said(match.at)}" if match else ""
                yield Fault(sin, f"{said(got.at)} {_words(got.key)}{due}")
        for left_over in wanted.values():
            for one in left_over:
                yield Fault("lost", f"{said(one.at)} {_words(key_of(one))}")

    def _unwanted(self, got: Said) -> str:
        if self.quieted.get(got.key) == got.at:
            return "muted"
        ended = self._ends.get(got.key[0])
        if ended is not None and (got.at, 1) >= ended:
            return "after closure"
        slots = self._slots.get(_clock_of(got.key), set())
        if got.key[4] in slots:
            return "doubled"
        return "ceiling" if got.key[4].startswith("late-") else "not asked for"

    def _order(self, told: Sequence[Said]) -> Iterable[Fault]:
        """The rungs of a clock left in the order of the ladder, none of them passed over."""
        plan: dict[ClockKey, list[Reminder]] = defaultdict(list)
        for one in self._expected:
            plan[_clock_of(key_of(one))].append(one)
        heard: dict[ClockKey, list[Said]] = defaultdict(list)
        for got in told:
            heard[_clock_of(got.key)].append(got)
        for clock, reminders in plan.items():
            slots = _in_turn(one.slot for one in sorted(reminders, key=lambda o: (o.at, o.phase)))
            mine = sorted(heard.get(clock, []), key=lambda one: one.place)
            firsts = _in_turn(one.key[4] for one in mine)
            if firsts == slots or len(firsts) > len(slots):
                continue
            if sorted(firsts) == sorted(slots):
                yield Fault("wrong order", f"{clock}: {firsts}")
            elif firsts != slots[: len(firsts)]:
                missing = [slot for slot in slots if slot not in firsts]
                yield Fault("missing rung", f"{clock}: {missing}")

    def _digests(self, played: Played) -> Iterable[Fault]:
        """A digest holds four or more, a line for each, and nobody gets two at one moment."""
        inside = Counter(at for key, at in played.merged.items() if key.startswith("timer|"))
        seen: set[tuple[str, int]] = set()
        for one in played.left:
            if not one.key.startswith("digest|"):
                continue
            where = f"{said(one.at)} {one.recipient}"
            moment = (one.recipient, _put_at(one))
            if moment in seen:
                yield Fault("digest", f"{where}: two digests")
            seen.add(moment)
            lines = sum(line.startswith("· ") for line in one.text.splitlines())
            held = inside[moment]
            more = _MORE.search(one.text)
            if held < FEW or lines + (int(more[1]) if more else 0) != held:
                yield Fault("digest", f"{where}: {lines} lines of {held}")

    def _outages(self, left: Sequence[Left]) -> Iterable[Fault]:
        """After each stop the office and the administrator are told once what was left out."""
        skipped: Counter[int] = Counter()
        for clock_and_beat, most in self._skipped.items():
            skipped[clock_and_beat[1]] += most
        filled = _minutes(left)
        told: dict[int, list[Left]] = defaultdict(list)
        for one in left:
            if one.key.startswith("outage|"):
                ends = [stop.end for stop, _ in self._rounds.stops() if stop.end <= one.at]
                since = max(ends, default=one.at)
                is_late = one.at > since and not _had_his_fill(filled[one.recipient], one.at, since)
                told[one.at if is_late else since].append(one)
        for stop, hearers in self._rounds.stops():
            where = f"stop until {said(stop.end)}"
            heard = told.pop(stop.end, [])
            if sorted(one.recipient for one in heard) != sorted(hearers):
                yield Fault("outage", f"{where}: told {[one.recipient for one in heard]}")
            counts = {int(_LEFT_OUT.findall(one.text)[0]) for one in heard}
            least = skipped[stop.end]  # slots that were lost are counted on top
            if any(not least <= count <= least + _KINDS for count in counts):
                yield Fault("outage", f"{where}: {counts} left out instead of {least}")
        yield from (Fault("outage", f"none before {said(at)}") for at in told)

    def _periods(self, left: Sequence[Left]) -> Iterable[Fault]:
        """Start and end of a special period are told once to each whom they concern."""
        told: dict[str, Counter[str]] = defaultdict(Counter)
        first: dict[str, int] = {}
        for one in left:
            if one.key.startswith("period|"):  # period|1|period|start|sunlei|0
                _, nth, _, what, *_ = one.key.split("|")
                told[f"{nth}|{what}"][one.recipient] += 1
                first.setdefault(f"{nth}|{what}", one.at)
        for name, at, hearers in self._rounds.periods():
            heard = told.pop(name, Counter())
            if set(heard) != hearers or set(heard.values()) != {1}:
                yield Fault("period", f"{name}: told {dict(heard)}")
            elif not at <= first[name] <= self._rounds.after(at):
                yield Fault("period", f"{name}: told at {said(first[name])}")
        yield from (Fault("period", f"{name}: not asked for") for name in told)

    def _broadcasts(self, slots: Sequence[Slot], left: Sequence[Left]) -> Iterable[Fault]:
        told: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for one in left:
            if one.key.startswith("broadcast|"):
                parts = one.key.split("|")  # broadcast|早报|broadcast|2026-02-10 08:35|who|1
                told[parts[1], parts[3]][one.recipient].append(one.at)
        filled = _minutes(left)
        for slot in slots:
            yield from self._slot(slot, told.pop((slot.kind, slot.name), {}), filled)
        within = {one.name for one in slots}  # what is named later is beyond the time judged
        for (kind, name), heard in told.items():
            if name in within:
                yield Fault("slot not asked for", f"{kind} {name} {sorted(heard)}")

    def _slot(
        self, slot: Slot, heard: Mapping[str, list[int]], filled: Mapping[str, list[int]]
    ) -> Iterable[Fault]:
        moment = min((ats[0] for ats in heard.values()), default=slot.last)
        wanted = set() if slot.is_lost else self._rounds.hearers(slot, moment)
        name = f"{slot.kind} {slot.name}"
        for who, ats in heard.items():
            if len(ats) > 1:
                yield Fault("slot doubled", f"{name} {who}")
            is_late = ats[0] > slot.last and not _had_his_fill(filled[who], ats[0], slot.last)
            if ats[0] < slot.first or is_late:
                yield Fault("slot early or late", f"{name} {who} {said(ats[0])}")
            if who not in wanted:
                yield Fault("slot not asked for", f"{name} {who}")
        if heard or not (slot.kind in MAY_BE_SILENT or slot.may_be_lost):
            for who in wanted - set(heard):
                yield Fault("slot lost", f"{name} {who}")


def key_of(one: Reminder) -> Key:
    """What identifies a reminder, its moment apart."""
    return (one.case, *one.subject, one.step, one.slot, one.who)


def reminders_in(played: Played) -> Iterable[Said]:
    """Every reminder of a log: those that left by themselves, and those inside digests."""
    for place, one in enumerate(played.left):
        if one.key.startswith("timer|"):
            yield Said(_read(one.key), one.at, one.text, place)
    places = {
        (one.recipient, _put_at(one)): place
        for place, one in enumerate(played.left)
        if one.key.startswith("digest|")
    }
    for key, moment in played.merged.items():
        if moment in places and key.startswith("timer|"):
            yield Said(_read(key), played.left[places[moment]].at, "", places[moment])


def _read(key: str) -> Key:
    # timer|assignment.1001|remind-late-1|签收.late-1|liuyang|1
    _, subject, _, step_and_slot, who, _ = key.split("|")
    kind, number = subject.split(".")
    step, slot = step_and_slot.split(".")
    if kind == "case":
        return (int(number), kind, 0, step, slot, who)
    case, nth = divmod(int(number), 1000)
    return (case, kind, nth, step, slot, who)


def _put_at(digest: Left) -> int:
    # digest|liuyang|2026-02-10T09:30:00+00:00|123
    return beijing(datetime.fromisoformat(digest.key.split("|")[2]))


def _clock_of(key: Key) -> ClockKey:
    return key[:4]


def _words(key: Key) -> str:
    case, subject, nth, step, slot, who = key
    return f"case {case} {subject} {nth} {step} {slot} → {who}"


def _take(wanted: list[Reminder], at: int) -> Reminder | None:
    """Take the expected reminder nearest in time."""
    if not wanted:
        return None
    best = min(wanted, key=lambda one: abs(one.at - at))
    wanted.remove(best)
    return best


def _in_turn(slots: Iterable[str]) -> list[str]:
    """The slots one after another, several hearers of one as one."""
    return [slot for slot, _ in groupby(slots)]


def _says(got: Said, match: Reminder) -> bool:
    missed = f"此前有 {match.skipped} 次提醒因停机未发"
    return match.step in got.text and (missed in got.text) == (match.skipped > 0)


def _differs(got: Said, match: Reminder, told: tuple[Moments, Moments]) -> str:
    """What is wrong with a reminder that was expected; "" where nothing is."""
    if got.at < match.at:
        return "early"
    if got.at > match.at and not _had_to_wait(got, match, told):
        return "late"
    if match.in_digest != (got.text == ""):
        return "digest"
    return "words" if got.text and not _says(got, match) else ""


def _minutes(left: Sequence[Left]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for one in left:
        found[one.recipient].append(one.at)
    return found


def _had_his_fill(ats: Sequence[int], at: int, due: int) -> bool:
    """Whether a person was sent so much around the time due that waiting was right (R12)."""
    within = sum(due - MINUTE < one <= at for one in ats)
    return at - due <= 10 * MINUTE and within >= A_MINUTE


def _had_to_wait(got: Said, match: Reminder, told: tuple[Moments, Moments]) -> bool:
    """Whether the person had his fill, or had just been told a crowd."""
    filled, digests = (one[got.key[5]] for one in told)
    return _had_his_fill(filled, got.at, match.at) or was_paced(digests, got.at, match.at)


def was_paced(digests: Sequence[int], at: int, due: int) -> bool:
    """Whether it waited because the person had just been told a crowd in one digest."""
    return any(one <= due and at - one <= PACED for one in digests)


def _member_limits(left: Sequence[Left]) -> Iterable[Fault]:
    for who, ats in _minutes([one for one in left if one.channel == "app"]).items():
        for limit, window in ((A_MINUTE, MINUTE), (AN_HOUR, HOUR)):
            for first, last in zip(ats, ats[limit:], strict=False):
                if last - first < window:
                    yield Fault("ceiling", f"{who}: more than {limit} in {window} s, {said(first)}")
                    break


def _was_done(act: Act, played: Played, nth: int) -> bool:
    if act.deed in {Deed.ZERO, Deed.ASK_SWAP, Deed.SWAP}:
        answer = played.answers.get(nth, "")
        return any(word in answer for word in ("零报告", "已请", "已换班", "已请假"))
    return act.deed.value.strip() in played.done.get(nth, set())
