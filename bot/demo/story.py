"""One case from the forwarded link to its closing, every expected message named."""

import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.demo.player import Expected, Player, Seen, Step, StoryError, Tale
from bot.demo.processes import NotRunningError, start_sandbox
from bot.demo.stage import Stage
from bot.demo.top_grade import TOP_STORY

_BEIJING = ZoneInfo("Asia/Shanghai")
STARTS = datetime.fromisoformat("2026-11-20T10:00:00+08:00")  # a Friday in working hours
TITLE = "青禾路积水多日无人管 省电视台记者到场采访"

WANG, LI = "wangxiaoyu", "lihang"  # 信息员
DUTY, DIRECTOR, LEADER = "zhaomin", "sunlei", "zhouguohua"
LIAISON, DEPUTY, CHIEF = "liuyang", "heqing", "tangbo"  # 市城管局
GROUP = "市城管局工作群"


def _e(to: str, words: str) -> Expected:
    return Expected(to, words)


def _jump(why: str, *expect: Expected) -> Step:
    return Step(why=why, expect=expect)


def _say(who: str, text: str, why: str, *expect: Expected) -> Step:
    return Step(who, text, expect=expect, why=why)


def _press(who: str, button: str, why: str, *expect: Expected) -> Step:
    return Step(who, press=button, expect=expect, why=why)


REPORT = (
    Step(
        WANG,
        card=(TITLE, "", "https://www.toutiao.com/article/7249559687354974759/?log_from=abc"),
        why="信息员转发文章: 登记, 建议等级和单位, 请舆情办确认",
        expect=(
            _e(WANG, "已登记 001"),
            _e(DIRECTOR, "回复例如「001 定二级, 交XX局」"),  # in full, then the card
            _e(DIRECTOR, "1 = 定二级, 交市城管局"),
            _e(DUTY, "【待定级】001"),
        ),
    ),
    _say(
        LI,
        "https://m.toutiao.com/a7249559687354974759/?share_token=xyz&app=news_article 又有人转了",
        "另一位信息员报同一件事 (另一种网址): 并入, 不另立",
        _e(LI, "您是第 2 位报告人"),
    ),
)
SLOW_OFFICE = (
    _jump("舆情办没动: 到期前提醒值班员", _e(DUTY, "还剩 5 分钟")),
    _jump("到期", _e(DUTY, "定级交办时限 10:15 已到")),
    _jump("超时再催", _e(DUTY, "已超 5 分钟")),
    _jump("超时再催, 到上限为止", _e(DUTY, "已超 10 分钟")),
    _jump("升级到办公室主任", _e(DIRECTOR, "已超 15 分钟")),
)
ASSIGNED = (
    _press(
        DIRECTOR,
        "定二级, 交市城管局",
        "主任点卡片上的按钮: 定二级并交市城管局; 直接通知联络员, 单位群里@, 按规则告知领导",
        _e(DIRECTOR, "已定二级"),
        _e(LIAISON, "【交办】001"),
        _e(GROUP, "请私聊应用「督办」回复「收到」"),
        _e(LEADER, "【通报】001"),
        _e(CHIEF, "【通报】001"),
    ),
)
SILENT_UNIT = (
    _jump("单位没有签收: 到期前提醒联络员", _e(LIAISON, "还剩 10 分钟")),
    _jump("到期", _e(LIAISON, "已到")),
    _jump("超时再催", _e(LIAISON, "已超 10 分钟")),
    _jump("超时再催", _e(LIAISON, "已超 20 分钟")),
    _jump("升级到副联络员 (AB 角)", _e(DEPUTY, "已超 30 分钟 未办")),
    _jump("升级到单位分管领导", _e(CHIEF, "已超 40 分钟 未办")),
    _jump("请值班员电话通知", _e(DUTY, "请电话通知: 刘洋")),
)
ANSWERED = (
    _say(
        DEPUTY,
        "收到",
        "副联络员代签: 签收的提醒到此为止, 告诉过问过的人",
        _e(DEPUTY, "已签收 001"),
        _e(DUTY, "不用再催签收"),
        _e(DIRECTOR, "不用再催签收"),
    ),
    _say(
        DEPUTY,
        "首报:我局9:40到场,正在抽排,无人员伤亡",
        "首报",
        _e(DEPUTY, "首报已收到"),
        _e(DUTY, "【首报】001"),
        _e(DIRECTOR, "【首报】001"),
    ),
    _say(
        DEPUTY,
        "经核实,反映情况属实,系施工单位未打围挡",
        "核实结果",
        _e(DEPUTY, "核实结果「属实」已记录"),
        _e(DUTY, "【核实】001"),
        _e(DIRECTOR, "【核实】001"),
    ),
    _say(
        DEPUTY,
        "处置完毕,积水已排干,施工单位已约谈",
        "申请办结: 本身不算办结; 二级件还没有公开回应, 先请舆情办定",
        _e(DEPUTY, "还没有公开回应"),
        _e(DIRECTOR, "【请定公开回应】001"),
        _e(DUTY, "【申请办结】001"),
    ),
    _say(
        DIRECTOR,
        "001 不需公开回应,现场已处置并当面答复反映人",
        "舆情办写明理由, 不公开回应; 这才请分管领导确认办结",
        _e(DIRECTOR, "已记录不需公开回应"),
        _e(LEADER, "【请确认办结】001"),
        _e(DUTY, "【不需公开回应】001"),
        _e(LIAISON, "【不需公开回应】001"),
    ),
    _press(
        LEADER,
        "退回",
        "领导点「退回」: 先问理由",
        _e(LEADER, "请写明退回 001 的理由"),
    ),
    _say(
        LEADER,
        "现场照片没有附上",
        "下一句话就是退回的理由",
        _e(LEADER, "已退回责任单位重办"),
        _e(LIAISON, "理由: 现场照片没有附上"),
        _e(DEPUTY, "理由: 现场照片没有附上"),
        _e(DUTY, "理由: 现场照片没有附上"),
    ),
    _say(
        DEPUTY,
        "#001已办结,照片已附,请审核销号",
        "再次申请办结",
        _e(DEPUTY, "已申请办结"),
        _e(LEADER, "【请确认办结】001"),
        _e(DUTY, "【申请办结】001"),
    ),
    _press(
        LEADER,
        "同意办结",
        "领导点「同意办结」: 办结, 告知报告人、单位和值班员",
        _e(LEADER, "001 办结"),
        _e(WANG, "【已办结】001"),
        _e(LI, "【已办结】001"),
        _e(LIAISON, "【已办结】001"),
        _e(DEPUTY, "【已办结】001"),
        _e(DUTY, "【已办结】001"),
    ),
    _say(WANG, "查一下001号件到哪一步了", "报告人问进度: 看到全过程", _e(WANG, "办结: 同意")),
)
_HEAD = """# A 一级 case played through the real service

Made by `{command}`: service and sandbox are two processes that speak HTTP; the clock jumps.
Every message the sandbox shows is compared with the story: none is missing, none is extra.
"""


