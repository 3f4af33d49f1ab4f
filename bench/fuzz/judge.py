"""Judges what was answered by what the database holds in the end."""

import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.fuzz.firing import Record
from bench.fuzz.messages import Fate
from bench.fuzz.service import MARK

GROWTH = 96 * 1024  # kB that the service may gain once it is warm


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds."""

    inbox: dict[str, str]  # state by key
    marks: Counter[str]  # how often a message was carried out, by key
    causes: frozenset[str]  # keys of messages that changed a case


def held(database: Path) -> Held:
    with closing(sqlite3.connect(database)) as opened:
        inbox = dict(opened.execute("SELECT key, state FROM inbox"))
        marked = opened.execute("SELECT key FROM outbox WHERE key LIKE ?", (f"{MARK}%",))
        marks = Counter(key.removeprefix(MARK).rpartition("|")[0] for (key,) in marked)
        causes = opened.execute("SELECT DISTINCT message_key FROM case_event")
        return Held(inbox, marks, frozenset(key for (key,) in causes if key))


def fingerprint(database: Path) -> str:
    """A digest of every row there is."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(database)) as opened:
        for line in opened.iterdump():
            digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def judge(record: Record, found: Held) -> list[str]:
    """All faults, by name first."""
    faults = [f"wrong answer: {one}" for one in record.wrong]
    for key, fate in record.believed.items():
        faults += _of(key, fate, found)
    unnamed = found.inbox.keys() - record.believed.keys()
    if len(unnamed) > record.believed_unnamed:
        faults.append(f"invalid kept: {len(unnamed)} rows, {record.believed_unnamed} answered 200")
    if len(unnamed) < record.believed_unnamed:
        faults.append(f"lost: {record.believed_unnamed} answered 200, {len(unnamed)} rows")
    for key in unnamed:
        faults += _of(key, Fate.EITHER, found)
    faults += [f"from nowhere: {key}" for key in found.marks.keys() - found.inbox.keys()]
    faults += [
        f"from nowhere: {key} changed a case"
        for key in found.causes
        if key not in found.inbox and not key.startswith(("timer", "clock"))
    ]
    return faults + _memory(record)


def _of(key: str, fate: Fate, found: Held) -> list[str]:
    state, times = found.inbox.get(key), found.marks[key]
    if state is None:
        return [f"lost: {key}"]
    wanted = {"done", "quarantined"} if fate is Fate.EITHER else {fate.value}
    if state not in wanted:
        return [f"{state}: {key}, to be {fate}"]
    if times > 1:
        return [f"twice: {key}, {times} times"]
    if times != (state == "done"):
        return [f"not carried out: {key}" if times == 0 else f"quarantined and done: {key}"]
    return []


def growth(record: Record) -> int:
    """How much memory the service has gained since a tenth of the shots, in kB."""
    if not record.memory:
        return 0
    warm = record.memory[len(record.memory) // 10]
    return record.memory[-1] - warm


def _memory(record: Record) -> list[str]:
    grown = growth(record)
    return [f"memory: {grown} kB gained"] if grown > GROWTH else []
