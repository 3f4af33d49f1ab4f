"""Load a rulebook's grading.toml: from a folder to rules ready to grade with, or all its faults."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from cases.grading.media import MediaFinder
from cases.grading.rulebook import (
    Audience,
    Band,
    Doubt,
    Factor,
    GradingRules,
    Level,
    Rule,
    Score,
    Step,
)
from cases.grading.specs import Choice, FactKind, FactSpec
from cases.grading.text_reader import TextReader
from cases.people import Role
from config.checking import SettingsError, Table, read_table
from config.grading_conditions import NEVER, ConditionReader
from config.grading_words import WordTables, join_media, one_of, read_facts_table, read_media

SHIPPED = Path(__file__).with_name("rulebooks")
FACTS = Path(__file__).with_name("facts.toml")
MEDIA = Path(__file__).with_name("media.toml")
SCHEMA = SHIPPED / "grading.schema.json"
FULL_WEIGHT = 100

_ROLES = {role.value: role for role in Role}
_AUDIENCES = {audience.value: audience for audience in Audience}


class RulebookError(SettingsError):
    """What is wrong with a rulebook: every fault at once, each with file and place."""


def shipped_names() -> tuple[str, ...]:
    """Return the names of the rulebooks that ship, in order."""
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/grading.toml")))


@cache
def load_shipped(name: str) -> GradingRules:
    """Return a rulebook that ships, by name.

    Raises:
        RulebookError: it has faults.
        KeyError: none of that name ships.
    """
    if name not in shipped_names():
        raise KeyError(name)
    return load_grading(SHIPPED / name)


def load_grading(folder: Path) -> GradingRules:
    """Read `folder`/grading.toml, and `folder`/media.toml where the institution keeps its own.

    Facts any shipped rulebook speaks of are accepted in every rulebook.

    Raises:
        RulebookError: with every fault at once.
    """
    faults: list[str] = []
    specs, tables = _common(faults)
    if (folder / "media.toml").exists():
        own = _noted(folder / "media.toml", faults, tables)
        tables = WordTables(join_media(tables.media, own.media), own.periods + tables.periods)
    found: list[str] = []
    top = read_table(folder / "grading.toml", found)
    rules = _rules(folder.name, top, specs, tables)
    faults += [f"{folder.name}/grading.toml: {fault}" for fault in found]
    if faults:
        raise RulebookError(faults)
    return replace(rules, also_known=_names_elsewhere())


def _common(faults: list[str]) -> tuple[dict[str, FactSpec], WordTables]:
    found: list[str] = []
    top = read_table(FACTS, found)
    specs = read_facts_table(top)
    top.done()
    tables = read_media(MEDIA, found)
    faults += found
    return specs, tables


def _noted(path: Path, faults: list[str], tables: WordTables) -> WordTables:
    found: list[str] = []
    own = read_media(path, found)
    found += [
        f"没有媒体层级“{medium.tier}”，可用：{'、'.join(tables.media.tiers)}"
        for medium in own.media.media
        if medium.tier not in ("", *tables.media.tiers)
    ]
    faults += [f"{path.parent.name}/media.toml: {fault}" for fault in found]
    return own


@cache
def _names_elsewhere() -> frozenset[str]:
    """Return the names of all facts that shipped rulebooks define for themselves."""
    names: set[str] = set()
    for name in shipped_names():
        names.update(read_facts_table(read_table(SHIPPED / name / "grading.toml", [])))
    return frozenset(names)


def _rules(name: str, top: Table, common: dict[str, FactSpec], tables: WordTables) -> GradingRules:
    specs = {**common, **read_facts_table(top)}
    levels = tuple(_level(table) for table in top.tables("levels"))
    reader = ConditionReader(specs, tuple(level.name for level in levels))
    document = top.text("document")
    rules = GradingRules(
        name=name,
        title=top.text("title"),
        levels=levels,
        rules=tuple(_rule(table, reader, document) for table in top.tables("rules")),
        score=_score(top, reader, document),
        doubts=tuple(_doubt(table, reader, document) for table in top.tables("doubts")),
        specs=specs,
        reader=TextReader({}, MediaFinder(tables.media)),
        notes=top.texts("notes"),
    )
    top.done()
    top.faults.extend(_faults_together(rules))
    used = {fact: specs[fact] for fact in rules.facts_used() if fact in specs}
    used = {name: _with_levels(spec, levels) for name, spec in used.items()}
    return replace(rules, reader=TextReader(used, MediaFinder(tables.media), tables.periods))


def _with_levels(spec: FactSpec, levels: tuple[Level, ...]) -> FactSpec:
    """Return the spec with the words that show a mishandled level (本属三级，处置不妥)."""
    if spec.kind is not FactKind.LEVEL:
        return spec
    choices = []
    for level in levels:
        name = level.name if level.name.endswith("级") else f"{level.name}舆情"
        words = f"{name}…处置|处理|应对|回应…不妥|不当|不力|失当…扩大|发酵|升级|恶化|蔓延|反弹"
        choices.append(Choice(level.name, level.name, words=(words,)))
    return replace(spec, choices=tuple(choices))


def _level(table: Table) -> Level:
    told = table.texts("told")
    for audience in told:
        if audience not in _AUDIENCES:
            table.faults.append(
                f"{table.where} 的 told: 没有“{audience}”，可用：{'、'.join(_AUDIENCES)}"
            )
    level = Level(
        name=table.text("name"),
        confirms=one_of(table, "confirms", _ROLES, Role.OFFICE_DIRECTOR),
        needs_signoff=table.flag("needs_signoff", default=False),
        approver=one_of(table, "approver", _ROLES, Role.OFFICE_DIRECTOR),
        told=tuple(_AUDIENCES[audience] for audience in told if audience in _AUDIENCES),
        starter=table.text("starter", ""),
        aliases=table.texts("aliases"),
    )
    table.done()
    return level


def _known_level(table: Table, name: str, reader: ConditionReader) -> str:
    said = table.text(name)
    if said and said not in reader.levels:
        table.faults.append(
            f"{table.where} 的 {name}: 没有等级“{said}”，可用：{'、'.join(reader.levels)}"
        )
    return said


def _rule(table: Table, reader: ConditionReader, document: str) -> Rule:
    otherwise = table.flag("otherwise", default=False)
    when = reader.read(table)
    if otherwise == (when is not None):
        table.faults.append(f"{table.where} 应有 any 或 all，或者 otherwise = true，二者取一")
    rule = Rule(
        id=table.text("id"),
        level=_known_level(table, "level", reader),
        says=table.text("says"),
        clause=table.text("clause"),
        source=table.text("source", document),
        when=None if otherwise else when or NEVER,
    )
    table.done()
    return rule


def _doubt(table: Table, reader: ConditionReader, document: str) -> Doubt:
    when = reader.read(table)
    if when is None:
        table.faults.append(f"{table.where} 缺少 any 或 all")
    doubt = Doubt(
        id=table.text("id"),
        when=when or NEVER,
        could_be=_known_level(table, "could_be", reader),
        fact=table.text("fact"),
        question=table.text("question"),
        clause=table.text("clause"),
        source=table.text("source", document),
    )
    if doubt.fact and doubt.fact not in reader.specs:
        table.faults.append(f"{table.where} 的 fact: 不认识名为“{doubt.fact}”的事实")
    table.done()
    return doubt


def _score(top: Table, reader: ConditionReader, document: str) -> Score | None:
    factors = tuple(_factor(table, reader, document) for table in top.tables("factors"))
    bands = tuple(_band(table, reader, document) for table in top.tables("bands"))
    if bool(factors) != bool(bands):
        top.faults.append("[[factors]] 与 [[bands]] 要么都有，要么都没有")
    return Score(factors, bands) if factors and bands else None


def _factor(table: Table, reader: ConditionReader, document: str) -> Factor:
    factor = Factor(
        id=table.text("id"),
        title=table.text("title"),
        weight=table.number("weight"),
        clause=table.text("clause"),
        source=table.text("source", document),
        steps=tuple(_step(one, reader) for one in table.tables("steps")),
    )
    points = [step.points for step in factor.steps]
    if len(points) < 2 or points != sorted(set(points)):  # noqa: PLR2004
        table.faults.append(f"{table.where} 的 steps 应至少两档，分值由低到高")
    if [step.when is None for step in factor.steps] != [True] + [False] * (len(points) - 1):
        table.faults.append(f"{table.where} 的 steps 第一档不写条件，其余每档都写")
    table.done()
    return factor


def _step(table: Table, reader: ConditionReader) -> Step:
    step = Step(table.number("points"), table.text("title"), reader.read(table))
    table.done()
    return step


def _band(table: Table, reader: ConditionReader, document: str) -> Band:
    band = Band(
        level=_known_level(table, "level", reader),
        at_least=table.number("at_least"),
        clause=table.text("clause"),
        source=table.text("source", document),
    )
    table.done()
    return band


def _faults_together(rules: GradingRules) -> list[str]:
    """Return what is wrong with the rulebook as a whole."""
    names = [level.name for level in rules.levels]
    faults = [] if names else ["缺少 [[levels]]，由高到低写"]
    ids = [rule.id for rule in rules.rules] + [doubt.id for doubt in rules.doubts]
    factors = rules.score.factors if rules.score else ()
    ids += [factor.id for factor in factors]
    faults += [f"id “{one}”用了两次" for one in _twice(ids)]
    faults += [f"等级“{one}”写了两次" for one in _twice(names)]
    otherwise = [rule.level for rule in rules.rules if rule.when is None]
    if rules.score:
        return faults + _score_faults(rules.score, names, otherwise)
    if names and otherwise != names[-1:] * max(len(otherwise), 1):
        faults.append(f"最低等级“{names[-1]}”应有（且只有它有）otherwise = true 的条款")
    reached = {rule.level for rule in rules.rules}
    return faults + [f"等级“{name}”没有任何条款" for name in names if name not in reached]


def _score_faults(score: Score, names: list[str], otherwise: list[str]) -> list[str]:
    faults = ["计分的规则不写 otherwise，最低一档从 0 分起"] if otherwise else []
    weight = sum(factor.weight for factor in score.factors)
    if weight != FULL_WEIGHT:
        faults.append(f"[[factors]] 的 weight 合计应为 {FULL_WEIGHT}，现为 {weight}")
    borders = [band.at_least for band in score.bands]
    if borders != sorted(set(borders), reverse=True) or borders[-1] != 0:
        faults.append("[[bands]] 的 at_least 应由高到低，最后一档为 0")
    if [band.level for band in score.bands] != names:
        faults.append("[[bands]] 应与 [[levels]] 一一对应，次序相同")
    return faults


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if name and names.count(name) > 1})
