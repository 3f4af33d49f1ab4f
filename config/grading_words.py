"""Read the tables beside the rulebooks: facts.toml (what may be asked) and media.toml."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from cases.grading.media import (
    Ending,
    MediaKind,
    MediaTable,
    Medium,
    Platform,
    PlatformKind,
)
from cases.grading.specs import Choice, FactKind, FactSpec
from cases.grading.text_reader import Period
from cases.people import Role
from config.checking import Table, read_table

Kind = TypeVar("Kind")

_FACT_KINDS = {kind.value: kind for kind in FactKind}
_MEDIA_KINDS = {kind.value: kind for kind in MediaKind}
_PLATFORM_KINDS = {kind.value: kind for kind in PlatformKind}
_ROLES = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class WordTables:
    """What media.toml holds."""

    media: MediaTable
    periods: tuple[Period, ...]


def one_of(table: Table, name: str, kinds: dict[str, Kind], default: Kind) -> Kind:
    """Return the kind a text names; an unknown one is a fault that lists the choices."""
    said = table.text(name, "")
    if said and said not in kinds:
        table.faults.append(f"{table.where} 的 {name}: 没有“{said}”，可用：{'、'.join(kinds)}")
    return kinds.get(said, default)


def read_facts_table(top: Table) -> dict[str, FactSpec]:
    """Return the facts of the [facts.*] tables; faults go to the table's list."""
    facts = top.table("facts", required=False)
    return {name: _spec(name, facts.table(name)) for name in facts.names()}


def _spec(name: str, table: Table) -> FactSpec:
    spec = FactSpec(
        name=name,
        title=table.text("title"),
        kind=one_of(table, "kind", _FACT_KINDS, FactKind.FLAG),
        question=table.text("question"),
        asked=one_of(table, "asked", _ROLES, Role.OFFICE_DIRECTOR),
        choices=tuple(_choice(one) for one in table.tables("choices")),
        yes=_phrases(table, "yes"),
        no=_phrases(table, "no"),
        maybe=_phrases(table, "maybe"),
        likely_counts=table.flag("likely_counts", default=False),
        publisher=table.texts("publisher"),
        numbers=table.texts("numbers"),
    )
    if spec.kind is FactKind.CHOICE and not spec.choices:
        table.faults.append(f"{table.where} 缺少 choices")
    table.done()
    return spec


def _choice(table: Table) -> Choice:
    choice = Choice(
        value=table.text("value"),
        title=table.text("title"),
        aliases=tuple(alias.casefold() for alias in table.texts("aliases")),
        words=_phrases(table, "words"),
    )
    table.done()
    return choice


def _phrases(table: Table, name: str) -> tuple[str, ...]:
    """Return phrases; every word of one needs two characters, or it would be found everywhere."""
    phrases = table.texts(name)
    for phrase in phrases:
        if any(len(word) < 2 for word in phrase.split("…")[0].split("|")):  # noqa: PLR2004
            table.faults.append(f"{table.where} 的 {name}: “{phrase}”开头的词至少要两个字")
        if any(not word for part in phrase.split("…") for word in part.split("|")):
            table.faults.append(f"{table.where} 的 {name}: “{phrase}”里有空的词")
    return phrases


def read_media(path: Path, faults: list[str]) -> WordTables:
    """Return the media tables of a file."""
    top = read_table(path, faults)
    tiers = top.texts("tiers")
    shapes = top.table("names", required=False)
    media = MediaTable(
        media=tuple(medium for one in top.tables("media") for medium in _media(one, tiers)),
        platforms=tuple(
            platform for one in top.tables("platforms") for platform in _platforms(one)
        ),
        endings=tuple(ending for one in top.tables("endings") for ending in _endings(one, tiers)),
        provinces=shapes.texts("provinces"),
        hot_lists=tuple(hot for one in top.tables("hot_lists") for hot in _hot_lists(one)),
        local_words=shapes.texts("local"),
        citizen_words=shapes.texts("citizen"),
        board_words=shapes.texts("board"),
        account_words=shapes.texts("account"),
        tiers=tiers,
    )
    periods = tuple(_period(one) for one in top.tables("periods"))
    shapes.done()
    top.done()
    return WordTables(media, periods)


def join_media(first: MediaTable, own: MediaTable) -> MediaTable:
    """Return the shipped tables with an institution's own entries put before them."""
    return replace(
        first,
        media=_own_first(own.media, first.media),
        platforms=own.platforms + first.platforms,
        endings=own.endings + first.endings,
        provinces=own.provinces + first.provinces,
        hot_lists=own.hot_lists + first.hot_lists,
        local_words=own.local_words + first.local_words,
        citizen_words=own.citizen_words + first.citizen_words,
        board_words=own.board_words + first.board_words,
        account_words=own.account_words + first.account_words,
    )


def _own_first(own: tuple[Medium, ...], shipped: tuple[Medium, ...]) -> tuple[Medium, ...]:
    names = {medium.name for medium in own}
    return own + tuple(medium for medium in shipped if medium.name not in names)


def _media(table: Table, tiers: tuple[str, ...]) -> list[Medium]:
    tier = table.text("tier")
    if tier and tiers and tier not in tiers:
        table.faults.append(f"{table.where} 的 tier: 没有“{tier}”，可用：{'、'.join(tiers)}")
    kind = one_of(table, "kind", _MEDIA_KINDS, MediaKind.ANY)
    names = _words(table, "names")
    table.done()
    return [Medium(name, tier, kind) for name in names]


def _endings(table: Table, tiers: tuple[str, ...]) -> list[Ending]:
    tier = table.text("tier")
    if tier and tiers and tier not in tiers:
        table.faults.append(f"{table.where} 的 tier: 没有“{tier}”，可用：{'、'.join(tiers)}")
    kind = one_of(table, "kind", _MEDIA_KINDS, MediaKind.ANY)
    words = _words(table, "words")
    table.done()
    return [Ending(word, kind, tier) for word in words]


def _platforms(table: Table) -> list[Platform]:
    kind = one_of(table, "kind", _PLATFORM_KINDS, PlatformKind.UGC)
    implied = table.table("implies", required=False)
    implies = tuple((name, implied.text(name)) for name in implied.names())
    names = table.texts("names")
    table.done()
    return [Platform(name, kind, implies) for name in names]


def _hot_lists(table: Table) -> list[tuple[str, str]]:
    scope = table.text("scope")
    words = _words(table, "words")
    table.done()
    return [(word, scope) for word in words]


def _words(table: Table, name: str) -> tuple[str, ...]:
    words = table.texts(name)
    table.faults.extend(
        f"{table.where} 的 {name}: “{word}”至少要两个字"
        for word in words
        if len(word) < 2  # noqa: PLR2004
    )
    return words


def _period(table: Table) -> Period:
    period = Period(table.text("name"), _day(table, "first"), _day(table, "last"))
    table.done()
    return period


def _day(table: Table, name: str) -> tuple[int, int]:
    """Return month and day of a text like 06-07."""
    month, _, day = table.text(name).partition("-")
    if month.isdecimal() and day.isdecimal() and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:  # noqa: PLR2004
        return int(month), int(day)
    table.faults.append(f"{table.where} 的 {name} 应为 月-日, 例如 06-07")
    return 1, 1
