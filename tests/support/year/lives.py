"""The lives of cases, thrown with dice: quick and slow officers, returns, extensions, regrades."""

import random
from dataclasses import dataclass, field

from tests.support.year.book import Book
from tests.support.year.moments import DAY, HOUR, MINUTE, day_of
from tests.support.year.script import Act, Deed
from tests.support.year.town import DUTY, Town, Unit

# What is reported, and the level the rulebook's words make of it: stated, not computed.
GRAVER = {
    "city3": (("省电视台记者到{p}积水现场采访", "二级"), ("央视新闻报道{p}积水无人管", "一级")),
    "dept3": (("{p}积水冲上全国热搜", "较大"),),
    "hospital3": (("央视新闻报道{p}积水无人管", "重大"),),
}
_PLACES = ("青禾", "滨江", "建设", "人民", "东湖", "南门", "新华", "解放", "长安", "和平")
_ANSWER = (
    "经核实, 反映情况属实, 系管网淤堵。根据《城镇排水与污水处理条例》, 我局已于{d}日上午疏通管网。"
    "下一步, {m}月{d}日前完成沿线清淤。{u}, 电话0000-8120101"
)
_BUSY = (16, 6, 3, 2, 2, 1, 1, 1)  # some units have most of the work
_GIVES = frozenset({Deed.ASSIGN, Deed.SIGNOFF, Deed.TRANSFER, Deed.UPHOLD})
_NIGHT_ENDS, _NIGHT_BEGINS = 8 * HOUR, 22 * HOUR
_LETTERS = "0123456789abcdefghijkmnopqrstuvwxyz"


@dataclass(slots=True)
class Life:
    """One case being written: where it stands, what has been said about it."""

    case: int
    level: str
    now: int
    lead: Unit
    given: int = 0  # when a unit was last made responsible
    pace: int = 1  # how many times as long everything takes
    acts: list[Act] = field(default_factory=list)


