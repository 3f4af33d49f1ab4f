"""How fast chat is understood: lines a second on real utterances, and the slowest of hostile texts.

Run: python bench/understand.py [number of hostile texts].
Goal: at least 2 000 lines a second; 99 of 100 hostile texts under 5 ms.
"""

import random
import statistics
import sys
import time
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from cases.chat import role_named, understand  # noqa: E402
from config.platforms import load_link_rules  # noqa: E402

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
RULES = load_link_rules()
WORDS = (
    "收到 同意 不 请 城管局 、 , 。 #007 5号 转 给 1 3万 阅读 二级 的 删 帖 谁 评论 下周四 "
    "17:00 前 2小时 【 】 舆情 标题: “ ” @ 网友 http://a.b/c 拟回复如下: 查 吗 ? . - "
    "十几 ( ) 😆 X 市 办 局 和 发布 会商 值班 延期 口径 网传 月 点 YQ- 热搜 无 其余 并入"
)
HIDDEN = "\u200b\u202e\ue000\ue200\uff10\u0660\ud800\x00"
PIECES = [*WORDS.split(), *HIDDEN, "'" + "1" * 30 + "'x"]


def rows() -> list[tuple[str, str]]:
    """Return the utterances kept as test data, with their roles."""
    found = []
    for name in ("intents.tsv", "utterances.tsv"):
        lines = (ROOT / "tests" / "data" / name).read_text(encoding="utf-8").splitlines()[1:]
        found += [line.split("\t")[:2] for line in lines]
    return [(text.replace("\\n", "\n"), role) for text, role in found]


def lines_a_second(seconds: float) -> float:
    """Return how many utterances are understood in a second of this process's time."""
    said = [(text, role_named(role)) for text, role in rows()]
    done, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        for text, role in said:
            understand(text, role, NOW, RULES)
        done += len(said)
    return done / (time.process_time() - start)


def hostile(count: int) -> list[float]:
    """Return how long each of `count` hostile texts took, in milliseconds, sorted."""
    chance = random.Random(20261120)  # noqa: S311 - no secret
    took = []
    for _ in range(count):
        some = chance.choices(PIECES, k=chance.randint(1, 4))
        text = (
            "".join(some) * chance.randint(1, 200)
            if chance.random() < 0.5
            else "".join(chance.choices(PIECES, k=chance.randint(1, 300)))
        )
        start = time.process_time()
        understand(text, None, NOW, RULES)
        took.append((time.process_time() - start) * 1000)
    return sorted(took)


if __name__ == "__main__":
    print(f"{lines_a_second(5):.0f} lines/s (goal 2000)")
    times = hostile(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
    p99 = times[int(len(times) * 0.99)]
    middle, slowest = statistics.median(times), times[-1]
    print(f"{len(times)} hostile texts: median {middle:.2f}, p99 {p99:.2f}, max {slowest:.1f} ms")
