"""`main.py deadline`: when a step is due and how that is counted, one JSON array."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cases.beijing import BEIJING
from cases.clocks import ClockRule, ClockRules, Due, Step
from cases.deadlines import due, for_kind
from cases.holidays import NO_OVERRIDES, Overrides
from cases.working_time import WorkingCalendar

STEPS = (Step.SIGN, Step.FIRST_REPORT, Step.REPORT_UP, Step.RESPOND, Step.FOLLOW_UP, Step.CLOSE)


class WrongOptionError(Exception):
    """What is wrong with an option, and what could be written instead."""


@dataclass(frozen=True, slots=True)
class Loaders:
    """Where rulebooks and the operator's holidays come from.

    `holidays` raises WrongOptionError for a file it cannot use.
    """

    names: Callable[[], tuple[str, ...]]
    rules: Callable[[str], ClockRules]
    holidays: Callable[[Path], Overrides]


def add_commands(app: typer.Typer, loaders: Loaders) -> None:
    """Add the command `deadline`; the rulebook is loaded only when it runs."""

    @app.command()
    def deadline(  # noqa: PLR0913 - one parameter per option
        *,
        rulebook: Annotated[str, typer.Option(help="规则集, 例如 city3")],
        level: Annotated[str, typer.Option(help="等级, 例如 一级")],
        step: Annotated[str, typer.Option(help=f"环节: {' '.join(STEPS)}")],
        start: Annotated[str, typer.Option("--from", help="起算时刻, 例如 2026-11-20T10:00+08:00")],
        kind: Annotated[str, typer.Option(help="诉求类别: 咨询 投诉")] = "",
        holidays: Annotated[Path | None, typer.Option(help="本单位的节假日文件")] = None,
    ) -> None:
        """算时限: 截止时刻、依据、是否暂定或推算, 以及逐步算法."""
        try:
            rules = _rules(rulebook, loaders)
            asked = _asked(rules, level, step)
            begin = _moment(start)
            calendar = rules.calendar(loaders.holidays(holidays) if holidays else NO_OVERRIDES)
            answer = [_shown(found) for found in _dues(asked, kind, begin, calendar)]
        except WrongOptionError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from error
        typer.echo(json.dumps(answer, ensure_ascii=False))


def _rules(name: str, loaders: Loaders) -> ClockRules:
    if name not in loaders.names():
        raise WrongOptionError(f"没有规则集「{name}」, 可选: {' '.join(loaders.names())}")
    return loaders.rules(name)


def _asked(rules: ClockRules, level: str, step: str) -> tuple[ClockRule, ...]:
    if level not in rules.level_names:
        choices = " ".join(rules.level_names)
        raise WrongOptionError(f"{rules.name} 没有等级「{level}」, 可选: {choices}")
    if step not in STEPS:
        raise WrongOptionError(f"没有环节「{step}」, 可选: {' '.join(STEPS)}")
    return rules.asked(level, Step(step))


def _moment(text: str) -> datetime:
    example = "2026-11-20T10:00:00+08:00"
    try:
        moment = datetime.fromisoformat(text.strip())
        if len(text.strip()) <= len("2026-11-20"):  # a day is no moment: hours would be a guess
            raise WrongOptionError(f"--from「{text}」缺少时刻, 应如 {example}")
        aware = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
        aware.astimezone(BEIJING)
    except (ValueError, OverflowError) as error:
        raise WrongOptionError(f"--from「{text}」不是 ISO 8601 时刻, 应如 {example}") from error
    return aware


def _dues(
    rules: tuple[ClockRule, ...], kind: str, start: datetime, calendar: WorkingCalendar
) -> list[Due]:
    kinds = {name for rule in rules for name, _ in rule.kinds}
    if kind and kind not in kinds:
        choices = " ".join(sorted(kinds)) or "此处不分类别, 请去掉 --kind"
        raise WrongOptionError(f"没有诉求类别「{kind}」, 可选: {choices}")
    try:
        found = [due(for_kind(rule, kind), start, calendar) for rule in rules]
    except OverflowError as error:
        raise WrongOptionError("--from 太晚, 算出的时限超出历法") from error
    return [one for one in found if one is not None]


def _shown(found: Due) -> dict[str, object]:
    return {
        "due": found.at.astimezone(BEIJING).isoformat(),
        "basis": found.basis.value,
        "provisional": found.provisional,
        "projected": found.projected,
        "steps": list(found.steps),
    }
