"""B11 and B12: finding a known link, a near-repeat, and the board, beside very many cases."""

import csv
import time
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine

from bench.speed import full_board
from bench.speed.duty import Duty, multiply
from bench.speed.figures import Figure, Goal, profiled
from bench.speed.lives import opened
from cases.similar import Described, alike
from tests.storage.builders import NOW

HOME = Path(__file__).parents[2]
_TITLES = 50_000
_OBJECTS = (
    *("路灯", "井盖", "公交", "停水", "油烟", "噪声", "校车", "菜场"),
    *("树木", "围挡", "电梯", "暖气", "垃圾", "医保", "驾校", "河道"),
)
_PLACES = (
    *("青禾路", "云溪大道", "东湖社区", "西园小区", "三中", "市医院"),
    *("北站", "南门", "老街", "新城", "长宁街", "滨江"),
)
_FAULTS = (
    *("坏了", "没人管", "味道大", "吵人", "停了三天", "涨价"),
    *("塌陷", "被占", "漏水", "排队两小时", "收费不明", "起火"),
)


def measure_link(folder: Path, count: int = 1_000_000) -> list[Figure]:
    """B11: a known link among a million open ones."""
    duty = Duty(opened(folder, "links"))
    duty.says("wangxiaoyu", "https://weibo.com/1234567890/R8vcX9C87 青禾路路灯不亮")
    with duty.database.read() as work:
        (link,) = work.cases.links(1)
    key = link.link_key
    multiply(duty.database, count, 1, ("case_file", "case_link", "open_link"))
    took = []
    with duty.database.read() as work:
        for nth in range(1, count, count // 500):
            began = time.perf_counter()
            found = work.cases.open_by_link(f"{key}.{nth}")
            took.append((time.perf_counter() - began) * 1000)
            if found is None:
                raise RuntimeError("a known link was not found")
    duty.database.close()
    return [Figure("B11", f"known link among {count:,}", median(took), "ms", Goal(0.3, 0.05))]


def measure_near(rounds: int) -> list[Figure]:
    """B11: near-repeats among fifty thousand titles of one week."""
    with (HOME / "tests" / "data" / "similar_pairs.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    pairs = [
        (_described(row["one"]), _described(row["other"])) for row in rows if row["same"] == "1"
    ]
    crowd = [_described(title) for title in _titles(_TITLES)]
    hits, took = 0, []
    for one, other in pairs[: max(rounds, 1) * 2]:
        among = [*crowd, other]
        began = time.perf_counter()
        found = [alike(one, each) for each in among]
        took.append((time.perf_counter() - began) * 1000)
        hits += found[-1].is_alike
    tried = len(took)
    goal = Goal(10, 4)
    value = median(took)
    one, _ = pairs[0]
    profile = "" if goal.is_kept_by(value) else profiled(lambda: [alike(one, x) for x in crowd])
    raw = f"{hits} of {tried} repeats found; all compared with what is open within a week"
    return [Figure("B11", f"near-repeat among {_TITLES:,}", value, "ms", goal, raw, profile)]


def _described(title: str) -> Described:
    return Described(title, "", None, NOW)


def _titles(count: int) -> list[str]:
    made = []
    for nth in range(count):
        a, b, c = _PLACES[nth % 12], _OBJECTS[nth // 12 % 16], _FAULTS[nth // 192 % 12]
        made.append(f"{a}{nth // 2304}号{b}{c}")
    return made


def measure_board(folder: Path) -> list[Figure]:
    """B12: the board's rows and counts with a million closed cases beside a thousand."""
    sides = []
    for closed in (1_000, 1_000_000):
        database = opened(folder, f"board-{closed}")
        full_board.fill(database)
        full_board.close_many(create_engine(database.url), closed)
        full_board.milliseconds(database)
        sides.append(database)
    found: list[list[float]] = [[], []]
    for _ in range(3):
        for values, database in zip(found, sides, strict=True):
            values.append(full_board.milliseconds(database))
    few, many = (min(values) for values in found)
    raw = f"{many:.1f} ms with 1,000,000 closed ÷ {few:.1f} ms with 1,000; 200 open"
    return [Figure("B12", "board list and counts", many / few, "×", Goal(1.3, 1.05), raw)]
