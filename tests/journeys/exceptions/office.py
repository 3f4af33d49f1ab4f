"""What the office does out of the ordinary: grades, merges, ends, reopens, meets, takes back."""

from tests.journeys.exceptions.openings import (
    OTHER,
    assigned,
    closed,
    given,
    in_hand,
    light,
    light_assigned,
    second,
)
from tests.support.beginnings import begins
from tests.support.chat import Chat

PLACES = (
    *("青禾路积水", "滨江花园停水", "人民广场堵车", "东风路噪声"),
    *("建设街油烟", "西湖公园欠薪", "北门市场涨价"),
)


@begins(assigned)
def raised(chat: Chat) -> None:
    """升级: 领导写明理由, 时限重算, 告诉单位和新知情的人。"""
    chat.says("赵敏", "001 升级为一级, 央视已报道")
    chat.answered("定级由")
    chat.says("孙磊", "001 升级为一级, 央视已报道")
    chat.answered("定级由分管领导、主要领导来做")
    chat.says("王小雨", "001 建议一级, 央视已报道")
    chat.answered("已把您的建议", "由其决定")
    chat.sees("周国华", "【建议等级】001", "建议一级")
    chat.says("周国华", "001 升级为一级, 央视已报道")
    chat.answered("已由二级改为一级, 时限已重算")
    chat.sees(
        "刘洋、唐波、赵敏、王建平",
        "【等级变更】001",
        "由二级改为一级, 理由: 央视已报道",
        "新时限: ",
    )
    chat.nothing_more()


@begins(assigned)
def lowered(chat: Chat) -> None:
    """降级: 没有热度走势不降。"""
    chat.says("孙磊", "001 降为三级, 领导说的")
    chat.answered("要写明热度依据(数据或走势), 例如")
    chat.says("赵敏", "001 降为三级, 热度回落")
    chat.answered("定级由舆情办主任、分管领导、主要领导来做")
    chat.says("孙磊", "001 降为三级, 热度回落, 一天无新增转载")
    chat.answered("已由二级改为三级")
    chat.sees("刘洋、赵敏", "【等级变更】001", "热度回落,一天无新增转载", "新时限: ")
    chat.nothing_more()


@begins(light)
def merged(chat: Chat) -> None:
    """合并: 并入较早的一件; 之后用被并的编号说话, 说的就是那一件。"""
    second(chat)
    chat.says("孙磊", "002 合并到 009")
    chat.answered("没有找到这个编号")
    chat.says("孙磊", "001 和 002 是一回事, 合并到 002")
    chat.answered("002 已并入较早的 001", "拆分 002")
    chat.sees("李航", "【已合并】002", "已并入 001, 办结会告诉您")
    chat.says("赵敏", "002 合并到 001")
    chat.answered("001 已由孙磊于 10:00 处理", "不用再合并")
    chat.says("孙磊", "002 定三级, 交城管局")
    chat.answered("001 已定三级", "001 已交市城管局主办")
    given(chat, "刘洋", "市城管局")
    chat.says("李航", "查 002")
    chat.answered("001《微博 青禾路积水", "2 位报告人")
    chat.says("何青", OTHER)
    chat.answered("已并入 001", "您是第 3 位报告人")
    chat.nothing_more()


@begins(light)
def split(chat: Chat) -> None:
    """拆分: 并错的拿出来另办; 没并过的说明怎么另立。"""
    second(chat)
    chat.says("孙磊", "002 合并到 001")
    chat.answered("002 已并入较早的 001")
    chat.sees("李航", "【已合并】002")
    chat.says("孙磊", "拆分 001")
    chat.answered("002 已从 001 拆出, 回到「待定级」")
    chat.sees("李航", "【恢复】002")
    chat.sees("赵敏", "【恢复】002")
    chat.sees("赵敏", "【已拆分】001")
    chat.says("孙磊", "拆分 002")
    chat.answered("002 没有并入别的件", "请直接上报那件事")
    chat.nothing_more()


