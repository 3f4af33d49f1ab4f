"""`main.py take-over`: the open cases of a 台账, tried first, each doubt by row and column."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.tables import Open, Opened, Rows, TriedOutError, rows_told
from bot.sheets import Row
from cases.chat.times import find_moments
from cases.encoding import wecom_field
from cases.errors import RefusalError
from cases.people import Unit
from handlers.takeover import Entry, Stage, Taken, take_over
from storage.work import Work

_FIELDS = {
    "number": "编号 原编号 序号 台账编号 案件编号",
    "title": "标题 题目 事项 主题 舆情标题",
    "summary": "摘要 内容 基本情况 情况",
    "url": "链接 网址 原文链接",
    "state": "状态 办理状态 进展 办理情况 当前环节",
    "lead": "责任单位 主办单位 承办单位 单位",
    "coop": "协办单位 协办 配合单位",
    "level": "等级 级别 定级",
    "deadline": "截止时间 办结时限 时限 要求办结时间 限办时间",
    "answered_at": "回应时间 发布时间 公开回应时间",
    "answer_url": "回应链接 发布链接",
}
_BY_HEADING = {word: name for name, words in _FIELDS.items() for word in words.split()}
_STAGES = {
    Stage.REPORTED: "已登记 登记 待定级 未定级 新增 待研判",
    Stage.GRADED: "已定级 定级 待交办 未交办",
    Stage.ASSIGNED: "已交办 交办 已转办 待签收 未签收 已派单",
    Stage.SIGNED: "已签收 签收 已接收",
    Stage.HANDLING: "办理中 在办 处置中 核查中 处理中 核实中 整改中 已首报",
    Stage.ANSWERING: "回应中 回应 拟稿中 已报回应稿 审稿中 待签发",
    Stage.TRACKING: "跟踪中 跟踪 跟踪观察 已回应 已公开回应 已发布",
    Stage.CLOSE_REQUESTED: "待办结 申请办结 待审核 已报结 待销号",
}
_STAGE_OF = {word: stage for stage, words in _STAGES.items() for word in words.split()}
_ENDED = frozenset(
    [
        "已办结",
        "办结",
        "完结",
        "已完成",
        "销号",
        "已销号",
        "归档",
        "已归档",
        "作废",
        "撤销",
        "不予受理",
    ]
)


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the command `take-over`."""

    @app.command(name="take-over", help="接管现有台账: 在办的件带编号、状态、单位、等级、时限进来.")
    def take_over_(
        file: Annotated[Path, typer.Argument(help="XLSX 或 CSV, 第一行是列名")],
        *,
        config: Annotated[Path, typer.Option("--config", help="配置文件")] = Path("duban.toml"),
        apply_: Annotated[bool, typer.Option("--apply", help="写入; 不加只试, 逐行说明")] = False,
    ) -> None:
        rows = rows_told(file, _BY_HEADING)
        with opener(config) as opened:
            told = _run(opened, rows, applies=apply_)
        typer.echo(
            f"共 {len(rows)} 行: 接管 {told.taken}, 跳过 {told.skipped}, 疑点 {told.doubts}, "
            f"其中时限已过 {told.late} (各发一条提醒)。"
            + ("" if apply_ else "只是试看, 没有写入; 确认无误后加 --apply。")
        )
        raise typer.Exit(1 if told.doubts or told.skipped else 0)


@dataclass(slots=True)
class _Told:
    taken: int = 0
    skipped: int = 0
    doubts: int = 0
    late: int = 0


