"""The report of a simulated year."""

import os
import platform
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.support.year.figures import LongestDay, Spread, longest, spread
from tests.support.year.run import Run
from tests.support.year.script import Deed
from tests.support.year.sins import SINS

HOME = Path(__file__).parents[2]
_MOST = 20
_WHOLE = 20_000
_SHARES = (0.5, 0.9, 0.99)


@dataclass(frozen=True, slots=True)
class Summary:
    """What is left of a town once its database is gone."""

    rulebook: str
    seed: int
    cases: int
    commands: int
    deeds: dict[str, int]
    rings: int
    messages: int
    recalls: int
    expected: int
    reminders: int
    digests: int
    in_digests: int
    quieted: int  # reminders not sent because of a 免打扰
    periods: int  # special periods
    presses: int  # commands given by pressing a card
    cards: int
    after_stops: int  # reminders that stood for others missed in a stop
    slots: int
    stops: int
    unavailable: int
    delayed: int
    faults: int
    by_sin: dict[str, int]
    examples: list[str]
    caught: list[str]
    spread: list[Spread]
    longest: LongestDay
    busy: float  # seconds of computing


def summary_of(run: Run, caught: list[str], busy: float) -> Summary:
    """Judge a run and keep what the report needs."""
    judged = run.judged()
    by_sin = Counter(fault.sin for fault in judged.faults)
    expected = run.judge.expected
    return Summary(
        rulebook=run.plan.rulebook,
        seed=run.plan.seed,
        cases=len(run.script.numbers),
        commands=len(run.script.acts),
        deeds=dict(Counter(act.deed.name for act in run.script.acts)),
        rings=run.played.rings,
        messages=len(run.played.left),
        recalls=run.played.recalls,
        expected=len(expected),
        reminders=judged.reminders,
        digests=judged.digests,
        in_digests=sum(one.in_digest for one in expected),
        quieted=len(run.judge.quieted),
        periods=len(run.town.periods),
        presses=run.played.presses,
        cards=run.played.cards,
        after_stops=sum(one.skipped > 0 for one in expected),
        slots=judged.slots,
        stops=len(run.town.stops),
        unavailable=run.played.unavailable,
        delayed=judged.delayed,
        faults=len(judged.faults),
        by_sin=dict(by_sin),
        examples=[f"{fault.sin}: {fault.where}" for fault in judged.faults[:_MOST]],
        caught=caught,
        spread=spread(run),
        longest=longest(run),
        busy=busy,
    )


@dataclass(frozen=True, slots=True)
class Played:
    """What was asked for, of which commit, and how long it took."""

    arguments: str
    commit: str
    seconds: float


def page(found: Sequence[Summary], played: Played) -> str:
    """The report."""
    return "\n".join(
        [
            *_head(found, played),
            *_counts(found),
            *_faults(found),
            *_people(found),
            *_longest(found),
        ]
    )


def _head(found: Sequence[Summary], played: Played) -> list[str]:
    version = f"Python {platform.python_version()}, {sys.platform}"
    command = f"python -m bench.year {played.arguments}".rstrip()
    minutes, busy = played.seconds / 60, sum(one.busy for one in found)
    acts = sum(one.commands + one.rings for one in found)
    cases = sum(one.cases for one in found)
    small = f"**A small run**: {cases:,} cases; the whole one plays {_WHOLE:,} (`make year`)."
    return [
        "# A simulated year",
        "",
        *([small, ""] if cases < _WHOLE else []),
        f"Made by `{command}` ({version}).",
        f"Commit {played.commit}, {datetime.now(UTC):%Y-%m-%d}: {minutes:.0f} minutes by the clock",
        f"on {os.cpu_count()} cores (load at the end, last 15 minutes: {os.getloadavg()[2]:.1f});",
        f"{busy / 60:.0f} minutes of CPU in all ({acts / busy:.0f} commands and timers a second).",
        "",
        "Each institution has a rulebook, people, a roster and a database of its own. Each command",
        "went through understanding, handlers and storage, every timer through the pulse, every",
        "message through the sender; a recorder stands where the platform begins. What should have",
        "left was worked out by an oracle from the same commands and the rulebook's data alone",
        "(`tests/support/year`), and compared message by message: who, what, at which second.",
        "",
        "In it: holidays with make-up days, three special periods (nights, spacing, rounds), a",
        "roster with swaps and leave, stops of the engine and of its database, 电话通知, 免打扰,",
        "decisions by pressing a card (county4). Not in it: days of many cases told as one list,",
        "several approvers; they have tests of their own.",
        "",
    ]


