"""A 一级 case with five units and three approvals, every expected message named."""

from bot.demo.player import Expected, Step

TITLE = "央视记者到青禾路采访: 路面塌陷3人受伤"
DRAFT = (
    "经核实, 青禾路路面塌陷情况属实, 系地下管线渗漏, 3人受伤已送医。"
    "根据《城市道路管理条例》, 已封闭路段并回填抢修。下一步, 11月25日前完成沿线管线排查。"
)
SIGNED = "市城管局, 电话0000-8120101"

WANG = "wangxiaoyu"  # 信息员
DUTY, DIRECTOR = "zhaomin", "sunlei"
DEPUTY_LEADER, CHIEF_LEADER = "zhouguohua", "wangjianping"
LEAD, LEAD_CHIEF = "liuyang", "tangbo"  # 市城管局
HOUSING, TRAFFIC, HEALTH, MARKET = "chenjing", "pengchao", "gaofei", "hanxue"


def _e(to: str, words: str) -> Expected:
    return Expected(to, words)


def _jump(why: str, *expect: Expected) -> Step:
    return Step(why=why, expect=expect)


def _say(who: str, text: str, why: str, *expect: Expected) -> Step:
    return Step(who, text, expect=expect, why=why)


def _press(who: str, button: str, why: str, *expect: Expected) -> Step:
    return Step(who, press=button, expect=expect, why=why)


def _card(why: str, *expect: Expected) -> Step:
    url = "https://www.toutiao.com/article/7249559687354974759/?log_from=abc"
    return Step(WANG, card=(TITLE, "", url), expect=expect, why=why)


