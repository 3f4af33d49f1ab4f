"""What people say: for each rule who may say it and in which words; {n} and {m} are cases."""

import random
from dataclasses import dataclass

from bench.model.world import TROUBLES, World

LINK = "https://weibo.com/1234567890/P0w7ex6A{}"
TITLES = ("青禾路积水", "三中食堂饭菜有异物", "锦绣花园路灯不亮", "央视报道老旧小区改造停工")
REPLY = "经核实, 青禾路积水属实, 系管网淤堵, 已疏通。市城管局, 电话0000-8120101"


@dataclass(frozen=True, slots=True)
class Deed:
    """One rule: who says it, in which words."""

    name: str
    who: tuple[str, ...]
    words: tuple[str, ...]


_UNITS = ("liuyang", "heqing", "chenjing")
DEEDS: tuple[Deed, ...] = (
    Deed("grade", ("sunlei", "zhouguohua"), ("{n} 定二级", "{n} 定三级", "{n} 定一级")),
    Deed("assign", ("sunlei",), ("{n} 交城管局", "{n} 交住建局, 城管局协办")),
    Deed("approve the order", ("wangjianping",), ("同意 {n}", "{n} 退回, 先核实清楚")),
    Deed("sign", _UNITS, ("收到 {n}",)),
    Deed("return", _UNITS, ("{n} 退回, 该路段产权未移交, 请转住建局",)),
    Deed(
        "rule on return",
        ("sunlei",),
        ("{n} 转给住建局处理, 不归城管", "{n} 不同意退回, 先处置后厘清"),
    ),
    Deed("report", _UNITS, ("{n} 首报: 已到现场核实", "{n} 续报: 正在清淤")),
    Deed("verify", _UNITS, ("{n} 经核实, 反映情况属实, 系管网淤堵",)),
    Deed("ask more time", _UNITS, ("{n} 申请延期至12月4日, 需做水质检测",)),
    Deed("rule on more time", ("sunlei", "zhouguohua"), ("{n} 同意延期", "{n} 不同意延期, 抓紧办")),
    Deed("merge", ("sunlei",), ("{n} 合并到 {m}",)),
    Deed("split", ("sunlei",), ("撤销", "{n} 取消合并")),
    Deed("regrade", ("sunlei", "zhouguohua"), ("{n} 升级为一级, 省台要播", "{n} 降为三级, 已平息")),
    Deed("draft a reply", _UNITS, (f"{{n}} 拟回复: {REPLY}",)),
    Deed("pass a reply", ("sunlei", "zhouguohua"), ("同意 {n}", "{n} 退回, 没有写清原因")),
    Deed("publish", _UNITS, ("{n} 情况通报已在官微发布, https://weibo.com/1234567890/R8vcX9C8",)),
    Deed("waive the reply", ("sunlei",), ("{n} 不需公开回应, 已当面答复反映人",)),
    Deed("ask to close", _UNITS, ("{n} 处置完毕, 积水已排干", "{n} 已办结, 积水已排干")),
    Deed("close", ("sunlei", "zhouguohua"), ("{n} 同意办结", "{n} 可以办结", "同意 {n}")),
    Deed("end otherwise", ("sunlei",), ("{n} 终止响应, 三天无新增", "{n} 归档")),
    Deed("reopen", ("sunlei",), ("{n} 重新打开, 又炒起来了",)),
    Deed("order", ("zhouguohua",), ("{n} 请卫健委阅处, 1小时内报我", "1", "2")),
    Deed("answer", ("sunlei", "liuyang", "wangxiaoyu"), ("1", "2", "是", "同意", "收到")),
    Deed("brake", ("sunlei", "admin"), ("暂停发送", "恢复发送, 全部发出", "恢复发送, 作废不发")),
    Deed("ask", ("wangxiaoyu", "stranger"), ("查 {n}", "待办", "为什么提醒 {n}")),
)
BY_NAME = {deed.name: deed for deed in DEEDS}
_UNIT = ("sign", "report", "verify", "ask more time", "draft a reply", "ask to close", "return")
_ORDERED = (*_UNIT, "rule on more time", "rule on return", "order", "answer", "waive the reply")
# What is likely to be allowed where a case stands; everything else is said as well, only less.
FITTING: dict[str, tuple[str, ...]] = {
    "reported": ("grade",),
    "graded": ("assign", "regrade", "merge"),
    "approved": ("approve the order",),
    "assigned": ("sign", "sign", *_ORDERED, "merge"),
    "signed": _ORDERED,
    "verifying": _ORDERED,
    "handling": (*_ORDERED, "ask to close", "draft a reply", "publish"),
    "reply_draft": ("pass a reply", "publish"),
    "reviewing": ("pass a reply", "regrade"),
    "tracking": ("ask to close", "end otherwise", "report"),
    "close_requested": ("close", "close", "pass a reply", "waive the reply"),
    "closed": ("reopen", "end otherwise"),
    "archived": ("reopen",),
    "merged": ("split",),
}


def forward(world: World, who: int, what: int) -> None:
    """Somebody forwards a link; some are forwarded more than once."""
    speaker = ("wangxiaoyu", "lihang")[who % 2]
    world.say(speaker, f"微博 {TITLES[what % len(TITLES)]} {LINK.format(what % 6)}")


def do(world: World, deed: Deed, dice: random.Random) -> None:
    """Somebody says the words of a deed about some case."""
    numbers = world.numbers() or ["001"]
    say(world, deed, dice.choice(numbers[-4:]), dice)


def say(world: World, deed: Deed, number: str, dice: random.Random) -> None:
    others = world.numbers() or [number]
    words = dice.choice(deed.words).format(n=number, m=dice.choice(others))
    world.say(dice.choice(deed.who), words)


def go_on(world: World, dice: random.Random) -> str:
    """Somebody does to a case what may well be next."""
    found = world.rows("SELECT number, state FROM case_file ORDER BY id DESC LIMIT 4")
    if not found:
        return "nothing"
    number, state = dice.choice(found)
    name = dice.choice(FITTING.get(str(state), ("ask",)))
    say(world, BY_NAME[name], str(number), dice)
    return name


def happen(world: World, dice: random.Random) -> str:
    """One step: somebody acts, or time, the platform, the database or the process does."""
    throw = dice.random()
    if throw < 0.06 or not world.said:
        forward(world, dice.randrange(2), dice.randrange(6))
        return "forward"
    if throw < 0.52:
        return go_on(world, dice)
    if throw < 0.72:
        deed = dice.choice(DEEDS)
        do(world, deed, dice)
        return deed.name
    if throw < 0.90:
        world.passes(dice.choice((1, 5, 30, 60, 240, 900)))
        return "time passes"
    return _trouble(world, dice)


def _trouble(world: World, dice: random.Random) -> str:
    name = dice.choice((*TROUBLES, "repeat", "repeat", "database", "restart"))
    if name in TROUBLES:
        world.platform.troubles.append(TROUBLES[name])
    elif name == "repeat":
        world.repeat()
    elif world.is_out:
        world.comes_back()
    elif name == "database":
        world.goes_out()
    else:
        world.restart()
    return name
