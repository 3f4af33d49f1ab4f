"""What a unit does with what it is given: 退回, 延期, 核实, 协办, handing on, pictures, silence."""

from tests.journeys.exceptions.openings import assigned, given, in_hand, light_assigned
from tests.support.beginnings import begins
from tests.support.chat import Chat


@begins(assigned)
def returned_and_moved(chat: Chat) -> None:
    """退回要写理由和建议单位, 由舆情办裁定; 裁定以后不能再退。"""
    chat.says("刘洋", "退回 001")
    chat.answered("退回要写明理由, 例如")
    chat.says("刘洋", "#001 不属于我单位职责,建议转住建局")
    chat.answered("已报舆情办裁定", "先不要搁置")
    chat.sees("孙磊、赵敏", "【请裁定退回】001", "建议转住建局", "同意请回复「001 转给XX局")
    chat.says("赵敏", "001 转给住建局, 产权在住建")
    chat.answered("转办由舆情办主任", "不能转办")
    chat.says("孙磊", "001转给住建局处理,不归城管")
    chat.answered("已转市住建局主办")
    chat.sees("刘洋", "【已转出】001", "不用再办", "不归城管")
    given(chat, "陈静", "市住建局", "郑海")
    chat.says("陈静", "001退回,不属于我单位职责")
    chat.answered("已裁定过一次, 不能再退回", "联系舆情办")
    chat.passes(minutes=20)  # the first unit is reminded no more
    chat.sees("陈静", "【提醒】001", "签收时限")
    chat.nothing_more()


@begins(assigned)
def returned_and_upheld(chat: Chat) -> None:
    """裁定仍由原单位办: 时限重新起算, 不能再次退回。"""
    chat.says("刘洋", "001退回,该路段产权未移交")
    chat.answered("已报舆情办裁定")
    chat.sees("孙磊、赵敏", "【请裁定退回】001", "产权未移交")
    chat.says("孙磊", "001 不同意退回, 先处置后厘清")
    chat.answered("已裁定由原单位继续办理")
    chat.sees("刘洋", "【裁定】001", "仍由贵单位办理: 先处置后厘清", "不能再次退回")
    chat.says("刘洋", "001退回,就是不归我们")
    chat.answered("不能再退回")
    chat.says("刘洋", "收到")
    chat.answered("已签收 001", "请在 12:00 前首报")
    chat.nothing_more()


@begins(light_assigned)
def transferred(chat: Chat) -> None:
    """转办: 舆情办改派, 原单位不用再办, 新单位从头签收。"""
    chat.says("刘洋", "收到")
    chat.answered("已签收 001")
    chat.says("刘洋", "转给住建局")
    chat.answered("转办由舆情办来办", "退回 001, 理由, 建议转市住建局")
    chat.says("孙磊", "001 改派住建局, 现场是小区内部道路")
    chat.answered("已转市住建局主办, 时限从现在重新起算")
    chat.sees("刘洋", "【已转出】001", "不用再办", "理由: 现场是小区内部道路")
    given(chat, "陈静", "市住建局")
    chat.says("刘洋", "001 进展: 已抽排")
    chat.answered("001 已于 10:00 转由市住建局办理, 贵单位不用再办", without="等级")
    chat.says("何青", "查 001")
    chat.answered("001 已于 10:00 转由市住建局办理")
    chat.says("陈静", "收到")
    chat.answered("已签收 001")
    chat.nothing_more()


@begins(light_assigned)
def helped(chat: Chat) -> None:
    """加协办: 舆情办加一家; 单位请求的一家, 舆情办点一下就加; 协办办完交给主办。"""
    chat.says("孙磊", "001 加住建局协办")
    chat.answered("已加市住建局协办")
    given(chat, "陈静", "市住建局", part="协办")
    chat.says("刘洋", "收到")
    chat.answered("已签收 001")
    chat.says("刘洋", "001 需要卫健委配合流调, 请协调")
    chat.answered("已报舆情办, 同意后通知对方")
    chat.sees("孙磊、赵敏", "【请求协办】001", "配合流调")
    chat.chooses("孙磊", "加市卫健委协办")
    chat.answered("已加市卫健委协办")
    given(chat, "高飞", "市卫健委", part="协办")
    chat.says("高飞", "收到")
    chat.answered("已签收 001")
    chat.says("高飞", "001 已办结, 流调完成")
    chat.answered("协办部分已报完成")
    chat.sees("刘洋、赵敏", "【协办完成】001", "市卫健委")
    chat.nothing_more()