TOP_STORY = (
    _card(
        "信息员转发: 央视记者到场, 有人受伤",
        _e(WANG, "已登记 001《央视记者到青禾路采访"),
        _e(DEPUTY_LEADER, "1 = 定一级"),
        _e(DUTY, "【待定级】001"),
        _e(DIRECTOR, "【待定级】001"),
    ),
    _say(
        DEPUTY_LEADER,
        "001 定一级",
        "分管领导定一级 (一级由分管领导定)",
        _e(DEPUTY_LEADER, "001 已定一级。下一步请交办, 例"),
    ),
    _say(
        DIRECTOR,
        "001 交城管局主办,住建局、交警支队、卫健委协办",
        "舆情办拟交四个单位; 一级先报主要领导签批 (第一次审批)",
        _e(DIRECTOR, "001 一级要先签批, 已报领导, "),
        _e(CHIEF_LEADER, "【请签批】001"),
    ),
    _say(
        CHIEF_LEADER,
        "同意,抓紧",
        "主要领导签批: 四个单位同时接到交办",
        _e(CHIEF_LEADER, "已签批 001, 已交办并通知责任单"),
        _e(LEAD, "【交办】001"),
        _e("市城管局工作群", "【交办】001"),
        _e(HOUSING, "【交办】001"),
        _e("市住建局工作群", "【交办】001"),
        _e(TRAFFIC, "【交办】001"),
        _e("市交警支队工作群", "【交办】001"),
        _e(HEALTH, "【交办】001"),
        _e("市卫健委工作群", "【交办】001"),
        _e(DEPUTY_LEADER, "【通报】001"),
        _e(LEAD_CHIEF, "【通报】001"),
    ),
    _say(
        LEAD,
        "收到",
        "主办单位签收",
        _e(LEAD, "已签收 001。下一步: 请在 11"),
    ),
    _press(
        HOUSING,
        "签收",
        "协办单位签收",
        _e(HOUSING, "已签收 001。"),
    ),
    _say(
        TRAFFIC,
        "收到",
        "协办单位签收",
        _e(TRAFFIC, "已签收 001。"),
    ),
    _say(
        HEALTH,
        "收到",
        "协办单位签收",
        _e(HEALTH, "已签收 001。"),
    ),
    _say(
        DUTY,
        "001 特报已报市委办和省委网信办",
        "特报: 上报时限到此为止",
        _e(DUTY, "001 已记录上报, 上报时限到此为"),
        _e(DIRECTOR, "【已上报】001"),
        _e(LEAD, "【已上报】001"),
    ),
    _say(
        LEAD,
        "首报:我局10:05到场,路面塌陷约6平方米,3人受伤已送医",
        "首报",
        _e(LEAD, "001 首报已收到, 已转舆情办。下"),
        _e(DUTY, "【首报】001"),
        _e(DIRECTOR, "【首报】001"),
        _e(CHIEF_LEADER, "【首报】001"),
    ),
    _say(
        CHIEF_LEADER,
        "请市监局、卫健委阅处,1小时内报我",
        "主要领导的批示: 先列成任务, 点一下才办",
        _e(CHIEF_LEADER, "001 按您的批示拟办: 请市市场监"),
        _e(DIRECTOR, "【批示待办】001"),
    ),
    _say(
        CHIEF_LEADER,
        "2",
        "主要领导点「照此办」: 第五个单位接到交办, 时限按批示",
        _e(CHIEF_LEADER, "001 已照批示通知市市场监管局、市"),
        _e(MARKET, "【交办】001"),
        _e("市市场监管局工作群", "【交办】001"),
        _e(MARKET, "【批示】001"),
        _e(HEALTH, "【批示】001"),
    ),
    _say(
        MARKET,
        "收到",
        "第五个单位签收",
        _e(MARKET, "已签收 001。下一步: 请在 11"),
    ),
    _say(
        MARKET,
        "001 进展: 周边12家餐馆燃气已停用排查",
        "办理情况直接报给批示的领导",
        _e(MARKET, "001 进展已收到, 已转舆情办。"),
        _e(CHIEF_LEADER, "市市场监管局: 周边12家餐馆燃气已停用排查"),
        _e(DUTY, "市市场监管局: 周边12家餐馆燃气已停用排查"),
        _e(DIRECTOR, "市市场监管局: 周边12家餐馆燃气已停用排查"),
        _e(CHIEF_LEADER, "市市场监管局: 周边12家餐馆燃气已停用排查"),
    ),
    _say(
        HEALTH,
        "001 进展: 3名伤员情况稳定",
        "卫健委也报了",
        _e(HEALTH, "001 进展已收到, 已转舆情办。"),
        _e(CHIEF_LEADER, "市卫健委: 3名伤员情况稳定"),
        _e(DUTY, "市卫健委: 3名伤员情况稳定"),
        _e(DIRECTOR, "市卫健委: 3名伤员情况稳定"),
        _e(CHIEF_LEADER, "市卫健委: 3名伤员情况稳定"),
    ),
    _say(
        LEAD,
        "经核实,反映情况属实,系地下管线渗漏",
        "核实结果",
        _e(LEAD, "001 核实结果「属实」已记录, 已"),
        _e(DUTY, "【核实】001"),
        _e(DIRECTOR, "【核实】001"),
        _e(CHIEF_LEADER, "【核实】001"),
    ),
    _say(
        LEAD,
        "001 拟回复: 经查, 塌陷情况不属实, 2人受伤。我局将尽快处理, 联系人13800138000",
        "拟稿: 先自查, 有问题谁也不打扰",
        _e(LEAD, "001 的回应稿还没有报出, 请先改"),
    ),
    _say(
        LEAD,
        f"001 拟回复: {DRAFT}{SIGNED}",
        "改好的稿子报舆情办审核",
        _e(LEAD, "001 第 1 稿已报舆情办审核。自"),
        _e(DIRECTOR, "【请审核回应稿】001"),
    ),
    _press(
        DIRECTOR,
        "审核通过",
        "舆情办审核通过, 报主要领导签发 (第二次审批)",
        _e(DIRECTOR, "001 审核通过, 已报领导签发。"),
        _e(CHIEF_LEADER, "【请签发】001"),
    ),
    _say(
        CHIEF_LEADER,
        "原则同意,加一句‘向受影响群众致歉’再发",
        "主要领导原则同意: 改好之前不能发布",
        _e(CHIEF_LEADER, "001 已记「改后发布」, 已请单位"),
        _e(LEAD, "【改后发布】001"),
        _e(DIRECTOR, "【改后发布】001"),
    ),
    _say(
        LEAD,
        "001 已在官微发布 https://weibo.com/1234567890/P0w7ex6A3",
        "没改就发布: 不登记",
        _e(LEAD, "001 的回应稿现在是「原则同意, "),
    ),
    _say(
        LEAD,
        f"001 拟回复: {DRAFT}向受影响群众致歉。{SIGNED}",
        "按批示改好重报",
        _e(LEAD, "001 第 2 稿已报舆情办审核。自"),
        _e(DIRECTOR, "【请审核回应稿】001"),
        _e(DIRECTOR, "【请审核回应稿】001"),
    ),
    _say(
        DIRECTOR,
        "同意",
        "舆情办核对改到位: 可以发布",
        _e(DIRECTOR, "001 已按批示改到位, 已通知单位"),
        _e(LEAD, "【请发布】001"),
        _e(DUTY, "【已签发】001"),
    ),
    _jump(
        "单位还没发布: 到期前提醒",
        _e(LEAD, "【提醒】001"),
    ),
    _say(
        LEAD,
        "情况通报已在官微发布,https://weibo.com/1234567890/P0w7ex6A3",
        "发布: 回应时限到此为止, 开始跟踪",
        _e(LEAD, "001 发布已登记, 回应时限到此为"),
        _e(DUTY, "【已发布】001"),
        _e(DIRECTOR, "【已发布】001"),
        _e(CHIEF_LEADER, "【已发布】001"),
    ),
    _say(
        DIRECTOR,
        "001 发布会定在今天16点,三楼",
        "安排新闻发布会",
        _e(DIRECTOR, "001 发布会定在 16:00, 已"),
        _e(DUTY, "【发布会】001"),
        _e(LEAD, "【发布会】001"),
    ),
    _say(
        DIRECTOR,
        "001 发布会已开完,通报了处置情况",
        "发布会有了记录, 时限到此为止",
        _e(DIRECTOR, "001 发布会已有记录, 发布会时限"),
        _e(DUTY, "【发布会已开】001"),
        _e(LEAD, "【发布会已开】001"),
    ),
    _say(
        HOUSING,
        "001 已办结,周边房屋已检查",
        "协办单位办完",
        _e(HOUSING, "001 协办部分已报完成, 已告知主"),
        _e(DUTY, "市住建局: 已办结,周边房屋已检查"),
        _e(LEAD, "市住建局: 已办结,周边房屋已检查"),
    ),
    _say(
        TRAFFIC,
        "001 已办结,交通已恢复",
        "协办单位办完",
        _e(TRAFFIC, "001 协办部分已报完成, 已告知主"),
        _e(DUTY, "市交警支队: 已办结,交通已恢复"),
        _e(LEAD, "市交警支队: 已办结,交通已恢复"),
    ),
    _say(
        HEALTH,
        "001 已办结,伤员均已出院",
        "协办单位办完",
        _e(HEALTH, "001 协办部分已报完成, 已告知主"),
        _e(DUTY, "市卫健委: 已办结,伤员均已出院"),
        _e(LEAD, "市卫健委: 已办结,伤员均已出院"),
    ),
    _say(
        MARKET,
        "001 已办结,餐馆已恢复供气",
        "协办单位办完",
        _e(MARKET, "001 协办部分已报完成, 已告知主"),
        _e(DUTY, "市市场监管局: 已办结,餐馆已恢复供气"),
        _e(LEAD, "市市场监管局: 已办结,餐馆已恢复供气"),
    ),
    _say(
        LEAD,
        "处置完毕,塌陷路面已修复",
        "主办单位申请办结, 请主要领导确认 (第三次审批)",
        _e(LEAD, "001 已申请办结, 正在请领导确认"),
        _e(CHIEF_LEADER, "【请确认办结】001"),
        _e(DUTY, "【申请办结】001"),
    ),
    _say(
        DEPUTY_LEADER,
        "已阅",
        "分管领导「已阅」不是同意",
        _e(DEPUTY_LEADER, "收到, 已记为已阅。"),
    ),
    _press(
        CHIEF_LEADER,
        "同意办结",
        "主要领导点「同意办结」: 办结, 告知所有人",
        _e(CHIEF_LEADER, "已同意, 001 办结, 已告知报告"),
        _e(WANG, "【已办结】001"),
        _e(LEAD, "【已办结】001"),
        _e(HOUSING, "【已办结】001"),
        _e(TRAFFIC, "【已办结】001"),
        _e(HEALTH, "【已办结】001"),
        _e(MARKET, "【已办结】001"),
        _e(DUTY, "【已办结】001"),
    ),
    _say(
        DEPUTY_LEADER,
        "同意 001",
        "再答复: 告诉他已由谁处理",
        _e(DEPUTY_LEADER, "001 的办结已由王建平于 10:4"),
    ),
    _say(
        WANG,
        "查一下001号件到哪一步了",
        "报告人看到全过程",
        _e(WANG, "001《央视记者到青禾路采访: 路面"),
    ),
)
