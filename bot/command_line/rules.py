"""`main.py rules`: check a rulebook, explain one case by it, replay past cases."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.grade import report_of
from bot.command_line.json_lines import BadLineError, Record, optional_text
from cases.grading import FactError, GradingRules, propose
from cases.grading.checking import check as check_rules
from cases.grading.conditions import Truth, facts_of, judge
from cases.grading.reading import Reading, read_facts
from cases.grading.replaying import PastCase, Replay
from cases.grading.replaying import replay as replay_cases
from cases.grading.rulebook import Rule

_HOLDS = {Truth.YES: "成立", Truth.MAYBE: "未定", Truth.NO: "不成立"}
Folder = Annotated[Path, typer.Argument(help="规则集文件夹, 内有 grading.toml")]


class UnreadableRulesError(Exception):
    """A rulebook that cannot be read; the text names every fault, one a line."""


@dataclass(frozen=True, slots=True)
class Loaders:
    """Where rulebooks come from; `rules` raises UnreadableRulesError."""

    rules: Callable[[Path], GradingRules]


def add_commands(app: typer.Typer, loaders: Loaders) -> typer.Typer:
    """Add the commands `rules check`, `rules explain` and `rules replay`; return their group."""
    group = typer.Typer(help="规则集: 检查、解释、重放.", no_args_is_help=True)
    app.add_typer(group, name="rules")

    @group.command()
    def check(folder: Folder) -> None:
        """检查规则集: 错误一次说全, 再列达不到的条款、空档、边界重叠. 有问题时以 1 退出."""
        raise typer.Exit(_check(_load(loaders, folder)))

    @group.command()
    def explain(
        folder: Folder,
        *,
        case: Annotated[Path, typer.Option("--case", help="一件的 JSON 文件, 字段同 grade")],
    ) -> None:
        """逐条解释一件: 每条是否成立、凭什么、还须问什么."""
        rules = _load(loaders, folder)
        _tell(case, lambda: _explained(rules, _read_records(case, whole=True)[0]))

    @group.command()
    def replay(
        folder: Folder, cases: Annotated[Path, typer.Argument(help="旧件, 每行一个 JSON 对象")]
    ) -> None:
        """用规则集重评旧件: 哪些会变、会多告知谁、每条管着几件."""
        rules = _load(loaders, folder)
        _tell(cases, lambda: _replayed(replay_cases(rules, _past(cases))))

    return group


def _check(rules: GradingRules) -> int:
    """Show every finding; return the exit status."""
    for note in rules.notes:
        typer.echo(f"注意: {note}")
    findings = check_rules(rules)
    for finding in findings:
        typer.echo(f"{finding.kind} [{finding.rule}]: {finding.words}")
    serious = sum(finding.serious for finding in findings)
    hints = len(findings) - serious
    typer.echo(f"{rules.title}: {len(rules.rules)} 条, {serious} 处须改, {hints} 处提示")
    return 1 if serious else 0


def _tell(path: Path, lines: Callable[[], Iterator[str]]) -> None:
    """Write the lines, or what is wrong with the file of cases."""
    try:
        written = list(lines())
    except (BadLineError, FactError) as error:
        typer.echo(f"{path}: {error}", err=True)
        raise typer.Exit(2) from error
    for line in written:
        typer.echo(line)


def _load(loaders: Loaders, folder: Path) -> GradingRules:
    try:
        return loaders.rules(folder)
    except UnreadableRulesError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _read_records(path: Path, *, whole: bool) -> Sequence[Record]:
    """Return the JSON objects of a file: the whole file one object, or one a line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadLineError(f"读不了: {type(error).__name__}") from error
    lines = [text] if whole else text.splitlines()
    return [_record(line, number) for number, line in enumerate(lines, 1) if line.strip() or whole]


def _record(line: str, number: int) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError(f"第 {number} 行: 不是有效的 JSON") from error
    if not isinstance(record, dict):
        raise BadLineError(f"第 {number} 行: 应为一个 JSON 对象")
    return record


def _past(path: Path) -> list[PastCase]:
    return [
        PastCase(
            number=str(record.get("id", number)),
            report=report_of(record),
            level=optional_text(record, "level"),
        )
        for number, record in enumerate(_read_records(path, whole=False), start=1)
    ]


def _explained(rules: GradingRules, record: Record) -> Iterator[str]:
    report = report_of(record)
    reading = read_facts(rules, report)
    proposal = propose(rules, report)
    yield f"建议: {proposal.level}（{rules.title}）"
    for reason in proposal.reasons:
        yield f"  依据 [{reason.rule}] {reason.clause} — {reason.source}; 事实: {reason.fact}"
    yield "逐条:"
    yield from (_rule_line(rule, reading) for rule in rules.rules)
    for name, fact in reading.unticked.items():
        yield f"  另: {fact.origin}显示 {rules.specs[name].title} “{fact.shown}”, 以勾选为准"
    yield from (f"待问 [{one.asked}] {one.fact}: {one.question}" for one in proposal.ask)
    yield from (f"会变: {words}" for words in proposal.would_change)


def _rule_line(rule: Rule, reading: Reading) -> str:
    if rule.when is None:
        return f"  {rule.level} [{rule.id}] 其余: {rule.says}"
    facts = [reading.facts[name] for name in facts_of(rule.when) if name in reading.facts]
    known = "; ".join(f"{fact.name}={fact.shown}（{fact.origin}）" for fact in facts)
    holds = _HOLDS[judge(rule.when, reading.facts)]
    return f"  {rule.level} [{rule.id}] {holds}: {rule.says}{' — ' + known if known else ''}"


def _replayed(result: Replay) -> Iterator[str]:
    counts = "、".join(f"{level} {count}" for level, count in result.levels)
    yield f"共 {result.total} 件: {counts}; 其中 {result.asked} 件还有须问清的事实"
    yield f"等级会变的 {len(result.moved)} 件"
    yield from (
        f"  {one.number}: {one.before} → {one.after}（{one.because}）" for one in result.moved
    )
    for audience, count in result.told:
        yield f"  告知{audience}: {count:+d} 件"
    if result.signoffs:
        yield f"  签批: {result.signoffs:+d} 件"
    yield "每条单独管着的件数（去掉这条，等级就变）:"
    yield from (f"  [{rule}] {count}" for rule, count in result.weight)
