"""All facts of one report: ticked first, then platform and publisher, then what the text shows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cases.grading.conditions import Fact, Facts, Origin
from cases.grading.facts import ReportFacts, shown_number, ticked
from cases.grading.media import MediaFinder, MediaKind, Mention, Mode, PlatformKind, Publisher
from cases.grading.numbers import counted
from cases.grading.rulebook import GradingRules
from cases.grading.specs import FactKind
from cases.grading.text_reader import Showing, TextReader
from cases.grading.words import Hit, Stance, normal, stance

MEDIA_TIER = "media_tier"
PRESS_TV = "press_tv"
CONTACT_ONLY = "contact_only"
HOT = "hot"
SPECIAL_PERIOD = "special_period"
MOST_TEXT = 3000  # characters read; a report is shorter, what is longer is an attack or a paste
_PERSON = "none"
_MAINSTREAM = frozenset({MediaKind.TELEVISION, MediaKind.PRESS})


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of a report, and what the text says against the ticks."""

    facts: Facts
    unticked: Facts  # what platform, publisher and text show of facts that were ticked


def read_facts(rules: GradingRules, report: ReportFacts) -> Reading:
    """Return every fact of a report with its origin; ticks win over publisher, publisher over text.

    Raises:
        FactError: a ticked name or value that cannot be used.
    """
    given = ticked(rules, report.metrics)
    found = _found(rules.reader, report)
    facts = {**found, **given}
    against = {name: fact for name, fact in found.items() if name in given}
    return Reading(facts, against)


def _found(reader: TextReader, report: ReportFacts) -> dict[str, Fact]:
    text = normal(f"{report.title}\n{report.abstract}"[:MOST_TEXT])
    facts = _from_text(reader, text)
    facts.update(_numbers(reader, text))
    facts.update(_hot(reader.finder, text))
    facts.update(_media(reader, report, text))
    facts.update(_from_publisher(reader, report))
    for fact in _from_platform(reader, report):
        facts.setdefault(fact.name, fact)
    if report.day:
        for period in reader.periods:
            if period.holds(report.day):
                facts[SPECIAL_PERIOD] = Fact(SPECIAL_PERIOD, Origin.TEXT, period.name, truth=True)
    return facts


def _numbers(reader: TextReader, text: str) -> Iterator[tuple[str, Fact]]:
    for name, written in counted(text, reader.numbers).items():
        shown = f"{reader.specs[name].title}{shown_number(written.value)}"
        if written.at_least:
            shown += "以上"
        yield name, Fact(name, Origin.TEXT, shown, number=written.value, exact=not written.at_least)


def _from_text(reader: TextReader, text: str) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for hit in reader.lexicon.find(text):
        showing = hit.means
        judged = stance(text, hit, likely_counts=showing.spec.likely_counts)
        fact = _shown(showing, judged, _words(text, hit))
        if fact:
            earlier = facts.get(fact.name)
            facts[fact.name] = _stronger(earlier, fact) if earlier else fact
    return facts


def _words(text: str, hit: Hit[Showing]) -> str:
    return text[hit.start : hit.end].replace("\n", " ")


def _shown(showing: Showing, judged: Stance, words: str) -> Fact | None:
    spec = showing.spec
    doubtful = Fact(spec.name, Origin.TEXT, words, exact=False)
    if spec.kind is FactKind.FLAG:
        if showing.value == "no":
            return replace(doubtful, truth=False) if judged.stated else None
        if judged.stated is False:
            return replace(doubtful, truth=False, exact=judged.verified)
        if judged.stated is None or showing.value == "maybe":
            return doubtful
        return replace(doubtful, truth=True)
    if judged.stated is False:
        return None
    if judged.stated is None or showing.value == "maybe":
        return doubtful
    return replace(doubtful, values=frozenset({showing.value}))


def _stronger(earlier: Fact, later: Fact) -> Fact:
    """Return the fact two phrases show together: stated beats denied beats doubtful.

    A denial that was verified (经核实，无人员伤亡) beats what was stated before it.
    """
    if earlier.values or later.values:
        return replace(earlier, values=earlier.values | later.values)
    if later.truth is False and later.exact:
        return later
    order = {True: 2, False: 1, None: 0}
    return later if order[later.truth] > order[earlier.truth] else earlier