@begins(light)
def withdrawn(chat: Chat) -> None:
    """撤回: 交办前由报告人自己撤, 再撤告诉已撤。"""
    chat.says("王小雨", "撤回刚才那条,核对了是外地的事")
    chat.answered("001 已撤回, 不再提醒")
    chat.sees("孙磊、赵敏", "【已撤回】001", "外地的事")
    chat.says("孙磊", "001 定三级")
    chat.answered("001 已撤回, 不能再定级")
    chat.nothing_more(days=1)


@begins(light_assigned)
def withdrawn_by_the_office(chat: Chat) -> None:
    """交办以后由舆情办撤回, 单位不用再办。"""
    chat.says("王小雨", "撤回 001, 外地的事")
    chat.answered("由舆情办撤回")
    chat.says("赵敏", "撤回 001, 核实是外地的事")
    chat.answered("001 已撤回")
    chat.sees("孙磊、王小雨", "【已撤回】001", "外地的事")
    chat.sees("刘洋", "【已撤回】001", "不用再办")
    chat.says("刘洋", "收到 001")
    chat.answered("001 已撤回, 不能再签收")
    chat.nothing_more(days=1)


@begins(closed)
def reopened(chat: Chat) -> None:
    """反弹: 三十天内还是这一件, 原单位重新签收, 报告人也知道。"""
    chat.passes(days=3)
    chat.says("王小雨", "1120-001 重新打开, 又炒起来了")
    chat.answered("重新打开由舆情办主任、分管领导、主要领导来做")
    chat.says("孙磊", "1120-001 又炒起来了, 重新打开")
    chat.answered("已重新打开 (第 1 次)", "已通知市城管局重新签收")
    chat.sees("刘洋", "【重新打开】001", "第 1 次反弹: 又炒起来了", "请回复「收到 001」签收")
    chat.sees("王小雨、赵敏", "【重新打开】001", "第 1 次反弹")
    chat.says("刘洋", "收到 001")
    chat.answered("已签收 001", "首报")
    chat.nothing_more()


@begins(closed)
def linked(chat: Chat) -> None:
    """三十天以后再反弹: 另立一件, 与原件关联。"""
    chat.passes(days=31)
    chat.says("孙磊", "1120-001 重新打开, 又炒起来了")
    chat.answered("办结已超过 30 天, 已另立 001 并与它关联")
    chat.sees("孙磊", "【待定级】001", "= 定三级, 交市城管局")
    chat.sees("赵敏", "【待定级】001")
    chat.nothing_more()


@begins(in_hand)
def met(chat: Chat) -> None:
    """会商: 写明时间、地点、参加单位, 承办单位和参加单位都通知; 结论记在案上。"""
    chat.says("孙磊", "001 开会商会, 在三楼")
    chat.answered("会商请写明时间和参加单位, 例如")
    chat.says("孙磊", "001 10:30在三楼开会商会,宣传部、住建局、教体局参加")
    chat.answered("会商已记录: 10:30 三楼", "宣传部不在名录里, 请另行通知")
    chat.sees("刘洋、陈静、杨慧、赵敏", "【会商】001", "时间: 10:30\n地点: 三楼")
    chat.passes(minutes=40)
    chat.says("孙磊", "001会商结论: 由城管局三天内修复")
    chat.answered("会商结论已记录, 已告知承办和参加单位", "宣传部不在名录里, 请另行告知")
    chat.sees("刘洋、陈静、杨慧、赵敏", "【会商结论】001", "由城管局三天内修复")
    chat.says("王小雨", "查 001")
    chat.answered("会商 (三楼)", "会商结论: 由城管局三天内修复")
    chat.nothing_more()


