"""What the operator sets about papers: the office's own Word templates, what drafts itself."""

from dataclasses import dataclass
from pathlib import Path

from cases.papers.model import Kind
from config.checking import Table

SHIPPED = Path(__file__).parent / "papers"
_BY_THEMSELVES = frozenset(Kind) - {Kind.LEDGER}


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """Where templates lie, and which papers are drafted without being asked for."""

    templates: Path | None  # the office's own; those that ship stand in for what is not there
    drafts: frozenset[Kind]


def paper_settings(top: Table, folder: Path) -> PaperSettings:
    """Read the section [papers]; faults go into the table's."""
    table = top.table("papers", required=False)
    named = table.text("templates", "")
    own = folder / named if named else None
    if own is not None and not own.is_dir():
        table.faults.append(f"{table.where} 的 templates: 没有目录 {named}")
    is_on = table.flag("drafts", default=True)
    only = table.texts("only")
    known = {kind.value: kind for kind in _BY_THEMSELVES}
    for name in only:
        if name not in known:
            choices = "、".join(sorted(known))
            table.faults.append(f"{table.where} 的 only: 「{name}」不能自动起草, 可写 {choices}")
    chosen = frozenset(known[name] for name in only if name in known) if only else _BY_THEMSELVES
    table.done()
    return PaperSettings(own, chosen if is_on else frozenset())
