"""One command goes live without a burst, seen from the platform: what each person then hears.

`init` with 试运行, the service and the sandbox on loopback; cases are reported, graded and
assigned, nobody but the office hears of them; then `go-live`. Report: docs/evidence/going-live.md.
"""

import argparse
import json
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.commit import commit
from bench.first_hour import (
    FIRST,
    HOME,
    StepError,
    Told,
    messages,
    operate,
    running,
    says,
    write_answers,
)
from bench.first_hour import sandbox as platform_of
from bot.serving import free_port

REPORT = HOME / "docs" / "evidence" / "going-live.md"
_CASES = 6
_UNIT = ("liuyang", "tangbo", "zhouguohua", "wangjianping")  # who is not of the office
_WAIT, _QUIET = 60.0, 15.0


def heard(port: int) -> dict[str, int]:
    """How many messages each of them has got."""
    return {who: len(messages(port, who)) for who in _UNIT}


def _texts(port: int, who: str) -> list[str]:
    found = [json.loads(one)["part"]["content"] for one in messages(port, who)]
    return [f"督办 → {who}: {line}" for text in found for line in text.splitlines()]


def play(told: Told, folder: Path) -> None:
    service, platform = free_port(), free_port()
    where = ("--config", str(folder / "duban.toml"))
    quiet = Told(is_shown=False)
    write_answers(folder, service, platform)
    rest = folder / "rest.toml"
    rest.write_text(rest.read_text("utf-8").replace('trial = "否"', 'trial = "是"'), "utf-8")
    operate(quiet, "init", *where, types=FIRST)
    serving = (str(HOME / "main.py"), "serve", *where)
    with platform_of(folder, service, platform):
        operate(quiet, "init", *where, "--answers", str(rest), "--wait", "0")
    with (
        platform_of(folder, service, platform),
        running("serve", folder, service, "/readyz", *serving),
    ):
        told.say("## 试运行", "", "```")
        tried_out(told, platform)
        told.say("## 转正式", "", "```")
        if operate(told, "go-live", "--yes", *where):
            raise StepError("go-live did not end well")
        gone_live(told, platform)


def tried_out(told: Told, platform: int) -> None:
    """Cases are reported, graded and assigned; nobody outside the office hears of them."""
    for nth in range(1, _CASES + 1):
        number = f"{nth:03d}"
        link = f"https://www.toutiao.com/article/72495596873549747{nth + 50}/"
        body = {"title": f"第{nth}件 {link[-4:-1]}号路灯不亮", "url": link, "description": ""}
        says(told, platform, "wangxiaoyu", "forward", ("wangxiaoyu", f"已登记 {number}"), **body)
        order = f"{number} 定三级, 交市城管局"
        says(told, platform, "sunlei", "say", ("sunlei", "已定三级"), text=order)
    before = heard(platform)
    told.say("```", "", f"舆情办以外的人在平台上收到: {before}", "")
    if any(before.values()):
        raise StepError(f"somebody outside the office heard of the trial: {before}")


def gone_live(told: Told, platform: int) -> None:
    """The unit hears one summary, and then nothing else."""
    ends = time.monotonic() + _WAIT
    while time.monotonic() < ends and not heard(platform)["liuyang"]:
        threading.Event().wait(0.2)
    threading.Event().wait(_QUIET)  # whatever else would come has come
    after = heard(platform)
    told.say(*_texts(platform, "liuyang"), "```", "")
    told.say(f"{_QUIET:.0f} 秒后, 舆情办以外的人在平台上收到: {after}", "")
    if after["liuyang"] != 1:
        raise StepError(f"the unit was to hear one summary of {_CASES} cases: {after}")
    if sum(after.values()) > len(_UNIT):
        raise StepError(f"a burst: {after}")


def main() -> int:
    """Play it; 1 where it was otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", type=Path, default=None, help=f"where to, e.g. {REPORT}")
    arguments = parser.parse_args()
    told, fault = Told(), ""
    with TemporaryDirectory(prefix="duban-going-live-") as place:
        folder = Path(place)
        folder.chmod(0o700)
        try:
            play(told, folder)
        except StepError as error:
            fault = str(error)
            told.say("```", f"**没有走通**: {fault}")
        shown = "\n".join(told.lines).replace(place, "/var/lib/duban")
    sys.stdout.write(f"{fault or 'every step ended well'}\n")
    if arguments.report is not None:
        head = (
            "# Going live without a burst",
            "",
            f"Made by `python -m bench.going_live`: 试运行 with {_CASES} open cases,",
            "then `go-live`, against the sandbox; counted is what the platform delivered.",
            "",
            f"Commit {commit()}, {datetime.now(UTC):%Y-%m-%d}.",
            f"**Missed: {fault}**" if fault else "Every step ended as it should.",
            "",
        )
        arguments.report.write_text("\n".join(head) + "\n" + shown + "\n", "utf-8")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())
