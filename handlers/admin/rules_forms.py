"""The forms of a rulebook's numbers: limits of a level, a ladder, working time and quiet hours."""

import re

from cases.amounts import Amount, Basis, Unit
from cases.clocks import ClockRule, ClockRules
from cases.errors import RefusalError
from cases.ladder import Ladder
from handlers.admin.deed import Proposed, Wish, WrongFieldsError
from handlers.admin.rules_draft import current, edited
from handlers.admin.rules_words import quiet_words
from handlers.pages.fields import Field, FieldKind, Option
from handlers.workbench import Edit

_HOUR = 60


def level_fields(wish: Wish) -> tuple[Field, ...]:
    """Return the form of one level's limits."""
    _, _, book = current(wish)
    rules = _rules(book.clocks, wish.subject)
    options = tuple(Option(one.step.value, one.step.value, one.provisional) for one in rules)
    label = "哪些是暂定 (没有成文依据)"
    return (
        *(field for rule in rules for _, field in _places(rule)),
        Field("provisional", label, FieldKind.MANY, is_required=False, options=options),
    )


def _places(rule: ClockRule) -> list[tuple[tuple[str, ...], Field]]:
    """Return the numbers of one step: where each stands below it, and its field."""
    step = rule.step.value
    mark = f"自{rule.starts}起算" + (f"; {rule.source}" if rule.source else "")
    places: list[tuple[tuple[str, ...], Field]] = [
        (("within",), Field(f"{step}", f"{step} ({mark})", value=said(rule.amount)))
    ]
    if rule.later:
        label = f"{step}, 第 {rule.later_from} 次起"
        places.append((("later",), Field(f"{step}.later", label, value=said(rule.later))))
    for kind, amount in rule.kinds:
        label = f"{step}, 诉求为{kind}时"
        places.append((("kinds", kind), Field(f"{step}.{kind}", label, value=said(amount))))
    return places


def _rules(clocks: ClockRules, level: str) -> tuple[ClockRule, ...]:
    if level not in clocks.level_names:
        raise RefusalError("没有这个等级。")
    return clocks.for_level(level)


def said(amount: Amount) -> str:
    """Return an amount as it is written in a rulebook: 15 分钟, 2 工作小时, 5 工作日, 当日."""
    count = amount.count
    hours = count // _HOUR if count and count % _HOUR == 0 else 0
    match amount.unit:
        case Unit.MINUTES:
            return f"{hours} 小时" if hours else f"{count} 分钟"
        case Unit.WORKING_MINUTES:
            return f"{hours} 工作小时" if hours else f"{count} 工作分钟"
        case Unit.DAYS:
            return f"{count} 天"
        case Unit.WORKING_DAYS:
            return f"{count} 工作日"
        case _:
            return amount.unit.value


def propose_level(wish: Wish) -> Proposed:
    """Say what one level's limits would become in the draft.

    Raises:
        WrongFieldsError: naming each field that cannot be so.
        RefusalError: nothing would change.
    """
    _, _, book = current(wish)
    level, given = wish.subject, wish.given
    provisional = set(given.many("provisional"))
    edits = list[Edit]()
    names: dict[str, str] = {}
    for rule in _rules(book.clocks, level):
        at = ("level", level, rule.step.value)
        for place, field in _places(rule):
            written = given.text(field.name)
            if written != field.value:
                edits.append(((*at, *place), written))
                names[f"{'.'.join((*at, *place[:-1]))}] 的 {place[-1]}"] = field.name
                names[f"{'.'.join(at)}]"] = field.name
        if rule.provisional != (rule.step.value in provisional):
            edits.append(((*at, "provisional"), not rule.provisional))
    return edited(wish, edits, names, f"编辑{level}的时限")


def ladder_fields(wish: Wish) -> tuple[Field, ...]:
    """Return the form of one ladder."""
    ladder = _ladder(wish)
    unit = Unit.MINUTES if ladder.basis is Basis.NATURAL else Unit.WORKING_MINUTES

    def words(minutes: int) -> str:
        return said(Amount(unit, minutes))

    climbs = "\n".join(
        f"{words(one.after)}: {one.audience}{'电话通知' if one.phone else ''}"
        for one in ladder.climbs
    )
    before = "、".join(words(one) for one in ladder.before)
    return (
        Field("before", "到期前提醒 (由早到晚, 用顿号隔开)", is_required=False, value=before),
        Field(
            "repeat",
            "超时后每隔多久再催",
            is_required=False,
            value=words(ladder.repeat_every) if ladder.repeat_times else "",
        ),
        Field("times", "最多催几次 (0 到 12)", value=str(ladder.repeat_times)),
        Field("climb", "逐级上报, 一行一级", FieldKind.AREA, is_required=False, value=climbs),
    )


def _ladder(wish: Wish) -> Ladder:
    _, _, book = current(wish)
    found = next((one for one in book.clocks.ladders if one.name == wish.subject), None)
    if found is None:
        raise RefusalError("没有这个阶梯。")
    return found


def propose_ladder(wish: Wish) -> Proposed:
    """Say what one ladder would become in the draft.

    Raises:
        WrongFieldsError: naming each field that cannot be so.
        RefusalError: nothing would change.
    """
    _ladder(wish)
    given, name = wish.given, wish.subject
    times = given.text("times")
    if not re.fullmatch(r"[0-9]{1,2}", times):
        raise WrongFieldsError({"times": "最多催几次应为 0 到 12 的整数"})
    lists = {
        "before": [one for one in re.split(r"[、,，;；\n]+", given.text("before")) if one.strip()],
        "climb": [one for one in given.text("climb").splitlines() if one.strip()],
    }
    edits: list[Edit] = [
        (("ladder", name, which), [one.strip() for one in lines]) for which, lines in lists.items()
    ]
    edits += [
        (("ladder", name, "times"), int(times)),
        (("ladder", name, "repeat"), given.text("repeat")),
    ]
    names = {f"的 {one}": one for one in ("before", "repeat", "times", "climb")}
    names |= {"里的": "climb", "提前提醒": "before", "自然时间和工作时间": "climb", "错开": "climb"}
    return edited(wish, edits, names, f"编辑阶梯「{name}」")


def time_fields(wish: Wish) -> tuple[Field, ...]:
    """Return the form of working time and quiet hours."""
    _, _, book = current(wish)
    work = "、".join(str(period) for period in book.clocks.periods)
    return (
        Field("work", "工作时段 (用顿号隔开)", value=work),
        Field("quiet", "免打扰时段 (只推迟发送, 不推迟时限)", value=quiet_words(book.clocks)),
    )


def propose_time(wish: Wish) -> Proposed:
    """Say what working time and quiet hours would become in the draft.

    Raises:
        WrongFieldsError: naming each field that cannot be so.
        RefusalError: nothing would change.
    """
    work = [one.strip() for one in re.split(r"[、,，;；]+", wish.given.text("work")) if one.strip()]
    edits: list[Edit] = [(("time", "work"), work), (("time", "quiet"), wish.given.text("quiet"))]
    names = {"的 work": "work", "的 quiet": "quiet"}
    return edited(wish, edits, names, "编辑工作时段和免打扰")
