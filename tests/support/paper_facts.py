"""A case with its past, as papers read it."""

from dataclasses import replace
from datetime import timedelta

from cases import events
from cases.model import Case, Part, State
from cases.papers.facts import Facts, Happened, Page, Reading, Timed
from tests.support.builders import NOW, case_in

UNITS = {"chengguan": "市城管局", "zhujian": "市住建局"}
PEOPLE = {"wangxiaoyu": "王小雨", "sunlei": "孙蕾"}


def after(**length: float) -> Facts:
    """What is known so long after registration of a case that is being watched."""
    return facts_of(case_in(State.TRACKING), NOW + timedelta(**length))


def facts_of(case: Case, now: object = NOW) -> Facts:
    """The case with a past that says something for every field."""
    case = replace(
        case,
        summary="青禾路与建设街交叉口积水约30厘米",
        appeal="尽快排水",
        platform="抖音",
        source_media="省广播电视台",
        event_at=NOW - timedelta(hours=1),
        facts={"media_tier": "province", "celebrity": True, "sudden": 0, "units": ["城管局"]},
        closed_at=NOW + timedelta(hours=9) if not case.is_open else None,
    )
    said = (
        (0, "王小雨", events.Registered(case.number, case.title, "wangxiaoyu", "二级")),
        (5, "孙蕾", events.GradeConfirmed("二级")),
        (6, "周国华", events.SignoffGranted("同意，请抓紧")),
        (7, "孙蕾", events.Assigned(1, "chengguan", Part.LEAD, NOW, "sunlei", "核实并疏通")),
        (20, "刘洋", events.Signed(1, "chengguan", "liuyang", NOW)),
        (40, "", events.Reminded("首报", "chengguan", "before", "联络员", NOW)),
        (50, "刘洋", events.Reported(1, "chengguan", "首报", 1, "已到现场，电话13812348000")),
        (70, "刘洋", events.Verified(1, "chengguan", "属实", "管网淤堵")),
        (80, "刘洋", events.Reported(1, "chengguan", "续报", 2, "已排干")),
        (90, "刘洋", events.ReplyDrafted("chengguan", 1, "经查，系管网淤堵。", "liuyang")),
        (100, "周国华", events.ReplyIssued(1, "同意")),
        (110, "刘洋", events.Published(1, "官微", "https://weibo.com/1/a", NOW, NOW)),
        (120, "周国华", events.Supervised("挂牌督办")),
        (130, "孙蕾", events.Closed("同意", NOW)),
        (140, "孙蕾", events.Archived(review=True)),
    )
    return Facts(
        case=case,
        institution="云溪市",
        now=now,  # type: ignore[arg-type]
        happened=tuple(Happened(NOW + timedelta(minutes=m), by, event) for m, by, event in said),
        units=UNITS,
        people=PEOPLE,
        pages=(Page("https://v.douyin.com/iRNBho6u/", "douyin:iRNBho6u", "云溪身边事"),),
        readings=(
            Reading("plays", 900, NOW),
            Reading("plays", 120_000, NOW + timedelta(hours=1)),
            Reading("hot_rank", 5, NOW),
        ),
        clocks=(
            Timed(
                "签收", "市城管局", NOW, NOW + timedelta(minutes=30), NOW + timedelta(minutes=20)
            ),
            Timed(
                "首报",
                "市城管局",
                NOW,
                NOW + timedelta(hours=1),
                NOW + timedelta(hours=2),
                is_provisional=True,
            ),
            Timed("办结", "市城管局", NOW, NOW + timedelta(days=5), None),
        ),
        attached=("附件3（图片）",),
        heard_back=("满意",),
        liaisons={"chengguan": "刘洋 0000-1234567"},
    )
