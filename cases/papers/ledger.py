"""台账: every case of a month as a row of a table; what knowing of is restricted has no title."""

from dataclasses import dataclass
from datetime import datetime

from cases.papers.facts import said
from cases.papers.period_facts import short_moment

COLUMNS = (
    "编号",
    "标题",
    "等级",
    "状态",
    "平台",
    "媒体",
    "登记时间",
    "主办",
    "协办",
    "交办时间",
    "签收时间",
    "核实结论",
    "办结时限",
    "办结时间",
    "超时环节",
    "延期次数",
    "督办",
    "链接",
)
_RESTRICTED = "（限定知悉）"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A case as the ledger has it; units by name."""

    number: str
    title: str
    level: str
    state: str
    platform: str
    media: str
    registered_at: datetime
    lead: str
    coop: tuple[str, ...]
    assigned_at: datetime | None
    signed_at: datetime | None
    verdict: str
    due_at: datetime | None
    closed_at: datetime | None
    late_steps: tuple[str, ...]
    extensions: int
    is_supervised: bool
    link: str
    is_restricted: bool = False


def ledger_cells(row: LedgerRow) -> tuple[str, ...]:
    """Return the row as texts, one for each of `COLUMNS`."""
    hidden = row.is_restricted
    return (
        row.number,
        _RESTRICTED if hidden else said(row.title),
        row.level,
        row.state,
        said(row.platform),
        said(row.media),
        short_moment(row.registered_at),
        row.lead,
        "、".join(row.coop),
        _at(row.assigned_at),
        _at(row.signed_at),
        row.verdict,
        _at(row.due_at),
        _at(row.closed_at),
        "、".join(row.late_steps),
        str(row.extensions) if row.extensions else "",
        "是" if row.is_supervised else "",
        "" if hidden else said(row.link),
    )


def _at(moment: datetime | None) -> str:
    return short_moment(moment) if moment else ""