def _asks(chat: Chat, until: str, reason: str, nth: int) -> None:
    chat.says("刘洋", f"申请延期至{until}, {reason}")
    chat.answered("延期申请已报舆情办主任批", "批复前仍按")
    chat.sees("孙磊", "【请批延期】001", f"申请第 {nth} 次延期至 {until} 17:30: {reason}")
    chat.sees("赵敏", "【申请延期】001")


def _gets(chat: Chat, until: str) -> None:
    chat.answered(f"已同意延期至 {until} 17:30")
    chat.sees("刘洋、赵敏", "【延期同意】001", f"办结时限改为 {until} 17:30", "同意延期")
    chat.sees("王小雨", "【延期告知】001", until)


@begins(in_hand)
def extended(chat: Chat) -> None:
    """延期: 到期前写明理由和时间, 由定办结的一级批; 领导可另定时间; 第三次不批。"""
    chat.says("刘洋", "001 申请延期至12月4日")
    chat.answered("延期要写明理由, 例如")
    _asks(chat, "12月4日", "需做水质检测", 1)
    chat.says("赵敏", "001 同意延期")
    chat.answered("批延期由舆情办主任、分管领导、主要领导来做")
    chat.chooses("孙磊", "同意延期至 12月4日 17:30")
    _gets(chat, "12月4日")
    chat.says("周国华", "001 同意延期")
    chat.answered("001 已由孙磊于 10:00 处理", "同意延期")
    _asks(chat, "12月8日", "检测结果未出", 2)
    chat.says("孙磊", "不同意延期, 12月5日下班前必须办完")
    chat.answered("未同意延期, 时限 12月5日 17:30")
    chat.sees("刘洋、赵敏", "【延期未同意】001", "办结时限 12月5日 17:30")
    _asks(chat, "12月9日", "检测结果未出", 2)
    chat.says("孙磊", "同意延期")
    _gets(chat, "12月9日")
    chat.says("刘洋", "申请延期至12月20日, 情况复杂")
    chat.answered("已延期 2 次, 不能再延", "联系舆情办")
    chat.nothing_more()


@begins(in_hand)
def too_late_to_extend(chat: Chat) -> None:
    """办结时限过了再申请延期: 不受理, 告诉怎么办。"""
    chat.says("孙磊", "001 不需公开回应, 已当面答复")
    chat.answered("已记录")
    chat.sees("刘洋、赵敏", "【不需公开回应】001")
    chat.passes(days=7, hours=8)
    chat.sees("刘洋", "【提醒】001", "办结时限 明天 17:30", "办不完请先申请延期")
    chat.sees("刘洋", "【提醒】001", "还剩 2 小时")
    chat.sees("刘洋", "【到期】001", "办结时限 17:30 已到")
    chat.says("刘洋", "申请延期至12月20日, 情况复杂")
    chat.answered("办结时限 17:30 已过, 不能再申请延期", "联系舆情办")
    chat.nothing_more()


@begins(assigned)
def extended_by_the_leader(chat: Chat) -> None:
    """二级件的延期由分管领导批, 舆情办主任批不了。"""
    chat.says("刘洋", "申请延期至12月4日, 需做水质检测")
    chat.answered("延期申请已报分管领导批")
    chat.sees("周国华", "【请批延期】001", "= 同意延期至 12月4日 17:30")
    chat.sees("赵敏", "【申请延期】001", "已请分管领导批")
    chat.says("孙磊", "同意延期")
    chat.answered("批延期由分管领导、主要领导来做")
    chat.says("周国华", "同意")
    _gets_from_leader(chat)
    chat.nothing_more()


def _gets_from_leader(chat: Chat) -> None:
    chat.answered("已同意延期至 12月4日 17:30")
    chat.sees("刘洋、赵敏", "【延期同意】001", "批示: 同意")
    chat.sees("王小雨", "【延期告知】001")


