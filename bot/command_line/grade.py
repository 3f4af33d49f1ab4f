"""`main.py grade`: a level for each report, with its reasons and what is still to be asked."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

import typer

from bot.command_line.json_lines import BadLineError, Record, optional_text, run
from cases.grading import FactError, GradingRules, Proposal, ReportFacts, propose
from cases.grading.facts import Metric

_TEXTS = ("title", "abstract", "platform", "source_media")


@dataclass(frozen=True, slots=True)
class Loaders:
    """Where rulebooks come from; `rules` raises ValueError with what is wrong with one."""

    names: Callable[[], tuple[str, ...]]
    rules: Callable[[str], GradingRules]


def add_commands(app: typer.Typer, loaders: Loaders) -> None:
    """Add the command `grade`; the rulebook is loaded only when it runs."""

    @app.command()
    def grade(
        *,
        rulebook: Annotated[str, typer.Option(help="规则集, 例如 city3")],
        jsonl: Annotated[
            bool, typer.Option("--jsonl", help="从标准输入逐行读一件, 逐行答等级、依据、待问")
        ] = False,
    ) -> None:
        """定级建议: 等级、依据的条款、还须问清的事实."""
        if rulebook not in loaders.names():
            choices = " ".join(loaders.names())
            typer.echo(f"没有规则集「{rulebook}」, 可选: {choices}", err=True)
            raise typer.Exit(2)
        if not jsonl:
            typer.echo('请加 --jsonl: 每行一个 JSON 对象, 例如 {"id": 1, "title": "…"}', err=True)
            raise typer.Exit(2)
        rules = loaders.rules(rulebook)
        sink = typer.get_text_stream("stdout", encoding="utf-8")  # whatever the locale says
        raise typer.Exit(run(sys.stdin.buffer, sink, lambda record: answer(record, rules)))


def answer(record: Record, rules: GradingRules) -> Record:
    """Return the proposal for one line.

    Raises:
        BadLineError: the line names an unknown metric, or holds nothing to grade.
    """
    return {"id": record.get("id"), **shown(proposal_for(record, rules))}


def proposal_for(record: Record, rules: GradingRules) -> Proposal:
    """Return the proposal for one line.

    Raises:
        BadLineError: the line names an unknown metric, or holds nothing to grade.
    """
    try:
        return propose(rules, report_of(record))
    except FactError as error:
        raise BadLineError(str(error)) from error


def report_of(record: Record) -> ReportFacts:
    """Return the report a line describes.

    Raises:
        BadLineError: a field is of the wrong kind, or there is nothing to grade.
    """
    title, abstract, platform, source = (optional_text(record, name) for name in _TEXTS)
    metrics = _metrics(record)
    if not (metrics or any(text.strip() for text in (title, abstract, platform, source))):
        raise BadLineError("缺少 title")
    return ReportFacts(title, abstract, platform, source, metrics)


def _metrics(record: Record) -> Mapping[str, Metric]:
    given = record.get("metrics")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise BadLineError("metrics 应为一个 JSON 对象")
    metrics: dict[str, Metric] = {}
    for name, value in given.items():
        if isinstance(value, int | float | str):
            metrics[name] = value
        elif value is not None:
            raise BadLineError(f"metrics 里的 {name} 应为数字、文本或 true/false")
        else:
            metrics[name] = ""
    return metrics


def shown(proposal: Proposal) -> Record:
    """Return a proposal as the command line shows it."""
    return {
        "level": proposal.level,
        "reasons": [
            {"rule": one.rule, "clause": one.clause, "source": one.source, "fact": one.fact}
            for one in proposal.reasons
        ],
        "ask": [{"fact": one.fact, "question": one.question} for one in proposal.ask],
    }
