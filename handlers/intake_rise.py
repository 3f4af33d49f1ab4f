"""Figures that rose, a new medium: the office is told to consider a higher level, never more."""

from collections.abc import Mapping
from dataclasses import replace

from cases.encoding import wecom_field
from cases.model import Case
from cases.notices import Choice, Notice, Priority, ToRole
from cases.people import Role
from handlers.post import Origin, Post
from handlers.report import Described, propose_for
from handlers.talk import Talk
from storage.cases import NewMetric

_TIMES = 2.0  # what counts as a rise worth a word where the rules name no figure
_LEAST = 100.0
_WAN = 10_000
_NAMES = {
    "reads": "阅读",
    "plays": "播放",
    "comments": "评论",
    "replies": "跟帖",
    "reposts": "转发",
    "likes": "点赞",
    "favorites": "收藏",
    "total": "信息总量",
    "followers": "粉丝",
}


def tell_if_higher(talk: Talk, case: Case, report: Described) -> None:
    """Tell the office when what is known now would be a higher level, or figures doubled."""
    highest, before = _highest(talk.work.cases.metrics(case.id), talk)
    rises = [
        f"{_NAMES[name]} {_said(before[name])} → {_said(value)}"
        for name, value in highest.items()
        if name in _NAMES and name in before and _is_rise(before[name], value)
    ]
    medium = report.source_media
    if medium and medium != case.source_media:
        rises.append(f"新增媒体: {wecom_field(medium, 60)}")
    level, why = _level_now(talk, case, report, highest)
    if level is not None:
        asked = talk.desk.rulebook(case.rulebook_id).grading.level(level).confirms
        words, choices = _raise(case, level, why, rises)
        _tell(talk, case, rises, (words, choices, asked), slot=f"rise.{level}")
    elif rises:
        plain = ("请研判是否升级; 不会自动升级。", (), Role.OFFICE_DIRECTOR)
        _tell(talk, case, rises, plain, slot=f"rise.v{case.version}")


def _highest(metrics: list[NewMetric], talk: Talk) -> tuple[dict[str, float], dict[str, float]]:
    """Return the highest figure of each name, of all messages and of those before this one."""
    highest: dict[str, float] = {}
    before: dict[str, float] = {}
    for metric in metrics:
        highest[metric.name] = max(metric.value, highest.get(metric.name, 0.0))
        if metric.at < talk.now:
            before[metric.name] = max(metric.value, before.get(metric.name, 0.0))
    return highest, before


def _is_rise(before: float, value: float) -> bool:
    return value >= before * _TIMES and value - before >= _LEAST


def _level_now(
    talk: Talk, case: Case, report: Described, highest: Mapping[str, float]
) -> tuple[str | None, str]:
    """Return the level that the rules propose now if it is higher than the case's, and why."""
    known = {name: int(n) if n.is_integer() else n for name, n in highest.items()}
    whole = replace(
        report,
        title=case.title,
        summary=f"{case.summary}\n{report.summary}".strip(),
        appeal=case.appeal,
        platform=case.platform,
        source_media=report.source_media or case.source_media,
        metrics=dict(report.metrics) | known,
    )
    proposal = propose_for(talk, whole)
    names = [level.name for level in talk.desk.rulebook(case.rulebook_id).grading.levels]
    if proposal.level not in names or case.working_level not in names:
        return None, ""
    if names.index(proposal.level) >= names.index(case.working_level):
        return None, ""
    return proposal.level, proposal.reasons[0] if proposal.reasons else ""


def _raise(case: Case, level: str, why: str, rises: list[str]) -> tuple[str, tuple[Choice, ...]]:
    because = f", 依据: {why}" if why else ""
    now = "现为" if case.level else "拟"
    text = f"按规则现在建议{level} ({now}{case.working_level}){because}。不会自动升级。"
    reason = (rises[0] if rises else "情况有变化").replace(" → ", "升至")
    says = (
        f"{case.number} 升为{level}, 理由: {reason}" if case.level else f"{case.number} 定{level}"
    )
    return text, (Choice(f"{'升为' if case.level else '定'}{level}", (says,)),)


def _tell(
    talk: Talk,
    case: Case,
    rises: list[str],
    said: tuple[str, tuple[Choice, ...], Role],
    *,
    slot: str,
) -> None:
    words, choices, asked = said  # who confirms the level proposed now
    lines = [f"【建议升级】{case.short_number}《{wecom_field(case.title, 90)}》", *rises, words]
    text = "\n".join(lines)
    urgent = Priority.ESCALATION
    ask = Notice(ToRole(asked), text, "rise", "数据上升, 建议升级", urgent, choices)
    rest = [one for one in (Role.OFFICE_DIRECTOR, Role.DUTY_OFFICER) if one is not asked]
    notices = (
        ask,
        *(Notice(ToRole(role), text, "rise", "数据上升, 请关注", urgent) for role in rest),
    )
    Post(talk.work, talk.desk, talk.now).tell(
        notices, Origin("case", str(case.id), slot, case=case)
    )


def _said(value: float) -> str:
    return f"{value / _WAN:.4g}万" if value >= _WAN else f"{value:.6g}"