def _counts(found: Sequence[Summary]) -> list[str]:
    rows: list[tuple[str, list[int]]] = [
        ("cases", [one.cases for one in found]),
        ("commands", [one.commands for one in found]),
        ("timers rung", [one.rings for one in found]),
        ("messages", [one.messages for one in found]),
        ("called back (left within 5 s of their end)", [one.recalls for one in found]),
        ("reminders expected", [one.expected for one in found]),
        ("reminders that reached somebody", [one.reminders for one in found]),
        ("… inside a digest", [one.in_digests for one in found]),
        ("digests", [one.digests for one in found]),
        ("… standing for others missed in a stop", [one.after_stops for one in found]),
        ("… later than due: the person's fill for a minute", [one.delayed for one in found]),
        ("reminders left out because of a 免打扰", [one.quieted for one in found]),
        ("special periods", [one.periods for one in found]),
        ("cards sent", [one.cards for one in found]),
        ("… commands given by pressing one", [one.presses for one in found]),
        ("slots of broadcasts", [one.slots for one in found]),
        ("stops of the engine", [one.stops for one in found]),
        ("… database found away", [one.unavailable for one in found]),
        ("**differences**", [one.faults for one in found]),
    ]
    deeds = (
        *(Deed.TRANSFER, Deed.UPHOLD, Deed.GRANT, Deed.MERGE, Deed.REGRADE, Deed.SWAP),
        *(Deed.PHONE, Deed.MUTE),
    )
    rows += [
        (f"{deed.value.strip()}", [one.deeds.get(deed.name, 0) for one in found]) for deed in deeds
    ]
    names = [f"{one.rulebook} (seed {one.seed})" for one in found]
    planted = {name: sum(name in one.caught for one in found) for name in SINS}
    unplanted = [name for name, count in planted.items() if not count]
    return [
        f"| | {' | '.join(names)} | all |",
        f"|---{'|---:' * (len(found) + 1)}|",
        *(f"| {name} | {' | '.join(map(str, row))} | {sum(row)} |" for name, row in rows),
        "",
        "Planted by themselves in the log of each institution that gives occasion (in how many),",
        "and caught before it was believed:",
        ", ".join(f"{name} ({count})" for name, count in planted.items() if count) + ".",
        *([f"No occasion in so short a time: {', '.join(unplanted)}."] if unplanted else []),
        "",
    ]


def _faults(found: Sequence[Summary]) -> list[str]:
    lines = [
        f"- {one.rulebook}: {', '.join(f'{sin} {n}' for sin, n in one.by_sin.items())}"
        for one in found
        if one.faults
    ]
    examples = [f"  - {one.rulebook} {text}" for one in found for text in one.examples]
    return ["## Differences", "", *(lines or ["None."]), *examples, ""]


def _people(found: Sequence[Summary]) -> list[str]:
    lines = [
        "## Messages per person per day",
        "",
        "Days without any are counted as 0.",
        "",
        "| institution | role | people | p50 | p90 | p99 | max |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for one in found:
        for role in one.spread:
            shares = " | ".join(str(role.at(share)) for share in _SHARES)
            lines.append(
                f"| {one.rulebook} | {role.role} | {role.people} | {shares} | {role.days[-1]} |"
            )
    return [*lines, ""]


def _longest(found: Sequence[Summary]) -> list[str]:
    lines = ["## The longest days", ""]
    for one in sorted(found, key=lambda one: -one.longest.count):
        day = one.longest
        kinds = "、".join(f"{kind} {count}" for kind, count in day.kinds)
        lines += [
            f"**{day.town}, {day.day}: {day.count} messages for {day.role} ({day.who})**",
            f"({day.new_cases} new cases that day, {day.usual:.1f} on average): {kinds}. Most for:",
            "",
            *(f"- {number}: {count} ({words})" for number, count, words in day.cases),
            "",
        ]
    return lines
