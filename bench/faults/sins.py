"""Planted sins: what a run left, with one wrong in it; the judge has to name each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bench.faults.evidence import Evidence, Row, moment
from bench.faults.judge import judge


@dataclass(frozen=True, slots=True)
class Sin:
    """One wrong: its name, the invariant that has to name it, and how it is planted."""

    name: str
    invariant: str
    plant: Callable[[Evidence], Evidence]


def confess(clean: Evidence) -> list[tuple[str, str, bool]]:
    """Plant each sin in what a clean run left; return its name, its invariant, whether caught."""
    found = []
    for sin in SINS:
        broken = judge(sin.plant(clean)).broken
        found.append((sin.name, sin.invariant, any(b.startswith(sin.invariant) for b in broken)))
    return found


def _shown(line: Row) -> bool:
    return bool(line.get("visible")) and line.get("api") == "message/send"


def _first(evidence: Evidence, test: Callable[[Row], bool]) -> int:
    return next(nth for nth, line in enumerate(evidence.log) if test(line))


def _without(evidence: Evidence, test: Callable[[Row], bool]) -> Evidence:
    nth = _first(evidence, test)
    return replace(evidence, log=evidence.log[:nth] + evidence.log[nth + 1 :])


def _changed(evidence: Evidence, test: Callable[[Row], bool], **values: object) -> Evidence:
    nth = _first(evidence, test)
    line = {**evidence.log[nth], **values}
    return replace(evidence, log=(*evidence.log[:nth], line, *evidence.log[nth + 1 :]))


def _again(evidence: Evidence, test: Callable[[Row], bool]) -> Evidence:
    return replace(evidence, log=(*evidence.log, evidence.log[_first(evidence, test)]))


def _row(evidence: Evidence, table: str, test: Callable[[Row], bool], **values: object) -> Evidence:
    rows = list(evidence.rows(table))
    nth = next(nth for nth, row in enumerate(rows) if test(row))
    rows[nth] = {**rows[nth], **values}
    return evidence.with_table(table, rows)


def _fewer(evidence: Evidence, table: str, test: Callable[[Row], bool]) -> Evidence:
    rows = list(evidence.rows(table))
    del rows[next(nth for nth, row in enumerate(rows) if test(row))]
    return evidence.with_table(table, rows)


def _card(line: Row) -> bool:
    return _shown(line) and bool(line.get("task_id"))


def _of_clock(evidence: Evidence) -> tuple[Row, Row]:
    """Return a message that an ended clock wanted said, and its line in the log."""
    ended = {row["id"]: row for row in evidence.rows("clock") if row["ended_at"]}
    lines = {str(one["body_sha"]): one for one in evidence.shown()}
    for row in evidence.rows("outbox"):
        if row["clock_id"] in ended and str(row["payload_sha"]) in lines:
            return ended[row["clock_id"]], lines[str(row["payload_sha"])]
    raise LookupError("nothing of a clock that has ended")


def _after_the_end(evidence: Evidence) -> Evidence:
    clock, line = _of_clock(evidence)
    late = moment(clock["ended_at"]) + timedelta(seconds=6)
    return _changed(evidence, lambda one: one is line, t=late.timestamp())


def _not_recalled(evidence: Evidence) -> Evidence:
    clock, line = _of_clock(evidence)
    late = moment(clock["ended_at"]) + timedelta(seconds=2)
    return _changed(evidence, lambda one: one is line, t=late.timestamp(), msgid="never recalled")


def _early(evidence: Evidence) -> Evidence:
    line = evidence.shown()[-1]
    row = next(r for r in evidence.rows("outbox") if r["payload_sha"] == line["body_sha"])
    before = moment(row["first_at"]) - timedelta(seconds=1)
    return _changed(evidence, lambda one: one is line, t=before.timestamp())


def _late(evidence: Evidence) -> Evidence:
    line = evidence.shown()[-1]
    row = next(r for r in evidence.rows("outbox") if r["payload_sha"] == line["body_sha"])
    after = moment(row["first_at"]) + timedelta(minutes=5)
    moved = _changed(evidence, lambda one: one is line, t=after.timestamp())
    return replace(moved, crashes=1)


def _stale_mark(evidence: Evidence) -> Evidence:
    done = next(row for row in evidence.rows("attempt") if row["outcome"] == "ok")
    number = int(str(done["epoch"])) + 1
    return _row(evidence, "outbox", lambda row: row["id"] == done["outbox_id"], epoch=number)


def _double_epoch(evidence: Evidence) -> Evidence:
    rows = evidence.rows("attempt")
    return evidence.with_table("attempt", (*rows, rows[0]))


def _acked(line: Row) -> bool:
    return line.get("kind") == "callback" and line.get("http") == 200


def _lost_callback(evidence: Evidence) -> Evidence:
    key = str(evidence.callbacks()[0]["key"])
    return _fewer(evidence, "inbox", lambda row: str(row["key"]).endswith(key))


def _silent_drop(evidence: Evidence) -> Evidence:
    return _changed(evidence, _shown, visible=False, drop="member_rate")


def _spilt(evidence: Evidence) -> Evidence:
    return replace(evidence, text=f"{evidence.text} token={evidence.secrets[0]}")


def _changed_case(evidence: Evidence) -> Evidence:
    return _row(evidence, "case", lambda _: True, state="closed")


def _is_case(row: Row) -> bool:
    return row["object_type"] == "case"


SINS: tuple[Sin, ...] = (
    Sin("a callback answered 200 that nobody kept", "I1", _lost_callback),
    Sin(
        "a callback kept twice",
        "I1",
        lambda e: e.with_table("inbox", [*e.rows("inbox"), e.rows("inbox")[0]]),
    ),
    Sin("a callback from nowhere", "I1", lambda e: _row(e, "inbox", lambda _: True, key="app:1:9")),
    Sin(
        "a callback kept and never carried out",
        "I1",
        lambda e: _row(e, "inbox", lambda _: True, state="waiting"),
    ),
    Sin("a message lost", "I2", lambda e: _without(e, _shown)),
    Sin("a message dropped without a word", "I2", _silent_drop),
    Sin("a message seen after the end of its clock", "I3", _after_the_end),
    Sin("one that landed after the end and was not recalled", "I3", _not_recalled),
    Sin("a clock that runs on an ended case", "I3", _changed_case),
    Sin("a message seen twice", "I4", lambda e: _again(e, _shown)),
    Sin("a card seen twice", "I4", lambda e: _again(e, _card)),
    Sin(
        "a post of a robot seen twice without an unknown outcome",
        "I4",
        lambda e: _again(
            e, lambda one: one.get("api") == "webhook/send" and bool(one.get("visible"))
        ),
    ),
    Sin(
        "a message never put in the outbox",
        "I4",
        lambda e: _changed(e, _shown, body_sha="?", key="?"),
    ),
    Sin(
        "a repeat with other bytes",
        "I4",
        lambda e: replace(e, log=(*e.log, {**e.log[_first(e, _card)], "body_sha": "other"})),
    ),
    Sin(
        "a state its history does not give",
        "I5",
        lambda e: _row(e, "case", lambda _: True, state="handling"),
    ),
    Sin("a version skipped", "I5", lambda e: _row(e, "case", lambda _: True, version=99)),
    Sin("a change without its audit row", "I6", lambda e: _fewer(e, "audit", _is_case)),
    Sin(
        "an audit row cut out",
        "I6",
        lambda e: _fewer(e, "audit", lambda r: int(str(r["seq"])) == 2),
    ),
    Sin("a broken chain", "I6", lambda e: replace(e, chain="row 3: changed")),
    Sin("a message seen early", "I7", _early),
    Sin("a message minutes late after a crash", "I7", _late),
    Sin(
        "a timer rung early",
        "I7",
        lambda e: _row(
            e, "timer", lambda r: r["state"] == "fired", leaves_at=e.now + timedelta(days=9)
        ),
    ),
    Sin("a stale mark applied", "I8", _stale_mark),
    Sin("two attempts under one epoch", "I8", _double_epoch),
    Sin(
        "a due timer that did not ring",
        "I9",
        lambda e: _row(e, "timer", lambda r: r["state"] == "fired", state="pending"),
    ),
    Sin(
        "a message still claimed",
        "I9",
        lambda e: _row(e, "outbox", lambda _: True, state="claimed"),
    ),
    Sin("a record left in the lifeboat", "I9", lambda e: replace(e, waiting=1)),
    Sin("a message marked as sent and never seen", "I10", lambda e: _without(e, _card)),
    Sin(
        "a dead letter without an alarm",
        "I10",
        lambda e: _row(e, "outbox", lambda _: True, state="failed", ended_reason="x").with_table(
            "alarm", ()
        ),
    ),
    Sin(
        "a message ended without a reason",
        "I10",
        lambda e: _row(e, "outbox", lambda _: True, state="cancelled", ended_reason=None),
    ),
    Sin("a secret in the log", "I11", _spilt),
    Sin("an answer of 500", "I11", lambda e: _changed(e, _acked, http=500)),
    Sin("memory without bound", "I11", lambda e: replace(e, grown_kb=1024 * 1024)),
)


def uncaught(confessed: list[tuple[str, str, bool]]) -> Iterator[str]:
    """Name the sins that the judge has missed."""
    return (f"{name} ({invariant})" for name, invariant, caught in confessed if not caught)
