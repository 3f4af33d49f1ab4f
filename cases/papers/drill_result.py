"""The result of a drill on paper: who did what when, where the chain stopped, who was woken."""

from datetime import datetime

from cases.beijing import in_beijing
from cases.drills.marking import marked
from cases.drills.sheet import Call, DrillSheet, Link
from cases.papers.facts import day, moment, said
from cases.papers.model import Field, Kind, Paper, Prose, Table
from cases.wording.drills import span_words, speed_words, verdict

_CHAIN = ("件号", "环节", "责任", "应在", "谁在何时办的", "用时", "结果")
_CALLS = ("件号", "环节", "提示时间", "打给谁、何时", "打后办结")


def drill_result(sheet: DrillSheet, number: str, institution: str, now: datetime) -> Paper:
    """Return the result sheet (演练结果) of a drill, in real time to the second.

    Args:
        sheet: how it went, or goes.
        number: what the drill is called among all: 演练3.
        institution: whose drill it is.
        now: the moment of printing.
    """
    return Paper(
        Kind.DRILL,
        head=marked("应急演练结果"),
        title=f"“{said(sheet.name)}”演练结果",
        number=number,
        issuer=f"{institution}舆情办",
        date=day(now),
        sections=(
            Prose(Field("一、概况", _about(sheet))),
            Table("二、演练件", ("件号", "标题", "到了哪一步"), (2, 8, 4), _cases(sheet)),
            Table(
                "三、谁在什么时候办了",
                _CHAIN,
                (2, 3, 4, 3, 5, 4, 3),
                tuple(_link(one, sheet.began_at) for one in sheet.chain),
                "没有登记任何件：第一步就没有走通。",
            ),
            Table(
                "四、电话通知",
                _CALLS,
                (2, 3, 4, 6, 4),
                tuple(_call(one, sheet.began_at) for one in sheet.calls),
                "没有走到电话通知这一步。",
            ),
            Prose(Field("五、结论", "\n".join(verdict(sheet)))),
            Prose(Field("六、改进措施", "", is_open=True)),
        ),
        note="演练",
    )


def _about(sheet: DrillSheet) -> str:
    ended = f"{moment(sheet.ended_at)}结束" if sheet.ended_at else "尚未结束"
    course = (
        f"{moment(sheet.began_at)}由{sheet.by}发起，{ended}；"
        f"演练里从{moment(sheet.story_at)}开始，{speed_words(sheet.speed)}。"
    )
    return f"{said(sheet.about)}\n{course}".strip()


def _cases(sheet: DrillSheet) -> tuple[tuple[str, ...], ...]:
    return tuple((number, said(title), stands) for number, title, stands in sheet.cases)


def _link(link: Link, began: datetime) -> tuple[str, ...]:
    done = f"{link.done_by} {_second(link.done_at, began)}".strip()
    took = span_words(link.waited) if link.waited is not None else ""
    due = _second(link.due_at, began)
    return link.number, link.step, link.who, due, done, took, link.outcome.value


def _call(call: Call, began: datetime) -> tuple[str, ...]:
    made = f"{call.whom} {_second(call.made_at, began)}".strip() if call.made_at else "没有登记打过"
    asked, answered = _second(call.asked_at, began), _second(call.answered_at, began)
    return call.number, call.step, asked, made, answered or "没有"


def _second(at: datetime | None, began: datetime) -> str:
    """Return a moment to the second, with its day where it is not the day of the drill."""
    if at is None:
        return ""
    local = in_beijing(at)
    is_same_day = local.date() == in_beijing(began).date()
    return f"{local:%H:%M:%S}" if is_same_day else f"{local:%m-%d %H:%M:%S}"
