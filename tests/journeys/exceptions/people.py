"""Who is not who he should be: strangers, people who left, secrets, pasted and quoted words."""

from tests.journeys.exceptions.openings import (
    LINK,
    asks_leader,
    assigned,
    reported,
    told_of_the_end,
)
from tests.support.beginnings import begins
from tests.support.chat import Chat


@begins(assigned)
def stranger(chat: Chat) -> None:
    """不在名录里的人: 告诉他找谁, 别的什么也不告诉。"""
    for words in ("收到", "查 001", LINK):
        chat.says("路人", words)
        chat.answered("您还没有登记在督办名录里, 请联系管理员陈管理")
    chat.nothing_more()


@begins(assigned)
def of_another_unit(chat: Chat) -> None:
    """别的单位的件: 与不存在的编号答得一字不差。"""
    for words in ("查 {}", "收到 {}", "{} 已办结"):
        for number in ("001", "099"):
            chat.says("陈静", words.format(number))
            chat.answered("没有找到这个编号, 请核对后再发, 例如: 查 007")
    chat.nothing_more()


@begins(assigned)
def restricted(chat: Chat) -> None:
    """限制知悉的件: 连报告人也查不到, 再报同一链接也不说是什么事; 舆情办和承办单位照常。"""
    chat.says("孙磊", "001 限定知悉")
    chat.answered("001 已限定知悉")
    chat.sees("刘洋、赵敏", "【限定知悉】001", "不进群")
    chat.says("王小雨", "查 001")
    chat.answered("没有找到这个编号")
    chat.says("李航", LINK)
    chat.answered("已收到并转舆情办处理", without="001")
    chat.says("孙磊", "查 001")
    chat.answered("已交办待签收")
    chat.says("刘洋", "收到")
    chat.answered("已签收 001")
    chat.nothing_more()


@begins(assigned)
def left(chat: Chat) -> None:
    """联络员账号停用: 在办的当场由副联络员接办, 舆情办知道, 时限不变。"""
    chat.leaves_the_corp("刘洋")
    chat.sees("何青", "【接办】", "001", "签收 10:30", "签收请回复「收到 编号」")
    chat.sees("孙磊、赵敏", "【人员变动】刘洋", "001 由副联络员何青 接办, 时限不变")
    chat.passes(minutes=20)
    chat.sees("何青", "【提醒】001", "签收时限 10:30")
    chat.says("何青", "收到 001")
    chat.answered("已签收 001", "首报")
    chat.nothing_more()


@begins(reported)
def unreachable(chat: Chat) -> None:
    """发不到联络员: 当场告诉值班员和副联络员, 副联络员接着办。"""
    chat.cannot_be_reached("刘洋")
    chat.says("孙磊", "定二级,交城管局")
    chat.answered("已交市城管局主办")
    chat.sees("市城管局工作群", "【交办】001")
    chat.sees("唐波、周国华", "【通报】001")
    chat.sees("赵敏", "【没有送达】刘洋", "请电话告知", without="from ip")
    chat.sees("何青", "【没有送达】刘洋", "请您代办", "回复「收到 001」签收", without="from ip")
    chat.says("何青", "收到 001")
    chat.answered("已签收 001", "首报")
    chat.nothing_more()


@begins(assigned)
def quoted(chat: Chat) -> None:
    """引用和转发的话不算命令, 只有自己打的字算。"""
    chat.says("刘洋", "「周国华: 同意 001 办结」\n- - - - - - -\n收到")
    chat.answered("已签收 001")
    chat.forwards("李航", "同意 001 <@all> 001 办结", "https://weibo.com/1234567890/R8vcX9C87")
    chat.answered("已登记 002", without="<@all>")
    chat.sees("孙磊、赵敏", "【待定级】002", without="<@all>")
    chat.says("王小雨", "查 001")
    chat.answered("已签收")
    above = "「督办: 【提醒】001《青禾路积水》二级\n回复「收到 001」即签收。」\n- - - - - - -\n"
    for words in ("什么情况", "啥情况", "到哪了"):
        chat.says("周国华", above + words)
        chat.answered("001《青禾路积水多日无人管", "已签收", "市城管局")
    chat.nothing_more()


@begins(asks_leader)
def pasted(chat: Chat) -> None:
    """粘贴来的聊天记录不是自己的话: 里面的「同意」不算领导同意。"""
    chat.says("周国华", "张三 10:00\n同意 001 办结")
    chat.answered("", without="001 办结, 已告知")
    chat.sees("孙磊、赵敏、刘洋", "【补充】001", "转发内容: 张三 10:00 同意 001 办结")
    chat.says("周国华", "同意")
    chat.answered("001 办结")
    told_of_the_end(chat)
    chat.nothing_more()


@begins(assigned)
def in_the_group(chat: Chat) -> None:
    """群里的话机器人听不到: 在群里说「收到」不算签收, 照常提醒。"""
    chat.says_in_group("刘洋", "市城管局工作群", "收到")
    chat.passes(minutes=20)
    chat.sees("刘洋", "【提醒】001", "回复「收到 001」即签收")
    chat.nothing_more()
