"""`main.py import-reports`: reports out of an XLSX or CSV table, tried first, told row by row."""

import hashlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line.tables import Open, Opened, Rows, TriedOutError, rows_told
from bot.sheets import Row
from cases.chat.numbers import value_of
from cases.chat.times import find_moments
from cases.errors import RefusalError
from handlers.intake_import import Imported, Taken, take
from storage.work import Work

_FIELDS = {
    "id": "编号 信息编号 id ID 序列号",
    "title": "标题 主题 题目",
    "summary": "摘要 内容 正文 主要内容 内容摘要",
    "url": "链接 网址 地址 url URL 原文链接",
    "platform": "平台 来源 站点 来源平台 发布平台",
    "media": "媒体 媒体名称",
    "appeal": "诉求 网民诉求 网友诉求",
    "units": "涉及单位 责任单位 单位",
    "posted_at": "发布时间 时间 发帖时间",
}
_FIGURES = {
    "reads": "阅读 阅读量 阅读数 浏览量",
    "plays": "播放 播放量",
    "comments": "评论 评论数 评论量",
    "replies": "跟帖 跟帖数 回复数",
    "reposts": "转发 转发数 转发量",
    "likes": "点赞 点赞数",
    "favorites": "收藏 收藏数",
}
_BY_HEADING = {word: name for name, words in _FIELDS.items() for word in words.split()}
_FIGURE_OF = {word: name for name, words in _FIGURES.items() for word in words.split()}


def add_commands(app: typer.Typer, opener: Open) -> None:
    """Add the command `import-reports`."""

    @app.command(name="import-reports")
    def import_reports(
        file: Annotated[Path, typer.Argument(help="XLSX 或 CSV, 第一行是列名")],
        *,
        source: Annotated[str, typer.Option(help="来源名, 同一来源的同一编号只登记一次")],
        config: Annotated[Path, typer.Option("--config", help="配置文件")] = Path("duban.toml"),
        dry_run: Annotated[bool, typer.Option("--dry-run", help="只试不存, 逐行说明")] = False,
    ) -> None:
        """从表格导入上报, 逐行说明结果; 重复导入不会重复登记."""
        rows = rows_told(file, {*_BY_HEADING, *_FIGURE_OF})
        with opener(config) as opened:
            bad = _try_out(opened, source, rows) if dry_run else _import(opened, source, rows)
        typer.echo(
            f"共 {len(rows)} 行, {bad} 行没有登记。{'只是试验, 没有存。' if dry_run else ''}"
        )
        raise typer.Exit(1 if bad else 0)


def _import(opened: Opened, source: str, rows: Rows) -> int:
    bad = 0
    for number, row in rows:
        try:
            taken = _take(opened, _imported(source, row, opened.now))
        except RefusalError as refusal:
            bad += 1
            typer.echo(f"第 {number} 行: 没有登记: {refusal}")
        else:
            typer.echo(f"第 {number} 行: {_said(taken)}")
    return bad


def _take(opened: Opened, imported: Imported) -> Taken:
    return opened.database.run(lambda work: take(work, opened.desk, imported, opened.now))


def _try_out(opened: Opened, source: str, rows: Rows) -> int:
    """Take every row in one transaction, so that repeats inside the table show; then undo it."""
    bad = 0

    def act(work: Work) -> None:
        nonlocal bad
        for number, row in rows:
            try:
                taken = take(work, opened.desk, _imported(source, row, opened.now), opened.now)
            except RefusalError as refusal:
                bad += 1
                typer.echo(f"第 {number} 行: 不会登记: {refusal}")
            else:
                typer.echo(f"第 {number} 行: 将{_said(taken)}")
        raise TriedOutError

    with suppress(TriedOutError):
        opened.database.run(act)
    return bad


def _said(taken: Taken) -> str:
    if taken.is_repeat:
        return f"跳过, 这个编号已登记在 {taken.number}"
    if taken.place > 1:
        return f"并入 {taken.number} (第 {taken.place} 次报告)"
    return f"登记为 {taken.number}"


def _imported(source: str, row: Row, now: datetime) -> Imported:
    found = {_BY_HEADING[name]: cell for name, cell in row.items() if name in _BY_HEADING}
    figures = {
        _FIGURE_OF[name]: number
        for name, cell in row.items()
        if name in _FIGURE_OF and (number := value_of(cell)) is not None
    }
    moments = find_moments(found.get("posted_at", ""), now, past=True)
    units = found.get("units", "").replace("，", "、").replace(",", "、").split("、")
    return Imported(
        source=source,
        vendor_id=found.get("id", "") or _digest(found),
        title=found.get("title", ""),
        summary=found.get("summary", ""),
        urls=tuple(found.get("url", "").split()),
        platform=found.get("platform", ""),
        media=found.get("media", ""),
        appeal=found.get("appeal", ""),
        units=tuple(unit.strip() for unit in units if unit.strip()),
        posted_at=moments[0].at if moments else None,
        metrics=figures,
    )


def _digest(found: dict[str, str]) -> str:
    """Return an id for a row without one: what it is about, so that it is taken once."""
    about = found.get("url") or f"{found.get('title', '')}\n{found.get('summary', '')}"
    return "sha256:" + hashlib.sha256(about.encode()).hexdigest()
