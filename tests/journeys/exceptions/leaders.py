"""What leaders do: approve alone, together or in order, through others, instruct, look, answer."""

from tests.journeys.exceptions.openings import (
    asks_leader,
    assigned,
    checked,
    drafted,
    in_hand,
    issued,
    light,
    told_of_the_end,
    verified,
)
from tests.support.beginnings import begins
from tests.support.chat import Chat


@begins(verified)
def draft_returned(chat: Chat) -> None:
    """退稿: 不合格的稿子谁也不打扰; 舆情办退回, 单位改好重报, 领导签发。"""
    chat.says("刘洋", "001 拟回复: 您好, 经查系管网淤堵, 将尽快处理。联系人13800138000")
    chat.answered("还没有报出", "手机号", "缺「依据」", "「尽快」说不清时间")
    drafted(chat)
    chat.says("孙磊", "退回,口径太官僚")
    chat.answered("回应稿已退回单位修改")
    chat.sees("刘洋", "【回应稿退回】001", "口径太官僚", "请改好重报")
    drafted(chat, "给大家添麻烦了。", 2)
    checked(chat)
    chat.says("周国华", "同意。请按程序发布")
    chat.answered("回应稿已签发")
    issued(chat)
    chat.nothing_more()


@begins(verified)
def under_a_condition(chat: Chat) -> None:
    """原则同意: 按批示改到位、舆情办核对以前不能发布。"""
    drafted(chat)
    checked(chat)
    chat.says("周国华", "原则同意,加一句‘向受影响居民致歉’再发")
    chat.answered("已记「改后发布」")
    chat.sees("刘洋", "【改后发布】001", "没有改到位不能发布", "请改好重报")
    chat.sees("孙磊", "【改后发布】001", "重报后请核对")
    chat.says("刘洋", "001 已在官微发布 https://weibo.com/1234567890/P0w7ex6A3")
    chat.answered("原则同意, 待按批示修改", "按批示改好重报")
    drafted(chat, "向受影响居民致歉。", 2)
    chat.says("孙磊", "同意")
    chat.answered("已按批示改到位")
    issued(chat)
    chat.says("刘洋", "情况通报已在官微发布,https://weibo.com/1234567890/P0w7ex6A3")
    chat.answered("发布已登记, 回应时限到此为止")
    chat.sees("孙磊、赵敏、周国华", "【已发布】001", "跟踪到 11月27日 10:00")
    chat.nothing_more()


@begins(verified)
def circled(chat: Chat) -> None:
    """圈阅不是签发: 单位还不能发布。"""
    drafted(chat)
    checked(chat)
    chat.says("周国华", "圈阅")
    chat.answered("已记为已阅 (不算同意)", "还在等批示")
    chat.says("刘洋", "001 已在官微发布 https://weibo.com/1234567890/P0w7ex6A3")
    chat.answered("回应稿待签发", "请等领导签发")
    chat.nothing_more()


def _several(chat: Chat, how: str) -> None:
    chat.says("孙磊", f"二级签发由分管领导、主要领导{how}同意")
    chat.answered(f"已设置: 二级签发由分管领导、主要领导{how}同意")
    verified(chat)
    drafted(chat)
    chat.says("孙磊", "同意")
    chat.answered("已报领导签发")


@begins(assigned)
def in_order(chat: Chat) -> None:
    """依次审批: 前一位同意了才请后一位; 轮不到的和答过的都告诉还在等谁。"""
    _several(chat, "依次")
    chat.sees("周国华", "【请签发】001")
    chat.says("王建平", "同意 001")
    chat.answered("还在等分管领导答复")
    chat.says("周国华", "同意,请主要领导定")
    chat.answered("已记下您的同意, 还要主要领导同意")
    chat.sees("王建平", "【请签发】001", "分管领导已同意")
    chat.says("周国华", "同意 001")
    chat.answered("还在等主要领导答复")
    chat.says("王建平", "同意")
    chat.answered("已签发")
    issued(chat)
    chat.nothing_more()


@begins(assigned)
def all_of_them(chat: Chat) -> None:
    """全部同意才算: 先后不论, 缺一不可。"""
    _several(chat, "全部")
    chat.sees("周国华、王建平", "【请签发】001")
    chat.says("王建平", "同意 001")
    chat.answered("还要分管领导同意")
    chat.says("周国华", "同意")
    chat.answered("已签发")
    issued(chat)
    chat.nothing_more()


