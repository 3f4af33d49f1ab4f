"""The generated tables of docs/grading.md: names, rulebooks, vignettes.

`python -m tests.support.grading_doc` writes them anew; a test compares.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.command_line.grade import report_of
from cases.grading import propose
from cases.grading.specs import FactKind, FactSpec
from config.rulebook_grading import load_shipped, shipped_names

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "grading.md"
VIGNETTES = ROOT / "tests" / "data" / "grading_vignettes.jsonl"
_KINDS = {
    FactKind.FLAG: "是/否",
    FactKind.NUMBER: "数字",
    FactKind.LEVEL: "原等级",
    FactKind.CHOICE: "",
}


def _values(spec: FactSpec) -> str:
    if spec.kind is FactKind.CHOICE:
        return "、".join(f"`{choice.value}` {choice.title}" for choice in spec.choices)
    return _KINDS[spec.kind]


def names() -> Iterator[str]:
    """Yield the table of all facts and the rulebooks that use them."""
    yield "| 名称 | 含义 | 取值 | 用于 |"
    yield "|---|---|---|---|"
    books = {name: load_shipped(name) for name in shipped_names()}
    used = {name: set(rules.facts_used()) for name, rules in books.items()}
    specs = {fact: spec for rules in books.values() for fact, spec in rules.specs.items()}
    for fact, spec in specs.items():
        users = "、".join(name for name in books if fact in used[name]) or "—"
        yield f"| `{fact}` | {spec.title} | {_values(spec)} | {users} |"


def levels() -> Iterator[str]:
    """Yield the table of levels: who confirms, who signs off, who is told."""
    yield "| 规则集 | 等级 | 确认 | 签批 | 告知 |"
    yield "|---|---|---|---|---|"
    for name in shipped_names():
        for level in load_shipped(name).levels:
            signoff = f"{level.approver}签批" if level.needs_signoff else "—"
            told = "、".join(level.told)
            yield f"| {name} | {level.name} | {level.confirms} | {signoff} | {told} |"


def vignettes() -> Iterator[str]:
    """Yield the table of vignettes with what is proposed and asked."""
    yield "| # | 规则集 | 情形 | 勾选与数据 | 建议 | 依据 | 先问 | 还会变 |"
    yield "|---|---|---|---|---|---|---|---|"
    for number, line in enumerate(VIGNETTES.read_text(encoding="utf-8").splitlines(), start=1):
        record = json.loads(line)
        proposal = propose(load_shipped(record["rulebook"]), report_of(record))
        where = "、".join(record[key] for key in ("platform", "source_media") if record.get(key))
        text = "；".join(record[key] for key in ("title", "abstract") if record.get(key))
        ticks = "、".join(f"{name}={value}" for name, value in record.get("metrics", {}).items())
        reasons = "；".join(
            one.fact if one.says == one.fact else f"{one.says}：{one.fact}"
            for one in proposal.reasons[:2]
        )
        asks = "、".join(one.fact for one in proposal.ask[:3]) or "—"
        changes = "；".join(proposal.would_change[:1]) or "—"
        cells = [text + f"（{where}）", ticks or "—", proposal.level, reasons, asks, changes]
        yield f"| {number} | {record['rulebook']} | {' | '.join(cells)} |"


TABLES = {"names": names, "levels": levels, "vignettes": vignettes}


def written(page: str) -> str:
    """Return the page with its tables as the program makes them now."""
    for name, rows in TABLES.items():
        head, _, rest = page.partition(f"<!-- {name} -->")
        tail = rest.partition(f"<!-- /{name} -->")[2]
        table = "\n".join(rows())
        page = f"{head}<!-- {name} -->\n{table}\n<!-- /{name} -->{tail}"
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
