"""Print one case and one month in every format, look at every page, and report."""

import argparse
import io
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl

from bench.papers.pictures import collisions, pages, save, text_of
from bench.papers.town import drilled, month, opened, realistic
from bot.papers.glyphs import LOST
from bot.papers.maker import print_paper
from bot.papers.word import Templates
from cases.papers.model import Form, Kind, Paper
from config.paper_settings import SHIPPED
from handlers.papers.content import content
from storage.papers import Kept
from storage.states import PaperState
from tests.support.office import Office

HOME = Path(__file__).parents[2]
REPORT = HOME / "docs" / "evidence" / "papers.md"
EDGE = 0.04  # of a page: nothing is printed so near its edge
WHITE = 200
PERIODS = {
    Kind.DAILY: "2026-11-20",
    Kind.WEEKLY: "2026-W47",
    Kind.MONTHLY: "2026-11",
    Kind.LEDGER: "2026-11",
    Kind.BULLETIN: "2026-11",
    Kind.DRILL: "第1次",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """One printed paper and what looking at it found."""

    name: str
    pages: int
    sizes: str
    seconds: float
    wanted: int
    faults: tuple[str, ...]


def main() -> int:
    """Print, look, report; 1 where a page has a fault."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=HOME / "var" / "papers-sample")
    parser.add_argument("--cases", type=int, default=120)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        office = opened(Path(folder))
        began = time.perf_counter()
        month(office, asked.cases, asked.seed)
        number = realistic(office)
        drilled(office)
        played = time.perf_counter() - began
        found = list(printed(office, number, asked.out))
        office.database.close()
    report(found, asked, played)
    faults = [f"{one.name}: {fault}" for one in found for fault in one.faults]
    sys.stdout.write("\n".join([*(f"{one.name}: {one.pages} 页" for one in found), *faults]) + "\n")
    return 1 if faults else 0


def printed(office: Office, number: str, out: Path) -> Iterator[Looked]:
    """Print every kind, keep files and pictures of pages, and look at each."""
    for kind in Kind:
        with office.database.read() as work:
            said = content(work, office.desk, kept_at(office, kind, number), 1, office.now)
        began = time.perf_counter()
        made = print_paper(said, Templates(SHIPPED), office.now)
        seconds = time.perf_counter() - began
        out.mkdir(parents=True, exist_ok=True)
        for form, raw in made.files.items():
            (out / f"{kind.value}.{form.value}").write_bytes(raw)
        faults = [made.notes] if made.notes else []
        count = 0
        if Form.PDF in made.files:
            raw = made.files[Form.PDF]
            count = len(save(raw, out, kind.value))
            faults += list(faults_of(raw))
        if isinstance(said, Paper):
            faults += list(word_faults(made.files[Form.DOCX], said))
        else:
            faults += list(sheet_faults(made.files[Form.XLSX], len(said.table.rows)))
        sizes = "、".join(f"{form.value} {len(raw) // 1024} KB" for form, raw in made.files.items())
        wanted = len(said.missing) if isinstance(said, Paper) else 0
        yield Looked(kind.value, count, sizes, seconds, wanted, tuple(faults))


def kept_at(office: Office, kind: Kind, number: str) -> Kept:
    """A paper that nobody ordered, asked for now."""
    subject, period = (number, "") if kind.is_of_case else ("", PERIODS[kind])
    if kind is Kind.LATER_REPORT:
        period = "续报1"
    return Kept(
        0, kind, subject, period, None, PaperState.DRAFTING, "", office.now, "", {}, "",
        None, None, "", None, None,
    )  # fmt: skip


def faults_of(pdf: bytes) -> Iterator[str]:
    """Ink at the edge, characters on each other, a page without words, a missing shape."""
    for nth, (width, height, pixels) in enumerate(pages(pdf, 0.6), start=1):
        edge = int(width * EDGE)
        for y in range(height):
            line = pixels[4 * width * y : 4 * width * (y + 1)]
            if min(line[: 4 * edge]) < WHITE or min(line[4 * (width - edge) :]) < WHITE:
                yield f"第 {nth} 页有内容出边"
                break
    yield from (f"第 {nth} 页「{words}」重叠" for nth, words in collisions(pdf))
    for nth, words in enumerate(text_of(pdf), start=1):
        if len(words.split()) < 3:
            yield f"第 {nth} 页是空的"
        if LOST in words or "\ufffd" in words:
            yield f"第 {nth} 页有缺字"


def word_faults(raw: bytes, said: Paper) -> Iterator[str]:
    """Word opens it by another library, with every field and no placeholder left."""
    document = docx.Document(io.BytesIO(raw))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    whole = "\n".join([*(one.text for one in document.paragraphs), *cells])
    if "{{" in whole or "{%" in whole:
        yield "Word 里留下了占位符"
    yield from (
        f"Word 里没有「{one.label}」的内容"
        for one in said.fields()
        if one.shown.split("\n")[0] not in whole
    )


def sheet_faults(raw: bytes, rows: int) -> Iterator[str]:
    """Another library reads as many rows, and no formula."""
    sheet = openpyxl.load_workbook(io.BytesIO(raw)).active
    if sheet is None or sheet.max_row != rows + 2:
        yield "台账行数不对"
    elif [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]:
        yield "台账里有公式"


def report(found: list[Looked], asked: argparse.Namespace, played: float) -> None:
    """Write what was seen, with commit, seed and counts."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=True,
        cwd=HOME,
    ).stdout.strip()
    rows = "\n".join(
        f"| {one.name} | {one.pages or '—'} | {one.sizes} | {one.seconds:.2f} | {one.wanted} | "
        f"{'; '.join(one.faults) or '无'} |"
        for one in found
    )
    REPORT.write_text(
        "# One case and one month on paper\n\n"
        "Written by `make papers` alone. A month of ordinary cases and one case of the gravest\n"
        "level are played through the ordinary way in; every paper is printed in every form,\n"
        "each page drawn by pypdfium2 and looked at: no ink near the edge, no character on\n"
        "another, no empty page, no character without a shape; Word files opened by\n"
        "python-docx, the ledger by openpyxl.\n\n"
        f"Commit {commit}, Python {platform.python_version()}, seed {asked.seed}, "
        f"{asked.cases} cases and one, played in {played:.0f} s.\n\n"
        "| paper | pages | files | printed in s | 待补 | faults |\n|---|---|---|---|---|---|\n"
        f"{rows}\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