@dataclass(slots=True)
class _Reader:
    """Reads rows; what cannot be meant is said by row and column, and left out."""

    units: dict[str, str]  # by every name
    levels: tuple[str, ...]
    now: datetime
    doubts: list[str] = field(default_factory=list)

    def read(self, row: Row) -> Entry | None:
        """Return the entry; None for a row that is not taken, with the reason among the doubts."""
        self.doubts = []
        cells = {
            _BY_HEADING[name]: cell.strip() for name, cell in row.items() if name in _BY_HEADING
        }
        state = cells.get("state", "")
        if state in _ENDED:
            self._doubt("状态", f"「{state}」已经结束, 不接管")
            return None
        if not cells.get("title") and not cells.get("summary"):
            self._doubt("标题", "没有标题也没有内容, 不接管")
            return None
        lead = self._unit("责任单位", cells.get("lead", ""))
        return Entry(
            number=cells.get("number", ""),
            title=cells.get("title", "") or cells.get("summary", "")[:40],
            stage=self._stage(state, lead),
            summary=cells.get("summary", ""),
            urls=tuple(cells.get("url", "").split()),
            level=self._level(cells.get("level", "")),
            lead=lead,
            coop=tuple(
                unit
                for name in _parts(cells.get("coop", ""))
                if (unit := self._unit("协办单位", name))
            ),
            deadline=self._moment("截止时间", cells.get("deadline", ""), "按规则册计时"),
            answered_at=self._answered(state, cells.get("answered_at", "")),
            answer_url=cells.get("answer_url", ""),
        )

    def _doubt(self, column: str, words: str) -> None:
        self.doubts.append(f"「{column}」{words}")

    def _unit(self, column: str, name: str) -> str:
        if not name:
            return ""
        found = self.units.get(name, "")
        if not found:
            self._doubt(column, f"名录里没有「{wecom_field(name, 40)}」, 先导入单位或改名")
        return found

    def _stage(self, written: str, lead: str) -> Stage:
        stage = _STAGE_OF.get(written)
        if stage is None:
            stage = Stage.ASSIGNED if lead else Stage.REPORTED
            self._doubt("状态", f"看不懂「{wecom_field(written, 40)}」, 按{stage}接管")
        elif not lead and stage not in (Stage.REPORTED, Stage.GRADED):
            self._doubt("责任单位", f"状态是「{written}」却没有认得的单位, 只按已定级接管")
        return stage

    def _level(self, written: str) -> str:
        if not written or written in self.levels:
            if not written:
                self._doubt("等级", "空着, 按程序的建议")
            return written
        self._doubt(
            "等级",
            f"规则册里没有「{wecom_field(written, 40)}」(有: {'、'.join(self.levels)}), 按建议",
        )
        return ""

    def _moment(self, column: str, written: str, instead: str) -> datetime | None:
        if not written:
            return None
        moments = find_moments(written, self.now, past=True)
        if not moments:
            self._doubt(column, f"看不懂「{wecom_field(written, 40)}」, {instead}")
            return None
        return moments[0].at

    def _answered(self, state: str, written: str) -> datetime | None:
        instead = "从现在起算跟踪"
        at = self._moment("回应时间", written, instead)
        if at is not None and at > self.now:
            self._doubt("回应时间", f"还没有到, {instead}")
            return None
        if not written and _STAGE_OF.get(state) is Stage.TRACKING:
            self._doubt("回应时间", f"空着, {instead}")
        return at


def _run(opened: Opened, rows: Rows, *, applies: bool) -> _Told:
    told = _Told()

    def act(work: Work) -> None:
        reader = _Reader(_names(work.people.units()), _levels(opened), opened.now)
        for number, row in rows:
            _take_row(opened, work, (number, reader.read(row), reader.doubts), told)
        if not applies:
            raise TriedOutError

    with suppress(TriedOutError):
        opened.database.run(act)
    return told


def _take_row(
    opened: Opened, work: Work, read: tuple[int, Entry | None, list[str]], told: _Told
) -> None:
    number, entry, doubts = read
    for doubt in doubts:
        typer.echo(f"第 {number} 行 {doubt}")
    told.doubts += len(doubts)
    if entry is None:
        told.skipped += 1
        return
    try:
        taken = take_over(work, opened.desk, entry, opened.now)
    except RefusalError as refusal:
        told.skipped += 1
        typer.echo(f"第 {number} 行: 不接管: {refusal}")
        return
    typer.echo(f"第 {number} 行: {_said(taken)}")
    told.skipped += taken.is_repeat
    told.taken += not taken.is_repeat
    told.late += taken.is_late


def _said(taken: Taken) -> str:
    if taken.is_repeat:
        return f"跳过, 已在 {taken.number}"
    late = ", 时限已过" if taken.is_late else ""
    return f"接管为 {taken.number}, {taken.stage}{late}"


def _names(units: tuple[Unit, ...]) -> dict[str, str]:
    return {name: unit.id for unit in units for name in (*unit.aliases, unit.name, unit.id)}


def _levels(opened: Opened) -> tuple[str, ...]:
    book = opened.desk.rulebook(opened.desk.rulebook_in_force)
    return tuple(level.name for level in book.grading.levels)


def _parts(written: str) -> list[str]:
    for mark in "，,;；/ ":
        written = written.replace(mark, "、")
    return [part for part in written.split("、") if part]