@begins(light)
def refused(chat: Chat) -> None:
    """不予受理: 理由和依法办理的途径都告诉报告人。"""
    chat.says("孙磊", "001 不予受理")
    chat.answered("要写明理由和依法办理的途径, 例如")
    chat.says("孙磊", "001 不予受理, 已进入诉讼程序, 请通过司法途径解决")
    chat.answered("已把理由和途径告知报告人")
    chat.sees("王小雨、赵敏", "【不予受理】001", "已进入诉讼程序。途径: 请通过司法途径解决")
    chat.says("孙磊", "001 定三级")
    chat.answered("001 不予受理, 不能再定级")
    chat.nothing_more(days=7)


@begins(assigned)
def ended(chat: Chat) -> None:
    """终止响应: 舆情办写明理由报批, 领导不同意就继续, 同意才终止。"""
    chat.says("孙磊", "001 终止响应")
    chat.answered("终止响应要写明理由, 例如")
    for reason, answer in (("三天无新增, 事态平息", "退回 001, 再观察三天"), ("六天无新增", "")):
        chat.says("孙磊", f"001 终止响应, {reason}")
        chat.answered("终止响应已报分管领导, 同意后生效")
        chat.sees("周国华", "【请批终止响应】001", "= 同意终止响应")
        if answer:
            chat.says("周国华", answer)
            chat.answered("未同意终止响应")
            chat.sees("孙磊、赵敏", "【终止响应未同意】001", "再观察三天")
    chat.chooses("周国华", "同意终止响应")
    chat.answered("001 响应已终止")
    chat.sees("王小雨、刘洋、赵敏", "【响应终止】001", "不用再报", "(同意)")
    chat.nothing_more(days=7)


@begins(light)
def undone(chat: Chat) -> None:
    """撤销: 五分钟内收回自己的误操作; 单位已接到的要改派; 过了五分钟告诉怎么更正。"""
    chat.says("孙磊", "001 不予受理, 法院正在审理")
    chat.answered("不予受理", "诉讼、仲裁或行政复议")
    chat.sees("王小雨、赵敏", "【不予受理】001")
    chat.passes(minutes=4)
    chat.says("孙磊", "撤销刚才的操作")
    chat.answered("001 的「不予受理」已撤销, 回到「待定级」")
    chat.sees("王小雨、赵敏", "【恢复】001", "刚才的「不予受理」已撤销")
    chat.says("孙磊", "001 定三级, 交城管局")
    chat.answered("已交市城管局主办")
    given(chat, "刘洋", "市城管局")
    chat.says("孙磊", "撤销刚才的操作")
    chat.answered("这一步不能撤销。单位已收到交办, 请改派, 例如")
    chat.passes(minutes=6)
    chat.says("孙磊", "撤销刚才的操作")
    chat.answered("5 分钟内没有您可以撤销的操作", "要更正")
    chat.nothing_more()


def stormed(chat: Chat) -> None:
    """集中来件: 十分钟内六件以上合成一张清单, 一次答复办完。"""
    for nth, what in enumerate(PLACES, start=1):
        chat.says("王小雨", f"微博 {what} https://weibo.com/{1000000000 + nth}/P0w7ex{nth:03d}")
        chat.answered(f"已登记 {nth:03d}")
        if nth < 6:
            chat.sees("孙磊、赵敏", f"【待定级】{nth:03d}")
    chat.passes(minutes=3)
    chat.sees("孙磊、赵敏", "【待定级清单】7 件", "7. 007", "一次答复")
    chat.says("孙磊", "2-4 并入001, 5 7 定二级交城管")
    chat.answered("002、003、004 已并入较早的 001", "清单 5、7 已交办", "清单还有 2 件: 1、6")
    for number in ("002", "003", "004"):
        chat.sees("王小雨", f"【已合并】{number}")
    for number in ("005", "007"):
        chat.sees("刘洋、市城管局工作群", f"【交办】{number}")
        chat.sees("周国华、唐波", f"【通报】{number}")
    chat.says("孙磊", "其余定三级交住建局")
    chat.answered("清单 1、6 已交办", "清单已全部处理")
    for number in ("001", "006"):
        chat.sees("陈静、市住建局工作群", f"【交办】{number}")
    chat.nothing_more()
