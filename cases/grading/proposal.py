"""From a report to a proposed level: with its reasons, what is asked, and what would change it."""

from collections.abc import Iterator
from dataclasses import dataclass

from cases.grading import score as scoring
from cases.grading.conditions import (
    Amount,
    Fact,
    Facts,
    Flag,
    OneOf,
    Origin,
    Truth,
    judge,
    leaves,
    unsettled,
)
from cases.grading.facts import ReportFacts, shown_number
from cases.grading.reading import HOT, MEDIA_TIER, Reading, read_facts
from cases.grading.rulebook import GradingRules, Rule, Score
from cases.grading.specs import FactKind, FactSpec
from cases.people import Role

PREVIOUS = "prev_level_mishandled"
MOST_CHANGES = 3
_NOTHING = "没有达到其他各条"
_NOBODYS = frozenset({"none"})
_EVENTS = (MEDIA_TIER, HOT)  # what may happen any time, and is named first


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a level: the rule, its clause verbatim, the document, and the fact it rests on."""

    rule: str
    clause: str
    source: str
    fact: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What the rules need and nobody said, and whom to ask."""

    fact: str
    question: str
    asked: Role = Role.OFFICE_DIRECTOR


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed level. A human of the confirming role decides."""

    level: str
    reasons: tuple[Reason, ...]
    ask: tuple[Question, ...]
    would_change: tuple[str, ...]


def propose(rules: GradingRules, report: ReportFacts) -> Proposal:
    """Return the level a report comes to by a rulebook.

    The highest level with a rule that holds wins. What nobody gave and the text does not show
    counts as no for the level; what could still raise it is asked.

    Raises:
        FactError: a ticked name or value that cannot be used.
    """
    reading = read_facts(rules, report)
    facts = _with_previous_level(rules, reading.facts)
    level, reasons = decide(rules, facts)
    questions: dict[str, Question] = {}
    for question in (
        *_doubts(rules, facts, level),
        *_scored_questions(rules, facts),
        *_conflicts(rules, reading, level),
        *_unknown(rules, facts, level),
    ):
        questions.setdefault(question.fact, question)
    changes = tuple(dict.fromkeys(_changes(rules, facts, level)))[:MOST_CHANGES]
    return Proposal(level, reasons, tuple(questions.values()), changes)


def _with_previous_level(rules: GradingRules, facts: Facts) -> Facts:
    """Read "mishandled" without a level as: mishandled at the level the case comes to otherwise."""
    fact = facts.get(PREVIOUS)
    if fact is None or not fact.truth or fact.values:
        return facts
    without = {name: one for name, one in facts.items() if name != PREVIOUS}
    level, _ = decide(rules, without)
    said = Fact(PREVIOUS, fact.origin, f"原为{level}，处置不妥", values=frozenset({level}))
    return {**without, PREVIOUS: said}


def decide(rules: GradingRules, facts: Facts) -> tuple[str, tuple[Reason, ...]]:
    """Return the highest level reached and the reasons for it, in the order of the rulebook."""
    reached, points = _score_reasons(rules.score, facts) if rules.score else ("", ())
    for level in rules.levels:
        reasons = tuple(_reasons(rules, facts, level.name))
        if level.name == reached:
            reasons += points
        if reasons:
            return level.name, reasons
    counted = [
        _told(facts[name])
        for name in dict.fromkeys(rules.facts_used())
        if name in facts and facts[name].number is not None
    ]
    shown = "；".join([*counted, _NOTHING])
    left_over = tuple(_reason(rule, shown) for rule in rules.rules if rule.when is None)
    return rules.levels[-1].name, left_over


def _reasons(rules: GradingRules, facts: Facts, level: str) -> Iterator[Reason]:
    for rule in rules.rules:
        here = rule.level == level and rule.when is not None
        if here and rule.when and judge(rule.when, facts, closed=True) is Truth.YES:
            yield _reason(rule, _evidence(rule, facts))


def _reason(rule: Rule, fact: str) -> Reason:
    return Reason(rule.id, rule.clause, rule.source, fact, rule.says)


def _score_reasons(score: Score, facts: Facts) -> tuple[str, tuple[Reason, ...]]:
    """Return the level the score reaches, and its reasons: the sum, then the heaviest factors."""
    scored = scoring.score(score, facts)
    band = scoring.band(score, scoring.total(scored))
    points = f"得分 {shown_number(scoring.total(scored) / scoring.HUNDREDTHS)}"
    reasons = [Reason(band.level, band.clause, band.source, points, points)]
    for one in sorted(scored, key=lambda one: -one.points):
        got = shown_number(one.points / scoring.HUNDREDTHS)
        fact = f"{one.factor.title}：{one.step.title}，{one.factor.weight}%×{one.step.points}={got}"
        reasons.append(Reason(one.factor.id, one.factor.clause, one.factor.source, fact, fact))
    return band.level, tuple(reasons)


def _evidence(rule: Rule, facts: Facts) -> str:
    """Return the facts that make a rule hold, each with where it comes from."""
    shown = []
    for leaf in leaves(rule.when) if rule.when else ():
        if judge(leaf, facts, closed=True) is Truth.YES:
            names = leaf.facts if isinstance(leaf, Amount) else (leaf.fact,)
            shown += [_told(facts[name]) for name in names if name in facts]
    return "；".join(dict.fromkeys(shown)) or _NOTHING


def _told(fact: Fact) -> str:
    return f"{fact.shown}（{fact.origin}）"


def _doubts(rules: GradingRules, facts: Facts, level: str) -> Iterator[Question]:
    """Yield where the rules are silent or elastic and another level is possible."""
    for doubt in rules.doubts:
        higher = rules.rank(doubt.could_be) > rules.rank(level)
        if higher and judge(doubt.when, facts, closed=True) is Truth.YES:
            shown = "、".join(
                facts[name].shown
                for leaf in leaves(doubt.when)
                if isinstance(leaf, Amount)
                for name in leaf.facts
                if name in facts
            )
            spec = rules.specs.get(doubt.fact)
            asked = spec.asked if spec else Role.OFFICE_DIRECTOR
            yield Question(
                doubt.fact, f"{shown}：{doubt.question}" if shown else doubt.question, asked
            )


def _scored_questions(rules: GradingRules, facts: Facts) -> Iterator[Question]:
    """Yield what a score leaves open: numbers on a shared border, factors nobody spoke of."""
    if rules.score is None:
        return
    scored = scoring.score(rules.score, facts)
    for one, other in scoring.on_borders(rules.score, scored):
        steps = f"“{one.lower.title if one.lower else ''}”与“{one.step.title}”"
        question = f"数值正在{steps}的边界上，按前者为{other.level}，按哪档？"
        yield Question(one.factor.id, question)
    now = scoring.band(rules.score, scoring.total(scored))
    if scoring.band(rules.score, scoring.most(scored)) is now:
        return
    for one in sorted(scored, key=lambda one: -one.factor.weight):
        if one.best.points > one.step.points:
            for name in scoring.open_facts(one.factor, facts):
                yield _question(rules.specs[name], facts)


def _conflicts(rules: GradingRules, reading: Reading, level: str) -> Iterator[Question]:
    """Yield where text or publisher say more than was ticked, and it would raise the level."""
    for name, found in reading.unticked.items():
        if not _says_more(found, reading.facts[name]):
            continue
        other, _ = decide(rules, {**reading.facts, name: found})
        if rules.rank(other) > rules.rank(level):
            spec = rules.specs[name]
            question = (
                f"{found.origin}写有“{found.shown}”，与勾选的“{spec.title}：{_ticked(reading.facts[name])}”"
                f"不一致；若属实则为{other}，请核对"
            )
            yield Question(name, question, spec.asked)


def _ticked(fact: Fact) -> str:
    return {True: "是", False: "否", None: fact.shown}[fact.truth]


def _says_more(found: Fact, given: Fact) -> bool:
    return (found.truth, found.values, found.number) != (given.truth, given.values, given.number)


def _unknown(rules: GradingRules, facts: Facts, level: str) -> Iterator[Question]:
    """Yield the facts nobody gave that could raise the level, the likeliest rule first."""
    waiting: list[tuple[int, int, list[str]]] = []
    for rule in rules.rules:
        rank = rules.rank(rule.level)
        if rule.when is not None and rank > rules.rank(level):
            names = list(dict.fromkeys(unsettled(rule.when, facts)))
            if names:
                spoken = any(name in facts for name in names)
                waiting.append((0 if spoken else len(names), -rank, names))
    for _, _, names in sorted(waiting, key=lambda one: one[:2]):
        yield from (_question(rules.specs[name], facts) for name in names)


def _question(spec: FactSpec, facts: Facts) -> Question:
    fact = facts.get(spec.name)
    if fact is None or fact.values == _NOBODYS or fact.truth is False:
        return Question(spec.name, spec.question, spec.asked)
    return Question(spec.name, f"{fact.origin}提到“{fact.shown}”：{spec.question}", spec.asked)


def _changes(rules: GradingRules, facts: Facts, level: str) -> Iterator[str]:
    """Yield what single new fact would raise the level, media and hot lists first."""
    higher = [
        rule
        for rule in rules.rules
        if rule.when is not None and rules.rank(rule.level) > rules.rank(level)
    ]
    found: list[tuple[int, int, str]] = []
    for rule in higher:
        for leaf in leaves(rule.when) if rule.when else ():
            if judge(leaf, facts, closed=True) is Truth.YES or _ticked_no(leaf, facts):
                continue
            if rule.when and judge(rule.when, _supposing(leaf, facts), closed=True) is Truth.YES:
                name = leaf.facts[0] if isinstance(leaf, Amount) else leaf.fact
                order = _EVENTS.index(name) if name in _EVENTS else len(_EVENTS)
                found.append((order, rules.rank(rule.level), _change(rules, leaf, rule.level)))
    yield from (words for _, _, words in sorted(found, key=lambda one: one[:2]))


def _ticked_no(leaf: Flag | OneOf | Amount, facts: Facts) -> bool:
    """Whether an officer judged the fact and said no: then it is no news that it would matter."""
    fact = facts.get(leaf.fact) if isinstance(leaf, Flag) else None
    return fact is not None and fact.origin is Origin.TICKED and fact.truth is False


def _supposing(leaf: Flag | OneOf | Amount, facts: Facts) -> Facts:
    """Return the facts as they would be if one more thing were true."""
    if isinstance(leaf, Amount):
        number = leaf.low + 1 if leaf.low_open else leaf.low
        new = Fact(leaf.facts[0], Origin.NOBODY, "", number=number)
    elif isinstance(leaf, OneOf):
        old = facts[leaf.fact].values if leaf.fact in facts else frozenset()
        new = Fact(leaf.fact, Origin.NOBODY, "", values=old | leaf.values)
    else:
        new = Fact(leaf.fact, Origin.NOBODY, "", truth=True)
    return {**facts, new.name: new}


def _change(rules: GradingRules, leaf: Flag | OneOf | Amount, level: str) -> str:
    if isinstance(leaf, Amount):
        titles = "、".join(rules.specs[name].title for name in leaf.facts)
        which = "任一" if len(leaf.facts) > 1 else ""
        return f"{titles}{which}达到{shown_number(leaf.low)}即为{level}"
    spec = rules.specs[leaf.fact]
    if isinstance(leaf, OneOf) and spec.kind is FactKind.CHOICE:
        titles = "或".join(choice.title for choice in spec.choices if choice.value in leaf.values)
        if leaf.fact == MEDIA_TIER:
            return f"再有{titles}关注或报道即为{level}"
        return f"如{titles}即为{level}"
    if isinstance(leaf, OneOf):
        return f"处置不妥致事态扩大即为{level}"
    return f"如{spec.title}即为{level}"