@begins(assigned)
def any_of_them(chat: Chat) -> None:
    """任一同意即可: 后答的告诉已由谁处理。"""
    _several(chat, "任一")
    chat.sees("周国华、王建平", "【请签发】001")
    chat.says("王建平", "同意 001")
    chat.answered("已签发")
    issued(chat)
    chat.says("周国华", "同意 001")
    chat.answered("已由王建平于 10:00 处理")
    chat.nothing_more()


@begins(asks_leader)
def one_decides(chat: Chat) -> None:
    """一人审批: 「同意?」是问, 「已阅」是看, 「同意」才是同意。"""
    chat.says("周国华", "同意?")
    chat.answered("没看懂", "同意请回复")
    chat.says("周国华", "已阅")
    chat.answered("不算同意")
    chat.says("周国华", "同意")
    chat.answered("001 办结")
    told_of_the_end(chat)
    chat.nothing_more(days=7)


@begins(in_hand)
def stand_in(chat: Chat) -> None:
    """代: 领导出差由孙磊代签, 请示直接到他, 记录写明「代」。"""
    chat.says("周国华", "我11月20日到25日出差, 由孙磊代签")
    chat.answered("周国华的审批由孙磊代到 11月26日 00:00", "注明「代」")
    asks_leader_of_stand_in(chat)
    chat.says("孙磊", "同意")
    chat.answered("001 办结")
    told_of_the_end(chat)
    chat.says("王小雨", "查 001")
    chat.answered("办结: 同意 [代周国华] (孙磊)")
    chat.nothing_more()


def asks_leader_of_stand_in(chat: Chat) -> None:
    """孙磊 is told what 周国华 would have been told."""
    chat.says("周国华", "001挂牌督办")
    chat.answered("001 已挂牌督办")
    chat.sees("刘洋、唐波、市城管局工作群、孙磊、赵敏", "【挂牌督办】001", "分管领导确认")
    chat.says("孙磊", "001 不需公开回应, 已当面答复反映人")
    chat.answered("已记录不需公开回应")
    chat.sees("刘洋、赵敏", "【不需公开回应】001")
    chat.says("刘洋", "001 已办结, 积水已排干")
    chat.answered("已申请办结")
    chat.sees("孙磊", "【请确认办结】001", "同意办结")
    chat.sees("赵敏", "【申请办结】001")


@begins(asks_leader)
def nobody_answers(chat: Chat) -> None:
    """领导不答: 提醒、请值班员电话, 再请上一级定夺; 沉默从不等于同意。"""
    chat.passes(hours=1, minutes=31)
    chat.sees("赵敏", "【提醒】001", "审核时限 10:30, 还剩 10 分钟", "请提醒分管领导周国华回复")
    chat.sees("赵敏", "【到期】001")
    chat.sees("赵敏", "【超时】001", "已超 10 分钟")
    chat.sees("赵敏", "【超时】001", "已超 20 分钟")
    chat.sees("孙磊", "【超时】001", "已超 30 分钟")
    late = "分管领导周国华 审核时限 10:30"
    chat.sees("赵敏", "【超时未办】001", late, "请电话通知: 周国华 0000-8110010", without="舆情办")
    chat.sees("王建平", "【超时未办】001", late, "请您定夺", "= 同意", without="舆情办")
    chat.chooses("王建平", "同意")
    chat.answered("001 办结")
    told_of_the_end(chat)
    chat.nothing_more(hours=8)


@begins(assigned)
def instructed(chat: Chat) -> None:
    """批示: 先列成任务, 领导点一下才通知单位; 办理情况直接报给他。"""
    chat.says("周国华", "请卫健委阅处,1小时内报我")
    chat.answered("拟办: 请市卫健委阅处, 11:00 前报结果", "= 照此办")
    chat.sees("孙磊", "【批示待办】001", "= 照此办")
    chat.chooses("周国华", "照此办")
    chat.answered("已照批示通知市卫健委")
    given_by_order(chat)
    chat.chooses("孙磊", "照此办")
    chat.answered("已由周国华于 10:00 处理")
    chat.says("高飞", "001 进展: 已派两名疾控人员到场")
    chat.answered("首报已收到")
    chat.sees("周国华", "【批示办理情况】001", "市卫健委: 已派两名疾控人员到场")
    chat.sees("孙磊、赵敏", "【首报】001")
    chat.nothing_more()


def given_by_order(chat: Chat) -> None:
    """市卫健委 receives 001 by an order."""
    chat.sees("高飞", "【交办】001", "协办: 市卫健委")
    chat.sees("高飞", "【批示】001", "周国华批示: 请卫健委阅处,1小时内报我", "11:00 前报结果")
    chat.sees("市卫健委工作群", "【交办】001")