def _hot(finder: MediaFinder, text: str) -> dict[str, Fact]:
    scopes: dict[str, str] = {}
    denied, doubtful = "", ""
    for words, scope, on_it in finder.hot(text):
        if on_it:
            scopes[scope] = words
        elif on_it is False:
            denied = words
        else:
            doubtful = words
    if scopes:
        shown = "、".join(scopes.values())
        return {HOT: Fact(HOT, Origin.TEXT, shown, values=frozenset(scopes), exact=False)}
    if doubtful:
        return {HOT: Fact(HOT, Origin.TEXT, doubtful, exact=False)}
    return {HOT: Fact(HOT, Origin.TEXT, f"未上{denied}")} if denied else {}


def _media(reader: TextReader, report: ReportFacts, text: str) -> dict[str, Fact]:
    """Return the media facts that publisher, platform and text show together."""
    finder = reader.finder
    publisher = _publisher(finder, report, text)
    mentions = list(finder.mentions(text))
    taken_up = [m for m in mentions if m.mode in {Mode.REPORTED, Mode.CONTACTED} and m.tier]
    tiers = frozenset(m.tier for m in taken_up)
    shown = [m.words + m.mode for m in taken_up]
    origin = Origin.TEXT
    if publisher and publisher.tier:
        origin = Origin.PUBLISHER
        tiers |= {publisher.tier}
        shown.insert(0, publisher.words)
    facts: dict[str, Fact] = {}
    real = tiers - {_PERSON}
    nothing = not real and any(m.mode is Mode.DENIED and not m.tier for m in mentions)
    excluded = frozenset(m.tier for m in mentions if m.mode is Mode.DENIED and m.tier) - tiers
    spoken = [m.words for m in mentions if m.mode is Mode.MENTIONED]
    if tiers or nothing or excluded or spoken:
        words = "、".join(shown if real else spoken or shown) or "没有媒体"
        facts[MEDIA_TIER] = Fact(
            MEDIA_TIER, origin, words, values=tiers, excluded=excluded, exact=nothing
        )
    facts.update(_press(publisher, mentions, nothing=nothing))
    return facts


def _publisher(finder: MediaFinder, report: ReportFacts, text: str) -> Publisher | None:
    """Return whose post it is: the publisher as written, else a medium whose own platform it is."""
    if finder.is_board(report.platform):
        return Publisher(_PERSON, MediaKind.ANY, report.platform)
    written = finder.publisher(report.source_media)
    if written:
        return written
    platform = finder.platform(report.platform)
    if platform and platform.kind is not PlatformKind.PORTAL:
        return None
    own = finder.publisher(report.platform)
    return None if own is None or finder.says_citizen(text) else own


def _press(
    publisher: Publisher | None, mentions: list[Mention], *, nothing: bool
) -> dict[str, Fact]:
    """Return whether television or the press reported, and whether media only asked so far."""
    facts: dict[str, Fact] = {}
    published = publisher is not None and publisher.tier not in {"", _PERSON}
    reported = [m for m in mentions if m.mode is Mode.REPORTED]
    asked = [m for m in mentions if m.mode is Mode.CONTACTED]
    if asked and not reported and not published:
        words = f"{asked[0].words}{Mode.CONTACTED}"
        facts[CONTACT_ONLY] = Fact(CONTACT_ONLY, Origin.TEXT, words, truth=True)
    if publisher and published and publisher.kind in _MAINSTREAM:
        facts[PRESS_TV] = Fact(PRESS_TV, Origin.PUBLISHER, publisher.words, truth=True)
        return facts
    for mention in (*reported, *asked):
        if mention.kind in _MAINSTREAM:
            truth = True if mention.mode is Mode.REPORTED else None
            words = f"{mention.words}{mention.mode}"
            facts[PRESS_TV] = Fact(PRESS_TV, Origin.TEXT, words, truth=truth, exact=bool(truth))
            return facts
    if nothing:
        facts[PRESS_TV] = Fact(PRESS_TV, Origin.TEXT, "没有媒体", truth=False)
    return facts


def _from_publisher(reader: TextReader, report: ReportFacts) -> Iterator[tuple[str, Fact]]:
    for spec in reader.specs.values():
        if any(word in report.source_media for word in spec.publisher):
            yield spec.name, Fact(spec.name, Origin.PUBLISHER, report.source_media, truth=True)


def _from_platform(reader: TextReader, report: ReportFacts) -> Iterator[Fact]:
    platform = reader.finder.platform(report.platform)
    for name, value in platform.implies if platform else ():
        spec = reader.specs.get(name)
        if spec and spec.kind is FactKind.FLAG:
            yield Fact(name, Origin.PLATFORM, report.platform, truth=value == "yes")
        elif spec:
            yield Fact(
                name, Origin.PLATFORM, report.platform, values=frozenset({value}), exact=False
            )
