"""One realistic case and a month of a town, played through the ordinary way in."""

import random
from datetime import timedelta
from pathlib import Path

from cases.papers.model import Kind
from storage.database import Database
from tests.support.office import MORNING, Office

DRAFTS = frozenset(Kind) - {Kind.LEDGER}
PLACES = ("青禾路", "建设街", "锦绣花园", "临江大道", "云溪二中", "人民医院", "高新区", "老城西巷")
TROUBLES = (
    ("路面积水无人处理", "城管局", "chengguan"),
    ("夜间施工噪声扰民", "城管局", "chengguan"),
    ("小区停水三天没有通知", "住建局", "zhujian"),
    ("电梯困人物业不理", "住建局", "zhujian"),
    ("食堂饭菜里吃出异物", "教体局", "jiaoti"),
    ("校车超载被家长拍下", "教体局", "jiaoti"),
)
PLATFORMS = ("微博", "抖音", "小红书", "今日头条", "微信公众号")
LIAISONS = {"chengguan": "liuyang", "jiaoti": "yanghui"}


def opened(folder: Path) -> Office:
    """Open an office of the town on a database of its own, on 1 November."""
    database = Database(f"sqlite:///{folder / 'papers.db'}", audit_key=b"k" * 32)
    database.upgrade()
    start = MORNING.replace(day=2, hour=9)
    return Office(database, now=start, drafts=DRAFTS)


def month(office: Office, cases: int, seed: int) -> None:
    """Play `cases` ordinary cases until the 20th, some late, some open, some taken back."""
    dice = random.Random(seed)  # noqa: S311 - a seed, so that the same month comes again
    start, whole = office.now, (MORNING - office.now) / timedelta(hours=1)
    for nth in range(cases):
        ahead = whole * nth / cases - (office.now - start) / timedelta(hours=1)
        office.passes(hours=max(0.0, ahead))
        _one(office, dice, nth)
    office.passes(hours=max(0.0, (MORNING - office.now) / timedelta(hours=1)))


def _one(office: Office, dice: random.Random, nth: int) -> None:
    place, (trouble, said, unit) = dice.choice(PLACES), dice.choice(TROUBLES)
    platform, reads = dice.choice(PLATFORMS), dice.randrange(50, 30_000)
    link = f"https://weibo.com/{1_000_000 + nth}/P{nth:08d}x"
    office.says(
        "wangxiaoyu",
        f"【舆情】{place}{trouble}\n平台:{platform}\n链接:{link}\n"
        f"摘要:网民反映{place}{trouble}，希望尽快处理\n诉求:尽快处理并答复\n"
        f"阅读{reads} 评论{reads // 90}",
    )
    number = _newest(office)
    if dice.random() < 0.05:
        office.says("wangxiaoyu", f"{number} 误报,作废")
        return
    level = dice.choices(("三级", "二级"), (5, 1))[0]
    office.passes(minutes=dice.randrange(3, 40))
    office.says("sunlei", f"{number} 定{level}")
    office.says("sunlei", f"{number} 交{said},核实处理并答复网民")
    liaison = LIAISONS.get(unit, "chenjing")
    office.passes(minutes=dice.randrange(5, 200))
    office.says(liaison, f"收到 {number}")
    if dice.random() < 0.15:
        return  # left open
    office.passes(minutes=dice.randrange(20, 300))
    office.says(liaison, f"{number} 经核实{dice.choice(('属实', '部分属实', '不属实'))},已安排处理")
    office.says(liaison, f"{number} 已办结,已处理并答复")
    office.says("sunlei", f"{number} 不需公开回应,已当面答复")
    office.says("zhouguohua" if level == "二级" else "sunlei", f"同意 {number}")


def _newest(office: Office) -> str:
    with office.database.read() as work:
        return work.cases.list_open(1)[0].number


