"""The one judge of every experiment: I1 to I11 of the promises, from what was left behind.

Lost, unexpected, duplicated and recovered are the four classes of Jepsen's checker: what was
acknowledged has to come out, nothing that was never put in, nothing twice; what was never
acknowledged and came out all the same is legal, and counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from bench.faults.evidence import Evidence, Row, moment
from bot.demo.player import Expected

ON_THE_WIRE = timedelta(seconds=5)  # P3: what had left when its cause ended may still land
HEALTHY, RECOVERED = 10.0, 60.0  # seconds a message may be late (P2)
GROWTH_KB = 300 * 1024
_ENDED = frozenset({"closed", "archived", "withdrawn", "merged", "refused"})
LOST, EXTRA, TWICE, EARLY, LATE, BROKEN = (
    "lost",
    "unexpected",
    "duplicated",
    "early",
    "late",
    "broken",
)
KINDS = (LOST, EXTRA, TWICE, EARLY, LATE, BROKEN)
_DECLARED = frozenset({200, 403, 503, None})  # None: nobody answered, the process was dead


@dataclass(slots=True)
class Verdict:
    """What the judge found: by invariant, and the counts of the table by what went wrong."""

    broken: list[str] = field(default_factory=list)  # "I4: …"
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)  # (I4, duplicated) -> 2
    allowed: int = 0  # posts of a group robot seen twice, each in its own inherent window
    recovered: int = 0
    lateness: list[float] = field(default_factory=list)

    def say(self, invariant: str, found: Iterable[object], words: str, kind: str = BROKEN) -> None:
        """Note what does not hold; `kind` is one of KINDS."""
        listed = [str(one) for one in found]
        if listed:
            shown = "; ".join(listed[:3])
            self.broken.append(f"{invariant}: {len(listed)} {words}: {shown}")
            self.counts[invariant, kind] += len(listed)


def judge(evidence: Evidence) -> Verdict:
    """Look at everything; what does not hold is named by its invariant."""
    verdict = Verdict()
    for look in LOOKS:
        look(evidence, verdict)
    return verdict


def no_case_lost(evidence: Evidence, verdict: Verdict) -> None:
    """I1: what was answered 200 was kept, and carried out."""
    tried = {str(one["key"]) for one in evidence.callbacks()}
    acked = {str(one["key"]) for one in evidence.callbacks() if one["http"] == 200}
    kept = Counter(_bare(str(row["key"])) for row in evidence.rows("inbox"))
    if evidence.waiting <= 0:
        verdict.say("I1", acked - kept.keys(), "acknowledged and not kept", LOST)
    verdict.say("I1", kept.keys() - tried, "kept and never said", EXTRA)
    verdict.say("I1", (k for k, n in kept.items() if n > 1), "kept twice", TWICE)
    undone = [f"{r['key']} {r['state']}" for r in evidence.rows("inbox") if r["state"] != "done"]
    verdict.say("I1", undone, "kept and not carried out", LOST)
    verdict.recovered += len((kept.keys() & tried) - acked)


def _bare(key: str) -> str:
    return key.rpartition(":")[2]


def no_message_lost(evidence: Evidence, verdict: Verdict) -> None:
    """I2: each message that has to be seen is seen; I10: what is marked as sent was seen."""
    if evidence.expected is not None:
        missing, extra = compare(evidence.expected, told_once(evidence), evidence.may)
        verdict.say("I2", missing, "expected and not seen", LOST)
        verdict.say("I4", extra, "seen and not expected", EXTRA)
    seen = {key for one in evidence.shown() for key in keys_of(one)}
    dropped = {key for one in evidence.log if one.get("drop") for key in keys_of(one)}
    sent = [row for row in evidence.rows("outbox") if row["state"] == "sent" and _says(row)]
    gone = [row["key"] for row in sent if not seen & row_keys(row)]
    verdict.say("I10", gone, "marked as sent and never seen", LOST)
    silent = [key for key in dropped if key and key not in seen]
    verdict.say("I2", silent, "dropped by the platform without a word", LOST)


def all_answered(evidence: Evidence, verdict: Verdict) -> None:
    """I2: whoever was answered 200 gets an answer he can see, where each message has one."""
    if not evidence.answers:
        return
    seen = {key for one in evidence.shown() for key in keys_of(one)}
    told = {_asked(str(row["key"])) for row in evidence.rows("outbox") if seen & row_keys(row)}
    acked = {str(one["key"]) for one in evidence.callbacks() if one["http"] == 200}
    silent = acked - told
    verdict.say("I2", silent, "acknowledged and never answered", LOST)


def _asked(key: str) -> str:
    """Return the message that an answer is to; its key is inbox|channel:agent:id|…"""
    parts = key.split("|")
    return _bare(parts[1]) if parts[0] == "inbox" else ""


def told_once(evidence: Evidence) -> list[tuple[str, str]]:
    """Return whom what was told, each message once however often it was shown."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for one in evidence.shown():
        to = one["shown_to"] if one["api"] != "webhook/send" else [one["group"]]
        assert isinstance(to, list)
        for reader in to:
            found.setdefault((str(reader), str(one["key"])), (str(reader), str(one["text"])))
    return list(found.values())


