"""One drill played to its end, and its result sheet: `python -m bench.drill_sheet --write`.

The night drill of the first grade: the director sleeps, the duty officer telephones, the leader
grades and signs off, the unit signs too late.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.library import commit
from cases.wording.drills import sheet_words
from handlers import drills
from storage.database import Database
from tests.support.office import Office, to

REPORT = Path(__file__).parents[1] / "docs" / "evidence" / "drill-sheet.md"


def played(office: Office) -> str:
    """Play the drill and return its sheet as the office is told it."""
    office.says("zhaomin", "开始演练 一级夜间 按1小时=1分钟")
    office.passes(seconds=75)  # 75 minutes of the drill's night
    office.says("zhaomin", "001 已电话通知孙磊")
    office.says("wangjianping", "001 定一级, 交城管局")
    office.says("wangjianping", "001 同意")
    office.passes(seconds=45)
    office.says("liuyang", "收到 001")
    office.passes(seconds=30)
    office.says("liuyang", "001 首报: 已到现场, 无人员伤亡")
    office.passes(seconds=30)
    assert "【演练】" in to("sunlei", office.says("sunlei", "结束演练"))
    with office.database.read() as work:
        drill = work.drills.latest(1)[0]
        return sheet_words(drills.sheet(work, drill, office.now), office.now)


def main() -> int:
    """Print the sheet, and write it if asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/duban.db", audit_key=b"bench" * 8)
        database.upgrade()
        said = played(Office(database))
        database.close()
    print(said)
    if asked.write:
        where = f"Written by `python -m bench.drill_sheet --write` at commit {commit()}."
        REPORT.write_text(f"# A drill result sheet\n\n{where}\n\n```\n{said}\n```\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