def realistic(office: Office) -> str:
    """Play a case of the gravest level from forwarded link to review; return its number."""
    office.passes(hours=0)
    office.says(
        "wangxiaoyu",
        "【舆情】网民反映云溪三中食堂吃出虫子，多名家长聚集校门口\n平台:微博\n"
        "链接:https://weibo.com/1234567890/P0w7ex6A3\n发布时间:11月20日8:12\n"
        "摘要:网帖称11月19日午餐有学生在云溪三中食堂菜品中发现虫子，配图三张，"
        "家长要求公开供货商和检测结果，央视记者已联系采访\n"
        "诉求:公开食材来源、检测结果和处理情况\n涉及单位:市教体局、市市场监管局\n"
        "阅读5.6万 转发320 评论1100",
    )
    number = _newest(office)
    steps = (
        (4, "zhouguohua", "定一级"),
        (2, "sunlei", "请教体局牵头、市监局配合,查清食材来源,今天18点前办结"),
        (3, "wangjianping", "同意"),
        (6, "yanghui", "收到"),
        (
            30,
            "yanghui",
            "首报:我局9人已到校,食堂已停餐封存留样,市监局同步抽检,现场家长已请到会议室沟通,无人员伤亡",
        ),
        (20, "wangxiaoyu", "最新:阅读12.8万 评论2100"),
        (
            60,
            "yanghui",
            "经核实部分属实:19日午餐确有一名学生餐盘中发现菜青虫,其余两张配图系往年外地图片",
        ),
        (15, "wangjianping", "请教体局阅处,1小时内报我"),
        (40, "yanghui", "续报:供货商为云溪鲜达公司,已暂停供货;留样送检,结果21日上午出"),
        (30, "zhouguohua", "挂牌督办"),
        (20, "wangxiaoyu", "最新:阅读23万 评论3400"),
    )
    for minutes, who, words in steps:
        office.passes(minutes=minutes)
        office.says(who, f"{number} {words}")
    office.says("sunlei", f"{number} 10:30在三楼开会商会,宣传部、教体局参加")
    office.passes(hours=1)
    _answered(office, number)
    return number


def drilled(office: Office) -> None:
    """Play the drill at night, fast: some sign late, one is telephoned, the chain stops."""
    office.says("sunlei", "开始演练 一级夜间 按1小时=1分钟")
    office.passes(seconds=2)
    number = _newest(office)
    office.passes(seconds=20)
    office.says("zhouguohua", f"{number} 定一级")
    office.says("sunlei", f"{number} 交城管局")
    office.says("wangjianping", f"同意 {number}")
    office.passes(seconds=45)
    office.says("sunlei", f"{number} 已电话通知 刘洋")
    office.passes(seconds=15)
    office.says("liuyang", f"收到 {number}")
    office.passes(minutes=2)
    office.says("sunlei", "结束演练")


def _answered(office: Office, number: str) -> None:
    draft = (
        "拟回复:您好！关于您反映的云溪三中食堂问题，经核实，11月19日午餐确有一名学生餐盘中出现菜青虫，"
        "网传其余两张图片系往年外地图片。根据《食品安全法》《学校食品安全与营养健康管理规定》，"
        "我局已责令学校停餐整改，暂停涉事供货商供货，并对留样送检。下一步，11月21日前公布检测结果，"
        "11月25日前完成全市学校食堂排查。市教体局，电话0000-1234567"
    )
    office.says("yanghui", f"{number} {draft}")
    office.passes(minutes=10)
    office.says("sunlei", f"同意 {number}")
    office.passes(minutes=12)
    office.says("wangjianping", f"同意 {number}")
    office.passes(minutes=20)
    office.says("yanghui", f"{number} 已在官微发布 https://weibo.com/7654321/P0w9xx1A7")
    office.says("sunlei", f"{number} 特报已报 省委网信办、市委办")
    office.passes(hours=25)
    office.says("yanghui", f"{number} 跟踪无新情况")
    office.passes(hours=47)
    office.says("yanghui", f"{number} 跟踪无新情况")
    office.says("sunlei", f"{number} 发布会已开,市教体局通报情况,回答记者提问6个")
    office.says("zhouguohua", f"{number} 解除督办")
    office.says("yanghui", f"{number} 已办结,责任人已处理,食堂整改验收合格")
    office.passes(minutes=30)
    office.says("wangjianping", f"同意 {number}")
    office.says("yanghui", f"{number}回访了,群众满意")
    for said in (
        f"{number} 案例要点",
        "起因: 供货商夏季叶菜清洗不到位，学校验收没有复检",
        "有效做法: 一小时内停餐封存并请家长代表进校，分清真假配图再答复",
        "不足: 首报之前家长已在校门口聚集，学校值班电话无人接听",
        "口径: 检测结果未出之前只说已停餐、已封存、何时公布结果",
        "标签: 校园食品、食堂、谣言",
    ):
        office.says("yanghui", said)
    office.says("sunlei", f"{number} 整改: 教体局 12月5日前 完成全市学校食堂验收复检排查")
    office.says("sunlei", f"{number} 整改: 市场监管局 12月10日前 公布配送企业名单和抽检结果")
    office.says("yanghui", f"{number} 整改1完成, 46 所学校已复检，3 所限期整改")
    office.says("sunlei", f"{number} 归档,写个复盘")
