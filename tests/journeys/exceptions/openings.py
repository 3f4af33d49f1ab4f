"""How the journeys begin: the same few moments in the life of a case, told once."""

from tests.support.beginnings import begins
from tests.support.chat import Chat

TITLE = "青禾路积水多日无人管 省电视台记者到场采访"
LINK = "https://www.toutiao.com/article/7249559687354974759/?log_from=abc"
LIGHT = "https://weibo.com/1234567890/P0w7ex6A3"
OTHER = "https://www.douyin.com/video/7412345678901234567"
DRAFT = (
    "经核实, 青禾路积水属实, 系管网淤堵。根据《城镇排水与污水处理条例》, 我局已于20日上午疏通管网。"
    "下一步, 11月25日前完成沿线清淤。"
)
SIGNATURE = "市城管局, 电话0000-8120101"


def reported(chat: Chat) -> None:
    """001 would be 二级: the provincial television is there."""
    chat.forwards("王小雨", TITLE, LINK)
    chat.answered("已登记 001", "建议二级")
    chat.sees("孙磊", "【待定级】001", "1 = 定二级, 交市城管局")
    chat.sees("赵敏", "【待定级】001")


@begins(reported)
def assigned(chat: Chat) -> None:
    """001 is 二级 and with 市城管局."""
    chat.says("孙磊", "定二级,交城管局")
    chat.answered("已定二级", "已交市城管局主办")
    given(chat, "刘洋", "市城管局", "唐波")


def given(chat: Chat, liaison: str, unit: str, chief: str = "", part: str = "主办") -> None:
    """A unit receives 001; its leader and the city's hear of it where `chief` is named."""
    chat.sees(liaison, "【交办】001", f"{part}: {unit}", "回复「收到」即签收")
    chat.sees(f"{unit}工作群", "【交办】001", "请私聊应用「督办」")
    if chief:
        chat.sees(f"{chief}、周国华", "【通报】001", "供知悉")


def light(chat: Chat) -> None:
    """001 would be 三级: a complaint."""
    chat.says("王小雨", f"微博 青禾路积水, 有网友拍视频 {LIGHT}")
    chat.answered("已登记 001", "建议三级")
    chat.sees("孙磊、赵敏", "【待定级】001")


def second(chat: Chat) -> None:
    """002 comes in beside it."""
    chat.says("李航", f"抖音 三中食堂饭菜有异物, 家长反映 {OTHER}")
    chat.answered("已登记 002")
    chat.sees("孙磊、赵敏", "【待定级】002")


@begins(light)
def light_assigned(chat: Chat) -> None:
    """001 is 三级 and with 市城管局."""
    chat.says("孙磊", "001 定三级, 交城管局")
    chat.answered("已定三级", "已交市城管局主办")
    given(chat, "刘洋", "市城管局")


@begins(light_assigned)
def in_hand(chat: Chat) -> None:
    """001 is 三级, signed and first reported on."""
    chat.says("刘洋", "收到 001")
    chat.answered("已签收 001", "首报")
    chat.says("刘洋", "001 首报: 已到现场核实")
    chat.answered("首报已收到")
    chat.sees("孙磊、赵敏", "【首报】001")


@begins(in_hand)
def closing(chat: Chat) -> None:
    """The unit is done, no public answer is needed: 孙磊 is asked to confirm the end."""
    not_public(chat)
    chat.says("刘洋", "001 已办结, 积水已排干")
    chat.answered("已申请办结")
    chat.sees("孙磊", "【请确认办结】001", "同意办结")
    chat.sees("赵敏", "【申请办结】001")


def not_public(chat: Chat) -> None:
    """孙磊 says why no public answer is needed."""
    chat.says("孙磊", "001 不需公开回应, 已当面答复反映人")
    chat.answered("已记录不需公开回应")
    chat.sees("刘洋、赵敏", "【不需公开回应】001")


@begins(closing)
def closed(chat: Chat) -> None:
    """001 is closed."""
    chat.says("孙磊", "001 可以办结")
    chat.answered("001 办结")
    told_of_the_end(chat)


def told_of_the_end(chat: Chat) -> None:
    """The reporter, the unit and the office hear that it is over."""
    chat.sees("王小雨", "【已办结】001", "感谢您的上报")
    chat.sees("刘洋、赵敏", "【已办结】001", "不再提醒")


@begins(assigned)
def asks_leader(chat: Chat) -> None:
    """001 is 二级: 周国华 is asked to confirm the end."""
    chat.says("刘洋", "001 已办结, 已疏通")
    chat.answered("已申请办结", "还没有公开回应")
    chat.sees("孙磊", "【请定公开回应】001")
    chat.sees("赵敏", "【申请办结】001")
    not_public(chat)
    chat.sees("周国华", "【请确认办结】001")


@begins(assigned)
def verified(chat: Chat) -> None:
    """001 is 二级 and verified."""
    chat.says("刘洋", "001 经核实,反映情况属实,系管网淤堵")
    chat.answered("核实结果「属实」已记录")
    chat.sees("孙磊、赵敏", "【核实】001", "市城管局: 属实")


def drafted(chat: Chat, more: str = "", number: int = 1) -> None:
    """The unit hands in a text; 孙磊 is asked to check it."""
    chat.says("刘洋", f"001 拟回复: {DRAFT}{more}{SIGNATURE}")
    chat.answered(f"第 {number} 稿已报舆情办审核")
    chat.sees("孙磊", "【请审核回应稿】001", f"第 {number} 稿")


def checked(chat: Chat) -> None:
    """孙磊 lets the text pass; 周国华 is asked to issue it."""
    chat.says("孙磊", "同意")
    chat.answered("审核通过, 已报领导签发")
    chat.sees("周国华", "【请签发】001", "= 同意发布")


def issued(chat: Chat) -> None:
    """The text may be published."""
    chat.sees("刘洋", "【请发布】001", "一字不改")
    chat.sees("赵敏", "【已签发】001")