@begins(asks_leader)
def passed_upward(chat: Chat) -> None:
    """阅示: 报上一级定, 自己的意见转到, 自己就不能再定。"""
    chat.says("周国华", "拟同意,请王市长阅示")
    chat.answered("已报主要领导阅示, 由其决定")
    chat.sees("王建平", "【请阅示】001", "拟同意,请王市长阅示")
    chat.says("周国华", "同意 001")
    chat.answered("办结由主要领导来做")
    chat.says("王建平", "同意")
    chat.answered("001 办结")
    told_of_the_end(chat)
    chat.nothing_more(days=7)


@begins(assigned)
def received_by_a_leader(chat: Chat) -> None:
    """领导的「收到」是已阅, 不是签收, 也不是同意。"""
    chat.says("周国华", "收到")
    chat.answered("已记为已阅")
    chat.says("孙磊", "查 001")
    chat.answered("已交办待签收", "待市城管局签收: 10:30")
    chat.nothing_more()


@begins(light)
def answered_twice(chat: Chat) -> None:
    """重复答复: 每次都告诉已由谁在几点处理。"""
    chat.says("周国华", "001 定三级")
    chat.answered("已定三级", "下一步请交办")
    chat.says("孙磊", "001 定三级, 交城管局")
    chat.answered("001 已由周国华于 10:00 处理: 定三级", "已交市城管局主办")
    chat.sees("刘洋、市城管局工作群", "【交办】001")
    chat.says("刘洋", "收到")
    chat.answered("已签收 001")
    chat.says("何青", "收到")
    chat.answered("001 已由刘洋于 10:00 签收, 不用再签")
    chat.nothing_more()


@begins(in_hand)
def supervised(chat: Chat) -> None:
    """挂牌督办: 只有领导能挂; 每天报, 由领导确认才办结。"""
    chat.says("孙磊", "001挂牌督办")
    chat.answered("挂牌督办由分管领导、主要领导、上级督查来做")
    chat.says("周国华", "001挂牌督办")
    chat.answered("001 已挂牌督办", "每日 17:30 前报进展")
    chat.sees("刘洋、唐波、市城管局工作群、孙磊、赵敏", "【挂牌督办】001", "分管领导确认")
    chat.says("孙磊", "001 不需公开回应, 已当面答复反映人")
    chat.answered("已记录不需公开回应")
    chat.sees("刘洋、赵敏", "【不需公开回应】001")
    chat.passes(days=1, hours=7, minutes=29)
    chat.sees("刘洋", "【提醒】001", "续报时限 17:30")
    chat.says("刘洋", "001 续报: 正在抽排")
    chat.answered("续报已收到")
    chat.sees("孙磊、赵敏", "【续报】001")
    chat.says("刘洋", "001 已办结, 积水已排干")
    chat.answered("已申请办结")
    chat.sees("周国华", "【请确认办结】001")
    chat.sees("赵敏", "【申请办结】001")
    chat.says("孙磊", "001 可以办结")
    chat.answered("办结由分管领导、主要领导来做")
    chat.says("周国华", "同意 001")
    chat.answered("001 办结")
    told_of_the_end(chat)
    chat.nothing_more(days=7)


@begins(in_hand)
def supervision_ended(chat: Chat) -> None:
    """解除督办: 领导说了算, 以后按原来的等级办。"""
    chat.says("周国华", "001挂牌督办")
    chat.answered("001 已挂牌督办")
    chat.sees("刘洋、唐波、市城管局工作群、孙磊、赵敏", "【挂牌督办】001")
    chat.passes(minutes=30)
    chat.says("孙磊", "001 解除督办")
    chat.answered("由分管领导、主要领导")
    chat.says("周国华", "001 解除督办")
    chat.answered("督办")
    chat.sees("刘洋、孙磊、赵敏", "【解除督办】001", "不再按督办件每日报告")
    chat.nothing_more()


@begins(in_hand)
def supervision_taken_back(chat: Chat) -> None:
    """督办挂错: 五分钟内撤销, 告诉单位不用每日报。"""
    chat.says("周国华", "001挂牌督办")
    chat.answered("001 已挂牌督办")
    chat.sees("刘洋、唐波、市城管局工作群、孙磊、赵敏", "【挂牌督办】001")
    chat.says("周国华", "撤销刚才的操作")
    chat.answered("001 的督办已撤销")
    chat.sees("刘洋、孙磊、赵敏", "【解除督办】001", "不再按督办件每日报告")
    chat.nothing_more()
