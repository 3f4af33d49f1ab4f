"""Which unit answers: from what is said, earlier rulings, the duty catalogue and the areas."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cases.people import Unit
from cases.unit_names import UnitName, is_office, parse_name, spellings

_NAMED_IN_TEXT = 4  # a unit named in the text weighs as much as four duty words
_DENIED = ("不归", "不属于", "不属", "并非", "不是", "非")
_HELPS = ("配合", "协办", "协助", "协同")
_LEADS = ("牵头", "主办")
_SAID_TO_LEAD = 8  # weighs more than any name or duty


@dataclass(frozen=True, slots=True)
class UnitProposal:
    """Who should lead and help, why, and what must be asked first (None when nothing)."""

    lead: Unit | None
    helpers: tuple[Unit, ...]
    reason: str
    question: str | None = None


@dataclass(slots=True)
class _Standing:
    """What speaks for a unit."""

    unit: Unit
    duties: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    told: int = 0  # 牵头 or 配合 said of it

    @property
    def weight(self) -> int:
        """How strongly its duties or its name speak for it; longer words are more telling."""
        return (
            sum(max(1, len(word) - 1) for word in self.duties)
            + _NAMED_IN_TEXT * len(self.named)
            + self.told
        )


def find_unit(units: Sequence[Unit], said: str) -> Unit | tuple[Unit, ...] | None:
    """Return the unit called `said`, several when it may be any of them, None when none is.

    The name or an alias as written comes first; then the same office under another common name,
    with or without its place; then a name that holds what was said.
    """
    wanted = unicodedata.normalize("NFKC", said).strip().removeprefix("@").strip()
    if not wanted:
        return None
    exact = [unit for unit in units if wanted in (unit.id, unit.name, *unit.aliases)]
    if exact:
        return _one_or_several(exact)
    name = parse_name(wanted)
    if name.core:
        same = [unit for unit in units if any(one.same(name) for one in _parsed(unit))]
        if same:
            return _one_or_several(same)
    if len(wanted) < 2:  # noqa: PLR2004 -- one character names nobody
        return None
    holding = [unit for unit in units if any(wanted in one for one in _names(unit))]
    return _one_or_several(holding or _area_units(units, wanted))


def _names(unit: Unit) -> tuple[str, ...]:
    return (unit.name, *unit.aliases)


def _parsed(unit: Unit) -> Iterator[UnitName]:
    """Yield the unit's names in their parts; an alias without a place is of the unit's place."""
    place = parse_name(unit.name).region
    for one in map(parse_name, _names(unit)):
        yield UnitName(one.region or place, one.core)


def _area_units(units: Sequence[Unit], wanted: str) -> list[Unit]:
    return [unit for unit in units if wanted in unit.areas]


def _one_or_several(found: list[Unit]) -> Unit | tuple[Unit, ...] | None:
    distinct = {unit.id: unit for unit in found}
    if len(distinct) == 1:
        return found[0]
    return tuple(distinct.values()) or None


def propose_unit(
    units: Sequence[Unit], text: str, named: Sequence[str], earlier: Mapping[str, str]
) -> UnitProposal:
    """Propose who leads and who helps.

    Args:
        units: the units with their duties (职责) and areas (属地).
        text: what happened, in the reporter's words.
        named: units the report names (涉及单位), in order.
        earlier: earlier rulings (裁定): words of a matter -> id of the unit that was ruled
            responsible.

    What the report names comes first, then an earlier ruling, then the duty catalogue, then the
    place. A unit that answers for the matter (主管) leads, the one that answers for the place
    (属地) helps. What is unknown or tied is asked.
    """
    plain = unicodedata.normalize("NFKC", text)
    standings = _standings(units, plain)
    meant, unclear = _meant(units, named)
    if meant:
        return _by_name(meant, standings, unclear)
    if unclear:
        return UnitProposal(None, (), "", unclear)
    ruled = _ruled(units, plain, earlier)
    if ruled:
        unit, words = ruled
        others = _place_helpers(standings, unit)
        return UnitProposal(unit, others, f"此前“{words}”裁定由{unit.name}负责{_places(others)}")
    return _by_duty(standings)


def _meant(units: Sequence[Unit], named: Sequence[str]) -> tuple[list[Unit], str | None]:
    """Return the units named, and a question for the first name that is unknown or several."""
    meant: list[Unit] = []
    question = None
    for said in named:
        found = find_unit(units, said)
        if isinstance(found, Unit):
            if found not in meant:
                meant.append(found)
        elif found:
            names = "、".join(unit.name for unit in found)
            question = question or f"“{said}”是{names}中的哪一个？"
        elif said.strip():
            question = question or f"名录里没有“{said}”，请问由哪个单位负责？"
    return meant, question


def _by_name(
    meant: list[Unit], standings: Mapping[str, _Standing], question: str | None
) -> UnitProposal:
    """Let the named unit that is in charge lead: by duty, else the first named that is no place."""
    in_charge = [unit for unit in meant if not unit.areas] or meant
    lead = max(in_charge, key=lambda unit: standings[unit.id].weight)  # the first of equals
    helpers = tuple(unit for unit in meant if unit is not lead)
    places = tuple(u for u in _place_helpers(standings, lead) if u not in helpers)
    duties = "、".join(standings[lead.id].duties)
    why = f"报送时写明{lead.name}" + (f"，职责含“{duties}”" if duties else "")
    question = question or _rivals(in_charge, lead, standings)
    return UnitProposal(lead, helpers + places, why + _places(places), question)


def _rivals(in_charge: list[Unit], lead: Unit, standings: Mapping[str, _Standing]) -> str | None:
    """Return a question where another named unit is in charge as well, by duty or by order."""
    weight = standings[lead.id].weight
    for unit in in_charge:
        own = standings[unit.id].weight
        if unit is not lead and own and (own == weight or unit is in_charge[0]):
            return f"{lead.name}、{unit.name}都写明了，职责也都相关，由谁牵头？"
    return None


def _ruled(units: Sequence[Unit], text: str, earlier: Mapping[str, str]) -> tuple[Unit, str] | None:
    """Return the unit of the longest earlier ruling whose words are in the text."""
    by_id = {unit.id: unit for unit in units}
    found = [words for words, unit in earlier.items() if words in text and unit in by_id]
    if not found:
        return None
    words = max(found, key=len)
    return by_id[earlier[words]], words


def _by_duty(standings: Mapping[str, _Standing]) -> UnitProposal:
    ranked = sorted(standings.values(), key=lambda one: -one.weight)
    top = [one for one in ranked if one.weight and one.weight == ranked[0].weight]
    if not top:
        return _by_place(standings)
    if len(top) > 1:
        matters = [one for one in top if not one.unit.areas]
        if len(matters) != 1:
            names = "、".join(one.unit.name for one in top)
            why = "；".join(f"{one.unit.name}：{_why(one)}" for one in top)
            return UnitProposal(None, (), why, f"{names}都可能主管，请定由谁牵头")
        top = matters
    lead = top[0]
    close = [
        one.unit
        for one in ranked
        if one is not lead and (one.told < 0 or one.weight * 2 > lead.weight)
    ]
    places = tuple(u for u in _place_helpers(standings, lead.unit) if u not in close)
    why = f"{lead.unit.name}主管：{_why(lead)}"
    return UnitProposal(lead.unit, (*close, *places), why + _places(places))


def _why(standing: _Standing) -> str:
    words = [f"文中点名“{name}”" for name in standing.named]
    if standing.duties:
        words.append(f"职责含“{'、'.join(standing.duties)}”")
    return "，".join(words)


def _by_place(standings: Mapping[str, _Standing]) -> UnitProposal:
    local = [one for one in standings.values() if one.areas]
    if len(local) == 1:
        one = local[0]
        return UnitProposal(one.unit, (), f"属地：{'、'.join(one.areas)}属{one.unit.name}")
    if local:
        names = "、".join(one.unit.name for one in local)
        return UnitProposal(None, (), f"属地：{names}", f"{names}都可能是属地，请定由谁负责")
    return UnitProposal(None, (), "", "看不出由哪个单位负责，请指定牵头单位")


def _place_helpers(standings: Mapping[str, _Standing], lead: Unit) -> tuple[Unit, ...]:
    """Return the units that answer for the places named, to help the one in charge."""
    return tuple(one.unit for one in standings.values() if one.areas and one.unit is not lead)


def _places(units: tuple[Unit, ...]) -> str:
    return f"；属地{'、'.join(unit.name for unit in units)}配合" if units else ""


def _standings(units: Sequence[Unit], text: str) -> dict[str, _Standing]:
    """Return what the text says for each unit; of words that overlap only the longest counts."""
    standings = {unit.id: _Standing(unit) for unit in units}
    words = sorted(
        ((word, unit.id, kind) for unit in units for word, kind in _words(unit)),
        key=lambda one: -len(one[0]),
    )
    taken: dict[tuple[int, int], str] = {}
    for word, unit_id, kind in words:
        for start in _places_of(word, text):
            if _overlaps((start, start + len(word)), taken, word):
                continue
            taken[start, start + len(word)] = word
            if text[:start].endswith(_DENIED):
                break
            _count(standings[unit_id], (word, kind), text[start + len(word) :])
            break
    return standings


def _count(standing: _Standing, found: tuple[str, str], after: str) -> None:
    word, kind = found
    known: list[str] = getattr(standing, kind)
    known.append(word)
    if kind == "named" and after.startswith(_LEADS):
        standing.told = _SAID_TO_LEAD
    elif kind == "named" and after.startswith(_HELPS):
        standing.told = 1 - _NAMED_IN_TEXT


def _words(unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield the words that speak for a unit, each with what it is."""
    for word in dict.fromkeys(unit.duties):
        yield word, "duties"
    for word in dict.fromkeys(unit.areas):
        yield word, "areas"
    known = {name for one in _names(unit) for name in (one, *spellings(parse_name(one).core))}
    for name in sorted(known):
        if is_office(name) and len(name) > 2:  # noqa: PLR2004 -- 局、科 alone name nobody
            yield name, "named"
        elif name not in unit.duties and name not in unit.areas and len(name) > 1:
            yield name, "duties"


def _places_of(word: str, text: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + 1)


def _overlaps(span: tuple[int, int], taken: Mapping[tuple[int, int], str], word: str) -> bool:
    """Whether a longer word is already taken there; the same word of another unit may share it."""
    start, end = span
    return any(start < e and s < end and other != word for (s, e), other in taken.items())