def compare(
    expected: Iterable[Expected],
    told: Iterable[tuple[str, str]],
    may: Iterable[Expected] = (),
) -> tuple[list[str], list[str]]:
    """Return what is missing and what is extra."""
    wanted, allowed, extra = list(expected), list(may), []
    for to, words in told:
        for listed in (wanted, allowed):
            match = next((w for w in listed if w.to == to and w.words in words), None)
            if match is not None:
                listed.remove(match)
                break
        else:
            extra.append(f"{to}: {words[:80]!r}")
    return [f"{one.to}: {one.words}" for one in wanted], extra


def keys_of(line: Row) -> set[str]:
    """Return what a line of the log can be known by: task_id of a card, hash of the bytes."""
    return {str(line.get(name)) for name in ("task_id", "body_sha") if line.get(name)}


def row_keys(row: Row) -> set[str]:
    return {str(row["payload_sha"])}


def _says(row: Row) -> bool:
    payload = str(row["payload"])
    return '"msgtype"' in payload and row["channel"] in ("app", "robot", "appchat")


def none_after_the_end(evidence: Evidence, verdict: Verdict) -> None:
    """I3: nothing a clock wanted said is seen after the clock has ended, but for the wire."""
    ended = {
        row["id"]: moment(row["ended_at"]) for row in evidence.rows("clock") if row["ended_at"]
    }
    rows = {str(row["payload_sha"]): row for row in evidence.rows("outbox")}
    recalled = {one.get("msgid") for one in evidence.log if one.get("api") == "message/recall"}
    late, loud = [], []
    for one in evidence.shown():
        row = rows.get(str(one["body_sha"]))
        if row is None or row["clock_id"] not in ended:
            continue
        after = moment(one["t"]) - ended[row["clock_id"]]
        if after > ON_THE_WIRE:
            late.append(f"{row['key']} +{after}")
        elif after > timedelta() and row["channel"] == "app" and one["msgid"] not in recalled:
            loud.append(row["key"])
    verdict.say("I3", late, "seen after the end of their clock", EXTRA)
    verdict.say("I3", loud, "landed after the end and not recalled", EXTRA)
    running = {row["case_id"] for row in evidence.rows("clock") if row["state"] == "running"}
    still = [
        r["number"] for r in evidence.rows("case") if r["state"] in _ENDED and r["id"] in running
    ]
    verdict.say("I3", still, "ended cases have a running clock")


def none_twice(evidence: Evidence, verdict: Verdict) -> None:
    """I4: no key is seen twice; a robot's post only in its inherent window."""
    rows = {str(row["payload_sha"]): row for row in evidence.rows("outbox")}
    seen = Counter(str(one["body_sha"]) for one in evidence.shown())
    shown = {str(one["body_sha"]): one for one in evidence.shown()}
    nowhere = [shown[sha]["text"] for sha in seen if sha not in rows]
    verdict.say("I4", nowhere, "seen and never put in the outbox", EXTRA)
    doubts = Counter(
        row["outbox_id"] for row in evidence.rows("attempt") if row["outcome"] in (None, "unknown")
    )
    for sha, count in seen.items():
        if count < 2 or sha not in rows:
            continue
        row = rows[sha]
        if row["channel"] == "robot" and count - 1 <= doubts[row["id"]]:
            verdict.allowed += count - 1
        else:
            again = [f"{row['key']} ({row['channel']})"] * (count - 1)
            verdict.say("I4", again, "seen again", TWICE)
    tasks = Counter(str(one["task_id"]) for one in evidence.shown() if one.get("task_id"))
    verdict.say("I4", (t for t, n in tasks.items() if n > 1), "cards twice", TWICE)


def states_monotone(evidence: Evidence, verdict: Verdict) -> None:
    """I5: a case is what its history makes of it; each change has the next version."""
    changes: dict[str, list[Row]] = {}
    for row in evidence.rows("audit"):
        if row["object_type"] == "case" and row["result"] == "done":
            changes.setdefault(str(row["object_id"]), []).append(row)
    kinds: dict[object, list[object]] = {}
    for row in sorted(evidence.rows("event"), key=_order):
        kinds.setdefault(row["case_id"], []).append(row["kind"])
    for case in evidence.rows("case"):
        number = str(case["number"])
        told = [details for row in changes.get(number, []) if (details := row["details"])]
        versions = [one["version"] for one in told if isinstance(one, dict) and "version" in one]
        if versions != list(range(1, int(str(case["version"])) + 1)):
            verdict.say("I5", [f"{number} at {case['version']}, audited {versions}"], "versions")
        listed = [kind for one in told if isinstance(one, dict) for kind in one.get("events", [])]
        if listed != kinds.get(case["id"], []):
            verdict.say("I6", [f"{number}: {listed}, history {kinds.get(case['id'])}"], "audited")
        if (folded := evidence.folded.get(number)) != case["state"]:
            verdict.say("I5", [f"{number} {case['state']}, by history {folded}"], "states")


