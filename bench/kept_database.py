"""A small database as this version makes it, kept so that later versions prove they can read it.

Three cases of 云溪市: 001 signed and reported twice, 002 closed, 003 just reported. A release keeps
one by its version; tests/storage/test_older_databases.py upgrades every one that is kept, on both
engines. Without a version it is named by the schema.
"""

import argparse
import gzip
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database import Database
from tests.support.office import Office

KEPT = Path(__file__).parents[1] / "tests" / "data" / "databases"
_KEY = b"the audit key of the tests"
_LINK = "https://www.toutiao.com/article/72495596873549747{nth}/"


def lived(database: Database) -> None:
    """Let the three cases happen."""
    office = Office(database)
    office.forwards("wangxiaoyu", "青禾路积水多日无人管", _LINK.format(nth=59))
    office.says("lihang", f"{_LINK.format(nth=59)} 又有人转了")
    office.says("sunlei", "001 定二级, 交市城管局")
    office.says("liuyang", "收到")
    office.forwards("wangxiaoyu", "三中食堂饭菜问题", _LINK.format(nth=60))
    office.says("sunlei", "002 定三级, 交市教体局")
    for words in ("收到", "首报: 已到校核查", "已办结, 已整改到位"):
        office.says("xulei", f"002 {words}")
    office.says("sunlei", "002 同意办结")
    office.forwards("wangxiaoyu", "小区停水三天", _LINK.format(nth=61))


def made(file: Path) -> str:
    """Make the database at `file`, as one file; return the revision of its schema."""
    database = Database(f"sqlite:///{file}", audit_key=_KEY)
    database.upgrade()
    lived(database)
    database.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("VACUUM")
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(revision)


def main() -> int:
    """Keep one; 1 where that version is kept already (a kept one is never made again)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", default="", help="the version that is released, e.g. 1.2.0")
    parser.add_argument("--into", type=Path, default=KEPT, help="the folder")
    arguments = parser.parse_args()
    with TemporaryDirectory() as place:
        file = Path(place) / "duban.db"
        revision = made(file)
        name = f"v{arguments.release}" if arguments.release else f"schema-{revision}"
        kept = arguments.into / f"{name}.db.gz"
        if kept.exists():
            sys.stdout.write(f"{kept.name} is kept already\n")
            return 1
        kept.write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))
    sys.stdout.write(f"{kept.name}: schema {revision}, {kept.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
