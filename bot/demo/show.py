"""Shows the demonstration: starts sandbox and service, says where the chat page is, waits."""

import signal
import sys
import threading
from pathlib import Path

from bot.demo.processes import NotRunningError, Process, start_sandbox, start_service
from bot.demo.stage import Stage

_CHECK_SECONDS = 1.0


def demonstrate(stage: Stage, program: Path) -> int:
    """Run until the person ends it; return the exit status."""
    _clear(stage)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    started: list[Process] = []
    try:
        started.append(start_sandbox(stage))
        started.append(start_service(stage, program))
        _welcome(stage)
        while not ended.wait(_CHECK_SECONDS):
            if any(process.has_ended for process in started):
                sys.stderr.write(f"有一个进程意外结束, 详见 {stage.folder}/*.out\n")
                return 1
    except NotRunningError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        for process in reversed(started):
            process.stop()
    return 0


def _clear(stage: Stage) -> None:
    """Begin anew: no database of last time, and nothing that vouches for one."""
    kept = (stage.log, stage.folder / "var" / "audit-anchors.jsonl")
    for old in (*stage.folder.glob("duban.db*"), *stage.folder.glob("spool/*"), *kept):
        old.unlink(missing_ok=True)


def _welcome(stage: Stage) -> None:
    sys.stdout.write(
        f"\n  督办演示: 虚构的云溪市, 不需要账号, 不联网。\n\n"
        f"  请用浏览器打开  http://127.0.0.1:{stage.sandbox_port}/\n\n"
        "  1. 选「王小雨」, 转发一篇文章给应用「督办」\n"
        "  2. 选「孙磊」(舆情办主任), 回复 1 确认等级和单位\n"
        "  3. 选责任单位的联络员, 回复「收到」; 不回复就点「到下一个时限」看催办\n"
        "  4. 点「案件页」, 看待办、时限、经过, 在页面上签收和上传\n\n"
        f"  数据在 {stage.folder}; 按 Ctrl+C 结束。\n\n"
    )
    sys.stdout.flush()