def _order(row: Row) -> tuple[int, int]:
    return int(str(row["case_id"])), int(str(row["seq"]))


def audit_intact(evidence: Evidence, verdict: Verdict) -> None:
    """I6: the chain holds, up to the head kept outside, and has no gap."""
    if evidence.chain:
        verdict.say("I6", [evidence.chain], "in the chain")
    numbers = sorted(int(str(row["seq"])) for row in evidence.rows("audit"))
    if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        verdict.say("I6", ["numbers"], "missing or double")


def never_early(evidence: Evidence, verdict: Verdict) -> None:
    """I7: nothing rings or is seen before its time; how late it was is noted."""
    rows = {str(row["payload_sha"]): row for row in evidence.rows("outbox")}
    early: list[str] = []
    first: dict[object, float] = {}
    for one in evidence.shown():
        row = rows.get(str(one["body_sha"]))
        if row is None:
            continue
        wait = (moment(one["t"]) - moment(row["first_at"])).total_seconds()
        first.setdefault(row["id"], wait)
        if wait < -0.01:
            early.append(f"{row['key']} by {-wait:.2f} s")
    early += [
        f"timer {timer['kind']} {timer['slot']}"
        for timer in evidence.rows("timer")
        if timer["state"] == "fired" and moment(timer["fired_at"]) < moment(timer["leaves_at"])
    ]
    verdict.say("I7", early, "early", EARLY)
    verdict.lateness.extend(first.values())
    if not evidence.crashes:
        return
    late = [f"{wait:.0f} s" for wait in first.values() if wait > RECOVERED + 31]
    verdict.say("I7", late, "later than a minute after the recovery", LATE)


def fenced(evidence: Evidence, verdict: Verdict) -> None:
    """I8: each attempt has an epoch of its own; what settled a message was its last claim."""
    epochs = {row["id"]: int(str(row["epoch"])) for row in evidence.rows("outbox")}
    seen = Counter((row["outbox_id"], row["epoch"]) for row in evidence.rows("attempt"))
    verdict.say("I8", (k for k, n in seen.items() if n > 1), "attempts share an epoch")
    beyond = [k for k in seen if int(str(k[1])) > epochs.get(k[0], 0)]
    verdict.say("I8", beyond, "attempts beyond their row")
    stale = [
        f"{row['outbox_id']}/{row['epoch']}"
        for row in evidence.rows("attempt")
        if row["outcome"] == "ok" and int(str(row["epoch"])) < epochs.get(row["outbox_id"], 0)
    ]
    verdict.say("I8", stale, "stale marks applied")


def nothing_left_undone(evidence: Evidence, verdict: Verdict) -> None:
    """I9: nothing due waits, nothing is claimed, the lifeboat is empty."""
    due = [
        f"{row['kind']} {row['slot']}"
        for row in evidence.rows("timer")
        if row["state"] == "pending" and moment(row["leaves_at"]) <= evidence.now
    ]
    verdict.say("I9", due, "due and not rung", LOST)
    aside = [f"{r['kind']} {r['slot']}" for r in evidence.rows("timer") if r["state"] == "aside"]
    verdict.say("I9", aside, "put aside", LOST)
    waits = [
        row["key"]
        for row in evidence.rows("outbox")
        if row["state"] == "claimed"
        or (row["state"] in ("new", "retry") and moment(row["next_at"]) <= evidence.now)
    ]
    verdict.say("I9", waits, "still to be said", LOST)
    if evidence.waiting:
        verdict.say("I9", ["record"] * abs(evidence.waiting), "left in the lifeboat", LOST)


def conserved(evidence: Evidence, verdict: Verdict) -> None:
    """I10: every message ends in a known way; no failure is silent."""
    failed = [row["key"] for row in evidence.rows("outbox") if row["state"] == "failed"]
    if failed and not evidence.rows("alarm"):
        verdict.say("I10", failed, "failed without an alarm")
    unsaid = [
        row["key"]
        for row in evidence.rows("outbox")
        if row["state"] in ("failed", "cancelled") and not row["ended_reason"]
    ]
    verdict.say("I10", unsaid, "ended without a reason")


def clean(evidence: Evidence, verdict: Verdict) -> None:
    """I11: no secret in a log, no answer but the declared ones, memory bounded, a clean end."""
    spilt = [number for number, one in enumerate(evidence.secrets) if one and one in evidence.text]
    verdict.say("I11", spilt, "secrets in the service's log")
    odd = [one["http"] for one in evidence.callbacks() if one["http"] not in _DECLARED]
    verdict.say("I11", odd, "undeclared answers")
    if evidence.grown_kb > GROWTH_KB:
        verdict.say("I11", [f"{evidence.grown_kb // 1024} MB"], "grown")
    if not evidence.stopped:
        verdict.say("I11", ["it"], "did not end when asked")


LOOKS: tuple[Callable[[Evidence, Verdict], None], ...] = (
    no_case_lost,
    no_message_lost,
    all_answered,
    none_after_the_end,
    none_twice,
    states_monotone,
    audit_intact,
    never_early,
    fenced,
    nothing_left_undone,
    conserved,
    clean,
)