@begins(assigned)
def verdicts(chat: Chat) -> None:
    """核实: 属实、部分属实、不属实, 每次都转舆情办, 后来的为准。"""
    for words, verdict in (
        ("001 经核实,反映情况属实,系施工单位未打围挡", "属实: 系施工单位未打围挡"),
        ("001 核实结果改为部分属实, 积水属实, 无人受伤", "部分属实: 积水属实, 无人受伤"),
        ("001 经核实, 网上说有人受伤不属实", "不属实"),
    ):
        chat.says("刘洋", words)
        chat.answered(f"核实结果「{verdict.split(':')[0]}」已记录", "下一步")
        chat.sees("孙磊、赵敏", "【核实】001", f"市城管局: {verdict}")
    chat.nothing_more()


@begins(assigned)
def section(chat: Chat) -> None:
    """第二级: 联络员交给科室的人, 他也要签收, 舆情办看得到停在哪里。"""
    chat.says("刘洋", "001 交给市政科王五具体办理")
    chat.answered("本单位名录里没有「市政科王五」", "可转给: 何青、唐波")
    chat.says("刘洋", "001 交给市政科何青具体办理")
    chat.answered("已转给何青, 请其签收")
    chat.sees("何青", "【转办】001", "市城管局转给您办理", "签收 10:30 前")
    chat.says("孙磊", "查 001")
    chat.answered("待市城管局何青 签收: 10:30", "市城管局转给何青")
    chat.passes(minutes=20)
    chat.sees("何青", "【提醒】001", "签收时限 10:30, 还剩 10 分钟")
    chat.passes(minutes=45)  # 何青 is the deputy himself: 刘洋, who handed it on, is told instead
    chat.sees("何青", "【到期】001")
    chat.sees("何青", "【超时】001", "已超 10 分钟")
    chat.sees("何青", "【超时】001", "已超 20 分钟")
    chat.sees("刘洋", "【升级提醒】001", "市城管局 (何青) 签收时限 10:30, 已超 30 分钟")
    chat.says("何青", "收到")
    chat.answered("已签收 001", "首报")
    chat.sees("刘洋", "【科室已签收】001", "何青已签收")
    chat.sees("孙磊、赵敏", "【已签收】001", "已由何青签收")
    chat.says("何青", "001 首报: 已到现场核实")
    chat.answered("首报已收到")
    chat.sees("孙磊、赵敏", "【首报】001", "已到现场核实")
    chat.nothing_more()


@begins(assigned)
def pictures(chat: Chat) -> None:
    """图片作为材料: 刚说过哪件就归哪件; 没说过的, 请他说。"""
    chat.says("刘洋", "001 首报: 已到现场")
    chat.answered("首报已收到")
    chat.sees("孙磊、赵敏", "【首报】001")
    chat.sends_picture("刘洋")
    chat.answered("图片已归入 001")
    chat.sends_picture("李航")
    chat.answered("图片已收到", "请用文字写一下发生了什么")
    chat.sends_picture("赵敏")
    chat.answered("图片已收到。是哪一件的?", "= 001")
    chat.chooses("赵敏", "001")
    chat.answered("001")
    chat.nothing_more()


@begins(assigned)
def silent(chat: Chat) -> None:
    """单位不回音: 提醒、到期、超时, 换副联络员、单位领导, 再请值班员打电话; 签收即止。"""
    chat.passes(minutes=80)
    chat.sees("刘洋", "【提醒】001", "还剩 10 分钟")
    chat.sees("刘洋", "【到期】001")
    chat.sees("刘洋", "【超时】001", "已超 10 分钟")
    chat.sees("刘洋", "【超时】001", "已超 20 分钟")
    chat.sees("何青", "【升级提醒】001", "已超 30 分钟")
    chat.sees("唐波", "【升级提醒】001", "已超 40 分钟")
    chat.sees("赵敏", "【超时未办】001", "请电话通知: 刘洋 0000-8120101")
    chat.chooses("赵敏", "已电话通知刘洋")
    chat.answered("已电话通知刘洋", "11:50 前不再向上升级")
    chat.says("刘洋", "收到")
    chat.answered("已签收 001")
    chat.sees("孙磊", "【已签收】001", "不用再催签收")
    chat.sees("赵敏", "【已签收】001", "不用再催签收")
    chat.nothing_more()