class Plot:
    """Writes lives for one town under one rulebook."""

    def __init__(self, town: Town, book: Book, dice: random.Random) -> None:
        self._town = town
        self._book = book
        self._dice = dice
        self._open: list[Life] = []

    def life(self, case: int, at: int, *, is_rainy: bool) -> list[Act]:
        """Return everything that is ever said about one case registered at `at`.

        On a rainy day most of it is for one unit, which cannot keep up.
        """
        dice = self._dice
        titles = GRAVER.get(self._book.name, ())
        title, level = "{p}路小区积水无人管", self._book.levels[-1]
        if titles and dice.random() < 0.2:
            title, level = dice.choice(titles)
        units = self._town.units
        lead = dice.choices(units, weights=_BUSY[: len(units)])[0]
        if is_rainy and dice.random() < 0.6:
            lead = units[0]
        life = Life(case, level, at, lead, pace=5 if is_rainy and lead is units[0] else 1)
        place = f"{dice.choice(_PLACES)}{dice.choice(_PLACES)}{case % 9973}号"
        url = f"https://weibo.com/1234567890/P{_base(case)}"
        reporter = dice.choice(self._town.informants)
        text = f"微博 {title.replace('{p}', place)} {url}"
        self._say(life, reporter, Deed.REGISTER, text, level=level)
        if dice.random() < 0.03:
            self._later(life, 6)
            self._say(life, reporter, Deed.WITHDRAW, "撤回 {n}, 外地的事")
            return life.acts
        self._given(life)
        if self._merged(life):
            return life.acts
        self._worked_on(life)
        self._ended(life)
        return life.acts

    def _given(self, life: Life) -> None:
        """定级 and 交办, with 签批 where the level wants one."""
        dice, book = self._dice, self._book
        self._later(life, 9)
        at_most = [
            one for one in book.levels if book.rows[one] >= (1 if dice.random() < 0.1 else 3)
        ]
        roles = {book.confirms[life.level]}  # who confirms what is proposed, and what is set
        if dice.random() < 0.25:
            life.level = dice.choice(at_most)
        roles.add(book.confirms[life.level])
        confirms = self._holder("分管领导" if "分管领导" in roles else "舆情办主任")
        self._say(life, confirms, Deed.CONFIRM, f"{{n}} 定{life.level}", level=life.level)
        self._later(life, 4)
        self._assign(life)
        if not book.needs_signoff[life.level]:
            return
        self._later(life, 15)
        if dice.random() < 0.15:
            leader = self._holder(book.approver[life.level])
            self._say(life, leader, Deed.REFUSE_SIGNOFF, "退回 {n}, 先核实清楚")
            self._later(life, 8)
            self._assign(life)
            self._later(life, 15)
        leader = self._holder(book.approver[life.level])
        self._say(life, leader, Deed.SIGNOFF, "同意 {n}")

    def _assign(self, life: Life) -> None:
        asks = self._book.needs_signoff[life.level]
        deed = Deed.ASK_SIGNOFF if asks else Deed.ASSIGN
        self._say(life, self._director, deed, f"{{n}} 交{life.lead.name}", unit=life.lead.id)

    def _merged(self, life: Life) -> bool:
        """Into an older case that is still open by then, now and then."""
        self._open = [one for one in self._open if one.acts[-1].at > life.now + DAY]
        if self._dice.random() < 0.06 and self._open:
            into = self._dice.choice(self._open)
            self._later(life, 30)
            into_opened = into.acts[0].at
            if into_opened < life.acts[0].at and into.acts[-1].at > life.now + HOUR:
                text = "{n} 合并到 {m}"
                self._say(life, self._director, Deed.MERGE, text, other=into.case)
                return True
        return False

    def _worked_on(self, life: Life) -> None:
        dice = self._dice
        self._later(life, 18)
        self._say(life, life.lead.liaison, Deed.SIGN, "收到 {n}")
        if dice.random() < 0.1:
            self._returned(life)
        self._later(life, 40)
        self._report(life, "首报")
        if dice.random() < 0.06:
            self._later(life, 60)
            helper = dice.choice([one for one in self._town.units if one.id != life.lead.id])
            self._say(life, self._director, Deed.COOP, f"{{n}} 加{helper.name}协办", unit=helper.id)
            self._aside(life, 30, helper.liaison, Deed.SIGN, "收到 {n}", unit=helper.id)
        if dice.random() < 0.08:
            self._regraded(life)
        if dice.random() < 0.1:
            self._extended(life)
        if self._book.rows[life.level] <= 3:
            self._followed(life)
        self._answered(life)

    def _returned(self, life: Life) -> None:
        dice = self._dice
        self._later(life, 30)
        text = "退回 {n}, 不属于我单位职责"
        self._say(life, life.lead.liaison, Deed.DECLINE, text)
        self._later(life, 20)
        if dice.random() < 0.4:
            text = "{n} 不同意退回, 由你单位办理"
            self._say(life, self._director, Deed.UPHOLD, text, unit=life.lead.id)
            return
        life.lead = dice.choice([one for one in self._town.units if one.id != life.lead.id])
        text = f"{{n}} 转给{life.lead.name}, 职责所在"
        self._say(life, self._director, Deed.TRANSFER, text, unit=life.lead.id)
        self._later(life, 18)
        self._say(life, life.lead.liaison, Deed.SIGN, "收到 {n}")

    def _regraded(self, life: Life) -> None:
        book = self._book
        self._later(life, 90)
        levels = [one for one in book.levels if one != life.level]
        was, life.level = life.level, self._dice.choice(levels)
        higher = book.levels.index(life.level) < book.levels.index(was)
        why = "升级为{l}, 省台要播" if higher else "降为{l}, 热度回落, 一天无新增转载"
        text = "{n} " + why.replace("{l}", life.level)
        self._say(life, self._holder("主要领导"), Deed.REGRADE, text, level=life.level)

    def _extended(self, life: Life) -> None:
        self._later(life, 60)
        if life.now > life.given + 4 * DAY:
            return  # more time is asked for before the deadline, or not at all
        until = life.now - life.now % DAY + 35 * DAY + 17 * HOUR
        day = day_of(until)
        text = f"{{n}} 申请延期至{day.year}年{day.month}月{day.day}日17:00, 需做水质检测"
        self._say(life, life.lead.liaison, Deed.EXTEND, text, until=until)
        self._later(life, 20)
        approver = self._holder(self._book.approver[life.level])
        if self._dice.random() < 0.6:
            self._say(life, approver, Deed.GRANT, "{n} 同意延期", until=until)
        else:
            self._say(life, approver, Deed.DENY, "{n} 不同意延期")

    def _followed(self, life: Life) -> None:
        """特报, 发布会 and the series of reports of a graver case."""
        self._aside(life, 60, self._dice.choice(list(DUTY)), Deed.REPORT_UP, "{n} 特报已报市委办")
        if self._book.rows[life.level] <= 2:
            text = "{n} 不开发布会, 以书面通报代替"
            self._aside(life, 300, self._director, Deed.PRESS, text)
        for _ in range(self._dice.randrange(3)):
            self._later(life, 200)
            self._report(life, "续报")
        self._later(life, 200)
        self._report(life, "终报")

    def _report(self, life: Life, kind: str) -> None:
        text = f"{{n}} {kind}: 已到现场处置"
        is_last = kind == "终报"
        self._say(life, life.lead.liaison, Deed.REPORT, text, is_last=is_last)

    def _answered(self, life: Life) -> None:
        """公开回应, or the office's reason for none; a light case may go without either."""
        dice, row = self._dice, self._book.rows[life.level]
        if row > 3 and dice.random() < 0.15:
            return
        self._later(life, 120)
        if row > 3 or dice.random() < 0.5:
            self._say(life, self._director, Deed.WAIVE, "{n} 不需公开回应, 已当面答复反映人")
            return
        day = day_of(life.now)
        answer = _ANSWER.format(m=day.month, d=day.day, u=life.lead.name)
        self._say(life, life.lead.liaison, Deed.DRAFT, f"{{n}} 拟回复: {answer}")
        self._later(life, 20)
        self._say(life, self._director, Deed.PASS, "同意 {n}")
        self._later(life, 20)
        self._say(life, self._holder(self._book.approver[life.level]), Deed.ISSUE, "同意 {n}")
        self._later(life, 25)
        text = f"{{n}} 已在官微发布 https://weibo.com/7654321/P{_base(life.case)}"
        self._say(life, life.lead.liaison, Deed.PUBLISH, text)
        for _ in range(dice.randrange(3)):
            self._later(life, 1200)
            self._say(life, life.lead.liaison, Deed.LOOK, "{n} 跟踪无新情况")

    def _ended(self, life: Life) -> None:
        approver = self._holder(self._book.approver[life.level])
        again = self._dice.random() < 0.1
        self._later(life, 700)
        life.now = max(life.now, max(act.at for act in life.acts) + MINUTE)
        self._say(life, life.lead.liaison, Deed.ASK_CLOSE, "{n} 已办结, 已处置到位")
        if again:
            self._later(life, 20)
            self._say(life, approver, Deed.SEND_BACK, "退回 {n}, 现场照片没有附上")
            self._later(life, 400)
            self._say(life, life.lead.liaison, Deed.ASK_CLOSE, "{n} 已办结, 照片已补")
        self._later(life, 20)
        self._say(life, approver, Deed.CLOSE, "同意 {n}")
        self._open.append(life)

    @property
    def _director(self) -> str:
        return self._holder("舆情办主任")

    def _holder(self, role: str) -> str:
        return self._town.holders[role]

    def _say(self, life: Life, who: str, deed: Deed, text: str, **more: object) -> None:
        if deed in _GIVES:
            life.given = life.now
        life.acts.append(Act(life.now, who, deed, text, life.case, **more))  # type: ignore[arg-type]

    def _aside(  # noqa: PLR0913 - one command, spelled out
        self, life: Life, minutes: int, who: str, deed: Deed, text: str, *, unit: str = ""
    ) -> None:
        """Say something beside the course of things: it holds nothing up."""
        at = self._awake(life.now + self._delay(minutes * life.pace))
        life.acts.append(Act(at, who, deed, text, life.case, unit=unit))

    def _later(self, life: Life, minutes: int) -> None:
        life.now = self._awake(life.now + self._delay(minutes * life.pace))

    def _delay(self, minutes: int) -> int:
        """How long somebody takes: mostly about `minutes`, at times many times as long."""
        slow = self._dice.choices((1, 6, 30), weights=(93, 5, 2))[0]
        return 20 + int(self._dice.expovariate(1 / (minutes * MINUTE * slow)))

    def _awake(self, moment: int) -> int:
        """People mostly sleep: at night four of five do it in the morning."""
        of_day = moment % DAY
        if _NIGHT_ENDS <= of_day < _NIGHT_BEGINS or self._dice.random() < 0.2:
            return moment
        day = moment - of_day + (DAY if of_day >= _NIGHT_BEGINS else 0)
        return day + _NIGHT_ENDS + self._dice.randrange(2 * HOUR)


def _base(number: int) -> str:
    """A number as the eight characters of an address, no two alike."""
    found = ""
    for _ in range(8):
        number, rest = divmod(number, len(_LETTERS))
        found = _LETTERS[rest] + found
    return found