class Which(StrEnum):
    """The stories that can be played."""

    ONE = "one"  # one case, late at every step
    TOP = "top"  # a 一级 case with five units and three approvals


STORY = REPORT + SLOW_OFFICE + ASSIGNED + SILENT_UNIT + ANSWERED
STORIES = {Which.ONE: STORY, Which.TOP: TOP_STORY}


def run_story(  # noqa: PLR0913 - one telling, each choice named
    stage: Stage,
    program: Path,
    names: Mapping[str, str],
    *,
    kill_after: int = 0,
    environment: Mapping[str, str] | None = None,
    transcript: TextIO | None = sys.stdout,
    steps: Sequence[Step] = STORY,
) -> Tale:
    """Play a story and judge it; nothing may be left to leave after the closing.

    Args:
        stage: the configuration; sandbox and service are started here and ended.
        program: main.py.
        names: userid -> name, for the transcript.
        kill_after: kill the service after that many steps; 0 never.
        environment: for the service's first start: arms a failpoint.
        transcript: where the story is printed as it goes, if anywhere.
        steps: the story.

    Raises:
        StoryError, NotRunningError: a message is missing or extra; a process is not up.
    """
    sandbox = start_sandbox(stage)
    try:
        player = Player(stage, program, environment=environment)
        try:
            player.set_clock(STARTS)
            for nth, step in enumerate(steps, start=1):
                seen = player.play(step)
                _print(step, seen, names, transcript)
                if nth == kill_after:
                    player.kill()
            _nothing_more(player)
            return player.tale
        finally:
            player.close()
    finally:
        sandbox.stop()


def _nothing_more(player: Player) -> None:
    # A week later nothing has been said: no reminder outlives its case.
    player.set_clock(STARTS + timedelta(days=7))
    player.wait_until_idle()
    late = player.look()
    if late:
        raise StoryError(f"办结之后还有消息: {late}")


def tell(  # noqa: PLR0913 - one telling, each choice named
    stage: Stage,
    program: Path,
    names: Mapping[str, str],
    *,
    kill_after: int = 0,
    which: Which = Which.ONE,
    paper: Path | None = None,
) -> int:
    """Play and print a story, on `paper` too if given; return the exit status."""
    began = time.monotonic()
    steps = STORIES[which]
    written = StringIO()
    try:
        tale = run_story(
            stage,
            program,
            names,
            kill_after=kill_after,
            transcript=sys.stdout if paper is None else written,
            steps=steps,
        )
    except (StoryError, NotRunningError) as error:
        sys.stderr.write(f"\n故事没有走完:\n{error}\n")
        return 1
    told = sum(len(seen) for _step, seen in tale.seen)
    if paper is not None:
        head = _HEAD.format(command=f"python main.py story --which {which} --paper {paper}")
        judged = f"全部 {len(steps)} 步、{told} 条消息都与预期一致, 没有多也没有少。"
        text = f"{head}\n```text{written.getvalue()}```\n\n{judged}\n"
        paper.write_text(text, encoding="utf-8")
    sys.stdout.write(
        f"\n全部 {len(steps)} 步、{told} 条消息都与预期一致, 没有多也没有少"
        f" (服务被杀 {tale.crashes} 次, 用时 {time.monotonic() - began:.1f} 秒)。\n"
    )
    return 0


def _print(step: Step, seen: list[Seen], names: Mapping[str, str], out: TextIO | None) -> None:
    if out is None:
        return
    write = out.write
    write(f"\n── {step.why}\n")
    if step.who:
        what = f"[转发] {step.card[0]}\n     {step.card[2]}" if step.card else step.text
        what = f"[点按钮] {step.press}" if step.press else what
        write(f"   {names.get(step.who, step.who)}: {what}\n")
    for one in seen:
        local = datetime.fromtimestamp(one.at, UTC).astimezone(_BEIJING)
        at = "".join(f" @{names.get(userid, userid)}" for userid in one.mentions)
        text = one.text.replace("\n", "\n        ")
        write(f"   {local:%m-%d %H:%M} → {names.get(one.to, one.to)}:{at}\n        {text}\n")
    out.flush()
