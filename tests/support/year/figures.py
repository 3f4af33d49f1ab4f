"""How much anybody hears in a day, and what made the longest one."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from tests.support.year.moments import DAY, day_of, midnight
from tests.support.year.recorder import Left
from tests.support.year.run import Run
from tests.support.year.town import DUTY

_KINDS = {
    "inbox": "答复来信",
    "case": "通知",
    "timer": "提醒与升级",
    "digest": "提醒汇总",
    "broadcast": "定时播报",
}


@dataclass(frozen=True, slots=True)
class Spread:
    """Messages per person and day of one role, days without any counted as 0."""

    role: str
    people: int
    days: tuple[int, ...]  # sorted

    def at(self, share: float) -> int:
        """The number not exceeded on this share of the days."""
        return self.days[min(int(share * len(self.days)), len(self.days) - 1)]


@dataclass(frozen=True, slots=True)
class LongestDay:
    """The day on which one person heard most."""

    town: str
    who: str
    role: str
    day: str
    count: int
    kinds: tuple[tuple[str, int], ...]
    cases: tuple[tuple[str, int, str], ...]  # number, messages, what for
    new_cases: int  # registered in the town that day
    usual: float  # new cases on an average day


def spread(run: Run) -> list[Spread]:
    """Return how many messages people of each role heard per day."""
    heard: Counter[tuple[str, int]] = Counter(
        (one.recipient, one.at // DAY) for one in run.played.left if one.channel == "app"
    )
    first = midnight(run.plan.first) // DAY
    found = []
    for role, people in _roles(run).items():
        days = sorted(heard[who, first + n] for who in people for n in range(run.plan.days))
        found.append(Spread(role, len(people), tuple(days)))
    return found


def longest(run: Run) -> LongestDay:
    """Return the fullest day of anybody, with what it was full of."""
    by_day: dict[tuple[str, int], list[Left]] = defaultdict(list)
    for one in run.played.left:
        if one.channel == "app":
            by_day[one.recipient, one.at // DAY].append(one)
    (who, day), heard = max(by_day.items(), key=lambda item: len(item[1]))
    kinds = Counter(_KINDS.get(one.key.split("|")[0], "其他") for one in heard)
    cases = Counter(case for one in heard if (case := _case_of(run, one)))
    words = defaultdict(Counter)  # type: ignore[var-annotated]
    for one in heard:
        words[_case_of(run, one)][_about(one)] += 1
    new = Counter(act.at // DAY for act in run.script.acts if act.deed == "Registered")
    numbers = {nth: run.script.numbers[case] for case, nth in run.script.ids.items()}
    role = next(role for role, people in _roles(run).items() if who in people)
    return LongestDay(
        run.plan.rulebook,
        who,
        role,
        str(day_of(day * DAY)),
        len(heard),
        tuple(kinds.most_common()),
        tuple((numbers[case], count, _said(words[case])) for case, count in cases.most_common(8)),
        new[day],
        sum(new.values()) / run.plan.days,
    )


def _roles(run: Run) -> dict[str, list[str]]:
    town = run.town
    return {
        "值班员": list(DUTY),
        **{role: [who] for role, who in town.holders.items()},
        "联络员": [unit.liaison for unit in town.units],
        "副联络员": [unit.deputy for unit in town.units],
        "单位分管领导": [unit.leader for unit in town.units],
        "信息员": town.informants,
    }


def _case_of(run: Run, one: Left) -> int:
    kind, what, *_ = one.key.split("|")
    if kind == "case":
        return int(what)
    if kind == "timer":
        subject, number = what.split(".")
        return int(number) if subject == "case" else int(number) // 1000
    if kind == "inbox":
        nth = int(what.split(":")[1])
        return run.script.ids.get(run.script.acts[nth].case, 0)
    return 0


def _about(one: Left) -> str:
    parts = one.key.split("|")
    if parts[0] == "timer":
        return parts[3].split(".")[0] + ("升级" if ".up-" in parts[3] else "提醒")
    return one.text[1:].split("】")[0] if one.text.startswith("【") else "答复"


def _said(words: "Counter[str]") -> str:
    return "、".join(
        f"{word} {count}" if count > 1 else word for word, count in words.most_common(6)
    )
